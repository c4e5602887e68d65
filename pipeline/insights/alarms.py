"""Which days have more complaints than their own past explains: one pass over the days, all series at once.

The limit of a day is the quantile of a negative binomial law whose mean is the rate of the baseline times the day's
factor, and whose variance is the Poisson one times the series' dispersion, plus what the baseline leaves unknown. For
dispersion 1 this is the predictive law of a Poisson count after a gamma prior (Gelman et al., Bayesian Data Analysis,
section 2.6); for more it is the quasi-Poisson limit of Farrington, Andrews, Beale & Catchpole 1996, J. R. Stat. Soc. A
159:547-563, with the negative binomial quantile of Noufaily et al. 2013, Statistics in Medicine 32:1206-1222. As
there, an outbreak must not hide the next: a day above its limit enters later baselines at the limit.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

Floats = NDArray[np.float64]
WEEK = 7
_YEAR = 365.0
_PRIOR_COUNT = 0.5


class Method(StrEnum):
    """How an alarm was raised."""

    DAY = "day"  # one day against up to eight weeks
    WEEK = "week"  # seven days together
    EARS = "ears_c2"  # one day against the week before the last two days, in the first four weeks of the data


@dataclass(frozen=True, slots=True)
class Limits:
    """When a day is an alarm.

    ``false_alarms`` expected per series and year (shared by the day's and the week's test); ``minimum`` complaints
    that a day, or a week, must have in any case; ``baseline`` days at most and ``shortest`` at least, ending ``guard``
    days before the day; in the first ``short_history`` days of the data the limit of EARS C2 must be passed as well.
    ``dispersion`` is believed as strongly as ``belief`` complaints until the series' own is known.
    """

    false_alarms: float = 0.1
    minimum: int = 5
    baseline: int = 56
    shortest: int = 7
    guard: int = 2
    short_history: int = 28
    dispersion: float = 1.5
    belief: float = 20.0

    @property
    def level(self) -> float:
        """The chance of a false alarm of one test on one day."""
        return self.false_alarms / _YEAR / 2


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was found, [series, day].

    ``expected`` complaints (``nan`` before a baseline exists), the highest count that is no alarm (``limit``; ``nan``
    where none was passed), the ``chance`` of so many (1 where no alarm was raised), and which test found it.
    """

    expected: Floats
    limit: Floats
    chance: Floats
    by_day: NDArray[np.bool_]
    by_week: NDArray[np.bool_]


def find_alarms(counts: NDArray[np.int64], factors: Floats, ears: Floats, limits: Limits = Limits()) -> Alarms:
    """Judge every day by the days before it; ``counts``, ``factors`` and ``ears`` (limits of C2) are [series, day]."""
    scan = _Scan.start(counts.shape)
    found = _empty(counts.shape)
    exposure = _summed(factors)
    for day in range(counts.shape[1]):
        today = counts[:, day].astype(float)
        short = ~(today > ears[:, day]) if day < limits.short_history else np.zeros(len(today), bool)
        usual = scan.usual(exposure, day, 1, limits)
        if usual is not None:
            alarm = _test(today, usual, limits, ~short)
            found.expected[:, day], found.by_day[:, day] = usual.mean, alarm
            _note(found, day, alarm, today, usual, limits)
        week = scan.usual(exposure, day, WEEK, limits)
        if week is not None and day >= limits.short_history:
            before = scan.sums[:, day] - scan.sums[:, day - WEEK + 1]
            kept = np.where(found.by_day[:, day], found.limit[:, day], today)
            total = before + kept
            alarm = _test(total, week, limits, ~found.by_day[:, day] & (today > 0))
            found.by_week[:, day] = alarm
            found.chance[alarm, day] = np.minimum(found.chance[alarm, day], _chance(total, week)[alarm])
        scan.learn(day, today, found, usual)
    return found


@dataclass(frozen=True, slots=True)
class _Usual:
    """The predictive law of the complaints of a day or a week: mean and variance per series."""

    mean: Floats
    variance: Floats
    unknown: Floats


@dataclass(frozen=True, slots=True)
class _Scan:
    """What is known so far: running sums of calm complaints, and of squared differences for the dispersion."""

    sums: Floats
    squares: Floats
    weights: Floats

    @classmethod
    def start(cls, shape: tuple[int, ...]) -> "_Scan":
        return cls(np.zeros((shape[0], shape[1] + 1)), np.zeros(shape[0]), np.zeros(shape[0]))

    def usual(self, exposure: Floats, day: int, length: int, limits: Limits) -> _Usual | None:
        end = day - length + 1 - limits.guard
        start = max(end - limits.baseline, 0)
        if end - start < limits.shortest:
            return None
        past = exposure[:, end] - exposure[:, start]
        share = (exposure[:, day + 1] - exposure[:, day - length + 1]) / past
        mean = (self.sums[:, end] - self.sums[:, start] + _PRIOR_COUNT) * share
        dispersion = np.maximum(
            (self.squares + limits.belief * limits.dispersion) / (self.weights + limits.belief), 1.0
        )
        return _Usual(mean, dispersion * mean * (1 + share), 1 + share)

    def learn(self, day: int, today: Floats, found: Alarms, usual: _Usual | None) -> None:
        calm = np.where(found.by_day[:, day], np.minimum(today, found.limit[:, day]), today)
        self.sums[:, day + 1] = self.sums[:, day] + calm
        if usual is not None:
            self.squares[:] += (calm - usual.mean) ** 2 / usual.unknown
            self.weights[:] += usual.mean


def _test(seen: Floats, usual: _Usual, limits: Limits, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    maybe = among & (seen >= limits.minimum) & (seen > usual.mean)
    alarm = np.zeros(len(seen), bool)
    if maybe.any():
        part = _Usual(usual.mean[maybe], usual.variance[maybe], usual.unknown[maybe])
        alarm[maybe] = _chance(seen[maybe], part) <= limits.level
    return alarm


def _chance(seen: Floats, usual: _Usual) -> Floats:
    """Chance of at least so many: I_p(x, r), p = 1 - mean / variance, r = mean^2 / (variance - mean)."""
    size = usual.mean**2 / (usual.variance - usual.mean)
    return np.where(seen > 0, betainc(np.maximum(seen, 1e-9), size, 1 - usual.mean / usual.variance), 1.0)


def _note(found: Alarms, day: int, alarm: NDArray[np.bool_], today: Floats, usual: _Usual, limits: Limits) -> None:
    if alarm.any():
        part = _Usual(usual.mean[alarm], usual.variance[alarm], usual.unknown[alarm])
        found.chance[alarm, day] = _chance(today[alarm], part)
        found.limit[alarm, day] = _limit(today[alarm], part, limits)


def _limit(high: Floats, usual: _Usual, limits: Limits) -> Floats:
    """The largest count that is no alarm, by halving between the expected and the seen one."""
    low = np.zeros_like(high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        alarm = (_chance(middle, usual) <= limits.level) & (middle >= limits.minimum)
        high, low = np.where(alarm, middle, high), np.where(alarm, low, middle)
    return low


def _empty(shape: tuple[int, ...]) -> Alarms:
    return Alarms(
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.ones(shape),
        np.zeros(shape, bool),
        np.zeros(shape, bool),
    )


def _summed(values: Floats) -> Floats:
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
