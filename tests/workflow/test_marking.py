"""Marks of kept problems: when a fix that was verified no longer holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.insights.marks import Mark
from pipeline.register import rows
from pipeline.register.coverage import Coverage
from pipeline.register.overviews import Days
from pipeline.workflow.register.marking import marks_of, relapse_of

FIXED = replace(rows.blank_problem("P-0001"), state="closed", fix_date="2026-03-31", look_back="2026-07-30")
VERIFIED = {"target": {"by": "volume", "value": 3.0, "met": True}}
# twelve complaints a month before the fix, one in April, none in May, then these in June
BEFORE = {date(2026, month, 2 * day): 1 for month in (1, 2, 3) for day in range(1, 13)}


def marked(problem, june):
    days = {**BEFORE, date(2026, 4, 10): 1, **{date(2026, 6, 1) + timedelta(days=5 * n): 1 for n in range(june)}}
    found = Days({"P-0001": days}, Coverage(date(2026, 1, 1), date(2026, 6, 30)))
    return marks_of([problem], found)["P-0001"]


@pytest.mark.parametrize(
    ("verification", "june", "mark"),
    [
        (VERIFIED, 5, Mark.REGRESSED),  # the target of three is broken, and chance gives five in 1 of 55 cases
        (VERIFIED, 3, Mark.STEADY),  # still within the target
        ({}, 5, Mark.STEADY),  # without a target chance alone must speak, at 1 in 100
        ({"target": {"by": "volume", "value": 3.0, "met": False}}, 5, Mark.STEADY),
        ({"target": {"by": "rate", "value": 3.0, "met": True}}, 5, Mark.STEADY),
    ],
)
def test_a_broken_target_needs_less_evidence(verification, june, mark):
    assert marked(replace(FIXED, verification=verification), june) is mark


def test_a_relapse_that_somebody_works_on_stays_one_while_it_lasts():
    """Twelve in each of June, July and August: the mean of all months since the fix would call that usual."""
    again = {date(2026, month, 2 * day): 1 for month in (6, 7, 8) for day in range(1, 13)}
    found = Days({"P-0001": {**BEFORE, date(2026, 4, 10): 1, **again}}, Coverage(date(2026, 1, 1), date(2026, 8, 31)))
    passed = {"answer": "verified", "as_of": "2026-05-31", "fix_date": "2026-03-31"}
    opened = replace(FIXED, state="rectifying", verification=passed)
    assert marks_of([opened], found)["P-0001"] is Mark.REGRESSED
    told = relapse_of(opened, found.counts["P-0001"], found.covered)
    assert "after 1 in the 61 days from the fix to 2026-05-31" in told
    # of another fix that check says nothing
    other = replace(opened, fix_date="2026-06-30")
    assert marks_of([other], found)["P-0001"] is not Mark.REGRESSED
    assert relapse_of(other, found.counts["P-0001"], found.covered) == ""


def test_months_that_were_never_loaded_are_no_calm():
    weekly = {date(2026, 1, 1) + timedelta(days=n): 1 for n in range(60)}
    late = {date(2026, 9, 1) + timedelta(days=n): 1 for n in range(20)}
    gap = ((date(2026, 3, 2), date(2026, 8, 31)),)
    # P-0001 goes on as before in September, P-0002 has none there; nothing of the time between is loaded
    days = {"P-0001": {**weekly, **late}, "P-0002": {day: 1 for day in list(weekly)[::8]}}
    problems = [rows.blank_problem(one) for one in days]
    loaded = marks_of(problems, Days(days, Coverage(date(2026, 1, 1), date(2026, 9, 20), gap)))
    assert loaded == {"P-0001": Mark.STEADY, "P-0002": Mark.STEADY}
    calm = marks_of(problems, Days(days, Coverage(date(2026, 1, 1), date(2026, 9, 20))))
    assert calm == {"P-0001": Mark.GROWING, "P-0002": Mark.QUIET}
