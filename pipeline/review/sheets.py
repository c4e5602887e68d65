"""The sheets of ``review.xlsx`` that show figures: tables with native Excel charts, data bars and colour scales.

Renders a ``RunSummary`` and computes nothing. What people fill in, and the complaints themselves, are other sheets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.output.workbook import Workbook, write_cell
from pipeline.review.summary import Column, Finding, Interval, Kind, RunSummary, Section, Table
from pipeline.review.writing import Writer

# the sections that share a sheet, in the order of the workbook
SHEETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ranking", ("pareto", "priority")),
    ("trend", ("trend", "mix", "heat")),
    ("departments", ("departments",)),
    ("value", ("value", "churn")),
    ("chains", ("chains", "service", "rates")),
    ("survey", ("survey",)),
    ("quality", ("counting", "labels", "changes")),
)
NAMES = {
    "overview": {"zh": "概览", "en": "Overview"},
    "problems": {"zh": "问题清单", "en": "Problems"},
    "members": {"zh": "问题明细", "en": "Complaints"},
    "ranking": {"zh": "排序", "en": "Ranking"},
    "trend": {"zh": "趋势", "en": "Trend"},
    "departments": {"zh": "部门", "en": "Departments"},
    "value": {"zh": "客户价值", "en": "Customer value"},
    "chains": {"zh": "投诉链", "en": "Chains"},
    "survey": {"zh": "满意度", "en": "Satisfaction"},
    "quality": {"zh": "口径与质量", "en": "Counting and quality"},
    "unsure": {"zh": "待复核", "en": "To review"},
    "about": {"zh": "说明", "en": "About"},
}
_LIMITS = {"zh": ("下限", "上限"), "en": ("low", "high")}
_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.RATIO: "0.0×",
    Kind.RATE: "0.00",
    Kind.NUMBER: "0.##",
    Kind.POINTS: "+0.000;-0.000;0",
    Kind.DAY: "yyyy-mm-dd",
}
_FIGURES = frozenset({Kind.COUNT, Kind.SHARE, Kind.RATIO, Kind.RATE, Kind.NUMBER, Kind.POINTS})
# over time; other tables are charted as bars, these not at all
_LINES, _SHADED = frozenset({"trend", "survey_periods"}), frozenset({"heat", "heat_times"})
# places in an order are no amounts
_RANKS = frozenset({"rank", "effect_rank"})
_CHARTED_ROWS, _CHART_HEIGHT, _CHART_WIDTH = 15, 15, 620
_WIDTHS = {Kind.PROBLEM: 34, Kind.TEXT: 20, Kind.CATEGORY: 18, Kind.CODE: 14}
_A4 = 9
_INK, _QUIET, _BAR = "#1F3A5F", "#6B7280", "#9DB8D9"


def write_overview(book: Workbook, summary: RunSummary, writer: Writer) -> None:
    """Write the first sheet: the headline figures, what changed, what to talk about, one line per section."""
    pages = _Pages(book, writer)
    worksheet = pages.open("overview", (30, 18, 14, 90))
    row = pages.heading(worksheet, 0, f"{writer.words('page.title')} · {writer.span(summary.about.span)}")
    for figure in summary.headline.figures:
        cells = (writer.figure_name(figure.id), figure.value, figure.before)
        row = pages.figures(worksheet, row, cells, figure.kind)
    row = pages.heading(worksheet, row + 1, writer.words("page.answer"))
    for mark, problems in summary.headline.marked:
        named = writer.words("page.between_needs").join(f"{one} {writer.problem(one)}" for one in problems)
        row = pages.plain(worksheet, row, (writer.words(f"mark.{mark}"), len(problems), None, named))
    row = pages.heading(worksheet, row + 1, writer.words("page.talk_fewer"))
    for talk in summary.headline.talk:
        told = writer.words("page.between_reasons").join(writer.sentence(one) for one in talk.reasons)
        row = pages.plain(worksheet, row, (writer.problem(talk.problem), talk.problem, None, told))
    for section in summary.sections:
        if section.findings:
            title = writer.words(f"section.{section.id}.title")
            row = pages.plain(worksheet, row + 1, (title, None, None, _sentences(writer, section.findings)))


def write_sections(book: Workbook, summary: RunSummary, writer: Writer) -> None:
    """Write the sheets of the sections that have anything to say; what is missing is said on the sheet."""
    for name, ids in SHEETS:
        sections = [one for one in map(summary.section, ids) if one and (one.tables or one.lacks)]
        if sections:
            _write_sheet(_Pages(book, writer), name, sections)


def write_lines(book: Workbook, summary: RunSummary, writer: Writer) -> None:
    """Write the list of problems as it was found, where no register keeps what people decide."""
    columns = tuple(Column(name, kind) for name, kind in _LINE_COLUMNS.items())
    rows = tuple(tuple(getattr(line, name) for name in _LINE_COLUMNS) for line in summary.lines)
    pages = _Pages(book, writer)
    pages.table(pages.open("problems"), 0, Table("problems", columns, rows), titled=False)


_LINE_COLUMNS = {
    "rank": Kind.COUNT,
    "id": Kind.TEXT,
    "parent": Kind.TEXT,
    "name": Kind.TEXT,
    "category": Kind.CATEGORY,
    "cause": Kind.CATEGORY,
    "level": Kind.CODE,
    "rows": Kind.COUNT,
    "customers": Kind.COUNT,
    "texts": Kind.COUNT,
    "share": Kind.SHARE,
    "recent": Kind.COUNT,
    "before": Kind.COUNT,
    "change": Kind.RATIO,
    "first": Kind.DAY,
    "last": Kind.DAY,
    "front_department": Kind.TEXT,
    "back_department": Kind.TEXT,
}


def _write_sheet(pages: "_Pages", name: str, sections: Sequence[Section]) -> None:
    worksheet = pages.open(name)
    row = 0
    for section in sections:
        row = pages.heading(worksheet, row, pages.writer.words(f"section.{section.id}.title"))
        if section.findings:
            row = pages.plain(worksheet, row, (_sentences(pages.writer, section.findings),))
        for table in section.tables:
            row = pages.table(worksheet, row + 1, table)
        for lack in section.lacks:
            row = pages.plain(worksheet, row, (pages.writer.lack(lack),), quiet=True)
        row += 1


@dataclass(slots=True)
class _Pages:
    """Writes headings, rows, tables and their charts onto worksheets of a workbook."""

    book: Workbook
    writer: Writer
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _widths: dict[tuple[str, int], float] = field(default_factory=dict)

    def open(self, name: str, widths: Sequence[float] = ()) -> Any:
        worksheet = self.book.book.add_worksheet(NAMES[name][self.writer.lang])
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.fit_to_pages(1, 0)
        for place, width in enumerate(widths):
            worksheet.set_column(place, place, width)
        return worksheet

    def heading(self, worksheet: Any, row: int, words: str) -> int:
        write_cell(worksheet, row, 0, words, self._look(bold=True, font_size=13, font_color=_INK))
        return row + 1

    def plain(self, worksheet: Any, row: int, cells: Sequence[Any], quiet: bool = False) -> int:
        ink = {"font_color": _QUIET} if quiet else {}
        for place, cell in enumerate(cells):
            # a sentence in the last of several columns has that column to itself
            look = self._look(valign="top", text_wrap=True, **ink) if place > 2 else self._look(valign="top", **ink)
            write_cell(worksheet, row, place, cell, look)
        return row + 1

    def figures(self, worksheet: Any, row: int, cells: tuple[str, Any, Any], kind: Kind) -> int:
        """A headline figure and what it was before."""
        write_cell(worksheet, row, 0, cells[0], self._look(valign="top"))
        for place, value in enumerate(cells[1:], start=1):
            write_cell(worksheet, row, place, _point(value), self._number(kind))
        return row + 1

    def table(self, worksheet: Any, row: int, table: Table, titled: bool = True) -> int:
        """Write a table with its chart beside it and return the first free row."""
        if titled:
            write_cell(worksheet, row, 0, self.writer.words(f"table.{table.id}"), self._look(bold=True))
            row += 1
        spread = tuple(_spread(table, self.writer))
        for place, (heading, kind, _) in enumerate(spread):
            write_cell(worksheet, row, place, heading, self._look(bold=True, bottom=1, text_wrap=True, valign="top"))
            self._widen(worksheet, place, _WIDTHS.get(kind, 12))
        for number, cells in enumerate(table.rows, start=row + 1):
            for place, (_, kind, read) in enumerate(spread):
                write_cell(worksheet, number, place, self._cell(kind, read(cells)), self._number(kind))
        last = row + len(table.rows)
        if titled:
            self._draw(worksheet, table, spread, (row, last))
        elif table.rows:
            worksheet.freeze_panes(row + 1, 0)
            worksheet.autofilter(row, 0, last, len(spread) - 1)
        if table.left_out:
            told = self.writer.words.filled("page.left_out", {"count": f"{table.left_out:,}"})
            last = self.plain(worksheet, last + 1, (told,), quiet=True) - 1
        return max(last + 2, row + _CHART_HEIGHT + 2 if titled and _is_charted(table) else 0)

    def _widen(self, worksheet: Any, place: int, width: float) -> None:
        """Tables below each other share their columns: the widest need counts."""
        known = self._widths.get((worksheet.name, place), 0.0)
        if width > known:
            self._widths[worksheet.name, place] = width
            worksheet.set_column(place, place, width)

    def _draw(self, worksheet: Any, table: Table, spread: "Sequence[_Spread]", rows: tuple[int, int]) -> None:
        """Data bars for counts, a colour scale for a heat map, a chart for what can be charted."""
        head, last = rows
        if not table.rows:
            return
        for place, (_, kind, _) in enumerate(spread):
            if table.id in _SHADED and kind in _FIGURES:
                scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#E07B39"}
                worksheet.conditional_format(head + 1, place, last, place, scale)
            elif kind is Kind.COUNT and table.id not in _LINES:
                bar = {"type": "data_bar", "bar_color": _BAR, "bar_solid": True, "min_type": "num", "min_value": 0}
                worksheet.conditional_format(head + 1, place, last, place, bar)
        if _is_charted(table):
            chart = self._chart(worksheet, table, spread, (head, min(last, head + _CHARTED_ROWS)))
            worksheet.insert_chart(head, len(spread) + 1, chart)

    def _chart(self, worksheet: Any, table: Table, spread: "Sequence[_Spread]", rows: tuple[int, int]) -> Any:
        head, last = rows
        lined = table.id in _LINES
        chart = self.book.book.add_chart({"type": "line" if lined else "bar"})
        label = next(place for place, (_, kind, _) in enumerate(spread) if kind not in _FIGURES)
        figures = [place for place, (_, kind, _) in enumerate(spread) if kind in (Kind.COUNT, Kind.SHARE)]
        same = [place for place in figures if spread[place][1] is spread[figures[0]][1]]
        last = rows[1] if not lined else head + len(table.rows)
        for place in same if lined else same[:1]:
            chart.add_series(
                {
                    "name": [worksheet.name, head, place],
                    "categories": [worksheet.name, head + 1, label, last, label],
                    "values": [worksheet.name, head + 1, place, last, place],
                    **({} if lined else {"fill": {"color": _INK}, "gap": 60}),
                }
            )
        chart.set_title({"name": self.writer.words(f"table.{table.id}"), "name_font": {"size": 11}})
        chart.set_legend({"position": "bottom"} if lined and len(same) > 1 else {"none": True})
        chart.set_y_axis({"reverse": True} if not lined else {"major_gridlines": {"visible": True}})
        chart.set_size({"width": _CHART_WIDTH, "height": 20 * _CHART_HEIGHT})
        return chart

    def _cell(self, kind: Kind, value: Any) -> Any:
        if kind in _FIGURES or isinstance(value, date) or value is None:
            return value
        return self.writer.cell(kind, value)

    def _number(self, kind: Kind) -> Any:
        return self._look(valign="top", num_format=_FORMATS[kind]) if kind in _FORMATS else self._look(valign="top")

    def _look(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self.book.book.add_format(look)
        return self._made[key]


def _sentences(writer: Writer, findings: Sequence[Finding]) -> str:
    end = "。" if writer.lang == "zh" else ". "
    return "".join(f"{writer.sentence(one)}{end}" for one in findings).strip()


_Spread = tuple[str, Kind, Any]


def _spread(table: Table, writer: Writer) -> Iterator[_Spread]:
    """The columns as Excel needs them, each with the function that reads it: an interval takes three."""
    low, high = _LIMITS[writer.lang]
    for place, column in enumerate(table.columns):
        if column.kind is Kind.SERIES:
            # a row of figures has no place in a cell; the trend sheet has them
            continue
        heading, kind = writer.heading(column), Kind.NUMBER if column.id in _RANKS else column.kind
        yield heading, kind, lambda cells, place=place: _point(cells[place])
        if any(isinstance(row[place], Interval) for row in table.rows):
            yield f"{heading} {low}", column.kind, lambda cells, place=place: _limit(cells[place], "low")
            yield f"{heading} {high}", column.kind, lambda cells, place=place: _limit(cells[place], "high")


def _point(value: Any) -> Any:
    return value.value if isinstance(value, Interval) else value


def _limit(value: Any, side: str) -> Any:
    return getattr(value, side) if isinstance(value, Interval) else None


def _is_charted(table: Table) -> bool:
    """Whether a picture helps: more than one row, a label in front, a count or a share behind."""
    kinds = [column.kind for column in table.columns if column.id not in _RANKS and column.kind is not Kind.SERIES]
    amounts = any(kind in (Kind.COUNT, Kind.SHARE) for kind in kinds)
    return len(table.rows) > 1 and table.id not in _SHADED and kinds[0] not in _FIGURES and amounts
