"""The few words that carried a decision, for every row of a batch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Reason = tuple[tuple[str, float], ...]

_SHOWN = 5
_FAINT = 0.15


def top_reasons(
    rows: NDArray[np.integer],
    shares: NDArray[np.floating],
    columns: NDArray[np.integer],
    names: Sequence[str],
    documents: int,
) -> list[Reason]:
    """Return per document up to five (word, share) pairs, strongest first.

    ``rows``, ``shares`` and ``columns`` are parallel: a feature of a document and its part of the score. Features under
    15 % of the document's strongest are noise and left out.
    """
    strongest = np.zeros(documents)
    np.maximum.at(strongest, rows, shares)
    chosen = np.flatnonzero((shares > _FAINT * strongest[rows]) & (shares > 0))
    order = chosen[np.lexsort((-shares[chosen], rows[chosen]))]
    ends = np.searchsorted(rows[order], np.arange(documents + 1)).tolist()
    found = [(names[c], s) for c, s in zip(columns[order].tolist(), shares[order].tolist(), strict=True)]
    return [merged(found[start:end]) for start, end in zip(ends[:-1], ends[1:], strict=True)]


def merged(pairs: Sequence[tuple[str, float]]) -> Reason:
    """Join what says the same: the fields of one word, and pieces that a longer listed word holds.

    >>> merged([("宽带", 0.3), ("宽带", 0.1), ("带慢", 0.05), ("慢", 0.02)])
    (('宽带', 0.4), ('带慢', 0.07))
    """
    shares: dict[str, float] = {}
    for name, value in pairs:
        holder = next((known for known in shares if name in known), None)
        if holder is not None:
            shares[holder] += value
            continue
        pieces = [known for known in shares if known in name]
        shares[name] = value + sum(shares.pop(piece) for piece in pieces)
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((name, round(value, 4)) for name, value in ranked[:_SHOWN])
