"""EARS limits against the formulas of the literature, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from pipeline.insights.ears import EarsOptions, ears_limits

WEEK = [3, 5, 4, 6, 2, 5, 3]  # mean 4, deviation sqrt(2)


def test_c1_is_the_mean_and_deviation_of_the_week_before():
    found = ears_limits(np.array([*WEEK, 30]), "C1")
    assert np.isnan(found[:7]).all()
    # z(0.999) = 3.0902: 4 + 3.0902 * 1.4142
    assert found[7] == pytest.approx(8.3702, abs=1e-4)


def test_c2_leaves_the_two_days_before_out():
    found = ears_limits(np.array([*WEEK, 30, 30, 30]), "C2")
    assert np.isnan(found[:9]).all()
    assert found[9] == pytest.approx(8.3702, abs=1e-4)


def test_c3_adds_what_three_days_have_above_one_deviation():
    # two days with a C2 statistic of (6 - 4) / 1.4142 = 1.4142, each 0.4142 above 1; z(0.975) = 1.9600, so that the
    # third may have up to 4 + 1.4142 * (1 + 1.9600 - 0.8284)
    found = ears_limits(np.array([*WEEK, *WEEK, *WEEK, 6, 6, 4]), "C3")
    assert found[-1] == pytest.approx(7.0144, abs=1e-3)


def test_c3_is_in_alarm_for_any_count_after_two_wild_days():
    assert ears_limits(np.array([*WEEK, *WEEK, 40, 40, 0]), "C3")[-1] == 0.0


def test_a_flat_history_has_the_least_deviation():
    found = ears_limits(np.full(12, 4), "C1", EarsOptions(least_deviation=1.0, level=0.001))
    assert found[-1] == pytest.approx(4 + norm.ppf(0.999))


@given(st.lists(st.integers(0, 50), min_size=10, max_size=40))
def test_series_side_by_side_have_the_limits_they_have_alone(counts):
    both = ears_limits(np.array([counts, counts[::-1]]))
    np.testing.assert_array_equal(both[0], ears_limits(np.array(counts)))
    np.testing.assert_array_equal(both[1], ears_limits(np.array(counts[::-1])))
