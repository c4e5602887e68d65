"""Agreement of two readings beyond chance."""

import math

import numpy as np
import pandas as pd
from scipy.special import ndtri

from pipeline.insights.rates import CONFIDENCE, Estimate


def kappa(one: pd.Series, other: pd.Series, confidence: float = CONFIDENCE) -> Estimate:
    """Cohen's kappa (1960, Educational and Psychological Measurement 20:37-46) with its large-sample interval.

    kappa = (p_o - p_e) / (1 - p_e), p_o the share of equal labels, p_e the one expected of independent readings. The
    variance is that of Fleiss, Cohen & Everitt (1969, Psychological Bulletin 72:323-327). ``None``, -1 to 1, without
    labels or where chance alone explains everything (one label in both).

    >>> found = kappa(pd.Series(["a"] * 25 + ["b"] * 25), pd.Series(["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15))
    >>> f"{found.value:.2f} {found.low:.2f} {found.high:.2f}"
    '0.40 0.15 0.65'
    """
    table = _shares(one, other)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = float(rows @ columns)
    if not len(one) or math.isclose(expected, 1.0):
        return Estimate(None, -1.0, 1.0)
    observed = float(np.trace(table))
    value = (observed - expected) / (1 - expected)
    reach = float(ndtri((1 + confidence) / 2)) * math.sqrt(_variance(table, value, expected) / len(one))
    return Estimate(value, max(value - reach, -1.0), min(value + reach, 1.0))


def _shares(one: pd.Series, other: pd.Series) -> "np.ndarray":
    """The square table of shares of all pairs of labels."""
    labels = sorted(set(one.unique()) | set(other.unique()))
    pairs = [pd.Categorical(column, categories=labels).codes.astype(np.int64) for column in (one, other)]
    counts = np.bincount(pairs[0] * len(labels) + pairs[1], minlength=len(labels) ** 2)
    return counts.reshape(len(labels), len(labels)) / max(len(one), 1)


def _variance(table: "np.ndarray", value: float, expected: float) -> float:
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    diagonal = np.diag(table)
    on = float(diagonal @ (1 - (rows + columns) * (1 - value)) ** 2)
    # of a pair (i, j) the share of i among the second readings and of j among the first
    off = table * (columns[:, None] + rows[None, :]) ** 2
    apart = (1 - value) ** 2 * float(off.sum() - np.trace(off))
    return max(on + apart - (value - expected * (1 - value)) ** 2, 0.0) / (1 - expected) ** 2
