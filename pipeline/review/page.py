"""``review.html``: one file that needs nothing else, made from the summary by a template."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.review import charts
from pipeline.review.summary import Card, Cell, Column, Finding, Interval, Kind, Line, RunSummary, Section, Table
from pipeline.review.writing import Writer

# problems in the list of the page; the rest stands in the other files
LISTED = 300
_HEAT = (0.5, 0.8, 1.25, 1.6, 2.2)


@dataclass(frozen=True, slots=True)
class Spark:
    """A small bar drawing: its height per step as (place, top, height), in a box of ``width`` by 24."""

    bars: tuple[tuple[int, int, int], ...]
    width: int
    words: str


def render_page(summary: RunSummary, lang: str) -> str:
    """Return the page in one language; the same summary gives the same text."""
    writer = Writer(summary, lang)
    style, script = _asset("review.css"), _asset("review.js")
    page = _Page(summary, writer)
    return (
        _environment()
        .get_template("review.html.j2")
        .render(
            summary=summary,
            w=writer,
            t=writer.words,
            page=page,
            charts={name: Markup(svg) for name, svg in charts.drawn(summary, writer).items()},  # noqa: S704, RUF100
            style=Markup(style),  # noqa: S704, RUF100
            script=Markup(script),  # noqa: S704, RUF100
            policy=_policy(style, script),
            Kind=Kind,
        )
    )


class _Page:
    """What the template asks for beyond the summary: choices among what is there, and shapes of drawings."""

    def __init__(self, summary: RunSummary, writer: Writer) -> None:
        self._summary, self._writer = summary, writer
        self.listed: Sequence[Line] = summary.lines[:LISTED]
        self._cards = {one.line.id for one in summary.cards}
        self._by_id = {one.id: one for one in summary.lines}
        self.kept = any(one.state for one in summary.lines)

    def has_card(self, problem: object) -> bool:
        """Tell whether a problem has a card to link to."""
        return problem in self._cards

    def line(self, problem: str) -> Line | None:
        """Return the line of a problem."""
        return self._by_id.get(problem)

    def parts(self, problem: str) -> list[Line]:
        """Return the problems that are a part of one."""
        return [one for one in self._summary.lines if one.parent == problem]

    def shown(self, section: Section) -> bool:
        """Tell whether a section has anything to show."""
        return bool(section.tables or section.findings or section.lacks)

    def behind(self, section: Section) -> tuple[list[Table], list[Table]]:
        """Return the tables that a section shows and those that stand behind its chart."""
        hidden = {
            "pareto": {"pareto"},
            "trend": {"trend"},
            "survey": {"survey_units"},
            "heat": {"heat", "heat_times"},
            "rates": {"funnel", "funnel_limits"},
        }
        names = hidden.get(section.id, set())
        return (
            [one for one in section.tables if one.id not in names],
            [one for one in section.tables if one.id in names and section.id != "heat"],
        )

    def values(self, attribute: str) -> list[str]:
        """Return the distinct values of the listed problems, for a filter."""
        return sorted({str(getattr(one, attribute)) for one in self.listed} - {""})

    def spark(self, series: Sequence[int]) -> Spark | None:
        """Return the drawing of a series; None where there is none."""
        if not series or not any(series):
            return None
        top = max(series)
        step = max(2, min(5, 140 // len(series)))
        bars = tuple(
            (place * step, 24 - max(1, round(23 * count / top)), max(1, round(23 * count / top)))
            for place, count in enumerate(series)
            if count
        )
        summary = self._summary
        words = self._writer.words.filled(
            "page.spark",
            {
                "start": self._writer.spoken_day(summary.starts[0]) if summary.starts else "",
                "unit": self._writer.words.code(summary.unit),
                "peak": str(top),
            },
        )
        return Spark(bars, step * len(series), words)

    def legend(self, section: Section) -> list[tuple[str, int]]:
        """Return the categories of the trend with the numbers of their colours."""
        names = [one.id for one in section.tables[0].columns[2:]]
        return list(zip(names, charts.hues(names), strict=True))

    def wide(self, table: Table) -> bool:
        """Tell whether a table needs the whole width: names of problems, or many columns."""
        named = any(one.kind is Kind.PROBLEM for one in table.columns)
        return len(table.columns) > 5 or (named and len(table.columns) > 3) or table.id in ("in_time", "longest")

    def barred(self, column: Column) -> bool:
        """Tell whether the cells of a column have a bar beside the figure."""
        return column.kind is Kind.SHARE and column.id not in ("cumulative", "rest", "was_satisfied", "now_satisfied")

    def bar(self, column: Column, value: Cell, table: Table) -> str:
        """Return the length of the bar in a cell of shares as a percentage; empty where there is to be none."""
        if not self.barred(column):
            return ""
        found = [one.value if isinstance(one, Interval) else one for one in table.column(column.id)]
        top = max((float(one) for one in found if isinstance(one, (int, float))), default=0.0)
        own = value.value if isinstance(value, Interval) else value
        return f"{100 * float(own) / top:.0f}%" if isinstance(own, (int, float)) and top else ""

    def heat(self, section: Section) -> list[list[tuple[Cell, int]]]:
        """Return the rows of the map as (cell, level): levels 0 to 5 by how many times the expected there are."""
        counts, times = section.table("heat"), section.table("heat_times")
        if counts is None or times is None:
            return []
        made = []
        for row, lifts in zip(counts.rows, times.rows, strict=True):
            levels = [_level(one) for one in lifts[1:]]
            made.append([(row[0], -1), (row[1], -1), *zip(row[2:], levels, strict=True)])
        return made

    def bar_width(self, drawn: Spark) -> int:
        """Return the width of one bar of a small drawing: a step less a gap."""
        return max(1, drawn.width // max(len(self._summary.starts), 1) - 1)

    def is_interval(self, value: Cell) -> bool:
        """Tell whether a figure has limits."""
        return isinstance(value, Interval) and value.value is not None

    def states(self) -> list[str]:
        """Return the states of the listed problems, for the filter."""
        return sorted({one.state or "none" for one in self.listed})

    def arrow(self, change: Interval | None) -> Markup:
        """Return an arrow where a change is beyond chance, with the word for who cannot see it."""
        way = self.direction(change)
        if way not in ("up", "down"):
            return Markup("")
        sign, word = "▲" if way == "up" else "▼", self._writer.words(f"page.change_{way}")
        shown = Markup('<span class="arrow" aria-hidden="true">{}</span><span class="hidden">{}</span>').format(
            sign, word
        )
        return Markup('<span class="change {}">{}</span> ').format(way, shown)

    def direction(self, change: Interval | None) -> str:
        """Return up, down or same: whether the interval of a change leaves 1 out."""
        if change is None or change.value is None:
            return ""
        return "up" if change.low > 1 else "down" if change.high < 1 else "same"

    def haystack(self, line: Line, card: Card | None) -> str:
        """Return what the search looks through, in lower case."""
        words = [line.id, line.name, line.cause, line.owner, line.back_department]
        words += [*card.phrases, *card.quotes, card.field("statement")] if card else []
        return " ".join(words).lower()

    def card(self, problem: str) -> Card | None:
        """Return the card of a problem."""
        return next((one for one in self._summary.cards if one.line.id == problem), None)

    def first(self, findings: Sequence[Finding]) -> Finding | None:
        """Return the finding that makes the title of a section."""
        return findings[0] if findings else None


def _level(times: Cell) -> int:
    return sum(float(times) >= limit for limit in _HEAT) if isinstance(times, (int, float)) else 2


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched or sent; only this style and this script count."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files("pipeline.review").joinpath("page", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.review", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def assets() -> Mapping[str, Any]:
    """Return the style and the script of the page by name."""
    return {name: _asset(name) for name in ("review.css", "review.js")}
