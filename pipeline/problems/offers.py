"""What the texts of problems offer for their names: fragments and key phrases, best first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.native.blocks import in_blocks
from pipeline.problems.fragments import KEPT, Fragment, fragments, weigh
from pipeline.problems.naming_arrays import BLOCK, told_in
from pipeline.problems.phrases import key_phrases
from pipeline.problems.vocabulary import Clause
from pipeline.problems.wording import Text, Wording

_PHRASES = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """What a problem has: fragments, the sound ones of them, and key phrases; best first.

    Fragments can be gone through again and again.
    """

    fragments: Iterable[Fragment]
    sound: Iterable[Fragment]
    phrases: list[Clause]


def offer_words(where: Sequence[str], wording: Wording, problems: Any) -> list[Offer]:
    """Find fragments and key phrases of every problem; words that stand in ``where`` add nothing to a fragment.

    ``problems`` are the compiled ones, or ``None``.
    """
    if problems is None:
        return [_offer(told, texts, wording) for told, texts in zip(where, wording.groups, strict=True)]
    count = len(where)
    phrases, phrase_count = np.empty((count, _PHRASES, 2), np.int64), np.empty(count, np.int32)
    found, found_count = np.empty((count, KEPT, 3), np.int64), np.empty(count, np.int32)
    scores = np.empty((count, KEPT))

    def read(begin: int, end: int) -> None:
        problems.offer(begin, end, phrases, phrase_count, found, scores, found_count)

    for _ in in_blocks(read, count, BLOCK):
        pass
    tokens = wording.contents.tokens
    sound = found[:, :, 2] == 1
    return [
        Offer(
            _Found(tokens, found[place, :some], scores[place, :some]),
            _Found(tokens, found[place, :some][sound[place, :some]], scores[place, :some][sound[place, :some]]),
            _clauses(tokens, phrases[place, :phrase_some]),
        )
        for place, (some, phrase_some) in enumerate(zip(found_count.tolist(), phrase_count.tolist(), strict=True))
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Fragments of a problem, made only when looked at: of most, the first few are."""

    tokens: NDArray[np.int32]
    places: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __iter__(self) -> Iterator[Fragment]:
        for (start, length, sound), score in zip(self.places.tolist(), self.scores.tolist(), strict=True):
            yield Fragment(tuple(self.tokens[start : start + length].tolist()), score, bool(sound))


def _clauses(tokens: NDArray[np.int32], places: NDArray[np.int64]) -> list[Clause]:
    return [tuple(tokens[start : start + length].tolist()) for start, length in places.tolist()]


def _offer(where: str, texts: Sequence[Text], wording: Wording) -> Offer:
    weights = weigh(texts, wording)
    phrases = list(islice(key_phrases(texts, wording, weights), _PHRASES))
    if where:
        weights = weights.without(told_in(where, wording.vocabulary))
    found = fragments(texts, wording, weights)
    return Offer(found, [fragment for fragment in found if fragment.sound], phrases)
