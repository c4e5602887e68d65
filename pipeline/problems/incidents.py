"""Mass incidents: one region, within hours or days, has far more complaints than its past explains.

Every window of 2 hours to 7 days that begins with a complaint is asked two questions. Do so many of the region's
complaints fall into it by chance, given how much of all complaining falls into such hours and weekdays (the region's
other days are its baseline, however few)? And do so many of the window's complaints come from the region by chance,
given its share at other times (a day that is busy everywhere is no incident of every region)? Both are binomial tests,
corrected for all windows of all regions; the complaint that a window begins with is there for sure and does not count
(scan statistics: Naus 1965, Kulldorff 1997). Where a region's days always differ more than chance makes them, its
complaints are taken to come in clumps, and clumps are counted (quasi-likelihood, McCullagh 1983).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.column_values import Ints, count_distinct, place_levels, spread
from pipeline.problems.rhythm import HOUR, Rhythm
from pipeline.records import Complaints, Role

Floats = NDArray[np.floating]

_REGIONS = (Role.PLACE, Role.INCIDENT_REGION, Role.HOME_REGION)
_WINDOWS = np.array([2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168]) * HOUR
# of a hundred quiet dumps one may show a false incident
_FALSE = 0.01
# the usual must be less than half: of a window, and of each category and cause that belongs to the incident
_USUAL = 0.5
# a region with more of the complaints than all others together has nothing to be compared with
_DOMINANT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Incident:
    """Complaints of a region within some hours or days that its usual complaints do not explain.

    ``start`` and ``end`` are the times of the first and the last of the ``members`` (places of complaints, ascending).
    ``observed`` counts the region's complaints in that stretch, one per customer and week, ``expected`` those that its
    other days and its share of all complaints explain; ``p`` is the probability of such a window anywhere in the dump;
    ``category`` is the members' most frequent one.
    """

    role: Role
    value: str
    start: datetime
    end: datetime
    members: Ints
    expected: float
    observed: int
    p: float
    category: str

    @property
    def where(self) -> str:
        """Region and days in one line."""
        days = dict.fromkeys((f"{self.start:%Y-%m-%d}", f"{self.end:%Y-%m-%d}"))
        return f"{self.value} {'–'.join(days)}"


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """A region and its complaints in order of time.

    ``calls`` are the first ones of each customer and week; they come in clumps of about ``clump``.
    """

    role: Role
    value: str
    rows: Ints
    calls: Ints
    clump: float


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """A region and a stretch of time (seconds since 1970, the end excluded) into which too many of its calls fall."""

    region: "_Region"
    start: int
    end: int
    observed: int
    expected: float
    p: float

    @property
    def strength(self) -> float:
        """Log likelihood ratio of a Poisson count; unlike p it never runs out of digits."""
        ratio = self.observed / max(self.expected, 1e-9)
        return float(self.observed * (np.log(ratio) - 1 + 1 / ratio))


def incidents(complaints: Complaints, min_size: int = 10) -> list[Incident]:
    """Find mass incidents of at least ``min_size`` distinct customers (unknown ones count one each), the surest first.

    No two incidents share a complaint. Complaints without a time or without a region are in none.
    """
    dated = np.flatnonzero(~np.isnat(complaints.times))
    if len(dated) < min_size:
        return []
    seconds = complaints.times.astype("datetime64[s]").astype(np.int64)
    everywhere = np.sort(seconds[dated])
    rhythm = Rhythm.of(everywhere)
    regions = list(_regions(complaints, dated, seconds, rhythm, min_size))
    tests = len(_WINDOWS) * sum(len(region.calls) for region in regions)
    scan = _Scan(seconds, everywhere, rhythm, tests, min_size)
    windows = [window for region in regions for window in scan.windows(region)]
    told = [_told(window, rows, complaints) for window, rows in _apart(windows, scan, dated, complaints.customers)]
    return [one for one in told if one is not None and count_distinct(complaints.customers, one.members) >= min_size]


def _regions(complaints: Complaints, dated: Ints, seconds: Ints, rhythm: Rhythm, min_size: int) -> Iterator[_Region]:
    """Every region at every level with enough dated complaints."""
    order = dated[np.lexsort((dated, seconds[dated]))]
    who = _persons(complaints.customers)
    for role in _REGIONS:
        cells = complaints.columns.get(role)
        if cells is not None:
            column = spread([cells[row] for row in order.tolist()], place_levels, min_size)
            for place, value in enumerate(column.values):
                rows = order[column.members(place)]
                calls = _first_calls(rows, seconds, who)
                yield _Region(role, value, rows, calls, rhythm.clump(seconds[calls]))


def _persons(customers: Sequence[str]) -> Ints:
    """A number for every customer, and one of its own for every unknown one."""
    names, who = np.unique(np.array(customers, dtype=str), return_inverse=True)
    unknown = np.flatnonzero(names[who] == "")
    who[unknown] = len(names) + unknown
    return who


def _first_calls(rows: Ints, seconds: Ints, who: Ints) -> Ints:
    """The rows without those of customers who complained in the week before: ten calls are not ten customers."""
    order = np.lexsort((seconds[rows], who[rows]))
    by_person = rows[order]
    again = (np.diff(who[by_person]) == 0) & (np.diff(seconds[by_person]) < _WINDOWS[-1])
    first = np.ones(len(rows), bool)
    first[order[1:][again]] = False
    return rows[first]


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """What a window is judged by: the times of all rows, all dated ones in order, the rhythm, and limits."""

    seconds: Ints
    everywhere: Ints
    rhythm: Rhythm
    tests: int
    min_size: int

    def windows(self, region: _Region) -> Iterator[_Window]:
        """Windows of a region that neither its past nor its share explains."""
        times = self.seconds[region.calls]
        ends = times[:, None] + _WINDOWS
        observed = np.searchsorted(times, ends.ravel()).reshape(ends.shape) - np.arange(len(times))[:, None]
        first, length = np.nonzero(observed >= self.min_size)
        starts, ends, observed = times[first], ends[first, length], observed[first, length]
        expected, chance = self.judged(starts, ends, observed, len(times), region.clump)
        for i in np.flatnonzero(chance < _FALSE).tolist():
            found = int(starts[i]), int(ends[i]), int(observed[i]), float(expected[i]), float(chance[i])
            yield _Window(region, *found)

    def judged(self, starts: Ints, ends: Ints, observed: Ints, calls: int, clump: float) -> Floats:
        """Expectation and corrected probability of windows, the worse of both questions; 1 where the usual prevails."""
        part = self.rhythm.part(starts, ends)
        during = np.searchsorted(self.everywhere, ends) - np.searchsorted(self.everywhere, starts)
        share = (calls - observed + 0.5) / (len(self.everywhere) - during + 1)
        compared = share < _DOMINANT
        by_past = (calls - observed) * part / (1 - part)
        by_share = np.where(compared, (during - observed) * share / np.maximum(1 - share, _DOMINANT), 0)
        expected = np.maximum(by_past, by_share)
        chance = np.ones(len(observed))
        much = np.flatnonzero(expected < _USUAL * observed)
        past = _tail(observed[much] - 1, calls - 1, part[much], clump)
        rest = _tail(observed[much] - 1, during[much] - 1, share[much], clump)
        chance[much] = np.maximum(past, np.where(compared[much], rest, 0)) * self.tests
        return np.array([expected, np.minimum(chance, 1)])


def _tail(least: Ints, trials: Ints | int, chance: Floats, clump: float) -> Floats:
    """Probability of ``least`` or more successes in that many trials that stand or fall in clumps."""
    from scipy.special import betainc

    some = np.maximum(least, 1) / clump
    tail = betainc(some, np.maximum(trials / clump - some, 0) + 1, np.clip(chance, 0, 1))
    return np.where(least > 0, tail, 1.0)


def _apart(
    windows: Sequence[_Window], scan: _Scan, dated: Ints, customers: Sequence[str]
) -> Iterator[tuple[_Window, Ints]]:
    """Windows that stand without the complaints of stronger ones, as long as the excess goes on, and their rows."""
    taken = np.zeros(len(scan.seconds), bool)
    for window in sorted(windows, key=_order):
        calls = window.region.calls[~taken[window.region.calls]]
        left = _during(window, calls, scan.seconds)
        if count_distinct(customers, left) >= scan.min_size:
            span = np.array([window.start]), np.array([window.end])
            expected, chance = scan.judged(*span, np.array([len(left)]), len(calls), window.region.clump)[:, 0]
            if chance < _FALSE:
                found = replace(window, observed=len(left), expected=float(expected), p=float(chance))
                grown = _grown(found, scan.seconds[calls], scan)
                rows = _during(grown, window.region.rows, scan.seconds)
                yield grown, rows[~taken[rows]]
                taken[rows] = True
                scan = replace(scan, everywhere=np.sort(scan.seconds[dated[~taken[dated]]]))


def _order(window: _Window) -> tuple[float, int, str, int, int]:
    """The strongest first, ties always in the same way."""
    return -window.strength, _REGIONS.index(window.region.role), window.region.value, window.start, window.end


def _grown(window: _Window, times: Ints, scan: _Scan) -> _Window:
    """The window with what comes before and after it, while that is in excess by itself.

    Something is known to have happened here, so these windows are corrected only for each other.
    """
    scan = replace(scan, tests=2 * len(_WINDOWS))
    while True:
        starts = np.concatenate([window.start - _WINDOWS, np.full(len(_WINDOWS), window.end)])
        ends = np.concatenate([np.full(len(_WINDOWS), window.start), window.end + _WINDOWS])
        observed = np.searchsorted(times, ends) - np.searchsorted(times, starts)
        expected, chance = scan.judged(starts, ends, observed, len(times) - window.observed, window.region.clump)
        best = int(chance.argmin())
        if chance[best] >= _FALSE:
            return window
        window = replace(
            window,
            start=min(window.start, int(starts[best])),
            end=max(window.end, int(ends[best])),
            observed=window.observed + int(observed[best]),
            expected=window.expected + float(expected[best]),
        )


def _during(window: _Window, rows: Ints, seconds: Ints) -> Ints:
    times = seconds[rows]
    return rows[(times >= window.start) & (times < window.end)]


def _told(window: _Window, during: Ints, complaints: Complaints) -> Incident | None:
    """The incident with those complaints that are of a category and a cause in excess; None where none is left."""
    elsewhere = np.setdiff1d(window.region.rows, during)
    # how many of the other complaints of the region are expected during the incident, for each of them
    usual = window.expected / max(len(elsewhere), 1)
    members = during
    kinds: list[Sequence[Any]] = [complaints.categories]
    if complaints.cause_shares.shape[1]:
        kinds.append(complaints.cause_shares.argmax(axis=1))
    for kind in kinds:
        before, now = (Counter(kind[row] for row in rows.tolist()) for rows in (elsewhere, members))
        members = np.array([row for row in members.tolist() if before[kind[row]] * usual < _USUAL * now[kind[row]]])
    if not len(members):
        return None
    times = np.sort(complaints.times[members].astype("datetime64[s]"))
    names = Counter(complaints.categories[row] for row in members.tolist())
    return Incident(
        role=window.region.role,
        value=window.region.value,
        start=times[0].item(),
        end=times[-1].item(),
        members=np.sort(members),
        expected=window.expected,
        observed=window.observed,
        p=window.p,
        category=min(names, key=lambda name: (-names[name], name)),
    )
