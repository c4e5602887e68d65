"""Starting and changing label sets: weak labels from words, labelled files carried over to a changed set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError, UsageError
from pipeline.model.examples import Example
from pipeline.model.label_changes import Break, read_label_changes, relabel
from pipeline.model.seed_words import WeakLabels, weak_labels
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.records import Reject
from pipeline.text.preparing import Preparer
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.models.labelled_rows import LabelledColumns, read_labelled
from pipeline.workflow.models.lineage import masked
from pipeline.workflow.report import REJECT_COLUMNS, reject_rows

SEEDED = "seed_words"
_WEAK_COLUMNS = ("text", "label", "source")
_CONFLICT_COLUMNS = ("text", "labels")
_LABEL_COLUMNS = ("text", "label", "cause", "source", "at")
_QUEUE_COLUMNS = ("text", "old_label", "label", "cause")


@dataclass(frozen=True, slots=True)
class SeedReport:
    """Weak labels of ``rows`` texts: how many got one, how many words of several labels; where the files are."""

    rows: int
    labelled: int
    weak: WeakLabels
    folder: Path


@dataclass(frozen=True, slots=True)
class RelabelReport:
    """Labelled rows under a changed label set: ``rows`` = ``kept`` + ``queued`` + ``rejected``."""

    rows: int
    kept: int
    queued: int
    rejected: int
    breaks: tuple[Break, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class LabelSetOptions:
    """How to read, and the language of what is written for people."""

    read: ReadOptions = field(default_factory=ReadOptions)
    lang: str = "en"


def seed(
    inputs: Sequence[str | Path],
    words: Mapping[str, Sequence[str]],
    out: str | Path,
    options: LabelSetOptions = LabelSetOptions(),
) -> SeedReport:
    """Write ``weak_labels.csv`` (to train a first model on) and ``conflicts.csv`` into ``out``; texts are masked."""
    if len(words) < 2:
        raise UsageError("Give words for at least two labels: --seed-words 资费=扣费,话费 --seed-words 网络=断网,网速.")
    raw = [text for chunk in open_dump(inputs, options.read).chunks() for text in chunk.texts]
    if not raw:
        raise InputError(f"There is no row in {', '.join(map(str, inputs))}.")
    texts = masked(raw, Preparer())
    found = weak_labels(texts, words)
    with result_folder(Path(out)) as results:
        rows = [(text, label, SEEDED) for text, label in zip(texts, found.labels, strict=True) if label]
        with open_table(results.path("weak_labels.csv"), _WEAK_COLUMNS, "csv") as table:
            table.write(rows)
        with open_table(results.path("conflicts.csv"), _CONFLICT_COLUMNS, "csv") as table:
            table.write(
                (text, "|".join(labels)) for text, labels in zip(texts, found.found, strict=True) if len(labels) > 1
            )
    return SeedReport(len(texts), len(rows), found, Path(out))


def relabel_files(
    inputs: Sequence[str | Path], changes: Path, out: str | Path, options: LabelSetOptions = LabelSetOptions()
) -> RelabelReport:
    """Write ``relabelled.csv`` and ``queue.csv`` (a person decides) into ``out``; texts are masked."""
    labelled = read_labelled(inputs, LabelledColumns(options.read))
    found = relabel(labelled.examples, read_label_changes(changes))
    with result_folder(Path(out)) as results:
        with open_table(results.path("relabelled.csv"), _LABEL_COLUMNS, "csv") as table:
            table.write(
                (text, "|".join(one.labels), one.cause, one.source, one.labelled_at)
                for text, one in _with_masked_text(found.examples)
            )
        with open_table(results.path("queue.csv"), _QUEUE_COLUMNS, "csv") as table:
            table.write((text, "|".join(one.labels), "", one.cause) for text, one in _with_masked_text(found.queue))
        _write_rejects(results.path("rejected.csv"), labelled.rejects, options.lang)
    rows = len(labelled.examples) + len(labelled.rejects)
    return RelabelReport(rows, len(found.examples), len(found.queue), len(labelled.rejects), found.breaks, Path(out))


def _with_masked_text(examples: Sequence[Example]) -> list[tuple[str, Example]]:
    return list(zip(masked([one.text for one in examples], Preparer()), examples, strict=True))


def _write_rejects(path: Path, rejects: Sequence[Reject], lang: str) -> None:
    with open_table(path, REJECT_COLUMNS, "csv") as table:
        table.write(reject_rows(rejects, lang))
