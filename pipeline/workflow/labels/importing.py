"""Filled-in workbooks into the label store: what is new, where people disagree, and what the control sample says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.label_entries import LabelEntry, following
from pipeline.labels.agreement import Agreement, agreement
from pipeline.labels.control import ErrorShare, control_errors
from pipeline.labels.label_store import CONTESTED, Settled, settle
from pipeline.workflow.labels.answers import Answered, AnswerRules, read_answers
from pipeline.workflow.labels.names import LabelNames
from pipeline.workflow.labels.stores import LabelStore, known_names


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: ``who`` labelled where a row names nobody; ``new_labels`` that may be given from now on.

    ``settle``: these answers decide what was contested. ``model``: whose labels are known (None = the shipped one).
    ``dry_run`` stores nothing. ``clock`` says when.
    """

    who: str = ""
    new_labels: tuple[str, ...] = ()
    settle: bool = False
    model: Path | None = None
    dry_run: bool = False
    lang: str = "en"
    clock: Callable[[], datetime] = utc_now


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text of which people now say different things: the latest answer of each (person, labels)."""

    text: str
    answers: tuple[tuple[str, str], ...]
    how: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A text of which ``who`` says something else than before (in another queue, or in this one)."""

    text: str
    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came back. Of all ``answers``, ``added`` were new and ``known`` stood there before.

    ``texts`` bear an answer after the import, ``contested`` of them two equally strong ones. ``agreement`` looks
    at the whole store with these answers in it, ``control`` at the texts of these files.
    """

    files: tuple[Answered, ...]
    answers: int
    added: int
    known: int
    texts: int
    contested: int
    conflicts: tuple[Conflict, ...]
    changed: tuple[Changed, ...]
    agreement: Agreement
    control: ErrorShare
    dry_run: bool

    @property
    def mistaken(self) -> int:
        """Rows that were not imported because of a mistake."""
        return sum(one.mistaken for one in self.files)


def import_labels(files: Sequence[str | Path], store: LabelStore, options: ImportOptions | None = None) -> ImportReport:
    """Import workbooks into a label store; rows with mistakes are reported and left out, all others are kept.

    Importing the same file again adds nothing, and the order of files of different people does not matter. Raises
    ``InputError`` for a file that is no queue; then nothing of any file is stored.
    """
    options = options or ImportOptions()
    if not files:
        raise UsageError("Name the workbooks to import.")
    before = store.entries()
    rules = _rules(before, options, known_names(options.model, store, options.new_labels))
    answered = tuple(read_answers(file, rules) for file in files)
    given = [entry for one in answered for entry in one.answers]
    added = following(before, given) if options.dry_run else store.add(given)
    after = [*before, *added]
    settled = settle(after)
    touched = {entry.text_hash for entry in given}
    return ImportReport(
        files=answered,
        answers=len(given),
        added=len(added),
        known=len(given) - len(added),
        texts=len(settled),
        contested=sum(one.how == CONTESTED for one in settled.values()),
        conflicts=tuple(_conflict(one) for text, one in settled.items() if text in touched and _differ(one)),
        changed=_changed(before, added),
        agreement=agreement(_by_person(settled)),
        control=control_errors(one for text, one in settled.items() if text in touched),
        dry_run=options.dry_run,
    )


def report_json(report: ImportReport) -> str:
    """The report as JSON, without the texts of all answers."""
    plain = asdict(replace(report, files=tuple(replace(one, answers=()) for one in report.files)))
    for one, answered in zip(plain["files"], report.files, strict=True):
        one["answers"] = len(answered.answers)
    plain["control"]["share"] = report.control.share
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _rules(before: Sequence[LabelEntry], options: ImportOptions, names: LabelNames) -> AnswerRules:
    return AnswerRules(
        names.with_labels(options.new_labels),
        options.who,
        f"{options.clock():%Y-%m-%dT%H:%M:%SZ}",
        options.settle,
        options.lang,
    )


def _differ(settled: Settled) -> bool:
    return len({frozenset(answer.labels) for answer in settled.answers}) > 1


def _conflict(settled: Settled) -> Conflict:
    answers = tuple((answer.who, "|".join(answer.labels)) for answer in settled.answers)
    return Conflict(settled.entry.text, answers, settled.how)


def _changed(before: Sequence[LabelEntry], added: Sequence[LabelEntry]) -> tuple[Changed, ...]:
    former: dict[tuple[str, str], LabelEntry] = {}
    for entry in sorted(before, key=lambda one: (one.at, one.revision)):
        former[entry.text_hash, entry.who] = entry
    found = []
    for entry in added:
        said = former.get((entry.text_hash, entry.who))
        if said is not None and said.labels != entry.labels:
            found.append(Changed(entry.text, entry.who, "|".join(said.labels), "|".join(entry.labels)))
        former[entry.text_hash, entry.who] = entry
    return tuple(found)


def _by_person(settled: Mapping[str, Settled]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {text: {answer.who: answer.labels for answer in one.answers} for text, one in settled.items()}
