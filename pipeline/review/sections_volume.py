"""How many complaints, of what, when and where: the mix, the trend with its bursts, the map of regions."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pipeline.insights.bursts import Burst
from pipeline.insights.outages import Outage
from pipeline.insights.proportions import wilson
from pipeline.insights.trend import LabelBreak, TrendLine
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, counts, lacks, said
from pipeline.review.tables import Column, Finding, Kind, Section

# a cell of the map is talked about when so many complaints, and so many times those expected, stand there
_LEAST, _TIMES = 10, 1.3
# fewer complaints than this are as good as none
_RARE = 0.5


def mix(material: Material) -> Section:
    """Compare the categories with each other and with the period before."""
    now = counts(material.cases.frame["category"])
    if not now:
        return Section("mix")
    whole = sum(now.values())
    shares = wilson(list(now.values()), [whole] * len(now))
    lines = {one.id: one for one in material.insights.trend.lines if one.kind == "category"}
    rows = [(name, count, shares[place], *_against(lines.get(name))) for place, (name, count) in enumerate(now.items())]
    largest, count = next(iter(now.items()))
    first = Finding("mix_largest", said(name=(Kind.CATEGORY, largest), share=(Kind.SHARE, count / whole)))
    made = table("mix", "category rows share recent before change series", rows)
    return Section("mix", (*_moved(lines.values()), first), (made,))


def _against(line: TrendLine | None) -> tuple[Any, ...]:
    return (line.current, line.previous, line.change, line.counts) if line else (None, None, None, ())


def _moved(lines: Iterable[TrendLine]) -> list[Finding]:
    """The categories that grew or fell beyond chance, growth first."""
    found = [
        (one.change.value, one)
        for one in lines
        if one.change and one.change.value is not None and one.change.excludes(1.0)
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [
        Finding(
            "mix_grew" if times > 1 else "mix_fell",
            said(
                name=(Kind.CATEGORY, one.id),
                before=(Kind.COUNT, one.previous),
                count=(Kind.COUNT, one.current),
            ),
        )
        for times, one in found[:3]
    ]


def trend(material: Material) -> Section:
    """Show the complaints of every step, and the days that their own past does not explain."""
    insights, found = material.insights, material.insights.trend
    missing = lacks((*found.missing, *insights.bursts.missing, *insights.outages.missing))
    if not found.starts:
        return Section("trend", lacks=missing)
    whole = next(one for one in found.lines if one.kind == "all")
    categories = sorted((one for one in found.lines if one.kind == "category"), key=lambda one: -sum(one.counts))
    rows = zip(found.starts, whole.counts, *(one.counts for one in categories), strict=True)
    more = [Column(one.id, Kind.COUNT) for one in categories]
    bursts = [one for one in insights.bursts.unexplained if _inside(material, one.start, one.end)]
    outages = [one for one in insights.outages.outages if _inside(material, one.start.date(), one.end.date())]
    tables = filled(
        table("trend", "start rows", rows, len(found.starts), more),
        table(
            "outages", "region first last rows customers expected share problem hours_to_find", map(_outage, outages)
        ),
        table("bursts", "what first last rows expected limit peak peak_rows", map(_burst, bursts)),
    )
    peak = int(np.argmax(whole.counts))
    values = said(start=(Kind.DAY, found.starts[peak]), count=(Kind.COUNT, whole.counts[peak]))
    highest = Finding(f"trend_peak_{found.unit}", values)
    findings = (*_largest_outage(outages), _clearest_burst(bursts), highest, *map(_label_break, found.breaks))
    return Section("trend", findings, tables, missing)


def _label_break(one: LabelBreak) -> Finding:
    values = {name: (Kind.TEXT, " + ".join(labels)) for name, labels in (("old", one.old), ("new", one.new))}
    return Finding("label_break", said(day=(Kind.DAY, one.day), **values))


def _inside(material: Material, start: date, end: date) -> bool:
    span = material.about.span
    return span is None or (start <= span.end and end >= span.start)


def _outage(one: Outage) -> tuple[Any, ...]:
    days = (one.start.date(), one.end.date())
    return (
        one.region,
        *days,
        one.complaints,
        one.customers,
        one.expected,
        one.share,
        one.problem,
        one.hours_to_find,
    )


def _burst(one: Burst) -> tuple[Any, ...]:
    return one.id, one.start, one.end, one.complaints, one.expected, one.limit, one.peak, one.peak_complaints


def _largest_outage(outages: Sequence[Outage]) -> tuple[Finding, ...]:
    if not outages:
        return ()
    largest = max(outages, key=lambda one: one.complaints)
    values = said(
        region=(Kind.TEXT, largest.region),
        day=(Kind.DAY, largest.start.date()),
        count=(Kind.COUNT, largest.complaints),
        hours=(Kind.NUMBER, largest.hours_to_find),
    )
    return (Finding("outage", values),)


def _clearest_burst(bursts: Sequence[Burst]) -> Finding:
    if not bursts:
        return Finding("no_bursts")
    clearest = min(bursts, key=lambda one: (one.chance, one.start, one.id))
    values = said(
        count=(Kind.COUNT, len(bursts)),
        name=(Kind.PROBLEM, clearest.id),
        day=(Kind.DAY, clearest.start),
        rows=(Kind.COUNT, clearest.complaints),
        expected=(Kind.NUMBER, clearest.expected),
    )
    rare = "_rare" if clearest.expected < _RARE else ""
    return Finding(f"bursts{rare}" if len(bursts) > 1 else f"burst{rare}", values)


def heat(material: Material) -> Section:
    """Count every category in every region, and tell where one stands out from what the whole would let expect."""
    missing = lacks(material.cases.lacking("by_region", "region"))
    frame = material.cases.frame
    regions = counts(frame["region"])
    if missing or not regions:
        return Section("heat", lacks=missing)
    categories = list(counts(frame["category"]))
    crossed = pd.crosstab(frame["region"].astype(object), frame["category"].astype(object))
    grid = crossed.reindex(index=list(regions), columns=categories, fill_value=0)
    times = grid / _expected(grid)
    shown = {name: cells.tolist() for name, cells in zip(regions, grid.to_numpy(), strict=True)}
    lifts = {name: cells.tolist() for name, cells in zip(regions, times.to_numpy().round(4), strict=True)}
    tables = (
        table(
            "heat",
            "region rows",
            [(name, regions[name], *shown[name]) for name in regions],
            more=[Column(one, Kind.COUNT) for one in categories],
        ),
        table(
            "heat_times",
            "region",
            [(name, *lifts[name]) for name in regions],
            more=[Column(one, Kind.RATIO) for one in categories],
        ),
    )
    return Section("heat", (_standing_out(grid, times),), tables, missing)


def _expected(grid: pd.DataFrame) -> pd.DataFrame:
    """What rows and columns of the whole would let expect in every cell, were they independent."""
    by_row, by_column = grid.sum(axis=1).to_numpy(float), grid.sum(axis=0).to_numpy(float)
    expected = np.outer(by_row, by_column) / max(float(by_row.sum()), 1.0)
    return pd.DataFrame(np.maximum(expected, 1e-9), index=grid.index, columns=grid.columns)


def _standing_out(grid: pd.DataFrame, times: pd.DataFrame) -> Finding:
    """The cell that stands out most, by its part of the chi-square sum; an even map is told as such."""
    seen, ratio = grid.to_numpy(float), times.to_numpy(float)
    expected = seen / np.where(ratio > 0, ratio, 1.0)
    pull = np.where((seen >= _LEAST) & (ratio >= _TIMES), (seen - expected) / np.sqrt(expected + 1e-9), 0.0)
    if not pull.size or not pull.max():
        return Finding("heat_even")
    row, column = (int(one) for one in np.unravel_index(int(pull.argmax()), pull.shape))
    values = said(
        region=(Kind.TEXT, grid.index[row]),
        category=(Kind.CATEGORY, grid.columns[column]),
        count=(Kind.COUNT, int(seen[row, column])),
        times=(Kind.RATIO, float(ratio[row, column])),
    )
    return Finding("heat_stands_out", values)
