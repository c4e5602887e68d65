"""The tables in which ``masking.starts.NameStarts`` looks up characters and pairs of characters."""

import string
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.text.masking.latin import LATIN_TITLES
from pipeline.text.masking.sides import MARKS, SEPARATORS
from pipeline.text.masking.weights import (
    CALLINGS,
    COMMON,
    LABEL,
    LABELLED,
    LINKS,
    LOUD,
    NO_FAMILY,
    SHORT_TITLES,
    TITLES,
    NameWeights,
)
from pipeline.text.scanning import pair_places

_CODES = 0x10000
FAMILY, FOREIGN, NICK, COMPOUND, LETTER, WORDY, STRANGE = (1 << place for place in range(7))
_SHORTEST = 2

Weights = NDArray[np.int8]


class StartTables:
    """One place for each character, or for each pair by ``pair_places``. Picklable."""

    def __init__(self, weights: NameWeights, not_names: frozenset[str]) -> None:
        self.classes = np.zeros(_CODES, dtype=np.uint8)
        for bit, chars in (
            (FAMILY, weights.family),
            (FOREIGN, [char for char, weight in weights.foreign.items() if weight >= LOUD]),
            (NICK, CALLINGS),
            (WORDY, weights.wordy),
            (COMPOUND, {name[0] for name in weights.compound}),
        ):
            self.classes[[ord(char) for char in chars]] |= bit
        self.classes[[*range(0x41, 0x5B), *range(0x61, 0x7B)]] |= LETTER
        # no family name that we know: any character that is not too common
        strange = set(map(chr, range(0x4E00, 0xA000))) - {*weights.family, *weights.foreign}
        self.classes[[ord(char) for char in strange if weights.given.get(char, 0) > COMMON]] |= STRANGE
        self.family, self.given = _table(weights.family, NO_FAMILY), _table(weights.given, 0)
        self.foreign = _table(weights.foreign, 0)
        self.han = np.zeros(_CODES, dtype=bool)
        self.han[0x4E00:0xA000] = True
        self.latin_titles, self.latin_names = np.zeros(_CODES, dtype=bool), np.zeros(_CODES, dtype=bool)
        for word in (*LATIN_TITLES, *weights.latin):
            pair = pair_places(ord(word[0]), ord(word[1]))
            if len(word) == _SHORTEST:
                self.latin_titles[pair] = True
            else:
                self.latin_names[pair_places(pair, ord(word[2]))] = True
        # what begins with a family name may be a name all the same
        words = {word for word in not_names if len(word) == _SHORTEST and word[0] not in weights.family}
        self.words = np.unique([ord(word[0]) << 16 | ord(word[1]) for word in words])
        self.word_pairs = np.zeros(_CODES, dtype=bool)
        self.word_pairs[pair_places(self.words >> 16, self.words & 0xFFFF)] = True
        self.opens = self.classes & (FAMILY | FOREIGN | NICK | COMPOUND) > 0
        self.short_titles, self.links = _holds(SHORT_TITLES), _holds(LINKS)
        self.code, self.digit = _holds(string.ascii_letters + string.digits), _holds(string.digits)
        self.separator, self.mark, self.opening = _holds(SEPARATORS), _holds(MARKS), _holds("(（")
        self.compound, self.titles = (
            _pairs(dict.fromkeys(weights.compound, 1), 0),
            _pairs(dict.fromkeys(TITLES, 1), 0),
        )
        self.before_one, self.before_two = _ends(weights.before)
        self.most_before = np.where(self.han, self.before_one, LABEL + LABELLED)
        for word, weight in weights.before.items():
            self.most_before[ord(word[-1])] = max(self.most_before[ord(word[-1])], weight)
        self.most_before[[ord(char) for char in LINKS]] = LABEL
        labels = {
            **weights.field,
            **{word: max(weight, weights.field.get(word, 0)) for word, weight in weights.before.items()},
        }
        self.label_one, self.label_two = _ends(labels)
        self.after_one, self.after_two = _beginnings(weights.after)

    @cached_property
    def native(self) -> tuple[NDArray[np.generic], ...]:
        """The tables in the order in which ``native.scanning.name_places`` takes them."""
        kinds = (
            *(self.opens, self.foreign, self.classes & NICK, self.classes & COMPOUND),
            *(self.classes & LETTER, self.han, self.short_titles, self.links, self.code, self.digit),
            *(self.separator, self.mark, self.opening, self.classes & WORDY, self.classes & STRANGE),
        )
        of_character = np.zeros(_CODES, dtype=np.uint32)
        for place, kind in enumerate(kinds):
            of_character[kind > 0] |= np.uint32(1 << place)
        return (
            *(of_character, self.family, self.given, self.foreign, self.most_before, self.before_one, self.before_two),
            *(self.label_one, self.label_two, self.after_one, self.after_two),
            *(found.view(np.uint8) for found in (self.titles > 0, self.compound > 0, self.word_pairs)),
            *(self.latin_titles.view(np.uint8), self.latin_names.view(np.uint8), self.words),
        )


def _holds(characters: Iterable[str]) -> NDArray[np.bool_]:
    table = np.zeros(_CODES, dtype=bool)
    table[[ord(char) for char in characters]] = True
    return table


def _table(weights: Mapping[str, int], other: int) -> Weights:
    table = np.full(_CODES, other, dtype=np.int8)
    for char, weight in weights.items():
        table[ord(char)] = max(table[ord(char)], weight) if table[ord(char)] != other else weight
    return table


def _pairs(words: Mapping[str, int], other: int) -> Weights:
    table = np.full(_CODES, other, dtype=np.int8)
    for word, weight in words.items():
        place = pair_places(ord(word[0]), ord(word[1]))
        table[place] = max(table[place], weight)
    return table


def _ends(words: Mapping[str, int]) -> tuple[Weights, Weights]:
    ones = {word: weight for word, weight in words.items() if len(word) == 1}
    twos: dict[str, int] = {}
    for word, weight in words.items():
        if len(word) > 1:
            twos[word[-2:]] = max(weight, twos.get(word[-2:], -9))
    return _table(ones, -2), _pairs(twos, -2)


def _beginnings(words: Mapping[str, int]) -> tuple[Weights, Weights]:
    ones = {word: weight for word, weight in words.items() if len(word) == 1}
    twos: dict[str, int] = {}
    for word, weight in words.items():
        if len(word) > 1:
            twos[word[:2]] = max(weight, twos.get(word[:2], -9))
    return _table(ones, -3), _pairs(twos, -3)
