"""The table that every insight starts from: one row per complaint, one documented column per fact.

An insight is a pure function ``Cases -> frozen dataclass``. It never fails for want of a column: what it cannot tell it
leaves ``None`` or empty and names in ``missing``, so that the reader learns which column would give the figure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

# how each column is held; every column is always there, empty where the dump does not have it
COLUMNS: Mapping[str, str] = {
    "id": "object",  # complaint id as the operator gives it; empty where unknown
    "accepted": "datetime64[s]",
    "closed": "datetime64[s]",
    "due": "datetime64[s]",
    "customer": "category",  # keyed hash of the customer's number; empty where unknown
    "contact": "category",  # keyed hash of the number left for calling back
    "account": "category",  # keyed hash of the account (家庭宽带账号, 集团编号 ...)
    "text": "object",  # title and text, cleaned and masked
    "closing_note": "object",  # masked
    "copy_of": "int64",  # place (row number) of the first complaint with the same text, near-duplicates included
    "category": "category",  # the model's answer
    "cause": "category",
    "confidence": "float32",
    "needs_review": "bool",
    "closing_category": "category",  # what the model makes of the closing note; empty where there is none
    "closing_cause": "category",
    "problem": "category",  # id of the most specific problem; empty where the complaint belongs to none
    "second_problem": "category",  # a further problem of a complaint that speaks of two, with ...
    "second_weight": "float32",  # ... its share; the first problem's share is 1 - second_weight
    "tier": "Int8",  # 0 to 7 stars
    "region": "category",  # where it happened, else the customer's home; normalised by the region table
    "home_region": "category",
    "place": "object",  # address, cell, shop; masked
    "channel": "category",
    "product": "category",
    "campaign": "category",
    "handler_group": "category",
    "department": "category",  # responsible department as the operator recorded it
    "operator_cause": "category",  # cause column of the operator
    "label_path": "category",  # the operator's own label, levels joined with " > "
    "contact_role": "category",
    "at_fault": "boolean",
    "is_complaint": "boolean",
    "template": "boolean",
    "escalation_threatened": "boolean",
    "escalated": "boolean",
    "solved": "category",  # the cell as it stands: 已解决, 部分解决 ...
    "satisfaction": "category",  # the cell as it stands
    "dissatisfaction_reason": "category",
    "fee_change": "category",
    "competitor": "category",
    "source": "category",  # file (and sheet) the row came from
    "order_state": "category",  # what the dump says of the order itself: 退单, 废弃 ...; empty where it says nothing
    "has_order": "boolean",  # whether a work order was made of it
    "dispatched": "datetime64[s]",  # times of the steps in between: handed to those who put it right,
    "first_contact": "datetime64[s]",  # the customer first called back,
    "replied": "datetime64[s]",  # a first answer given,
    "rated": "datetime64[s]",  # and the customer's rating
}
PROBLEM_COLUMNS: Mapping[str, str] = {
    "id": "object",
    "parent": "object",  # id of the cause it is a part of, or empty
    "kind": "object",  # a value of records.ProblemKind
    "name": "object",
    "category": "object",
    "cause": "object",
    "front_department": "object",
    "back_department": "object",
    "state": "object",  # life-cycle state in the register; empty without one
    "marks": "object",  # tuple of new, growing, fading, quiet, regressed
    "priority": "object",  # a person's override, or empty
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that could not be made, and the columns (roles) or files that would give it."""

    figure: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The complaints of a period.

    ``frame`` has the columns of :data:`COLUMNS` (row numbers 0 to n-1); ``problems`` those of
    :data:`PROBLEM_COLUMNS`, one row per problem; ``given`` are the columns that the dump really filled.
    """

    frame: pd.DataFrame
    problems: pd.DataFrame
    given: frozenset[str] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.frame)

    def lacking(self, figure: str, *columns: str) -> tuple[Missing, ...]:
        """Return what to report when a figure needs ``columns`` that the dump does not have; empty if it has all."""
        absent = tuple(column for column in columns if column not in self.given)
        return (Missing(figure, absent),) if absent else ()

    def with_ancestors(self) -> pd.DataFrame:
        """Return (row, problem) pairs: every complaint under its problem and that problem's parents."""
        parent = dict(zip(self.problems["id"], self.problems["parent"], strict=True))
        level = pd.DataFrame({"row": range(len(self.frame)), "problem": self.frame["problem"].astype(object)})
        level = level[level["problem"] != ""]
        found = []
        while len(level):
            found.append(level)
            above = level.assign(problem=level["problem"].map(parent).fillna(""))
            level = above[above["problem"] != ""]
        return pd.concat(found, ignore_index=True) if found else level


def make_cases(
    columns: Mapping[str, Iterable[Any]], problems: Iterable[Mapping[str, Any]] = (), rows: int | None = None
) -> Cases:
    """Build a well-typed table from some columns; the others are empty. ``KeyError`` for a column nobody knows.

    >>> made = make_cases({"category": ["billing", "network"], "tier": [5, None]})
    >>> len(made), sorted(made.given), made.frame["text"].tolist()
    (2, ['category', 'tier'], ['', ''])
    """
    held = {name: list(values) for name, values in columns.items()}
    unknown = set(held) - set(COLUMNS)
    if unknown:
        raise KeyError(f"unknown columns: {', '.join(sorted(unknown))}")
    count = rows if rows is not None else len(next(iter(held.values()), ()))
    frame = pd.DataFrame({name: _column(held.get(name), kind, count) for name, kind in COLUMNS.items()})
    if "copy_of" not in held:
        frame["copy_of"] = range(count)
    listed = pd.DataFrame([{**_NO_PROBLEM, **one} for one in problems], columns=list(PROBLEM_COLUMNS), dtype="object")
    given = frozenset(name for name, values in held.items() if any(value not in ("", None) for value in values))
    return Cases(frame, listed, given)


_NO_PROBLEM: Mapping[str, Any] = {**dict.fromkeys(PROBLEM_COLUMNS, ""), "marks": ()}
_EMPTY: Mapping[str, Any] = {"object": "", "category": "", "int64": -1, "bool": False, "float32": 0.0}


def _column(values: list[Any] | None, kind: str, count: int) -> pd.Series:
    filled = values if values is not None else [_EMPTY.get(kind)] * count
    if kind == "category":
        return pd.Series(filled, dtype="object").fillna("").astype("category")
    if kind.startswith("datetime"):
        return pd.to_datetime(pd.Series(filled, dtype="object")).astype("datetime64[s]")
    return pd.Series(filled, dtype=kind)


def typed_cases(columns: Mapping[str, pd.Series], problems: Iterable[Mapping[str, Any]], rows: int) -> Cases:
    """Build the table from columns that have their types already (:data:`COLUMNS`); the others are empty.

    For large tables: nothing is looked at cell by cell. ``KeyError`` for a column nobody knows.
    """
    unknown = set(columns) - set(COLUMNS)
    if unknown:
        raise KeyError(f"unknown columns: {', '.join(sorted(unknown))}")
    frame = pd.DataFrame({name: columns[name] if name in columns else blank_column(name, rows) for name in COLUMNS})
    if "copy_of" not in columns:
        frame["copy_of"] = range(rows)
    listed = pd.DataFrame([{**_NO_PROBLEM, **one} for one in problems], columns=list(PROBLEM_COLUMNS), dtype="object")
    return Cases(frame, listed, frozenset(name for name, values in columns.items() if _is_filled(values)))


def blank_column(name: str, rows: int) -> pd.Series:
    """Return a column of :data:`COLUMNS` that says nothing."""
    kind = COLUMNS.get(name, "category")
    if kind == "category":
        return pd.Series(pd.Categorical.from_codes(np.zeros(rows, np.int8), categories=pd.Index([""], dtype=object)))
    return pd.Series(_EMPTY.get(kind), index=range(rows), dtype=kind)


def _is_filled(values: pd.Series) -> bool:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return any(str(one) != "" for one in values.cat.remove_unused_categories().cat.categories)
    return bool((values != "").any()) if values.dtype == object else bool(values.notna().any())
