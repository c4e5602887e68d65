"""Candidate against active: compared on rows that neither has seen, made active only when it is not worse."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import ModelError, UsageError
from pipeline.model import store
from pipeline.model.comparing import TOO_FEW, Answers, Comparison, Flip, compare, flips
from pipeline.model.evaluating import Truth
from pipeline.model.examples import Example
from pipeline.model.manifest import read_manifest
from pipeline.model.registry import Registry, find_model
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.models.labelled_rows import LabelledColumns, read_labelled
from pipeline.workflow.models.lineage import keys_of, masked, table_of
from pipeline.workflow.report import now

if TYPE_CHECKING:
    from pipeline.model.classifying import Model

_MOST_DUMP_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What to compare on.

    ``labels``: further labelled files beside the frozen test parts of both models; ``dump``: a dump on which to say
    what would change; ``read``: how to read both; ``target_precision``: at which coverage is told.
    """

    labels: tuple[str, ...] = ()
    dump: tuple[str, ...] = ()
    read: ReadOptions = field(default_factory=ReadOptions)
    target_precision: float = 0.95


@dataclass(frozen=True, slots=True)
class ShownFlip:
    """A change of label on a dump, with examples as masked texts."""

    old: str
    new: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """A comparison by names; ``seen`` test rows were left out because a model had learned them or a copy of them.

    ``dump_rows`` and ``flips``: what would change on a dump. ``notes`` are messages for people.
    """

    candidate: str
    active: str
    result: Comparison
    seen: int
    dump_rows: int
    flips: tuple[ShownFlip, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Activation:
    """A model that became active; ``comparison`` is None after a rollback; ``reason`` where it was insisted on."""

    name: str
    previous: str
    comparison: ModelComparison | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Who switches models and why; a reason makes a model active that is worse."""

    who: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _TestPart:
    examples: list[Example]
    seen: int
    notes: tuple[str, ...]


def compare_models(
    candidate: str | Path, active: str | Path | None, registry: Path, options: CompareOptions | None = None
) -> ModelComparison:
    """Compare a candidate with the active model (or with the one named) on rows that neither has learned from."""
    options = options or CompareOptions()
    models = Registry(registry)
    folders = (find_model(active, registry) if active else models.active_path()), find_model(candidate, registry)
    loaded = store.load(folders[0]), store.load(folders[1])
    part = _test_part(folders, loaded[1].preparer, options)
    if not part.examples:
        raise ModelError(
            f"There is no labelled row that neither {folders[0].name} nor {folders[1].name} has learned from. Give "
            "labelled files of your own with --labels."
        )
    renamed = _renamed(folders)
    truth = _truth(part.examples, loaded, renamed)
    answers = [_answers(model, part.examples, truth.labels, renamed) for model in loaded]
    changed, rows = _changes(loaded, options)
    result = compare(truth, answers[0], answers[1], options.target_precision)
    return ModelComparison(folders[1].name, folders[0].name, result, part.seen, rows, changed, part.notes)


def _test_part(folders: Sequence[Path], preparer: Preparer, options: CompareOptions) -> _TestPart:
    """Rows held back by either model and given rows, but no learned ones and none with unlike labels in both."""
    tables = [table_of(folder) for folder in folders]
    given = read_labelled(options.labels, LabelledColumns(options.read)).examples if options.labels else []
    renamed = _renamed(folders)
    held = [table.held if table else () for table in tables]
    active = [replace(one, labels=tuple(renamed.get(label, label) for label in one.labels)) for one in held[0]]
    taught = [one for table in tables if table for one in table.learned]
    learned = set(keys_of(taught, preparer))
    told = [dict(zip(keys_of(rows, preparer), rows, strict=True)) for rows in (active, held[1], given)]
    disputed = {key for key, one in told[1].items() if key in told[0] and told[0][key].labels[0] != one.labels[0]}
    disputed -= told[2].keys()
    offered = {key: one for rows in told for key, one in rows.items() if key not in disputed}
    fair = _unlike([one for key, one in offered.items() if key not in learned], taught, preparer)
    notes = [
        f"{folder.name} does not hold the rows it was trained on: it may have seen some of the test rows."
        for folder, table in zip(folders, tables, strict=True)
        if table is None
    ]
    if disputed:
        notes.append(f"{len(disputed)} test rows do not count: the models were given different labels for them.")
    return _TestPart(fair, len(offered) - len(fair), tuple(notes))


def _unlike(offered: Sequence[Example], taught: Sequence[Example], preparer: Preparer) -> list[Example]:
    """Leave out what is a slightly edited copy of a row that was learned: whoever learned it knows the answer."""
    texts = masked([one.text for one in (*taught, *offered)], preparer)
    group = near_duplicates(texts).group
    known = set(group[: len(taught)].tolist())
    return [one for one, place in zip(offered, group[len(taught) :].tolist(), strict=True) if place not in known]


def _renamed(folders: Sequence[Path]) -> dict[str, str]:
    """Categories of the active model that go by another name in the candidate."""
    breaks = [read_manifest(folder).get("lineage", {}).get("breaks", []) for folder in folders]
    new = [one for one in breaks[1] if one not in breaks[0] and len(one["new"]) == 1]
    return {old: one["new"][0] for one in new for old in one["old"] if "/" not in old + one["new"][0]}


def _truth(examples: Sequence[Example], models: Sequence["Model"], renamed: Mapping[str, str]) -> Truth:
    told = {label for example in examples for label in example.labels}
    labels = tuple(sorted(told.union(renamed.values(), *(model.labels for model in models))))
    place = {label: i for i, label in enumerate(labels)}
    return Truth(labels, [tuple(place[label] for label in example.labels) for example in examples])


def _answers(model: "Model", examples: Sequence[Example], labels: Sequence[str], renamed: Mapping[str, str]) -> Answers:
    place = {label: i for i, label in enumerate(labels)}
    said = model.predict([example.text for example in examples])
    guess = [place[renamed.get(one.category, one.category)] for one in said]
    return Answers(np.array(guess), np.array([one.confidence for one in said]))


def _changes(models: Sequence["Model"], options: CompareOptions) -> tuple[tuple[ShownFlip, ...], int]:
    if not options.dump:
        return (), 0
    texts = [text for chunk in open_dump(options.dump, options.read).chunks() for text in chunk.texts]
    texts = texts[:: max(-(-len(texts) // _MOST_DUMP_ROWS), 1)]
    active, candidate = ([one.category for one in model.predict(texts)] for model in models)
    return tuple(_shown(flip, texts, models[1].preparer) for flip in flips(active, candidate)), len(texts)


def _shown(flip: Flip, texts: Sequence[str], preparer: Preparer) -> ShownFlip:
    examples = masked([texts[place] for place in flip.examples], preparer)
    return ShownFlip(flip.old, flip.new, flip.rows, tuple(examples))


def activate(
    name: str, registry: Path, options: CompareOptions | None = None, grounds: Grounds = Grounds()
) -> Activation:
    """Make a model the active one; ``ModelError`` where it is worse, or not known to be as good, and has no reason."""
    models = Registry(registry)
    previous = models.active
    if name == previous:
        raise UsageError(f"{name} is the active model already.")
    models.path(name)
    try:
        found = compare_models(name, None, registry, options)
    except ModelError:
        if not grounds.reason:
            raise
        found = None
    if not grounds.reason and found and not found.result.acceptable:
        _refuse(found)
    models.activate(name, {"at": now(), **asdict(grounds), **_journalled(found)})
    return Activation(name, previous, found, grounds.reason)


def _refuse(found: ModelComparison) -> None:
    result = found.result
    difference = f"{result.candidate_f1:.3f}", f"{result.active_f1:.3f}"
    if result.verdict == TOO_FEW:
        raise ModelError(
            f"{found.candidate} was not activated: {result.rows} test rows that neither model has seen are too few to "
            "tell. Label more, give labelled files with --labels, or activate it all the same with --reason WHY, which "
            "is recorded."
        )
    if result.worse_labels:
        raise ModelError(
            f"{found.candidate} was not activated: it is worse at {', '.join(result.worse_labels)} (macro-F1 "
            f"{difference[0]} against {difference[1]} on {result.rows} rows). Activate it all the same with --reason "
            "WHY, which is recorded."
        )
    raise ModelError(
        f"{found.candidate} was not activated: it is no better than {found.active} (macro-F1 {difference[0]} against "
        f"{difference[1]} on {result.rows} rows). Activate it all the same with --reason WHY, which is recorded."
    )


def _journalled(found: ModelComparison | None) -> dict[str, Any]:
    if not found:
        return {"verdict": "not_compared"}
    result = found.result
    return {
        "verdict": result.verdict,
        "rows": result.rows,
        "macro_f1": [round(result.active_f1, 4), round(result.candidate_f1, 4)],
        "difference": [round(result.macro_f1.low, 4), round(result.macro_f1.high, 4)],
        "mcnemar_p": round(result.p_value, 6),
    }


def rollback(registry: Path, grounds: Grounds = Grounds()) -> Activation:
    """Go back to the model that was active before."""
    models = Registry(registry)
    previous = models.active
    return Activation(models.rollback({"at": now(), **asdict(grounds)}), previous, None, grounds.reason)
