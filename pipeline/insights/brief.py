"""The figures of the daily brief for the chat group: total, channels, busy cities, concentrations, repeats by city.

The layout is that of the brief operators write by hand, with two differences: concentrations are looked for and come
with their evidence, and where there are none it is said so because none was found.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.bursts import Bursts
from pipeline.insights.calendar import Calendar, Period, reporting_day, span
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.channels import ChannelOptions, channel_groups, load_channels
from pipeline.insights.counting import only
from pipeline.insights.daily_repeats import DailyRepeatsOptions, RegionOfDay, daily_repeats
from pipeline.insights.outages import Outages
from pipeline.insights.regions import RegionOptions, load_regions


@dataclass(frozen=True, slots=True)
class BriefOptions:
    """``days``: length of what is told of, ending with the last reporting day of the data; 0 tells of all of it.

    ``window``: days back in which a number that complains again is a repeat. ``cities``: busiest regions named, those
    with more than ``busy`` complaints.
    """

    days: int = 1
    window: int = 30
    cities: int = 3
    busy: int = 10
    calendar: Calendar = field(default_factory=Calendar)
    channels: ChannelOptions = field(default_factory=ChannelOptions)
    regions: RegionOptions = field(default_factory=RegionOptions)


@dataclass(frozen=True, slots=True)
class Part:
    """A channel group or region and its complaints; empty name: unknown."""

    name: str
    complaints: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """More complaints than usual: ``complaints`` from ``start`` to ``end`` where ``expected`` were usual.

    ``kind`` is outage, problem or category; ``id`` that of the problem or category; ``region`` is known of outages.
    """

    kind: str
    id: str
    name: str
    region: str
    start: date
    end: date
    complaints: int
    expected: float


@dataclass(frozen=True, slots=True)
class Brief:
    """What the paragraph is made from; ``None`` and empty where a column is missing.

    ``judged``: whether there was enough history to look for concentrations, so that none means none. ``repeats``: the
    regions with numbers that complained again (``daily_repeats``).
    """

    period: Period | None
    complaints: int
    channels: tuple[Part, ...] = ()
    cities: tuple[Part, ...] = ()
    concentrations: tuple[Concentration, ...] = ()
    judged: bool = False
    repeats: tuple[RegionOfDay, ...] = ()
    missing: tuple[Missing, ...] = ()


def brief(cases: Cases, bursts: Bursts, outages: Outages, options: BriefOptions = BriefOptions()) -> Brief:
    """Gather the figures of the last ``days`` of the data; complaints are told apart by their id."""
    whole = span(cases, options.calendar)
    missing = (
        *cases.lacking("brief", "accepted"),
        *cases.lacking("brief_channels", "channel"),
        *cases.lacking("brief_cities", "region"),
        *cases.lacking("brief_repeats", "customer"),
    )
    if whole is None:
        return Brief(None, 0, missing=missing)
    period = (
        Period(max(whole.start, whole.end - timedelta(days=options.days - 1)), whole.end) if options.days else whole
    )
    days = reporting_day(cases.frame["accepted"], options.calendar)
    inside = _one_row_each(cases.frame, period.covers(days))
    groups = channel_groups(inside["channel"], load_channels(options.channels))
    regions = _parts(inside["region"])
    return Brief(
        period,
        len(inside),
        channels=_parts(groups) if "channel" in cases.given else (),
        cities=tuple(one for one in regions if one.name and one.complaints > options.busy)[: options.cities],
        concentrations=_concentrations(cases, bursts, outages, period),
        judged=bursts.watched_from is not None and bursts.watched_from <= period.end,
        repeats=_repeats(cases, period, options) if "customer" in cases.given else (),
        missing=missing,
    )


def _one_row_each(frame: pd.DataFrame, wanted: NDArray[np.bool_]) -> pd.DataFrame:
    """The wanted rows, further orders of the same complaint left out."""
    rows = frame[wanted]
    return rows[(rows["id"] == "") | ~rows["id"].duplicated()]


def _parts(names: pd.Series) -> tuple[Part, ...]:
    counts = names.astype(object).value_counts()
    order = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
    return tuple(Part(str(name), int(count)) for name, count in order)


def _concentrations(cases: Cases, bursts: Bursts, outages: Outages, period: Period) -> tuple[Concentration, ...]:
    """Outages and bursts that reach into the period; a burst of the problem of an outage is the outage."""
    names = dict(zip(cases.problems["id"], cases.problems["name"], strict=True))
    first = [
        Concentration(
            "outage",
            one.problem,
            names.get(one.problem, ""),
            one.region,
            one.start.date(),
            one.end.date(),
            one.complaints,
            one.expected,
        )
        for one in outages.outages
    ]
    told = {one.id for one in first}
    others = [
        Concentration(
            str(one.kind), one.id, names.get(one.id, one.id), "", one.start, one.end, one.complaints, one.expected
        )
        for one in bursts.unexplained
        if one.id not in told
    ]
    reaching = [one for one in (*first, *others) if one.start <= period.end and one.end >= period.start]
    return tuple(sorted(reaching, key=lambda one: (-one.complaints, one.kind, one.id)))


def _repeats(cases: Cases, period: Period, options: BriefOptions) -> tuple[RegionOfDay, ...]:
    how = DailyRepeatsOptions(options.calendar.day_cut, period.days, options.window)
    ids = cases.frame["id"]
    # two orders of one complaint are no repeat
    once = only(cases, ((ids == "") | ~ids.duplicated()).to_numpy(bool))
    found = {one.region: one for one in daily_repeats(once, period.end, how).regions if one.repeaters}
    largest_first = sorted(found, key=lambda region: (-found[region].repeaters, region))
    return tuple(found[region] for region in load_regions(options.regions).in_order(largest_first))
