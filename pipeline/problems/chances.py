"""How likely chance is to bring as many complaints of a cause to a value of a column."""

from math import comb

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.column_values import Ints

# at least twice as frequent under the cause as elsewhere
_LEAST_RATIO = 2.0
# rows up to which chances are looked at one by one, and how far from the limit that is certain
_FEW, _SURELY = 100, 1.001


def chance_of(here: Ints, there: Ints, whole: int, rows: int) -> NDArray[np.float64]:
    """Probability that ``whole`` of ``rows`` complaints, drawn blindly, hold ``here`` or more of the ``there``.

    1 where the value is not twice as frequent among them as among the rest. The binomial tail of the shorter draw
    stands for the hypergeometric one; it is never below it (Hoeffding 1963) and close, because causes and values are
    small parts of a dump.
    """
    from scipy.special import betainc

    chance = np.ones(len(here))
    seen = _is_asked(here, there, whole, rows)
    hits, drawn, part = _draws(here[seen], there[seen], whole, rows)
    chance[seen] = betainc(hits, drawn - hits + 1, part)
    return chance


def some_may_be_rare(here: Ints, there: Ints, whole: int, rows: int, level: float) -> bool:
    """Tell of a small dump at little cost when ``chance_of`` is nowhere below ``level``: scipy then need not be loaded.

    The hits that were made are one of the cases that the binomial tail adds up, so it is no smaller.
    """
    if rows > _FEW:
        return True
    seen = _is_asked(here, there, whole, rows)
    draws = (each.tolist() for each in _draws(here[seen], there[seen], whole, rows))
    return any(
        comb(drawn, hits) * part**hits * (1 - part) ** (drawn - hits) < _SURELY * level
        for hits, drawn, part in zip(*draws, strict=True)
    )


def _is_asked(here: Ints, there: Ints, whole: int, rows: int) -> NDArray[np.bool_]:
    """Which values are frequent enough for the question."""
    # here / whole >= ratio * (there - here) / (rows - whole), without a division by zero
    found: NDArray[np.bool_] = (here > 1) & (here * (rows - whole) >= _LEAST_RATIO * (there - here) * whole)
    return found & (rows > whole)


def _draws(here: Ints, there: Ints, whole: int, rows: int) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Hits, draws, and the chance of a hit."""
    return here, np.minimum(there, whole), np.maximum(there, whole) / rows
