"""Two models on the same rows: which is better, how sure is that, and what would change."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from pipeline.model.evaluating import Coverage, Interval, Truth, coverage_at

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

BETTER, WORSE, UNDECIDED, TOO_FEW = "better", "worse", "undecided", "too_few_rows"
LEAST_ROWS = 30
_RESAMPLES = 2000
_LEAST_OF_LABEL = 10
_SURE = 0.95
_LABEL_SURE = 0.99
_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class Answers:
    """What one model said of each row; ``guess``: places in ``Truth.labels``, which hold the labels of both models."""

    guess: Ints
    confidence: Floats


@dataclass(frozen=True, slots=True)
class LabelChange:
    """F1 of one label by both models; ``difference`` is candidate minus active, with its 99 % interval."""

    label: str
    rows: int
    active: float
    candidate: float
    difference: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate against active on ``rows`` rows that neither has seen.

    ``macro_f1``, ``accuracy``: candidate minus active, with the 95 % interval of a paired bootstrap. ``gained`` and
    ``lost``: rows that only the candidate, or only the active model, has right; ``p_value``: exact McNemar test.
    ``coverage``: share of rows that each can answer at the target precision. ``verdict``: better, worse, undecided or
    too_few_rows; ``worse_labels``: those whose F1 fell for certain.
    """

    rows: int
    active_f1: float
    candidate_f1: float
    macro_f1: Interval
    accuracy: Interval
    labels: tuple[LabelChange, ...]
    gained: int
    lost: int
    p_value: float
    active_coverage: Coverage
    candidate_coverage: Coverage
    worse_labels: tuple[str, ...]
    verdict: str

    @property
    def acceptable(self) -> bool:
        """Whether the candidate may become active without a reason.

        It may when it is better, or undecided and not below the active model, or no more than 0.02 below for certain.
        """
        even = self.macro_f1.value >= 0 or self.macro_f1.low >= -_MARGIN
        return self.verdict == BETTER or (self.verdict == UNDECIDED and even)


@dataclass(frozen=True, slots=True)
class Flip:
    """Rows that the active model calls ``old`` and the candidate ``new``, with some of their places as examples."""

    old: str
    new: str
    rows: int
    examples: tuple[int, ...]


def compare(truth: Truth, active: Answers, candidate: Answers, target: float = 0.95) -> Comparison:
    """Compare two models on the same rows; ``target`` is the precision at which coverage is told."""
    primary = truth.primary
    right = active.guess == primary, candidate.guess == primary
    gained, lost = int((right[1] & ~right[0]).sum()), int((right[0] & ~right[1]).sum())
    old, new = _resampled_f1(primary, active.guess, candidate.guess, len(truth.labels))
    labels = _label_changes(truth, old, new)
    macro = _interval((new - old)[:, _present(truth)].mean(axis=1), _SURE)
    worse = tuple(one.label for one in labels if one.rows >= _LEAST_OF_LABEL and one.difference.high < 0)
    return Comparison(
        rows=len(primary),
        active_f1=float(old[0, _present(truth)].mean()),
        candidate_f1=float(new[0, _present(truth)].mean()),
        macro_f1=macro,
        accuracy=_accuracy_change(gained, lost, len(primary)),
        labels=labels,
        gained=gained,
        lost=lost,
        p_value=mcnemar(gained, lost),
        active_coverage=coverage_at(target, active.confidence, right[0]),
        candidate_coverage=coverage_at(target, candidate.confidence, right[1]),
        worse_labels=worse,
        verdict=_verdict(len(primary), macro, worse),
    )


def _verdict(rows: int, macro: Interval, worse: Sequence[str]) -> str:
    if rows < LEAST_ROWS:
        return TOO_FEW
    if macro.high < 0 or worse:
        return WORSE
    return BETTER if macro.low > 0 else UNDECIDED


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided McNemar test: how likely such a difference is if neither model were better (McNemar 1947).

    >>> round(mcnemar(10, 2), 4)
    0.0386
    """
    total, fewer = gained + lost, min(gained, lost)
    # whole numbers divided: exact however many rows differ
    tail = sum(comb(total, k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / 2**total)


def flips(active: Sequence[str], candidate: Sequence[str], examples: int = 3) -> tuple[Flip, ...]:
    """What would change on rows without known labels: pairs of labels, the most frequent first."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, pair in enumerate(zip(active, candidate, strict=True)):
        if pair[0] != pair[1]:
            places[pair].append(place)
    order = sorted(places, key=lambda pair: (-len(places[pair]), pair))
    return tuple(Flip(*pair, len(places[pair]), tuple(places[pair][:examples])) for pair in order)


def _present(truth: Truth) -> Ints:
    return np.unique(truth.primary)


def _resampled_f1(truth: Ints, old: Ints, new: Ints, labels: int) -> tuple[Floats, Floats]:
    """F1 per label of both models, shape (1 + resamples, labels) each: row 0 the rows as they are, then resampled.

    Both models are scored on the same resample (a paired bootstrap, Efron & Tibshirani 1993). Rows of equal truth and
    equal guesses are one cell, and resampling rows is a multinomial draw of cells.
    """
    cells = Counter(zip(truth.tolist(), old.tolist(), new.tolist(), strict=True))
    kinds = np.array(sorted(cells)).reshape(-1, 3)
    counts = np.array([cells[tuple(kind)] for kind in kinds.tolist()])
    draws = np.random.default_rng(20261122).multinomial(counts.sum(), counts / max(counts.sum(), 1), _RESAMPLES)
    weights = np.vstack([counts, draws]).astype(float)
    one, two = (_f1(weights, kinds[:, 0], kinds[:, column], labels) for column in (1, 2))
    return one, two


def _f1(weights: Floats, truth: Ints, guess: Ints, labels: int) -> Floats:
    names = np.arange(labels)
    there, called = truth[:, None] == names, guess[:, None] == names
    hits = weights @ (there & called)
    return 2 * hits / np.maximum(weights @ there + weights @ called, 1)


def _label_changes(truth: Truth, old: Floats, new: Floats) -> tuple[LabelChange, ...]:
    rows = np.bincount(truth.primary, minlength=len(truth.labels))
    return tuple(
        LabelChange(
            truth.labels[i], int(rows[i]), float(old[0, i]), float(new[0, i]), _interval((new - old)[:, i], _LABEL_SURE)
        )
        for i in _present(truth).tolist()
    )


def _interval(differences: Floats, sure: float) -> Interval:
    """The first entry is the value, the others its resamples."""
    low, high = np.percentile(differences[1:], [50 * (1 - sure), 50 * (1 + sure)])
    return Interval(float(differences[0]), float(low), float(high))


def _accuracy_change(gained: int, lost: int, rows: int) -> Interval:
    shares = np.array([gained, lost, rows - gained - lost]) / max(rows, 1)
    draws = np.random.default_rng(20261122).multinomial(rows, shares, _RESAMPLES)
    both = np.vstack([[gained, lost, 0], draws])
    return _interval((both[:, 0] - both[:, 1]) / max(rows, 1), _SURE)
