"""Bursts: days on which a category or a problem has more complaints than its own past and the calendar explain.

Calibrated on simulated years in which nothing happens (``benchmarks/bursts.py``, ``docs/insights.md``): see
:func:`bursts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.alarms import WEEK, Alarms, Limits, Method, find_alarms
from pipeline.insights.calendar import Calendar, Period, reporting_day
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.ears import EarsOptions, ears_limits
from pipeline.insights.row_groups import RowGroups
from pipeline.insights.seasons import Seasons, day_factors
from pipeline.insights.series import Daily, Kind, daily, family
from pipeline.insights.workdays import day_kinds

# what a problem must hold of the excess of its category, or of its parent, to be its explanation
_EXPLAINS = 0.5


@dataclass(frozen=True, slots=True)
class BurstsOptions:
    """When a day is called a burst; the fields are those of ``alarms.Limits`` and ``seasons.Seasons``.

    ``false_alarms`` expected per series and year, ``minimum`` complaints on the day (or in the week), ``baseline``
    days at most and ``shortest`` at least, ending ``guard`` days before; alarm days at most ``gap`` days apart are
    one burst. ``strength``: complaints that speak for the season of the larger series.
    """

    false_alarms: float = 0.1
    minimum: int = 5
    baseline: int = 56
    shortest: int = 7
    guard: int = 2
    gap: int = 2
    strength: float = 30.0
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def limits(self) -> Limits:
        """The options of the alarms."""
        return Limits(self.false_alarms, self.minimum, self.baseline, self.shortest, self.guard)


@dataclass(frozen=True, slots=True)
class Burst:
    """Days in alarm, of one series, at most ``gap`` days apart.

    ``found`` is the first day in alarm, ``start`` the same or, where a week was in alarm, its first day;
    ``complaints`` and ``expected`` are sums over the days from ``start`` to ``end``; ``limit`` is the largest count of
    the day ``found`` that would have been no alarm (``None`` for a week); ``chance`` the smallest probability of so
    many complaints on a day (or week) of it, had nothing happened. ``explained_by`` are problems in alarm on the
    same days that hold at least half of the excess (parts of the problem; any problem for a category): to be read in
    place of this one.
    """

    kind: Kind
    id: str
    start: date
    end: date
    found: date
    complaints: int
    expected: float
    peak: date
    peak_complaints: int
    limit: int | None
    chance: float
    method: str
    explained_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bursts:
    """All bursts by start; ``series`` were watched from ``watched_from`` on, ``unknown_years`` had no holidays known.

    ``undated`` complaints could not be counted.
    """

    bursts: tuple[Burst, ...]
    series: int
    watched_from: date | None
    unknown_years: tuple[int, ...] = ()
    undated: int = 0
    missing: tuple[Missing, ...] = ()

    @property
    def unexplained(self) -> tuple[Burst, ...]:
        """The bursts without those that a narrower one explains: each event once."""
        return tuple(one for one in self.bursts if not one.explained_by)


def bursts(cases: Cases, options: BurstsOptions = BurstsOptions()) -> Bursts:
    """Find the bursts of every category and every problem (with its parts).

    A day is in alarm when it has at least ``minimum`` complaints and more than a negative binomial limit around the
    rate of the eight weeks before it (``alarms``), times the factors of its weekday, holiday and billing day
    (``seasons``); so is a week. In the first four weeks of the data, where no season is known, the limit of EARS C2
    (``ears``) must be passed as well; the first nine days cannot be judged.

    Simulated over years without any event, with weekend, holiday and billing-day pattern, 0.2 to 100 complaints a
    day: on average 0.0 to 0.1 false bursts per series and year for Poisson counts, at most 0.3 at twice, at most 0.6
    at three times the variance of a Poisson count (the most for the rarest problems).
    """
    counted = daily(cases, options.calendar)
    missing = cases.lacking("bursts", "accepted")
    if counted is None:
        return Bursts((), 0, None, missing=missing)
    kinds = day_kinds(counted.days)
    factors = day_factors(counted, kinds, Seasons(options.strength))
    alarms = find_alarms(counted.counts, factors, ears_limits(counted.counts, "C2", EarsOptions()), options.limits)
    found = sorted(_episodes(counted, alarms, options), key=lambda one: (one.start, one.kind, one.id))
    first = options.shortest + options.guard
    return Bursts(
        _explained(found, cases, options),
        len(counted.ids),
        counted.days[first].item() if len(counted.days) > first else None,
        kinds.unknown,
        counted.undated,
        missing,
    )


def _episodes(counted: Daily, alarms: Alarms, options: BurstsOptions) -> Iterator[Burst]:
    either = alarms.by_day | alarms.by_week
    for series in np.flatnonzero(either.any(axis=1)):
        days = np.flatnonzero(either[series])
        for part in np.split(days, np.flatnonzero(np.diff(days) > options.gap) + 1):
            yield _burst(counted, alarms, int(series), part)


def _burst(counted: Daily, alarms: Alarms, series: int, days: NDArray[np.int64]) -> Burst:
    first, last = int(days[0]), int(days[-1])
    by_day = bool(alarms.by_day[series, first])
    start = first if by_day else max(first - WEEK + 1, 0)
    counts = counted.counts[series, start : last + 1]
    peak = start + int(counts.argmax())
    method = Method.WEEK if not by_day else Method.EARS if first < Limits().short_history else Method.DAY
    return Burst(
        counted.kinds[series],
        counted.ids[series],
        counted.days[start].item(),
        counted.days[last].item(),
        counted.days[first].item(),
        int(counts.sum()),
        float(np.nansum(alarms.expected[series, start : last + 1])),
        counted.days[peak].item(),
        int(counted.counts[series, peak]),
        int(alarms.limit[series, first]) if by_day else None,
        float(alarms.chance[series, days].min()),
        method.value,
    )


def _explained(found: list[Burst], cases: Cases, options: BurstsOptions) -> tuple[Burst, ...]:
    """Name with every burst the problems in alarm on the same days that hold at least half of its excess."""
    if not found:
        return ()
    relatives = family(cases)
    days = reporting_day(cases.frame["accepted"], options.calendar)
    category = cases.frame["category"].astype(str).to_numpy()
    rows_of = RowGroups.of(*relatives.pairs())
    places = {one: place for place, one in enumerate(relatives.ids)}
    problems = [one for one in found if one.kind == "problem"]

    def explains(narrow: Burst, wide: Burst) -> bool:
        if narrow.end < wide.start or narrow.start > wide.end:
            return False
        if wide.kind == "problem" and not relatives.is_above(wide.id, narrow.id):
            return False
        theirs = rows_of.of_key(places[narrow.id])
        theirs = theirs[Period(wide.start, wide.end).covers(days[theirs])]
        shared = len(theirs) if wide.kind == "problem" else int((category[theirs] == wide.id).sum())
        return shared >= _EXPLAINS * (wide.complaints - wide.expected)

    return tuple(
        replace(one, explained_by=tuple(other.id for other in problems if explains(other, one))) for one in found
    )
