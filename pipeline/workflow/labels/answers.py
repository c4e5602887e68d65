"""Answers out of a filled-in workbook: every row is an answer, empty, or a mistake with its cell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.label_entries import CONTROL, DECISION, LabelEntry, answer, hash_of
from pipeline.output.workbook import LISTS, is_cut
from pipeline.text.files.filled_in import Cell, FilledRow, FilledSheet, read_filled_in, sheet_columns
from pipeline.workflow.labels.names import LabelNames, label_parts
from pipeline.workflow.labels.sheet import (
    CAUSE,
    COMMENT,
    FIELDS,
    ID,
    LABEL,
    LABELLER,
    QUEUE,
    SECOND,
    SUGGESTED,
    TEXT,
    WHY,
)

_HASH = re.compile(r"[0-9a-f]{32}")
_QUEUE = re.compile(r"[a-z]-[0-9a-f]{8}/(\d+)")
_LONGEST = 60
_FORBIDDEN = re.compile(r"[/|\x00-\x1f]")
_SEVERAL_PEOPLE = re.compile(r"[|｜/；;，,、\n&＆]")
_SHEETS = {"q": "queue", "s": "suspects"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a cell: its address (file, sheet, cell), a code for programs, and the words for people."""

    address: str
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label nobody knows yet, as ``written``, with the ``nearest`` known one and where it stands."""

    written: str
    nearest: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A workbook's answers. ``rows`` = ``answers`` + ``empty`` + ``mistaken``; ``deleted``: rows asked and not there.

    ``remarks`` are worth knowing and keep no row from being used.
    """

    file: str
    queues: tuple[str, ...]
    rows: int
    answers: tuple[LabelEntry, ...]
    empty: int
    mistaken: int
    deleted: int
    mistakes: tuple[Mistake, ...]
    remarks: tuple[Mistake, ...]
    unknown: tuple[NewLabel, ...]


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """How answers are read: the known ``names``, the person where a row names none, the time, whether they decide."""

    names: LabelNames
    who: str = ""
    at: str = ""
    is_decision: bool = False
    lang: str = "en"


@dataclass(slots=True)
class _Row:
    """A row while it is being looked at."""

    row: FilledRow
    rules: AnswerRules
    mistakes: list[Mistake] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.row.text(name)

    def cell(self, name: str) -> Cell:
        return self.row.cells[name] if name in self.row.cells else self.row.cells[LABEL]

    def wrong(self, name: str, code: str, what: str) -> None:
        self.mistakes.append(Mistake(self.cell(name).address, code, what))


def read_answers(path: str | Path, rules: AnswerRules) -> Answered:
    """Read a workbook; ``InputError`` when it is none of ours. Nothing in it is dropped silently."""
    sheet = read_filled_in(path, FIELDS)
    rules = replace(rules, names=rules.names.with_offered(_offered(path)))
    answers: list[LabelEntry] = []
    looked_at = [_Row(row, rules) for row in sheet.rows]
    remarks: list[Mistake] = []
    first: dict[tuple[str, str], tuple[LabelEntry, str]] = {}
    empty = 0
    for row in looked_at:
        if not (row.text(LABEL) or row.text(SECOND) or row.text(CAUSE)) and row.text(ID):
            empty += 1
            remarks += _unused_comment(row)
            continue
        entry = _answer(row)
        if entry is not None:
            _check_repeat(row, entry, first)
        if not row.mistakes and entry is not None:
            answers.append(entry)
    queues, deleted = _queues(sheet)
    return Answered(
        Path(path).name,
        queues,
        len(looked_at),
        tuple(answers),
        empty,
        len(looked_at) - len(answers) - empty,
        deleted,
        tuple(mistake for row in looked_at for mistake in row.mistakes),
        tuple(remarks),
        _new_labels(looked_at),
    )


def _offered(path: str | Path) -> list[str]:
    """The labels of the workbook's own drop-down, which stands first among its lists."""
    return next(iter(sheet_columns(path, LISTS)), [])


def _answer(row: _Row) -> LabelEntry | None:
    """Check every cell of a row, so that all its mistakes are told at once; None where one makes it unusable."""
    _check_errors(row)
    _check_identity(row)
    labels = _labels(row)
    cause = _cause(row, labels)
    who = _who(row)
    if row.mistakes:
        return None
    queue = row.text(QUEUE)
    # the id, not the hash of the text: a text longer than a cell came back cut
    source = DECISION if row.rules.is_decision else _SHEETS.get(queue[:1], "queue")
    return answer(
        row.text(TEXT),
        labels,
        who,
        text_hash=row.text(ID),
        cause=cause,
        at=row.rules.at,
        queue=queue.partition("/")[0],
        source=source,
        suggested=row.text(SUGGESTED),
        is_control=row.text(WHY) == CONTROL,
        comment=row.text(COMMENT),
    )


def _check_errors(row: _Row) -> None:
    for name in (LABEL, SECOND, CAUSE, LABELLER):
        if name in row.row.cells and row.cell(name).is_error:
            row.wrong(name, "excel_error", f"the cell holds the error {row.text(name)}; write a value")


def _check_identity(row: _Row) -> None:
    text_hash, queue = row.text(ID), row.text(QUEUE)
    if not text_hash:
        row.wrong(ID, "no_id", "the row has no id, so it is none of the exported ones; label its text through a queue")
    elif not _HASH.fullmatch(text_hash):
        row.wrong(ID, "damaged_id", f"the id {text_hash!r} is damaged; export the queue again and copy the answer over")
    elif hash_of(row.text(TEXT)) != text_hash and not is_cut(row.text(TEXT)):
        row.wrong(TEXT, "changed_text", "the text is not the exported one; restore it, for the answer belongs to it")
    if text_hash and not _QUEUE.fullmatch(queue):
        row.wrong(QUEUE, "damaged_queue", f"the queue {queue!r} is damaged; copy it from another row")


def _labels(row: _Row) -> list[str]:
    names = row.rules.names
    found: list[str] = []
    for name in (LABEL, SECOND):
        for part in label_parts(row.text(name), names) if not _is_error(row, name) else ():
            label = names.label(part.partition("/")[0])
            if label is None:
                _unknown_label(row, name, part, names.nearest_label(part))
            elif label in found:
                row.wrong(name, "repeated_label", f"the label {part} is given twice; delete one of them")
            else:
                found.append(label)
    if row.text(SECOND) and not row.text(LABEL):
        row.wrong(LABEL, "no_main_label", "there is a second label and no first one; the first is the main label")
    elif row.text(CAUSE) and not row.text(LABEL):
        row.wrong(LABEL, "no_main_label", "there is a cause and no label; give the label as well")
    return found


def _is_error(row: _Row, name: str) -> bool:
    return name in row.row.cells and row.cell(name).is_error


def _unknown_label(row: _Row, name: str, written: str, nearest: str) -> None:
    if len(written) > _LONGEST or _FORBIDDEN.search(written):
        row.wrong(
            name, "no_label", f"{written[:_LONGEST]!r} can be no label: at most {_LONGEST} characters, without / and |"
        )
        return
    row.unknown.append((written, row.cell(name).address))
    row.wrong(
        name,
        "unknown_label",
        f"the label {written!r} is not known. New label? Accept it with --new-label; the nearest is {nearest}",
    )


def _cause(row: _Row, labels: Sequence[str]) -> str:
    names, written = row.rules.names, row.text(CAUSE)
    parts = label_parts(row.text(LABEL), names)
    below = parts[0].partition("/")[2].strip() if parts else ""
    name, written = (CAUSE, written) if written else (LABEL, below)
    if not written or _is_error(row, name):
        return ""
    cause = names.cause(written)
    if cause is None:
        nearest = names.nearest_cause(written)
        row.wrong(name, "unknown_cause", f"the cause {written!r} is not known; the nearest is {nearest}")
        return ""
    owner = names.category_of(cause)
    if labels and owner != labels[0]:
        title = names.title(owner, row.rules.lang)
        row.wrong(
            name, "foreign_cause", f"the cause {written} belongs to {title}, which is not the first label of the row"
        )
    return cause


def _who(row: _Row) -> str:
    who = row.text(LABELLER)
    if _SEVERAL_PEOPLE.search(who):
        row.wrong(
            LABELLER, "several_people", f"the labeller {who!r} names several people; give each a row of their own"
        )
    if not who and not row.rules.who:
        row.wrong(
            LABELLER, "no_labeller", "nobody is named as the labeller; fill the column in or give --labeller NAME"
        )
    return who or row.rules.who


def _check_repeat(row: _Row, entry: LabelEntry, first: dict[tuple[str, str], tuple[LabelEntry, str]]) -> None:
    """The same text twice in a sheet: harmless with the same answer, a mistake with another."""
    key = (entry.text_hash, entry.who)
    former, address = first.setdefault(key, (entry, row.cell(LABEL).address))
    if (former.labels, former.cause) != (entry.labels, entry.cause):
        row.wrong(LABEL, "two_answers", f"the same row stands at {address} with another answer; delete one of them")


def _unused_comment(row: _Row) -> Iterator[Mistake]:
    if row.text(COMMENT):
        yield Mistake(row.cell(COMMENT).address, "unused_comment", "a comment without a label is not kept")


def _queues(sheet: FilledSheet) -> tuple[tuple[str, ...], int]:
    """The queues of a sheet and how many of their rows are no longer there."""
    there: dict[str, set[str]] = {}
    for row in sheet.rows:
        if _QUEUE.fullmatch(row.text(QUEUE)):
            there.setdefault(row.text(QUEUE), set()).add(row.text(ID))
    deleted = sum(max(int(queue.partition("/")[2]) - len(ids), 0) for queue, ids in there.items())
    return tuple(sorted(queue.partition("/")[0] for queue in there)), deleted


def _new_labels(rows: Sequence[_Row]) -> tuple[NewLabel, ...]:
    places: dict[str, list[str]] = {}
    for row in rows:
        for written, address in row.unknown:
            places.setdefault(written, []).append(address)
    rules = rows[0].rules if rows else None
    return tuple(
        NewLabel(written, rules.names.nearest_label(written), tuple(addresses))
        for written, addresses in places.items()
        if rules
    )
