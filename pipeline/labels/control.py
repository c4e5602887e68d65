"""What the control sample says: how often the model is wrong among the texts that nobody chose to look at."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.labels.label_store import CONTESTED, Settled

_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class ErrorShare:
    """``wrong`` of ``asked`` control texts; ``share`` with its 95 % interval (0 to 1 where nothing was asked)."""

    wrong: int
    asked: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Share of texts, near-duplicates counted once, whose main label the model gets wrong."""
        return self.wrong / self.asked if self.asked else None


def control_errors(settled: Iterable[Settled]) -> ErrorShare:
    """Count the control texts whose main label is another than was suggested; contested ones are left out.

    The sample is drawn evenly from the texts left over when a queue was chosen, so this holds for those, and it is too
    good for all texts together.
    """
    told = [one for one in settled if one.how != CONTESTED and any(answer.is_control for answer in one.answers)]
    wrong = sum(one.entry.labels[0] != _suggested(one) for one in told)
    return error_share(wrong, len(told))


def _suggested(settled: Settled) -> str:
    return next(answer.suggested for answer in settled.answers if answer.is_control)


def error_share(wrong: int, asked: int) -> ErrorShare:
    """Return the share with its exact interval (Clopper & Pearson 1934).

    >>> found = error_share(2, 20)
    >>> round(found.low, 3), round(found.high, 3)
    (0.012, 0.317)
    """
    from scipy.special import betaincinv

    tail = (1 - _LEVEL) / 2
    low = float(betaincinv(wrong, asked - wrong + 1, tail)) if wrong else 0.0
    high = float(betaincinv(wrong + 1, asked - wrong, 1 - tail)) if wrong < asked else 1.0
    return ErrorShare(wrong, asked, low, high)
