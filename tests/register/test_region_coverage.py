"""Stretches without data of one region, and calms that are none."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from pipeline.register.coverage import Coverage
from pipeline.register.region_coverage import RegionCoverage, gaps_of_regions, with_regions

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
YEAR = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
WHOLE = Coverage(FIRST, LAST)


def counts(days, each=1):
    return Counter({day: each for day in days})


def without(first, last, days=YEAR):
    return [day for day in days if not first <= day <= last]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 5, 4), date(2026, 5, 17)),
        (date(2026, 1, 1), date(2026, 1, 14)),  # it was first loaded later than the others
        (date(2026, 6, 17), date(2026, 6, 30)),  # the latest dump lacks it
        (date(2026, 5, 4), date(2026, 5, 10)),
    ],
)
def test_a_region_that_was_not_loaded_is_found(first, last):
    by_region = {"滨城": counts(without(first, last)), "临江": counts(YEAR), "": counts(YEAR[:3])}
    assert gaps_of_regions(WHOLE, by_region) == {"滨城": ((first, last),)}


def test_two_gaps_of_a_region_are_both_found():
    days = without(date(2026, 2, 2), date(2026, 2, 15), without(date(2026, 5, 4), date(2026, 5, 17)))
    found = gaps_of_regions(WHOLE, {"滨城": counts(days), "临江": counts(YEAR)})
    assert [first for first, _ in found["滨城"]] == [date(2026, 2, 2), date(2026, 5, 4)]


def test_less_than_a_week_and_few_complaints_are_no_gap():
    six = without(date(2026, 5, 4), date(2026, 5, 9))
    monthly = [day for day in YEAR if day.day == 3]
    # a hundred complaints on three days are three incidents, not a usual rate
    incidents = counts([date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 9)], each=100)
    by_region = {"滨城": counts(six), "临江": counts(monthly), "北山": incidents, "南湖": counts(YEAR)}
    assert gaps_of_regions(WHOLE, by_region) == {}


def test_the_calm_of_the_problem_itself_is_no_gap():
    own = {"滨城": counts(YEAR[:90])}
    by_region = {"滨城": counts(YEAR[:90]), "临江": counts(YEAR)}
    assert gaps_of_regions(WHOLE, by_region, own) == {}
    assert gaps_of_regions(WHOLE, by_region) == {"滨城": ((YEAR[90], LAST),)}


def test_what_the_whole_register_lacks_is_no_gap_of_a_region():
    march = (date(2026, 3, 1), date(2026, 3, 31))
    days = counts(without(*march))
    assert gaps_of_regions(Coverage(FIRST, LAST, (march,)), {"滨城": days, "临江": days}) == {}


def test_calm_regions_are_hardly_ever_taken_for_gaps():
    """At constant rates, from a complaint in a hundred days to ten a day: at most one register in twenty."""
    draws, false = random.Random(7), 0
    for _ in range(200):
        by_region = {}
        for number, rate in enumerate((0.01, 0.1, 0.3, 0.5, 0.8, 1.2, 2, 4, 10)):
            chance = 1 - 2.718281828459045**-rate
            by_region[f"R{number}"] = counts([day for day in YEAR if draws.random() < chance])
        false += bool(gaps_of_regions(WHOLE, by_region))
    assert false <= 10


def test_days_count_by_the_share_of_the_regions_that_cover_them():
    gap = (date(2026, 5, 4), date(2026, 5, 17))
    fixed = date(2026, 4, 1)
    # three quarters of the complaints come from the region that lacks two weeks
    of_problem = {"滨城": counts(YEAR[:80], each=3), "临江": counts(YEAR[:80])}
    found = with_regions(WHOLE, {"滨城": (gap,)}, of_problem, fixed)
    assert isinstance(found, RegionCoverage)
    assert found.days(*gap) == pytest.approx(14 / 4)
    assert found.days(FIRST, fixed) == 91
    assert found.region_gaps_within(date(2026, 5, 10), LAST) == [("滨城", date(2026, 5, 10), date(2026, 5, 17))]
    # where nothing is missing of the problem's regions, nothing changes
    assert with_regions(WHOLE, {"北山": (gap,)}, of_problem, fixed) is WHOLE


def test_a_region_whose_data_begin_after_the_fix_has_its_share_of_what_came_then():
    late = (FIRST, date(2026, 4, 30))
    of_problem = {"滨城": counts(YEAR[:90]), "临江": counts(without(*late))}
    found = with_regions(WHOLE, {"临江": (late,)}, of_problem, date(2026, 4, 1))
    assert found.days(FIRST, date(2026, 4, 1)) == pytest.approx(91 * (90 / 91) / (90 / 91 + 1))
