"""How figures and sentences are written in one language: the only place where a number becomes a text."""

import math
from collections.abc import Mapping
from datetime import date

from pipeline.review.summary import (
    About,
    Cell,
    Column,
    Decided,
    Driver,
    Finding,
    Interval,
    Kind,
    Lack,
    Line,
    RunSummary,
    Span,
    Talk,
)
from pipeline.review.words import Words

_NONE = "–"
_SMALLEST = 0.1
# what is asked for as a file of its own, not as a column
_FILES = frozenset({"changes", "subscribers"})
_NUMERIC = frozenset({Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.RATIO, Kind.RATE, Kind.POINTS})


class Writer:
    """Writes the cells and sentences of one summary in one language."""

    def __init__(self, summary: RunSummary, lang: str) -> None:
        self.words = Words(lang)
        self.lang = lang
        # the days that are held against those before, where they are not all that is reviewed
        self._period = summary.about.period if summary.about.period != summary.about.span else None
        self._names: Mapping[str, str] = {**dict(summary.names), **{one.id: one.name for one in summary.lines}}

    def problem(self, problem: str) -> str:
        """Return the name of a problem, or of a category; the id itself where nobody named it."""
        named = self._names.get(problem)
        return named or (self.words.code(problem) if self.words.has(f"code.{problem}") else self.words.label(problem))

    def heading(self, column: Column) -> str:
        """Return the heading of a column; what is not ours (a category, a region) is named as it is."""
        key = f"column.{column.id}"
        return self.words(key) if self.words.has(key) else self.words.label(column.id)

    def is_number(self, kind: Kind) -> bool:
        """Tell whether a column is set flush right."""
        return kind in _NUMERIC

    def cell(self, kind: Kind, value: Cell) -> str:
        """Return a cell as people read it."""
        if value is None or (value == "" and kind is not Kind.CATEGORY):
            return _NONE
        if isinstance(value, Interval):
            return self._interval(kind, value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, tuple):
            return " ".join(f"{one:,}" for one in value)
        return self._plain(kind, value)

    def _plain(self, kind: Kind, value: str | int | float) -> str:
        if isinstance(value, str):
            named = {Kind.CODE: self.words.code, Kind.CATEGORY: self.words.label, Kind.PROBLEM: self.problem}
            return named[kind](value) if kind in named else value
        return number(kind, value, self.lang)

    def _interval(self, kind: Kind, value: Interval) -> str:
        if value.value is None:
            return _NONE
        return self.words.filled(
            "page.interval",
            {
                "value": number(kind, value.value, self.lang),
                "low": _bare(number(kind, value.low, self.lang)),
                "high": _bare(number(kind, value.high, self.lang)),
            },
        )

    def watermark(self, about: About) -> str:
        """Return the days, what counts, the run and the model in a line."""
        key = "page.watermark_register" if about.from_register else "page.watermark"
        counted = self.cell(Kind.COUNT, about.counted)
        values = {"span": self.span(about.span), "counted": counted, "run": about.run, "model": about.model}
        return self.words.filled(key, values)

    def watermark_counts(self, about: About) -> str:
        """Return how the rows of the input, or the complaints of a register, add up."""
        figures = {
            "rows": about.rows,
            "used": about.used,
            "rejected": about.rejected,
            "counted": about.counted,
            "not_counted": about.not_counted,
            "grouped": about.grouped,
            "ungrouped": about.counted - about.grouped,
        }
        told = {name: self.cell(Kind.COUNT, one) for name, one in figures.items()}
        unsure = about.needs_review
        told["needs_review"] = self.words("page.review_unknown") if unsure is None else self.cell(Kind.COUNT, unsure)
        return self.words.filled(f"page.watermark_counts{'_register' if about.from_register else ''}", told)

    def point(self, kind: Kind, value: Cell) -> str:
        """Return a figure without its interval."""
        return self.cell(kind, value.value if isinstance(value, Interval) else value)

    def limits(self, kind: Kind, value: Interval) -> str:
        """Return the limits of an interval alone, in brackets."""
        if value.value is None:
            return ""
        low, high = (_bare(number(kind, one, self.lang)) for one in (value.low, value.high))
        return self.words.filled("page.limits", {"low": low, "high": high})

    def sentence(self, finding: Finding) -> str:
        """Return a finding in words; figures in it come without their intervals, which stand in the tables."""
        values = {one.name: self._spoken(one.kind, one.value) for one in finding.values}
        return self.words.filled(f"finding.{finding.code}", values)

    def _spoken(self, kind: Kind, value: Cell) -> str:
        if isinstance(value, date):
            return self.spoken_day(value)
        if kind is Kind.PROBLEM and isinstance(value, str):
            return self.words.filled("page.quoted", {"name": self.problem(value)})
        return self.point(kind, value)

    def common_asks(self, summary: RunSummary) -> str:
        """Return what is asked for of all problems to talk about, where it is the same for all; else nothing."""
        asked = {line.asks: line for line in summary.lines if line.id in {one.problem for one in summary.headline.talk}}
        if len(asked) != 1 or len(summary.headline.talk) < 2:
            return ""
        return self.words.filled("page.talk_asks_each", {"asks": self.asks(next(iter(asked.values())))})

    def talk(self, talk: Talk, line: Line, with_asks: bool = True) -> str:
        """Return why to talk about a problem: how large it is, the weightiest reasons, and what is asked for."""
        values = {
            "rows": self.cell(Kind.COUNT, line.rows),
            "customers": self.cell(Kind.COUNT, line.customers),
            "reasons": self.words("page.between_reasons").join(self.sentence(one) for one in talk.reasons),
        }
        asks = self.words.filled("page.talk_asks", {"asks": self.asks(line)}) if line.asks and with_asks else ""
        key = "page.talk_one" if talk.reasons else "page.talk_plain"
        return self.words("page.between_sentences").join(one for one in (self.words.filled(key, values), asks) if one)

    def asks(self, line: Line) -> str:
        """Return what the meeting is asked for."""
        return self.words("page.between_asks").join(self.words(f"ask.{one}") for one in line.asks)

    def decided(self, one: Decided) -> str:
        """Return what was done to a problem: the fields that changed, else what it was called, with its note."""
        changed = [self._changed(field, value) for field, value in one.changes]
        key = f"event.{one.what}"
        what = self.words(key) if self.words.has(key) else self.words.code(one.what)
        return " ".join(filter(None, [self.words("page.between_asks").join(changed) or what, one.note]))

    def _changed(self, field: str, value: str) -> str:
        heading = next((self.words(key) for key in (f"field.{field}", f"column.{field}") if self.words.has(key)), field)
        shown = self.words(f"state.{value}") if field == "state" else value
        return f"{heading} {shown or _NONE}"

    def driver(self, driver: Driver) -> str:
        """Return where a problem stands out."""
        values = self.words("page.between_values").join(self._value(*one) for one in driver.values)
        shared = self.cell(Kind.COUNT, driver.shared)
        lift = self.cell(Kind.RATIO, driver.lift)
        return self.words.filled("page.driver", {"values": values, "shared": shared, "lift": lift})

    def _value(self, column: str, value: str) -> str:
        return self.words.code(f"tier_{value}") if column == "tier" else value

    def driver_counter(self, driver: Driver) -> str:
        """Return the counter-examples on both sides."""
        sides = {"outside": driver.outside, "without": driver.without}
        return self.words.filled(
            "page.driver_counter", {name: self.cell(Kind.COUNT, count) for name, count in sides.items()}
        )

    def lack(self, lack: Lack) -> str:
        """Return which figure is not there, and what would give it."""
        needs = self.words("page.between_needs").join(self._need(one) for one in lack.needs)
        figure = self.words.shared("figures", lack.figure)
        return self.words.filled("page.not_available", {"figure": figure, "needs": needs})

    def _need(self, need: str) -> str:
        name = self.words.shared("columns", need)
        is_column = "." not in need and need.split(":")[0] not in _FILES
        return self.words.filled("page.needs_column", {"name": name}) if is_column else name

    def day(self, day: date) -> str:
        """Return a day for a table."""
        return day.isoformat()

    def spoken_day(self, day: date) -> str:
        """Return a day for a sentence.

        >>> from pipeline.review.summary import RunSummary
        >>> from pipeline.review.words import Words
        >>> writer = Writer.__new__(Writer); writer.words, writer.lang = Words("zh"), "zh"
        >>> writer.spoken_day(date(2026, 3, 8))
        '3月8日'
        """
        if self.lang == "zh":
            return f"{day.month}月{day.day}日"
        return f"{day.day} {day:%B}"

    def figure_name(self, figure: str) -> str:
        """Return the name of a figure; of the compared period with its days, where it is a part of what is reviewed."""
        name = self.words(f"figure.{figure}")
        if figure != "recent" or self._period is None:
            return name
        days = {"first": self.spoken_day(self._period.start), "last": self.spoken_day(self._period.end)}
        return self.words.filled("page.figure_of_days", {"figure": name, **days})

    def span(self, span: Span | None) -> str:
        """Return a period in words."""
        if span is None:
            return self.words("page.no_span")
        if self.lang == "zh":
            first = f"{span.start.year}年{span.start.month}月{span.start.day}日"
            year = f"{span.end.year}年" if span.end.year != span.start.year else ""
            return f"{first}—{year}{span.end.month}月{span.end.day}日"
        year = f" {span.start.year}" if span.end.year != span.start.year else ""
        return f"{span.start.day} {span.start:%B}{year} – {span.end.day} {span.end:%B} {span.end.year}"


def number(kind: Kind, value: float, lang: str) -> str:
    """Return a number as people write it.

    >>> [number(Kind.SHARE, 0.1234, "zh"), number(Kind.COUNT, 1523, "zh"), number(Kind.RATIO, 1.8, "en")]
    ['12.3%', '1,523', '1.8×']
    """
    if math.isinf(value):
        return "∞"
    if kind is Kind.SHARE:
        return f"{value:.1%}"
    if kind is Kind.POINTS:
        return f"{100 * value:+.1f}".replace("-", "−")
    if kind is Kind.COUNT:
        return f"{value:,.0f}"
    if kind is Kind.NUMBER and 0 < value < _SMALLEST:
        return f"<{_SMALLEST}"
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    plain = f"{value:,.{decimals}f}"
    return f"{plain}{' 倍' if lang == 'zh' else '×'}" if kind is Kind.RATIO else plain


def _bare(written: str) -> str:
    """A limit of an interval: the unit stands with the figure."""
    return written.removesuffix("%").removesuffix(" 倍").removesuffix("×")
