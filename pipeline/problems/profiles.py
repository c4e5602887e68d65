"""What a problem's texts speak of: weighted terms that add up over months, and how alike two such profiles are.

``likeness`` does the last for many at once.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

TITLE = 6
KEPT = 600
IDF_POWER = 2.0


def profile(texts: Iterable[Sequence[str]], titles: Iterable[Sequence[str]] = ()) -> dict[str, float]:
    """Return the accumulated weights of the terms of ``texts`` (tokens of one text each).

    A text adds 1 + ln(count) for each of its terms; tokens of its title (``titles``, in the order of the texts) count
    six times. Single characters and punctuation are no terms. A problem's name and key phrases are texts like others:
    ``merge_profiles(profile(texts), profile([name, *phrases]))``.

    >>> profile([["宽带", "断", "了", "，", "宽带"]])
    {'宽带': 1.6931471805599454}
    """
    weights: dict[str, float] = defaultdict(float)
    heads = iter(titles)
    for text in texts:
        counts = Counter(filter(_is_term, text))
        for term, count in Counter(filter(_is_term, next(heads, ()))).items():
            counts[term] += TITLE * count
        for term, count in counts.items():
            weights[term] += 1 + math.log(count)
    return dict(sorted(weights.items()))


def merge_profiles(*profiles: Mapping[str, float], kept: int = KEPT) -> dict[str, float]:
    """Add profiles up and keep the ``kept`` weightiest terms (those of equal weight in their order).

    >>> merge_profiles({"宽带": 1.0}, {"宽带": 2.0, "断网": 1.0})
    {'宽带': 3.0, '断网': 1.0}
    """
    weights: dict[str, float] = defaultdict(float)
    for one in profiles:
        for term, weight in one.items():
            weights[term] += weight
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:kept]
    return dict(sorted(best))


@dataclass(frozen=True, slots=True)
class Background:
    """How common words are: of ``texts`` texts of the trade, ``holding[term]`` hold a term."""

    texts: int
    holding: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> Self:
        """Count the terms of texts (tokens of one text each), such as all complaints of a run."""
        holding: Counter[str] = Counter()
        number = 0
        for text in texts:
            number += 1
            holding.update(set(filter(_is_term, text)))
        return cls(number, holding)

    def telling(self, term: str) -> float:
        """Return how much a term tells texts apart: ln(1 + N/df)^2, df of N texts holding it."""
        return math.log1p(self.texts / max(self.holding.get(term, 0), 1)) ** IDF_POWER


def cosine(one: Mapping[str, float], other: Mapping[str, float], background: Background) -> float:
    """Return how alike two profiles are, 0 to 1: a term weighs ln(1 + its weight) times what it tells apart.

    >>> cosine({"宽带": 1.0, "师傅": 1.0}, {"宽带": 1.0}, Background(10, {"宽带": 5, "师傅": 5}))
    0.707106781
    """
    first, second = (
        {term: math.log1p(weight) * background.telling(term) for term, weight in terms.items()}
        for terms in (one, other)
    )
    product = math.fsum(weight * second.get(term, 0.0) for term, weight in first.items())
    length = math.hypot(*first.values()) * math.hypot(*second.values())
    return round(min(product / length, 1.0), 9) if length else 0.0


def shared_terms(
    one: Mapping[str, float], other: Mapping[str, float], rarity: Mapping[str, int], most: int
) -> list[str]:
    """Return up to ``most`` terms of both profiles, those that few profiles hold (``rarity``) and weigh much first."""
    both = [term for term in one if term in other]
    return sorted(both, key=lambda term: (-math.log1p(min(one[term], other[term])) / rarity[term], term))[:most]


def holders(profiles: Iterable[Mapping[str, float]]) -> Counter[str]:
    """Return how many of the profiles hold each term."""
    return Counter(term for one in profiles for term in one)


def _is_term(token: str) -> bool:
    return len(token) > 1 and token[0].isalnum()
