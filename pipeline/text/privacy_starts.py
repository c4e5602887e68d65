"""Where in the texts of a batch names may begin: the highest score a place can reach, for all places at once.

What is told here is never less than what ``privacy_scoring.NameScorer`` finds out later, so a place that is not told
holds no name. Words beside a place are known by their last or first two characters, so some places are told in vain.
"""

import string
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.text.privacy_crossings import most_by_words
from pipeline.text.privacy_latin import LATIN_TITLES
from pipeline.text.privacy_sides import MARKS, SEPARATORS
from pipeline.text.privacy_weights import (
    CONTACT,
    EDGE_AFTER,
    EDGE_BEFORE,
    ENUMERATED,
    FIELD,
    LABEL,
    LABELLED,
    LINKS,
    NICKNAME,
    NICKNAMES,
    NO_FAMILY,
    NO_WORD_BEFORE,
    SHORT_TITLED,
    SHORT_TITLES,
    THRESHOLD,
    TITLED,
    TITLES,
    NameWeights,
)
from pipeline.text.scanning import Batch, pair_places

_CODES = 0x10000
_FAMILY, _FOREIGN, _NICK, _COMPOUND, _LETTER = 1, 2, 4, 8, 16
_SPECIAL = _NICK | _COMPOUND
_FOREIGN_BEFORE = 3
_MOST_AFTER = 12
_LATIN_BEFORE = 7
_LONGEST_RUN = 8
_LOUD = 5
_LAST_CAPITAL, _BRACKET, _CLOSING, _PLUS, _COMMA_OF_LISTS = map(ord, "Z[]+、")
_NEVER = -9
_SHORTEST = 2
_DOT = 0xB7

Weights = NDArray[np.int8]
Places = NDArray[np.intp]


class NameStarts:
    """Tells the places of a batch of texts at which a name may begin."""

    def __init__(self, weights: NameWeights, not_names: frozenset[str]) -> None:
        self._class = np.zeros(_CODES, dtype=np.uint8)
        for bit, chars in (
            (_FAMILY, weights.family),
            (_FOREIGN, [char for char, weight in weights.foreign.items() if weight > 1]),
            (_NICK, NICKNAMES),
            (_COMPOUND, {name[0] for name in weights.compound}),
        ):
            self._class[[ord(char) for char in chars]] |= bit
        self._class[[*range(0x41, 0x5B), *range(0x61, 0x7B)]] |= _LETTER
        self._family, self._given = _table(weights.family, NO_FAMILY), _table(weights.given, 0)
        self._foreign = _table(weights.foreign, 0)
        self._han = np.zeros(_CODES, dtype=bool)
        self._han[0x4E00:0xA000] = True
        self._latin_titles, self._latin_names = np.zeros(_CODES, dtype=bool), np.zeros(_CODES, dtype=bool)
        for word in (*LATIN_TITLES, *weights.latin):
            pair = pair_places(ord(word[0]), ord(word[1]))
            if len(word) == _SHORTEST:
                self._latin_titles[pair] = True
            else:
                self._latin_names[pair_places(pair, ord(word[2]))] = True
        self._words = np.unique([ord(word[0]) << 16 | ord(word[1]) for word in not_names if len(word) == 2])
        self._word_pairs = np.zeros(_CODES, dtype=bool)
        self._word_pairs[pair_places(self._words >> 16, self._words & 0xFFFF)] = True
        self._short_titles, self._links = _holds(SHORT_TITLES), _holds(LINKS)
        self._code, self._digit = _holds(string.ascii_letters + string.digits), _holds(string.digits)
        self._separator, self._mark, self._opening = _holds(SEPARATORS), _holds(MARKS), _holds("(（")
        self._compound, self._titles = (
            _pairs(dict.fromkeys(weights.compound, 1), 0),
            _pairs(dict.fromkeys(TITLES, 1), 0),
        )
        self._before_one, self._before_two = _ends(weights.before)
        self._most_before = np.where(self._han, self._before_one, LABEL + LABELLED)
        for word, weight in weights.before.items():
            self._most_before[ord(word[-1])] = max(self._most_before[ord(word[-1])], weight)
        self._most_before[[ord(char) for char in LINKS]] = LABEL
        labels = {
            **weights.field,
            **{word: max(weight, weights.field.get(word, 0)) for word, weight in weights.before.items()},
        }
        self._label_one, self._label_two = _ends(labels)
        self._after_one, self._after_two = _beginnings(weights.after)

    def of(self, batch: Batch) -> tuple[dict[int, list[int]], set[int]]:
        """Return the places in each text that has any, in order, and the texts that hold words of Latin letters."""
        codes = batch.codes
        classes = self._class.take(codes)
        told = self._may_begin(batch, np.flatnonzero((classes & (_FAMILY | _FOREIGN | _SPECIAL)) != 0))
        places: dict[int, list[int]] = {}
        of_text = batch.texts_of(told)
        for text, place in zip(of_text.tolist(), (told - batch.starts[of_text]).tolist(), strict=True):
            places.setdefault(text, []).append(place)
        letters = (classes & _LETTER) != 0
        words = np.flatnonzero(letters[1:-1] & letters[2:] & ~letters[:-2]) + 1
        words = words[codes[words] <= _LAST_CAPITAL]
        pairs = pair_places(codes[words], codes[words + 1])
        named = self._latin_titles[pairs] | self._latin_names[pair_places(pairs, codes[words + 2])]
        words = words[named | (self._before(codes, words) >= _LATIN_BEFORE)]
        return places, set(batch.texts_of(words).tolist())

    def _may_begin(self, batch: Batch, at: Places) -> Places:
        """Return those of the places at which a name may begin."""
        codes = batch.codes
        first, second = codes.take(at), codes.take(at + 1)
        given = self._given.take(second) + np.maximum(self._given.take(codes.take(at + 2)), 0)
        title = (self._titles.take(pair_places(second, codes.take(at + 2))) > 0) | self._short_titles.take(second)
        special = (self._class.take(first) & _SPECIAL) > 0
        # what stands before is at first only known by one character
        most = self._family.take(first) + given + self._most_before.take(codes.take(at - 1)) + _MOST_AFTER
        worth = at.compress((most >= THRESHOLD) | special | title)
        told = self._reaches(batch, worth.compress(~self._is_word(codes, worth) & ~self._is_word(codes, worth - 1)))
        sound, next_sound = self._foreign.take(first), self._foreign.take(second)
        foreign = at.compress((sound > 0) & (next_sound > 0) & (sound + next_sound > 1))
        if len(foreign):
            begins = self._foreign_begins(codes, foreign)
            begins = begins[~self._is_word(codes, begins) & ~self._is_word(codes, begins - 1)]
            told = np.union1d(told, begins) if len(begins) else told
        return told

    def _is_word(self, codes: Places, at: Places) -> NDArray[np.bool_]:
        """Tell where a word of two characters begins that never is a name."""
        first, second = codes.take(at), codes.take(at + 1)
        likely = np.flatnonzero(self._word_pairs.take(pair_places(first, second)))
        pairs = first[likely] << 16 | second[likely]
        told = np.zeros(len(at), dtype=bool)
        told[likely] = self._words[np.searchsorted(self._words[:-1], pairs)] == pairs
        return told

    def _reaches(self, batch: Batch, at: Places) -> Places:
        """Return the places at which a family name may begin whose score may reach the threshold."""
        codes = batch.codes
        first, second, third = codes.take(at), codes.take(at + 1), codes.take(at + 2)
        boundary = ~self._han.take(codes.take(at - 1))
        needed = THRESHOLD - self._before(codes, at)
        family, given = self._family.take(first), self._given.take(second)
        after = self._after(codes, at + 2, boundary)
        two = family + given + after - needed
        three = family + given + self._given.take(third) + self._after(codes, at + 3, boundary) - needed
        titled = (self._titles.take(pair_places(second, third)) > 0) & (family + TITLED >= needed)
        short = self._short_titles.take(second) & (family + SHORT_TITLED + np.minimum(after, FIELD) >= needed)
        nick = ((self._class.take(first) & _NICK) > 0) & (self._family.take(second) + after + NICKNAME >= needed)
        compound = self._compound.take(pair_places(first, second)) > 0
        told = titled | short | nick | compound
        shown = self._han.take(second) & (second != first)
        two[~shown | self._is_word(codes, at + 1)] = -1
        three[~(shown & self._han.take(third) & (third != first)) | self._is_word(codes, at + 2)] = -1
        for size, more in ((2, two), (3, three)):
            places = np.flatnonzero((more >= 0) & ~told)
            told[places] = more[places] + most_by_words(batch.joined, at[places], size) >= 0
        return at[told & self._han.take(second)]

    def _foreign_begins(self, codes: Places, at: Places) -> Places:
        """Return the places where foreign sounds may be a name: all after which enough of them follow."""
        before = self._before(codes, at)
        loud = self._foreign.take(codes.take(at)) + self._foreign.take(codes.take(at + 1)) >= _LOUD
        heard = np.flatnonzero((before >= _LATIN_BEFORE) | loud & (before >= _FOREIGN_BEFORE))
        at, before = at[heard], before[heard]
        score = np.zeros(len(at), dtype=np.int16)
        runs = np.ones(len(at), dtype=bool)
        for step in range(_LONGEST_RUN):
            sound = self._foreign.take(codes.take(at + step))
            runs &= (sound > 0) | (codes.take(at + step) == _DOT)
            score += np.where(runs, sound, 0)
        dotted = (codes.take(at[:, None] + np.arange(1, 6)) == _DOT).any(axis=1)
        return at[(score + before + _MOST_AFTER >= THRESHOLD) | dotted]

    def _before(self, codes: Places, at: Places) -> Weights:
        """Return at most what stands before each place."""
        last = codes[at - 1]
        weight = np.maximum(self._before_one[last], self._before_two[pair_places(codes[at - 2], last)])
        bare = np.flatnonzero(~self._han[last])
        if len(bare):
            weight[bare] = np.maximum(weight[bare], self._behind_marks(codes, at[bare]))
        linked = np.flatnonzero(self._links[last])
        if len(linked):
            label = self._label(codes, at[linked] - 2)
            weight[linked] = np.maximum(weight[linked], np.where(label >= LABEL, LABEL, -9))
        return weight

    def _behind_marks(self, codes: Places, at: Places) -> Weights:
        """Return at most what stands before places behind a mark: up to three marks, and a label or a number of it."""
        last = codes.take(at - 1)
        reaches, marked = self._separator.take(last), self._mark.take(last)
        numbered = np.zeros(len(at), dtype=bool)
        labelled = np.full(len(at), _NEVER, dtype=np.int8)
        for back in (2, 3, 4):
            beside = codes.take(at - back)
            digit = self._digit.take(beside)
            # a number behind a label says nothing without a mark behind it
            label = np.where(digit, np.where(marked, LABEL, 0), self._label(codes, at - back))
            labelled = np.maximum(labelled, np.where(reaches & (label > CONTACT), label + LABELLED, _NEVER))
            numbered |= digit | (beside == _CLOSING)
            marked |= self._mark.take(beside)
            reaches &= self._separator.take(beside)
        weight = np.where(self._code.take(last), NO_WORD_BEFORE, np.where(numbered, CONTACT, EDGE_BEFORE))
        return np.maximum(weight, labelled).astype(np.int8)

    def _label(self, codes: Places, end: Places) -> Weights:
        return np.maximum(self._label_one[codes[end]], self._label_two[pair_places(codes[end - 1], codes[end])])

    def _after(self, codes: Places, end: Places, boundary: NDArray[np.bool_]) -> Weights:
        """Return at most what stands after names that end there."""
        first = codes[end]
        bare = ~self._han[first]
        words = np.maximum(self._after_one[first], self._after_two[pair_places(first, codes[end + 1])])
        beside = codes.take(np.minimum(end[:, None] + np.arange(4), len(codes) - 1))
        contact = (self._digit.take(beside) | (beside == _BRACKET) | (beside == _PLUS)).any(axis=1)
        contact |= self._opening.take(first)
        more = np.where(contact, CONTACT, np.where(first == _COMMA_OF_LISTS, ENUMERATED, 0))
        return np.where(bare, EDGE_AFTER + FIELD * boundary + more, words).astype(np.int8)


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
