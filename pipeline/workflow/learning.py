"""Train a model from labelled dumps, and measure a model on labelled dumps."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import InputError, TrainingError, UsageError
from pipeline.model import store
from pipeline.model.evaluating import Evaluation, Truth, as_dict, cause_score
from pipeline.model.evaluating import evaluate as measure
from pipeline.model.examples import Example, contradictions, parse_labels
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.records import Chunk, Reject, Role
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer, read_word_list
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.workflow.card import write_card
from pipeline.workflow.classifying import load_model
from pipeline.workflow.report import REJECT_COLUMNS, now, reject_rows, versions

if TYPE_CHECKING:
    from pipeline.model.training import Trained, TrainingSettings

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to read and train.

    ``group``: header of a column whose rows stay together in cross-validation; ``splits``: headers by which the model
    card reports apart; ``dictionary``, ``stopwords``: word lists, None = the shipped ones; the rest as in
    ``TrainingSettings``, of which ``training`` gives the finer ones (None = defaults).
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    group: str = ""
    splits: tuple[str, ...] = ()
    dictionary: Path | None = None
    stopwords: Path | None = None
    customer_side_only: bool = False
    target_precision: float = 0.95
    cause_precision: float = 0.7
    folds: int = 5
    jobs: int = -1
    lang: str = "en"
    training: "TrainingSettings | None" = None


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What training did: rows learned from and set aside, the measured quality, and where the model is."""

    model: Path
    rows: int
    used: int
    rejected: int
    learner: str
    tried: dict[str, float]
    evaluation: Evaluation
    seconds: float
    contradictions: int


@dataclass(frozen=True, slots=True)
class _Labelled:
    """Labelled rows of all sources, and those that cannot be used."""

    examples: list[Example]
    rejects: list[Reject]


def train(
    inputs: Sequence[str | Path],
    model: str | Path,
    options: TrainOptions | None = None,
    progress: Progress = lambda step, share: None,
) -> TrainReport:
    """Train a model folder from labelled dumps; raises ``TrainingError`` when the rows cannot give one.

    Rows whose cleaned text stands there with another label are set aside and listed in ``rejected.csv`` in the model's
    folder, with every other row that could not be used.
    """
    from dataclasses import replace

    from pipeline.model.training import TrainingSettings
    from pipeline.model.training import train as fit

    options = options or TrainOptions()
    clock, started = time.perf_counter(), now()
    labelled = read_labelled(inputs, options)
    words = read_word_list(options.dictionary, "userdict.txt")
    preparer = Preparer.from_settings(CleaningOptions(customer_side_only=options.customer_side_only), words)
    kept, contradictory = _without_contradictions(labelled.examples, preparer)
    settings = replace(
        options.training or TrainingSettings(),
        target_precision=options.target_precision,
        cause_precision=options.cause_precision,
        folds=options.folds,
        jobs=options.jobs,
        stop_words=frozenset(read_word_list(options.stopwords, "stopwords.txt")),
    )
    trained = fit(kept, preparer, settings, progress)
    rejects = [*labelled.rejects, *contradictory]
    info = _info(kept, inputs, trained, settings, started)
    card = write_card(trained, kept, info)
    folder = store.save(replace(trained.model, info=info), Path(model), card)
    if rejects:
        _list_rejects(rejects, folder, options.lang)
    return TrainReport(
        model=folder,
        rows=len(labelled.examples) + len(labelled.rejects),
        used=len(kept),
        rejected=len(rejects),
        learner=str(trained.learner),
        tried=trained.tried,
        evaluation=trained.evaluation,
        seconds=round(time.perf_counter() - clock, 1),
        contradictions=len(contradictory),
    )


def _list_rejects(rejects: Sequence[Reject], folder: Path, lang: str) -> None:
    with (
        result_folder(folder) as results,
        open_table(results.path("rejected.csv"), REJECT_COLUMNS, "csv") as table,
    ):
        table.write(reject_rows(rejects, lang))


def evaluate(
    inputs: Sequence[str | Path], model: str | Path | None = None, options: TrainOptions | None = None
) -> Evaluation:
    """Measure a model on labelled dumps it was not trained on; ``InputError`` for labels the model does not know."""
    options = options or TrainOptions()
    used = load_model(model)
    labelled = read_labelled(inputs, options)
    known = {label: i for i, label in enumerate(used.labels)}
    foreign = sorted({label for e in labelled.examples for label in e.labels} - known.keys())
    if foreign:
        raise InputError(
            f"The model does not know the label {', '.join(map(repr, foreign))}; "
            f"it knows {', '.join(map(repr, used.labels))}. Correct the labels or train a model with them."
        )
    if not labelled.examples:
        raise InputError("There is no labelled row to measure on. Check the label column (--column label=HEADER).")
    texts = [example.text for example in labelled.examples]
    predictions = used.predict(texts)
    truth = Truth(used.labels, [tuple(known[label] for label in e.labels) for e in labelled.examples])
    guess = np.array([known[one.category] for one in predictions])
    confidence = np.array([one.confidence for one in predictions])
    return measure(truth, guess, confidence, _causes(used, labelled.examples, texts))


def _causes(model: Any, examples: Sequence[Example], texts: Sequence[str]) -> Any:
    learned = {cause for names in model.causes.values() for cause in names}
    if not learned or not any(example.cause in learned for example in examples):
        return None
    ranked = [[cause for cause, _ in row] for row in model.rank_causes(texts)]
    return cause_score([e.cause if e.cause in learned else "" for e in examples], ranked, len(learned))


def read_labelled(inputs: Sequence[str | Path], options: TrainOptions) -> _Labelled:
    """Read rows with their labels; a row without a label, or without a text, is a reject."""
    dump = open_dump(inputs, options.read)
    labels = _column(dump, Role.LABEL, "label")
    found = _Labelled([], [])
    for chunk in dump.chunks():
        found.rejects.extend(chunk.rejects)
        for example in _examples(chunk, labels[chunk.source, chunk.sheet], _causes_column(dump, chunk), options):
            if example.labels:
                found.examples.append(example)
            else:
                file, _, row = example.where.rpartition(":")
                found.rejects.append(Reject(file, int(row), "the label is empty", chunk.sheet))
    return found


def _examples(chunk: Chunk, label: str, cause: str, options: TrainOptions) -> Iterator[Example]:
    def cells(header: str) -> list[str]:
        if not header:
            return [""] * len(chunk)
        try:
            return chunk.column(header)
        except KeyError:
            raise UsageError(
                f"{chunk.source} has no column {header!r}; its columns are {', '.join(chunk.headers)}."
            ) from None

    parts = [cells(header) for header in options.splits]
    columns = zip(chunk.texts, cells(label), cells(cause), cells(options.group), chunk.numbers, strict=True)
    for place, (text, cell, below, group, row) in enumerate(columns):
        names, named = parse_labels(cell, below)
        split = tuple(f"{header}={values[place]}" for header, values in zip(options.splits, parts, strict=True))
        yield Example(text, names, named, group, split, f"{chunk.source}:{row}")


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


def _without_contradictions(examples: list[Example], preparer: Preparer) -> tuple[list[Example], list[Reject]]:
    """Set aside rows whose text also stands there with another label: no one can say which is right."""
    keys = preparer.cleaner.clean_many([example.text for example in examples])
    pairs = contradictions(examples, keys)
    rejects = []
    for row, first in pairs:
        file, _, number = examples[row].where.rpartition(":")
        other = examples[first] if first != row else examples[next(r for r, f in pairs if f == row and r != row)]
        rejects.append(
            Reject(
                file,
                int(number),
                f"contradictory duplicate: labelled {'|'.join(examples[row].labels)} here and "
                f"{'|'.join(other.labels)} in {other.where}",
            )
        )
    aside = {row for row, _ in pairs}
    kept = [example for row, example in enumerate(examples) if row not in aside]
    if pairs and not kept:
        raise TrainingError(f"All {len(examples)} rows contradict each other: {rejects[0].reason}.")
    return kept, rejects


def _info(
    examples: Sequence[Example], inputs: Sequence[str | Path], trained: "Trained", settings: Any, started: str
) -> dict[str, Any]:
    digest = hashlib.sha256()
    for example in examples:
        digest.update(
            "\x1f".join((example.text, *example.labels, example.cause, "\n")).encode("utf-8", "surrogatepass")
        )
    return {
        "trained": {
            "at": started,
            "rows": len(examples),
            "files": [Path(one).name for one in inputs],
            "data_sha256": digest.hexdigest(),
            "versions": versions(),
        },
        "learner": str(trained.learner),
        "settings": {
            "target_precision": settings.target_precision,
            "cause_precision": settings.cause_precision,
            "folds": int(trained.folds.max()) + 1,
            "seed": settings.seed,
            "balanced": settings.balanced,
            "tried": {name: round(score, 4) for name, score in trained.tried.items()},
        },
        "metrics": as_dict(trained.evaluation),
    }


def training_json(report: TrainReport) -> str:
    """The report as JSON."""
    plain = {**asdict(report), "model": str(report.model), "evaluation": as_dict(report.evaluation)}
    return json.dumps(plain, ensure_ascii=False, indent=1)


def evaluation_json(evaluation: Evaluation) -> str:
    """The evaluation as JSON."""
    return json.dumps(as_dict(evaluation), ensure_ascii=False, indent=1)
