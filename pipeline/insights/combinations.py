"""Counts of values and their combinations, over all complaints and per problem, by sorting codes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases
from pipeline.insights.tallying import codes_of

Ints = NDArray[np.int64]
# up to so many possible combinations are counted, more are sorted
_COUNTABLE = 1 << 23


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns as codes: ``codes[column][row]`` (-1: empty), ``values[column][code]`` as text."""

    names: tuple[str, ...]
    codes: tuple[Ints, ...]
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of the combinations of some columns.

    ``cells`` numbers the combinations that occur at least so often, ascending; ``totals`` are their complaints,
    ``whole`` the complaints where none of the columns is empty. ``row_cells`` is the place of each complaint's cell
    (-1: rare or empty).
    """

    columns: tuple[int, ...]
    widths: tuple[int, ...]
    cells: Ints
    totals: Ints
    whole: int
    row_cells: Ints
    known: NDArray[np.bool_]

    def codes(self) -> Ints:
        """The codes of every cell, one row per column of the table."""
        rest, found = self.cells.copy(), []
        for width in reversed(self.widths):
            rest, code = np.divmod(rest, width)
            found.append(code - 1)
        return np.array(found[::-1])

    def place_of(self, codes: Ints) -> Ints:
        """Place of the cell with these codes (one row per column of the table); they must be cells of the table."""
        key = np.zeros(codes.shape[1], np.int64)
        for width, column in zip(self.widths, codes, strict=True):
            key = key * width + column + 1
        return np.searchsorted(self.cells, key)


@dataclass(frozen=True, slots=True)
class Found:
    """Problems with combinations, ascending: places of both, complaints of both (``shared``) and of the problem."""

    problem: Ints
    cell: Ints
    shared: Ints
    of: Ints

    def place_of(self, problem: Ints, cell: Ints, cells: int) -> Ints:
        """Place of problems with cells, which must be among the found; ``cells`` of the table in all."""
        return np.searchsorted(self.problem * cells + self.cell, problem * cells + cell)


def columns_of(cases: Cases, names: tuple[str, ...]) -> Columns:
    """Read the columns that the dump has; numbers (tiers) become their text."""
    used = tuple(name for name in names if name in cases.given)
    codes, values = [], []
    for name in used:
        column = cases.frame[name]
        if not isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype("string").fillna("").astype("category")
        codes.append(codes_of(column))
        values.append(tuple(str(one) for one in column.cat.categories))
    return Columns(used, tuple(codes), tuple(values))


def tables(columns: Columns, size: int, least: int) -> Iterator[Table]:
    """Yield the table of every combination of up to ``size`` columns: single ones first, pairs next."""
    for width in range(1, min(size, len(columns.names)) + 1):
        for chosen in combinations(range(len(columns.names)), width):
            yield _table(columns, chosen, least)


def _table(columns: Columns, chosen: tuple[int, ...], least: int) -> Table:
    key, known = _keys(columns, chosen)
    widths = tuple(len(columns.values[column]) + 1 for column in chosen)
    cells, totals, places = _frequent(key[known], math.prod(widths), least)
    row_cells = np.full(len(key), -1)
    row_cells[known] = places
    return Table(chosen, widths, cells, totals, int(known.sum()), row_cells, known)


def _frequent(keys: Ints, size: int, least: int) -> tuple[Ints, Ints, Ints]:
    """Keys that occur at least so often, how often, and the place of each row's key among them (-1: rare)."""
    if size <= _COUNTABLE:
        counts = np.bincount(keys, minlength=size)
        cells = np.flatnonzero(counts >= least)
        places = np.full(size, -1)
        places[cells] = np.arange(len(cells))
        return cells, counts[cells], places[keys]
    cells, inverse, totals = np.unique(keys, return_inverse=True, return_counts=True)
    frequent = totals >= least
    places = np.where(frequent, np.cumsum(frequent) - 1, -1)
    return cells[frequent], totals[frequent], places[inverse]


def _keys(columns: Columns, chosen: tuple[int, ...]) -> tuple[Ints, NDArray[np.bool_]]:
    key, known = np.zeros(len(columns.codes[0]), np.int64), np.ones(len(columns.codes[0]), bool)
    for column in chosen:
        key = key * (len(columns.values[column]) + 1) + columns.codes[column] + 1
        known &= columns.codes[column] >= 0
    return key, known


def meet(table: Table, pairs: tuple[Ints, Ints], problems: int, least: int) -> Found:
    """Count problems with combinations where they share at least ``least``; ``pairs`` are (rows, problems)."""
    rows, places = pairs
    of = np.bincount(places[table.known[rows]], minlength=problems)
    cells = table.row_cells[rows]
    keep = cells >= 0
    width = max(len(table.cells), 1)
    both, shared = np.unique(places[keep] * width + cells[keep], return_counts=True)
    both, shared = both[shared >= least], shared[shared >= least]
    return Found(both // width, both % width, shared, of[both // width])


def values_of(columns: Columns, table: Table, cell: int) -> tuple[tuple[str, str], ...]:
    """Return (column, value) of a combination, in the order of the columns."""
    codes = table.codes()[:, cell]
    return tuple(
        (columns.names[column], columns.values[column][int(code)])
        for column, code in zip(table.columns, codes, strict=True)
    )
