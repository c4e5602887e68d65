"""All sections at once: whatever is missing, nothing fails, and every gap is named."""

import json

import pytest

from pipeline.insights.cases import COLUMNS, make_cases
from pipeline.insights.counting import CountingOptions
from pipeline.insights.report import InsightOptions, Insights, make_insights
from pipeline.output.plain import plain, tables_of

TEXTS = ["流量包到期自动续订扣费三十元", "宽带断了三天没有人来修", "营业员态度差把单子一扔"]
DUMPS = {
    "text": {"text": TEXTS},
    "text and time": {"text": TEXTS, "accepted": ["2026-03-01 10:00", None, "2026-03-03 10:00"]},
    "one row": {"text": TEXTS[:1], "accepted": ["2026-03-01 10:00"], "category": ["billing"], "customer": ["a"]},
    "answers only": {"category": ["billing", "network"], "cause": ["流量包自动续订", ""]},
}


@pytest.mark.parametrize("dump", DUMPS)
def test_a_table_with_few_columns_gives_what_it_can_and_names_the_rest(dump):
    made = make_insights(make_cases(DUMPS[dump]))
    needed = {need for _, one in made.missing for need in one.needs}
    assert needed & set(COLUMNS)
    assert not needed & set(DUMPS[dump])
    for name in Insights.__dataclass_fields__:
        json.dumps(plain(getattr(made, name)), allow_nan=False)


def test_nothing_that_counts_is_no_failure():
    cases = make_cases({"text": TEXTS, "is_complaint": [False] * 3, "accepted": ["2026-03-01"] * 3})
    made = make_insights(cases)
    assert (made.counting.rows, made.counting.counted, made.period) == (3, 0, None)


def test_what_does_not_count_is_in_no_section():
    columns = {"text": TEXTS, "category": ["billing", "network", "attitude"], "channel": ["内部测试", "营业厅", "热线"]}
    options = InsightOptions(counting=CountingOptions(excluded_channels=("内部测试",)))
    made = make_insights(make_cases(columns), options)
    assert made.counting.counted == 2
    assert "billing" not in json.dumps([plain(made.trend), plain(made.responsibility)])


def test_progress_names_every_section_once():
    told = []
    make_insights(make_cases(DUMPS["one row"]), progress=lambda name, share: told.append((name, share)))
    assert len(told) == len({name for name, _ in told})
    assert told[-1][1] == 1


def test_every_section_can_be_written_as_tables():
    made = make_insights(make_cases(DUMPS["text and time"]))
    names = [
        table.name
        for name in Insights.__dataclass_fields__
        if getattr(made, name) is not None
        for table in tables_of(name, getattr(made, name), frozenset({"missing"}))
    ]
    assert len(names) == len(set(names))
