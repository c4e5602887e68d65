"""Which complaints are about the same concrete trouble: pairs whose names and issues both agree.

Candidate pairs come from an inverted index over informative terms only, so the work grows with the number of
complaints and not with its square.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.model.sparse_rows import SparseRows, turned
from pipeline.native import compiled
from pipeline.native.blocks import in_blocks
from pipeline.problems.facets import Facets
from pipeline.problems.terms import sorted_distinct

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_INDEX_DEPTH = 200
_INDEX_TERMS = 32
_NEIGHBOURS = 40
_LEAST = 0.03
_BLOCK = 2000
_GRADES = 1 << 24
_PAIRS = 50_000
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
    native = compiled("similarity")
    allowed = facets.frequency <= _INDEX_DEPTH
    documents = facets.whole.shape[0]
    if native is None:
        indexed = _strongest(facets.whole, allowed)
        nearest = partial(_nearest, indexed.csr(), turned(indexed).csr())
    else:
        indexed = _strongest_natively(native, facets.whole, allowed)
        nearest = partial(_nearest_natively, native, indexed, turned(indexed))
    keys = []
    for part in in_blocks(nearest, documents, _BLOCK):
        keys.append(part)
        progress(min(len(keys) * _BLOCK, documents) / documents)
    pairs = sorted_distinct(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    return pairs // max(documents, 1), pairs % max(documents, 1)


def _strongest(rows: SparseRows, allowed: NDArray[np.bool_]) -> SparseRows:
    """Each row's heaviest terms only: a long text must not meet everybody."""
    inside = np.flatnonzero(allowed[rows.indices])
    row, column = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[inside], rows.indices[inside]
    value = rows.data[inside]
    order = np.lexsort((column, -value, row))
    kept = np.sort(order[np.arange(len(row)) - np.searchsorted(row, row) < _INDEX_TERMS])
    starts = np.searchsorted(row[kept], np.arange(rows.shape[0] + 1)).astype(rows.indptr.dtype)
    return SparseRows(value[kept], column[kept], starts, rows.shape)


def _nearest(indexed: "csr_array", postings: "csr_array", begin: int, end: int) -> NDArray[np.int64]:
    """The best others of a block of complaints as keys ``smaller * documents + larger``."""
    documents = indexed.shape[0]
    scores = indexed[begin:end] @ postings
    row = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
    other = scores.indices.astype(np.int64)
    fit = (scores.data >= _LEAST) & (other != row + begin)
    row, other = row[fit], other[fit]
    # one number holds row, score (best first) and other, so that a plain sort ranks them all
    ranked = np.sort(
        (row * _GRADES + np.rint((1 - scores.data[fit]) * (_GRADES - 1)).astype(np.int64)) * documents + other
    )
    other, row = ranked % documents, ranked // documents // _GRADES
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    first = rank < _NEIGHBOURS
    one, two = row[first] + begin, other[first]
    return np.minimum(one, two) * documents + np.maximum(one, two)


def _cosines(rows: SparseRows, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cosine of each pair of unit rows."""
    native = compiled("similarity")
    cosine = partial(_cosine, rows.csr()) if native is None else partial(_cosine_natively, native, rows)
    made = list(in_blocks(partial(cosine, left, right), len(left), _PAIRS))
    return np.concatenate(made) if made else np.zeros(0)


def _cosine(
    rows: "csr_array", left: NDArray[np.int64], right: NDArray[np.int64], begin: int, end: int
) -> NDArray[np.float64]:
    shared = rows[left[begin:end]].multiply(rows[right[begin:end]])
    pair = np.repeat(np.arange(end - begin), np.diff(shared.indptr))
    # added up one by one, unlike ``sum``, whose order is numpy's secret
    return np.bincount(pair, shared.data, end - begin).astype(np.float64)


def _strongest_natively(native: ModuleType, rows: SparseRows, allowed: NDArray[np.bool_]) -> SparseRows:
    entries = len(rows.data)
    starts, columns, values = np.zeros(rows.shape[0] + 1, np.int64), np.empty(entries, np.int32), np.empty(entries)
    native.strongest(*_arrays(rows), allowed.view(np.uint8), _INDEX_TERMS, starts, columns, values)
    filled = int(starts[-1])
    return SparseRows(values[:filled], columns[:filled], starts.astype(rows.indptr.dtype), rows.shape)


def _nearest_natively(
    native: ModuleType, indexed: SparseRows, postings: SparseRows, begin: int, end: int
) -> NDArray[np.int64]:
    documents = indexed.shape[0]
    scores, met = np.zeros(documents), np.empty(documents, np.int32)
    pairs, size = np.empty((end - begin, _NEIGHBOURS), np.int64), np.empty(end - begin, np.int64)
    limits = _LEAST, float(_GRADES - 1)
    native.nearest(*_arrays(indexed), *_arrays(postings), *limits, scores, met, pairs, size, begin)
    found: NDArray[np.int64] = pairs[np.arange(_NEIGHBOURS) < size[:, None]]
    return found


def _cosine_natively(
    native: ModuleType, rows: SparseRows, left: NDArray[np.int64], right: NDArray[np.int64], begin: int, end: int
) -> NDArray[np.float64]:
    found = np.empty(end - begin)
    native.cosines(*_arrays(rows), left[begin:end], right[begin:end], np.zeros(rows.shape[1]), found)
    return found


def _arrays(rows: SparseRows) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.floating]]:
    """A sparse matrix as the compiled loops take it."""
    return rows.indptr.astype(np.int64, copy=False), rows.indices.astype(np.int32, copy=False), rows.data
