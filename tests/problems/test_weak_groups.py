"""Groups that may be chance: few pairs must be more alike than many."""

import numpy as np
import pytest

from pipeline.problems.linking import SCALE, Links
from pipeline.problems.weak_groups import without_weak


def alike(size, similarity):
    """All pairs of one group, equally alike."""
    left, right = np.triu_indices(size, 1)
    return Links(left, right, np.full(len(left), round(similarity * SCALE)))


def is_kept(size, similarity, known=None):
    label = without_weak(np.zeros(size, np.int64), alike(size, similarity), 0.1, known)
    if (label == 0).all():
        return True
    assert label.tolist() == list(range(size))
    return False


@pytest.mark.parametrize(
    ("size", "parted", "kept"), [(2, 0.199, 0.201), (3, 0.157, 0.158), (5, 0.131, 0.132), (30, 0.104, 0.105)]
)
def test_the_fewer_the_pairs_the_more_alike_they_must_be(size, parted, kept):
    assert not is_kept(size, parted)
    assert is_kept(size, kept)


def test_a_group_with_a_complaint_of_a_known_problem_stays():
    assert not is_kept(3, 0.11)
    assert is_kept(3, 0.11, np.array([-1, -1, 4]))


def test_pairs_that_are_not_linked_count_as_not_alike():
    links = Links(np.array([0, 1]), np.array([1, 2]), np.full(2, round(0.2 * SCALE)))
    assert without_weak(np.zeros(3, np.int64), links, 0.1).tolist() == [0, 1, 2]


def test_single_complaints_and_other_groups_are_left_as_they_are():
    links = Links(np.array([1, 3]), np.array([2, 4]), np.array([round(0.3 * SCALE), round(0.1 * SCALE)]))
    assert without_weak(np.array([0, 1, 1, 3, 3]), links, 0.1).tolist() == [0, 1, 1, 3, 4]


def test_nothing_is_no_trouble():
    none = np.zeros(0, np.int64)
    assert without_weak(none, Links(none, none, none), 0.1).tolist() == []
