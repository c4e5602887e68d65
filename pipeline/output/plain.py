"""Frozen dataclasses as plain JSON values and as tables: one rule for all results, whatever they are about."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

FIGURES = ("figure", "value")  # headers of a table of single figures
_GLUE = " | "
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PlainTable:
    """Rows under headers; ``name`` says where in the result they stood (``pareto_by_rows``)."""

    name: str
    headers: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dataclasses become objects, tuples lists, times ISO 8601.

    What JSON has no number for (not a number, infinite) becomes null.

    >>> plain((date(2026, 3, 1), float("inf"), True))
    ['2026-03-01', None, True]
    """
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return _scalar(value)


def tables_of(name: str, value: Any, without: frozenset[str] = frozenset()) -> Iterator[PlainTable]:
    """Yield a dataclass as tables: its single figures as (figure, value), and every list of dataclasses as one table.

    Lists inside of rows become tables of their own, with the first cell of the row they belong to. ``without`` names
    fields that are left out everywhere.
    """
    figures = list(_figures(value, without))
    if figures:
        yield PlainTable(name, FIGURES, figures)
    yield from _lists(name, value, without)


def _figures(value: Any, without: frozenset[str], before: str = "") -> Iterator[tuple[str, Any]]:
    for one in fields(value):
        held = getattr(value, one.name)
        if one.name in without or _is_table(held):
            continue
        if is_dataclass(held):
            yield from _figures(held, without, f"{before}{one.name}.")
        else:
            yield f"{before}{one.name}", _cell(held)


def _lists(name: str, value: Any, without: frozenset[str]) -> Iterator[PlainTable]:
    for one in fields(value):
        held = getattr(value, one.name)
        if one.name in without:
            continue
        if _is_table(held):
            yield from _table(f"{name}_{one.name}", [((), row) for row in held], (), without)
        elif is_dataclass(held):
            yield from _lists(f"{name}_{one.name}", held, without)


def _table(
    name: str, rows: Sequence[tuple[tuple[Any, ...], Any]], keys: tuple[str, ...], without: frozenset[str]
) -> Iterator[PlainTable]:
    """The table of rows (each with the cells of what it belongs to), then the tables inside of the rows."""
    found = [dict(_figures(row, without)) for _, row in rows]
    headers = tuple(dict.fromkeys(header for row in found for header in row))
    cells = [(*key, *(row.get(header) for header in headers)) for (key, _), row in zip(rows, found, strict=True)]
    yield PlainTable(name, (*keys, *headers), cells)
    inner = dict.fromkeys(
        one.name
        for _, row in rows
        for one in fields(row)
        if one.name not in without and _is_table(getattr(row, one.name))
    )
    for field in inner:
        below = [
            ((*key, next(iter(cells.values()), None)), part)
            for (key, row), cells in zip(rows, found, strict=True)
            for part in getattr(row, field, ())
        ]
        first = next(iter(headers), "row")
        yield from _table(f"{name}_{field}", below, (*keys, f"of_{first}"), without)


def _is_table(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and bool(value) and all(is_dataclass(one) for one in value)


def _cell(value: Any) -> Any:
    """A value in one cell: lists with a bar between their parts, numbers with six digits that count."""
    if isinstance(value, Mapping):
        return _GLUE.join(f"{plain(key)}: {_cell(one)}" for key, one in value.items())
    if isinstance(value, (tuple, list)):
        return _GLUE.join(
            ": ".join(str(_cell(part)) for part in one) if isinstance(one, tuple) else str(_cell(one)) for one in value
        )
    found = _scalar(value)
    return float(f"{found:.{_DIGITS}g}") if isinstance(found, float) else found


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
