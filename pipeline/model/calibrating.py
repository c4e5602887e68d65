"""From margins of rows the model had not seen to probabilities and to thresholds that keep a promise."""

import numpy as np
from numpy.typing import NDArray

from pipeline.model.classifying import lead_evidence
from pipeline.model.evaluating import coverage_at

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

NEVER = 1.01
_ENOUGH = 20
_FOREIGN = 0.025


def fit_labels(margins: Floats, members: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Fit each category's own probability (Platt 1999) on out-of-fold margins; (slopes, intercepts)."""
    lines = [_logistic(margins[:, [i]], members[:, i]) for i in range(margins.shape[1])]
    return np.array([line[1] for line in lines]), np.array([line[0] for line in lines])


def fit_lead(margins: Floats, chosen: Ints, right: NDArray[np.bool_]) -> Floats:
    """Fit the probability that a row's chosen column is right, from its lead and height; (constant, lead, height)."""
    if not len(right):
        return np.array([0.0, 1.0, 0.0])
    evidence = lead_evidence(margins, chosen)[:, 1:]
    line = _logistic(evidence, right)
    if line[2] < 0:
        # among rows like the training rows height may count against a lead; on foreign texts, whose margins are all
        # low, that would be false confidence: then the lead decides alone
        line = np.array([*_logistic(evidence[:, :1], right), 0.0])
    return line


def novelty_threshold(leaf_margins: Floats) -> float:
    """Best margin under which a text is unlike what was learned: 2.5 % of the rows held out are as foreign."""
    return float(np.quantile(leaf_margins.max(axis=1), _FOREIGN))


def _logistic(evidence: Floats, truth: NDArray[np.bool_]) -> Floats:
    """Weights of a logistic regression with the constant first; certain where all truths agree, as far as n allows."""
    from sklearn.linear_model import LogisticRegression

    if truth.all() or not truth.any():
        # rule of succession (Laplace): n hits of n seen make (n+1)/(n+2)
        odds = (truth.sum() + 1) / ((~truth).sum() + 1)
        return np.array([np.log(odds), *np.zeros(evidence.shape[1])])
    fitted = LogisticRegression(C=1e4, max_iter=1000).fit(evidence, truth)
    return np.concatenate([fitted.intercept_, fitted.coef_.ravel()])


def answer_thresholds(best: Ints, confidence: Floats, right: NDArray[np.bool_], labels: int, target: float) -> Floats:
    """Per label the least confidence at which its answers reach ``target`` precision; above 1 where none does.

    A label called in fewer than 20 rows takes the threshold of all labels together: too little to have its own.
    """
    together = coverage_at(target, confidence, right)
    common = together.threshold if together.coverage > 0 else NEVER
    thresholds = np.full(labels, common)
    for label in range(labels):
        rows = best == label
        if rows.sum() >= _ENOUGH:
            own = coverage_at(target, confidence[rows], right[rows])
            thresholds[label] = own.threshold if own.coverage > 0 else NEVER
    return thresholds


def assign_thresholds(probabilities: Floats, members: NDArray[np.bool_], best: Ints, target: float) -> Floats:
    """Per label the least probability at which listing it beside another best label is right in ``target`` of cases.

    Above 1, that is never, where no training row has the label as a further one.
    """
    thresholds = []
    for label in range(probabilities.shape[1]):
        beside = best != label
        own = coverage_at(target, probabilities[beside, label], members[beside, label])
        thresholds.append(own.threshold if own.coverage > 0 else NEVER)
    return np.array(thresholds) if (members.sum(axis=1) > 1).any() else np.full(probabilities.shape[1], NEVER)
