"""Key phrases of a problem: words and runs of words that are frequent in it, rare elsewhere, and whole.

A phrase is whole when what stands before and after it varies. 魅力之 is followed by 城 wherever it stands, so only the
longer 魅力之城 is a phrase, however the segmenter cut it.
"""

import math
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from heapq import nsmallest
from itertools import chain, pairwise

from pipeline.problems.fragments import Weights
from pipeline.problems.vocabulary import (
    BINDING,
    NOT_FIRST,
    NOT_LAST,
    NUMBER,
    Clause,
    Vocabulary,
    edge_words,
)
from pipeline.problems.wording import Text, Wording

_MOST_WORDS = 5
_LONGEST = 12.0
_LEAST_SHARE = 0.05
_RUN, _SENTENCE, _IN_TITLE = 1.3, 0.8, 1.5
_EDGE_HABIT = 0.15
_CANDIDATES = 32
# a neighbour that stands beside so many of the occurrences belongs to the phrase, if it rarely stands elsewhere
_FIXED_NEIGHBOUR = 0.8
_BOUND = 0.5


def key_phrases(texts: Sequence[Text], wording: Wording, weights: Weights) -> Iterator[Clause]:
    """Yield the key phrases of a problem, best first, none within another."""
    worth = {
        gram: _worth(gram, count, wording, weights)
        for gram, count in _frequent(texts, weights).items()
        if _may_stand_alone(gram, wording)
    }
    for gram in _grams_of_titles(texts, worth):
        worth[gram] *= _IN_TITLE
    surroundings = _Surroundings(texts, wording.vocabulary)
    chosen: list[str] = []
    for gram in nsmallest(_CANDIDATES, worth, key=lambda gram: (-worth[gram], gram)):
        phrase = wording.vocabulary.text(gram)
        if not any(phrase in other or other in phrase for other in chosen) and surroundings.vary(phrase):
            chosen.append(phrase)
            yield gram


def _frequent(texts: Sequence[Text], weights: Weights) -> dict[Clause, int]:
    """Runs of up to five words and the number of texts with them; longer ones grow from frequent shorter ones."""
    least = 1 if len(texts) == 1 else max(2, math.ceil(_LEAST_SHARE * len(texts)))
    held: dict[Clause, int] = {(token,): count for token, count in weights.texts.items() if count >= least}
    pairs = Counter(chain.from_iterable({*chain.from_iterable(map(pairwise, text.clauses))} for text in texts))
    frequent: dict[Clause, int] = {pair: count for pair, count in pairs.items() if count >= least}
    growing = [[(clause, list(range(len(clause) - 1))) for clause in text.clauses if len(clause) > 2] for text in texts]
    for length in range(3, _MOST_WORDS + 1):
        held |= frequent
        growing = [_grown(text, length, frequent) for text in growing]
        counts = Counter(chain.from_iterable(_grams(text, length) for text in growing))
        frequent = {gram: count for gram, count in counts.items() if count >= least}
    return held | frequent


def _grown(
    text: list[tuple[Clause, list[int]]], length: int, frequent: dict[Clause, int]
) -> list[tuple[Clause, list[int]]]:
    """Where in the clauses of a text runs of a length begin that consist of two frequent ones, one word shorter."""
    grown = []
    for clause, starts in text:
        kept = [start for start in starts if clause[start : start + length - 1] in frequent]
        longer = [start for start, following in pairwise(kept) if following == start + 1]
        if longer:
            grown.append((clause, longer))
    return grown


def _grams(text: list[tuple[Clause, list[int]]], length: int) -> set[Clause]:
    return {clause[start : start + length] for clause, starts in text for start in starts}


def _grams_of_titles(texts: Sequence[Text], known: Container[Clause]) -> set[Clause]:
    return {
        clause[start:end]
        for text in texts
        for clause in text.title
        for start in range(len(clause))
        for end in range(start + 1, min(len(clause), start + _MOST_WORDS) + 1)
        if clause[start:end] in known
    }


def _may_stand_alone(gram: Clause, wording: Wording) -> bool:
    """Whether a run opens and closes well and is more than a character or numbers."""
    words = wording.vocabulary
    first, last = gram[0], gram[-1]
    if words.traits[first] & NOT_FIRST or words.traits[last] & NOT_LAST:
        return False
    lone = len(words.spellings[last]) == 1
    if len(gram) == 1:
        return not lone and not words.traits[last] & NUMBER
    # a last character that closes clauses less often than others is half a word, if it is not made to follow names
    half = lone and wording.usage.ends[last] < 0.0 and not words.traits[last] & NOT_FIRST
    return words.width(gram) <= _LONGEST and not half


def _worth(gram: Clause, count: int, wording: Wording, weights: Weights) -> float:
    """Class-based TF-IDF of a phrase; more for a run of telling words and for edges that like to open and close."""
    usage, words = wording.usage, wording.vocabulary
    times = usage.tokens[gram[0]] if len(gram) == 1 else min(map(usage.pair, gram, gram[1:]))
    telling = math.log1p(usage.mean_words / max(count, times))
    readable = 2 ** (_EDGE_HABIT * (usage.begins[gram[0]] + usage.ends[gram[-1]]))
    sentence = not words.of_sentences.isdisjoint(gram)
    return count / weights.count * telling * readable * (_SENTENCE if sentence else _RUN if len(gram) > 1 else 1.0)


class _Surroundings:
    """What stands before and after phrases in the texts of a problem."""

    def __init__(self, texts: Sequence[Text], vocabulary: Vocabulary) -> None:
        spell = vocabulary.spellings.__getitem__
        clauses = ((*map(spell, clause), "\n") for text in texts for clause in text.clauses)
        self._text = "".join(["\n", *chain.from_iterable(clauses)])

    def vary(self, phrase: str) -> bool:
        """Whether a phrase is whole."""
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        start = self._text.find(phrase)
        while start >= 0:
            before[self._text[start - 1]] += 1
            after[self._text[start + len(phrase)]] += 1
            start = self._text.find(phrase, start + 1)
        ahead, behind = self._usual(before), self._usual(after)
        # 区 before a name and 的 behind it do not belong to it, however often they stand there
        if ahead and not _does_not_open(ahead) and self._together(ahead, phrase[0]) >= _BOUND:
            return False
        return not (behind and not _does_not_close(behind) and self._together(phrase[-1], behind) >= _BOUND)

    def _usual(self, neighbours: Counter[str]) -> str:
        """The neighbour that stands beside most occurrences, if one does."""
        neighbour, count = max(neighbours.items(), key=lambda item: (item[1], item[0]))
        usual = neighbour.isalnum() and count >= max(2, _FIXED_NEIGHBOUR * neighbours.total())
        return neighbour if usual else ""

    def _together(self, left: str, right: str) -> float:
        """Cosine of the occurrences of two characters as neighbours."""
        return self._text.count(left + right) / math.sqrt(self._text.count(left) * self._text.count(right))


def _does_not_open(character: str) -> bool:
    return character != BINDING and bool((edge_words().get(character) or 0) & NOT_FIRST)


def _does_not_close(character: str) -> bool:
    return character != BINDING and bool((edge_words().get(character) or 0) & NOT_LAST)
