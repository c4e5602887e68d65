"""How good a classification is: metrics with intervals, reliability, confusion, coverage at a wanted precision."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

TARGETS = (0.8, 0.9, 0.95)
_BINS = 15
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % bootstrap percentile interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and F1 of one label; ``support`` is its number of rows in the truth."""

    label: str
    support: int
    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of rows that can be answered when the answers shall reach ``target`` precision.

    ``threshold`` is the least confidence that is answered; ``precision`` what those rows reach.
    """

    target: float
    coverage: float
    threshold: float
    precision: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows whose confidence fell into one bin: their mean confidence and the share that was right."""

    rows: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class CauseScore:
    """Root causes over all rows with a known cause: share with the true cause first, or among the first three."""

    rows: int
    causes: int
    top1: Interval
    top3: Interval


@dataclass(frozen=True, slots=True)
class Truth:
    """The right answers: per row its labels as places in ``labels``, the main one first; no row is without."""

    labels: tuple[str, ...]
    sets: Sequence[tuple[int, ...]]

    @property
    def primary(self) -> Ints:
        """The main label of every row."""
        return np.array([row[0] for row in self.sets], np.int64)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured on one set of rows.

    ``confusion[i][j]``: rows of label i called j. ``either``: share whose label is the main or a secondary one.
    ``ece``: expected calibration error of the confidence, 15 equal-width bins (Guo et al. 2017).
    """

    rows: int
    accuracy: Interval
    either: Interval
    macro_f1: Interval
    labels: tuple[LabelScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    ece: float
    reliability: tuple[ReliabilityBin, ...]
    coverage: tuple[Coverage, ...]
    causes: CauseScore | None = None


def evaluate(truth: Truth, guess: Ints, confidence: Floats, causes: CauseScore | None = None) -> Evaluation:
    """Compare guesses (places in ``truth.labels``) and their confidence with the truth."""
    primary = truth.primary
    confusion = confusion_matrix(primary, guess, len(truth.labels))
    right = guess == primary
    either = np.array([g in row for g, row in zip(guess, truth.sets, strict=True)])
    scores, macro = _scores(truth.labels, confusion)
    return Evaluation(
        rows=len(guess),
        accuracy=share(right),
        either=share(either),
        macro_f1=macro,
        labels=scores,
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        ece=expected_calibration_error(confidence, right),
        reliability=reliability(confidence, right),
        coverage=tuple(coverage_at(target, confidence, right) for target in TARGETS),
        causes=causes,
    )


def confusion_matrix(truth: Ints, guess: Ints, labels: int) -> Ints:
    """Rows by true label (first axis) and called label (second axis)."""
    return np.bincount(truth * labels + guess, minlength=labels * labels).reshape(labels, labels)


def share(hits: NDArray[np.bool_] | Sequence[bool]) -> Interval:
    """Share of true values with its bootstrap interval; zeros for no rows."""
    hits = np.asarray(hits)
    if not len(hits):
        return Interval(0.0, 0.0, 0.0)
    # resampling rows of a yes/no column is drawing from a binomial
    draws = _generator().binomial(len(hits), hits.mean(), _RESAMPLES) / len(hits)
    return _interval(float(hits.mean()), draws)


def _scores(labels: Sequence[str], confusion: Ints) -> tuple[tuple[LabelScore, ...], Interval]:
    # precision, recall and F1 depend on the confusion counts alone, so resampling rows is a multinomial draw of cells
    total = int(confusion.sum())
    draws = _generator().multinomial(total, confusion.ravel() / max(total, 1), _RESAMPLES)
    sampled = _rates(draws.reshape(_RESAMPLES, *confusion.shape))
    exact = _rates(confusion[None])
    scores = [
        LabelScore(
            label,
            int(confusion[i].sum()),
            *(_interval(float(one[0, i]), many[:, i]) for one, many in zip(exact, sampled, strict=True)),
        )
        for i, label in enumerate(labels)
    ]
    present = confusion.sum(axis=1) > 0
    return tuple(scores), _interval(float(exact[2][0, present].mean()), sampled[2][:, present].mean(axis=1))


def _rates(confusions: Ints) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 per label of a stack of confusion matrices; 0 where nothing was called or is there."""
    hits = np.diagonal(confusions, axis1=1, axis2=2).astype(float)
    called, there = confusions.sum(axis=1), confusions.sum(axis=2)
    return hits / np.maximum(called, 1), hits / np.maximum(there, 1), 2 * hits / np.maximum(called + there, 1)


def expected_calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy over 15 equal-width bins, weighted by rows (Guo et al. 2017)."""
    bins = reliability(confidence, right)
    rows = sum(b.rows for b in bins)
    return sum(b.rows * abs(b.confidence - b.accuracy) for b in bins) / max(rows, 1)


def reliability(confidence: Floats, right: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """Group rows by confidence into equal-width bins; empty bins are left out."""
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    found = []
    for place in range(_BINS):
        inside = places == place
        if inside.any():
            found.append(
                ReliabilityBin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
            )
    return tuple(found)


def coverage_at(target: float, confidence: Floats, right: NDArray[np.bool_]) -> Coverage:
    """Find the lowest confidence from which on the answered rows are right in ``target`` of the cases."""
    if not len(confidence):
        return Coverage(target, 0.0, 1.0, 0.0)
    order = np.argsort(-confidence, kind="stable")
    sure = confidence[order]
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # rows of equal confidence are answered together
    last = np.append(sure[1:] != sure[:-1], True)
    reached = np.flatnonzero(last & (precision >= target))
    if not len(reached):
        return Coverage(target, 0.0, 1.0, 0.0)
    place = int(reached[-1])
    return Coverage(target, (place + 1) / len(order), float(sure[place]), float(precision[place]))


def cause_score(truth: Sequence[str], ranked: Sequence[Sequence[str]], causes: int) -> CauseScore:
    """Score ranked causes (best first) of the rows whose true cause is known."""
    known = [(cause, list(names)) for cause, names in zip(truth, ranked, strict=True) if cause]
    return CauseScore(
        len(known),
        causes,
        share([cause in names[:1] for cause, names in known]),
        share([cause in names[:3] for cause, names in known]),
    )


def as_dict(evaluation: Evaluation) -> Mapping[str, Any]:
    """Return plain values for JSON, rounded to four digits."""
    return _rounded(asdict(evaluation))


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 4)
        case dict():
            return {key: _rounded(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_rounded(entry) for entry in value]
    return value


def _generator() -> np.random.Generator:
    return np.random.default_rng(20261122)


def _interval(value: float, draws: Floats) -> Interval:
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(value, float(low), float(high))
