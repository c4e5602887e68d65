"""Funnel plots: which regions' rates lie outside what chance allows a base of their size.

Spiegelhalter 2005, Statistics in Medicine 24:1185-1202: the target is the rate of all regions together, the limits are
those of a Poisson count with that rate, exact and interpolated (his appendix A.1), and overdispersion is estimated from
winsorised z-scores (appendix A.3).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, pdtr, pdtrik

Numbers = NDArray[np.float64]
_TAILS = (0.001, 0.025, 0.975, 0.999)
_FAR = 3.0902323061678132  # normal quantile of 0.999
# winsorising a tenth at either end needs at least so many
_ENOUGH = 10
_LEVEL = 0.05
_CURVE = 40


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A region: ``count`` complaints at ``exposure`` (user-months), ``rate`` per unit of the plot.

    ``z``: 2(√count - √expected), standard normal by chance; ``z_adjusted``: the same over the square root of the
    dispersion. ``position``: high, low (outside the 99.8 % limits by ``z``), or within; ``adjusted_position``: the same
    by ``z_adjusted``.
    """

    region: str
    count: int
    exposure: float
    expected: float
    rate: float
    z: float
    z_adjusted: float
    position: str
    adjusted_position: str


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Control limits of the rate at a base of ``exposure`` user-months: 99.8 % outer, 95 % inner."""

    exposure: float
    low_outer: float
    low_inner: float
    high_inner: float
    high_outer: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """All regions against their common rate.

    ``dispersion``: mean of the squared z-scores, 1 by chance; ``overdispersed``: more than chance explains at 5 %
    (chi-square). Then regions differ by more than chance throughout, and only ``adjusted_position`` finds the
    outstanding ones. ``per``: unit of the rates.
    """

    per: int
    target: float
    dispersion: float
    overdispersed: bool
    points: tuple[FunnelPoint, ...]
    curve: tuple[FunnelLimits, ...]


def funnel(regions: Sequence[str], counts: Sequence[int], exposures: Sequence[float], per: int) -> Funnel | None:
    """Make the plot's data; ``None`` for fewer than two regions with users, or without any complaint."""
    kept = [at for at, exposure in enumerate(exposures) if exposure > 0]
    seen = np.array([counts[at] for at in kept], float)
    base = np.array([exposures[at] for at in kept], float)
    if len(kept) < 2 or not seen.sum():
        return None
    target = float(seen.sum() / base.sum())
    expected = target * base
    z = 2 * (np.sqrt(seen) - np.sqrt(expected))
    held = _winsorised(z)
    dispersion = float(np.mean(held**2))
    over = float(chdtrc(len(kept) - 1, len(kept) * dispersion)) < _LEVEL and dispersion > 1
    adjusted = z / math.sqrt(dispersion) if over else z
    points = [
        FunnelPoint(
            regions[at],
            counts[at],
            float(base[place]),
            float(expected[place]),
            float(seen[place] / base[place] * per),
            float(z[place]),
            float(adjusted[place]),
            _position(z[place]),
            _position(adjusted[place]),
        )
        for place, at in enumerate(kept)
    ]
    points.sort(key=lambda point: (-point.z, point.region))
    return Funnel(per, target * per, dispersion, over, tuple(points), _curve(target, base, per))


def poisson_limit(mean: ArrayLike, chance: float) -> Numbers:
    """Return the count below which a Poisson count of ``mean`` falls with ``chance``, interpolated between whole ones.

    r is the smallest count with P(R <= r) >= p; the limit is r - (P(R <= r) - p) / P(R = r), at least 0.

    >>> round(float(poisson_limit(10.0, 0.025)), 3)
    3.775
    """
    means = np.asarray(mean, float)
    whole = np.ceil(np.nan_to_num(pdtrik(chance, means), nan=0.0) - 1e-9)
    # the continuous inverse may be one off at its joints
    whole = np.where(pdtr(whole, means) < chance, whole + 1, whole)
    whole = np.where((whole > 0) & (pdtr(np.maximum(whole - 1, 0), means) >= chance), whole - 1, whole)
    at, below = pdtr(whole, means), np.where(whole > 0, pdtr(np.maximum(whole - 1, 0), means), 0.0)
    limits: Numbers = np.maximum(whole - (at - chance) / (at - below), 0.0)
    return limits


def _curve(target: float, base: Numbers, per: int) -> tuple[FunnelLimits, ...]:
    sizes = np.geomspace(base.min(), base.max(), _CURVE) if base.min() < base.max() else base[:1]
    limits = [poisson_limit(target * sizes, tail) / sizes * per for tail in _TAILS]
    return tuple(FunnelLimits(float(size), *(float(limit[at]) for limit in limits)) for at, size in enumerate(sizes))


def _winsorised(z: Numbers) -> Numbers:
    if len(z) < _ENOUGH:
        return z
    low, high = np.quantile(z, (0.1, 0.9))
    clipped: Numbers = np.clip(z, low, high)
    return clipped


def _position(z: float) -> str:
    return "high" if z > _FAR else "low" if z < -_FAR else "within"
