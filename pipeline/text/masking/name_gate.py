"""Where names are worth a closer look: a first, cheap sum of weights for every place of a batch at once.

Each place that may begin a name gets the weights of the characters at it and beside it, learned by
``benchmarks/name_weights.py`` (``data/name_gate.csv``, hundredths of a natural logarithm). Where they add up to 0 or
more, ``masking.learned`` looks at all there is to see. ``native.scanning.name_gate`` is the compiled twin.
"""

import csv
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.resources import data_file
from pipeline.text.masking import weights as weigh
from pipeline.text.masking.start_scan import WEIGHTS, StartScan
from pipeline.text.masking.start_tables import COMPOUND, NICK, StartTables
from pipeline.text.scanning import END, Batch, pair_places

Places = NDArray[np.intp]

_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF
# all features share a table of so many places
_PLACES = 1 << 20
_MIX = 647089, 40503, 131071
# as a batch begins and ends, and between its texts more than any look aside reaches
_BEFORE, _BEHIND, _MORE = 8, 16, 4
# what characters must weigh in given names to begin a name of such alone (海燕)
_GIVEN = 4
# stand for a family name: the first character of 小王 or 老王, of a family name of two, the same character twice
_CALLING, _TWO, _TWICE = 20, 21, 22
# what a place that is worth a look has at least before its surroundings, and before the words there, are looked at
_UNLIKELY, _HARDLY = -500, -110
# which characters a feature is made of, counted from the place
CHARACTERS: dict[str, tuple[int, ...]] = {
    "left": (-1,),
    "right": (2,),
    "further": (3,),
    "left_two": (-2, -1),
    "left_third": (-3, -2),
    "across": (-1, 0),
    "pair": (0, 1),
    "behind": (1, 2),
    "after": (2, 3),
    "next": (1,),
}
_SURROUNDINGS = ("before", "before_family", "title_family", "after_one", "after_two", "after_three")
# how often the dictionary counts two characters as a word, as the number of digits: those before, at and behind a place
WORDS = {"word_across": -1, "word": 0, "word_behind": 1}
NAMES = (*CHARACTERS, "family_given", *_SURROUNDINGS, *WORDS)
# in the order in which the compiled twin takes them
CONSTANTS = (_UNLIKELY, _HARDLY, _GIVEN, weigh.NO_FAMILY, _CALLING, _TWO, _TWICE, *_MIX)


class Values(NamedTuple):
    """A feature at some places: its number in ``NAMES``, and one or two characters or weights for each place."""

    number: int
    first: Places
    second: Places


class NameGate:
    """Tells the places of a batch that are worth a look."""

    def __init__(self, tables: StartTables) -> None:
        self._scan = StartScan(tables)
        self._tables = tables
        family = tables.family.astype(np.intp)
        family[(tables.classes & COMPOUND) > 0] = _TWO
        family[(tables.classes & NICK) > 0] = _CALLING
        self._family, self._given = family, tables.given.astype(np.intp)

    def places(self, spread: Batch) -> Places:
        """Return the places of ``apart`` texts that are worth a look, in order."""
        at, score = self._likely(spread)
        for value in self.words(spread.joined, at):
            score += gate_weights().table.take(value_place(*value))
        return at[score >= 0]

    def _likely(self, spread: Batch) -> tuple[Places, NDArray[np.int32]]:
        """Return the places that may be worth a look by all but the words of the dictionary, and their sums so far."""
        gate = gate_weights()
        if spread.native is not None:
            likely: tuple[Places, NDArray[np.int32]] = spread.native.name_gate(
                spread.joined, self._tables.native, WEIGHTS, *gate, CONSTANTS
            )
            return likely
        codes = spread.codes
        at = self.openings(codes)
        score = np.full(len(at), gate.all, dtype=np.int32)
        # what one look at characters tells rules out most places
        for values, least in ((self.characters, _UNLIKELY), (self.surroundings, _HARDLY)):
            for value in values(codes, at):
                score += gate.table.take(value_place(*value))
            kept = score >= least
            at, score = at[kept], score[kept]
        return at, score

    def openings(self, codes: Places) -> Places:
        """Return the places at which a name can begin at all, by the two characters there."""
        han = (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)
        given = self._given.take(codes) >= _GIVEN
        opens = self._family.take(codes) != weigh.NO_FAMILY
        opens[:-1] |= (given[:-1] & given[1:]) | (codes[:-1] == codes[1:])
        opens[:-1] &= han[:-1] & han[1:]
        opens[-1] = False
        return np.flatnonzero(opens)

    def characters(self, codes: Places, at: Places) -> Iterator[Values]:
        """Yield the features that the characters at the places and beside them are."""
        for number, offsets in enumerate(CHARACTERS.values()):
            first = codes.take(at + offsets[0])
            yield Values(number, first, codes.take(at + offsets[1]) if len(offsets) > 1 else np.zeros_like(at))
        yield Values(len(CHARACTERS), self._who(codes, at), self._given.take(codes.take(at + 1)))

    def surroundings(self, codes: Places, at: Places) -> Iterator[Values]:
        """Yield the features made of the weights of words before and behind the places."""
        who = self._who(codes, at)
        boundary = ~self._tables.han.take(codes.take(at - 1))
        before = self._scan.before(codes, at).astype(np.intp)
        one, two, three = (self._scan.after(codes, at + size, boundary).astype(np.intp) for size in (1, 2, 3))
        second = codes.take(at + 1)
        title = (self._tables.titles.take(pair_places(second, codes.take(at + 2))) > 0) * 2
        title += self._tables.short_titles.take(second)
        listed = (self._scan.is_word(codes, at) | self._scan.is_word(codes, at - 1)).astype(np.intp)
        pairs = ((before, listed), (before, who), (title, who), (title, one), (title, two), (before, three))
        for number, (first, second) in enumerate(pairs, len(CHARACTERS) + 1):
            yield Values(number, first, second)

    def words(self, joined: str, at: Places) -> Iterator[Values]:
        """Yield how often the two characters before, at and behind the places are used as a word."""
        places = at.tolist()
        for number, offset in enumerate(WORDS.values(), len(CHARACTERS) + len(_SURROUNDINGS) + 1):
            digits = [_digits(joined[place + offset : place + offset + 2]) for place in places]
            yield Values(number, np.array(digits, dtype=np.intp), np.zeros_like(at))

    def _who(self, codes: Places, at: Places) -> Places:
        first = codes.take(at)
        return np.where(first == codes.take(at + 1), _TWICE, self._family.take(first))


@cache
def _digits(word: str) -> int:
    frequency = weigh.frequency(word)
    return len(str(frequency)) * (1 if weigh.is_name_word(word) else -1) if frequency else 0


def apart(batch: Batch) -> Batch:
    """Return the texts of a batch so far apart that no look aside reaches another: each is seen as if it were alone.

    Where a text begins there, ``begins`` tells.
    """
    return Batch(batch.texts, END * _BEFORE + (END * (1 + _MORE)).join(batch.texts) + END * _BEHIND)


def number_of_text(batch: Batch, places: Places) -> Places:
    """Return the number of the text in which each place of ``apart`` lies."""
    return np.searchsorted(begins(batch), places, "right") - 1


def begins(batch: Batch) -> Places:
    """Return where in ``apart`` each text begins."""
    return batch.starts + _MORE * np.arange(len(batch.texts))


class GateWeights(NamedTuple):
    """What every place begins with, and the table of all features."""

    all: int
    table: NDArray[np.int16]


def value_place(number: int, first: Places, second: Places) -> Places:
    """Return the places of values in the table of weights; a few share one."""
    return (first * _MIX[0] + second * _MIX[1] + number * _MIX[2]) & (_PLACES - 1)


def value_name(number: int, first: int, second: int) -> str:
    """Return how a value of a feature is written in the file: as characters, or as two weights."""
    if number >= len(CHARACTERS):
        return f"{first} {second}"
    return "".join(map(chr, (first, second)[: len(CHARACTERS[NAMES[number]])]))


@cache
def gate_weights() -> GateWeights:
    """Read the weights."""
    numbers = {name: number for number, name in enumerate(NAMES)}
    table, start = np.zeros(_PLACES, dtype=np.int16), 0
    with data_file("name_gate.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            feature, value, weight = row["feature"], row["value"], int(row["weight"])
            if feature in numbers:
                parts = map(ord, value) if feature in CHARACTERS else map(int, value.split(" "))
                first, second = (*parts, 0)[:2]
                table[(first * _MIX[0] + second * _MIX[1] + numbers[feature] * _MIX[2]) & (_PLACES - 1)] = weight
            else:
                start = weight
    return GateWeights(start, table)
