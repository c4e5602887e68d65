"""Shares of answers with intervals, single ones and whole columns at once."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.insights.rates import CONFIDENCE, Estimate

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimates:
    """A column of figures with their intervals; ``value`` is ``nan`` where there is nothing to divide by."""

    value: Numbers
    low: Numbers
    high: Numbers

    def __getitem__(self, place: int) -> Estimate:
        value = float(self.value[place])
        return Estimate(None if math.isnan(value) else value, float(self.low[place]), float(self.high[place]))


def wilson(count: ArrayLike, of: ArrayLike, confidence: float = CONFIDENCE) -> Estimates:
    """Shares with the score interval (Wilson 1927, JASA 22:209-212); of nothing it is 0 to 1.

    With p = count/of and z the normal quantile the limits are
    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).

    >>> one = wilson(81, 263)[0]
    >>> f"{one.value:.4f} {one.low:.4f} {one.high:.4f}"
    '0.3080 0.2553 0.3662'
    """
    counts, wholes = (np.atleast_1d(np.asarray(one, float)) for one in (count, of))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counts / wholes
        middle = share + z * z / (2 * wholes)
        half = z * np.sqrt(share * (1 - share) / wholes + z * z / (4 * wholes * wholes))
        scale = 1 + z * z / wholes
        low, high = (middle - half) / scale, (middle + half) / scale
    none = wholes == 0
    # rounding may push the limits of 0 of n and n of n past what is possible
    low = np.where(none | (counts == 0), 0.0, np.clip(low, 0.0, 1.0))
    high = np.where(none | (counts == wholes), 1.0, np.clip(high, 0.0, 1.0))
    return Estimates(share, low, high)


def difference(
    one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], confidence: float = CONFIDENCE
) -> Estimates:
    """The share of ``one`` less that of ``other``, both given as (count, of), independent of each other.

    The interval joins the two Wilson intervals (Newcombe 1998, Statistics in Medicine 17:873-890, method 10):
    d - sqrt((p1-l1)² + (u2-p2)²) to d + sqrt((u1-p1)² + (p2-l2)²). Where one has no answers it is -1 to 1.

    >>> found = difference((56, 70), (48, 80))[0]
    >>> f"{found.value:.4f} {found.low:.4f} {found.high:.4f}"
    '0.2000 0.0524 0.3339'
    """
    first, second = wilson(*one, confidence), wilson(*other, confidence)
    value = first.value - second.value
    none = np.isnan(value)
    low = value - np.hypot(first.value - first.low, second.high - second.value)
    high = value + np.hypot(first.high - first.value, second.value - second.low)
    return Estimates(value, np.where(none, -1.0, low), np.where(none, 1.0, high))


def chance_of_no_difference(one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike]) -> Numbers:
    """Two-sided chance of a difference at least as large, were the shares equal (score test with a pooled share).

    This is Pearson's chi-square of the two by two table (1900) without correction; 1 where nothing can be compared.
    """
    (counts, wholes), (other_counts, other_wholes) = (
        tuple(np.atleast_1d(np.asarray(column, float)) for column in pair) for pair in (one, other)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (counts + other_counts) / (wholes + other_wholes)
        error = np.sqrt(pooled * (1 - pooled) * (1 / wholes + 1 / other_wholes))
        z = np.abs(counts / wholes - other_counts / other_wholes) / error
    tails = np.array([math.erfc(each / math.sqrt(2)) for each in np.nan_to_num(z, nan=0.0)])
    return tails


def false_discovery(chances: ArrayLike) -> Numbers:
    """Return for each chance the share of false ones among all as small (Benjamini & Hochberg 1995, JRSS B 57:289).

    >>> [round(float(one), 3) for one in false_discovery([0.01, 0.04, 0.03, 0.005])]
    [0.02, 0.04, 0.04, 0.02]
    """
    values = np.asarray(chances, float)
    order = np.argsort(-values, kind="stable")
    ranks = np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(np.minimum(values[order] * len(values) / ranks, 1.0))
    return adjusted
