"""Repeated complaints by every rule, by hand and against a plain count of pairs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.insights.cases import make_cases
from pipeline.insights.chains import chains
from pipeline.insights.repeat_rules import parse_rule
from pipeline.insights.repeats import RepeatsOptions, repeats
from tests.insights.sample_cases import planted, sample_cases


def by(cases, code, **options):
    return repeats(cases, RepeatsOptions(rules=(code,), **options)).rules[0]


@pytest.mark.parametrize(
    "code", ["", "number", "name/30d", "number/week", "number:6/30d", "number/30d/gap:1", "number/30d/city"]
)
def test_a_rule_that_is_none_is_refused(code):
    with pytest.raises(SettingsError, match=r"is no rule of repeated complaints\. Write key/window"):
        parse_rule(code)


def test_a_rule_says_all_it_can():
    rule = parse_rule("number+label:6/month/gap:1.5h/region")
    assert (rule.key, rule.levels, rule.window, rule.days, rule.gap_hours, rule.region) == (
        "number+label",
        6,
        "month",
        0,
        1.5,
        True,
    )


CASES = make_cases(
    {
        "customer": ["a", "a", "a", "a", "b", "b", "c", "d", "", "e"],
        "contact": ["", "", "", "", "", "", "z", "z", "z", ""],
        "accepted": [
            "2026-01-30 08:00",
            "2026-01-30 08:30",
            "2026-02-02 08:00",
            "2026-03-31 08:00",
            "2026-03-01 08:00",
            "2026-03-31 08:00",
            "2026-03-01 08:00",
            "2026-03-02 08:00",
            "2026-03-03 08:00",
            "",
        ],
        "label_path": ["x > y > 1", "x > y > 2", "x > y > 1", "x > y > 1", "x", "x", "x", "x", "x", "x"],
        "cause": ["p", "q", "p", "p", "q", "q", "q", "q", "q", "q"],
        "region": ["N", "N", "S", "N", "N", "N", "N", "N", "N", "N"],
    }
)


@pytest.mark.parametrize(
    ("code", "keys", "classes", "complaints", "groups"),
    [
        # a three times within 30 days, b on day 0 and exactly day 30
        ("number/30d", (2, 4), (1, 1, 0), (3, 8), 2),
        # January: a twice; February: a once; March: b twice
        ("number/month", (2, 4), (2, 0, 0), (2, 8), 2),
        ("number/quarter", (2, 4), (1, 0, 1), (4, 8), 2),
        ("number/period", (2, 4), (1, 0, 1), (4, 8), 2),
        # the second complaint of a came half an hour after the first
        ("number/period/gap:1h", (2, 4), (1, 1, 0), (3, 7), 2),
        ("number+label/30d", (2, 5), (2, 0, 0), (2, 8), 2),
        ("number+label:2/30d", (2, 4), (1, 1, 0), (3, 8), 2),
        ("number+label/30d/region", (1, 6), (1, 0, 0), (1, 8), 1),
        ("number+problem/30d", (2, 5), (2, 0, 0), (2, 8), 2),
        # c, d and the unknown customer left the same contact
        ("number_or_contact/30d", (3, 3), (1, 2, 0), (5, 9), 3),
    ],
)
def test_every_rule_by_hand(code, keys, classes, complaints, groups):
    found = by(CASES, code)
    assert found.rule == code
    assert (found.keys.count, found.keys.of) == keys
    assert (found.classes.twice, found.classes.thrice, found.classes.more) == classes
    assert (found.complaints.count, found.complaints.of) == complaints
    assert found.groups == groups
    assert found.complaints.of + found.dropped + found.unusable == len(CASES)


def test_a_contact_that_many_leave_joins_nobody():
    found = repeats(CASES, RepeatsOptions(rules=("number_or_contact/30d",), shared=1))
    assert found.shared_contacts == 1
    assert (found.rules[0].keys.count, found.rules[0].keys.of) == (2, 4)


def test_one_number_is_one_customer_in_either_column():
    cases = make_cases({"customer": ["a", "b"], "contact": ["", "a"], "accepted": ["2026-01-01", "2026-01-02"]})
    assert by(cases, "number_or_contact/30d").keys.count == 1
    assert by(cases, "number/30d").keys.count == 0


def test_two_orders_of_one_complaint_are_no_repetition():
    columns = {
        "id": ["1", "1", "1"],
        "customer": ["a", "a", "b"],
        "accepted": ["2026-01-01", "2026-01-02", "2026-01-03"],
    }
    found = by(make_cases(columns), "number/30d")
    assert (found.keys.count, found.keys.of, found.dropped, found.unusable) == (0, 2, 1, 0)
    assert chains(make_cases(columns)).all.avoidable.later == 0


def test_repeaters_by_region():
    found = by(CASES, "number/30d").by_region
    assert [(one.region, one.complaints, one.classes.twice, one.classes.thrice) for one in found] == [
        ("N", 2, 2, 0),
        ("S", 1, 0, 1),
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 90)), min_size=1, max_size=20))
def test_thirty_days_back_count_as_a_count_of_pairs(rows):
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta([day for _, day in rows], unit="D")
    cases = make_cases({"customer": [key for key, _ in rows], "accepted": times})
    order = sorted(range(len(rows)), key=lambda place: (rows[place][1], place))
    within = [
        sum(rows[other][0] == rows[one][0] and 0 <= rows[one][1] - rows[other][1] <= 30 for other in order[: at + 1])
        for at, one in enumerate(order)
    ]
    most = {key: max(n for n, one in zip(within, order, strict=True) if rows[one][0] == key) for key, _ in rows}
    found = by(cases, "number/30d")
    assert found.complaints.count == sum(n >= 2 for n in within)
    assert np.array([found.classes.twice, found.classes.thrice, found.classes.more]).tolist() == [
        sum(n == 2 for n in most.values()),
        sum(n == 3 for n in most.values()),
        sum(n >= 4 for n in most.values()),
    ]


def test_official_and_own_figures_stand_side_by_side():
    found = repeats(sample_cases())
    assert [one.rule for one in found.rules if not one.official] == ["number+problem/30d"]
    numbers, own = found.rules[0], found.rules[-1]
    # the customer of the chain and the one with four unlike complaints; their problems tell them apart
    assert numbers.classes.more == 2
    assert own.classes.more == 0
    assert own.keys.count < numbers.keys.count
    assert len(planted("four_in_thirty")) == 4


def test_without_columns_the_report_names_them():
    found = repeats(make_cases({"text": ["网断了"]}))
    assert [one.unusable for one in found.rules] == [1] * 5
    assert found.missing[0].needs == ("customer", "accepted")
    assert found.rules[1].missing[0].needs == ("label_path", "region")
