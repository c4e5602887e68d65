"""The daily sheet of repeated complaints: who complained again today, from which region, and how often in 30 days.

The operators' rule: a number counts when it has a complaint within the reporting day (from yesterday's cut to today's,
16:00) and two or more since midnight 30 days before; a number in two regions counts in both.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.tallying import codes_of


@dataclass(frozen=True, slots=True)
class DailyRepeatsOptions:
    """``day_cut``: hour at which the reporting day ends; ``days``: reporting days taken together (3 on a Monday).

    ``window``: days to look back. ``order``: regions in the order of the report; the others follow by name.
    """

    day_cut: int = 16
    days: int = 1
    window: int = 30
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeater:
    """A number (its hash) with all its complaints of the window: ``rows`` are row numbers, oldest first."""

    customer: str
    region: str
    rows: tuple[int, ...]

    @property
    def times(self) -> int:
        """Number of complaints."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class RegionOfDay:
    """A region: ``complaints`` of the reporting day, and its repeaters with two, three, and four or more complaints."""

    region: str
    complaints: int
    twice: int
    thrice: int
    more: int

    @property
    def repeaters(self) -> int:
        """All repeaters of the region."""
        return self.twice + self.thrice + self.more


@dataclass(frozen=True, slots=True)
class DailyRepeats:
    """The figures of a reporting day; ``since`` and ``until`` bound it, ``window_start`` is where looking back ends.

    ``repeaters`` by region, within it the most-repeated first. ``complaints`` of the day = those ``of_repeaters`` +
    those of numbers without another complaint + ``unusable`` (no number). ``first`` and ``last`` day of all complaints.
    """

    day: date
    window_start: datetime
    since: datetime
    until: datetime
    complaints: int
    of_repeaters: int
    unusable: int
    regions: tuple[RegionOfDay, ...]
    repeaters: tuple[Repeater, ...]
    missing: tuple[Missing, ...] = ()
    first: date | None = None
    last: date | None = None


def daily_repeats(cases: Cases, day: date, options: DailyRepeatsOptions = DailyRepeatsOptions()) -> DailyRepeats:
    """Find who complained on the reporting ``day`` and before."""
    until = datetime.combine(day, time()) + timedelta(hours=options.day_cut)
    since = until - timedelta(days=options.days)
    start = datetime.combine(day - timedelta(days=options.window), time())
    table = _table(cases, start, until)
    table["today"] = table["at"] >= np.datetime64(since, "s")
    usable = table[table["number"] >= 0]
    keys = usable.groupby(["region", "number"], sort=False)
    again = (keys["at"].transform("size") >= 2) & keys["today"].transform("any")
    repeaters = _repeaters(cases, usable[again], options.order)
    today = table[table["today"]]
    days = cases.frame["accepted"].to_numpy("datetime64[D]")
    known = days[~np.isnat(days)]
    return DailyRepeats(
        day,
        start,
        since,
        until,
        complaints=len(today),
        of_repeaters=int((again & usable["today"]).sum()),
        unusable=int((today["number"] < 0).sum()),
        regions=_regions(today["region"], repeaters, options.order),
        repeaters=repeaters,
        missing=cases.lacking("daily repeats", "customer", "accepted"),
        first=known.min().item() if len(known) else None,
        last=known.max().item() if len(known) else None,
    )


def _table(cases: Cases, start: datetime, until: datetime) -> pd.DataFrame:
    frame = cases.frame
    at = frame["accepted"].to_numpy("datetime64[s]")
    within = (at >= np.datetime64(start, "s")) & (at < np.datetime64(until, "s"))
    rows = np.flatnonzero(within)
    return pd.DataFrame(
        {
            "row": rows,
            "at": at[rows],
            "region": frame["region"].astype(object).to_numpy()[rows],
            "number": codes_of(frame["customer"])[rows],
        }
    )


def _repeaters(cases: Cases, table: pd.DataFrame, order: tuple[str, ...]) -> tuple[Repeater, ...]:
    names = cases.frame["customer"].cat.categories
    found = []
    for _, part in table.sort_values(["at", "row"]).groupby(["region", "number"], sort=True):
        number, region = part["number"].iloc[0], part["region"].iloc[0]
        found.append(Repeater(str(names[number]), str(region), tuple(part["row"].tolist())))
    return tuple(sorted(found, key=lambda one: (_place(one.region, order), -one.times, one.rows)))


def _regions(today: pd.Series, repeaters: tuple[Repeater, ...], order: tuple[str, ...]) -> tuple[RegionOfDay, ...]:
    complaints = {str(region): int(count) for region, count in today.value_counts().items()}
    times: dict[str, list[int]] = {}
    for one in repeaters:
        times.setdefault(one.region, []).append(one.times)
    regions = sorted({*order, *complaints, *times}, key=lambda region: _place(region, order))
    return tuple(
        RegionOfDay(
            region,
            complaints.get(region, 0),
            twice=sum(one == 2 for one in times.get(region, ())),
            thrice=sum(one == 3 for one in times.get(region, ())),
            more=sum(one >= 4 for one in times.get(region, ())),
        )
        for region in regions
    )


def _place(region: str, order: tuple[str, ...]) -> tuple[int, bool, str]:
    """Regions of the fixed order first, then the others by name, the unknown one last."""
    return (order.index(region) if region in order else len(order), region == "", region)
