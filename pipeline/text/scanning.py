"""Tells which texts of a batch can hold what is searched for: one pass over all of them instead of many over each.

A scan never misses: a text without a flag holds none of its characters and words. It may say yes too often: of a word
it sees only the first two and the last two characters, and characters beyond the basic plane count as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

FLAGS = 16
EVERYTHING = (1 << FLAGS) - 1
# stands between texts; as the last character of a word it means the end of a text
END = "\ufdd0"
WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
_CODES = 0x10000
# every character from here on, so everything outside the basic plane, has one place in the tables, with every flag
_BEYOND = 0xFFFF
_MIX = 40503
_ALL_BITS = 0xFFFFFFFF
_TEXTS_AT_ONCE = 512
_CHARACTERS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Cues:
    """What sets which flag (one bit of the lowest ``FLAGS``); ``words`` are of two characters or more."""

    characters: Mapping[int, Iterable[str]] = field(default_factory=dict)
    words: Mapping[int, Iterable[str]] = field(default_factory=dict)
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
        self._pairs = np.zeros(_CODES, dtype=np.uint32)
        for flag, words in cues.words.items():
            self._add_words(flag, tuple(words))
        self._characters[_BEYOND] = _ALL_BITS
        self._edges = _table(cues.edges)
        self._twice = _table(cues.twice)
        self._four_times = _table(cues.four_times)

    def flags(self, texts: Sequence[str]) -> list[int]:
        """Return the flags of each text, in order."""
        found: list[int] = []
        for batch in _batches(texts):
            found += self._flags_of(batch).tolist()
        return found

    def _add_words(self, flag: int, words: Sequence[str]) -> None:
        firsts = [min(ord(word[0]), _BEYOND) for word in words]
        self._characters[firsts] |= np.uint32(flag << FLAGS)
        for place, shift in ((0, 0), (-2, FLAGS)):
            hashes = [(ord(word[place]) * _MIX + ord(word[place:][1])) & 0xFFFF for word in words]
            self._pairs[hashes] |= np.uint32(flag << shift)

    def _flags_of(self, texts: Sequence[str]) -> NDArray[np.uint32]:
        # a character in front keeps the end of an empty first text inside the array, those behind the looks ahead
        joined = END + END.join(texts) + END * 4
        whole = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        plain = np.minimum(whole, _BEYOND).astype(np.uint16)
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)) + 1)
        starts = np.concatenate(([1], ends[:-1] + 1))
        characters = self._characters[plain]
        pairs = self._pairs[plain[:-1] * np.uint16(_MIX) + plain[1:]]
        # a word begins only where its first character stands: that undoes nearly all accidents of the hash
        pairs &= (characters[:-1] >> np.uint32(FLAGS)) | np.uint32(EVERYTHING << FLAGS)
        told = np.bitwise_or.reduceat(characters, starts) | self._told_by_runs(whole, plain, starts)
        told |= self._edges[plain[starts]] | self._edges[plain[ends - 1]]
        words = np.bitwise_or.reduceat(pairs, starts)
        told = (told | words & (words >> np.uint32(FLAGS))) & np.uint32(EVERYTHING)
        # where a character beyond the plane stands anything may be
        return np.where(np.bitwise_or.reduceat(plain == _BEYOND, starts), np.uint32(EVERYTHING), told)

    def _told_by_runs(
        self, whole: NDArray[np.uint32], plain: NDArray[np.uint16], starts: NDArray[np.intp]
    ) -> NDArray[np.uint32]:
        told = np.zeros(len(starts), dtype=np.uint32)
        twice = whole[:-1] == whole[1:]
        places = np.flatnonzero(twice[:-2])
        four = np.where(twice[places + 1] & twice[places + 2], self._four_times[plain[places]], np.uint32(0))
        np.bitwise_or.at(told, np.searchsorted(starts, places, "right") - 1, self._twice[plain[places]] | four)
        return told


def pairs_of(firsts: Iterable[str], seconds: Iterable[str]) -> Iterator[str]:
    """Return every character of the one followed by every character of the other.

    >>> list(pairs_of("1", "号栋"))
    ['1号', '1栋']
    """
    return map("".join, product(firsts, seconds))


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield runs of texts, few enough for the arrays to stay in the processor's cache and long texts alone."""
    first = characters = 0
    for place, text in enumerate(texts):
        if place > first and (place - first == _TEXTS_AT_ONCE or characters + len(text) > _CHARACTERS_AT_ONCE):
            yield texts[first:place]
            first, characters = place, 0
        characters += len(text)
    if first < len(texts):
        yield texts[first:]


@cache
def basic_plane() -> str:
    """Return every character of the basic plane, in order of code."""
    return "".join(map(chr, range(_CODES)))


def _table(flags: Mapping[int, Iterable[str]]) -> NDArray[np.uint32]:
    table = np.zeros(_CODES, dtype=np.uint32)
    for flag, characters in flags.items():
        codes = np.frombuffer("".join(characters).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        table[np.minimum(codes, _BEYOND)] |= np.uint32(flag)
    return table
