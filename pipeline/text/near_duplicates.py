"""Texts that are (nearly) the same: exact copies first, then re-sent, forwarded and slightly edited ones.

Bottom-k sketches of hashed character trigrams (Broder 1997, "On the resemblance and containment of documents") give
the candidates and the estimate of their Jaccard similarity at once, in time proportional to the number of characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SKETCH = 48
_BUCKET = 64
_SHINGLE = 3
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Twins:
    """``group[i]`` is the smallest index among the texts linked with text ``i`` (``i`` itself when it stands alone)."""

    group: NDArray[np.int64]

    @property
    def groups(self) -> int:
        """Number of distinct texts, near-duplicates counted once."""
        return len(np.unique(self.group))


def near_duplicates(texts: Sequence[str], threshold: float = 0.5) -> Twins:
    """Link texts whose sets of character trigrams have a Jaccard similarity of about ``threshold`` or more.

    Independent of the order of the texts up to the numbering; links are transitive.

    >>> near_duplicates(["宽带又断了三天没人修", "宽带又断了三天没人修", "多扣了我二十块钱"]).group.tolist()
    [0, 0, 2]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    originals, place = _collapse(texts)
    left, right = _similar_pairs(_sketches(originals), threshold)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(originals), len(originals)))
    component = connected_components(graph, directed=False)[1][place] if originals else np.zeros(0, np.int64)
    first = np.full(component.max(initial=-1) + 1, len(texts))
    np.minimum.at(first, component, np.arange(len(texts)))
    return Twins(first[component].astype(np.int64))


def _collapse(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct texts (letters and digits only) and, for each input, the place of its own."""
    places: dict[str, int] = {}
    spots = [places.setdefault("".join(filter(str.isalnum, text)), len(places)) for text in texts]
    return list(places), np.array(spots, np.int64)


def _sketches(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """(document, hash) pairs of every document's smallest hashes, sorted by document and hash."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    documents = np.repeat(np.arange(len(texts)), lengths)
    if len(codes) < _SHINGLE:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    spans = len(codes) - _SHINGLE + 1
    shifted = [codes[k : k + spans] << np.uint64(21 * k) for k in range(_SHINGLE)]
    hashes = _mixed(np.bitwise_or.reduce(shifted))
    whole = documents[:spans] == documents[_SHINGLE - 1 :]
    owner, hashes = documents[:spans][whole], hashes[whole]
    order = np.lexsort((hashes, owner))
    owner, hashes = owner[order], hashes[order]
    fresh = np.ones(len(owner), bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (hashes[1:] != hashes[:-1])
    owner, hashes = owner[fresh], hashes[fresh]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    return owner[rank < _SKETCH], hashes[rank < _SKETCH]


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter keys over 64 bits (the finaliser of SplitMix64), so that the smallest are a random choice."""
    keys = keys * _MIX
    keys = (keys ^ (keys >> np.uint64(30))) * _MIX2
    return keys ^ (keys >> np.uint64(31))


def _similar_pairs(
    sketch: tuple[NDArray[np.int64], NDArray[np.uint64]], threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    owner, hashes = sketch
    order = np.lexsort((owner, hashes))
    by_hash, documents = hashes[order], owner[order]
    start = np.searchsorted(by_hash, by_hash)
    rank = np.arange(len(by_hash)) - start
    links = []
    # each document meets its nearest predecessors in a bucket only, which keeps huge buckets linear
    for step in range(1, _BUCKET):
        later = np.flatnonzero(rank >= step)
        if not len(later):
            break
        links.append(documents[later - step] * (owner.max() + 1) + documents[later])
    if not links:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    pairs, shared = np.unique(np.concatenate(links), return_counts=True)
    left, right = np.divmod(pairs, owner.max() + 1)
    size = np.bincount(owner)
    smaller = np.minimum(size[left], size[right])
    # texts with fewer trigrams than a sketch are compared whole, longer ones by the share of the sketch in common
    union = np.where(smaller < _SKETCH, size[left] + size[right] - shared, _SKETCH)
    alike = shared / union >= np.where(smaller < _SKETCH, threshold, _sketch_share(threshold))
    return left[alike], right[alike]


def _sketch_share(jaccard: float) -> float:
    """Share of two equal-sized bottom-k sketches that texts of this Jaccard similarity have in common.

    Of the k smallest hashes of one text, those among the common part survive in the other's k smallest with a chance
    near J/(J+(1-J)/2) = 2J/(1+J), for sets of about equal size.
    """
    return 2 * jaccard / (1 + jaccard)
