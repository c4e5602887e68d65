"""HTML tables and Excel-2003 XML, which many systems hand out under the suffix ``.xls``, as tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.errors import InputError
from pipeline.text.files.grids import Grid, grid_table
from pipeline.text.files.tables import Merge, Table

_SKIPPED = ("style", "script", "title", "documentproperties", "styles")
_TABLES, _ROWS, _CELLS, _BREAKS = ("table",), ("tr", "row"), ("td", "th", "cell"), ("br", "p", "div")


@dataclass(slots=True)
class _Sheet:
    name: str
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def open_markup(name: str, text: str, encoding: str, wanted: str | None = None) -> list[Table]:
    """Return the tables of a page; nested tables are an ``InputError``."""
    parser = _Tables(name)
    parser.feed(text)
    parser.close()
    sheets = [sheet for sheet in parser.sheets if any(any(row) for row in sheet.rows)]
    if wanted is not None:
        sheets = [sheet for sheet in sheets if sheet.name == wanted]
    if not sheets:
        raise InputError(f"{name} is an HTML or XML page without a table; open it in Excel and save it as .xlsx")
    alone = len(sheets) == 1 and wanted is None
    return [
        grid_table(
            Grid("" if alone else sheet.name, _cells(sheet), tuple(sheet.merges), len(sheet.rows)),
            name,
            "html",
            encoding=encoding,
            size=len(text),
        )
        for sheet in sheets
    ]


def _cells(sheet: _Sheet) -> Callable[[], Iterator[list[str]]]:
    return lambda: (list(row) for row in sheet.rows)


class _Tables(HTMLParser):
    """Collects rows; end tags may be missing, as browsers allow."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[_Sheet] = []
        self._file, self._name = file, ""
        self._depth = self._skipping = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._covered: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key.removeprefix("ss:"): value or "" for key, value in attrs}
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "worksheet":
            self._name = given.get("name", "")
        elif tag in _TABLES:
            self._open_table()
        elif tag in _ROWS and self.sheets:
            self._close_cell()
            self._open_row(given)
        elif tag in _CELLS and self.sheets and self.sheets[-1].rows:
            self._close_cell()
            self._open_cell(given)
        elif tag in _BREAKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in _CELLS or tag in _ROWS:
            self._close_cell()
        elif tag in _TABLES:
            self._close_cell()
            self._depth = max(0, self._depth - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _BREAKS:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skipping:
            self._cell.append(data)

    def _open_table(self) -> None:
        if self._depth:
            raise InputError(f"{self._file} is a page with tables inside tables; open it in Excel and save it as .xlsx")
        self._depth = 1
        self._covered = set()
        self.sheets.append(_Sheet(self._name or f"table {len(self.sheets) + 1}"))

    def _open_row(self, given: dict[str, str]) -> None:
        rows = self.sheets[-1].rows
        # Excel XML leaves empty rows out and gives the next one its number
        while len(rows) < _count(given.get("index"), 1) - 1:
            rows.append([])
        rows.append([])

    def _open_cell(self, given: dict[str, str]) -> None:
        row = self.sheets[-1].rows[-1]
        while (
            len(row) < _count(given.get("index"), 1) - 1 or (len(self.sheets[-1].rows) - 1, len(row)) in self._covered
        ):
            row.append("")
        across = max(_count(given.get("colspan"), 1), _count(given.get("mergeacross"), 0) + 1)
        down = max(_count(given.get("rowspan"), 1), _count(given.get("mergedown"), 0) + 1)
        self._cell, self._span = [], (down, across)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        sheet = self.sheets[-1]
        row, top, left = sheet.rows[-1], len(sheet.rows) - 1, len(sheet.rows[-1])
        down, across = self._span
        row.extend(["".join(self._cell).replace("\xa0", " ").strip(), *[""] * (across - 1)])
        if down > 1 or across > 1:
            sheet.merges.append(Merge(top, left, top + down - 1, left + across - 1))
            self._covered.update((top + step, place) for step in range(1, down) for place in range(left, left + across))
        self._cell = None


def _count(value: str | None, otherwise: int) -> int:
    # a hostile page may claim a span of millions
    return min(int(value), 10_000) if value and value.isdecimal() else otherwise
