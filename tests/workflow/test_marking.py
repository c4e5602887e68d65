"""Marks of kept problems: when a fix that was verified no longer holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.insights.marks import Mark
from pipeline.register import rows
from pipeline.register.coverage import Coverage
from pipeline.register.overviews import Days
from pipeline.workflow.register.marking import marks_of

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
