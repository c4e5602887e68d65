"""Charts as SVG that lives in the page: text stays text, colours are the page's, nothing is fetched.

Drawn by Vega-Lite through Altair and vl-convert; colours are given as the names of the page's CSS variables, so that
one drawing serves light, dark and paper. Each chart stands beside its table, so to a screen reader it is one picture.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.review.summary import Interval, Kind, RunSummary, Table
from pipeline.review.writing import Writer

if TYPE_CHECKING:
    import altair

_WIDTH = 900
_LABEL = 280
_NAME = 21
_BARS = 15
_HUES = (1, 2, 3, 4, 6, 7, 8)
_GREY = 5
_QUIET, _INK, _RULE, _STRONG, _ALARM = "--quiet", "--ink", "--rule", "--bar", "--up"


def drawn(summary: RunSummary, writer: Writer) -> dict[str, str]:
    """Return the charts by section as SVG; a section without figures has none."""
    makers = {"pareto": _pareto, "trend": _trend, "survey": _survey, "rates": _funnel}
    found = {}
    for name, make in makers.items():
        section = summary.section(name)
        tables = {one.id: one for one in section.tables} if section else {}
        chart = make(tables, writer)
        if chart is not None:
            found[name] = _svg(name, chart)
    return found


def _pareto(tables: Mapping[str, Table], writer: Writer) -> "altair.TopLevelMixin | None":
    import altair as alt

    if "pareto" not in tables:
        return None
    table = tables["pareto"]
    wanted = [table.column(one)[:_BARS] for one in ("problem", "rows", "share", "cumulative")]
    rows = [
        {
            # the rank keeps two problems of one short name apart
            "name": f"{rank} {_short(writer.problem(str(problem)))}",
            "rows": count,
            "value": writer.cell(Kind.COUNT, count),
            "share": writer.cell(Kind.SHARE, cumulative),
        }
        for rank, (problem, count, _, cumulative) in enumerate(zip(*wanted, strict=True), start=1)
    ]
    axis = alt.Axis(labelLimit=0, minExtent=_LABEL, maxExtent=_LABEL, ticks=False, domain=False, labelPadding=8)
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=None, title=None, axis=axis))
    # the last part of the width is left to the cumulative shares
    most = 1.2 * max((row["rows"] for row in rows), default=1)  # type: ignore[type-var]
    across = alt.X("rows:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most]))
    bars = base.mark_bar(color=_var(_STRONG), height=15).encode(x=across)
    counts = base.mark_text(align="left", dx=6, color=_var(_INK)).encode(x=across, text="value:N")
    right = alt.value(_WIDTH - _LABEL - 4)
    shares = base.mark_text(align="right", color=_var(_QUIET)).encode(x=right, text="share:N")
    head = (
        alt.Chart(alt.Data(values=[{"text": writer.words("column.cumulative")}]))
        .mark_text(align="right", color=_var(_QUIET), y=-8)
        .encode(x=right, text="text:N")
    )
    room = {"width": _WIDTH - _LABEL, "height": 26 * len(rows)}
    return alt.layer(bars, counts, shares, head).properties(**room)


def _trend(tables: Mapping[str, Table], writer: Writer) -> "altair.TopLevelMixin | None":
    import altair as alt

    if "trend" not in tables:
        return None
    table = tables["trend"]
    starts = [day for day in table.column("start") if isinstance(day, date)]
    names = [one.id for one in table.columns[2:]]
    rows = [
        {"start": str(start), "name": name, "place": place, "rows": row[2 + place]}
        for start, row in zip(starts, table.rows, strict=True)
        for place, name in enumerate(names)
    ]
    axis = alt.Axis(
        values=[str(day) for day in _month_starts(starts)],
        labelExpr=f"{json.dumps(_months(starts, writer.lang), ensure_ascii=False)}[datum.value]",
        labelAngle=0, labelAlign="left", ticks=False, labelPadding=6,
    )  # fmt: skip
    at = alt.X("start:O", sort=None, title=None, axis=axis, scale=alt.Scale(paddingInner=0.25))
    colours = alt.Scale(domain=names, range=[_var(f"--c{number}") for number in hues(names)])
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=at,
            y=alt.Y("rows:Q", title=None, axis=alt.Axis(tickCount=4, domain=False, ticks=False)),
            color=alt.Color("name:N", scale=colours, legend=None),
            order=alt.Order("place:Q"),
        )
    )
    marks = _burst_marks(tables, starts, [int(one) for one in table.column("rows")])  # type: ignore[arg-type]
    if not marks:
        return bars.properties(width=_WIDTH - 30, height=230)
    base = alt.Chart(alt.Data(values=marks)).encode(x=at, y="rows:Q")
    spots = base.mark_point(shape="circle", size=230, filled=True, opacity=1, color=_var(_ALARM), yOffset=-15)
    numbers = base.mark_text(color="var(--paper)", fontWeight=600, fontSize=11, dy=-15).encode(text="numbers:N")
    return alt.layer(bars, spots, numbers).properties(width=_WIDTH - 30, height=230)


def hues(names: Sequence[str]) -> list[int]:
    """Return the number of the colour of every category: grey for what is left over, the same for the legend.

    >>> hues(["billing", "other", "network"])
    [1, 5, 2]
    """
    free = iter(_HUES * (len(names) // len(_HUES) + 1))
    return [_GREY if name in ("other", "其他") else next(free) for name in names]


def _burst_marks(tables: Mapping[str, Table], starts: Sequence[date], sums: Sequence[int]) -> list[dict[str, Any]]:
    """Where a burst of the table began: its number over the step; bursts of one step share a mark."""
    if "bursts" not in tables:
        return []
    held: dict[int, list[int]] = {}
    for number, day in enumerate(tables["bursts"].column("first"), start=1):
        places = [place for place, start in enumerate(starts) if isinstance(day, date) and start <= day]
        if places:
            held.setdefault(places[-1], []).append(number)
    return [
        {"start": str(starts[place]), "rows": sums[place], "numbers": f"{numbers[0]}{'+' if numbers[1:] else ''}"}
        for place, numbers in held.items()
    ]


def _survey(tables: Mapping[str, Table], writer: Writer) -> "altair.TopLevelMixin | None":
    import altair as alt

    if "survey_units" not in tables:
        return None
    table = tables["survey_units"]
    rows = [
        {"unit": str(unit), "value": share.value, "low": share.low, "high": share.high}
        for unit, share in zip(table.column("unit"), table.column("share"), strict=True)
        if isinstance(share, Interval) and share.value is not None
    ][:20]
    axis = alt.Axis(labelLimit=0, minExtent=180, maxExtent=180, ticks=False, domain=False, labelPadding=8)
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("unit:N", sort=None, title=None, axis=axis))
    scale = alt.Scale(domain=[0, 1])
    across = alt.Axis(format="%", tickCount=5, domain=False, ticks=False, orient="top")
    lines = base.mark_rule(color=_var(_QUIET), strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, title=None, axis=across), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=64, opacity=1, color=_var(_STRONG)).encode(x=alt.X("value:Q", scale=scale))
    return alt.layer(lines, dots).properties(width=_WIDTH - 200, height=24 * len(rows))


def _funnel(tables: Mapping[str, Table], writer: Writer) -> "altair.TopLevelMixin | None":
    """Every region by its users and its rate, between the limits that chance keeps to (Spiegelhalter 2005)."""
    import altair as alt

    if "funnel" not in tables or "funnel_limits" not in tables:
        return None
    limits = [
        {"exposure": row[0], "rate": row[place], "limit": name}
        for place, name in enumerate(("low_outer", "low_inner", "high_inner", "high_outer"), start=1)
        for row in tables["funnel_limits"].rows
    ]
    points = [
        {"region": region, "exposure": exposure, "rate": rate, "out": position != "within"}
        for region, _, exposure, rate, _, position in tables["funnel"].rows
    ]
    axis = alt.Axis(grid=False, tickCount=5, titleColor=_var(_QUIET), titleFontWeight="normal")
    x = alt.X("exposure:Q", title=writer.words("page.funnel_axis"), axis=axis, scale=alt.Scale(zero=True))
    y = alt.Y("rate:Q", title=None, axis=alt.Axis(tickCount=5, domain=False, ticks=False))
    dash = alt.condition("indexof(datum.limit, 'inner') > 0", alt.value([4, 3]), alt.value([1, 0]))
    lines = (
        alt.Chart(alt.Data(values=limits))
        .mark_line(color=_var(_QUIET), strokeWidth=1)
        .encode(x=x, y=y, detail="limit:N", strokeDash=dash)
    )
    base = alt.Chart(alt.Data(values=points)).encode(x=x, y=y)
    colour = alt.condition("datum.out", alt.value(_var(_ALARM)), alt.value(_var(_STRONG)))
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(color=colour)
    names = base.mark_text(align="left", dx=8, color=_var(_INK)).encode(text="region:N")
    return alt.layer(lines, dots, names).properties(width=_WIDTH - 60, height=280)


def _month_starts(starts: Sequence[date]) -> list[date]:
    """The first step of every month that has room for its name; every other or so where there are many months."""
    first = [place for place, day in enumerate(starts) if place == 0 or day.month != starts[place - 1].month]
    room = len(starts) / 24
    if len(first) > 1 and first[1] < room:
        first = first[1:]
    return [starts[place] for place in first[:: max(1, -(-len(first) // 13))]]


def _months(starts: Sequence[date], lang: str) -> dict[str, str]:
    """What stands below the first step of a month: its name, with the year where that is new."""
    named, year = {}, 0
    for day in _month_starts(starts):
        named[str(day)] = _month(day, lang, day.year != year)
        year = day.year
    return named


def _month(day: date, lang: str, with_year: bool) -> str:
    if lang == "zh":
        return f"{day.year}年{day.month}月" if with_year else f"{day.month}月"
    return f"{day:%b %Y}" if with_year else f"{day:%b}"


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _var(name: str) -> str:
    return f"var({name})"


def _svg(name: str, chart: "altair.TopLevelMixin") -> str:
    """Draw, and make the drawing fit into the page: no size of its own, ids and labels that are nobody else's."""
    import vl_convert

    look = {
        "background": "transparent",
        "aria": False,
        "font": "inherit",
        "view": {"stroke": None},
        "axis": {
            "labelColor": _var(_INK), "labelFontSize": 12, "gridColor": _var(_RULE), "domainColor": _var(_RULE),
            "labelFont": "inherit",
        },
        "axisY": {"gridDash": []},
        "axisX": {"grid": False},
        "text": {"fontSize": 12, "font": "inherit"},
    }  # fmt: skip
    spec = {**chart.to_dict(), "config": look, "padding": {"left": 2, "right": 8, "top": 16, "bottom": 4}}
    drawn = vl_convert.vegalite_to_svg(spec)
    head, body = drawn.split(">", 1)
    size = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r' (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"', "", body)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", body)
    return f'<svg class="chart" {size[0] if size else ""} aria-hidden="true" focusable="false">{body}'
