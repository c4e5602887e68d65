"""How much more labels would bring: the score measured on growing parts of the rows, and a curve through it.

The curve is the inverse power law: error(n) = c + a * n ** -b (Figueroa et al. 2012, "Predicting sample size required
for classification performance"), fitted by least squares weighed by n. Its intervals come from fitting it again and
again to scores drawn anew from the folds of each size (bootstrap).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TrainingError
from pipeline.model.evaluating import Interval
from pipeline.model.examples import Example, make_targets
from pipeline.model.fitting import Learner, fit_head
from pipeline.model.folding import grouped_folds, joined_groups
from pipeline.model.vectorising import Documents, Vectoriser
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

STOP, GO_ON, NOT_BY_LABELS, NO_CONTROL = "stop", "go_on", "more_labels_do_not_help", "no_control_sample"
_STEPS = 6
_LEAST = 60
_RESAMPLES = 500
_POWERS = np.linspace(0.05, 1.5, 60)
_WORTH_IT = 0.005
_MORE = (200, 500, 1000)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Macro-F1 on rows held out after learning from ``rows`` rows: the mean over folds, and each fold's."""

    rows: int
    score: float
    folds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What ``more`` labels would bring: macro-F1 then, and the gain over now, with 95 % intervals."""

    more: int
    score: Interval
    gain: Interval


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Measured points, and the curve error(n) = ``floor`` + ``scale`` * n ** -``power`` with its forecasts."""

    points: tuple[CurvePoint, ...]
    floor: float
    scale: float
    power: float
    forecasts: tuple[Forecast, ...]


@dataclass(frozen=True, slots=True)
class StoppingHint:
    """Whether to go on labelling: ``code`` is stop, go_on, more_labels_do_not_help or no_control_sample.

    ``error`` is the share of control rows that the model had wrong, with its 95 % interval; None where nobody knows.
    """

    code: str
    error: Interval | None


def learning_curve(
    examples: Sequence[Example], preparer: Preparer, learner: Learner, folds: int = 5, more: Sequence[int] = _MORE
) -> LearningCurve:
    """Measure and fit the curve; ``TrainingError`` with too few rows for one."""
    prepared = preparer.prepare([example.text for example in examples])
    documents = Documents(prepared.texts, prepared.tokens)
    labels = {label: i for i, label in enumerate(sorted({one.labels[0] for one in examples}))}
    primary = np.array([labels[one.labels[0]] for one in examples])
    groups = joined_groups(near_duplicates(prepared.texts).group, [one.group for one in examples])
    fold = grouped_folds(primary, groups, folds, 0)
    sizes = _sizes(int((fold != 0).sum()))
    scores = np.zeros((len(sizes), int(fold.max()) + 1))
    for number in range(scores.shape[1]):
        order = np.random.default_rng(number).permutation(np.flatnonzero(fold != number))
        held = np.flatnonzero(fold == number)
        for step, size in enumerate(sizes):
            scores[step, number] = _score(examples, documents, learner, order[:size], held)
    points = tuple(
        CurvePoint(int(n), float(row.mean()), tuple(row.tolist())) for n, row in zip(sizes, scores, strict=True)
    )
    return fit_curve(points, more)


def _sizes(most: int) -> Ints:
    if most < 2 * _LEAST:
        raise TrainingError(
            f"A learning curve needs {2 * _LEAST} labelled rows to learn from beside those it is measured on; there "
            f"are {most}. Label more first."
        )
    return np.unique(np.geomspace(max(_LEAST, most / 16), most, _STEPS).round().astype(int))


def _score(examples: Sequence[Example], documents: Documents, learner: Learner, seen: Ints, held: Ints) -> float:
    """Macro-F1 on ``held`` after learning from ``seen``; labels that were not seen count as missed."""
    from sklearn.metrics import f1_score

    targets = make_targets([examples[row] for row in seen], 5)
    known = documents.take(seen)
    vectoriser = Vectoriser().fit(known)
    head = fit_head(vectoriser.transform(known), targets.signs(), learner)
    margins = targets.leaves.pooled(head.margins(vectoriser.transform(documents.take(held))))
    said = [targets.leaves.categories[place] for place in margins.argmax(axis=1)]
    truth = [examples[row].labels[0] for row in held]
    return float(f1_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0.0))


def fit_curve(points: Sequence[CurvePoint], more: Sequence[int] = _MORE) -> LearningCurve:
    """Fit the inverse power law to measured points and forecast from the largest of them."""
    sizes = np.array([point.rows for point in points], float)
    folds = [np.array(point.folds) for point in points]
    random = np.random.default_rng(20261122)
    drawn = [random.choice(scores, (_RESAMPLES, len(scores))).mean(axis=1) for scores in folds]
    errors = 1 - np.vstack([[point.score for point in points], np.column_stack(drawn)])
    floor, scale, power = _power_law(sizes, errors)

    def score(rows: float) -> Floats:
        return 1 - floor - scale * rows**-power

    now = sizes[-1]
    forecasts = tuple(
        Forecast(int(extra), _interval(score(now + extra)), _interval(score(now + extra) - score(now)))
        for extra in more
    )
    return LearningCurve(tuple(points), float(floor[0]), float(scale[0]), float(power[0]), forecasts)


def _power_law(sizes: Floats, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """Least squares per row of ``errors`` (rows, sizes), weighed by size, with floor >= 0 and scale >= 0.

    For a given power the law is linear, so the best of a grid of powers is taken.
    """
    weights = np.sqrt(sizes / sizes.sum())
    best = np.full(len(errors), np.inf)
    found = np.zeros((3, len(errors)))
    for power in _POWERS:
        base = sizes**-power
        for law in (np.column_stack([np.ones_like(base), base]), base[:, None], np.ones_like(base)[:, None]):
            solved = np.linalg.lstsq(law * weights[:, None], (errors * weights).T, rcond=None)[0]
            missed = (((law @ solved).T - errors) ** 2 * weights**2).sum(axis=1)
            floor = solved[0] if law.shape[1] == 2 or law[0, 0] == 1 else np.zeros(len(errors))
            scale = solved[1] if law.shape[1] == 2 else solved[0] if law[0, 0] != 1 else np.zeros(len(errors))
            better = (floor >= 0) & (scale >= 0) & (missed < best - 1e-15)
            best[better] = missed[better]
            found[:, better] = np.vstack([floor, scale, np.full(len(errors), power)])[:, better]
    return found[0], found[1], found[2]


def _interval(values: Floats) -> Interval:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def stopping_hint(curve: LearningCurve, error: Interval | None, target: float = 0.95) -> StoppingHint:
    """Say whether more labels are worth it: when 200 more bring less than 0.005, and the control sample is good enough.

    ``error``: the share of wrong answers in the control sample, None without one; it is good enough when it lies below
    1 - ``target`` for certain (upper end of its interval).
    """
    if curve.forecasts[0].gain.high >= _WORTH_IT:
        return StoppingHint(GO_ON, error)
    if error is None:
        return StoppingHint(NO_CONTROL, error)
    return StoppingHint(STOP if error.high <= 1 - target else NOT_BY_LABELS, error)
