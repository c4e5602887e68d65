"""Average linkage on a sparse graph against SciPy's on the full matrix, and what known groups change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from pipeline.problems.linkage import cluster
from pipeline.problems.linking import SCALE, Links


def links(pairs):
    left, right, weight = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Links(np.array(left, int), np.array(right, int), np.rint(np.array(weight) * SCALE).astype(np.int64))


def parts(labels):
    return sorted(tuple(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist()))


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 12), st.integers(0, 2**32), st.floats(0.05, 0.95), st.floats(0.1, 1.0))
def test_equals_the_average_linkage_of_scipy(size, seed, threshold, density):
    chance = np.random.default_rng(seed)
    pairs = [
        (i, j, float(chance.random())) for i in range(size) for j in range(i + 1, size) if chance.random() < density
    ]
    similarity = np.zeros((size, size))
    for i, j, weight in pairs:
        similarity[i, j] = similarity[j, i] = weight
    distance = 1 - similarity
    np.fill_diagonal(distance, 0)
    expected = fcluster(linkage(squareform(distance), "average"), 1 - threshold, "distance")
    assert parts(cluster(links(pairs), size, threshold)) == parts(expected)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 15), st.integers(0, 2**32))
def test_equal_similarities_end_and_merge_everything_above_the_threshold(size, seed):
    chance = np.random.default_rng(seed)
    pairs = [(i, j, 0.5) for i in range(size) for j in range(i + 1, size)]
    chance.shuffle(pairs)
    pairs = [(int(i), int(j), weight) for i, j, weight in pairs]
    assert parts(cluster(links(pairs), size, 0.4)) == [tuple(range(size))]
    assert parts(cluster(links(pairs), size, 0.6)) == [(place,) for place in range(size)]


def test_known_groups_start_together_and_never_meet():
    pairs = [(0, 1, 0.01), (1, 2, 0.9), (2, 3, 0.9), (3, 4, 0.9)]
    known = np.array([0, 0, -1, -1, 1])
    labels = cluster(links(pairs), 5, 0.2, known)
    assert labels[0] == labels[1] != labels[4]
    assert set(labels[[2, 3]]) <= {labels[0], labels[4]}


@pytest.mark.parametrize("size", [0, 1, 3])
def test_without_links_everybody_stays_alone(size):
    assert cluster(links([]), size, 0.1).tolist() == list(range(size))


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 14), st.integers(0, 2**32), st.floats(0.05, 0.95), st.floats(0.1, 1.0))
def test_known_groups_are_joined_as_if_the_best_pair_were_merged_again_and_again(size, seed, threshold, density):
    chance = np.random.default_rng(seed)
    pairs = [
        (i, j, float(chance.random())) for i in range(size) for j in range(i + 1, size) if chance.random() < density
    ]
    known = chance.integers(-3, 3, size).clip(-1)
    assert parts(cluster(links(pairs), size, threshold, known)) == one_by_one(links(pairs), size, threshold, known)


def one_by_one(links, size, threshold, known):
    """The clusters, merged one pair at a time; of two known groups none."""
    groups = [[place for place in range(size) if known[place] == label] for label in set(known.tolist()) - {-1}]
    groups += [[place] for place in range(size) if known[place] < 0]
    weight = np.zeros((size, size))
    weight[links.left, links.right] = weight[links.right, links.left] = links.weight

    def mean(one, other):
        apart = known[one].max() >= 0 and known[other].max() >= 0
        return -1.0 if apart else weight[np.ix_(one, other)].mean()

    while len(groups) > 1:
        best, one, other = max((mean(a, b), i, j) for i, a in enumerate(groups) for j, b in enumerate(groups[:i]))
        if best < threshold * SCALE or best <= 0:
            break
        groups[other] += groups.pop(one)
    return sorted(tuple(sorted(group)) for group in groups)
