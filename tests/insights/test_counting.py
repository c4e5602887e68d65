"""What counts as a complaint: by hand, and that nothing gets lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.cases import make_cases
from pipeline.insights.channels import ChannelOptions
from pipeline.insights.counting import CountingOptions, CountingTables, counted, counting, left_out, only


@pytest.fixture
def cases():
    """One complaint with two orders, two of one customer, an inquiry, a void order, one without an order."""
    return make_cases(
        {
            "id": ["K1", "K1", "K2", "K3", "K4", "K5", "K6"],
            "customer": ["a", "a", "b", "b", "", "c", "d"],
            "copy_of": [0, 0, 2, 2, 4, 5, 6],
            "category": ["billing", "billing", "network", "network", "billing", "billing", "network"],
            "region": ["滨城", "滨城", "临江", "滨城", "异地", "滨城", ""],
            "channel": ["10000热线", "10000热线", "12300网站", "掌上营业厅", "10000热线", "微信客服", "微博"],
            "is_complaint": [True, True, True, None, True, False, True],
            "order_state": ["", "", "", "", "退客服", "", ""],
            "has_order": [True, True, True, True, True, True, False],
        }
    )


def figures(found):
    return {one.rule: one.value for one in found.figures}


def test_official_figures_and_ours_stand_side_by_side(cases):
    found = counting(cases)
    assert figures(found) == {
        "official_narrow": 3,
        "official_broad": 4,
        "rows": 5,
        "complaints": 4,
        "customers": 3,
        "texts": 3,
    }
    assert [one.official for one in found.figures] == [True, True, False, False, False, False]


def test_what_does_not_count_is_named_and_adds_up(cases):
    found = counting(cases, CountingOptions(scope="narrow", excluded_channels=("线上",)))
    assert {one.reason: one.rows for one in found.left_out} == {
        "inquiry": 1,
        "void": 1,
        "excluded_channel": 1,
        "no_order": 1,
    }
    assert found.counted + sum(one.rows for one in found.left_out) == found.rows == 7


def test_channels_can_be_excluded_by_cell_or_by_group(cases):
    by_cell = left_out(cases, CountingOptions(excluded_channels=("12300网站",)))
    by_group = left_out(cases, CountingOptions(excluded_channels=("12300",)))
    assert by_cell[2] == by_group[2] == "excluded_channel"


def test_by_channel_counts_complaints_and_escalations(cases):
    found = {one.name: one for one in counting(cases).by_channel}
    assert (found["热线"].rows, found["热线"].complaints, found["热线"].customers) == (2, 1, 1)
    assert {name: one.escalated for name, one in found.items()} == {"热线": 0, "12300": 1, "线上": 0, "社交媒体": 0}
    assert sum(one.share for one in found.values()) == pytest.approx(1)


def test_what_the_dump_says_of_escalation_goes_before_the_channel():
    cases = make_cases({"channel": ["12300网站", "营业厅"], "escalated": [False, True]})
    assert counting(cases).escalated == 1
    settled = CountingTables(ChannelOptions(not_escalated=("12300网站",), escalated=("营业厅",)))
    by_channel = make_cases({"channel": ["12300网站", "营业厅", "营业厅"]})
    assert counting(by_channel, tables=settled).escalated == 2


def test_regions_come_largest_first_and_buckets_last(cases):
    kept_void = counting(cases, CountingOptions(void=()))
    assert [(one.name, one.rows) for one in kept_void.by_region] == [("滨城", 3), ("临江", 1), ("异地", 1), ("", 1)]


def test_an_inquiry_counts_when_asked_for(cases):
    assert figures(counting(cases, CountingOptions(inquiries=True)))["complaints"] == 5


def test_only_text_gives_rows_and_texts_and_names_the_rest():
    found = counting(make_cases({"text": ["断网", "断网", "扣费"], "copy_of": [0, 0, 2]}))
    assert figures(found) == {
        "official_narrow": None,
        "official_broad": 3,
        "rows": 3,
        "complaints": 3,
        "customers": None,
        "texts": 2,
    }
    assert {one.figure: one.needs for one in found.missing} == {
        "customers": ("customer",),
        "official_narrow": ("has_order",),
        "by_channel": ("channel",),
        "by_region": ("region",),
        "void_orders": ("order_state",),
    }
    assert found.escalated is None


def test_an_empty_table_has_figures_of_zero():
    found = counting(make_cases({"text": []}))
    assert (found.rows, found.counted, found.by_category) == (0, 0, ())


def test_scope_is_narrow_or_broad():
    with pytest.raises(ValueError, match="scope is 'wide'; it must be narrow or broad"):
        CountingOptions(scope="wide")


def test_what_remains_keeps_its_copies_together(cases):
    kept = only(cases, np.array([False, True, False, True, True, True, True]))
    assert kept.frame["copy_of"].tolist() == [0, 1, 2, 3, 4]
    assert kept.frame["id"].tolist() == ["K1", "K3", "K4", "K5", "K6"]
    assert counted(make_cases({"text": ["a"]})).frame["text"].tolist() == ["a"]


COLUMNS = st.lists(
    st.tuples(
        st.sampled_from(["", "K1", "K2", "K3"]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["billing", "network"]),
        st.sampled_from([True, False, None]),
    ),
    max_size=12,
)


@given(COLUMNS)
def test_distinct_counts_are_those_of_python_sets(rows):
    names = ("id", "customer", "category", "is_complaint")
    cases = make_cases(dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {"id": []})
    kept = [(number, row) for number, row in enumerate(rows) if row[3] is not False]
    complaints = {row[0] or number for number, row in kept}
    customers = {row[1] or ("unknown", row[0] or number) for number, row in kept}
    found = counting(cases)
    assert found.counted == len(kept)
    assert figures(found)["complaints"] == len(complaints)
    assert figures(found)["customers"] in (len(customers), None)
    for one in found.by_category:
        mine = [(number, row) for number, row in kept if row[2] == one.name]
        assert one.customers == len({row[1] or ("unknown", row[0] or number) for number, row in mine})
