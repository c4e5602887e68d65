"""What a problem's texts speak of: weighted terms that add up over months, and how alike two such profiles are."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

TITLE = 6
KEPT = 600
_IDF_POWER = 2.0
# a term that stands in more profiles than this tells nothing, and would make every problem a candidate of every other
_COMMON = 0.1
_COMMON_AT_LEAST = 20
_BLOCK = 512


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


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines of profiles: ``score[i]`` between ``left[i]`` and ``right[i]``, for pairs above a limit."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    score: NDArray[np.float64]


def likeness(
    left: Sequence[Mapping[str, float]],
    right: Sequence[Mapping[str, float]],
    least: float,
    background: Background | None = None,
) -> Likeness:
    """Return the pairs of profiles whose cosine is at least ``least``, sorted by left and right.

    A term weighs ln(1 + its weight) times ln(1 + N/df)^2, df of the N texts of the background holding it (of the
    profiles, where there is none): a place or a product tells problems apart. Terms of more than a tenth of the
    profiles are left out.
    """
    one, other = _vectors(left, right, background)
    parts = [_alike(one[start : start + _BLOCK], other, start, least) for start in range(0, len(left), _BLOCK)]
    if not parts:
        return Likeness(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    return Likeness(*(np.concatenate(column) for column in zip(*parts, strict=True)))


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


def _vectors(
    left: Sequence[Mapping[str, float]], right: Sequence[Mapping[str, float]], background: Background | None
) -> tuple[csr_array, csr_array]:
    everything = [*left, *right]
    places: dict[str, int] = {}
    columns = [places.setdefault(term, len(places)) for one in everything for term in sorted(one)]
    weights = [one[term] for one in everything for term in sorted(one)]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in everything])])
    matrix = csr_array((np.log1p(weights), columns, starts), shape=(len(everything), max(len(places), 1)))
    holding = np.bincount(matrix.indices, minlength=matrix.shape[1])
    texts, common = len(everything), holding
    if background is not None:
        texts, common = background.texts, np.array([background.holding.get(term, 0) for term in places] or [0])
    telling = np.log1p(texts / np.maximum(common, 1)) ** _IDF_POWER
    telling[holding > max(_COMMON * len(everything), _COMMON_AT_LEAST)] = 0.0
    matrix = csr_array(matrix @ diags_array(telling))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = csr_array(diags_array(1 / np.where(lengths, lengths, 1.0)) @ matrix)
    return matrix[: len(left)], matrix[len(left) :]


def _alike(
    block: csr_array, other: csr_array, start: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    products = (block @ other.T).tocoo()
    near = products.data >= least
    left, right = products.row[near].astype(np.int64) + start, products.col[near].astype(np.int64)
    # cosines that differ in the last digits only are the same on every machine and in every order
    score = np.minimum(products.data[near].round(9), 1.0)
    order = np.lexsort((right, left))
    return left[order], right[order], score[order]
