"""Which days the data of a register cover. Pure.

A dump that was never loaded looks like a calm: nobody complained. A stretch without any complaint at all that chance
does not explain is therefore taken as days without data, which no rate counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

# shorter stretches weigh little, and holidays make them
_SHORTEST = 7
_CHANCE = 0.001
_DAY = timedelta(days=1)
Stretch = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Coverage:
    """``first`` and ``last`` day of all complaints, if any has a time, and the ``gaps`` between them (both ends in)."""

    first: date | None = None
    last: date | None = None
    gaps: tuple[Stretch, ...] = ()

    def gaps_within(self, start: date, end: date) -> list[Stretch]:
        """The parts of gaps that lie between two days, both included."""
        cut = ((max(first, start), min(last, end)) for first, last in self.gaps)
        return [(first, last) for first, last in cut if first <= last]

    def days(self, start: date, end: date) -> float:
        """How many days between two days, both included, are not in a gap."""
        missing = sum(_length(first, last) for first, last in self.gaps_within(start, end))
        return max(_length(start, end) - missing, 0)


def coverage(days: Iterable[date], usual: Iterable[date] | None = None) -> Coverage:
    """Say what the days on which complaints came in cover.

    A stretch of r empty days is a gap if it is a week or longer and less likely than 1 in 1,000, which is
    (1 - k / (n - r + 1)) ** r, where k of all n days are ``usual`` ones, by which the rest is judged (by default
    ``days``; all but one problem's where that problem may have gone). The longest stretch is looked at first; its days
    are then no longer counted.

    >>> january = [date(2026, 1, day) for day in range(1, 32)]
    >>> coverage([*january, date(2026, 3, 1), date(2026, 3, 2)]).gaps
    ((datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)),)
    """
    known = sorted(set(days))
    if not known:
        return Coverage()
    held = len(known) if usual is None else len(set(usual))
    total = _length(known[0], known[-1])
    empty = [(one + _DAY, other - _DAY) for one, other in pairwise(known) if (other - one).days > 1]
    gaps = []
    for stretch in sorted(empty, key=lambda one: (-_length(*one), one)):
        length = _length(*stretch)
        chance = (1 - held / (total - length + 1)) ** length
        if length < _SHORTEST or chance >= _CHANCE:
            break
        gaps.append(stretch)
        total -= length
    return Coverage(known[0], known[-1], tuple(sorted(gaps)))


def _length(start: date, end: date) -> int:
    return (end - start).days + 1
