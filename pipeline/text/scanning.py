"""Tells which texts of a batch can hold what is searched for: one pass over all of them instead of many over each.

A scan never misses: a text without a flag holds none of its characters and words. It may say yes too often: of a word
it sees only the first two and the last two characters, and characters beyond the basic plane count as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from types import ModuleType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled

FLAGS = 32
EVERYTHING = (1 << FLAGS) - 1
# stands between texts; as the last character of a word it means the end of a text
END = "\ufdd0"
WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
_CODES = 0x10000
# every character from here on, so everything outside the basic plane, has one place in the tables, with every flag
_BEYOND = 0xFFFF
_MIX = 40503
_ALL_BITS = (1 << 2 * FLAGS) - 1
# characters that surround a batch, so that looks back and ahead stay inside it
_BEFORE, _BEHIND = 8, 16
_HALF = np.uint64(FLAGS)
_TEXTS_AT_ONCE = 2048
_CHARACTERS_AT_ONCE = 200_000


Code = TypeVar("Code", int, NDArray[np.intp])


@dataclass(frozen=True, eq=False)
class Batch:
    """Some texts end to end, ``END`` between them, joined once for all who look at them."""

    texts: Sequence[str]
    joined: str

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Batch":
        """Join the texts.

        >>> batch = Batch.of(["AB", "C"])
        >>> batch.starts.tolist(), batch.ends.tolist(), batch.codes[batch.starts].tolist()
        ([8, 11], [10, 12], [65, 67])
        """
        return cls(texts, END * _BEFORE + END.join(texts) + END * _BEHIND)

    @cached_property
    def native(self) -> ModuleType | None:
        """The compiled scans, if there are any."""
        return compiled("scanning")

    @cached_property
    def codes(self) -> NDArray[np.intp]:
        """The code of each character, those beyond the basic plane as one.

        They are as wide as an index, because numpy then looks them up in a table several times sooner.
        """
        whole = np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return np.minimum(whole, _BEYOND).astype(np.intp)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Where in ``joined`` each text begins."""
        return np.concatenate(([_BEFORE], self.ends[:-1] + 1))

    @cached_property
    def ends(self) -> NDArray[np.intp]:
        """The place behind each text."""
        lengths = np.fromiter(map(len, self.texts), dtype=np.intp, count=len(self.texts))
        return np.cumsum(lengths + 1) + (_BEFORE - 1)

    def texts_of(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the number of the text in which each place of ``joined`` lies."""
        return np.searchsorted(self.starts, places, "right") - 1


def batches(texts: Sequence[str]) -> Iterator[Batch]:
    """Yield runs of texts, few enough for the arrays to stay in the processor's cache and long texts alone."""
    if 0 < len(texts) <= _TEXTS_AT_ONCE and sum(map(len, texts)) <= _CHARACTERS_AT_ONCE:
        yield Batch.of(texts)
        return
    first = characters = 0
    for place, text in enumerate(texts):
        if place > first and (place - first == _TEXTS_AT_ONCE or characters + len(text) > _CHARACTERS_AT_ONCE):
            yield Batch.of(texts[first:place])
            first, characters = place, 0
        characters += len(text)
    if first < len(texts):
        yield Batch.of(texts[first:])


def pair_places(firsts: Code, seconds: Code) -> Code:
    """Return the place of pairs of characters in a table of 65,536, which some of them share."""
    return (firsts * _MIX + seconds) & 0xFFFF


@dataclass(frozen=True)
class Cues:
    """What sets which flag (one bit of the lowest ``FLAGS``); ``words`` are of two characters or more."""

    characters: Mapping[int, Iterable[str]] = field(default_factory=dict)
    words: Mapping[int, Iterable[str]] = field(default_factory=dict)
    spans: Mapping[int, tuple[Iterable[str], Iterable[str]]] = field(default_factory=dict)
    """Pairs of characters with which a stretch begins and pairs with which it ends: one of each must be there."""
    edges: Mapping[int, Iterable[str]] = field(default_factory=dict)
    """Characters that count only at either end of a text."""
    twice: Mapping[int, Iterable[str]] = field(default_factory=dict)
    """Characters that count when two of them stand in a row."""
    four_times: Mapping[int, Iterable[str]] = field(default_factory=dict)


class Scanner:
    """Finds the flags of each text of a batch.

    >>> scanner = Scanner(Cues(characters={1: "&"}, words={2: ["客户经理"]}, edges={4: "。"}))
    >>> scanner.flags(["A&B", "找客户经理。", "客户。经办。理由", ""])
    [1, 6, 0, 0]
    """

    def __init__(self, cues: Cues) -> None:
        # low half: flags of the character; high half: flags of the words that begin with it
        self._characters = _table(cues.characters)
        # low half: flags of the words that begin with the pair; high half: of those that end with it
        self._pairs = np.zeros(_CODES, dtype=np.uint64)
        # high half: flags of the words that end with the character
        self._lasts = np.zeros(_CODES, dtype=np.uint64)
        for flag, words in cues.words.items():
            whole = tuple(words)
            self._add_span(flag, [word[:2] for word in whole], [word[-2:] for word in whole])
        for flag, (firsts, lasts) in cues.spans.items():
            self._add_span(flag, tuple(firsts), tuple(lasts))
        self._characters[_BEYOND] = _ALL_BITS
        self._edges = _table(cues.edges)
        self._twice = _table(cues.twice)
        self._four_times = _table(cues.four_times)
        self.tables = (
            *(self._classes(), np.packbits(self._pairs > 0, bitorder="little")),
            *(self._characters, self._pairs, self._lasts, self._edges, self._twice, self._four_times),
        )
        self._told_edges = bool(cues.edges)
        self._told_twice = bool(cues.twice or cues.four_times)

    def flags(self, texts: Sequence[str]) -> list[int]:
        """Return the flags of each text, in order."""
        return [flag for batch in batches(texts) for flag in self.flags_of(batch).tolist()]

    def flags_of(self, batch: Batch) -> NDArray[np.uint64]:
        """Return the flags of each text of a batch, in order."""
        if batch.native is not None:
            flags: NDArray[np.uint64] = batch.native.flags(batch.joined, batch.starts, batch.ends, self.tables)
            return flags
        codes, starts = batch.codes, batch.starts
        characters = self._characters.take(codes)
        pairs = self._pairs.take(pair_places(codes[:-1], codes[1:]))
        # a word begins only where its first character stands and ends where its last does: that undoes nearly all
        # accidents of the hash
        pairs &= (characters[:-1] >> _HALF) | self._lasts.take(codes[1:])
        told = np.bitwise_or.reduceat(characters, starts)
        words = np.bitwise_or.reduceat(pairs, starts)
        told |= words & (words >> _HALF)
        if self._told_twice:
            told |= self._told_by_runs(batch)
        if self._told_edges:
            told |= self._edges.take(codes[starts]) | self._edges.take(codes[batch.ends - 1])
        # where a character beyond the plane stands anything may be
        told[batch.texts_of(np.flatnonzero(codes == _BEYOND))] = EVERYTHING
        return told & np.uint64(EVERYTHING)

    def _add_span(self, flag: int, firsts: Sequence[str], lasts: Sequence[str]) -> None:
        self._characters[[min(ord(first[0]), _BEYOND) for first in firsts]] |= np.uint64(flag << FLAGS)
        self._lasts[[min(ord(last[1]), _BEYOND) for last in lasts]] |= np.uint64(flag << FLAGS)
        for pairs, shift in ((firsts, 0), (lasts, FLAGS)):
            self._pairs[[pair_places(ord(pair[0]), ord(pair[1])) for pair in pairs]] |= np.uint64(flag << shift)

    def _classes(self) -> NDArray[np.uint8]:
        """Tell at a glance of which tables a character has something: most have nothing in any."""
        begin = (self._characters >> _HALF) > 0
        told = (self._characters & np.uint64(EVERYTHING)) > 0
        kinds = (told, begin, self._lasts > 0, self._twice > 0, self._four_times > 0)
        return np.packbits(np.stack(kinds, axis=1), axis=1, bitorder="little")[:, 0]

    def _told_by_runs(self, batch: Batch) -> NDArray[np.uint64]:
        codes = batch.codes
        told = np.zeros(len(batch.starts), dtype=np.uint64)
        twice = codes[:-1] == codes[1:]
        places = np.flatnonzero(twice[_BEFORE : batch.ends[-1] - 1]) + _BEFORE
        four = np.where(twice[places + 1] & twice[places + 2], self._four_times[codes[places]], np.uint64(0))
        np.bitwise_or.at(told, batch.texts_of(places), self._twice[codes[places]] | four)
        return told


def pairs_of(firsts: Iterable[str], seconds: Iterable[str]) -> Iterator[str]:
    """Return every character of the one followed by every character of the other.

    >>> list(pairs_of("1", "号栋"))
    ['1号', '1栋']
    """
    return map("".join, product(firsts, seconds))


@cache
def basic_plane() -> str:
    """Return every character of the basic plane, in order of code."""
    return "".join(map(chr, range(_CODES)))


def _table(flags: Mapping[int, Iterable[str]]) -> NDArray[np.uint64]:
    table = np.zeros(_CODES, dtype=np.uint64)
    for flag, characters in flags.items():
        codes = np.frombuffer("".join(characters).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        table[np.minimum(codes, _BEYOND)] |= np.uint64(flag)
    return table
