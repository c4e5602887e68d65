"""How many of how many, with the interval of the share: what most tables of the insights are made of."""

from dataclasses import dataclass

from pipeline.insights.proportions import wilson
from pipeline.insights.rates import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of`` with the limits of the share; ``value`` is ``None`` where there is nothing to share."""

    count: int
    of: int
    value: float | None
    low: float
    high: float


def share(count: int, of: int, confidence: float = CONFIDENCE) -> Share:
    """Return count / of with Wilson's interval (``proportions.wilson``); ``ValueError`` if it is no part of ``of``.

    >>> one = share(9, 10)
    >>> f"{one.value:.2f} {one.low:.4f} {one.high:.4f}"
    '0.90 0.5958 0.9821'
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} is no part of {of}")
    found = wilson(count, of, confidence)[0]
    return Share(int(count), int(of), found.value, found.low, found.high)
