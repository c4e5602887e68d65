"""The few words that carried a decision, for every row of a batch."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from pipeline.model.sparse_rows import SparseRows, loops_for, row_numbers

Reason = tuple[tuple[str, float], ...]

_SHOWN = 5
_LOOKED_AT = 10
_FAINT = 0.2


def deciding_words(
    rows: SparseRows,
    norms: NDArray[np.floating],
    weights: NDArray[np.floating],
    usual: NDArray[np.floating],
    leaf: NDArray[np.integer],
    names: list[str],
) -> list[Reason]:
    """Return the words that spoke most for the ``leaf`` of each row, strongest first.

    A word's share is what its column adds to the row's margin there beyond the ``usual``, its mean weight over all
    leaves; where that is not a number, the column is never shown.
    """
    native = loops_for(rows, weights, usual)
    if native is not None:
        entries = rows.indptr, rows.indices, rows.data
        found: list[Reason] = native.reasons(*entries, weights, norms, usual, leaf, names, _FAINT)
        return found
    shown = np.flatnonzero(~np.isnan(usual).take(rows.indices))
    owners, columns = row_numbers(rows).take(shown), rows.indices.take(shown)
    # by the place in the flat array: a look-up by row and column takes three times as long
    shares = weights.ravel().take(columns * np.int64(weights.shape[1]) + leaf.take(owners))
    shares -= usual.take(columns)
    shares *= (rows.data.take(shown) / norms.take(owners)).astype(shares.dtype)
    return top_reasons(owners, shares, columns, names, rows.shape[0])


def top_reasons(
    rows: NDArray[np.integer],
    shares: NDArray[np.floating],
    columns: NDArray[np.integer],
    names: Sequence[str],
    documents: int,
) -> list[Reason]:
    """Return per document up to five (word, share) pairs, strongest first.

    ``rows``, ``shares`` and ``columns`` are parallel: a feature of a document and its part of the score. Features under
    20 % of the document's strongest are noise and left out.
    """
    positive = np.flatnonzero(shares > 0)
    rows, shares, columns = rows.take(positive), shares.take(positive), columns.take(positive)
    strongest = np.zeros(documents)
    if len(rows):
        starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
        strongest[rows[starts]] = np.maximum.reduceat(shares, starts)
    chosen = np.flatnonzero(shares > _FAINT * strongest.take(rows))
    order = chosen.take(_strongest_first(rows.take(chosen), shares.take(chosen)))
    ends = np.searchsorted(rows.take(order), np.arange(documents + 1)).tolist()
    words = [names[column] for column in columns.take(order).tolist()]
    worth = shares.take(order).tolist()
    return [merged(words[i : i + _LOOKED_AT], worth[i : i + _LOOKED_AT], j - i) for i, j in pairwise(ends)]


def _strongest_first(rows: NDArray[np.integer], shares: NDArray[np.floating]) -> NDArray[np.intp]:
    """Order positive shares by row, and inside of a row downwards; equal ones keep their order."""
    if shares.dtype != np.float32:
        return np.lexsort((-shares, rows))
    # the bits of positive numbers rise as the numbers do: row and share are one integer, nearly in order already
    return np.argsort((rows.astype(np.int64) << 32) - shares.view(np.int32), kind="stable")


def merged(words: Sequence[str], shares: Sequence[float], count: int = _LOOKED_AT) -> Reason:
    """Join what says the same among the first ``count`` words: the fields of one word, and pieces of a longer one.

    >>> merged(["宽带", "宽带", "带慢", "慢"], [0.25, 0.125, 0.0625, 0.03125])
    (('宽带', 0.375), ('带慢', 0.09375))
    """
    joined: dict[str, float] = {}
    # until a longer word has taken the place of another, no word here holds another: a known one can only meet itself
    apart = True
    for word, share in zip(words[:count], shares, strict=False):
        if apart and word in joined:
            joined[word] += share
            continue
        for known in joined:
            if word in known:
                joined[known] += share
                break
            if known in word:
                joined[word] = joined.get(word, 0.0) + (joined.pop(known) + share)
                apart = False
                break
        else:
            joined[word] = share
    ranked = sorted(joined.items(), key=itemgetter(1), reverse=True)
    return tuple(ranked[:_SHOWN])
