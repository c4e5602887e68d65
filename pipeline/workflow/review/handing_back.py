"""A review hands its sheet back: what was decided goes into the register in one transaction, or nothing does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import RegisterError
from pipeline.register.queries import ProblemFilter
from pipeline.workflow.register.words import changed_fields
from pipeline.workflow.review.meeting_answers import read_answers
from pipeline.workflow.review.meeting_changes import Conflict, Handed, MaskedCell, RejectedRow, Row, Trouble, UnreadCell
from pipeline.workflow.review.meeting_sheet import (
    DECISION,
    MERGE_INTO,
    PROGRESS,
    STATE,
    STATE_OF,
    WATCH,
    WATCH_UNTIL,
    header,
    open_cells,
)
from pipeline.workflow.review.operator_lists import list_cells

if TYPE_CHECKING:
    from pipeline.register.plans import Done
    from pipeline.register.rows import Problem
    from pipeline.register.store import Register

PREFERENCES = ("", "sheet", "register")
_NOT_FIELDS = (STATE, DECISION, MERGE_INTO, PROGRESS)


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of the sheet that changed its problem: as it ``was`` and as it ``becomes``, in the words of the sheet."""

    problem: str
    column: str
    was: str
    becomes: str
    address: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """A field that changed with an answer though nobody filled it in: the state of a decision, a day, a figure."""

    problem: str
    field: str
    was: Any
    becomes: Any


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What came back and what became of it.

    ``applied``: whether the register took the changes (not with troubles, with open conflicts, or in a rehearsal);
    ``rows`` = ``changed`` + ``unchanged`` + those ``rejected``. ``events`` are the numbers to undo;
    ``masked`` the cells in which personal data were masked, ``consequences`` what the changes bring with them,
    ``doubts`` what looks odd, in words, and ``unread`` the cells changed in columns that are never read back.
    """

    applied: bool
    rows: int
    changed: int
    unchanged: int
    changes: tuple[CellChange, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    absent: tuple[str, ...] = ()
    events: tuple[int, ...] = ()
    masked: tuple[MaskedCell, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    doubts: tuple[str, ...] = ()
    unread: tuple[UnreadCell, ...] = ()


class _NothingApplied(Exception):
    """Leaves the transaction without a change."""


@dataclass(slots=True)
class _Work:
    """What is being carried out; troubles name columns in ``lang``."""

    lang: str
    done: "list[Done]" = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)


def hand_back(path: str | Path, register: "Register", prefer: str = "", lang: str = "") -> HandedBack:
    """Read a filled-in sheet into the register and say what changed; see ``meeting_answers`` for what is compared.

    With a trouble in any cell nothing is applied. Conflicts are left to a person: ``prefer`` takes what the "sheet" or
    the "register" says; without it nothing is applied either. With a register opened to rehearse, nothing is kept.
    Raises ``InputError`` for a file that is no such sheet.
    """
    work, handed = _Work(lang or "zh"), Handed()
    applied = False
    try:
        with register.together() as one:
            problems = {problem.id: problem for problem in one.problems(ProblemFilter(merged=True))}
            handed = read_answers(path, problems, lang, register.transactions.options.who)
            _settle(handed, prefer)
            # though a cell elsewhere cannot be used: all troubles are told at once
            for row in _in_order([row for row in handed.rows if not row.troubled and not row.conflicts]):
                _carry_out(one, row, work)
                work.consequences += _consequences(row, one.problem(row.problem.id))
            if handed.troubles or handed.conflicts or work.troubles:
                raise _NothingApplied
            applied = not register.transactions.options.rehearse
    except _NothingApplied:
        pass
    return _report(handed, work, applied, lang or "zh")


def _settle(handed: Handed, prefer: str) -> None:
    """Take one side of every conflict, where the user said which."""
    if not prefer:
        return
    for row in handed.rows:
        if prefer == "sheet":
            row.answers.update({conflict.answer.name: conflict.answer for conflict in row.conflicts})
        row.conflicts.clear()


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Merges last, so that what else was filled in reaches the problem while it lives."""
    return sorted(rows, key=lambda row: (row.value(DECISION) == "merge", row.problem.id))


def _carry_out(register: "Register", row: Row, work: _Work) -> None:
    problem_id = row.problem.id
    fields = {name: answer.value for name, answer in row.answers.items() if name not in _NOT_FIELDS}
    decision = row.value(DECISION)
    state = row.value(STATE) or ("" if decision == "dismiss" else STATE_OF.get(decision, ""))
    steps: list[tuple[str, Callable[[], Done]]] = []
    if decision == "dismiss":
        reason = fields.pop("close_reason", row.problem.close_reason)
        steps.append((DECISION, lambda: register.dismiss(problem_id, reason)))
    if decision == WATCH:
        until = fields.pop(WATCH_UNTIL, "")
        steps.append((DECISION, lambda: register.watch(problem_id, until)))
    if state:
        steps.append((STATE if row.value(STATE) else DECISION, lambda: register.move(problem_id, state, fields)))
    elif fields:
        steps.insert(0, (next(iter(fields)), lambda: register.set(problem_id, fields)))
    if row.value(PROGRESS):
        steps.append((PROGRESS, lambda: register.note(problem_id, row.value(PROGRESS))))
    if decision == "merge":
        steps.append((DECISION, lambda: register.merge([problem_id], row.value(MERGE_INTO))))
    for name, step in steps:
        try:
            work.done.append(step())
        except RegisterError as error:
            told = getattr(error, "field", name)
            answer = row.answers.get(told) or row.answers[name]
            work.troubles.append(Trouble(answer.address, header(answer.name, work.lang), str(error)))
            return


def _consequences(row: Row, now: "Problem") -> list[Consequence]:
    """What changed in a problem beside what was filled in; nothing for one that was merged away."""
    if now.id != row.problem.id:
        return []
    changes = changed_fields(row.problem, now).items()
    return [Consequence(now.id, name, *both) for name, both in changes if name not in row.answers]


def _report(handed: Handed, work: _Work, applied: bool, lang: str) -> HandedBack:
    changes = tuple(
        CellChange(row.problem.id, name, _before(row.problem, name, lang), answer.text, answer.address)
        for row in handed.rows
        for name, answer in row.answers.items()
    )
    return HandedBack(
        applied,
        rows=len(handed.rows) + handed.unchanged + len(handed.rejected),
        changed=len(handed.rows),
        unchanged=handed.unchanged,
        changes=changes,
        conflicts=tuple(handed.conflicts),
        troubles=(*handed.troubles, *work.troubles),
        rejected=tuple(handed.rejected),
        absent=tuple(handed.absent),
        events=tuple(one.event for one in work.done if one.event is not None) if applied else (),
        masked=tuple(handed.masked),
        # what was taken back has none
        consequences=() if handed.troubles or handed.conflicts or work.troubles else tuple(work.consequences),
        doubts=tuple(dict.fromkeys(doubt for one in work.done for doubt in one.doubts)),
        unread=tuple(handed.unread),
    )


def _before(problem: "Problem", name: str, lang: str) -> str:
    return {**list_cells(problem), **open_cells(problem, lang)}[name]
