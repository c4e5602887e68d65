"""Figures without words: cells of a kind, tables of cells, findings, and the sections made of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What the cells of a column hold, and so how they are written."""

    TEXT = "text"  # as it stands in the data
    CODE = "code"  # one of our short English codes, worded by the renderer
    CATEGORY = "category"  # a label of the taxonomy, category or cause
    PROBLEM = "problem"  # id of a problem (its name stands in ``RunSummary.lines``), or a category
    COUNT = "count"  # a whole number
    NUMBER = "number"  # a figure with a decimal or two
    SHARE = "share"  # 0 to 1, alone or with an interval
    RATIO = "ratio"  # so many times as many, alone or with an interval
    RATE = "rate"  # so many per base, alone or with an interval
    POINTS = "points"  # a difference of two shares, -1 to 1
    DAY = "day"
    SERIES = "series"  # whole numbers, oldest first


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; ``None`` where the counts say nothing, ``high`` may be infinite."""

    value: float | None
    low: float
    high: float


Cell = str | int | float | date | Interval | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id, from which the heading is worded, and what its cells hold."""

    id: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """Figures: ``rows`` below ``columns``.

    ``shown`` of them are enough for a page; ``left_out`` further rows of the whole are not here at all.
    """

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    shown: int = 40

    def place(self, column: str) -> int:
        """Return the place of a column; ``ValueError`` if it has none of that id."""
        return [one.id for one in self.columns].index(column)

    def column(self, column: str) -> tuple[Cell, ...]:
        """Return the cells of a column."""
        place = self.place(column)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Said:
    """A value in a sentence."""

    name: str
    kind: Kind
    value: Cell


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence: its code and what stands in its places."""

    code: str
    values: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """A figure that could not be made, and the columns or files that would give it."""

    figure: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the meeting with its answer; ``findings`` the most telling first."""

    id: str
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    lacks: tuple[Lack, ...] = ()

    def table(self, table: str) -> Table | None:
        """Return a table of this section, if it has it."""
        return next((one for one in self.tables if one.id == table), None)
