"""How far each column is to be heard on the causes: the weights by which columns best foretell what the texts say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

# prior precision of a weight around zero: a column must explain more than one row to be heard
_CAUTION = 1.0
# gain in log likelihood that is worth another step
_ENOUGH = 0.01
# weights are told to three digits
_LEAST_STEP = 0.0005
# cells and products of cells that BLAS works off without threads
_CELLS, _PRODUCTS = 1 << 13, 1 << 17


def fit_weights(evidence: Floats, texts: Floats, beliefs: Floats) -> tuple[Floats, float]:
    """Weights from 0 (not heard) to 1 (fully heard) by which the columns best foretell the texts' shares, and the gain.

    The columns give each cause q ∝ prior · exp(Σ weight · evidence); what is maximised is Σ log Σ texts · q / prior
    over the rows and causes: the likelihood of the texts if they and the columns share nothing but the cause, which is
    0 where no column is heard. Newton steps with the curvature of the expected complete likelihood, halved until they
    gain.
    """
    prior = beliefs.mean(axis=0, dtype=np.float64) + 1e-9
    prior /= prior.sum()
    odds = texts.astype(np.float64) / prior
    weights: Floats = np.zeros(len(evidence))
    reached = -np.inf
    fit = _Fit.at(weights, evidence, odds, prior)
    while fit.reached > reached + _ENOUGH:
        reached = fit.reached
        weights, fit = _better(weights, fit, evidence, odds, prior)
    # to three digits: the last bits of sums, which differ between machines, must not show
    return weights.round(3), reached


def _better(weights: Floats, fit: "_Fit", evidence: Floats, odds: Floats, prior: Floats) -> tuple[Floats, "_Fit"]:
    """The weights after a Newton step, halved until it gains; unchanged where no step does."""
    step = fit.step(weights, evidence)
    while (np.abs(step) > _LEAST_STEP).any():
        moved = np.clip(weights + step, 0, 1)
        tried = _Fit.at(moved, evidence, odds, prior)
        if tried.reached > fit.reached:
            return moved, tried
        step /= 2
    return weights, fit


@dataclass(frozen=True, slots=True)
class _Fit:
    """What the columns foretell with some weights, what is told in all, and the log likelihood that is reached."""

    foretold: Floats
    told: Floats
    reached: float

    @staticmethod
    def at(weights: Floats, evidence: Floats, odds: Floats, prior: Floats) -> "_Fit":
        foretold = normalised(np.log(prior) + np.einsum("j,jic->ic", weights, evidence))
        told = odds * foretold
        sums = np.maximum(told.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        return _Fit(foretold, told / sums, float(np.log(sums).sum() - _CAUTION / 2 * weights @ weights))

    def step(self, weights: Floats, evidence: Floats) -> Floats:
        """Newton step of the weights that are free: not pulled beyond the ends of their range."""
        slope = np.einsum("jic,ic->j", evidence, self.told - self.foretold) - _CAUTION * weights
        # the sum of the rows' covariances: second moments less products of means
        mean = np.einsum("jic,ic->ji", evidence, self.foretold)
        moments = _second_moments(evidence, self.foretold) - np.einsum("ji,ki->jk", mean, mean)
        bend = moments + _CAUTION * np.eye(len(weights))
        free = np.flatnonzero(np.where(slope > 0, weights < 1, weights > 0))
        step = np.zeros(len(weights))
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        return step


def _second_moments(evidence: Floats, foretold: Floats) -> Floats:
    """Sum of the products of each two columns' evidence, by what is foretold.

    Some rows at a time, too few for BLAS to start threads: those would spin longer than they work.
    """
    total = np.zeros((len(evidence), len(evidence)))
    rows = max(1, min(_CELLS, _PRODUCTS // total.size) // evidence.shape[2])
    for start in range(0, evidence.shape[1], rows):
        part = evidence[:, start : start + rows]
        weighted = (part * foretold[start : start + rows]).reshape(len(evidence), -1)
        total += weighted @ part.reshape(len(evidence), -1).T
    return total


def normalised(logs: Floats) -> Floats:
    """Shares of causes from their logarithms; every row sums to one."""
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
