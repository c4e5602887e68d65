from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.calendar import (
    Calendar,
    Period,
    billing_windows,
    cumulated,
    day_of_month,
    day_of_week,
    last_year,
    month,
    previous,
    reporting_day,
    span,
)
from pipeline.insights.cases import make_cases

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def days(*moments, **how):
    return [str(day) for day in reporting_day(np.array(moments, "datetime64[s]"), Calendar(**how))]


def test_the_natural_day_is_the_default():
    assert days("2026-03-06T00:00", "2026-03-06T23:59:59") == ["2026-03-06", "2026-03-06"]


def test_a_cut_at_16_belongs_to_the_next_day():
    assert days("2026-03-05T15:59:59", "2026-03-05T16:00", day_cut=16) == ["2026-03-05", "2026-03-06"]


def test_a_weekend_counts_to_monday_and_so_does_friday_evening():
    moments = ("2026-03-06T15:00", "2026-03-06T17:00", "2026-03-07T12:00", "2026-03-08T15:00", "2026-03-08T17:00")
    found = days(*moments, day_cut=16, weekend_to_monday=True)
    assert found == ["2026-03-06", "2026-03-09", "2026-03-09", "2026-03-09", "2026-03-09"]


def test_an_unknown_time_has_no_day():
    assert days("NaT", day_cut=16, weekend_to_monday=True) == ["NaT"]
    assert not month(2026, 3).covers(np.array(["NaT"], "datetime64[D]")).any()


def test_a_day_cannot_end_at_hour_25():
    with pytest.raises(ValueError, match="a day ends at an hour from 1 to 24, not 25"):
        Calendar(day_cut=25)


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="a period ends on 2026-03-01, before it starts on 2026-03-02"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


def test_whole_months_are_held_against_whole_months():
    assert previous(month(2026, 3)) == month(2026, 2)
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert previous(quarter) == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert last_year(month(2025, 2)) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert last_year(month(2024, 2)) == month(2023, 2)


def test_other_periods_are_held_against_as_many_days():
    assert previous(Period(date(2026, 3, 2), date(2026, 3, 8))) == Period(date(2026, 2, 23), date(2026, 3, 1))


def test_the_year_up_to_a_month():
    assert cumulated(date(2026, 4, 30)) == Period(date(2026, 1, 1), date(2026, 4, 30))


def test_the_windows_around_the_bill():
    peak, quiet = billing_windows(2026, 3)
    assert peak == Period(date(2026, 2, 26), date(2026, 3, 5))
    assert quiet == Period(date(2026, 3, 16), date(2026, 3, 25))


def test_the_span_of_complaints():
    cases = make_cases({"accepted": ["2026-03-05 17:00", None, "2026-03-07 01:00"]})
    assert span(cases) == Period(date(2026, 3, 5), date(2026, 3, 7))
    assert span(cases, Calendar(day_cut=16)) == Period(date(2026, 3, 6), date(2026, 3, 7))
    assert span(make_cases({"text": ["a"]})) is None


@given(DAYS)
def test_numpy_and_datetime_agree_on_the_parts_of_a_day(day):
    asked = np.array([day], "datetime64[D]")
    assert day_of_week(asked)[0] == day.weekday()
    assert day_of_month(asked)[0] == day.day


@given(DAYS, st.integers(0, 400))
def test_the_previous_period_touches_and_has_the_same_length(start, more):
    end = (pd.Timestamp(start) + pd.Timedelta(days=more)).date()
    period = Period(start, end)
    before = previous(period)
    assert (period.start - before.end).days == 1
    assert before.whole_months == period.whole_months
    assert period.whole_months or before.days == period.days
