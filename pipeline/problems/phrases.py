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
from pipeline.problems.wording import NOT_FIRST, NOT_LAST, NUMBER, Clause, Text, Vocabulary, Wording

_MOST_WORDS = 5
_LONGEST = 12.0
_LEAST_SHARE = 0.05
_SEVERAL_WORDS, _IN_TITLE = 1.3, 1.5
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
        if _may_stand_alone(gram, wording.vocabulary)
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
    held = {(token,): count for token, count in weights.texts.items() if count >= least}
    pairs = Counter(chain.from_iterable({*chain.from_iterable(map(pairwise, text.clauses))} for text in texts))
    frequent: dict[Clause, int] = {pair: count for pair, count in pairs.items() if count >= least}
    growing = [[(clause, list(range(len(clause) - 1))) for clause in text.clauses] for text in texts]
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


def _may_stand_alone(gram: Clause, words: Vocabulary) -> bool:
    """Whether a run opens and closes well and is more than a character or numbers."""
    if words.traits[gram[0]] & NOT_FIRST or words.traits[gram[-1]] & NOT_LAST:
        return False
    if len(gram) == 1:
        return len(words.spellings[gram[0]]) > 1 and not words.traits[gram[0]] & NUMBER
    return words.width(gram) <= _LONGEST


def _worth(gram: Clause, count: int, wording: Wording, weights: Weights) -> float:
    """Class-based TF-IDF of a phrase; more for several words and for ones that like to open and close clauses."""
    usage = wording.usage
    times = usage.tokens[gram[0]] if len(gram) == 1 else min(map(usage.pair, gram, gram[1:]))
    telling = math.log1p(usage.mean_words / max(count, times))
    readable = 2 ** (_EDGE_HABIT * (usage.begins[gram[0]] + usage.ends[gram[-1]]))
    return count / weights.count * telling * readable * (_SEVERAL_WORDS if len(gram) > 1 else 1.0)


class _Surroundings:
    """What stands before and after phrases in the texts of a problem."""

    def __init__(self, texts: Sequence[Text], vocabulary: Vocabulary) -> None:
        clauses = (vocabulary.text(clause) for text in texts for clause in text.clauses)
        self._text = "\n".join(["", *clauses, ""])

    def vary(self, phrase: str) -> bool:
        """Whether a phrase is whole."""
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        start = self._text.find(phrase)
        while start >= 0:
            before[self._text[start - 1] + phrase[0]] += 1
            after[phrase[-1] + self._text[start + len(phrase)]] += 1
            start = self._text.find(phrase, start + 1)
        return not self._fixed(before) and not self._fixed(after)

    def _fixed(self, pairs: Counter[str]) -> bool:
        """Whether one neighbour stands beside most occurrences, and hardly anywhere else."""
        pair, count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if "\n" in pair or count < 2 or count < _FIXED_NEIGHBOUR * pairs.total():
            return False
        return self._text.count(pair) >= _BOUND * math.sqrt(self._text.count(pair[0]) * self._text.count(pair[1]))
