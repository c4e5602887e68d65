"""Labels that look wrong: the method by hand on small arrays, and flips found in texts."""

import numpy as np
import pytest

from pipeline.errors import TrainingError
from pipeline.labels.suspects import (
    class_thresholds,
    confident_category,
    confident_joint,
    find_suspects,
    rank_suspects,
)
from pipeline.model.examples import Example
from pipeline.text.preparing import Preparer

# labels a a a b b; thresholds a: (0.9 + 0.7 + 0.2) / 3 = 0.6, b: (0.8 + 0.6) / 2 = 0.7
SHARES = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.2, 0.8], [0.4, 0.6]])
LABELS = np.array([0, 0, 0, 1, 1])
ALONE = np.arange(5)


def test_thresholds_are_mean_self_confidence():
    assert class_thresholds(SHARES, LABELS) == pytest.approx([0.6, 0.7])


def test_a_row_below_every_threshold_counts_for_nothing():
    assert confident_category(SHARES, np.array([0.6, 0.7])).tolist() == [0, 0, 1, 1, -1]


def test_the_joint_is_brought_to_the_rows_so_labelled():
    """Counts [[2, 1], [0, 1]]; of the three rows labelled a one is b, of the two labelled b none is a."""
    assert confident_joint(SHARES, LABELS) == pytest.approx(np.array([[2.0, 1.0], [0.0, 2.0]]))
    assert rank_suspects(SHARES, LABELS, ("a", "b"), ALONE).errors == pytest.approx(1.0)


def test_the_least_believed_label_comes_first_with_what_it_should_be():
    found = rank_suspects(SHARES, LABELS, ("a", "b"), ALONE).ranked
    assert [one.place for one in found] == [2, 4, 1, 3, 0]
    first = found[0]
    assert (first.label, first.suggested, first.confident, first.why) == ("a", "b", True, "other_label")
    assert first.doubt == pytest.approx(0.8)


def test_of_unequal_twins_the_fewer_are_doubted_and_all_of_a_tie():
    outvoted = rank_suspects(np.full((3, 2), 0.5), np.array([0, 1, 1]), ("a", "b"), np.zeros(3, int)).ranked
    first = outvoted[0]
    assert (first.place, first.why, first.twin, first.suggested) == (0, "unequal_twins", 1, "b")
    assert outvoted[0].doubt >= 0.9
    assert {one.why for one in outvoted[1:]} == {"other_label"}
    tied = rank_suspects(np.full((2, 2), 0.5), np.array([0, 1]), ("a", "b"), np.zeros(2, int)).ranked
    assert [(one.why, one.twin, one.doubt) for one in tied] == [("unequal_twins", 1, 0.5), ("unequal_twins", 0, 0.5)]


def test_flipped_labels_are_found_with_the_words_that_say_so(few_examples):
    rng = np.random.default_rng(1)
    names = sorted({example.labels[0] for example in few_examples})
    flipped = rng.choice(len(few_examples), len(few_examples) // 20, replace=False).tolist()
    wrong = {place: next(n for n in names if n != few_examples[place].labels[0]) for place in flipped}
    examples = [
        Example(e.text, (wrong.get(place, e.labels[0]),), e.cause, where=e.where)
        for place, e in enumerate(few_examples)
    ]
    found = find_suspects(examples, Preparer(), folds=3, explained=20)
    first = {one.place for one in found.ranked[: round(0.075 * len(examples))]}
    assert len(first & set(flipped)) >= 0.7 * len(flipped)
    assert sorted(one.place for one in found.ranked) == list(range(len(examples)))
    hits = [one for one in found.ranked[:20] if one.place in wrong]
    assert sum(one.suggested == few_examples[one.place].labels[0] for one in hits) >= 0.8 * len(hits)
    assert set(found.reasons) == {one.place for one in found.ranked[:20]}
    assert all(found.reasons[one.place] for one in hits)


def test_too_few_rows_are_refused():
    with pytest.raises(TrainingError, match="Too few rows for"):
        find_suspects([Example("宽带断了", ("a",)), Example("多扣了钱", ("b",))], Preparer())
