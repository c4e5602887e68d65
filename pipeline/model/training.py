"""Labelled complaints to a model: choose the learner by grouped cross-validation, calibrate, set thresholds, fit.

This module and those it alone uses are the only ones that need scikit-learn. The outcome depends on the rows and the
settings alone: not on the number of jobs, nor on the machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.model.calibrating import (
    NEVER,
    answer_thresholds,
    assign_thresholds,
    fit_labels,
    fit_lead,
    novelty_threshold,
)
from pipeline.model.classifying import Calibration, Model, Thresholds, lead_evidence, leaf_shares, sigmoid
from pipeline.model.evaluating import CauseScore, Evaluation, Truth, cause_score, coverage_at, evaluate
from pipeline.model.examples import Example, Targets, check_examples, make_targets
from pipeline.model.fitting import Learner, fit_head
from pipeline.model.folding import grouped_folds, joined_groups
from pipeline.model.vectorising import BLOCKS, Block, Documents, Vectoriser
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
Progress = Callable[[str, float], None]

LEARNERS = (
    Learner("svm", 1),
    Learner("svm", 2),
    Learner("svm", 1, entropy=False),
    Learner("svm", 2, entropy=False),
    Learner("logistic", 16),
)


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How to train.

    ``target_precision`` / ``cause_precision`` / ``further_precision``: what answered categories, named causes and
    further categories shall reach; ``balanced``: rare
    causes weigh more; ``least_rows``: rows a label or cause needs; ``jobs``: processes, -1 = all cores.
    """

    target_precision: float = 0.95
    cause_precision: float = 0.7
    further_precision: float = 0.7
    folds: int = 5
    seed: int = 0
    jobs: int = -1
    blocks: tuple[Block, ...] = BLOCKS
    learners: tuple[Learner, ...] = LEARNERS
    balanced: bool = True
    least_rows: int = 5
    stop_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and how good it is on rows it had not seen.

    ``tried``: macro-F1 of every learner; ``guesses``, ``confidence``, ``folds``: the out-of-fold answers behind
    ``evaluation``, per row; ``review``: whether the model would have sent the row to a person; ``unmeasured``: labels
    whose rows are all near-copies of each other or of one group, so that none was foretold from others.
    """

    model: Model
    evaluation: Evaluation
    learner: Learner
    tried: dict[str, float]
    guesses: Ints
    confidence: Floats
    folds: Ints
    review: NDArray[np.bool_]
    unmeasured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker process needs to work on any fold."""

    documents: Documents
    targets: Targets
    folds: Ints
    settings: TrainingSettings
    weights: Floats


def train(
    examples: Sequence[Example],
    preparer: Preparer,
    settings: TrainingSettings | None = None,
    progress: Progress = lambda step, share: None,
) -> Trained:
    """Train on labelled rows; ``TrainingError`` says what is wrong with them."""
    settings = settings or TrainingSettings()
    check_examples(examples, settings.least_rows)
    progress("prepare", 0.0)
    prepared = preparer.prepare([example.text for example in examples])
    documents = Documents(prepared.texts, prepared.tokens)
    targets = make_targets(examples, settings.least_rows)
    groups = joined_groups(near_duplicates(prepared.texts).group, [example.group for example in examples])
    folds = grouped_folds(targets.primary, groups, settings.folds, settings.seed)
    task = _Task(documents, targets, folds, settings, np.array([example.weight for example in examples]))
    unseen = _cross_validate(task, progress)
    tried = {learner: _macro_f1(unseen[learner], targets) for learner in settings.learners}
    learner = max(settings.learners, key=lambda one: tried[one])
    progress("fit", 0.9)
    trained = _finish(task, preparer, unseen[learner], learner, {str(one): score for one, score in tried.items()})
    return replace(trained, unmeasured=_of_one_group(targets, groups))


def _of_one_group(targets: Targets, groups: Ints) -> tuple[str, ...]:
    """Labels all of whose rows are of one group: wherever they are foretold, nothing like them was learned."""
    labels = enumerate(targets.leaves.categories)
    return tuple(label for place, label in labels if len(np.unique(groups[targets.primary == place])) == 1)


def _cross_validate(task: _Task, progress: Progress) -> dict[Learner, Floats]:
    """Return each learner's leaf margins of every row, by a layer that did not see the row's fold."""
    from joblib import Parallel, delayed

    settings = task.settings
    numbers = range(int(task.folds.max()) + 1)
    work = [(number, learner) for number in numbers for learner in settings.learners]
    jobs = (delayed(_fold)(task, number, learner) for number, learner in work)
    width = len(task.targets.leaves.causes)
    margins: dict[Learner, Floats] = {one: np.zeros((len(task.folds), width)) for one in settings.learners}
    for done, ((number, learner), held) in enumerate(
        zip(work, Parallel(n_jobs=settings.jobs, return_as="generator")(jobs), strict=True), start=1
    ):
        margins[learner][task.folds == number] = held
        progress("cross-validate", 0.05 + 0.85 * done / len(work))
    return margins


def _fold(task: _Task, number: int, learner: Learner) -> Floats:
    settings = task.settings
    seen, held = np.flatnonzero(task.folds != number), np.flatnonzero(task.folds == number)
    vectoriser = Vectoriser(settings.blocks, settings.stop_words).fit(task.documents.take(seen))
    known = vectoriser.transform(task.documents.take(seen))
    head = fit_head(known, task.targets.take(seen).signs(), learner, settings.balanced, task.weights[seen])
    return head.margins(vectoriser.transform(task.documents.take(held)))


def _macro_f1(leaf_margins: Floats, targets: Targets) -> float:
    from sklearn.metrics import f1_score

    guess = targets.leaves.pooled(leaf_margins).argmax(axis=1)
    return float(f1_score(targets.primary, guess, average="macro"))


def _finish(task: _Task, preparer: Preparer, unseen: Floats, learner: Learner, tried: dict[str, float]) -> Trained:
    settings, targets = task.settings, task.targets
    margins = targets.leaves.pooled(unseen)
    best = margins.argmax(axis=1)
    confidence = _cross_fitted(margins, best, best == targets.primary, task.folds)
    calibration, thresholds = _calibrate(unseen, margins, confidence, targets, settings)
    vectoriser = Vectoriser(settings.blocks, settings.stop_words).fit(task.documents)
    head = fit_head(vectoriser.transform(task.documents), targets.signs(), learner, settings.balanced, task.weights)
    model = Model(preparer, vectoriser, targets.leaves, head, calibration, thresholds)
    causes = _cause_score(unseen, targets, calibration) if any(targets.leaves.causes) else None
    evaluation = evaluate(Truth(targets.leaves.categories, targets.sets), best, confidence, causes)
    review = (unseen.max(axis=1) < thresholds.novel) | (confidence < thresholds.answer[best])
    return Trained(model, evaluation, learner, tried, best, confidence, task.folds, review)


def _cross_fitted(margins: Floats, best: Ints, right: NDArray[np.bool_], folds: Ints) -> Floats:
    """Confidence of every row by a calibration that did not see the row's fold."""
    confidence = np.zeros(len(margins))
    for fold in range(int(folds.max()) + 1):
        held = folds == fold
        line = fit_lead(margins[~held], best[~held], right[~held])
        confidence[held] = sigmoid(lead_evidence(margins[held], best[held]) @ line)
    return confidence


def _calibrate(
    unseen: Floats, margins: Floats, confidence: Floats, targets: Targets, settings: TrainingSettings
) -> tuple[Calibration, Thresholds]:
    best = margins.argmax(axis=1)
    right = best == targets.primary
    leaf = targets.leaves.best(unseen, best)
    known = np.array(targets.leaves.causes)[targets.leaf] != ""
    cause_line = fit_lead(unseen[known], leaf[known], leaf[known] == targets.leaf[known])
    slopes, intercepts = fit_labels(margins, targets.members())
    calibration = Calibration(slopes, intercepts, fit_lead(margins, best, right), cause_line)
    sure = calibration.cause_confidence(unseen[known], leaf[known])
    named = coverage_at(settings.cause_precision, sure, leaf[known] == targets.leaf[known])
    thresholds = Thresholds(
        answer_thresholds(best, confidence, right, len(targets.leaves.categories), settings.target_precision),
        assign_thresholds(calibration.probabilities(margins), targets.members(), best, settings.further_precision),
        named.threshold if named.coverage > 0 else NEVER,
        novelty_threshold(unseen),
    )
    return calibration, thresholds


def _cause_score(unseen: Floats, targets: Targets, calibration: Calibration) -> CauseScore:
    """Rank the causes of all categories together, as the model does."""
    names = targets.leaves.causes
    order = np.argsort(-leaf_shares(unseen, calibration), axis=1, kind="stable")
    ranked = [[names[i] for i in row if names[i]][:3] for row in order[:, :4].tolist()]
    return cause_score([names[leaf] for leaf in targets.leaf], ranked, sum(1 for name in names if name))
