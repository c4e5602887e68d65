"""What changed shortly before a problem began: tariff launches, cut-overs, campaigns, new contractors.

A change before an onset is a candidate to ask about, never a cause: with many changes something always came before.
Each candidate therefore says how often a day without any onset has a change as close before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.bursts import Burst, BurstsOptions, bursts
from pipeline.insights.calendar import Calendar, reporting_day
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.row_groups import RowGroups
from pipeline.insights.series import Daily, daily, family
from pipeline.insights.tallying import codes_of


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Something that was changed on a day: ``what`` in words, its ``kind``, ``region`` where it was not everywhere."""

    day: date
    what: str
    region: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ChangeCalendarOptions:
    """``reach``: days before an onset to look back; ``least`` complaints a problem must have to have an onset.

    A first complaint is an onset only after ``quiet`` days of data without any, and if complaints that come evenly
    would leave so long a silence before them with at most ``chance``; ``after`` days from the onset on tell in which
    regions the problem began. ``most`` candidates per onset; ``bursts`` as for the bursts themselves.
    """

    reach: int = 45
    least: int = 5
    quiet: int = 28
    chance: float = 0.05
    after: int = 28
    most: int = 5
    bursts: BurstsOptions = field(default_factory=BurstsOptions)
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change before an onset.

    ``days_before``: 0 on the day itself. ``in_region``: share of the problem's complaints after the onset that are of
    the change's region, ``None`` for a change everywhere or where no region is known. ``by_chance``: share of all days
    of the data that have a change (everywhere, or in a region of the problem) as close before them.
    """

    change: Change
    days_before: int
    in_region: float | None
    by_chance: float


@dataclass(frozen=True, slots=True)
class Onset:
    """The day on which a problem began (``how``: "first_complaint") or heaped up ("burst"), and what came before."""

    problem: str
    day: date
    how: str
    complaints_after: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class ChangeCalendar:
    """Onsets by day; ``changes`` looked at, of which ``outside`` lie beyond the reach of any day of the data."""

    onsets: tuple[Onset, ...]
    changes: int
    outside: int = 0
    missing: tuple[Missing, ...] = ()


def change_calendar(
    cases: Cases,
    options: ChangeCalendarOptions = ChangeCalendarOptions(),
    *,
    changes: Sequence[Change] = (),
    found: Sequence[Burst] | None = None,
) -> ChangeCalendar:
    """Set the changes beside the onsets of the problems that are no part of another, closest first.

    ``found`` are bursts made already; without them they are made here. A change of one region is a candidate only if
    the problem has complaints there after the onset (regions must be written as in ``cases``).
    """
    if not changes:
        return ChangeCalendar((), 0, missing=(Missing("change_calendar", ("changes",)),))
    counted = daily(cases, options.calendar)
    if counted is None:
        return ChangeCalendar((), len(changes), missing=cases.lacking("change_calendar", "accepted"))
    seen = bursts(cases, options.bursts).bursts if found is None else found
    after = _After.of(cases, counted, options)
    onsets = sorted(_onsets(cases, counted, seen, options), key=lambda one: (one[1], one[0]))
    first, last = counted.days[0].item(), counted.days[-1].item()
    near = [one for one in changes if first - timedelta(days=options.reach) <= one.day <= last]
    made = tuple(_onset(one, near, after, counted, options) for one in onsets)
    return ChangeCalendar(made, len(changes), len(changes) - len(near), cases.lacking("change_regions", "region"))


def _onsets(
    cases: Cases, counted: Daily, seen: Sequence[Burst], options: ChangeCalendarOptions
) -> Iterator[tuple[str, date, str]]:
    """(problem, day, how): the first complaint, and every burst that is not that same beginning."""
    relatives = family(cases)
    own: dict[str, list[Burst]] = {}
    for burst in seen:
        if burst.kind == "problem":
            own.setdefault(burst.id, []).append(burst)
    tops = {one for one, parent in zip(relatives.ids, relatives.parents, strict=True) if parent < 0}
    for place, (kind, one) in enumerate(zip(counted.kinds, counted.ids, strict=True)):
        if kind != "problem" or one not in tops or counted.counts[place].sum() < options.least:
            continue
        first = int(np.flatnonzero(counted.counts[place])[0])
        # all n complaints of N even days fall on the last L with the chance (L / N)^n
        silence = (1 - first / len(counted.days)) ** int(counted.counts[place].sum())
        begins = first >= options.quiet and silence <= options.chance
        if begins:
            yield one, counted.days[first].item(), "first_complaint"
        for burst in own.get(one, ()):
            near = abs((burst.start - counted.days[first].item()).days) <= options.quiet
            if not (begins and near):
                yield one, burst.start, "burst"


@dataclass(frozen=True, slots=True)
class _After:
    """The dated complaints of the topmost problems: places of their days and the codes of their regions."""

    days: NDArray[np.int64]
    regions: NDArray[np.int64]
    rows_of: RowGroups
    places: dict[str, int]
    names: tuple[str, ...]
    length: int

    @classmethod
    def of(cls, cases: Cases, counted: Daily, options: ChangeCalendarOptions) -> "_After":
        days = reporting_day(cases.frame["accepted"], options.calendar)
        relatives = family(cases)
        rows = np.flatnonzero(~np.isnat(days) & (relatives.own >= 0))
        column = cases.frame["region"]
        return cls(
            (days - counted.days[0]).astype(np.int64),
            codes_of(column),
            RowGroups.of(rows, relatives.roots[relatives.own[rows]]),
            {one: place for place, one in enumerate(relatives.ids)},
            tuple(str(one) for one in column.cat.categories),
            options.after,
        )

    def regions_of(self, problem: str, day: int) -> tuple[int, dict[str, int]]:
        """Complaints of a problem after a day, and those per region."""
        rows = self.rows_of.of_key(self.places[problem])
        rows = rows[(self.days[rows] >= day) & (self.days[rows] < day + self.length)]
        known = self.regions[rows]
        counts = np.bincount(known[known >= 0], minlength=len(self.names))
        return len(rows), {name: int(count) for name, count in zip(self.names, counts, strict=True) if count}


def _onset(
    onset: tuple[str, date, str],
    changes: Sequence[Change],
    after: _After,
    counted: Daily,
    options: ChangeCalendarOptions,
) -> Onset:
    problem, day, how = onset
    total, regions = after.regions_of(problem, (day - counted.days[0].item()).days)
    fitting = [one for one in changes if not one.region or not regions or one.region in regions]
    before = [one for one in fitting if 0 <= (day - one.day).days <= options.reach]
    before.sort(key=lambda one: ((day - one.day).days, one.region == "", one.what))
    known = sum(regions.values())
    candidates = tuple(
        Candidate(
            one,
            (day - one.day).days,
            regions[one.region] / known if one.region and known else None,
            _share_of_days(fitting, counted, (day - one.day).days),
        )
        for one in before[: options.most]
    )
    return Onset(problem, day, how, total, candidates)


def _share_of_days(changes: Sequence[Change], counted: Daily, reach: int) -> float:
    """Share of the days of the data that have a change at most ``reach`` days before them."""
    covered = np.zeros(len(counted.days), bool)
    for one in changes:
        place = (one.day - counted.days[0].item()).days
        covered[max(place, 0) : max(place + reach + 1, 0)] = True
    return float(covered.mean())
