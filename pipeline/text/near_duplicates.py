"""Texts that are (nearly) the same: exact copies first, then re-sent, forwarded and slightly edited ones.

Bottom-k sketches of hashed character trigrams (Broder 1997, "On the resemblance and containment of documents") give
the candidates and the estimate of their Jaccard similarity at once, in time proportional to the number of characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled
from pipeline.native.blocks import in_blocks
from pipeline.text.chains import chain_numbers
from pipeline.text.segmentation import codes_of, lengths_of

_SKETCH = 48
_BUCKET = 64
_SHINGLE = 3
# texts sketched, and pairs compared, at a time; pairs held before they are compared
_PORTION = 20_000
# texts that one thread sketches at a time
_BLOCK = 2_500
_MOST_HELD = 2_000_000
_NOTHING = np.uint64(2**64 - 1)
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
    native = compiled("similarity")
    if native is None:
        originals, place = _collapse(_letters_and_digits(texts))
        component = chain_numbers(*_similar_pairs(_sketches(originals), threshold), len(originals))[place]
    else:
        originals, place = _collapse(native.letters_and_digits(list(texts)))
        component = _groups_natively(originals, threshold, native)[place]
    first = np.full(component.max(initial=-1) + 1, len(texts))
    np.minimum.at(first, component, np.arange(len(texts)))
    return Twins(first[component].astype(np.int64))


def _letters_and_digits(texts: Sequence[str]) -> list[str]:
    return ["".join(filter(str.isalnum, text)) for text in texts]


def _collapse(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct texts, sorted, and for each text the place of its own."""
    distinct = sorted(set(texts))
    places = {text: place for place, text in enumerate(distinct)}
    return distinct, np.array([places[text] for text in texts], np.int64)


@dataclass(frozen=True, slots=True)
class _Sketches:
    """The smallest hashes of every document, ascending: document ``i`` has ``size[i]`` from ``start[i]`` on."""

    hashes: NDArray[np.uint64]
    size: NDArray[np.int64]

    @property
    def start(self) -> NDArray[np.int64]:
        return np.cumsum(self.size) - self.size


def _sketches(texts: Sequence[str]) -> _Sketches:
    """Sketch all texts, some thousand at a time: the hashes of all their trigrams would not fit for long."""
    parts = [_sketched(texts[at : at + _PORTION]) for at in range(0, len(texts), _PORTION)]
    if not parts:
        return _Sketches(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    return _Sketches(np.concatenate([one.hashes for one in parts]), np.concatenate([one.size for one in parts]))


def _sketched(texts: Sequence[str]) -> _Sketches:
    codes, lengths = codes_of("".join(texts)), lengths_of(texts)
    if len(codes) < _SHINGLE:
        return _Sketches(np.zeros(0, np.uint64), np.zeros(len(texts), np.int64))
    documents = np.repeat(np.arange(len(texts)), lengths)
    spans = len(codes) - _SHINGLE + 1
    codes = codes.astype(np.uint64)
    shifted = [codes[k : k + spans] << np.uint64(21 * k) for k in range(_SHINGLE)]
    hashes = _mixed(np.bitwise_or.reduce(shifted))
    whole = documents[:spans] == documents[_SHINGLE - 1 :]
    owner, hashes = documents[:spans][whole], hashes[whole]
    order = np.lexsort((hashes, owner))
    owner, hashes = owner[order], hashes[order]
    fresh = np.ones(len(owner), bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (hashes[1:] != hashes[:-1])
    owner, hashes = owner[fresh], hashes[fresh]
    kept = np.arange(len(owner)) - np.searchsorted(owner, owner) < _SKETCH
    return _Sketches(hashes[kept], np.bincount(owner[kept], minlength=len(texts)))


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter keys over 64 bits (the finaliser of SplitMix64), so that the smallest are a random choice."""
    keys = keys * _MIX
    keys = (keys ^ (keys >> np.uint64(30))) * _MIX2
    return keys ^ (keys >> np.uint64(31))


def _similar_pairs(sketches: _Sketches, threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of documents whose sketches are alike; candidates share one of their rarest hashes."""
    found = [np.zeros((2, 0), np.int64)]
    for pairs in _candidates(sketches, threshold):
        left, right = np.divmod(pairs, len(sketches.size))
        alike = _alike(sketches, left, right, threshold)
        found.append(np.stack([left[alike], right[alike]]))
    left, right = np.concatenate(found, axis=1)
    return left, right


def _candidates(sketches: _Sketches, threshold: float) -> Iterator[NDArray[np.int64]]:
    """Give portions of pairs (left * documents + right) that have one of their rare hashes in common.

    A set of n hashes that shares at least ``threshold`` of them with another cannot miss it with its n - ceil(t*n) + 1
    rarest ones (prefix filter: Chaudhuri, Ganti & Kaushik 2006, "A primitive operator for similarity joins").
    """
    documents, hashes = _rarest(sketches, threshold)
    order = np.lexsort((documents, hashes))
    by_hash, documents = hashes[order], documents[order]
    rank = np.arange(len(by_hash)) - np.searchsorted(by_hash, by_hash)
    held: list[NDArray[np.int64]] = []
    # each document meets its nearest predecessors in a bucket only, which keeps huge buckets linear
    for step in range(1, _BUCKET):
        later = np.flatnonzero(rank >= step)
        if not len(later):
            break
        held.append(np.unique(documents[later - step] * len(sketches.size) + documents[later]))
        if sum(map(len, held)) > _MOST_HELD:
            yield np.unique(np.concatenate(held))
            held = []
    if held:
        yield np.unique(np.concatenate(held))


def _rarest(sketches: _Sketches, threshold: float) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """(document, hash) of the hashes of every document that the fewest documents have."""
    _, place, counts = np.unique(sketches.hashes, return_inverse=True, return_counts=True)
    documents = np.repeat(np.arange(len(sketches.size)), sketches.size)
    order = np.lexsort((sketches.hashes, counts[place], documents))
    rank = np.arange(len(documents)) - np.repeat(sketches.start, sketches.size)
    shared = counts[place[order]] > 1
    kept = (rank < np.repeat(_prefix(sketches.size, threshold), sketches.size)) & shared
    return documents[kept], sketches.hashes[order][kept]


def _alike(
    sketches: _Sketches, left: NDArray[np.int64], right: NDArray[np.int64], threshold: float
) -> NDArray[np.bool_]:
    """Whether the sketches of each pair of documents have enough hashes in common."""
    shared = np.concatenate(
        [
            _in_common(sketches, left[at : at + _PORTION], right[at : at + _PORTION])
            for at in range(0, len(left), _PORTION)
        ]
    )
    return shared >= _enough(threshold)[sketches.size[left] + sketches.size[right]]


def _enough(threshold: float) -> NDArray[np.int32]:
    """How many hashes two sketches must share, by the sum of their sizes.

    Texts with fewer trigrams than a sketch are compared whole, longer ones by the share of the sketch in common.
    """
    least = [
        next((shared for shared in range(total) if shared / (total - shared) >= threshold), total)
        for total in range(2 * _SKETCH)
    ]
    share = _sketch_share(threshold)
    return np.array([*least, sum(shared / _SKETCH < share for shared in range(_SKETCH + 1))], np.int32)


def _prefix(size: NDArray[np.int64], threshold: float) -> NDArray[np.int64]:
    """How many of a set's hashes, the rarest first, cannot all be missed by a set that shares enough of them."""
    return size - np.ceil(threshold * size).astype(np.int64) + 1


def _in_common(sketches: _Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of hashes that two documents share, for each pair."""
    column = np.arange(_SKETCH)
    both = np.full((len(left), 2 * _SKETCH), _NOTHING)
    for at, side in ((0, left), (_SKETCH, right)):
        filled = column < sketches.size[side][:, None]
        both[:, at : at + _SKETCH][filled] = sketches.hashes[(sketches.start[side][:, None] + column)[filled]]
    both.sort(axis=1)
    return ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] != _NOTHING)).sum(axis=1)


def _sketch_share(jaccard: float) -> float:
    """Share of two equal-sized bottom-k sketches that texts of this Jaccard similarity have in common.

    Of the k smallest hashes of one text, those among the common part survive in the other's k smallest with a chance
    near J/(J+(1-J)/2) = 2J/(1+J), for sets of about equal size.
    """
    return 2 * jaccard / (1 + jaccard)


def _groups_natively(texts: Sequence[str], threshold: float, native: ModuleType) -> NDArray[np.int64]:
    """The first text of each one's group; pairs that are joined already are not compared."""
    hashes, size = _sketched_natively(texts, native)
    total = int(size.sum())
    numbers = np.zeros(hashes.shape, np.int32)
    frequency = np.zeros(total + 1, np.int32)
    places = 2 ** (total + total // 2).bit_length()
    native.number(hashes, size, np.zeros(places, np.uint64), np.zeros(places, np.int32), numbers, frequency)
    kept = np.zeros(len(texts), np.int64)
    native.rarest(size, _prefix(size, threshold), frequency, numbers, kept)
    held = np.bincount(numbers[np.arange(_SKETCH) < kept[:, None]], minlength=total + 1)
    buckets = np.cumsum(held) - held, np.zeros(total + 1, np.int64), np.zeros(int(held.sum()), np.int64)
    met, group = np.zeros(len(texts), np.int64), np.arange(len(texts), dtype=np.int64)
    native.join_alike(hashes, size, numbers, kept, *buckets, _enough(threshold), _BUCKET - 1, met, group)
    return group


def _sketched_natively(texts: Sequence[str], native: ModuleType) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Row ``i`` holds the smallest hashes of text ``i``, ascending, and how many they are."""
    hashes, size = np.zeros((len(texts), _SKETCH), np.uint64), np.zeros(len(texts), np.int64)
    for start in range(0, len(texts), _PORTION):
        portion = slice(start, start + _PORTION)
        codes, ends = codes_of("".join(texts[portion])), np.cumsum(lengths_of(texts[portion]))
        list(in_blocks(partial(native.sketch, codes, ends, hashes[portion], size[portion]), len(ends), _BLOCK))
    return hashes, size
