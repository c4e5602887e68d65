"""Stretches of titles and clauses that say best what a problem is about, whole and readable.

A fragment gains by words that are frequent in the problem and rare elsewhere, pays for its length and for words that
hardly any of the texts has, and is cut where titles and clauses of the run begin and end, never within what belongs
together.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from heapq import nlargest, nsmallest
from itertools import chain, pairwise, repeat
from operator import add
from typing import NamedTuple

from pipeline.problems.vocabulary import BINDING, FUNCTION_WORD, NOT_FIRST, NOT_LAST, NUMBER, Clause
from pipeline.problems.wording import Text, Wording

_SHORTEST, _LONGEST = 4.0, 24.0
KEPT = 40
# clauses that are cut up, and how many texts add one more
_CLAUSES, _TEXTS_A_CLAUSE = 8, 6

# what follows is in units of what one of the six most telling words of the problem is worth
_UNIT_WORDS = 6
_PER_CHARACTER = 0.12
_COMFORTABLE, _TOO_SHORT = 8.0, 0.12
_UNCOMMON_IN_TITLE, _UNCOMMON_IN_BODY, _UNCOMMON_NUMBER = 0.2, 0.45, 0.6
_FUNCTION_WORD = 0.12
_WHOLE_BEGIN, _SOFT_BEGIN, _LONE_CHARACTER_BEGIN = 0.3, 0.2, -0.25
_WHOLE_END, _SOFT_END, _HARD_END = 0.5, -0.15, -0.8
_EDGE_HABIT = 0.2
# below this no title says what the problem is about, and bodies are read as well
_TELLING_TITLE = 1.7

# a word is common to the texts of a problem from this share on; numbers must be, or they are details
_COMMON, _COMMON_NUMBER = 0.04, 0.2
# neighbours that stand together this often (cosine of their occurrences) are one name
_GLUED = 0.35


class Fragment(NamedTuple):
    """A stretch of tokens and how well it would name the problem, in units of a telling word.

    ``sound`` ones are whole clauses, at most without their opening words, and several texts of the problem hold each of
    their words: they tell no detail of a single one.
    """

    tokens: Clause
    score: float
    sound: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What the words of a problem are worth for its name, and in how many of its texts they stand.

    ``worth`` is class-based TF-IDF: the share of the problem's texts with the word times its rarity in the run.
    ``unit`` is the mean worth of the most telling words.
    """

    worth: Mapping[int, float]
    texts: Mapping[int, int]
    count: int
    unit: float

    def is_common(self, token: int, *, number: bool) -> bool:
        """Whether enough of the texts hold the token; of two texts each may have its own words."""
        least = (_COMMON_NUMBER if number else _COMMON) * self.count
        return self.count <= 2 or self.texts[token] >= max(2.0, least)

    def without(self, tokens: Collection[int]) -> "Weights":
        """The same, but for words that are told already."""
        return replace(self, worth={token: worth for token, worth in self.worth.items() if token not in tokens})


def weigh(texts: Sequence[Text], wording: Wording) -> Weights:
    """Weigh the words of a problem."""
    held = Counter(chain.from_iterable(text.words for text in texts))
    traits, telling = wording.vocabulary.traits, wording.usage.telling
    worth = {
        token: count / len(texts) * telling[token]
        for token, count in held.items()
        if traits[token] & FUNCTION_WORD != FUNCTION_WORD
    }
    # added up one by one, as the compiled twin does; ``sum`` does more since Python 3.12
    best = nlargest(_UNIT_WORDS, worth.values())
    return Weights(worth, held, len(texts), reduce(add, best, 0.0) / max(1, len(best)) or 1.0)


def fragments(texts: Sequence[Text], wording: Wording, weights: Weights) -> list[Fragment]:
    """Return stretches that could name the problem, best first: of titles, of bodies only where titles tell little."""
    in_title, in_body = (_Cutter(wording, weights, uncommon) for uncommon in (_UNCOMMON_IN_TITLE, _UNCOMMON_IN_BODY))
    found = in_title.best(clause for text in texts for clause in text.title)
    if max((fragment.score for fragment in found), default=0.0) < _TELLING_TITLE:
        found += in_body.best(clause for text in texts for clause in text.body)
    return nsmallest(KEPT, found, key=lambda fragment: (-fragment.score, fragment.tokens))


class _Cutter:
    """Cuts stretches out of clauses and weighs them."""

    def __init__(self, wording: Wording, weights: Weights, uncommon: float) -> None:
        self._words, self._usage, self._weights, self._uncommon = wording.vocabulary, wording.usage, weights, uncommon
        # the words of a problem come again and again
        self._gains: dict[int, tuple[float, float]] = {}

    def best(self, clauses: Iterable[Clause]) -> list[Fragment]:
        """Return the best stretches of the clauses that hold the most telling words, best first."""
        worth = self._weights.worth.get
        most = _CLAUSES + self._weights.count // _TEXTS_A_CLAUSE
        likely = nlargest(most, [(reduce(add, map(worth, clause, repeat(0.0)), 0.0), clause) for clause in {*clauses}])
        scores: dict[Clause, float] = {}
        whole: set[Clause] = set()
        for _, clause in likely:
            if self._words.width(clause) >= _SHORTEST:
                self._cut(clause, scores, whole)
        kept = nsmallest(KEPT, scores.items(), key=lambda cut: (-cut[1], cut[0]))
        return [
            Fragment(tokens, score, tokens in whole and all(map(self._is_common, tokens))) for tokens, score in kept
        ]

    def _cut(self, clause: Clause, scores: dict[Clause, float], whole: set[Clause]) -> None:
        """Add every stretch of the clause that may stand alone, with its best score, and those that close clauses."""
        torn = [self._torn(*pair) for pair in pairwise(clause)]
        traits, widths = self._words.traits, self._words.widths
        begins = [i for i, token in enumerate(clause) if not traits[token] & NOT_FIRST and not (i and torn[i - 1])]
        ends = {
            i: self._end_score(clause, i)
            for i, token in enumerate(clause)
            if not traits[token] & NOT_LAST and not (i < len(torn) and torn[i])
        }
        if not ends:
            return
        gains = [self._gains.get(token) or self._gains_of(token) for token in clause]
        for begin in begins:
            score, length, told = self._begin_score(clause, begin), 0.0, set()
            for place in range(begin, len(clause)):
                token = clause[place]
                length += widths[token]
                if length > _LONGEST:
                    break
                again, first = gains[place]
                score += again if token in told else first
                told.add(token)
                if length >= _SHORTEST and place in ends:
                    fragment = clause[begin : place + 1]
                    short = _TOO_SHORT * max(0.0, _COMFORTABLE - length)
                    scores[fragment] = max(score - short + ends[place], scores.get(fragment, -math.inf))
                    if token == clause[-1]:
                        whole.add(fragment)

    def _gains_of(self, token: int) -> tuple[float, float]:
        """What a token adds where it has been told before, and where it has not."""
        gain = self._gain(token)
        self._gains[token] = gain, gain + self._weights.worth.get(token, 0.0) / self._weights.unit
        return self._gains[token]

    def _gain(self, token: int) -> float:
        """What a token costs, whatever it is worth."""
        cost = _PER_CHARACTER * self._words.widths[token]
        traits = self._words.traits[token]
        if traits & FUNCTION_WORD == FUNCTION_WORD:
            return -cost - _FUNCTION_WORD
        if self._is_common(token):
            return -cost
        return -cost - (_UNCOMMON_NUMBER if traits & NUMBER else self._uncommon)

    def _is_common(self, token: int) -> bool:
        traits = self._words.traits[token]
        function_word = traits & FUNCTION_WORD == FUNCTION_WORD
        return function_word or self._weights.is_common(token, number=bool(traits & NUMBER))

    def _torn(self, left: int, right: int) -> bool:
        """Whether a cut between two tokens would tear a name apart, a number from its unit, or a not from its verb."""
        before, after = self._words.spellings[left], self._words.spellings[right]
        if BINDING in (before, after) or (before[-1].isdecimal() and len(after) == 1):
            return True
        if self._words.turns_round(left):
            return True
        traits = self._words.traits
        if FUNCTION_WORD in (traits[left] & FUNCTION_WORD, traits[right] & FUNCTION_WORD):
            return False
        together = self._usage.pair(left, right)
        return together**2 >= _GLUED**2 * self._usage.tokens[left] * self._usage.tokens[right]

    def _begin_score(self, clause: Clause, place: int) -> float:
        if place == 0:
            natural = _WHOLE_BEGIN
        elif self._words.traits[clause[place - 1]] & NOT_LAST:
            natural = _SOFT_BEGIN
        else:
            natural = _LONE_CHARACTER_BEGIN if len(self._words.spellings[clause[place]]) == 1 else 0.0
        return natural + _EDGE_HABIT * self._usage.begins[clause[place]]

    def _end_score(self, clause: Clause, place: int) -> float:
        if place + 1 == len(clause):
            natural = _WHOLE_END
        else:
            natural = _SOFT_END if self._words.traits[clause[place + 1]] & NOT_FIRST else _HARD_END
        return natural + _EDGE_HABIT * self._usage.ends[clause[place]]
