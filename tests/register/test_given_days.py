"""Days that people give, held against the data and the calendar."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.errors import FieldError
from pipeline.register import rows
from pipeline.register.coverage import coverage
from pipeline.register.given_days import Times, doubts_about_days

TIMES = Times(date(2026, 8, 1), date(2026, 1, 1), date(2026, 6, 30))
FIXED = replace(rows.blank_problem("P-0001"), first="2026-02-01T08:00:00", fix_date="2026-03-31")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fix_date": "2019-03-31"}, "more than a year before the first complaint of the register .2026-01-01."),
        ({"fix_date": "2026-08-03"}, "cannot be dated 2026-08-03, a day still to come"),
        ({"due": "2019-03-31"}, "The field due of P-0001 cannot be 2019-03-31, more than a year before"),
        ({"due": "2206-03-31"}, "more than ten years ahead"),
        ({"watch_until": "2026-03-31"}, "that is not after the fix, 2026-03-31"),
        ({"look_back": "2026-06-29"}, "The field look_back of P-0001 cannot be 2026-06-29, a day that has passed"),
        ({"look_back": "2206-06-29"}, "more than ten years ahead"),
        ({"fix_date": "2026-07-01", "look_back": "2026-07-01"}, "that is not after the fix, 2026-07-01"),
    ],
)
def test_days_that_cannot_be(changes, message):
    with pytest.raises(FieldError, match=message) as told:
        doubts_about_days(FIXED, changes, TIMES)
    assert told.value.field == list(changes)[-1]


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"fix_date": "2025-12-31"}, "The data of the register begin on 2026-01-01, after the fix (2025-12-31)"),
        ({"fix_date": "2026-01-31"}, "The first complaint of P-0001 is of 2026-02-01, after the fix (2026-01-31)"),
        ({"due": "2026-05-31"}, "The day by which P-0001 is due (2026-05-31) has passed."),
    ],
)
def test_days_that_are_odd_are_told(changes, doubt):
    (told,) = doubts_about_days(FIXED, changes, TIMES)
    assert told.startswith(doubt)


def test_other_days_pass_and_what_stands_there_already_is_left_alone():
    later = {"fix_date": "2026-08-02", "due": "2026-07-01", "look_back": "2026-11-01", "watch_until": "2026-09-01"}
    assert doubts_about_days(FIXED, later, TIMES) == ()
    old = replace(FIXED, fix_date="2019-01-01", look_back="2018-01-01")
    assert doubts_about_days(old, {"fix_date": "2019-01-01", "look_back": "2018-01-01"}, TIMES) == ()
    assert doubts_about_days(FIXED, {"fix_date": "", "look_back": ""}, TIMES) == ()
    # a sample of a year to come is judged by its own days
    assert doubts_about_days(FIXED, {"fix_date": "2026-06-30"}, replace(TIMES, today=date(2025, 1, 1))) == ()
    assert doubts_about_days(FIXED, {"due": "2019-01-01"}, Times(date(2018, 6, 1))) == ()


def test_few_complaints_leave_no_gaps_and_missing_months_do():
    assert coverage([]).last is None
    rare = [date(2026, 1, 1), date(2026, 1, 20), date(2026, 2, 14), date(2026, 3, 2), date(2026, 3, 20)]
    assert coverage(rare).gaps == ()
    daily = [date(2026, month, day) for month in (1, 3, 6) for day in range(1, 29) if day % 7]
    found = coverage(daily)
    assert [one[0].month for one in found.gaps] == [1, 3]
    assert found.days(date(2026, 1, 1), date(2026, 6, 28)) == 27 + 27 + 27 + 1
    assert found.gaps_within(date(2026, 2, 10), date(2026, 3, 10)) == [(date(2026, 2, 10), date(2026, 2, 28))]
