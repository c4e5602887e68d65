"""Which sheet came back, and which problem each of its rows is about: by the id that the row carries, never by place.

A row that cannot be matched for certain is not used, and said with the reason; the other rows are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.register.rows import Problem
from pipeline.text.files.filled_in import Field, FilledRow, FilledSheet, read_filled_in
from pipeline.workflow.review.meeting_changes import RejectedRow
from pipeline.workflow.review.meeting_sheet import (
    EXPORTED,
    ID,
    PRINTS,
    SHEET,
    SHOWN,
    TO_FILL,
    VERSION,
    fingerprint,
    header,
)
from pipeline.workflow.review.operator_lists import HIDDEN_ID, LISTS, list_cells

# what tells the problems of a list apart for its reader
_TOLD_BY = "statement"


@dataclass(frozen=True, slots=True)
class AnsweredSheet:
    """A sheet that came back: its ``rows``, the ``lang`` of its headers, the ids that were ``exported``.

    ``listed``: it is a list of the operators' own, not the sheet of a review. ``printed``: its rows say by fingerprints
    what was exported.
    """

    rows: tuple[FilledRow, ...]
    lang: str
    exported: tuple[str, ...]
    listed: bool
    printed: bool


def answered_sheet(path: str | Path, lang: str) -> AnsweredSheet:
    """Read the sheet of a review, or else an operator's own list; ``InputError`` for a file that is neither."""
    sheet, listed = _sheet(path)
    named = lang or ("zh" if sheet.sheet != SHEET["en"] else "en")
    return AnsweredSheet(sheet.rows, named, _exported(path), listed, PRINTS in sheet.columns)


@dataclass(slots=True)
class RowMatcher:
    """Says of each row which problem it is about; ``problems`` by id as the register has them.

    ``texts`` tell by the fingerprint of what a reader knows a problem by whose it is; ``seen`` are the ids so far.
    """

    problems: Mapping[str, Problem]
    listed: bool
    texts: Mapping[str, frozenset[str]]
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, sheet: AnsweredSheet, problems: Mapping[str, Problem]) -> "RowMatcher":
        """Learn from the fingerprints of the sheet, and from the register, by what text a reader knows each problem."""
        texts: dict[str, set[str]] = {}
        for row in sheet.rows if sheet.listed else ():
            told = prints_of(row).get(_TOLD_BY)
            if told:
                texts.setdefault(told, set()).add(row.text(ID))
        for problem in problems.values() if sheet.listed else ():
            texts.setdefault(fingerprint(list_cells(problem)[_TOLD_BY]), set()).add(problem.id)
        return cls(problems, sheet.listed, {text: frozenset(ids) for text, ids in texts.items()})

    def refusal(self, row: FilledRow) -> RejectedRow | None:
        """Why a row is not used, if so; one that is used counts as seen."""
        problem, where = row.text(ID), row.cells[ID].address
        if not problem:
            return RejectedRow(where, "", "the row has no id of a problem")
        if problem not in self.problems:
            return RejectedRow(where, problem, f"there is no problem {problem} in the register")
        other = self._other(row, problem)
        if other:
            return RejectedRow(
                where,
                problem,
                f"the row carries the id {problem}, but shows {other}; were only some columns sorted or copied? Sort "
                "whole rows, hidden columns too",
            )
        if problem in self.seen:
            return RejectedRow(where, problem, f"{problem} stands above already; only its first row is used")
        self.seen.add(problem)
        return None

    def _other(self, row: FilledRow, problem: str) -> str:
        """The problem that the visible cells speak of, where that is not the one whose id the row carries."""
        if not self.listed:
            visible = row.text("id")
            return visible if visible != problem and visible in self.problems else ""
        told = row.text(_TOLD_BY)
        owners = self.texts.get(fingerprint(told), frozenset()) if told else frozenset()
        return min(owners, default="") if problem not in owners else ""


def prints_of(row: FilledRow) -> Mapping[str, str]:
    """The fingerprints of the cells as they were exported; none where they are damaged or not there."""
    try:
        found = json.loads(row.text(PRINTS) or "{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _sheet(path: str | Path) -> tuple[FilledSheet, bool]:
    try:
        return read_filled_in(path, _meeting_fields()), False
    except InputError as error:
        try:
            return read_filled_in(path, _list_fields()), True
        except InputError:
            raise error from None


def _meeting_fields() -> list[Field]:
    hidden = [Field(name, (name,)) for name in (ID, VERSION, PRINTS)]
    named = (Field(name, (header(name, "zh"), header(name, "en")), needed=False) for name in (*SHOWN, *TO_FILL))
    return [*hidden, *named]


def _list_fields() -> list[Field]:
    headers: dict[str, list[str]] = {}
    for _, columns in LISTS.values():
        for column in columns:
            if column.field:
                headers.setdefault(column.field, []).append(column.header)
    return [
        Field(ID, (HIDDEN_ID,)),
        # who pastes the list into a sheet of his own may leave them behind
        Field(PRINTS, (PRINTS,), needed=False),
        *(Field(name, tuple(dict.fromkeys(found)), False) for name, found in headers.items()),
    ]


def _exported(path: str | Path) -> tuple[str, ...]:
    """The ids that the export wrote; none where somebody deleted the hidden sheet that holds them."""
    try:
        return tuple(row.text(EXPORTED) for row in read_filled_in(path, [Field(EXPORTED, (EXPORTED,))]).rows)
    except InputError:
        return ()
