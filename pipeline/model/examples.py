"""Labelled complaints: the rows to learn from, checked before anything is learned."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TrainingError
from pipeline.model.classifying import Leaves

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled complaint: ``labels`` main one first, ``cause`` may be empty.

    ``group`` keeps rows together in cross-validation (empty = none); ``splits`` are the parts of the data it is
    reported under; ``where`` is file:row for messages. ``weight`` is what the row counts in fitting; ``source`` says
    who or what labelled it and ``labelled_at`` when (ISO 8601), both empty where unknown.
    """

    text: str
    labels: tuple[str, ...]
    cause: str = ""
    group: str = ""
    splits: tuple[str, ...] = ()
    where: str = ""
    weight: float = 1.0
    source: str = ""
    labelled_at: str = ""


def parse_labels(cell: str, cause: str = "") -> tuple[tuple[str, ...], str]:
    """Read a label cell: ``|`` parts several labels, ``/`` a category from its root cause.

    >>> parse_labels("billing/流量包自动续订|attitude")
    (('billing', 'attitude'), '流量包自动续订')
    >>> parse_labels("network", cause="晚高峰网速慢")
    (('network',), '晚高峰网速慢')
    """
    parts = [part.strip() for part in cell.split("|") if part.strip()]
    split = [part.partition("/") for part in parts]
    labels = tuple(dict.fromkeys(label.strip() for label, _, _ in split))
    below = split[0][2].strip() if split else ""
    return labels, cause.strip() or below


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels as arrays.

    ``sets``: per row the places of its categories, the main one first; ``leaf``: per row the place of its leaf (its
    cause, or the bare main category where the cause is unknown or too rare to learn).
    """

    leaves: Leaves
    sets: tuple[tuple[int, ...], ...]
    leaf: Ints

    @property
    def primary(self) -> Ints:
        """Place of every row's main category."""
        return np.array([row[0] for row in self.sets], np.int64)

    def members(self) -> NDArray[np.bool_]:
        """Whether a row has a category, main or further; shape (rows, categories)."""
        found = np.zeros((len(self.sets), len(self.leaves.categories)), bool)
        for row, places in enumerate(self.sets):
            found[row, list(places)] = True
        return found

    def signs(self) -> Floats:
        """Return what each leaf learns from each row: 1 its leaf, 0 the leaves of its further categories, -1 the rest.

        A second category says that some cause of it is there, but not which: those leaves learn nothing from the row.
        """
        further = self.members()
        further[np.arange(len(self.sets)), self.primary] = False
        signs = np.where(further[:, self.leaves.owners], 0.0, -1.0)
        signs[np.arange(len(self.sets)), self.leaf] = 1.0
        return signs

    def take(self, rows: Ints) -> "Targets":
        """Return the same for some rows."""
        return replace(self, sets=tuple(self.sets[i] for i in rows), leaf=self.leaf[rows])


def make_targets(examples: Sequence[Example], least_rows: int) -> Targets:
    """Turn labels into arrays; a cause needs ``least_rows`` rows to be a leaf of its own."""
    labels = tuple(sorted({label for example in examples for label in example.labels}))
    place = {label: i for i, label in enumerate(labels)}
    counts = Counter((example.labels[0], example.cause) for example in examples if example.cause)
    keys = [_leaf_key(example, counts, least_rows) for example in examples]
    names = sorted(set(keys), key=lambda key: (place[key[0]], key[1]))
    leaves = Leaves(labels, tuple(cause for _, cause in names), np.array([place[label] for label, _ in names]))
    spot = {key: i for i, key in enumerate(names)}
    sets = tuple(tuple(place[label] for label in example.labels) for example in examples)
    return Targets(leaves, sets, np.array([spot[key] for key in keys]))


def _leaf_key(example: Example, counts: Counter[tuple[str, str]], least_rows: int) -> tuple[str, str]:
    key = (example.labels[0], example.cause)
    return key if counts[key] >= least_rows else (example.labels[0], "")


def check_examples(examples: Sequence[Example], least_rows: int) -> None:
    """Raise ``TrainingError`` where no model can come of these rows: no label, one label only, too few rows of one."""
    if not examples:
        raise TrainingError("There is no labelled row to learn from. Check the label column (--column label=HEADER).")
    empty = [example.where for example in examples if not example.labels]
    if empty:
        raise TrainingError(f"{len(empty)} rows have no label: {_listed(empty)}. Fill the label in or remove the rows.")
    counts = Counter(example.labels[0] for example in examples)
    if len(counts) == 1:
        raise TrainingError(
            f"All {len(examples)} rows have the same label {next(iter(counts))!r}; a classifier needs at least two."
        )
    rare = sorted(label for label in {x for e in examples for x in e.labels} if counts[label] < least_rows)
    if rare:
        found = ", ".join(f"{label!r} ({counts[label]})" for label in rare)
        raise TrainingError(
            f"Too few rows for {found}: every label needs at least {least_rows} rows as the main label. "
            "Add rows, merge the label into another, or leave it out."
        )


def contradictions(examples: Sequence[Example], keys: Sequence[str]) -> list[tuple[int, int]]:
    """Rows whose text (``keys``, cleaned) stands there with another main label: pairs (row, first row of that text)."""
    first: dict[str, int] = {}
    labels: dict[str, set[str]] = defaultdict(set)
    for row, (example, key) in enumerate(zip(examples, keys, strict=True)):
        first.setdefault(key, row)
        labels[key].add(example.labels[0])
    return [(row, first[key]) for row, key in enumerate(keys) if len(labels[key]) > 1]


def _listed(items: Sequence[str]) -> str:
    shown = ", ".join(items[:_SHOWN])
    return shown + (f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else "")
