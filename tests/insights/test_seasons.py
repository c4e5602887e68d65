"""Factors of days: what is known of a calendar, and what is learnt of a series."""

from datetime import date, timedelta

import chinese_calendar
import numpy as np
import pytest

from pipeline.insights.seasons import Seasons, day_factors
from pipeline.insights.series import Daily
from pipeline.insights.workdays import HOLIDAY, MAKE_UP, day_kinds
from tests.insights.invented import quiet_years


def kinds_of(*days):
    return day_kinds(np.array(days, "datetime64[D]"))


def test_the_spring_festival_of_2026_and_the_weekends_worked_for_it():
    # General Office of the State Council, notice of 4 November 2025: 15 to 23 February off, 14 and 28 February worked
    february = np.arange("2026-02-01", "2026-03-01", dtype="datetime64[D]")
    kinds = day_kinds(february).kinds
    # the package names the statutory days; weekends around them are weekends either way
    free = [one for one in range(28) if kinds[one] == HOLIDAY or kinds[one] in (5, 6)]
    assert set(range(14, 23)) <= set(free)
    assert [one + 1 for one in np.flatnonzero(kinds == MAKE_UP)] == [14, 28]


def test_a_year_nobody_announced_yet_counts_by_weekday_and_is_named():
    beyond = max(chinese_calendar.constants.holidays).year + 1
    found = kinds_of(date(beyond, 10, 1), date(beyond, 10, 2))
    assert found.unknown == (beyond,)
    assert found.kinds.tolist() == [date(beyond, 10, 1).weekday(), date(beyond, 10, 2).weekday()]


def test_every_day_of_twenty_years_has_a_kind():
    days = np.arange("2004-01-01", "2024-01-01", dtype="datetime64[D]")
    found = day_kinds(days)
    assert found.unknown == ()
    assert set(found.kinds.tolist()) == set(range(9))


def test_the_factors_find_the_season_that_was_put_in():
    year = quiet_years(3, 5, 40.0)
    found = day_factors(year, day_kinds(year.days))
    of = lambda text: found[1:, year.days == np.datetime64(text)].mean()  # noqa: E731
    # Saturday over Wednesday 0.6, the 1st over the 12th 2.5 * 1.3
    assert of("2025-06-14") / of("2025-06-11") == pytest.approx(0.6, abs=0.08)
    assert of("2025-07-01") / of("2025-07-15") == pytest.approx(2.5 * 1.3, rel=0.15)


def test_few_complaints_move_the_factors_little():
    year = quiet_years(3, 1, 0.05)
    found = day_factors(year, day_kinds(year.days))
    assert found.min() > 0.6
    assert found.max() < 1.8


def test_an_outbreak_is_no_season():
    days = np.datetime64("2026-01-01") + np.arange(180).astype("timedelta64[D]")
    counts = np.full((1, 180), 3)
    counts[0, 100] = 200
    quiet = Daily(days, ("category",), ("network",), np.zeros(1, int), counts, np.zeros(180, int))
    found = day_factors(quiet, day_kinds(days))
    assert found[0, 100] == pytest.approx(1.0, abs=0.05)
    # the same weekday and day of the month elsewhere stay near 1 as well
    assert abs(found[0] - 1).max() < 0.05


def test_more_strength_draws_the_factors_nearer_to_one():
    year = quiet_years(3, 3, 1.0)
    weak, strong = (day_factors(year, day_kinds(year.days), Seasons(strength)) for strength in (5.0, 5000.0))
    assert np.abs(np.log(strong)).mean() < np.abs(np.log(weak)).mean() / 5


def test_a_problem_begins_where_its_category_ended():
    year = quiet_years(3, 40, 5.0)
    found = day_factors(year, day_kinds(year.days))
    first = year.days == np.datetime64("2025-08-01")
    middle = year.days == np.datetime64("2025-08-01") + timedelta(days=13)
    assert (found[1:, first] / found[1:, middle] > 1.6).all()
