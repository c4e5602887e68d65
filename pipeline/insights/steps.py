"""The steps of a ticket on its way (accepted, dispatched, first contact, first answer, closed), and the late one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.cases import Cases
from pipeline.insights.shares import Share, share

STAGES = ("accepted", "dispatched", "first_contact", "replied", "closed")
_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class StepTime:
    """Hours from one stage to the next one that the dump has: median and nine in ten."""

    start: str
    end: str
    count: int
    median: float
    most: float


@dataclass(frozen=True, slots=True)
class LateStep:
    """Late complaints whose time was lost in one step.

    It is the one furthest above its usual length, the median of the complaints in time.
    """

    start: str
    end: str
    late: Share
    median_excess: float


def step_times(cases: Cases, rows: NDArray[np.bool_]) -> tuple[StepTime, ...]:
    """Measure every step that the dump has times for; steps that run backwards are left out."""
    found = []
    for start, end in _steps(cases):
        hours = _hours(cases, start, end)[rows]
        hours = hours[hours >= 0]
        if len(hours):
            median, most = (float(one) for one in np.quantile(hours, [0.5, 0.9]))
            found.append(StepTime(start, end, len(hours), median, most))
    return tuple(found)


def late_steps(cases: Cases, late: NDArray[np.bool_], in_time: NDArray[np.bool_]) -> tuple[LateStep, ...]:
    """Name the step in which each late complaint lost its time; none where the dump has no times in between."""
    steps = _steps(cases)
    if len(steps) < 2 or not late.any() or not in_time.any():
        return ()
    hours = np.stack([_hours(cases, start, end) for start, end in steps], axis=1)
    usual = np.array([_median(column[in_time]) for column in hours.T])
    excess = (hours - usual)[late]
    told = ~np.isnan(excess).any(axis=1)
    worst = np.argmax(excess[told], axis=1) if told.any() else np.zeros(0, np.int64)
    most = excess[told].max(axis=1) if told.any() else np.zeros(0)
    counts = np.bincount(worst, minlength=len(steps))
    order: Sequence[int] = sorted(np.flatnonzero(counts), key=lambda place: (-counts[place], place))
    return tuple(
        LateStep(*steps[place], share(int(counts[place]), int(told.sum())), _median(most[worst == place]))
        for place in order
    )


def _steps(cases: Cases) -> list[tuple[str, str]]:
    stages = [stage for stage in STAGES if stage in cases.given]
    return list(pairwise(stages))


def _hours(cases: Cases, start: str, end: str) -> NDArray[np.float64]:
    times = [cases.frame[column].to_numpy("datetime64[s]") for column in (start, end)]
    unknown = np.isnat(times[0]) | np.isnat(times[1])
    passed = (times[1] - times[0]).astype("timedelta64[s]").astype(np.float64) / _HOUR
    return np.where(unknown, np.nan, passed)


def _median(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else 0.0
