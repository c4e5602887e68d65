"""Tells which texts of a batch can hold what is searched for: one pass over all of them instead of many over each.

A scan never misses: a text without a flag holds none of its characters and words. It may say yes too often: of a word it
sees only the first two and the last two characters, and characters beyond the basic plane count as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

# three fields of a 64-bit number: flags of characters, flags of words that begin here, flags of words that end here
FLAGS = 21
EVERYTHING = (1 << FLAGS) - 1
# stands between texts; as the last character of a word it means the end of a text
END = "\ufdd0"
_BEGINS, _ENDS = FLAGS, 2 * FLAGS
_CODES = 0x10000
# every character from here on, so everything outside the basic plane, has one place in the tables, with every flag
_BEYOND = 0xFFFF
_MIX = 40503
_TEXTS_AT_ONCE = 512


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
        self._characters = _table(cues.characters)
        self._pairs = np.zeros(_CODES, dtype=np.uint64)
        for flag, words in cues.words.items():
            self._add_words(flag, tuple(words))
        self._characters[_BEYOND] = EVERYTHING
        self._edges = _table(cues.edges)
        self._twice = _table(cues.twice)
        self._four_times = _table(cues.four_times)
        self._runs = self._twice | self._four_times

    def flags(self, texts: Sequence[str]) -> list[int]:
        """Return the flags of each text, in order."""
        found: list[int] = []
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            found += self._flags_of(texts[first : first + _TEXTS_AT_ONCE]).tolist()
        return found

    def _add_words(self, flag: int, words: Sequence[str]) -> None:
        firsts = [min(ord(word[0]), _BEYOND) for word in words]
        self._characters[firsts] |= np.uint64(flag << _BEGINS)
        for place, shift in ((0, _BEGINS), (-2, _ENDS)):
            hashes = [(ord(word[place]) * _MIX + ord(word[place:][1])) & 0xFFFF for word in words]
            self._pairs[hashes] |= np.uint64(flag << shift)

    def _flags_of(self, texts: Sequence[str]) -> NDArray[np.uint64]:
        # a character in front keeps the end of an empty first text inside the array, those behind the looks ahead
        joined = END + END.join(texts) + END * 4
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.intp)
        plain = np.minimum(codes, _BEYOND) if codes.max() > _BEYOND else codes
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)) + 1)
        starts = np.concatenate(([1], ends[:-1] + 1))
        bits = self._characters.take(plain)
        pairs = self._pairs.take((plain[:-1] * _MIX + plain[1:]) & 0xFFFF)
        # a word begins only where its first character stands: that undoes nearly all accidents of the hash
        bits[:-1] = (bits[:-1] & np.uint64(EVERYTHING)) | (pairs & (bits[:-1] | np.uint64(EVERYTHING << _ENDS)))
        if plain is not codes:
            self._flag_beyond(bits, plain)
        self._flag_runs(bits, codes, plain)
        found = np.bitwise_or.reduceat(bits, starts)
        found |= self._edges.take(plain[starts]) | self._edges.take(plain[ends])
        return (found | (found >> np.uint64(_BEGINS)) & (found >> np.uint64(_ENDS))) & np.uint64(EVERYTHING)

    def _flag_beyond(self, bits: NDArray[np.uint64], plain: NDArray[np.intp]) -> None:
        places = np.flatnonzero(plain == _BEYOND)
        bits[places] = EVERYTHING

    def _flag_runs(self, bits: NDArray[np.uint64], codes: NDArray[np.intp], plain: NDArray[np.intp]) -> None:
        twice = codes[:-1] == codes[1:]
        places = np.flatnonzero(twice[:-2])
        four = np.where(twice[places + 1] & twice[places + 2], self._four_times[plain[places]], np.uint64(0))
        bits[places] |= self._twice[plain[places]] | four


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
        places = [min(ord(character), _BEYOND) for character in characters]
        table[places] |= np.uint64(flag)
    return table
