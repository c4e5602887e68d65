"""Train a model from labelled dumps, and measure a model on labelled dumps."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import InputError
from pipeline.model import store
from pipeline.model.drift import reference_of
from pipeline.model.evaluating import Evaluation, Truth, as_dict, cause_score
from pipeline.model.evaluating import evaluate as measure
from pipeline.model.examples import Example
from pipeline.model.registry import refuse_overwriting
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.text.reading import ReadOptions
from pipeline.workflow.classifying import load_model
from pipeline.workflow.models.card import write_card
from pipeline.workflow.models.labelled_rows import LabelledColumns, read_labelled
from pipeline.workflow.models.lineage import TABLE, data_fingerprint, table_bytes
from pipeline.workflow.models.training_rows import QUEUE_COLUMNS, TrainingRows, gather_rows
from pipeline.workflow.report import REJECT_COLUMNS, now, reject_rows, versions

if TYPE_CHECKING:
    from pipeline.model.training import Trained, TrainingSettings

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to read and train.

    ``group``: header of a column whose rows stay together in cross-validation; ``splits``: headers by which the model
    card reports apart; ``dictionary``, ``stopwords``: word lists, None = the parent's or the shipped ones; the rest as
    in ``TrainingSettings``, of which ``training`` gives the finer ones (None = defaults).

    ``parent``: model folder to go on from: its rows are learned too, with its learner and its way of preparing texts.
    ``changes``: file of changes of the label set. ``weights``: what rows count by their source ("parent": the parent's
    rows); ``half_life``: days after which a label counts half. ``hold_back``: leave the frozen test part out.
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
    parent: Path | None = None
    changes: Path | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    half_life: float | None = None
    hold_back: bool = True

    @property
    def columns(self) -> LabelledColumns:
        """What to read of a labelled dump."""
        return LabelledColumns(self.read, self.group, self.splits)


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What training did: rows learned from, held back and set aside, the measured quality, and where the model is.

    ``rows`` = ``used`` + ``held_back`` + ``queued`` + ``rejected``; ``inherited`` of them come from the parent;
    ``queued`` wait for a person, because a change of the label set does not say what they are. ``unmeasured``: labels
    whose rows are all near-copies of each other (or of one group), so that their figures say nothing.
    ``other_edition``: the parent's rows are those of the corpus as shipped today, not those it was trained on.
    """

    model: Path
    rows: int
    used: int
    rejected: int
    learner: str
    tried: dict[str, float]
    evaluation: Evaluation
    seconds: float
    contradictions: int
    held_back: int = 0
    inherited: int = 0
    queued: int = 0
    unmeasured: tuple[str, ...] = ()
    other_edition: bool = False


def train(
    inputs: Sequence[str | Path],
    model: str | Path,
    options: TrainOptions | None = None,
    progress: Progress = lambda step, share: None,
) -> TrainReport:
    """Train a model folder from labelled dumps; raises ``TrainingError`` when the rows cannot give one.

    Rows whose cleaned text stands there with another label are set aside and listed in ``rejected.csv`` in the model's
    folder, with every other row that could not be used. A tenth of the texts, always the same, is held back to compare
    models on. The rows themselves stay with the model, masked (``lineage``).
    """
    from dataclasses import replace

    from pipeline.model.training import train as fit

    options = options or TrainOptions()
    clock, started = time.perf_counter(), now()
    refuse_overwriting(Path(model))
    rows = gather_rows(inputs, options)
    settings = _settings(options, rows)
    trained = fit(rows.table.learned, rows.preparer, settings, progress)
    info = _info(rows, inputs, trained, settings, started)
    card = write_card(trained, rows.table.learned, info)
    beside = {} if rows.shipped else {TABLE: table_bytes(rows.table, rows.preparer)}
    folder = store.save(replace(trained.model, info=info), Path(model), card, beside)
    _list_unused(rows, folder, options.lang)
    return TrainReport(
        model=folder,
        rows=rows.count,
        used=len(rows.table.learned),
        rejected=len(rows.rejects),
        learner=str(trained.learner),
        tried=trained.tried,
        evaluation=trained.evaluation,
        seconds=round(time.perf_counter() - clock, 1),
        contradictions=rows.contradictions,
        held_back=len(rows.table.held),
        inherited=rows.inherited,
        queued=len(rows.queue),
        unmeasured=trained.unmeasured,
        other_edition=bool(rows.parent and rows.parent.other_edition),
    )


def _settings(options: TrainOptions, rows: TrainingRows) -> "TrainingSettings":
    from dataclasses import replace

    from pipeline.model.training import TrainingSettings
    from pipeline.text.preparing import read_word_list

    settings = options.training or TrainingSettings()
    learner = rows.parent.learner if rows.parent else None
    return replace(
        settings,
        # a few more rows do not change which learner is best, and trying all takes five times as long
        learners=(learner,) if learner and not options.training else settings.learners,
        target_precision=options.target_precision,
        cause_precision=options.cause_precision,
        folds=options.folds,
        jobs=options.jobs,
        stop_words=frozenset(
            rows.parent.stop_words
            if rows.parent and not options.stopwords
            else read_word_list(options.stopwords, "stopwords.txt")
        ),
    )


def _list_unused(rows: TrainingRows, folder: Path, lang: str) -> None:
    with result_folder(folder) as results:
        if rows.rejects:
            with open_table(results.path("rejected.csv"), REJECT_COLUMNS, "csv") as table:
                table.write(reject_rows(rows.rejects, lang))
        if rows.queue:
            with open_table(results.path("queue.csv"), QUEUE_COLUMNS, "csv") as table:
                table.write(rows.queue_cells())


def evaluate(
    inputs: Sequence[str | Path], model: str | Path | None = None, options: TrainOptions | None = None
) -> Evaluation:
    """Measure a model on labelled dumps it was not trained on; ``InputError`` for labels the model does not know."""
    options = options or TrainOptions()
    used = load_model(model)
    labelled = read_labelled(inputs, options.columns)
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


def _info(
    rows: TrainingRows, inputs: Sequence[str | Path], trained: "Trained", settings: "TrainingSettings", started: str
) -> dict[str, Any]:
    examples = rows.table.learned
    return {
        "trained": {
            "at": started,
            "rows": len(examples),
            "files": [Path(one).name for one in inputs],
            "data_sha256": data_fingerprint(examples),
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
            **_own_stop_words(settings),
        },
        "metrics": as_dict(trained.evaluation),
        "lineage": rows.lineage,
        "reference": reference_of(trained, [example.text for example in examples], settings.stop_words),
    }


def _own_stop_words(settings: "TrainingSettings") -> dict[str, list[str]]:
    """The stop words, if they are not the shipped ones: a child of the model and its drift need them."""
    from pipeline.text.preparing import read_word_list

    own = settings.stop_words != frozenset(read_word_list(None, "stopwords.txt"))
    return {"stop_words": sorted(settings.stop_words)} if own else {}


def training_json(report: TrainReport) -> str:
    """The report as JSON."""
    plain = {**asdict(report), "model": str(report.model), "evaluation": as_dict(report.evaluation)}
    return json.dumps(plain, ensure_ascii=False, indent=1)


def evaluation_json(evaluation: Evaluation) -> str:
    """The evaluation as JSON."""
    return json.dumps(as_dict(evaluation), ensure_ascii=False, indent=1)
