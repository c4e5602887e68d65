"""How complaining is spread over the hours of a day and the days of a week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR = 3600
DAY = 24 * HOUR
# 1970-01-01, the first second, was a Thursday; weeks begin on Monday
_THURSDAY = 3
_WILD = 20


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """The usual course of a dump: ``reached[h]`` is the part of all complaining that lies before hour ``h`` of it.

    Hours are counted from ``start`` (seconds since 1970, a full hour).
    """

    start: int
    reached: Floats

    @staticmethod
    def of(seconds: Ints) -> "Rhythm":
        """Learn the course from all times; single wild days hardly change it.

        Every day counts alike for the hours, and no day more than twice the average for the weekdays. Each is joined
        with one even day, so that hours without complaints are rare, not impossible.
        """
        start, end = int(seconds.min()) // HOUR * HOUR, int(seconds.max()) + 1
        hours = np.arange(start, end, HOUR) // HOUR
        days, day, counts = np.unique(seconds // DAY, return_inverse=True, return_counts=True)
        hour = seconds % DAY // HOUR
        by_hour = np.bincount(hour, 1 / counts[day], 24) + 1 / 24
        weekday = (days + _THURSDAY) % 7
        span = np.arange(days[0], days[-1] + 1)
        average = len(seconds) / len(span)
        held = np.bincount(weekday, np.minimum(counts, 2 * average), 7) + average
        by_weekday = held / (np.bincount((span + _THURSDAY) % 7, minlength=7) + 1)
        usual = by_hour[hours % 24] * by_weekday[(hours // 24 + _THURSDAY) % 7]
        return Rhythm(start, np.concatenate([[0.0], np.cumsum(usual) / usual.sum()]))

    def part(self, starts: Ints, ends: Ints) -> Floats:
        """Part of all complaining that usually falls between the times, less than 1."""
        borders = np.arange(len(self.reached))
        reached = [np.interp((times - self.start) / HOUR, borders, self.reached) for times in (starts, ends)]
        return np.clip(reached[1] - reached[0], 1e-12, 1 - 1e-12)

    def clump(self, seconds: Ints) -> float:
        """How much more days differ than independent complaints make them: variance over expectation, 1 at least.

        The wildest twentieth of the days is left out, because it may be what is looked for.
        """
        end = self.start + (len(self.reached) - 1) * HOUR
        borders = np.arange(self.start // DAY, (end - 1) // DAY + 2) * DAY
        part = self.part(borders[:-1], borders[1:])
        days = np.bincount(seconds // DAY - borders[0] // DAY, minlength=len(part))
        wildest = np.argsort(-_spread(days, part), kind="stable")
        calm = wildest[max(1, len(days) // _WILD) :]
        return float(max(_spread(days[calm], part[calm]).mean(), 1.0)) if len(calm) else 1.0


def _spread(days: Ints, part: Floats) -> Floats:
    """Squared distance of every day's number from what its part of all of them lets expect, over that."""
    usual = days.sum() * part / part.sum()
    return (days - usual) ** 2 / np.maximum(usual, 1e-9)
