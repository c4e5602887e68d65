"""Tables row by row: CSV for people (utf-8-sig), Excel, JSON Lines, Parquet; one writer each, all of one shape."""

import csv
import json
import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.errors import GenyinError, UsageError, missing_extra
from pipeline.native import compiled

Row = Sequence[Any]

# what Excel would run as a formula; a plain signed number is none
_FORMULA = re.compile(r"(?![+-]?[\d.,\s%-]*$)[=+\-@\t\r]")
_EXCEL_ROWS = 1_048_576
_EXCEL_CELL = 32_767


def guarded(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    >>> [guarded(c) for c in ("=1+1", "-12.5", "+8613800000000", "@cmd", "正常")]
    ["'=1+1", '-12.5', '+8613800000000', "'@cmd", '正常']
    """
    return "'" + cell if isinstance(cell, str) and cell and _FORMULA.match(cell) else cell


class TableWriter(AbstractContextManager["TableWriter"]):
    """Writes rows under one header; a context manager, so that every file is closed whatever happens."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self.path = path
        self.headers = list(headers)

    @abstractmethod
    def write(self, rows: Iterable[Row]) -> None:
        """Append rows; every row has one cell per header."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class CsvWriter(TableWriter):
    """CSV in utf-8-sig with CRLF, as Excel wants it; cells that look like formulas are guarded."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        super().__init__(path, headers)
        # the mark by hand: Python's utf-8-sig encoder is a slow one
        self._file = path.open("w", encoding="utf-8", newline="", errors="backslashreplace")
        self._file.write("\ufeff")
        self._csv = csv.writer(self._file)
        self._csv.writerow(map(guarded, self.headers))

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        native = compiled("cells")
        if native is not None:
            stream = iter(rows)
            while lines := native.csv_lines(stream, guarded):
                self._file.write(lines)
            return
        match = _FORMULA.match
        self._csv.writerows(
            ["'" + c if c.__class__ is str and c and c[0] in "=+-@\t\r" and match(c) else c for c in row]
            for row in rows
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class XlsxWriter(TableWriter):
    """An Excel sheet in constant memory; all text is text, never a formula or a link."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        import xlsxwriter

        super().__init__(path, headers)
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._book.add_worksheet("classified")
        self._sheet.freeze_panes(1, 0)
        self._place = 0
        self.write([self.headers])

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows; a cell longer than Excel takes is cut and ends in an ellipsis."""
        for row in rows:
            if self._place >= _EXCEL_ROWS:
                raise GenyinError(
                    f"An Excel sheet holds {_EXCEL_ROWS:,} rows and there are more. Use --format csv or parquet."
                )
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    text = cell if len(cell) <= _EXCEL_CELL else cell[: _EXCEL_CELL - 1] + "…"
                    self._sheet.write_string(self._place, column, text)
                elif cell is not None:
                    self._sheet.write_number(self._place, column, cell)
            self._place += 1

    def close(self) -> None:
        """Write the workbook out."""
        self._book.close()


class JsonlWriter(TableWriter):
    """JSON Lines, one object a row, in UTF-8."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        super().__init__(path, headers)
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        for row in rows:
            self._file.write(json_line(dict(zip(self.headers, row, strict=True))))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetWriter(TableWriter):
    """Parquet by row groups; texts as strings, numbers as numbers."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise missing_extra("pyarrow", "parquet", "Parquet files") from None
        super().__init__(path, headers)
        self._arrow = pyarrow
        self._file: Any = None

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows as one row group."""
        columns = list(zip(*rows, strict=True)) or [()] * len(self.headers)
        arrays = [
            self._arrow.array(column, self._kind(name, column))
            for name, column in zip(self.headers, columns, strict=True)
        ]
        table = self._arrow.Table.from_arrays(arrays, names=self.headers)
        if self._file is None:
            self._file = self._arrow.parquet.ParquetWriter(self.path, table.schema)
        self._file.write_table(table.cast(self._file.schema))

    def close(self) -> None:
        """Finish the file; an empty table still has its columns."""
        if self._file is None:
            self.write([])
        self._file.close()

    def _kind(self, name: str, column: Sequence[Any]) -> Any:
        kinds = {"confidence": self._arrow.float64(), "cause_confidence": self._arrow.float64()}
        return kinds.get(name, self._arrow.int64() if name == "needs_review" else self._arrow.string())


WRITERS: dict[str, Callable[[Path, Sequence[str]], TableWriter]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "jsonl": JsonlWriter,
    "parquet": ParquetWriter,
}


def open_table(path: Path, headers: Sequence[str], kind: str) -> TableWriter:
    """Open a writer for ``kind`` (csv, xlsx, jsonl, parquet); ``UsageError`` for another one."""
    if kind not in WRITERS:
        raise UsageError(f"Unknown format {kind!r}; there are {', '.join(WRITERS)}.")
    return WRITERS[kind](path, headers)


def json_line(value: Any) -> str:
    """One line of JSON Lines; a lone surrogate, which UTF-8 cannot hold, is written as an escape."""
    text = json.dumps(value, ensure_ascii=False)
    return (text if _encodable(text) else json.dumps(value)) + "\n"


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
