"""Labelled dumps to examples: which rows can be learned from, and why the others cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError, TrainingError, UsageError
from pipeline.model.examples import Example, contradictions, parse_labels
from pipeline.records import Chunk, Reject, Role
from pipeline.text.preparing import Preparer
from pipeline.text.reading import Dump, ReadOptions, open_dump

# headers under which a labelled table says who or what labelled a row, and when
SOURCE, LABELLED_AT = "source", "at"


@dataclass(frozen=True, slots=True)
class LabelledColumns:
    """Headers beside text, label and cause: ``group`` keeps rows together, ``splits`` are parts to report apart."""

    read: ReadOptions = field(default_factory=ReadOptions)
    group: str = ""
    splits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled rows of all sources, and those that cannot be used."""

    examples: list[Example]
    rejects: list[Reject]


def read_labelled(inputs: Sequence[str | Path], columns: LabelledColumns) -> Labelled:
    """Read rows with their labels; a row without a label, or without a text, is a reject."""
    dump = open_dump(inputs, columns.read)
    labels = _column(dump, Role.LABEL, "label")
    found = Labelled([], [])
    for chunk in dump.chunks():
        found.rejects.extend(chunk.rejects)
        for example in _examples(chunk, labels[chunk.source, chunk.sheet], _causes_column(dump, chunk), columns):
            if example.labels:
                found.examples.append(example)
            else:
                file, row = place_of(example)
                found.rejects.append(Reject(file, row, "the label is empty", chunk.sheet))
    return found


def _examples(chunk: Chunk, label: str, cause: str, columns: LabelledColumns) -> Iterator[Example]:
    def cells(header: str) -> list[str]:
        if not header:
            return [""] * len(chunk)
        try:
            return chunk.column(header)
        except KeyError:
            raise UsageError(
                f"{chunk.source} has no column {header!r}; its columns are {', '.join(chunk.headers)}."
            ) from None

    def known(header: str) -> list[str]:
        return cells(header if header in chunk.headers else "")

    parts = [cells(header) for header in columns.splits]
    named = (cells(label), cells(cause), cells(columns.group), known(SOURCE), known(LABELLED_AT))
    rows = zip(chunk.texts, *named, chunk.numbers, strict=True)
    for place, (text, cell, below, group, source, when, row) in enumerate(rows):
        labels, found = parse_labels(cell, below)
        split = tuple(f"{header}={values[place]}" for header, values in zip(columns.splits, parts, strict=True))
        where = f"{chunk.source}:{row}"
        yield Example(text, labels, found, group, split, where, source=source.strip(), labelled_at=when.strip())


def _column(dump: Dump, role: Role, name: str) -> dict[tuple[str, str], str]:
    chosen = {}
    for source in dump.sources:
        headers = source.roles.get(role, ())
        if not headers:
            raise InputError(
                f"{source.file} has no {name} column. Its columns are {', '.join(source.headers)}. "
                f"Name it with --column {name}=HEADER."
            )
        chosen[source.file, source.sheet] = headers[0]
    return chosen


def _causes_column(dump: Dump, chunk: Chunk) -> str:
    for source in dump.sources:
        if (source.file, source.sheet) == (chunk.source, chunk.sheet):
            return next(iter(source.roles.get(Role.CAUSE, ())), "")
    return ""


def place_of(example: Example) -> tuple[str, int]:
    """The file and the row that an example comes from."""
    file, _, row = example.where.rpartition(":")
    return file, int(row)


def without_contradictions(examples: list[Example], preparer: Preparer) -> tuple[list[Example], list[Reject]]:
    """Set aside rows whose text also stands there with another label: no one can say which is right."""
    keys = preparer.cleaner.clean_many([example.text for example in examples])
    pairs = contradictions(examples, keys)
    rejects = []
    for row, first in pairs:
        file, number = place_of(examples[row])
        other = examples[first] if first != row else examples[next(r for r, f in pairs if f == row and r != row)]
        rejects.append(
            Reject(
                file,
                number,
                f"contradictory duplicate: labelled {'|'.join(examples[row].labels)} here and "
                f"{'|'.join(other.labels)} in {other.where}",
            )
        )
    aside = {row for row, _ in pairs}
    kept = [example for row, example in enumerate(examples) if row not in aside]
    if pairs and not kept:
        raise TrainingError(f"All {len(examples)} rows contradict each other: {rejects[0].reason}.")
    return kept, rejects
