import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix as sk_confusion
from sklearn.metrics import precision_recall_fscore_support

from pipeline.model.evaluating import (
    Truth,
    as_dict,
    cause_score,
    coverage_at,
    evaluate,
    expected_calibration_error,
    share,
)

LABELS = ("a", "b", "c")
PLACES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


@given(PLACES)
def test_scores_equal_scikit_learn(pairs):
    true, guess = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    found = evaluate(Truth(LABELS, [(t,) for t in true]), guess, np.full(len(guess), 0.5))
    p, r, f, support = precision_recall_fscore_support(true, guess, labels=[0, 1, 2], zero_division=0)
    assert [s.precision.value for s in found.labels] == pytest.approx(p.tolist())
    assert [s.recall.value for s in found.labels] == pytest.approx(r.tolist())
    assert [s.f1.value for s in found.labels] == pytest.approx(f.tolist())
    assert [s.support for s in found.labels] == support.tolist()
    assert np.array_equal(np.array(found.confusion), sk_confusion(true, guess, labels=[0, 1, 2]))
    assert found.macro_f1.value == pytest.approx(f[support > 0].mean())


def test_intervals_hold_the_estimate_and_shrink_with_rows():
    small, large = share([True] * 8 + [False] * 2), share([True] * 800 + [False] * 200)
    assert small.low <= 0.8 <= small.high
    assert large.high - large.low < (small.high - small.low) / 5


def test_interval_matches_the_binomial_by_hand():
    # 95 % of a binomial share, n=400, p=.5: 1.96 * sqrt(.25/400) = .049 to each side
    found = share([True, False] * 200)
    assert (found.low, found.high) == pytest.approx((0.451, 0.549), abs=0.006)


def test_calibration_error_by_hand():
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.1, 0.1])
    right = np.array([True, True, True, False, False, False])
    # bin of .9: |.9 - .75| * 4/6; bin of .1: |.1 - 0| * 2/6
    assert expected_calibration_error(confidence, right) == pytest.approx(0.15 * 4 / 6 + 0.1 * 2 / 6)


def test_coverage_takes_the_lowest_confidence_that_keeps_the_promise():
    confidence = np.array([0.99, 0.95, 0.9, 0.8, 0.7])
    right = np.array([True, True, False, True, False])
    found = coverage_at(0.75, confidence, right)
    assert (found.coverage, found.threshold, found.precision) == (0.8, 0.8, 0.75)
    assert coverage_at(0.9, confidence, right).coverage == 0.4
    assert coverage_at(0.9, confidence, ~right).coverage == 0.0


def test_rows_of_equal_confidence_are_answered_together():
    found = coverage_at(1.0, np.array([0.9, 0.9, 0.5]), np.array([True, False, True]))
    assert found.coverage == 0.0


def test_a_secondary_label_counts_as_either():
    found = evaluate(Truth(LABELS, [(0, 1), (0,)]), np.array([1, 1]), np.array([0.5, 0.5]))
    assert (found.accuracy.value, found.either.value) == (0.0, 0.5)


def test_causes_are_scored_where_they_are_known():
    found = cause_score(["x", "", "y"], [["x"], ["z"], ["a", "b", "y"]], 5)
    assert (found.rows, found.top1.value, found.top3.value) == (2, 0.5, 1.0)


def test_plain_values_for_json():
    import json

    found = evaluate(Truth(LABELS, [(0,), (1,), (2,)]), np.array([0, 1, 1]), np.array([0.9, 0.8, 0.7]))
    assert json.loads(json.dumps(as_dict(found)))["rows"] == 3
