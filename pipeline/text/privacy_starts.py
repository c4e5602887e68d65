"""Where in the texts of a batch names may begin: the highest score a place can reach, for all places at once.

What is told here is never less than what ``privacy_scoring.NameScorer`` finds out later, so a place that is not told
holds no name. Words beside a place are known by their last or first two characters, so some places are told in vain.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.text.privacy_latin import LATIN_TITLES
from pipeline.text.privacy_weights import (
    FIELD,
    LABEL,
    LINKS,
    NICKNAMES,
    NO_FAMILY,
    SHORT_TITLED,
    SHORT_TITLES,
    THRESHOLD,
    TITLED,
    TITLES,
    NameWeights,
)
from pipeline.text.scanning import END

_CODES = 0x10000
_MIX = 40503
_FAMILY, _FOREIGN, _NICK, _COMPOUND, _LETTER = 1, 2, 4, 8, 16
_SPECIAL = _NICK | _COMPOUND
_FOREIGN_BEFORE = 3
_MOST_AFTER = 12
_LATIN_BEFORE = 7
_LONGEST_RUN = 8
_DOT = 0xB7
_TEXTS_AT_ONCE = 512
_CHARACTERS_AT_ONCE = 200_000

Weights = NDArray[np.int8]


class NameStarts:
    """Tells the places of a batch of texts at which a name may begin."""

    def __init__(self, weights: NameWeights, not_names: frozenset[str]) -> None:
        self._threshold = THRESHOLD
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
        self._latin_names = _pairs(dict.fromkeys((*LATIN_TITLES, *weights.latin), 1), 0)
        self._words = np.unique([ord(word[0]) << 16 | ord(word[1]) for word in not_names if len(word) == 2])
        self._short_titles = np.zeros(_CODES, dtype=bool)
        self._short_titles[[ord(char) for char in SHORT_TITLES]] = True
        self._links = np.zeros(_CODES, dtype=bool)
        self._links[[ord(char) for char in LINKS]] = True
        self._code = np.zeros(_CODES, dtype=bool)
        self._code[[*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)]] = True
        self._compound, self._titles = (
            _pairs(dict.fromkeys(weights.compound, 1), 0),
            _pairs(dict.fromkeys(TITLES, 1), 0),
        )
        self._before_one, self._before_two = _ends(weights.before)
        labels = {
            **weights.field,
            **{word: max(weight, weights.field.get(word, 0)) for word, weight in weights.before.items()},
        }
        self._label_one, self._label_two = _ends(labels)
        self._after_one, self._after_two = _beginnings(weights.after)

    def of(self, texts: Sequence[str]) -> tuple[list[list[int]], list[bool]]:
        """Return the places in each text, in order, and whether it holds words of Latin letters."""
        places: list[list[int]] = [[] for _ in texts]
        latin = [False] * len(texts)
        for first, batch in _batches(texts):
            for text, place, letter in self._of_batch(batch):
                if letter:
                    latin[first + text] = True
                else:
                    places[first + text].append(place)
        return places, latin

    def _of_batch(self, texts: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
        joined = END * 4 + END.join(texts) + END * 16
        whole = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        codes = np.minimum(whole, 0xFFFF).astype(np.uint16)
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)) + 1) + 3
        starts = np.concatenate(([4], ends[:-1] + 1))
        classes = self._class[codes]
        at = np.flatnonzero(classes & (_FAMILY | _FOREIGN | _SPECIAL))
        told = self._may_begin(codes, at)
        of_text = np.searchsorted(starts, told, "right") - 1
        yield from zip(of_text.tolist(), (told - starts[of_text]).tolist(), [False] * len(told), strict=True)
        letters = classes & _LETTER
        words = np.flatnonzero(letters[2:-1] & letters[3:] & ~letters[1:-2]) + 2
        titles = self._latin_names[_hash(codes[words], codes[words + 1])] > 0
        words = words[titles | (self._before(codes, words) >= _LATIN_BEFORE)]
        yield from ((text, 0, True) for text in np.unique(np.searchsorted(starts, words, "right") - 1).tolist())

    def _may_begin(self, codes: NDArray[np.uint16], at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return those of the places at which a name may begin."""
        before = self._before(codes, at)
        heard = before >= _FOREIGN_BEFORE
        sound, next_sound = self._foreign[codes[at]], self._foreign[codes[at + 1]]
        loud = sound + next_sound >= np.where(before >= _LATIN_BEFORE, 2, 5)
        foreign = at[heard & loud & (sound > 0) & (next_sound > 0)]
        family, one = self._family[codes[at]], self._given[codes[at + 1]]
        two = np.maximum(self._given[codes[at + 2]], 0)
        special = (self._class[codes[at]] & _SPECIAL) > 0
        title = (self._titles[_hash(codes[at + 1], codes[at + 2])] > 0) | self._short_titles[codes[at + 1]]
        worth = family + one + two + before + _MOST_AFTER >= self._threshold
        at = at[worth | special | title]
        told = at[self._reaches(codes, at, before[worth | special | title])]
        if len(foreign):
            told = np.union1d(told, self._foreign_begins(codes, foreign))
        return told[~self._is_word(codes, told) & ~self._is_word(codes, told - 1)]

    def _is_word(self, codes: NDArray[np.uint16], at: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell where a word of two characters begins that never is a name."""
        pairs = codes[at].astype(np.int64) << 16 | codes[at + 1]
        return self._words[np.searchsorted(self._words[:-1], pairs)] == pairs

    def _reaches(self, codes: NDArray[np.uint16], at: NDArray[np.intp], before: Weights) -> NDArray[np.bool_]:
        boundary = ~self._han[codes[at - 1]]
        first, second, third = codes[at], codes[at + 1], codes[at + 2]
        family = self._family[first]
        after_two = self._after(codes, at + 2, boundary)
        bound = family + self._given[second] + after_two
        longer = family + self._given[second] + self._given[third] + self._after(codes, at + 3, boundary)
        bound = np.maximum(bound, longer)
        bound = np.maximum(bound, np.where(self._titles[_hash(second, third)] > 0, family + TITLED, -99))
        short = np.where(self._short_titles[second], family + SHORT_TITLED + np.minimum(after_two, FIELD), -99)
        bound = np.maximum(bound, short)
        nick = (self._class[first] & _NICK) > 0
        bound = np.maximum(bound, np.where(nick, self._family[second] + after_two + 3, -99))
        told = (bound + before >= self._threshold) | (self._compound[_hash(first, second)] > 0)
        return told & self._han[second]

    def _foreign_begins(self, codes: NDArray[np.uint16], at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the places where foreign sounds may be a name: all after which enough of them follow."""
        score = np.zeros(len(at), dtype=np.int16)
        runs = np.ones(len(at), dtype=bool)
        for step in range(_LONGEST_RUN):
            sound = self._foreign[codes[at + step]]
            runs &= (sound > 0) | (codes[at + step] == _DOT)
            score += np.where(runs, sound, 0)
        dotted = (codes[at[:, None] + np.arange(1, 6)] == _DOT).any(axis=1)
        return at[(score + self._before(codes, at) + _MOST_AFTER >= self._threshold) | dotted]

    def _before(self, codes: NDArray[np.uint16], at: NDArray[np.intp]) -> Weights:
        """Return at most what stands before each place."""
        last = codes[at - 1]
        weight = np.maximum(self._before_one[last], self._before_two[_hash(codes[at - 2], last)])
        bare = np.flatnonzero(~self._han[last])
        if len(bare):
            weight[bare] = np.maximum(weight[bare], self._behind_marks(codes, at[bare]))
        linked = np.flatnonzero(self._links[last])
        if len(linked):
            label = self._label(codes, at[linked] - 2)
            weight[linked] = np.maximum(weight[linked], np.where(label >= LABEL, LABEL, -9))
        return weight

    def _behind_marks(self, codes: NDArray[np.uint16], at: NDArray[np.intp]) -> Weights:
        """Return at most what stands before places behind a mark: up to three marks, and a label or a number of it."""
        weight = np.where(self._code[codes[at - 1]], -2, 6).astype(np.int8)
        reaches = np.ones(len(at), dtype=bool)
        for back in (2, 3, 4):
            end = at - back
            label = np.where((codes[end] >= 0x30) & (codes[end] <= 0x39), LABEL, self._label(codes, end))
            np.maximum(weight, np.where(reaches & (label > 6), label + 4, -9), out=weight, casting="unsafe")
            reaches &= ~self._han[codes[end]]
        return weight

    def _label(self, codes: NDArray[np.uint16], end: NDArray[np.intp]) -> Weights:
        return np.maximum(self._label_one[codes[end]], self._label_two[_hash(codes[end - 1], codes[end])])

    def _after(self, codes: NDArray[np.uint16], end: NDArray[np.intp], boundary: NDArray[np.bool_]) -> Weights:
        """Return at most what stands after names that end there."""
        first = codes[end]
        bare = ~self._han[first]
        words = np.maximum(self._after_one[first], self._after_two[_hash(first, codes[end + 1])])
        contact = np.zeros(len(end), dtype=bool)
        for step in range(4):
            beside = codes[np.minimum(end + step, len(codes) - 1)]
            contact |= (beside >= 0x28) & (beside <= 0x3F) | (beside == 0x5B) | (beside == 0xFF08)
        return np.where(bare, 5 + 4 * boundary + 6 * contact, words).astype(np.int8)


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    first = characters = 0
    for place, text in enumerate(texts):
        if place > first and (place - first == _TEXTS_AT_ONCE or characters + len(text) > _CHARACTERS_AT_ONCE):
            yield first, texts[first:place]
            first, characters = place, 0
        characters += len(text)
    if first < len(texts):
        yield first, texts[first:]


def _table(weights: Mapping[str, int], other: int) -> Weights:
    table = np.full(_CODES, other, dtype=np.int8)
    for char, weight in weights.items():
        table[ord(char)] = max(table[ord(char)], weight) if table[ord(char)] != other else weight
    return table


def _hash(first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return first * np.uint16(_MIX) + second


def _pairs(words: Mapping[str, int], other: int) -> Weights:
    table = np.full(_CODES, other, dtype=np.int8)
    for word, weight in words.items():
        place = (ord(word[0]) * _MIX + ord(word[1])) & 0xFFFF
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
