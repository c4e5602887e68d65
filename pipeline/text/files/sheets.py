"""Excel workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods) as tables, read with python-calamine."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.errors import InputError
from pipeline.text.files.cells import cell_text
from pipeline.text.files.damage import unreadable_sheet, unreadable_workbook
from pipeline.text.files.grids import Grid, grid_table
from pipeline.text.files.packing import Blob
from pipeline.text.files.tables import Merge, ReadOptions, Table


def open_workbook(blob: Blob, options: ReadOptions, keep: bool = True) -> list[Table]:
    """Return a table per sheet that has cells; hidden sheets only when named with ``options.sheet``.

    ``keep`` holds the parsed sheets until they are read; otherwise they are parsed a second time to save memory.
    """
    workbook = _workbook(blob)
    names, hidden = _sheet_names(workbook, blob.name, options.sheet)
    tables = []
    for name in names:
        sheet = _sheet(workbook, name, blob.name)
        if sheet.height:
            grid = Grid(name, _Cells(blob, name, sheet if keep else None), _merges(sheet), sheet.total_height)
            tables.append(grid_table(grid, blob.name, "excel", size=blob.size))
    if not tables:
        raise InputError(f"{blob.name} has no cells in its sheets ({', '.join(names) or 'none'})")
    if hidden:
        tables[0] = _with_note(tables[0], f"hidden sheets were left out: {', '.join(hidden)}; read one with --sheet")
    return tables


class _Cells:
    """The rows of one sheet as text, from its parsed form or by parsing it again."""

    def __init__(self, blob: Blob, name: str, sheet: Any) -> None:
        self._blob, self._name, self._sheet = blob, name, sheet

    def __call__(self) -> Iterator[list[str]]:
        sheet = self._sheet or _sheet(_workbook(self._blob), self._name, self._blob.name)
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for row in sheet.iter_rows():
            yield left + [_text(value) for value in row]


def _text(value: Any) -> str:
    if type(value) is not str:
        return cell_text(value)
    # calamine has turned _x000d_ into a carriage return already; on its own it is debris
    return value.replace("\r", "") if "\r" in value else value


def _workbook(blob: Blob) -> Any:
    import python_calamine as calamine

    try:
        if not blob.packing:
            return calamine.CalamineWorkbook.from_path(str(blob.path))
        with blob.open() as stream:
            return calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
    except calamine.PasswordError:
        raise InputError(f"{blob.name} is protected with a password; save a copy without it") from None
    except (calamine.CalamineError, OSError) as error:
        raise unreadable_workbook(blob.name, error) from error


def _sheet(workbook: Any, name: str, file: str) -> Any:
    import python_calamine as calamine

    try:
        return workbook.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError) as error:
        raise unreadable_sheet(name, file, error) from error


def _sheet_names(workbook: Any, file: str, wanted: str | None) -> tuple[list[str], list[str]]:
    """Return the sheets to read and the hidden ones that are left out."""
    import python_calamine as calamine

    if wanted is not None:
        if wanted not in workbook.sheet_names:
            raise InputError(f"{file} has no sheet {wanted!r}; its sheets are: {', '.join(workbook.sheet_names)}")
        return [wanted], []
    sheets = [item for item in workbook.sheets_metadata if item.typ == calamine.SheetTypeEnum.WorkSheet]
    hidden = [item.name for item in sheets if item.visible != calamine.SheetVisibleEnum.Visible]
    return [item.name for item in sheets if item.name not in hidden], hidden


def _merges(sheet: Any) -> tuple[Merge, ...]:
    return tuple(Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ())


def _with_note(table: Table, note: str) -> Table:
    return replace(table, notes=(*table.notes, note))
