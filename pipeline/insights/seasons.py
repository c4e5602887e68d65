"""How much of a usual day each day is: factors for the day of the week, holidays, the billing days of the month.

Few complaints tell little about seven weekdays and 31 days of the month, so each factor is drawn towards that of the
next larger series: all complaints, then the category, then the problem (the posterior mean of a gamma prior whose
weight is ``strength`` expected complaints: Clayton & Kaldor 1987, Biometrics 43:671-681). The day to be judged has no
say in its own factors, and no day with many times its usual level in any, so that an outbreak is no season.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.calendar import day_of_month
from pipeline.insights.series import Daily
from pipeline.insights.workdays import HOLIDAY, KINDS, MAKE_UP, DayKinds

_MONTH_DAYS = 32
_HALF = 28
_CLIP = 6.0
_ROUNDS = 4
_LEAST = 0.05
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seasons:
    """``strength``: complaints that speak for the larger series; ``billing``: last day of each part of a month."""

    strength: float = 30.0
    billing: tuple[int, ...] = (5, 15, 25)


def day_factors(daily: Daily, kinds: DayKinds, seasons: Seasons = Seasons()) -> Floats:
    """Return the factor of every series and day, 1 for a usual day; the shape is that of ``daily.counts``."""
    counts = daily.counts.astype(float)
    seen, level = _without_outbreaks(counts)
    number = day_of_month(daily.days)
    classes = _Classes(kinds.kinds, np.searchsorted(seasons.billing, number) % len(seasons.billing), number)
    categories = np.array([one == "category" for one in daily.kinds], bool)
    whole_seen, whole_level = seen[categories].sum(axis=0)[None], level[categories].sum(axis=0)[None]
    whole = _fitted(whole_seen, whole_level, np.ones(whole_seen.shape), classes, seasons)
    factors = np.broadcast_to(whole, counts.shape).copy()
    for group in (categories, ~categories):
        # every problem begins where its category ended
        prior = np.where(daily.pools[group, None] >= 0, factors[daily.pools[group]], whole)
        factors[group] = _fitted(seen[group], level[group], prior, classes, seasons)
    return np.maximum(factors, _LEAST)


@dataclass(frozen=True, slots=True)
class _Classes:
    """Which factor of each sort a day has."""

    kind: NDArray[np.int64]
    part: NDArray[np.int64]
    number: NDArray[np.int64]


def _without_outbreaks(counts: Floats) -> tuple[Floats, Floats]:
    """Counts with their level in place of what is more than a few times as much, and the level of that."""
    seen, level = counts, _level(counts)
    for _ in range(_ROUNDS):
        seen = np.where(counts > np.maximum(_CLIP * level, level + _CLIP), level, counts)
        level = _level(seen)
    return seen, level


def _level(counts: Floats) -> Floats:
    """Moving average over four weeks on either side, cut off at the ends."""
    days = np.arange(counts.shape[1])
    low, high = np.maximum(days - _HALF, 0), np.minimum(days + _HALF + 1, counts.shape[1])
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)
    return (sums[:, high] - sums[:, low]) / (high - low)


def _fitted(seen: Floats, level: Floats, prior: Floats, classes: _Classes, seasons: Seasons) -> Floats:
    factors = prior
    for codes, size in ((classes.kind, KINDS), (classes.part, len(seasons.billing)), (classes.number, _MONTH_DAYS)):
        one_hot = np.zeros((len(codes), size))
        one_hot[np.arange(len(codes)), codes] = 1.0
        if size == KINDS:
            one_hot = _borrowing(one_hot)
        expected = level * factors
        others = (seen @ one_hot)[:, codes] - seen
        usual = (expected @ one_hot)[:, codes] - expected
        factors = factors * (others + seasons.strength) / (usual + seasons.strength)
    return factors


def _borrowing(one_hot: Floats) -> Floats:
    """Make-up workdays learn from working days, holidays from Sundays: there are too few of their own."""
    borrowed = one_hot.copy()
    borrowed[:, MAKE_UP] += one_hot[:, :5].sum(axis=1)
    borrowed[:, HOLIDAY] += one_hot[:, 6]
    return borrowed
