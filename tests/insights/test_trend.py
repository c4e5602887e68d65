"""Counts by day, week and month, periods before and of last year, and series that take in their parts."""

from datetime import date, datetime

import pytest

from pipeline.insights.calendar import Calendar, Period
from pipeline.insights.cases import Missing
from pipeline.insights.series import daily, family
from pipeline.insights.trend import LabelBreak, TrendOptions, trend, usual_period
from tests.insights.invented import cases_of

PROBLEMS = [{"id": "A", "category": "network"}, {"id": "A1", "parent": "A"}, {"id": "A2", "parent": "A1"}, {"id": "B"}]


def on(*days, **cells):
    return [{"accepted": one, "category": "network", **cells} for one in days]


def lines(found):
    return {(one.kind, one.id): one for one in found.lines}


def test_complaints_count_under_their_problem_and_all_its_parents():
    rows = [
        *on(date(2026, 1, 1), problem="A2"),
        *on(date(2026, 1, 3), problem="A1"),
        *on(date(2026, 1, 3), problem="B"),
    ]
    found = lines(trend(cases_of(rows, PROBLEMS)))
    assert found["problem", "A"].counts == (1, 0, 1)
    assert found["problem", "A1"].counts == (1, 0, 1)
    assert found["problem", "A2"].counts == (1, 0, 0)
    assert found["category", "network"].counts == (1, 0, 2)
    assert found["all", ""].counts == (1, 0, 2)


def test_a_complaint_without_a_category_counts_in_the_total_only():
    rows = [*on(date(2026, 1, 1)), {"accepted": date(2026, 1, 1), "category": ""}]
    found = lines(trend(cases_of(rows)))
    assert (found["all", ""].counts, found["category", "network"].counts) == ((2,), (1,))


@pytest.mark.parametrize(
    ("last", "unit", "units"),
    [
        (date(2026, 3, 3), "day", 62),
        (date(2026, 3, 4), "week", 10),
        (date(2027, 2, 4), "week", 58),
        (date(2027, 2, 5), "month", 14),
    ],
)
def test_the_unit_fits_the_span(last, unit, units):
    found = trend(cases_of([*on(date(2026, 1, 1)), *on(last)]))
    assert (found.unit, len(found.starts), len(found.days)) == (unit, units, units)
    assert sum(found.days) == (last - date(2026, 1, 1)).days + 1


def test_weeks_begin_on_monday_and_say_how_many_days_are_covered():
    found = trend(cases_of(on(date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 5))), TrendOptions(unit="week"))
    assert found.starts == (date(2025, 12, 29), date(2026, 1, 5))
    assert found.days == (4, 1)
    assert found.lines[0].counts == (2, 1)


def test_the_period_is_held_against_the_one_before_and_last_years():
    rows = [
        *on(*[date(2026, 3, 1 + i) for i in range(31)]),
        *on(*[date(2026, 2, 1 + i) for i in range(14)]),
        *on(date(2025, 3, 9), date(2025, 3, 10), date(2025, 2, 3), date(2025, 1, 15)),
    ]
    found = trend(cases_of(rows))
    assert found.period == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert found.previous == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert found.last_year == Period(date(2025, 3, 1), date(2025, 3, 31))
    assert found.last_year_previous == Period(date(2025, 2, 1), date(2025, 2, 28))
    one = lines(found)["category", "network"]
    assert (one.current, one.previous, one.last_year, one.last_year_previous) == (31, 14, 2, 1)
    # 31 in 31 days against 14 in 28
    assert one.change.value == pytest.approx(2.0)
    assert one.change.low > 1
    assert one.yearly_change.value == pytest.approx(15.5)
    assert one.share == 1.0


def test_a_period_that_the_data_do_not_reach_is_none_and_not_nought():
    march = TrendOptions(period=Period(date(2026, 3, 1), date(2026, 3, 31)))
    found = trend(cases_of([*on(date(2026, 2, 3)), *on(date(2026, 3, 31))]), march)
    assert found.previous is None
    assert found.lines[0].previous is None
    assert found.lines[0].change is None


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        (Period(date(2026, 1, 1), date(2026, 3, 15)), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (Period(date(2026, 2, 1), date(2026, 3, 31)), Period(date(2026, 3, 1), date(2026, 3, 31))),
        (Period(date(2026, 3, 2), date(2026, 3, 15)), Period(date(2026, 3, 9), date(2026, 3, 15))),
        (Period(date(2026, 3, 2), date(2026, 3, 13)), Period(date(2026, 3, 13), date(2026, 3, 13))),
        (Period(date(2026, 3, 2), date(2026, 3, 2)), Period(date(2026, 3, 2), date(2026, 3, 2))),
    ],
)
def test_the_usual_period_has_one_like_it_before(span, wanted):
    assert usual_period(span) == wanted


def test_a_period_can_be_asked_for_and_the_day_be_cut():
    rows = [{"accepted": datetime(2026, 3, 1, 17), "category": "network"}, *on(date(2026, 3, 2), date(2026, 3, 5))]
    asked = TrendOptions(period=Period(date(2026, 3, 2), date(2026, 3, 2)), calendar=Calendar(day_cut=16))
    assert trend(cases_of(rows), asked).lines[0].current == 2
    assert trend(cases_of(rows), TrendOptions(period=asked.period)).lines[0].current == 1


def test_without_times_there_is_no_trend():
    found = trend(cases_of([{"category": "network"}]))
    assert (found.lines, found.undated, found.missing) == ((), 1, (Missing("trend", ("accepted",)),))


def test_a_ring_of_parents_counts_as_none():
    cases = cases_of(on(date(2026, 1, 1), problem="A"), [{"id": "A", "parent": "B"}, {"id": "B", "parent": "A"}])
    assert family(cases).parents.tolist() == [-1, -1]
    assert daily(cases).counts.tolist() == [[1], [1], [0]]


def test_a_parent_that_is_not_listed_counts_as_none():
    assert family(cases_of([{"problem": "A"}], [{"id": "A", "parent": "gone"}])).parents.tolist() == [-1]


def test_a_change_of_labels_is_marked_where_it_lies_within_the_series():
    cases = cases_of(on(datetime(2026, 3, 1), datetime(2026, 3, 31)))
    inside = LabelBreak(date(2026, 3, 15), "merge", ("a", "c"), ("b",))
    before = LabelBreak(date(2026, 3, 1), "rename", ("x",), ("a",))
    found = trend(cases, breaks=[inside, before])
    # on the first day nothing is broken: all counts are of the new labels
    assert found.breaks == (inside,)
