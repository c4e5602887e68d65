"""What every format is turned into: a table whose rows are lists of text with a place in the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.records import Role

TOP_ROWS = 60


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about a dump; ``None`` means: find out.

    ``columns`` are overrides (role to headers), ``sheet`` names one sheet (else every sheet with a usable table is
    read), ``chunk_rows`` is the number of rows per chunk, ``needs_text`` whether a table without a text is an error.
    """

    columns: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    chunk_rows: int = 2000
    needs_text: bool = True


class RawRow(NamedTuple):
    """Cells as they stand; ``number`` is the line or row where they begin (1 = first); ``damage`` says why unusable."""

    number: int
    cells: list[str]
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of merged cells; all four borders count from 0 and belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Start:
    """Where rows begin: ``number`` of the first header row, the header's ``depth`` in rows, and its cells.

    ``width`` is the number of cells of the header row, ``least`` that up to its last header with a name; 0 = unknown.
    """

    number: int = 1
    depth: int = 0
    width: int = 0
    least: int = 0

    def fits(self, cells: list[str]) -> bool:
        """Tell whether a row has the header's cells; empty cells beyond them are forgiven."""
        count = len(cells)
        if not self.width or self.least <= count <= self.width:
            return True
        return count > self.width and not any(cells[self.width :])


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one file, before its header is known.

    ``top`` are the first rows, enough to find header and content; ``fixed`` are headers the format itself names (JSON,
    Parquet); ``rows`` gives the rows after a header, again and again.
    """

    file: str
    format: str
    top: list[RawRow]
    rows: Callable[[Start], Iterator[RawRow]]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    fixed: tuple[str, ...] | None = None
    merges: tuple[Merge, ...] = ()
    rows_guess: int = 0
    size: int = 0
    notes: tuple[str, ...] = ()
