"""Workbooks that people fill in and hand back: XlsxWriter with the habits every sheet of ours shares.

Text is always text, never a formula or a link. The header is frozen and filtered. Cells to fill in are tinted and carry
their drop-down; what is computed is protected; the hidden columns hold what finds a row again (``text.filled_in`` reads
it back). Everything stays within Excel's limits: what is too long is cut with an ellipsis, and too many rows raise.
"""

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pipeline.errors import GenyinError
from pipeline.output.cell_formats import Formats

# "sheet": Excel's own protection without a password; nothing can be sorted then. "typing": cells refuse what is typed,
# rows can be sorted, inserted and deleted. "none": all is open
Protection = Literal["sheet", "typing", "none"]

EXCEL_ROWS = 1_048_576
EXCEL_CELL = 32_767
_EXACT = 10**15
_SHEET_NAME = 31
_HINT = 255
# the hidden sheet of the drop-downs: a column per list, in the order of the columns that use them
LISTS = "_lists"
# the same bytes for the same content: no clock unless the caller gives one
LONG_AGO = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``header``, ``width`` in characters, and what may be done with its cells.

    ``to_fill``: people write there; ``hidden``: for the way back only. ``choices`` give a drop-down; with ``strict``
    nothing else may be typed, otherwise Excel takes other entries as well (several labels, a new name). ``hint`` is
    shown beside a selected cell (255 characters at most). ``number_format`` as Excel writes it, e.g. ``0.0%``.
    """

    header: str
    width: float = 12
    to_fill: bool = False
    hidden: bool = False
    choices: tuple[str, ...] = ()
    strict: bool = False
    hint: str = ""
    wrap: bool = False
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its ``name`` and ``columns``. ``spare_rows``: empty rows below the last with drop-downs of their own.

    ``refusal``: what Excel says when somebody types into a protected cell (with protection by ``typing``).
    """

    name: str
    columns: tuple[Column, ...]
    protection: Protection = "sheet"
    spare_rows: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A written sheet: XlsxWriter's ``worksheet`` for charts and data bars, and its ``rows`` below the header."""

    worksheet: Any
    rows: int

    @property
    def last_row(self) -> int:
        """The last row of data as XlsxWriter counts (0 = header)."""
        return self.rows


@dataclass(slots=True)
class Workbook(AbstractContextManager["Workbook"]):
    """A workbook being written; use it in a ``with`` block. ``book`` is XlsxWriter's own, for charts.

    ``created`` is the only time in the file. ``low_memory`` keeps one row at a time (for 100,000 rows and more; charts
    then hold no copy of their figures, and read them when the file is opened).
    """

    path: Path
    created: datetime = LONG_AGO
    low_memory: bool = False
    book: Any = field(init=False)
    _formats: Formats = field(init=False)
    _lists: Any = field(init=False, default=None)
    _ranges: dict[tuple[str, ...], str] = field(init=False, default_factory=dict)
    _names: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": self.low_memory}
        self.book = xlsxwriter.Workbook(str(self.path), options)
        self.book.set_properties({"created": self.created})
        self._formats = Formats(self.book)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write_lists()
            self.book.close()
        else:
            # XlsxWriter has nothing to give up with; what it holds goes with it
            self.book.fileclosed = True

    def sheet(self, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> Placed:
        """Write a sheet, one cell per column in every row; ``GenyinError`` when Excel cannot hold the rows."""
        worksheet = self.book.add_worksheet(self._free_name(sheet.name))
        formats = [self._formats.of(column, sheet.protection == "sheet") for column in sheet.columns]
        self._write_header(worksheet, sheet)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count >= EXCEL_ROWS:
                raise GenyinError(
                    f"An Excel sheet holds {EXCEL_ROWS:,} rows and there are more. Use --format csv or parquet."
                )
            for place, (cell, style) in enumerate(zip(row, formats, strict=True)):
                write_cell(worksheet, count, place, cell, style)
        last = min(count + sheet.spare_rows, EXCEL_ROWS - 1)
        for spare in range(count + 1, last + 1):
            for place, style in enumerate(formats):
                worksheet.write_blank(spare, place, None, style)
        self._guard(worksheet, sheet, last)
        if count:
            worksheet.autofilter(0, 0, count, len(sheet.columns) - 1)
        return Placed(worksheet, count)

    def lines(self, name: str, lines: Iterable[str], width: float = 100) -> Placed:
        """Write a sheet of plain lines, such as an explanation; a line that ends in a colon is a heading."""
        worksheet = self.book.add_worksheet(self._free_name(name))
        worksheet.set_column(0, 0, width)
        worksheet.hide_gridlines(2)
        count = 0
        for count, line in enumerate(lines, start=1):
            style = self._formats.heading if line.endswith((":", "：")) else self._formats.prose
            write_cell(worksheet, count - 1, 0, line, style)
        return Placed(worksheet, count)

    def _write_header(self, worksheet: Any, sheet: Sheet) -> None:
        for place, column in enumerate(sheet.columns):
            worksheet.set_column(place, place, column.width, None, {"hidden": 1} if column.hidden else {})
            write_cell(worksheet, 0, place, column.header, self._formats.header(column.to_fill))
        worksheet.freeze_panes(1, 0)

    def _guard(self, worksheet: Any, sheet: Sheet, last: int) -> None:
        """Drop-downs for what is filled in, protection for the rest."""
        for place, column in enumerate(sheet.columns):
            rule = self._rule(column, sheet)
            if rule and last:
                worksheet.data_validation(1, place, last, place, rule)
        if sheet.protection == "sheet":
            allowed = ("autofilter", "sort", "format_cells", "format_columns", "format_rows")
            worksheet.protect("", dict.fromkeys(allowed, True))

    def _rule(self, column: Column, sheet: Sheet) -> dict[str, Any]:
        if column.to_fill and column.choices:
            shown = {"input_message": cut(column.hint, _HINT)} if column.hint else {}
            strictness = {"error_type": "stop"} if column.strict else {"show_error": False}
            return {"validate": "list", "source": self._range(column.choices), **shown, **strictness}
        if column.to_fill and column.hint:
            return {"validate": "any", "input_message": cut(column.hint, _HINT)}
        if not column.to_fill and sheet.protection == "typing":
            said = {"error_message": cut(sheet.refusal, _HINT)} if sheet.refusal else {}
            return {"validate": "custom", "value": "=FALSE", "error_type": "stop", **said}
        return {}

    def _range(self, choices: tuple[str, ...]) -> str:
        """Where a list of choices stands: on a hidden sheet, because a list in a cell's rule ends at 255 characters."""
        if choices not in self._ranges:
            column = _letters(len(self._ranges))
            self._ranges[choices] = f"={LISTS}!${column}$1:${column}${len(choices)}"
        return self._ranges[choices]

    def _write_lists(self) -> None:
        if not self._ranges:
            return
        worksheet = self.book.add_worksheet(LISTS)
        for place, choices in enumerate(self._ranges):
            for row, choice in enumerate(choices):
                write_cell(worksheet, row, place, choice, None)
        worksheet.hide()

    def _free_name(self, wanted: str) -> str:
        r"""A sheet name as Excel allows it: 31 characters, none of ``[]:*?/\``, each name once whatever its case."""
        plain = "".join("_" if char in "[]:*?/\\" else char for char in wanted).strip("'") or "Sheet"
        name, number = plain[:_SHEET_NAME], 1
        while name.casefold() in self._names or name == LISTS:
            number += 1
            name = f"{plain[: _SHEET_NAME - len(str(number)) - 1]} {number}"
        self._names.add(name.casefold())
        return name


def write_cell(worksheet: Any, row: int, column: int, cell: Any, style: Any = None) -> None:
    """Write one cell by its Python type; text stays text, and numbers Excel cannot hold exactly become text."""
    match cell:
        case None | "":
            worksheet.write_blank(row, column, None, style)
        case bool():
            worksheet.write_boolean(row, column, cell, style)
        case int() | float() if math.isfinite(cell) and (isinstance(cell, float) or abs(cell) < _EXACT):
            worksheet.write_number(row, column, cell, style)
        case float():
            worksheet.write_blank(row, column, None, style)
        case datetime() | date():
            worksheet.write_datetime(row, column, _naive(cell), style)
        case object(item=item) if callable(item):
            # a number of numpy's
            write_cell(worksheet, row, column, item(), style)
        case _:
            worksheet.write_string(row, column, cut(str(cell), EXCEL_CELL), style)


def cut(text: str, limit: int) -> str:
    """Cut to so many UTF-16 units, which is how Excel counts; a broken half of a character is spelt out.

    >>> cut("宽带断了", 3), cut("宽带", 3)
    ('宽带…', '宽带')
    """
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(whole) * 2 <= limit or len(whole.encode("utf-16-le")) <= 2 * limit:
        return whole
    return whole.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"


def is_cut(text: str) -> bool:
    """Whether this is what was left of a text too long for a cell.

    >>> is_cut(cut("长" * 40_000, EXCEL_CELL)), is_cut("没完…")
    (True, False)
    """
    return text.endswith("…") and len(text.encode("utf-16-le")) >= 2 * (EXCEL_CELL - 1)


def _naive(moment: date) -> date:
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _letters(place: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(place)
