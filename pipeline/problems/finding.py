"""Whether a name, put into a search box, finds its problem before all others."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.vocabulary import FUNCTION_WORD
from pipeline.problems.wording import Tokens, Wording

# a word counts half where this share of the texts of a problem hold it, as in searches for whole documents
_HALF = 0.02


class Search:
    """A search over the words of problems, for names put together from their pieces with blanks between them.

    A word tells more the fewer problems hold it, and a little more the larger the share of texts that hold it.
    Problems of the same cause are no rivals: what tells them apart stands beside the cause.
    """

    def __init__(
        self, wording: Wording, tokens: Tokens, pieces: Sequence[Sequence[str]], causes: Sequence[str]
    ) -> None:
        self._words = _cut(wording, tokens, sorted({piece for held in pieces for piece in held}))
        self._hits = _hits(wording, {word for words in self._words.values() for word in words})
        number = {cause: place for place, cause in enumerate(sorted(set(causes) - {""}))}
        self._causes = np.array([number.get(cause, -1 - place) for place, cause in enumerate(causes)])

    def lead(self, place: int, name: str) -> float:
        """The score of the problem at a place over that of the best rival; above 1 it is found first."""
        scores = np.zeros(len(self._causes))
        for word in sorted({word for piece in name.split(" ") for word in self._words[piece]}):
            if word in self._hits:
                places, values = self._hits[word]
                scores[places] += values
        own = float(scores[place])
        scores[self._causes == self._causes[place]] = 0.0
        return own / max(float(scores.max()), 1e-9)


def _cut(wording: Wording, tokens: Tokens, pieces: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The known words of every piece that are more than function words."""
    numbers, traits = wording.vocabulary.numbers, wording.vocabulary.traits
    cut = ([numbers.get(token, 0) for token in held] for held in tokens(pieces))
    return {
        piece: tuple(word for word in words if word > 0 and traits[word] & FUNCTION_WORD != FUNCTION_WORD)
        for piece, words in zip(pieces, cut, strict=True)
    }


def _hits(wording: Wording, asked: set[int]) -> dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The problems that hold each word, and what it counts there."""
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for place, texts in enumerate(wording.groups):
        held = Counter(word for text in texts for word in text.words & asked)
        for word, count in held.items():
            found[word].append((place, count / len(texts)))
    hits = {}
    for word, places in found.items():
        share = np.array([share for _, share in places])
        rarity = math.log1p(len(wording.groups) / len(places))
        hits[word] = (np.array([place for place, _ in places]), share / (share + _HALF) * rarity)
    return hits
