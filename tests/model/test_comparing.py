import numpy as np
import pytest
from scipy.stats import binomtest

from pipeline.model.comparing import Answers, compare, flips, mcnemar
from pipeline.model.evaluating import Truth

LABELS = ("a", "b", "c")


def made(rows, active_wrong, candidate_wrong):
    """``rows`` rows of three labels in turn, of which each model has the first so many wrong."""
    truth = np.arange(rows) % 3
    sets = [(int(label),) for label in truth]
    guesses = []
    for wrong in (active_wrong, candidate_wrong):
        guess = truth.copy()
        guess[:wrong] = (guess[:wrong] + 1) % 3
        guesses.append(Answers(guess, np.where(np.arange(rows) < wrong, 0.3, 0.9)))
    return Truth(LABELS, sets), *guesses


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 0), (5, 5), (12, 3), (300, 250)])
def test_mcnemar_is_the_exact_binomial_test(gained, lost):
    expected = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected)


def test_a_better_candidate_is_seen_as_better():
    found = compare(*made(300, 60, 15))
    assert (found.gained, found.lost) == (45, 0)
    assert found.active_f1 == pytest.approx(0.8)
    assert found.candidate_f1 == pytest.approx(0.95)
    assert found.accuracy.value == pytest.approx(0.15)
    assert 0 < found.macro_f1.low < 0.15 < found.macro_f1.high
    assert found.p_value < 1e-9
    assert (found.verdict, found.acceptable) == ("better", True)


def test_a_worse_candidate_is_seen_as_worse():
    found = compare(*made(300, 15, 60))
    assert (found.verdict, found.acceptable) == ("worse", False)
    assert set(found.worse_labels) == set(LABELS)
    assert found.macro_f1.high < 0


def test_equal_models_are_undecided_and_acceptable():
    found = compare(*made(300, 30, 30))
    assert (found.verdict, found.acceptable, found.p_value) == ("undecided", True, 1.0)
    assert (found.macro_f1.low, found.macro_f1.high) == (0, 0)


def test_a_little_worse_is_undecided_and_not_acceptable():
    found = compare(*made(60, 6, 8))
    assert (found.verdict, found.acceptable) == ("undecided", False)


def test_so_little_worse_that_it_does_not_matter_is_acceptable():
    found = compare(*made(3000, 300, 301))
    assert (found.verdict, found.acceptable) == ("undecided", True)
    assert -0.02 < found.macro_f1.low < found.macro_f1.value < 0


def test_too_few_rows_decide_nothing():
    found = compare(*made(29, 20, 0))
    assert (found.verdict, found.acceptable) == ("too_few_rows", False)


def test_one_label_that_falls_for_certain_makes_a_candidate_worse():
    truth, active, candidate = made(600, 60, 0)
    guess = candidate.guess.copy()
    guess[np.flatnonzero(truth.primary == 2)[:80]] = 0
    found = compare(truth, active, Answers(guess, candidate.confidence))
    # what is called a instead costs a its precision
    assert found.worse_labels == ("a", "c")
    assert found.verdict == "worse"


def test_a_label_that_only_one_model_knows_counts():
    truth, active, candidate = made(300, 0, 0)
    ignorant = Answers(np.where(active.guess == 2, 0, active.guess), active.confidence)
    found = compare(truth, ignorant, candidate)
    assert found.labels[2].active == 0
    assert found.labels[2].candidate == 1
    assert found.verdict == "better"


def test_coverage_is_told_at_the_target():
    found = compare(*made(300, 60, 15), target=0.97)
    assert (found.active_coverage.coverage, found.candidate_coverage.coverage) == (0.8, 0.95)


def test_flips_count_every_changed_row_and_show_some():
    found = flips("aabbbc", "bbbaac", examples=1)
    assert [(one.old, one.new, one.rows, one.examples) for one in found] == [("a", "b", 2, (0,)), ("b", "a", 2, (3,))]
