"""Marks: each kind by a story, and how often constant problems are marked wrongly."""

import csv
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.marks import MONTHLY, WEEKLY, History, Mark, mark
from pipeline.insights.verifying import Answer, Case, Window, verify
from pipeline.messages import translated

DATA = Path(__file__).resolve().parents[2] / "data"
STEADY = [3, 2, 4, 3, 3, 2, 3, 4, 2, 3, 3, 4]
COUNTS = st.lists(st.integers(0, 30), max_size=40)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0] * 12 + [0, 0, 2, 1], Mark.NEW),
        ([0] * 12 + [40, 0, 0, 0, 0, 0, 0], Mark.QUIET),
        ([0] * 12 + [2, 0, 0, 0, 0, 0, 0], Mark.STEADY),
        (STEADY * 2, Mark.STEADY),
        ([*STEADY, 6, 7, 8, 9], Mark.GROWING),
        ([9, 8, 10, 9, 11, 9, 8, 10, 3, 2, 4, 2], Mark.FADING),
        ([*STEADY, 0, 0, 0, 0], Mark.QUIET),
        ([1] + [0] * 13, Mark.QUIET),
        ([0] * 20, Mark.QUIET),
        ([], Mark.QUIET),
        ([4, 5, 3], Mark.STEADY),
        ([5], Mark.STEADY),
    ],
)
def test_a_history_gets_its_mark(counts, expected):
    assert mark(History(counts)).mark is expected


def test_a_change_too_small_to_matter_is_steady_however_sure():
    assert mark(History([1000] * 20 + [1150] * 4)).mark is Mark.STEADY


def test_few_complaints_are_no_growth():
    assert mark(History([1] + [0] * 60 + [1, 1, 1, 1])).mark is Mark.STEADY


def test_an_unfinished_week_counts_for_its_days():
    counts = [20] * 10 + [20, 20, 20, 3]
    assert mark(History([*counts[:-4], 0, 0, 0, 3])).mark is Mark.FADING
    whole_weeks = mark(History(counts)).ratio.value
    assert mark(History(counts, [7.0] * 13 + [1.0])).ratio.value > whole_weeks


def test_more_users_are_no_growth():
    counts, users = [10] * 12 + [20] * 4, [1000.0] * 12 + [2000.0] * 4
    assert mark(History(counts)).mark is Mark.GROWING
    assert mark(History(counts, users)).mark is Mark.STEADY


def test_the_period_of_the_first_complaint_is_not_compared_with():
    assert mark(History([0, 9, *[1] * 12])).ratio.value == pytest.approx(1)


def test_what_a_fix_left_over_is_seldom_called_a_relapse():
    random, wrong_years = np.random.default_rng(13), 0
    for _ in range(100):
        counts = [*random.poisson(5, 20).tolist(), *random.poisson(1, 60).tolist()]
        marks = {mark(History(counts[:end], fixed=20, held=28)).mark for end in range(29, 81)}
        wrong_years += Mark.REGRESSED in marks
    assert wrong_years <= 15


def test_bursts_of_the_past_make_a_burst_of_today_ordinary():
    assert mark(History([0, 12, 0, 0, 11, 0, 0, 0, 13, 0, 0, 12, 0, 0, 12, 0])).mark is Mark.STEADY


def test_complaints_that_come_back_after_a_fix_that_held_are_a_relapse():
    counts = [*STEADY, 0, 0, 1, 0, 0, 0, 0, 0]
    assert mark(History(counts, fixed=12)).mark is not Mark.REGRESSED
    back = mark(History([*counts, 2, 3, 3], fixed=12, held=20))
    assert back.mark is Mark.REGRESSED
    assert back.reasons[0] == "8 complaints in the last 3 periods, usual after the fix are 0.4"


def test_one_complaint_after_a_fix_is_no_relapse():
    assert mark(History([*STEADY, *[0] * 8, 0, 1], fixed=12, held=20)).mark is not Mark.REGRESSED


def test_what_the_fix_left_over_is_no_relapse():
    left_over = [1, 2, 1, 1, 2, 1, 1, 1]
    assert mark(History([*STEADY, *left_over, 1, 2, 1, 2], fixed=12, held=20)).mark is not Mark.REGRESSED


@pytest.mark.parametrize("rate", [0.5, 2, 10, 30])
def test_a_constant_problem_is_seldom_marked_as_changing(rate):
    random, looks, wrong, wrong_years = np.random.default_rng(11), 0, 0, 0
    for _ in range(150):
        counts = random.poisson(rate, 80).tolist()
        marks = [mark(History(counts[:end])).mark for end in range(29, 81)]
        changes = [one in (Mark.GROWING, Mark.FADING) for one in marks]
        looks, wrong, wrong_years = looks + len(changes), wrong + sum(changes), wrong_years + any(changes)
    assert wrong / looks <= 0.01
    assert wrong_years / 150 <= 0.3


@pytest.mark.parametrize(("times", "rate", "least"), [(3, 2, 0.75), (2, 10, 0.9), (0.25, 10, 0.9), (0, 5, 0.9)])
def test_a_clear_change_is_seen_within_four_weeks(times, rate, least):
    random, seen = np.random.default_rng(12), 0
    wanted = {Mark.GROWING} if times > 1 else {Mark.FADING, Mark.QUIET}
    for _ in range(100):
        counts = [*random.poisson(rate, 30).tolist(), *random.poisson(rate * times, 4).tolist()]
        seen += any(mark(History(counts[:end])).mark in wanted for end in range(31, 35))
    assert seen / 100 >= least


def test_the_planted_problem_goes_from_a_fix_that_is_verified_to_a_relapse():
    """The story of the sample dump: automatic renewals, stopped at the end of March, come back in June."""
    days = planted_days("autorenew")
    begin, fixed, held, end = date(2026, 1, 1), date(2026, 4, 1), date(2026, 6, 1), date(2026, 7, 1)
    counts = [sum(start <= day < stop for day in days) for start, stop in ((begin, fixed), (fixed, held))]
    checked = verify(Case(Window(counts[1], (held - fixed).days), Window(counts[0], (fixed - begin).days)))
    assert checked.answer is Answer.VERIFIED
    months = Counter(day.month for day in days)
    monthly = [months[month] for month in range(1, 7)]
    assert mark(History(monthly[:5], fixed=3, held=5), MONTHLY).mark is not Mark.REGRESSED
    assert mark(History(monthly, fixed=3, held=5), MONTHLY).mark is Mark.REGRESSED
    weeks = Counter((day - begin).days // 7 for day in days)
    weekly = [weeks[week] for week in range((end - begin).days // 7)]
    relapses = [
        week
        for week in range(1, len(weekly) + 1)
        if mark(History(weekly[:week], fixed=13, held=21 if week > 21 else None)).mark is Mark.REGRESSED
    ]
    assert relapses
    assert begin + timedelta(weeks=relapses[0]) > held


def planted_days(problem):
    with (DATA / "sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        orders = {
            row["order_id"] for row in csv.DictReader(file) if (row["problem"], row["role"]) == (problem, "member")
        }
    with (DATA / "sample_complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["工单号"] in orders]
    return [datetime.strptime(row["受理时间"][:10], "%Y-%m-%d").date() for row in rows]


@given(COUNTS, st.none() | st.integers(0, 40), st.none() | st.integers(0, 40), st.sampled_from([WEEKLY, MONTHLY]))
def test_every_history_gets_a_mark_with_reasons_in_both_languages(counts, fixed, held, rhythm):
    found = mark(History(counts, fixed=fixed, held=held), rhythm)
    assert found.reasons
    assert 0 <= found.chance <= 1
    for reason in found.reasons:
        assert not re.search("[a-z]{2}", translated(reason, "zh").replace("inf", ""))


@given(COUNTS, st.floats(0.1, 1e6))
def test_the_unit_of_exposure_does_not_matter(counts, unit):
    found = mark(History(counts, [unit] * len(counts)))
    plain = mark(History(counts))
    assert found.mark is plain.mark
    assert found.chance == pytest.approx(plain.chance)


def test_exposures_must_fit_the_counts():
    with pytest.raises(ValueError, match="2 counts but 1 exposures"):
        History([1, 2], [7.0])
