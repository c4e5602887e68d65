"""How alike many profiles are: cosines of their weighted terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from pipeline.problems.profiles import IDF_POWER, Background

# a term that stands in more profiles than this tells nothing, and would make every problem a candidate of every other
_COMMON = 0.1
_COMMON_AT_LEAST = 20
_BLOCK = 512


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
    telling = np.log1p(texts / np.maximum(common, 1)) ** IDF_POWER
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
