"""Where names may begin, found with numpy: the twin of ``native.scanning.name_places``."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.masking.start_tables import COMPOUND, LETTER, NICK, STRANGE, WORDY, StartTables, Weights
from pipeline.text.masking.weights import (
    CLAN,
    CONTACT,
    CUE,
    EDGE_AFTER,
    EDGE_BEFORE,
    ENUMERATED,
    FIELD,
    LABEL,
    LABELLED,
    LEAST_SHORT_TITLED,
    LEAST_TITLED,
    NICKNAME,
    NO_WORD_BEFORE,
    SHORT_TITLED,
    SPOKEN_FOR,
    THRESHOLD,
    TITLED,
)
from pipeline.text.scanning import Batch, pair_places

_FOREIGN_BEFORE = 3
_MOST_AFTER = 12
_LATIN_BEFORE = 7
_LONGEST_RUN = 8
_LOUD = 5
_TITLED = min(LEAST_TITLED.values())
_LAST_CAPITAL, _BRACKET, _CLOSING, _PLUS, _COMMA_OF_LISTS = map(ord, "Z[]+、")
_NEVER = -9
_CLAN = ord(CLAN)
_DOT = 0xB7
# in the order in which the compiled twin takes them
WEIGHTS = (
    *(THRESHOLD, TITLED, SHORT_TITLED, NICKNAME, LABEL, LABELLED, CONTACT, FIELD, ENUMERATED, EDGE_BEFORE, EDGE_AFTER),
    *(NO_WORD_BEFORE, _MOST_AFTER, _LATIN_BEFORE, _FOREIGN_BEFORE, _LOUD, CUE, _TITLED, LEAST_SHORT_TITLED, THRESHOLD),
)

Places = NDArray[np.intp]


class Found(NamedTuple):
    """Places in the joined texts of a batch, in order."""

    told: Places
    unsure: Places
    """Whether a name may begin there the words around it must tell."""
    two: Places
    """For each unsure place: what a name of two characters has to spare; less than 0: there is none."""
    three: Places
    foreign: Places
    latin: Places


class StartScan:
    """Tells the places at which the score of a name may reach ``THRESHOLD``."""

    def __init__(self, tables: StartTables) -> None:
        self._tables = tables

    def found(self, batch: Batch) -> Found:
        """Look at all places of the batch at once."""
        codes, tables = batch.codes, self._tables
        # behind a label or a word for a person any character may begin a name
        likely = np.flatnonzero(tables.han.take(codes[2:]) & (tables.most_before.take(codes[1:-1]) >= CUE)) + 2
        at = np.union1d(np.flatnonzero(tables.opens.take(codes)), likely[self._is_cued(codes, likely)])
        first, second = codes.take(at), codes.take(at + 1)
        given = tables.given.take(second) + np.maximum(tables.given.take(codes.take(at + 2)), 0)
        title = (tables.titles.take(pair_places(second, codes.take(at + 2))) > 0) | tables.short_titles.take(second)
        special = (tables.classes.take(first) & (NICK | COMPOUND)) > 0
        # what stands before is at first only known by one character
        most = tables.family.take(first) + given + tables.most_before.take(codes.take(at - 1)) + _MOST_AFTER
        worth = at.compress(((most >= THRESHOLD) | special | title) & tables.han.take(second))
        worth = self._no_words(codes, worth)
        told, two, three = self._reaches(codes, worth)
        unsure = (two >= 0) | (three >= 0)
        sound, next_sound = tables.foreign.take(first), tables.foreign.take(second)
        sounding = at.compress((sound > 0) & (next_sound > 0) & (sound + next_sound > 1))
        foreign = self._no_words(codes, self._foreign_begins(codes, sounding)) if len(sounding) else sounding
        return Found(worth[told], worth[unsure], two[unsure], three[unsure], foreign, self._latin(codes))

    def _is_cued(self, codes: Places, at: Places) -> NDArray[np.bool_]:
        """Tell whether a label or a word for a person may stand before each place."""
        tables = self._tables
        last = codes.take(at - 1)
        words = np.maximum(tables.before_one.take(last), tables.before_two.take(pair_places(codes.take(at - 2), last)))
        return np.where(tables.han.take(last), (words >= CUE) | tables.links.take(last), tables.separator.take(last))

    def _latin(self, codes: Places) -> Places:
        """Return the places of words of Latin letters that may be names."""
        tables = self._tables
        letters = (tables.classes.take(codes) & LETTER) != 0
        words = np.flatnonzero(letters[1:-1] & letters[2:] & ~letters[:-2]) + 1
        words = words[codes[words] <= _LAST_CAPITAL]
        pairs = pair_places(codes[words], codes[words + 1])
        named = tables.latin_titles[pairs] | tables.latin_names[pair_places(pairs, codes[words + 2])]
        return words[named | (self.before(codes, words) >= _LATIN_BEFORE)]

    def _no_words(self, codes: Places, at: Places) -> Places:
        """Return the places at and before which no word begins that never is a name."""
        return at[~self.is_word(codes, at) & ~self.is_word(codes, at - 1)]

    def is_word(self, codes: Places, at: Places) -> NDArray[np.bool_]:
        """Tell where a word of two characters begins that never is a name."""
        tables = self._tables
        first, second = codes.take(at), codes.take(at + 1)
        likely = np.flatnonzero(tables.word_pairs.take(pair_places(first, second)))
        pairs = first[likely] << 16 | second[likely]
        told = np.zeros(len(at), dtype=bool)
        told[likely] = tables.words[np.searchsorted(tables.words[:-1], pairs)] == pairs
        return told

    def _reaches(self, codes: Places, at: Places) -> tuple[NDArray[np.bool_], Places, Places]:
        """Tell where a name surely may begin; else what names of two and of three characters have to spare."""
        tables = self._tables
        first, second, third = codes.take(at), codes.take(at + 1), codes.take(at + 2)
        boundary = ~tables.han.take(codes.take(at - 1))
        needed = THRESHOLD - self.before(codes, at)
        family, given = tables.family.take(first), tables.given.take(second)
        after = self.after(codes, at + 2, boundary)
        two = family + given + after - needed
        three = family + given + tables.given.take(third) + self.after(codes, at + 3, boundary) - needed
        titled = (
            (tables.titles.take(pair_places(second, third)) > 0) & (family + TITLED >= needed) & (family >= _TITLED)
        )
        short = (
            tables.short_titles.take(second)
            & (family >= LEAST_SHORT_TITLED)
            & (family + SHORT_TITLED + np.minimum(after, FIELD) >= needed)
        )
        called = np.maximum(tables.family.take(second), given)
        nick = ((tables.classes.take(first) & NICK) > 0) & (called + after + NICKNAME >= needed)
        compound = tables.compound.take(pair_places(first, second)) > 0
        compound |= (second == _CLAN) & (needed <= THRESHOLD - CUE)
        told = titled | short | nick | compound
        classes = tables.classes.take(first)
        unknown = ~tables.opens.take(first) & ((needed > THRESHOLD - LABEL) | (classes & STRANGE == 0))
        unknown |= (classes & WORDY > 0) & ~compound & (needed > THRESHOLD - CUE)
        told &= ~unknown
        closed = unknown | told | (second == first)
        two[closed | self.is_word(codes, at + 1)] = -1
        three[closed | (third == first) | ~tables.han.take(third) | self.is_word(codes, at + 2)] = -1
        return told, two, three

    def _foreign_begins(self, codes: Places, at: Places) -> Places:
        """Return the places where foreign sounds may be a name: all after which enough of them follow."""
        tables = self._tables
        before = self.before(codes, at)
        loud = tables.foreign.take(codes.take(at)) + tables.foreign.take(codes.take(at + 1)) >= _LOUD
        heard = np.flatnonzero((before >= _LATIN_BEFORE) | loud & (before >= _FOREIGN_BEFORE))
        at, before = at[heard], before[heard]
        boundary = ~tables.han.take(codes.take(at - 1))
        sounds = np.zeros(len(at), dtype=np.int16)
        runs = np.ones(len(at), dtype=bool)
        told = (codes.take(at[:, None] + np.arange(1, 6)) == _DOT).any(axis=1)
        for size in range(1, _LONGEST_RUN + 1):
            sound = tables.foreign.take(codes.take(at + size - 1))
            runs &= sound > 0
            sounds += np.where(runs, sound, 0)
            if size > 1:
                enough = sounds + before + self.after(codes, at + size, boundary) >= THRESHOLD
                told |= runs & enough & (sounds >= SPOKEN_FOR * size)
        return at[told]

    def before(self, codes: Places, at: Places) -> Weights:
        """Return at most what stands before each place."""
        tables = self._tables
        last = codes[at - 1]
        weight = np.maximum(tables.before_one[last], tables.before_two[pair_places(codes[at - 2], last)])
        bare = np.flatnonzero(~tables.han[last])
        if len(bare):
            weight[bare] = np.maximum(weight[bare], self._behind_marks(codes, at[bare]))
        linked = np.flatnonzero(tables.links[last])
        if len(linked):
            label = self._label(codes, at[linked] - 2)
            weight[linked] = np.maximum(weight[linked], np.where(label >= LABEL, LABEL, -9))
        return weight

    def _behind_marks(self, codes: Places, at: Places) -> Weights:
        """Return at most what stands before places behind a mark: up to three marks, and a label or a number of it."""
        tables = self._tables
        last = codes.take(at - 1)
        reaches, marked = tables.separator.take(last), tables.mark.take(last)
        numbered = np.zeros(len(at), dtype=bool)
        labelled = np.full(len(at), _NEVER, dtype=np.int8)
        for back in (2, 3, 4):
            beside = codes.take(at - back)
            digit = tables.digit.take(beside)
            # a number behind a label says nothing without a mark behind it
            label = np.where(digit, np.where(marked, LABEL, 0), self._label(codes, at - back))
            labelled = np.maximum(labelled, np.where(reaches & (label > CONTACT), label + LABELLED, _NEVER))
            numbered |= digit | (beside == _CLOSING)
            marked |= tables.mark.take(beside)
            reaches &= tables.separator.take(beside)
        weight = np.where(tables.code.take(last), NO_WORD_BEFORE, np.where(numbered, CONTACT, EDGE_BEFORE))
        return np.maximum(weight, labelled).astype(np.int8)

    def _label(self, codes: Places, end: Places) -> Weights:
        tables = self._tables
        return np.maximum(tables.label_one[codes[end]], tables.label_two[pair_places(codes[end - 1], codes[end])])

    def after(self, codes: Places, end: Places, boundary: NDArray[np.bool_]) -> Weights:
        """Return at most what stands after names that end there."""
        tables = self._tables
        first = codes[end]
        bare = ~tables.han[first]
        words = np.maximum(tables.after_one[first], tables.after_two[pair_places(first, codes[end + 1])])
        beside = codes.take(np.minimum(end[:, None] + np.arange(4), len(codes) - 1))
        contact = (tables.digit.take(beside) | (beside == _BRACKET) | (beside == _PLUS)).any(axis=1)
        contact |= tables.opening.take(first)
        more = np.where(contact, CONTACT, np.where(first == _COMMA_OF_LISTS, ENUMERATED, 0))
        return np.where(bare, EDGE_AFTER + FIELD * boundary + more, words).astype(np.int8)
