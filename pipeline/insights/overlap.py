"""By chance, how often would two sets of complaints share so many? Exact hypergeometric tails, many at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
# a tail is added up until a term adds less than this share of it
_EXACT = 1e-12


def chance_of_overlap(shared: ArrayLike, one: ArrayLike, other: ArrayLike, whole: ArrayLike) -> Floats:
    """Chance that a set of ``one`` and one of ``other`` among ``whole`` share at least ``shared`` (Fisher 1935).

    The upper tail of the hypergeometric law, added up from its first term: each is the one before times
    (K - j)(n - j) / ((j + 1)(N - K - n + j + 1)). Arguments are arrays of one shape, or broadcast to one.

    >>> float(chance_of_overlap(3, 4, 4, 8)[0].round(6))  # the lady tasting tea
    0.242857
    """
    columns = [
        np.atleast_1d(np.asarray(each, float)).ravel() for each in np.broadcast_arrays(shared, one, other, whole)
    ]
    first = np.maximum(np.maximum(columns[0], columns[1] + columns[2] - columns[3]), 0)
    possible = first <= np.minimum(columns[1], columns[2])
    found = np.zeros(len(first))
    if possible.any():
        found[possible] = _tails(first[possible], *(each[possible] for each in columns[1:]))
    return found


def _tails(first: Floats, one: Floats, other: Floats, whole: Floats) -> Floats:
    """Terms relative to the first one, added up until they no longer count."""
    total, term, at = np.ones(len(first)), np.ones(len(first)), first.copy()
    active = np.arange(len(first))
    while len(active):
        place = at[active]
        up = (one[active] - place) * (other[active] - place)
        down = (place + 1) * (whole[active] - one[active] - other[active] + place + 1)
        ratio = up / down
        term[active] *= ratio
        total[active] += term[active]
        at[active] += 1
        # past the peak the rest is less than a geometric series
        active = active[(term[active] > 0) & ((ratio >= 1) | (term[active] > _EXACT * total[active] * (1 - ratio)))]
    log_first = _log_term(first, one, other, whole)
    return np.minimum(np.exp(log_first + np.log(total)), 1.0)


def _log_term(at: Floats, one: Floats, other: Floats, whole: Floats) -> Floats:
    ways = _log_ways(one, at) + _log_ways(whole - one, other - at) - _log_ways(whole, other)
    return np.asarray(ways, float)


def _log_ways(whole: Floats, part: Floats) -> Floats:
    return np.asarray(gammaln(whole + 1) - gammaln(part + 1) - gammaln(whole - part + 1), float)


def adjusted(chances: Floats, tests: int, any_dependence: bool = False) -> Floats:
    """Return q-values: the share of false ones among all tests as small, ``tests`` of which were made.

    Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57:289-300): q of the i-th smallest of m is the smallest m p / i at
    or above it. ``chances`` may leave out tests known to be larger than all of them. ``any_dependence`` multiplies by
    1 + 1/2 + ... + 1/m (Benjamini & Yekutieli 2001, Annals of Statistics 29:1165-1188), which holds whatever the
    tests have to do with each other.
    """
    order = np.argsort(-chances, kind="stable")
    ranks = np.arange(len(chances), 0, -1)
    harmonic = float((1 / np.arange(1, tests + 1)).sum()) if any_dependence else 1.0
    found = np.empty(len(chances))
    found[order] = np.minimum.accumulate(np.minimum(chances[order] * tests * harmonic / ranks, 1.0))
    return found
