"""Whether more labels are worth the work: the learning curve of a model's rows, and what the control sample says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.label_entries import LabelEntry
from pipeline.labels.control import control_errors
from pipeline.labels.label_store import settle
from pipeline.model.evaluating import Interval
from pipeline.model.learning_curve import LearningCurve, StoppingHint, learning_curve, stopping_hint
from pipeline.workflow.models.lineage import open_parent


@dataclass(frozen=True, slots=True)
class WorthOptions:
    """``answers``: the history of a label store, for its control sample; ``folds`` per measurement."""

    answers: Sequence[LabelEntry] = ()
    folds: int = 3
    target_precision: float = 0.95


@dataclass(frozen=True, slots=True)
class LabellingWorth:
    """The curve of a model's rows, and the hint that follows from it and from the control sample."""

    model: str
    curve: LearningCurve
    hint: StoppingHint
    control_rows: int
    control_errors: int


def labelling_worth(model: Path, options: WorthOptions = WorthOptions()) -> LabellingWorth:
    """Measure the learning curve on the rows of a model and say whether to go on labelling."""
    parent = open_parent(model)
    learner = parent.learner
    if learner is None:
        raise ModelError(f"{model} does not say which learner it was trained with; train it again.")
    control = control_errors(settle(options.answers).values())
    error = None if control.share is None else Interval(control.share, control.low, control.high)
    curve = learning_curve(parent.table.learned, parent.preparer, learner, options.folds)
    hint = stopping_hint(curve, error, options.target_precision)
    return LabellingWorth(Path(model).name, curve, hint, control.asked, control.wrong)
