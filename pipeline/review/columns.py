"""What every column of the pack holds, by its id: a table names its columns, and the kinds follow."""

from collections.abc import Iterable
from typing import Any

from pipeline.review.tables import Column, Interval, Kind, Table

# rows of a table that a meeting can take in, and those that a file may have; the rest is counted
_SHOWN, _LONGEST = 25, 5_000
_KINDS = {
    Kind.PROBLEM: "problem what item",
    Kind.CATEGORY: "category cause label_path ours",
    Kind.CODE: (
        "priority impact urgency stands_out saying rule reason_out reason_call rule_time rule_repeat base small "
        "position adjusted exemption level measure tier place_kind item_kind role region_or_all verdict"
    ),
    Kind.COUNT: (
        "rank rows customers texts effect_rank recent before problems limit peak_rows at_fault not_at_fault unknown "
        "leaving fell known answered satisfied unsatisfied refused unanswered value escalated sure firsts repeated "
        "later answered_again steps of_problem numbers judged users per exposure days_before"
    ),
    Kind.NUMBER: "effect expected hours_to_find median_days days median_hours was now",
    Kind.SHARE: (
        "share cumulative impact_share rest in_time day_only lenient strict in_region by_chance was_satisfied "
        "now_satisfied"
    ),
    Kind.RATIO: "change lift",
    Kind.RATE: "rate low_outer low_inner high_inner high_outer",
    Kind.POINTS: "points moved",
    Kind.DAY: "start first last peak",
    Kind.SERIES: "series",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}


def table(
    name: str, columns: str, rows: Iterable[tuple[Any, ...]], shown: int = _SHOWN, more: Iterable[Column] = ()
) -> Table:
    """Make a table of the columns with these ids, and ``more``; ``shown`` rows of it are enough for a page.

    Estimates and shares of the insights become intervals. An id that nobody listed is a text as it stands in the data.
    """
    cells = [tuple(cell(one) for one in row) for row in rows]
    made = (*(Column(one, _KIND_OF.get(one, Kind.TEXT)) for one in columns.split()), *more)
    return Table(name, made, tuple(cells[:_LONGEST]), max(len(cells) - _LONGEST, 0), shown)


def filled(*tables: Table) -> tuple[Table, ...]:
    """Return the tables that have a row."""
    return tuple(one for one in tables if one.rows)


def cell(value: Any) -> Any:
    """Return a value as a cell: numbers of numpy as Python's, what has a value and limits as an interval."""
    if value is not None and hasattr(value, "low") and hasattr(value, "high") and hasattr(value, "value"):
        return Interval(value.value, float(value.low), float(value.high))
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return value.item()
    if isinstance(value, list):
        return tuple(value)
    return str(value) if isinstance(value, str) else value
