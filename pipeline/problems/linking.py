"""Which complaints are about the same concrete trouble: pairs whose names and issues both agree.

Candidate pairs come from an inverted index over informative terms only, so the work grows with the number of
complaints and not with its square.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from pipeline.problems.facets import Facets
from pipeline.problems.terms import sorted_distinct

_INDEX_DEPTH = 200
_INDEX_TERMS = 32
_NEIGHBOURS = 40
_LEAST = 0.03
_BLOCK = 2000
_GRADES = 1 << 24
_PAIRS = 100_000
# similarities are kept as whole parts of this, so that sums do not depend on their order
SCALE = 1 << 30


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs ``left < right`` of complaints and their similarity (name cosine times issue cosine) in parts of SCALE."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.int64]

    def nearest(self, size: int) -> NDArray[np.float64]:
        """Each complaint's highest similarity to another one (0 to 1)."""
        best = np.zeros(size, np.int64)
        np.maximum.at(best, self.left, self.weight)
        np.maximum.at(best, self.right, self.weight)
        return best / SCALE


def link(facets: Facets, progress: Callable[[float], None] = lambda done: None) -> Links:
    """Find the pairs; ``progress`` is told the share of the work done."""
    left, right = _candidates(facets, progress)
    named = _cosines(facets.names, left, right)
    left, right, named = left[named > 0], right[named > 0], named[named > 0]
    weight = np.rint(named * _cosines(facets.issues, left, right) * SCALE).astype(np.int64)
    return Links(left[weight > 0], right[weight > 0], weight[weight > 0])


def _candidates(facets: Facets, progress: Callable[[float], None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each complaint's nearest others by the terms of the index, both ways, each pair once."""
    documents = facets.whole.shape[0]
    indexed = _strongest(facets.whole @ diags_array((facets.frequency <= _INDEX_DEPTH).astype(np.float64)))
    columns = csr_array(indexed.T)
    keys = []
    for start in range(0, documents, _BLOCK):
        keys.append(_nearest(csr_array(indexed[start : start + _BLOCK] @ columns), start, documents))
        progress(min(start + _BLOCK, documents) / documents)
    pairs = sorted_distinct(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    return pairs // max(documents, 1), pairs % max(documents, 1)


def _strongest(rows: csr_array) -> csr_array:
    """Each row's heaviest terms only: a long text must not meet everybody."""
    rows = csr_array(rows)
    rows.eliminate_zeros()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((rows.indices, -rows.data, row))
    rank = np.arange(len(order)) - rows.indptr[row[order]]
    kept = np.sort(order[rank < _INDEX_TERMS])
    return csr_array((rows.data[kept], (row[kept], rows.indices[kept])), shape=rows.shape)


def _nearest(scores: csr_array, start: int, documents: int) -> NDArray[np.int64]:
    """The best others of a block of complaints as keys ``smaller * documents + larger``."""
    row = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
    other = scores.indices.astype(np.int64)
    fit = (scores.data >= _LEAST) & (other != row + start)
    row, other = row[fit], other[fit]
    # one number holds row, score (best first) and other, so that a plain sort ranks them all
    ranked = np.sort(
        (row * _GRADES + np.rint((1 - scores.data[fit]) * (_GRADES - 1)).astype(np.int64)) * documents + other
    )
    other, row = ranked % documents, ranked // documents // _GRADES
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    first = rank < _NEIGHBOURS
    one, two = row[first] + start, other[first]
    return np.minimum(one, two) * documents + np.maximum(one, two)


def _cosines(rows: csr_array, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cosine of each pair of unit rows."""
    made = [np.asarray(rows[left[part]].multiply(rows[right[part]]).sum(axis=1)).ravel() for part in _parts(len(left))]
    return np.concatenate(made) if made else np.zeros(0)


def _parts(length: int) -> Iterator[slice]:
    for start in range(0, length, _PAIRS):
        yield slice(start, start + _PAIRS)
