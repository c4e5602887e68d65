"""Tables with hardly anything in them: what can be computed is there, what cannot is named, nothing fails."""

import pytest

from pipeline.insights.billing_cycle import billing_cycle
from pipeline.insights.bursts import bursts
from pipeline.insights.cases import make_cases
from pipeline.insights.change_calendar import Change, change_calendar
from pipeline.insights.drivers import drivers
from pipeline.insights.fixed_rules import fixed_rules
from pipeline.insights.outages import outages
from pipeline.insights.pareto import pareto
from pipeline.insights.priority import priority
from pipeline.insights.trend import trend
from tests.insights.invented import day


def with_changes(cases):
    return change_calendar(cases, changes=[Change(day(1), "x")])


INSIGHTS = (billing_cycle, bursts, drivers, fixed_rules, outages, pareto, priority, trend, with_changes)
TABLES = {
    "no row": make_cases({}, rows=0),
    "text only": make_cases({"text": ["a", "b"]}),
    "no time can be read": make_cases({"text": ["a"], "accepted": [None]}),
    "text and time": make_cases({"text": ["a"] * 40, "accepted": [str(day(number)) for number in range(40)]}),
    "one row": make_cases(
        {"text": ["a"], "accepted": ["2026-01-01"], "category": ["network"], "problem": ["P"]}, [{"id": "P"}]
    ),
    "a problem without complaints": make_cases({"text": ["a"], "accepted": ["2026-01-01"]}, [{"id": "P"}]),
    "a complaint of a problem that is not listed": make_cases({"problem": ["P"], "accepted": ["2026-01-01"]}),
}


@pytest.mark.parametrize("insight", INSIGHTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", TABLES)
def test_no_table_fails(insight, name):
    cases = TABLES[name]
    found = insight(cases)
    # whatever is named as missing is really not there
    needed = {column for one in found.missing for column in one.needs}
    assert not needed & cases.given


def test_text_and_time_give_the_trend_of_all_complaints():
    found = trend(TABLES["text and time"])
    assert [(one.kind, sum(one.counts)) for one in found.lines] == [("all", 40)]
    assert found.missing == ()


def test_one_row_is_counted_everywhere():
    cases = TABLES["one row"]
    assert pareto(cases).by_rows.problems[0].share == 1.0
    assert priority(cases).problems[0].complaints == 1
    assert {one.kind: one.counts for one in trend(cases).lines} == {"all": (1,), "category": (1,), "problem": (1,)}
