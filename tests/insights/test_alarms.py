"""The limit of a day against SciPy's laws, and false alarms over quiet years."""

import numpy as np
import pytest
from scipy import stats

from pipeline.insights.alarms import Limits, find_alarms
from pipeline.insights.ears import ears_limits
from pipeline.insights.seasons import day_factors
from pipeline.insights.workdays import day_kinds
from tests.insights.invented import quiet_years

# the dispersion is believed to be 1 whatever the series does: a pure Poisson alarm
POISSON = Limits(dispersion=1.0, belief=1e9)


def judged(counts, factors=None, limits=POISSON):
    counts = np.atleast_2d(counts)
    factors = np.ones(counts.shape) if factors is None else np.atleast_2d(factors)
    return find_alarms(counts, factors, np.zeros(counts.shape), limits)


def test_without_dispersion_the_limit_is_the_predictive_quantile_of_a_poisson_rate():
    counts = np.array([2, 1, 3] * 20 + [25])
    found = judged(counts)
    baseline = counts[60 - 2 - 56 : 60 - 2].sum()
    # gamma prior of shape 1/2, 56 days: negative binomial with size S + 1/2 and chance 56/57
    law = stats.nbinom(baseline + 0.5, 56 / 57)
    assert found.expected[0, 60] == pytest.approx((baseline + 0.5) / 56)
    assert found.by_day[0, 60]
    assert found.chance[0, 60] == pytest.approx(law.sf(24), rel=1e-9)
    assert found.limit[0, 60] == law.isf(POISSON.level)


def test_a_day_of_double_weight_may_have_double_the_complaints():
    counts, factors = np.array([4] * 60 + [16]), np.array([1.0] * 60 + [4.0])
    assert judged(counts).by_day[0, 60]
    found = judged(counts, factors)
    assert not found.by_day[0, 60]
    assert found.expected[0, 60] == pytest.approx(4 * (56 * 4 + 0.5) / 56)


def test_a_restless_series_gets_a_wider_limit_of_the_same_mean():
    calm, restless = np.array([4] * 60 + [16]), np.array([1, 7] * 30 + [16])
    limits = Limits()
    found = find_alarms(np.array([calm, restless]), np.ones((2, 61)), np.zeros((2, 61)), limits)
    assert found.expected[0, 60] == pytest.approx(found.expected[1, 60])
    assert found.by_day[0, 60]
    assert not found.by_day[1, 60]


def test_few_complaints_are_no_alarm_however_rare():
    assert not judged([0] * 60 + [4]).by_day.any()
    assert judged([0] * 60 + [5]).by_day[0, 60]


def test_seven_days_together_show_what_no_day_shows():
    found = judged([1] * 90 + [4] * 7)
    assert not found.by_day.any()
    assert found.by_week[0, 90:].any()


def test_an_outbreak_does_not_hide_the_next_one():
    once = [2] * 60 + [60] + [2] * 10 + [14]
    found = judged(once)
    assert found.by_day[0, 60]
    assert found.by_day[0, 71]
    # the day enters at its limit, not with its 60 complaints
    without = judged([2] * 60 + [int(found.limit[0, 60])] + [2] * 10 + [14])
    assert found.expected[0, 71] == pytest.approx(without.expected[0, 71])


def test_a_lasting_rise_becomes_the_new_usual():
    found = judged([2] * 60 + [12] * 90)
    assert found.by_day[0, 60]
    assert not found.by_day[0, 120:].any()


def test_the_first_days_cannot_be_judged():
    found = judged([50] + [0] * 8 + [50])
    assert np.isnan(found.expected[0, :9]).all()
    assert found.by_day[0].nonzero()[0].tolist() == [9]


def test_in_the_first_four_weeks_the_limit_of_ears_must_be_passed_too():
    counts = np.array([[2] * 15 + [15]])
    assert find_alarms(counts, np.ones(counts.shape), np.full(counts.shape, 14.0), POISSON).by_day[0, 15]
    assert not find_alarms(counts, np.ones(counts.shape), np.full(counts.shape, 15.0), POISSON).by_day[0, 15]


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("rate", [0.2, 2.0, 20.0])
def test_a_quiet_year_has_at_most_one_false_alarm_for_almost_every_problem(rate, dispersion):
    year = quiet_years(7, 60, rate, dispersion)
    factors = day_factors(year, day_kinds(year.days))
    found = find_alarms(year.counts, factors, ears_limits(year.counts))
    alarm = (found.by_day | found.by_week)[1:]
    # days of one alarm that follow each other are one
    begins = alarm & ~np.roll(alarm, 1, axis=1) & ~np.roll(alarm, 2, axis=1)
    per_year = begins.sum(axis=1)
    assert per_year.mean() <= (0.7 if dispersion == 3.0 else 0.35)
    assert (per_year > 1).mean() <= 0.1
