"""Reading a workbook that people filled in: columns by their headers, every cell with its address for messages.

Between the two trips people sort, filter, insert and delete rows, add columns, move them, rename sheet and file, and
save with Excel, WPS or LibreOffice. So nothing here relies on a position: the sheet is the one with the wanted headers,
a column is where its header stands, and which row is which follows from the hidden id that a row carries.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.text.files.cells import cell_text, tidy
from pipeline.text.files.damage import unreadable_sheet, unreadable_workbook
from pipeline.text.files.excel_errors import EXCEL_ERRORS, error_cells, unvalued_formulas

_HEADER_WITHIN = 50
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A column to find: our ``name`` for it and the ``headers`` it may have; ``needed`` ones must be there."""

    name: str
    headers: tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell and where it stands: ``file``, ``sheet``, ``column`` letters, ``row`` (1 = first).

    ``is_error``: it holds one of Excel's errors, such as ``#N/A``. ``formula``: what it holds instead of a value, where
    the program that saved the file did not compute it; ``text`` is empty then.
    """

    text: str
    file: str
    sheet: str
    column: str
    row: int
    formula: str = ""

    @property
    def address(self) -> str:
        """Where the cell is, as in Excel.

        >>> Cell("计费", "queue.xlsx", "复核", "D", 12).address
        'queue.xlsx, 复核!D12'
        """
        return f"{self.file}, {self.sheet}!{self.column}{self.row}"

    @property
    def is_error(self) -> bool:
        """Whether it holds one of Excel's errors, such as ``#N/A``."""
        return self.text in EXCEL_ERRORS


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row with something in it: its ``number`` in the sheet and the cells of the wanted fields by name.

    A field whose column is absent has no cell; ``text`` gives the empty text for it.
    """

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """The text of a field without white space around it."""
        return self.cells[name].text.strip() if name in self.cells else ""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet that was filled in. ``columns``: the letters of every field found; ``header_row``: 1 = first row."""

    file: str
    sheet: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[FilledRow, ...]


def read_filled_in(path: str | Path, fields: Sequence[Field]) -> FilledSheet:
    """Return the first sheet, hidden ones last, that has the needed headers, with all rows that are not empty.

    Raises ``InputError`` for a file that cannot be opened, for missing headers (naming what was seen), and for a header
    that stands there twice (naming both cells).
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path} does not exist. Check the path.")
    workbook = _opened(path)
    best: tuple[int, str, list[Field], Sequence[str]] | None = None
    for name in _sheet_names(workbook):
        grid = _grid(workbook, name, path)
        number, found = _header(grid, fields)
        missing = [field for field in fields if field.needed and not found.get(field.name)]
        if number and not missing:
            return _filled(path, name, grid, number, found)
        hits = len(found)
        if best is None or hits > best[0]:
            best = (hits, name, missing, _seen(grid, number))
    raise _no_header(path, best)


def sheet_columns(path: str | Path, sheet: str) -> list[list[str]]:
    """Return the filled cells of each column of a sheet, such as that of the drop-downs; nothing without that sheet."""
    path = Path(path)
    workbook = _opened(path)
    if sheet not in workbook.sheet_names:
        return []
    return [[cell for cell in column if cell] for column in zip(*_grid(workbook, sheet, path), strict=True)]


def column_letters(place: int) -> str:
    """A column's letters, 0 being A.

    >>> [column_letters(n) for n in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def column_place(letters: str) -> int:
    """A column's place, A being 0.

    >>> [column_place(column_letters(n)) for n in (0, 25, 26, 701, 702)]
    [0, 25, 26, 701, 702]
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def plain_header(text: str) -> str:
    """A header as it is compared: width, case, blanks and a star for "required" mean nothing.

    >>> plain_header(" Labels *"), plain_header("标签（可多选）")
    ('labels', '标签(可多选)')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char != "*")


def _opened(path: Path) -> Any:
    import python_calamine as calamine

    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise InputError(f"{path.name} is protected with a password; save a copy without it") from None
    except calamine.CalamineError:
        raise InputError(
            f"{path.name} cannot be read as an Excel workbook: it is a file of another kind, or damaged. Give the "
            ".xlsx that was handed out, as Excel, WPS or LibreOffice saves it."
        ) from None
    except OSError as error:
        raise unreadable_workbook(path.name, error) from error


def _sheet_names(workbook: Any) -> list[str]:
    import python_calamine as calamine

    sheets = [one for one in workbook.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    return [one.name for one in sorted(sheets, key=lambda one: one.visible != calamine.SheetVisibleEnum.Visible)]


def _grid(workbook: Any, name: str, path: Path) -> list[list[str]]:
    import python_calamine as calamine

    try:
        found = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError) as error:
        raise unreadable_sheet(name, path.name, error) from error
    grid = [[tidy(cell_text(value)) for value in row] for row in found]
    for cell, told in error_cells(path, name).items():
        column = cell.rstrip("0123456789")
        row, place = int(cell[len(column) :]) - 1, column_place(column)
        if row < len(grid) and place < len(grid[row]):
            grid[row][place] = told
    return grid


def _header(grid: Sequence[Sequence[str]], fields: Sequence[Field]) -> tuple[int, dict[str, list[int]]]:
    """The row (1 = first) in which most of the wanted headers stand, and their places; 0 where there is none."""
    wanted = {plain_header(header): field.name for field in fields for header in field.headers}
    number, best = 0, dict[str, list[int]]()
    for row, cells in enumerate(grid[:_HEADER_WITHIN], start=1):
        found: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            name = wanted.get(plain_header(cell)) if cell else None
            if name:
                found.setdefault(name, []).append(place)
        if len(found) > len(best):
            number, best = row, found
    return number, best


def _filled(
    path: Path, sheet: str, grid: Sequence[Sequence[str]], header: int, places: Mapping[str, list[int]]
) -> FilledSheet:
    file = path.name
    for spots in places.values():
        if len(spots) > 1:
            first, second = (f"{column_letters(spot)}{header}" for spot in spots[:2])
            raise InputError(
                f"{file}, sheet {sheet}: the header {grid[header - 1][spots[0]].strip()!r} stands in {first} and in "
                f"{second}. Rename or delete one of the columns."
            )
    columns = {name: spots[0] for name, spots in places.items()}
    formulas = unvalued_formulas(path, sheet)
    rows = tuple(
        FilledRow(
            number, {name: _cell(cells[spot], file, sheet, (spot, number), formulas) for name, spot in columns.items()}
        )
        for number, cells in enumerate(grid[header:], start=header + 1)
        if any(cells[spot].strip() for spot in columns.values())
    )
    return FilledSheet(file, sheet, header, {name: column_letters(spot) for name, spot in columns.items()}, rows)


def _cell(text: str, file: str, sheet: str, place: tuple[int, int], formulas: Mapping[str, str]) -> Cell:
    """The cell at a place (column from 0, row from 1)."""
    letters = column_letters(place[0])
    return Cell(text, file, sheet, letters, place[1], "" if text else formulas.get(f"{letters}{place[1]}", ""))


def _seen(grid: Sequence[Sequence[str]], number: int) -> Sequence[str]:
    row = grid[number - 1] if number else next((one for one in grid if any(one)), [])
    return [cell.strip() for cell in row if cell.strip()][:_SHOWN]


def _no_header(path: Path, best: tuple[int, str, list[Field], Sequence[str]] | None) -> InputError:
    if best is None:
        return InputError(f"{path.name} has no sheet with cells.")
    _, sheet, missing, seen = best
    names = ", ".join(field.headers[0] for field in missing)
    return InputError(
        f"{path.name} lacks the columns {names}. The sheet that comes nearest, {sheet}, has: {', '.join(seen)}. "
        "Hand back the workbook as it was exported; rows may be sorted and added, headers must stay."
    )
