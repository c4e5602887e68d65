"""What speaks for asking a person about a text, as numbers between 0 and 1, one per text asked for.

Likeness is the cosine of TF-IDF rows throughout.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from pipeline.labels.queue import Pool

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

_NEIGHBOURS = 5
# below this likeness a labelled text says nothing of another one
_NEAR = 0.15
_AT_ONCE = 1000
# pseudo-labels of every category, so that one without labels is rare, not infinitely so
_PRIOR = 5.0


@dataclass(frozen=True, slots=True)
class Signals:
    """One entry per text: ``guess`` is the place of the likeliest category, ``stands_for`` the number of texts like it.

    That is of its copies, and of the members of its group where it is the one most like all texts.


    ``uncertain``: 1 where the two likeliest categories are level; ``rare``: how few labels the likely category has;
    ``neighbours``: share of near labelled texts with another label than ``guess``; ``new_words``: share of words the
    model does not know, or of weight in features that no labelled text has, beyond what is usual in the pool;
    ``density``: mean likeness to all texts, over the pool's largest.
    """

    guess: Ints
    stands_for: Ints
    uncertain: Floats
    rare: Floats
    neighbours: Floats
    new_words: Floats
    density: Floats


def signals_of(pool: "Pool", places: Ints) -> Signals:
    """Return the signals of the texts at ``places``."""
    rows = unit_rows(pool.features)
    known = np.array([bool(label) for label in pool.labels], bool)
    guess, uncertain = _best_and_doubt(np.asarray(pool.shares, float)[places])
    asked = rows[places]
    density = _scaled(asked @ np.asarray(rows.mean(axis=0)).ravel())
    return Signals(
        guess=guess,
        stands_for=_copies(pool, places) + _group_sizes(pool, places, density),
        uncertain=uncertain,
        rare=_rarity(pool)[guess],
        neighbours=_disagreement(pool, asked, rows[known], known, guess),
        new_words=_new_words(pool, places, asked, rows[known]),
        density=density,
    )


def unit_rows(features: csr_array) -> csr_array:
    """Bring every row to unit length; an empty row stays empty."""
    rows = csr_array(features, dtype=np.float64)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    counts = np.diff(rows.indptr)
    return csr_array(
        (rows.data / np.repeat(np.where(lengths > 0, lengths, 1.0), counts), rows.indices, rows.indptr),
        shape=rows.shape,
    )


def _best_and_doubt(shares: Floats) -> tuple[Ints, Floats]:
    """The likeliest category, and one minus its lead over the second (shares brought to a sum of one)."""
    if shares.shape[1] < 2:
        return np.zeros(len(shares), np.int64), np.zeros(len(shares))
    total = shares.sum(axis=1, keepdims=True)
    even = np.where(total > 0, shares / np.where(total > 0, total, 1), 1 / shares.shape[1])
    second, first = np.partition(even, -2, axis=1)[:, -2:].T
    return even.argmax(axis=1), 1 - (first - second)


def _rarity(pool: "Pool") -> Floats:
    """Per category: labels of an even mix over labels it has, brought to at most 1."""
    counts = Counter(pool.labels)
    had = np.array([counts[name] + _PRIOR for name in pool.categories])
    return had.min(initial=np.inf) / had


def _disagreement(pool: "Pool", asked: csr_array, labelled: csr_array, known: NDArray[np.bool_], guess: Ints) -> Floats:
    found = np.zeros(asked.shape[0])
    if not labelled.shape[0]:
        return found
    spot = {name: i for i, name in enumerate(pool.categories)}
    told = np.array([spot.get(label, -1) for label in pool.labels])[known]
    for part, nearest, likeness in _nearest(asked, labelled):
        weight = np.where(likeness >= _NEAR, likeness, 0.0)
        others = (told[nearest] != guess[part][:, None]) * weight
        total = weight.sum(axis=1)
        found[part] = np.where(total > 0, others.sum(axis=1) / np.where(total > 0, total, 1), 0.0)
    return found


def _nearest(asked: csr_array, labelled: csr_array) -> Iterator[tuple[slice, Ints, Floats]]:
    """In parts: the places and likenesses of the labelled rows most like each asked row."""
    count = min(_NEIGHBOURS, labelled.shape[0])
    for start in range(0, asked.shape[0], _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, asked.shape[0]))
        likeness = (asked[part] @ labelled.T).toarray()
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        yield part, nearest, np.take_along_axis(likeness, nearest, axis=1)


def _new_words(pool: "Pool", places: Ints, asked: csr_array, labelled: csr_array) -> Floats:
    found = np.zeros(len(places)) if pool.unknown is None else _beyond_usual(np.asarray(pool.unknown, float)[places])
    if not labelled.shape[0]:
        return found
    seen = np.zeros(asked.shape[1], bool)
    seen[labelled.indices] = True
    fresh = csr_array((asked.data**2 * ~seen[asked.indices], asked.indices, asked.indptr), shape=asked.shape)
    return np.maximum(found, _beyond_usual(np.asarray(fresh.sum(axis=1)).ravel()))


def _beyond_usual(shares: Floats) -> Floats:
    """What lies above the median, brought to 0 to 1."""
    usual = float(np.median(shares)) if len(shares) else 0.0
    return np.clip((shares - usual) / (1 - usual), 0, 1) if usual < 1 else np.zeros(len(shares))


def _copies(pool: "Pool", places: Ints) -> Ints:
    copy_of = np.asarray(pool.copy_of)
    return np.bincount(copy_of, minlength=len(pool))[copy_of[places]]


def _group_sizes(pool: "Pool", places: Ints, density: Floats) -> Ints:
    """Size of a text's group where the text is the group's densest, otherwise 0."""
    sizes = Counter(pool.groups)
    best: dict[str, int] = {}
    for spot, place in enumerate(places.tolist() if pool.groups else ()):
        group = pool.groups[place]
        if group and density[spot] > density[best.setdefault(group, spot)]:
            best[group] = spot
    found = np.zeros(len(places), np.int64)
    for group, spot in best.items():
        found[spot] = sizes[group]
    return found


def _scaled(values: Floats) -> Floats:
    top = values.max(initial=0.0)
    return values / top if top > 0 else values
