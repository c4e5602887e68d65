"""Whether a name, put into a search box, finds its problem before all others."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled
from pipeline.problems.vocabulary import FUNCTION_WORD
from pipeline.problems.wording import Tokens, Wording

# a word counts half where this share of the texts of a problem hold it, as in searches for whole documents
_HALF = 0.02


class Search:
    """A search over the words of problems, for names put together from their pieces with blanks between them.

    A word tells more the fewer problems hold it, and a little more the larger the share of texts that hold it.
    Problems of the same cause are no rivals: what tells them apart stands beside the cause. ``problems`` are the
    compiled ones, if there are any.
    """

    def __init__(
        self,
        wording: Wording,
        tokens: Tokens,
        pieces: Sequence[Sequence[str]],
        causes: Sequence[str],
        problems: Any = None,
    ) -> None:
        self._words = _cut(wording, tokens, sorted({piece for held in pieces for piece in held}))
        self._hits = _hits(wording, {word for words in self._words.values() for word in words}, problems)
        number = {cause: place for place, cause in enumerate(sorted(set(causes) - {""}))}
        self._causes = np.array([number.get(cause, -1 - place) for place, cause in enumerate(causes)], np.int64)
        # of the search at hand; nought between searches
        self._scores = np.zeros(len(causes))
        self._native = compiled("naming")

    def lead(self, place: int, name: str) -> float:
        """The score of the problem at a place over that of the best rival; above 1 it is found first."""
        words = sorted({word for piece in name.split(" ") for word in self._words[piece]})
        if self._native is None:
            own, best = self._search(place, words)
        else:
            hits = self._hits
            found = hits.begins, hits.ends, hits.places, hits.values
            own, best = self._native.search(place, words, *found, self._causes, self._scores)
        return own / max(best, 1e-9)

    def _search(self, place: int, words: Sequence[int]) -> tuple[float, float]:
        """The score of the problem at a place and of its best rival."""
        stretches = [slice(self._hits.begins[word], self._hits.ends[word]) for word in words]
        if not stretches:
            return 0.0, 0.0
        for own in stretches:
            self._scores[self._hits.places[own]] += self._hits.values[own]
        # only where words occur: a run has many problems
        places = np.concatenate([self._hits.places[own] for own in stretches])
        rivals = places[self._causes[places] != self._causes[place]]
        found = float(self._scores[place]), float(self._scores[rivals].max(initial=0.0))
        self._scores[places] = 0.0
        return found


@dataclass(frozen=True, slots=True)
class _Hits:
    """The problems that hold each word, and what it counts there; those of a word from ``begins`` to ``ends``."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    places: NDArray[np.int64]
    values: NDArray[np.float64]


def _cut(wording: Wording, tokens: Tokens, pieces: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The known words of every piece that are more than function words."""
    numbers, traits = wording.vocabulary.numbers, wording.vocabulary.traits
    cut = ([numbers.get(token, 0) for token in held] for held in tokens(pieces))
    return {
        piece: tuple(word for word in words if word > 0 and traits[word] & FUNCTION_WORD != FUNCTION_WORD)
        for piece, words in zip(pieces, cut, strict=True)
    }


def _hits(wording: Wording, asked: set[int], problems: Any) -> _Hits:
    wanted = np.zeros(len(wording.vocabulary.spellings), np.uint8)
    wanted[list(asked)] = 1
    ends = np.zeros(len(wanted) + 1, np.int64)
    places, holding = _holding(wording, wanted, ends) if problems is None else problems.hits(wanted, ends)
    ends = ends[:-1]
    begins = np.concatenate([[0], ends[:-1]])
    texts = np.array([len(group) for group in wording.groups], np.int64)
    share = holding / texts[places]
    rarity = [math.log1p(len(texts) / own) if own else 0.0 for own in (ends - begins).tolist()]
    return _Hits(begins, ends, places, share / (share + _HALF) * np.repeat(rarity, ends - begins))


def _holding(
    wording: Wording, asked: NDArray[np.uint8], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The problems that hold each word asked for, and how many texts of each do; writes where those of a word end."""
    found: list[list[tuple[int, int]]] = [[] for _ in asked]
    wanted = {*np.flatnonzero(asked).tolist()}
    for place, texts in enumerate(wording.groups):
        for word, count in Counter(word for text in texts for word in text.words & wanted).items():
            found[word].append((place, count))
    ends[:-1] = np.cumsum([len(held) for held in found])
    places, counts = zip(*chain.from_iterable(found), strict=True) if any(found) else ((), ())
    return np.array(places, np.int64), np.array(counts, np.int32)
