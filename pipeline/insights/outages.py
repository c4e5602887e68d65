"""Candidates for a mass outage: one region, network complaints, far more within hours or days than usual.

Judged at every complaint by its exact time, not by day, so that a candidate is found while it goes on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from pipeline.insights.bursts import Burst
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.tallying import codes_of, customer_numbers

_HOUR, _DAY = 3600, 86400
_YEAR_HOURS = 8760.0
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutagesOptions:
    """What makes a candidate.

    ``categories`` that an outage is complained of under; ``hours``: lengths of the windows looked back over at each
    complaint; ``minimum`` complaints and ``times`` the expected number at least; ``false_alarms`` per region and year;
    ``baseline_days`` before the window, ``guard_days`` left out between, at least ``shortest_days``; ``dispersion``:
    variance of usual counts over their mean; ``examples``: complaint ids to give.
    """

    categories: tuple[str, ...] = ("network",)
    hours: tuple[int, ...] = (3, 24, 72)
    minimum: int = 8
    times: float = 3.0
    false_alarms: float = 0.05
    baseline_days: int = 28
    guard_days: int = 2
    shortest_days: int = 3
    dispersion: float = 2.0
    examples: int = 5


@dataclass(frozen=True, slots=True)
class Outage:
    """One candidate: what the region complained of from ``start`` to ``end``.

    ``found`` is the moment of the complaint at which the limit was passed; ``expected`` complaints of a usual time of
    that length; ``share`` of all such complaints of all regions in that time; ``problem`` is the most frequent problem
    (empty where none has any) with ``in_problem`` of the complaints; ``chance`` the smallest probability met.
    """

    region: str
    start: datetime
    end: datetime
    found: datetime
    complaints: int
    customers: int
    expected: float
    share: float
    problem: str
    in_problem: int
    cause: str
    chance: float
    examples: tuple[str, ...]

    @property
    def hours_to_find(self) -> float:
        """Hours from the first complaint to the alarm."""
        return (self.found - self.start).total_seconds() / _HOUR


@dataclass(frozen=True, slots=True)
class Outages:
    """Candidates by start, among ``complaints`` of the categories; ``without_region`` more could not be placed."""

    outages: tuple[Outage, ...]
    regions: int = 0
    complaints: int = 0
    without_region: int = 0
    missing: tuple[Missing, ...] = ()


def outages(cases: Cases, options: OutagesOptions = OutagesOptions()) -> Outages:
    """Find the candidates.

    At every complaint of the categories, the complaints of its region in the hours before are held against the
    negative binomial predictive law of the region's rate in the four weeks before (``alarms``), at the usual share of
    those hours of a day. What passes ``minimum``, ``times`` and the level belongs to a candidate; candidates of a
    region less than a day apart are one.

    Simulated over years without any outage, 0.3 to 100 complaints a day and region: none for Poisson counts, at most
    0.03 per region and year at twice their variance, 0 to 1.8 at four times.
    """
    missing = cases.lacking("outages", "accepted", "region")
    rows = _rows(cases, options)
    regions = codes_of(cases.frame["region"])[rows]
    placed = regions >= 0 if "region" in cases.given else np.ones(len(rows), bool)
    unplaced, rows, regions = int((~placed).sum()), rows[placed], regions[placed]
    if not len(rows):
        return Outages((), without_region=unplaced, missing=missing)
    times = cases.frame["accepted"].to_numpy("datetime64[s]").astype(np.int64)[rows]
    order = np.lexsort((rows, times, regions))
    events = _Events(rows[order], regions[order], times[order])
    chance = _chances(events, options)
    customers = customer_numbers(cases)
    found = [_outage(cases, customers, (events, chance, part), options) for part in _parts(events, chance)]
    found.sort(key=lambda one: (one.start, one.region))
    return Outages(tuple(found), len(np.unique(regions)), len(rows), unplaced, missing)


def apart(found: Sequence[Burst], candidates: Sequence[Outage]) -> tuple[tuple[Burst, ...], tuple[Burst, ...]]:
    """Part bursts into those that an outage candidate accounts for and all others.

    An outage accounts for bursts on its days that are of its problem, or that its problem explains.
    """
    of_outages = [one for one in found if any(_accounts_for(candidate, one) for candidate in candidates)]
    return tuple(of_outages), tuple(one for one in found if one not in of_outages)


def _accounts_for(candidate: Outage, burst: Burst) -> bool:
    meets = burst.start <= candidate.end.date() and burst.end >= candidate.start.date()
    return meets and bool(candidate.problem) and candidate.problem in (burst.id, *burst.explained_by)


@dataclass(frozen=True, slots=True)
class _Events:
    """The complaints of the categories by region and time (seconds since 1970)."""

    rows: Ints
    regions: Ints
    times: Ints

    def before(self, regions: Ints, times: Ints) -> Ints:
        """Place of the first event of each region at or after each time."""
        low, wide = int(self.times.min()) - 1, int(self.times.max() - self.times.min()) + 3
        keys = self.regions * wide + (self.times - low)
        return np.searchsorted(keys, regions * wide + np.clip(times - low, 0, wide - 1))


@dataclass(frozen=True, slots=True)
class _Chances:
    """Per event: the smallest chance of its windows, the start of that window, and the usual rate per day."""

    chance: Floats
    start: Ints
    alarm: NDArray[np.bool_]
    per_day: Floats


def _rows(cases: Cases, options: OutagesOptions) -> Ints:
    wanted = cases.frame["category"].isin(options.categories).to_numpy() & cases.frame["accepted"].notna().to_numpy()
    return np.flatnonzero(wanted)


def _chances(events: _Events, options: OutagesOptions) -> _Chances:
    clock = _Clock.of(events.times)
    place = np.arange(len(events.times))
    best, start = np.ones(len(place)), place.copy()
    alarm, per_day = np.zeros(len(place), bool), np.zeros(len(place))
    first = int(events.times.min())
    for hours in options.hours:
        since = events.times - hours * _HOUR
        end = since - options.guard_days * _DAY
        begin = np.maximum(end - options.baseline_days * _DAY, first)
        low = events.before(events.regions, since)
        seen = (place - low + 1).astype(float)
        usual = events.before(events.regions, end) - events.before(events.regions, begin)
        past = clock.days(begin, end)
        enough = (end - begin >= options.shortest_days * _DAY) & (seen >= options.minimum)
        share = clock.days(since, events.times) / np.maximum(past, 1e-9)
        mean = (usual + 0.5) * share
        level = options.false_alarms / (_YEAR_HOURS / hours) / len(options.hours)
        chance = np.ones(len(place))
        chance[enough] = _tail(seen[enough], mean[enough], options.dispersion * (1 + share[enough]))
        passed = enough & (chance <= level) & (seen >= options.times * mean)
        better = passed & (chance < best)
        best, start = np.where(better, chance, best), np.where(better, low, start)
        per_day = np.where(better, (usual + 0.5) / np.maximum(past, 1e-9), per_day)
        alarm |= passed
    return _Chances(best, start, alarm, per_day)


def _tail(seen: Floats, mean: Floats, ratio: Floats) -> Floats:
    """Chance of at least so many of a negative binomial count whose variance is ``ratio`` times its mean."""
    return betainc(seen, mean / (ratio - 1), 1 - 1 / ratio)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Time measured in usual days: an hour of the day counts by its share of all complaints."""

    summed: Floats

    @classmethod
    def of(cls, times: Ints) -> "_Clock":
        hours = np.bincount(times % _DAY // _HOUR, minlength=24) + 1.0
        return cls(np.concatenate([[0.0], np.cumsum(hours / hours.sum())]))

    def days(self, start: Ints, end: Ints) -> Floats:
        return self._at(end) - self._at(start)

    def _at(self, times: Ints) -> Floats:
        return times // _DAY + np.interp((times % _DAY) / _HOUR, np.arange(25), self.summed)


def _parts(events: _Events, chance: _Chances) -> Iterator[Ints]:
    """Split the events in alarm where the region changes or a day passes between."""
    places = np.flatnonzero(chance.alarm)
    if len(places):
        apart = (np.diff(events.regions[places]) != 0) | (np.diff(events.times[places]) > _DAY)
        yield from np.split(places, np.flatnonzero(apart) + 1)


def _outage(cases: Cases, customers: Ints, found: tuple[_Events, _Chances, Ints], options: OutagesOptions) -> Outage:
    events, chance, part = found
    first, last = _extent(events, part, chance)
    rows = events.rows[first : last + 1]
    start, end = int(events.times[first]), int(events.times[last])
    frame = cases.frame.iloc[rows]
    everywhere = int(((events.times >= start) & (events.times <= end)).sum())
    problem, in_problem = _most(frame["problem"])
    return Outage(
        str(frame["region"].iloc[0]),
        _moment(start),
        _moment(end),
        _moment(int(events.times[part[0]])),
        len(rows),
        len(np.unique(customers[rows])),
        float(chance.per_day[part[0]] * max(end - start, _HOUR) / _DAY),
        len(rows) / everywhere,
        problem,
        in_problem,
        _most(frame["cause"])[0],
        float(chance.chance[part].min()),
        tuple(str(one) for one in frame["id"].head(options.examples)),
    )


def _extent(events: _Events, part: Ints, chance: _Chances) -> tuple[int, int]:
    """First and last event: the stretch around the first alarm that usual times explain least.

    Kulldorff's likelihood ratio c log(c / e) - (c - e) of c complaints where e are expected (1997, Communications in
    Statistics 26:1481-1496), so that single complaints long before or after stay outside.
    """
    starts = np.arange(chance.start[part[0]], part[0] + 1)
    ends = np.arange(part[0], part[-1] + 1)
    seen = (ends[None, :] - starts[:, None] + 1).astype(float)
    length = np.maximum(events.times[ends][None, :] - events.times[starts][:, None], _HOUR)
    expected = chance.per_day[part[0]] * length / _DAY
    gain = np.where(seen > expected, seen * np.log(seen / expected) - (seen - expected), 0.0)
    row, column = np.unravel_index(int(gain.argmax()), gain.shape)
    return int(starts[row]), int(ends[column])


def _most(column: object) -> tuple[str, int]:
    counted = Counter(str(one) for one in column if one)  # type: ignore[attr-defined]
    return max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))


def _moment(seconds: int) -> datetime:
    moment: datetime = np.datetime64(seconds, "s").item()
    return moment
