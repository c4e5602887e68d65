"""Rates of complaints and how they compare: exact intervals and tests for counts with exposure.

Counts are taken for Poisson: complaints come one by one, each by its own decision. What comes in bursts (one outage,
a hundred calls) varies more than that; count customers, not rows, before asking these functions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, gammaincinv, gammaln

CONFIDENCE = 0.95
# e to this power is as far from 1 as a ratio of two counts can be told
_FAR = 40.0


@dataclass(frozen=True, slots=True)
class Tally:
    """``count`` complaints in ``exposure`` (days, or days times users; any unit, but one unit in a comparison)."""

    count: float
    exposure: float

    def __post_init__(self) -> None:
        if self.count < 0 or self.exposure < 0:
            raise ValueError(f"a tally cannot be negative: {self.count} in {self.exposure}")

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.exposure + other.exposure)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; ``value`` is ``None`` where the counts say nothing, ``high`` may be infinite."""

    value: float | None
    low: float
    high: float

    def excludes(self, figure: float) -> bool:
        """Whether the whole interval lies on one side of ``figure``."""
        return self.high < figure or self.low > figure


def rate(tally: Tally, confidence: float = CONFIDENCE) -> Estimate:
    """Complaints per unit of exposure with the exact Poisson interval (Garwood 1936, Biometrika 28:437-442).

    The limits are gamma quantiles: low at (1-c)/2 with shape x, high at (1+c)/2 with shape x+1, over the exposure.

    >>> one = rate(Tally(10, 1.0))
    >>> f"{one.value:.1f} {one.low:.2f} {one.high:.2f}"
    '10.0 4.80 18.39'
    """
    if not tally.exposure:
        return Estimate(None, 0.0, math.inf)
    tail = (1 - confidence) / 2
    low = float(gammaincinv(tally.count, tail)) if tally.count else 0.0
    high = float(gammaincinv(tally.count + 1, 1 - tail))
    return Estimate(tally.count / tally.exposure, low / tally.exposure, high / tally.exposure)


def rate_ratio(after: Tally, before: Tally, confidence: float = CONFIDENCE) -> Estimate:
    """The rate after over the rate before, with the exact conditional interval.

    Given their sum n, the count after is binomial with chance p = r*t1 / (r*t1 + t0), r the ratio of the rates and t
    the exposures (Przyborowski & Wilenski 1940, Biometrika 31:313-323; Lehmann & Romano, Testing Statistical
    Hypotheses, section 4.5). The Clopper-Pearson limits of p (1934, Biometrika 26:404-413), solved for r, are the
    limits of the ratio: they hold it at least as often as ``confidence`` says.

    >>> found = rate_ratio(Tally(41, 28010), Tally(15, 19017))
    >>> f"{found.value:.4f} {found.low:.4f} {found.high:.4f}"
    '1.8558 1.0057 3.6093'
    """
    if not (after.count + before.count and after.exposure and before.exposure):
        return Estimate(None, 0.0, math.inf)
    scale = before.exposure / after.exposure
    tail = (1 - confidence) / 2
    low = float(betaincinv(after.count, before.count + 1, tail)) if after.count else 0.0
    high = float(betaincinv(after.count + 1, before.count, 1 - tail)) if before.count else 1.0
    return Estimate(
        _odds(after.count, before.count) * scale, _odds(low, 1 - low) * scale, _odds(high, 1 - high) * scale
    )


def chance_of_more(after: Tally, before: Tally) -> float:
    """Chance of at least so many complaints after, had nothing changed: the upper tail of the binomial above.

    The tail P(X >= x) is the incomplete beta function I_p(x, n-x+1), so that counts need not be whole.

    >>> round(chance_of_more(Tally(5, 4), Tally(0, 8)), 5) == round((1 / 3) ** 5, 5)
    True
    """
    if not after.count:
        return 1.0
    return float(betainc(after.count, before.count + 1, _share(after, before)))


def chance_of_fewer(after: Tally, before: Tally) -> float:
    """Chance of at most so many complaints after, had nothing changed: the lower tail, I_(1-p)(n-x, x+1)."""
    return chance_of_more(before, after)


def ratio_of_rate_ratios(
    fixed: tuple[Tally, Tally], control: tuple[Tally, Tally], confidence: float = CONFIDENCE
) -> Estimate:
    """How much more the rate changed in the fixed regions than in the untouched ones; pairs are (after, before).

    Given the sums of its rows and columns, the table of the four counts follows the non-central hypergeometric law
    whose odds ratio is the ratio of rate ratios times that of the exposures (Fisher 1935; Breslow & Day 1980,
    Statistical Methods in Cancer Research I, section 4.2). The value is the conditional maximum likelihood
    estimate; the limits leave (1-c)/2 in each tail (Cornfield 1956). Several control regions are added up, which
    takes for granted that users did not move between them.

    >>> tea = ratio_of_rate_ratios((Tally(3, 1), Tally(1, 1)), (Tally(1, 1), Tally(3, 1)))
    >>> f"{tea.value:.4f} {tea.low:.4f} {tea.high:.0f}"
    '6.4083 0.2117 626'
    """
    (after, before), (other_after, other_before) = fixed, control
    exposures = [tally.exposure for tally in (after, before, other_after, other_before)]
    if not all(exposures):
        return Estimate(None, 0.0, math.inf)
    scale = math.log(exposures[1]) + math.log(exposures[2]) - math.log(exposures[0]) - math.log(exposures[3])
    law = _Table.of(*(round(tally.count) for tally in (after, before, other_after, other_before)))
    if len(law.support) == 1:
        return Estimate(None, 0.0, math.inf)
    tail = (1 - confidence) / 2
    lowest, highest = law.support[0], law.support[-1]
    low = 0.0 if law.seen == lowest else _solved(lambda theta: law.at_least(theta) - tail, scale)
    high = math.inf if law.seen == highest else _solved(lambda theta: tail - law.at_most(theta), scale)
    if law.seen in (lowest, highest):
        return Estimate(low if law.seen == lowest else high, low, high)
    return Estimate(_solved(lambda theta: law.mean(theta) - law.seen, scale), low, high)


def _odds(one: float, other: float) -> float:
    return one / other if other else math.inf


def _share(after: Tally, before: Tally) -> float:
    whole = after.exposure + before.exposure
    return after.exposure / whole if whole else 0.5


def _solved(rising: Callable[[float], float], scale: float) -> float:
    """The ratio at which a function of the log odds ratio that rises is zero."""
    return math.exp(float(brentq(rising, -_FAR, _FAR, xtol=1e-12)) + scale)


@dataclass(frozen=True, slots=True)
class _Table:
    """The non-central hypergeometric law of the first cell of a 2x2 table, given its margins."""

    seen: int
    support: NDArray[np.float64]
    log_weights: NDArray[np.float64]

    @classmethod
    def of(cls, after: int, before: int, other_after: int, other_before: int) -> "_Table":
        row, other_row, column = after + before, other_after + other_before, after + other_after
        cell = np.arange(max(0, column - other_row), min(row, column) + 1, dtype=float)
        ways = _log_ways(row, cell) + _log_ways(other_row, column - cell)
        return cls(after, cell, ways)

    def _shares(self, theta: float) -> NDArray[np.float64]:
        weights = self.log_weights + theta * self.support
        shares = np.exp(weights - weights.max())
        return shares / shares.sum()

    def at_least(self, theta: float) -> float:
        return float(self._shares(theta)[self.support >= self.seen].sum())

    def at_most(self, theta: float) -> float:
        return float(self._shares(theta)[self.support <= self.seen].sum())

    def mean(self, theta: float) -> float:
        return float(self._shares(theta) @ self.support)


def _log_ways(whole: int, part: NDArray[np.float64]) -> NDArray[np.float64]:
    return gammaln(whole + 1) - gammaln(part + 1) - gammaln(whole - part + 1)
