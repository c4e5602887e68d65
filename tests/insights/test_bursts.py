"""Bursts: the story of the sample dump, who explains whom, and dumps that say little."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from pipeline.insights.bursts import BurstsOptions, bursts
from pipeline.insights.calendar import Calendar
from pipeline.insights.cases import Cases, Missing
from tests.insights.invented import cases_of, day
from tests.insights.sample_cases import planted, sample_cases


def until(cases, moment):
    frame = cases.frame[cases.frame["accepted"] < moment].reset_index(drop=True)
    return Cases(frame, cases.problems, cases.given)


def in_may(found, cases):
    network = set(cases.problems.loc[cases.problems["category"] == "network", "id"])
    return [
        one
        for one in found
        if one.end >= date(2026, 5, 1) and one.start <= date(2026, 5, 31) and one.id in {"network", *network}
    ]


@pytest.fixture(scope="module")
def sample():
    return sample_cases()


def outage_problem(cases):
    members = cases.frame[cases.frame["id"].isin(planted("outage"))]
    return members["problem"].astype(str).value_counts().index[0]


@pytest.mark.parametrize("moment", [datetime(2026, 5, 13, 10), datetime(2026, 5, 14), datetime(2026, 7, 1)])
def test_the_outage_is_found_on_its_first_day_and_no_other_alarm_is_in_that_months_network_category(sample, moment):
    cases = until(sample, moment)
    found = bursts(cases)
    problem = outage_problem(sample)
    told = in_may(found.bursts, sample)
    assert {one.id for one in told} == {"network", problem}
    assert {one.found for one in told} == {date(2026, 5, 13)}
    # the category's alarm is the problem's: one event, shown once
    assert [one.explained_by for one in told if one.id == "network"] == [(problem,)]
    assert [one.id for one in in_may(found.unexplained, sample)] == [problem]


def test_the_campaign_is_a_burst_of_its_template_not_of_the_problem_around_it(sample):
    march = [one for one in bursts(sample).unexplained if one.start.month == 3]
    members = sample.frame[sample.frame["id"].isin(planted("campaign"))]
    assert [one.id for one in march] == [members["problem"].astype(str).value_counts().index[0]]
    assert march[0].start == members["accepted"].min().date()
    assert march[0].complaints == 40


def heap(number, count, **cells):
    return [{"accepted": day(number), "category": "network", **cells} for _ in range(count)]


def quiet(days=60, **cells):
    return [one for number in range(days) for one in heap(number, 1, **cells)]


def test_a_burst_says_what_was_expected_and_how_many_would_have_been_none():
    found = bursts(cases_of([*quiet(60), *heap(60, 9), *heap(61, 1)]))
    (one,) = found.bursts
    assert (one.kind, one.id, one.found, one.start, one.end) == ("category", "network", day(60), day(60), day(60))
    assert (one.complaints, one.peak, one.peak_complaints, one.method) == (9, day(60), 9, "day")
    assert 0.8 < one.expected < 1.2
    assert 5 <= one.limit < 9
    assert one.chance < 0.1 / 365 / 2
    assert found.watched_from == day(9)


def test_a_parent_is_explained_by_its_part_and_a_category_by_the_problem_of_another():
    rows = [
        *quiet(60, problem="P1"),
        *heap(60, 14, problem="P2"),
        *[{**one, "category": "installation"} for one in heap(60, 7, problem="P2")],
        *quiet(60, problem="P3"),
    ]
    problems = [{"id": "P1", "category": "network"}, {"id": "P2", "parent": "P1", "category": "network"}, {"id": "P3"}]
    found = {one.id: one.explained_by for one in bursts(cases_of(rows, problems)).bursts}
    assert found == {"P1": ("P2",), "P2": (), "network": ("P1", "P2"), "installation": ("P1", "P2")}


def test_alarm_days_close_together_are_one_burst():
    rows = [*quiet(60), *heap(60, 9), *heap(61, 1), *heap(62, 9), *heap(70, 9), *heap(71, 1)]
    found = bursts(cases_of(rows)).bursts
    assert [(one.start, one.end) for one in found] == [(day(60), day(62)), (day(70), day(70))]
    apart = bursts(cases_of(rows), BurstsOptions(gap=1)).bursts
    assert [one.start for one in apart] == [day(60), day(62), day(70)]


def test_a_higher_minimum_silences_small_bursts():
    rows = [*quiet(60), *heap(60, 9)]
    assert not bursts(cases_of(rows), BurstsOptions(minimum=11)).bursts


def test_the_day_ends_when_the_calendar_says():
    rows = [*quiet(60), *[{**one, "accepted": datetime(2026, 3, 2, 17)} for one in heap(60, 9)]]
    assert [one.found for one in bursts(cases_of(rows)).bursts] == [date(2026, 3, 2)]
    cut = bursts(cases_of(rows), replace(BurstsOptions(), calendar=Calendar(day_cut=16)))
    assert [one.found for one in cut.bursts] == [date(2026, 3, 3)]


def test_years_without_announced_holidays_are_named():
    rows = [{"accepted": date(2090, 1, 1 + number), "category": "network"} for number in range(20)]
    assert bursts(cases_of(rows)).unknown_years == (2090,)


def test_without_times_there_is_nothing_to_watch():
    found = bursts(cases_of([{"category": "network"}]))
    assert found.bursts == ()
    assert found.missing == (Missing("bursts", ("accepted",)),)


def test_a_dump_of_three_days_is_too_short_to_judge():
    found = bursts(cases_of([*heap(0, 1), *heap(1, 1), *heap(2, 30)]))
    assert found.bursts == ()
    assert found.watched_from is None


def test_a_wrong_year_in_one_cell_does_not_make_a_century_of_empty_days():
    found = bursts(cases_of([*quiet(60), *heap(60, 9), {"accepted": date(1900, 1, 1), "category": "network"}]))
    assert [one.found for one in found.bursts] == [day(60)]
    assert found.undated == 1
