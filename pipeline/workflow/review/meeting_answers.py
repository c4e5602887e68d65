"""What people changed in the sheet of a review: read row by row, checked cell by cell, set against the register.

Three states of every open cell are compared, as a merge of two texts compares three: as it was exported, as it came
back, and as the register has it now. Changed on one side only, it is taken; changed on both to different things, it is
a conflict that a person settles.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import RegisterError
from pipeline.register.fields import FIELDS, checked
from pipeline.register.lifecycle import state_named
from pipeline.register.rows import Problem
from pipeline.register.typed import COLLEAGUES, masked_value
from pipeline.text.files.filled_in import Cell, FilledRow
from pipeline.workflow.register.typed_texts import mask_typed
from pipeline.workflow.review.answered_rows import RowMatcher, answered_sheet
from pipeline.workflow.review.meeting_changes import Answer, Conflict, Handed, MaskedCell, Row, Trouble, UnreadCell
from pipeline.workflow.review.meeting_sheet import (
    CHECK_WORDS,
    DECISION,
    DECISIONS,
    ID,
    MERGE_INTO,
    PRINTS,
    PROGRESS,
    SHOWN,
    STATE,
    STATE_OF,
    WATCH,
    WATCH_UNTIL,
    day_of,
    fingerprint,
    header,
    open_cells,
)
from pipeline.workflow.review.operator_lists import list_cells

_DAYS = ("due", "fix_date", "look_back", WATCH_UNTIL)

_TYPED = frozenset(name for name, one in FIELDS.items() if one.expected == "a text") | {PROGRESS}


def read_answers(path: str | Path, problems: Mapping[str, Problem], lang: str, who: str = "") -> Handed:
    """Read a filled-in sheet and compare it with ``problems`` (id -> the problem as the register has it now).

    Nothing is dropped: every row is changed, unchanged or rejected. What is personal in a cell is masked
    before anything is compared; ``who`` and the colleagues of the register may be named. Raises ``InputError`` for a
    file that is no such sheet.
    """
    sheet = answered_sheet(path, lang)
    named = {getattr(one, name).strip() for one in problems.values() for name in COLLEAGUES}
    reader = _Reader(problems, sheet.lang, sheet.listed, sheet.printed, frozenset({who.strip(), *named} - {""}))
    handed = Handed(troubles=reader.troubles, masked=reader.masked, unread=reader.unread)
    matcher = RowMatcher.of(sheet, problems)
    for row in sheet.rows:
        refused = matcher.refusal(row)
        if refused:
            handed.rejected.append(refused)
            continue
        read = reader.row(row, problems[row.text(ID)])
        if read.answers or read.conflicts:
            handed.rows.append(read)
        else:
            handed.unchanged += 1
    standing = {row.text(ID) for row in sheet.rows}
    handed.absent = sorted(set(sheet.exported) - standing)
    return handed


@dataclass(slots=True)
class _Reader:
    """Reads the cells of rows; ``listed``, ``printed``: see ``AnsweredSheet``; ``named``: colleagues."""

    problems: Mapping[str, Problem]
    lang: str
    listed: bool
    printed: bool
    named: frozenset[str]
    troubles: list[Trouble] = field(default_factory=list)
    masked: list[MaskedCell] = field(default_factory=list)
    unread: list[UnreadCell] = field(default_factory=list)

    def row(self, row: FilledRow, problem: Problem) -> Row:
        made, before_it = Row(problem, row.number), len(self.troubles)
        named = self.named | {row.text(name).strip() for name in COLLEAGUES if name in row.cells} - {""}
        now = list_cells(problem) if self.listed else open_cells(problem, self.lang)
        before = self._prints(row.cells[PRINTS]) if self.printed else {}
        self.unread += self._unread(row, problem, before)
        for name, cell in row.cells.items():
            if name not in now or self._untouched(cell, before.get(name, fingerprint(""))):
                continue
            answer, kinds = self._answer(name, cell, named)
            if answer is None or self._same(answer, now[name]):
                continue
            if kinds:
                self.masked.append(MaskedCell(problem.id, name, tuple(dict.fromkeys(kinds)), cell.address))
            if not self.printed or fingerprint(now[name]) == before.get(name, fingerprint("")):
                made.answers[name] = answer
            else:
                made.conflicts.append(Conflict(problem.id, answer, now[name]))
        watched = not self.listed and fingerprint(now[WATCH_UNTIL]) != before.get(WATCH_UNTIL, fingerprint(""))
        self._leave_out_done(made, watched and bool(now[WATCH_UNTIL]))
        if problem.merged_into and (made.answers or made.conflicts):
            gone = f"{problem.id} was merged into {problem.merged_into}; fill in that row instead"
            self.troubles.append(Trouble(row.cells[ID].address, header("id", self.lang), gone))
        self._check_together(made)
        made.troubled = len(self.troubles) > before_it
        return made

    def _unread(self, row: FilledRow, problem: Problem, before: Mapping[str, str]) -> Iterator[UnreadCell]:
        """Cells that are shown and were changed; a workbook of an older genyin has no fingerprints of them."""
        for name in SHOWN if "id" in before else ():
            found = fingerprint(row.text(name))
            # what was typed is the problem's name by now
            renamed = name == "name" and found == fingerprint(problem.name)
            if name in row.cells and found != before.get(name, fingerprint("")) and not renamed:
                yield UnreadCell(problem.id, name, row.cells[name].address)

    def _leave_out_done(self, row: Row, watched: bool) -> None:
        """Ask for nothing that was done already: the same sheet a second time changes nothing.

        ``watched``: since the export somebody said until when the problem is watched.
        """
        if row.value(DECISION) == WATCH and watched and WATCH_UNTIL not in row.answers:
            row.answers.pop(DECISION)
        decision, problem = row.value(DECISION), row.problem
        merged = decision == "merge" and problem.merged_into and problem.merged_into == self._end(row.value(MERGE_INTO))
        if merged or (decision in STATE_OF and problem.state == STATE_OF[decision]):
            row.answers.pop(DECISION)
        if merged:
            row.answers.pop(MERGE_INTO)
        if row.value(PROGRESS) in {note["text"] for note in problem.notes}:
            row.answers.pop(PROGRESS, None)

    def _end(self, problem_id: str) -> str:
        """Where a problem went that was merged, however often."""
        while problem_id in self.problems and self.problems[problem_id].merged_into:
            problem_id = self.problems[problem_id].merged_into
        return problem_id

    def _untouched(self, cell: Cell, before: str) -> bool:
        """Whether nobody wrote here; in an operator's own list an empty cell asks for nothing."""
        if cell.formula:
            return False
        return (self.printed and fingerprint(cell.text) == before) or (self.listed and not cell.text.strip())

    def _prints(self, cell: Cell) -> Mapping[str, str]:
        try:
            found = json.loads(cell.text or "{}")
        except json.JSONDecodeError:
            found = None
        if isinstance(found, dict):
            return found
        self._trouble(cell, PRINTS, "the hidden fingerprints are damaged; hand back the sheet as it was exported")
        return {}

    def _answer(self, name: str, cell: Cell, named: frozenset[str]) -> tuple[Answer | None, Sequence[str]]:
        """What a cell says, and what personal data in it were masked."""
        text = cell.text.strip()
        if cell.is_error:
            self._trouble(cell, name, f"{text} is an error of Excel's; type the value")
            return None, ()
        if cell.formula:
            self._trouble(cell, name, f"the formula {cell.formula} has no value, as nobody computed it; type the value")
            return None, ()
        text, kinds = masked_value(name, text, mask_typed, named) if name in _TYPED else (text, ())
        value = self._value(name, text, cell)
        # a day is shown as it is kept, whatever Excel makes of it
        text = value if value and name in _DAYS else text
        return None if value is None else Answer(name, text, value, cell.address), kinds

    def _value(self, name: str, text: str, cell: Cell) -> Any:
        if not text:
            return ""
        if name == STATE:
            try:
                return state_named(text).value
            except RegisterError as error:
                return self._trouble(cell, name, str(error))
        if name == DECISION:
            return self._word(name, text, DECISIONS, cell)
        if name == "check_by":
            return self._word(name, text, CHECK_WORDS, cell)
        if name == MERGE_INTO:
            return self._other_problem(text, cell)
        if name in _DAYS:
            day = day_of(text)
            return day.isoformat() if day else self._trouble(cell, name, f"{text!r} is no day such as 2026-03-31")
        if name == PROGRESS:
            return text
        try:
            return checked({name: text})[name]
        except RegisterError:
            return self._trouble(cell, name, f"{text!r} cannot be used; give {FIELDS[name].expected}")

    def _word(self, name: str, text: str, words: Mapping[str, Mapping[str, str]], cell: Cell) -> str | None:
        for key, spoken in words.items():
            if text in (key, *spoken.values()):
                return key
        allowed = ", ".join(spoken[self.lang] for spoken in words.values())
        self._trouble(cell, name, f"{text!r} is not in the list; choose one of {allowed}")
        return None

    def _other_problem(self, text: str, cell: Cell) -> str | None:
        found = self.problems.get(text.upper())
        if found is None:
            self._trouble(cell, MERGE_INTO, f"there is no problem {text} in the register")
        return found.id if found else None

    def _check_together(self, row: Row) -> None:
        """What one cell asks of another one."""
        merges, target = row.value(DECISION) == "merge", row.value(MERGE_INTO)
        for name, wrong, what in (
            (DECISION, merges and not target, "a merge needs the problem to merge into"),
            (MERGE_INTO, bool(target) and not merges, "is filled in, but the decision is not to merge"),
            (MERGE_INTO, target == row.problem.id, "a problem cannot be merged into itself"),
            (STATE, bool(row.value(STATE) and _ends(row)), "give a state or a decision, not both"),
            (DECISION, _lacks_reason(row), "this decision needs a close reason"),
        ):
            if wrong and name in row.answers:
                self.troubles.append(Trouble(row.answers[name].address, header(name, self.lang), what))

    def _same(self, answer: Answer, now: str) -> bool:
        """Whether the register says already what was typed, perhaps in other words (2026/3/1)."""
        return fingerprint(answer.text) == fingerprint(now) or str(answer.value) == now

    def _trouble(self, cell: Cell, name: str, what: str) -> None:
        self.troubles.append(Trouble(cell.address, header(name, self.lang) if name != PRINTS else name, what))


def _ends(row: Row) -> bool:
    return row.value(DECISION) in ("merge", "dismiss", "accept_risk", "close", "open")


def _lacks_reason(row: Row) -> bool:
    needs = row.value(DECISION) in ("dismiss", "accept_risk", "close")
    verified = row.value(DECISION) == "close" and row.problem.verification
    return bool(needs and not (row.value("close_reason") or row.problem.close_reason or verified))
