"""Tells which texts of a batch can hold what is searched for: one pass over all of them instead of many over each.

A scan never misses: a text without a flag holds none of its characters and pairs. It may say yes too often, because
characters beyond the basic plane count as one, and pairs are looked up by a hash.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

_CODES = 0x10000
# every character from here on, so everything outside the basic plane, has one place in the tables, with every flag
_BEYOND = 0xFFFF
_MIX = 40503
_BETWEEN = "\ufdd0"
_TEXTS_AT_ONCE = 512
EVERYTHING = 0x7FFFFFFF


class Scanner:
    """Finds the flags (bits below 2**31) of each text of a batch.

    ``singles`` gives the characters that set a flag, ``pairs`` the strings whose first two characters set it, ``edges``
    the characters that set it at either end of a text. ``repeats`` (a flag) is set by two equal characters of ``marks``
    or four equal ones of ``letters`` in a row. A pair may end in ``END``, the end of a text.

    >>> scanner = Scanner(singles={1: "&"}, pairs={2: ["经理"]}, edges={4: "。"})
    >>> scanner.flags(["A&B", "找经理。", "经办。理由", ""])
    [1, 6, 0, 0]
    """

    END = _BETWEEN

    def __init__(
        self,
        singles: Mapping[int, Iterable[str]],
        pairs: Mapping[int, Iterable[str]],
        edges: Mapping[int, Iterable[str]] | None = None,
        repeats: tuple[int, str, str] | None = None,
    ) -> None:
        self._singles = _single_table(singles)
        self._pairs = np.zeros(_CODES, dtype=np.uint32)
        for flag, words in pairs.items():
            places = [(ord(word[0]) * _MIX + ord(word[1])) & 0xFFFF for word in words]
            self._pairs[places] |= np.uint32(flag)
        self._edges = _single_table(edges or {})
        self._repeats, marks, letters = repeats or (0, "", "")
        # 1: two in a row tell, 2: four in a row tell
        self._runs = _single_table({1: marks, 2: letters})

    def flags(self, texts: Sequence[str]) -> list[int]:
        """Return the flags of each text, in order."""
        found: list[int] = []
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            found += self._flags_of(texts[first : first + _TEXTS_AT_ONCE]).tolist()
        return found

    def _flags_of(self, texts: Sequence[str]) -> NDArray[np.uint32]:
        # a blank character in front keeps the end of an empty first text inside the array
        joined = _BETWEEN + _BETWEEN.join(texts) + _BETWEEN * 3
        whole = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        plane_only = int(whole.max()) < _BEYOND
        codes = whole if plane_only else np.minimum(whole, _BEYOND)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        ends = np.cumsum(lengths + 1)
        starts = ends - lengths
        here = codes[:-2]
        bits = self._singles[here] | self._pairs[(here * np.uint32(_MIX) + codes[1:-1]) & 0xFFFF]
        if not plane_only:
            bits[(here == _BEYOND) | (codes[1:-1] == _BEYOND)] |= np.uint32(EVERYTHING)
        if self._repeats:
            bits[:-1] |= self._told_by_runs(whole, codes) * np.uint32(self._repeats)
        flags: NDArray[np.uint32] = np.bitwise_or.reduceat(bits, starts)
        return flags | self._edges[codes[starts]] | self._edges[codes[ends - 1]]

    def _told_by_runs(self, whole: NDArray[np.uint32], codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        twice = np.empty(len(whole), dtype=np.bool_)
        np.equal(whole[:-1], whole[1:], out=twice[:-1])
        twice[-1] = False
        places = np.flatnonzero(twice[:-3])
        kind = self._runs[codes[places]]
        told = ((kind & 1) != 0) | ((kind & 2) != 0) & twice[places + 1] & twice[places + 2]
        result = np.zeros(len(whole) - 3, dtype=np.bool_)
        result[places[told]] = True
        return result


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


def _single_table(flags: Mapping[int, Iterable[str]]) -> NDArray[np.uint32]:
    table = np.zeros(_CODES, dtype=np.uint32)
    for flag, characters in flags.items():
        places = [min(ord(character), _BEYOND) for character in characters]
        table[places] |= np.uint32(flag)
    if flags:
        table[_BEYOND] = EVERYTHING
    return table
