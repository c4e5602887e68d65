"""All rows of a training: the parent's and the new ones, under one label set, weighed, the test part held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model.examples import Example
from pipeline.model.label_changes import Break, breaks_as_dicts, read_label_changes, relabel
from pipeline.model.manifest import read_manifest
from pipeline.records import Reject
from pipeline.resources import data_file
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer, read_word_list
from pipeline.workflow.models.labelled_rows import place_of, read_labelled, without_contradictions
from pipeline.workflow.models.lineage import Parent, Table, masked, open_parent, replaced, split, weighed

if TYPE_CHECKING:
    from pipeline.workflow.models.learning import TrainOptions

QUEUE_COLUMNS = ("text", "old_label", "label", "cause")
_LEAST_ROWS = 5


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Every row that was read is in ``table``, in ``queue`` (a person decides) or in ``rejects``."""

    table: Table
    queue: tuple[Example, ...]
    rejects: tuple[Reject, ...]
    contradictions: int
    inherited: int
    preparer: Preparer
    parent: Parent | None
    lineage: dict[str, Any]

    @property
    def count(self) -> int:
        """Rows read, the parent's included."""
        return len(self.table.rows) + len(self.queue) + len(self.rejects)

    @property
    def shipped(self) -> bool:
        """Whether the rows travel with genyin anyway, so that the model needs no copy of them."""
        return "shipped" in self.lineage["table"]

    def queue_cells(self) -> list[tuple[str, str, str, str]]:
        """The queue as rows under ``QUEUE_COLUMNS``, texts masked, the new label empty."""
        texts = masked([one.text for one in self.queue], self.preparer)
        return [(text, "|".join(one.labels), "", one.cause) for one, text in zip(self.queue, texts, strict=True)]


def gather_rows(inputs: Sequence[str | Path], options: "TrainOptions") -> TrainingRows:
    """Bring together what a training learns from; raises as reading and relabelling do."""
    labelled = read_labelled(inputs, options.columns)
    parent = open_parent(options.parent) if options.parent else None
    preparer = _preparer(options, parent)
    old, gone = replaced(parent.table.rows, labelled.examples, preparer) if parent else ([], [])
    examples = weighed(old, labelled.examples, options.weights, options.half_life)
    examples, queue, breaks = _relabelled(examples, options.changes)
    kept, contradictory = without_contradictions(examples, preparer)
    least = options.training.least_rows if options.training else _LEAST_ROWS
    table = split(kept, preparer, least) if options.hold_back else Table(tuple(kept), ())
    return TrainingRows(
        table=table,
        queue=queue,
        rejects=(*labelled.rejects, *map(_replaced, gone), *contradictory),
        contradictions=len(contradictory),
        inherited=len(parent.table.rows) if parent else 0,
        preparer=preparer,
        parent=parent,
        lineage=_lineage(inputs, options, parent, table, breaks),
    )


def _preparer(options: "TrainOptions", parent: Parent | None) -> Preparer:
    if parent and not options.dictionary and not options.customer_side_only:
        return parent.preparer
    words: Sequence[str]
    words = parent.words if parent and not options.dictionary else read_word_list(options.dictionary, "userdict.txt")
    return Preparer.from_settings(CleaningOptions(customer_side_only=options.customer_side_only), words)


def _relabelled(
    examples: list[Example], changes: Path | None
) -> tuple[list[Example], tuple[Example, ...], tuple[Break, ...]]:
    if not changes:
        return examples, (), ()
    found = relabel(examples, read_label_changes(changes))
    return list(found.examples), found.queue, found.breaks


def _replaced(pair: tuple[Example, Example]) -> Reject:
    old, new = pair
    return Reject(*place_of(old), f"labelled again in {new.where}")


def _lineage(
    inputs: Sequence[str | Path],
    options: "TrainOptions",
    parent: Parent | None,
    table: Table,
    breaks: Sequence[Break],
) -> dict[str, Any]:
    shipped = [Path(one).name for one in inputs if _is_shipped(one)]
    is_shipped = not parent and not options.changes and len(shipped) == len(inputs)
    return {
        "parent": _name_card(parent.folder) if parent else None,
        "inherited": len(parent.table.rows) if parent else 0,
        "held_back": len(table.held),
        "weights": dict(options.weights),
        "half_life_days": options.half_life,
        "breaks": (parent.breaks if parent else []) + breaks_as_dicts(breaks),
        "table": {"shipped": shipped, "group": options.group, "splits": list(options.splits)} if is_shipped else {},
    }


def _is_shipped(path: str | Path) -> bool:
    ours = data_file(Path(path).name)
    return ours.is_file() and Path(path).resolve() == ours.resolve()


def _name_card(folder: Path) -> dict[str, str]:
    """By what a parent can be found and told from another of its name."""
    manifest = read_manifest(folder)
    return {
        "name": Path(folder).resolve().name,
        "data_sha256": manifest.get("trained", {}).get("data_sha256", ""),
        "weights_sha256": manifest["sha256"]["weights.npz"],
    }
