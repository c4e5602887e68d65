"""How a problem goes, from its complaints per week or month: new, growing, steady, fading, quiet or regressed."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.insights.rates import Estimate, Tally, chance_of_fewer, chance_of_more, rate_ratio


class Mark(StrEnum):
    """An automatic mark beside the state that people give."""

    NEW = "new"
    GROWING = "growing"
    STEADY = "steady"
    FADING = "fading"
    QUIET = "quiet"
    REGRESSED = "regressed"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many periods make a judgement.

    The last ``recent`` periods are held against up to ``before`` ones in front of them. ``looks`` is the number of
    separate ``recent`` windows in a year, over which ``level`` is shared. ``silence`` periods without a complaint are
    quiet in any case; growing needs ``fewest`` recent complaints, ``least_change`` is the smallest ratio called a
    change. ``relapse`` is the level at which every look tests for a relapse.
    """

    recent: int
    before: int
    looks: int
    silence: int
    fewest: int = 5
    least_change: float = 1.25
    level: float = 0.05
    relapse: float = 0.01


WEEKLY = Rhythm(recent=4, before=26, looks=13, silence=13)
MONTHLY = Rhythm(recent=1, before=6, looks=12, silence=3)


@dataclass(frozen=True, slots=True)
class History:
    """Complaints of a problem per period, oldest first, the last period being the one to judge at.

    The first period is the first of all data, not of the problem. ``exposures`` are days, or days times users, per
    period (1 each if empty): an unfinished last week has fewer. ``fixed`` is the place of the first period after a
    fix, ``held`` that of the first one after the fix was found to hold.
    """

    counts: Sequence[int]
    exposures: Sequence[float] = ()
    fixed: int | None = None
    held: int | None = None

    def __post_init__(self) -> None:
        if self.exposures and len(self.exposures) != len(self.counts):
            raise ValueError(f"{len(self.counts)} counts but {len(self.exposures)} exposures")

    def tally(self, start: int, end: int) -> Tally:
        """Complaints and exposure of the periods from ``start`` to before ``end``."""
        exposure = float(sum(self.exposures[start:end])) if self.exposures else float(max(end - start, 0))
        return Tally(sum(self.counts[start:end]), exposure)

    @property
    def first(self) -> int:
        """Place of the first complaint; the number of periods if there is none."""
        return next((place for place, count in enumerate(self.counts) if count), len(self.counts))


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark with its grounds.

    ``ratio`` is the recent rate over the one it was held against; ``chance`` the probability of so many (or so few)
    recent complaints had nothing changed, 1 where nothing was compared. Over many problems, control the share of
    false marks with it.
    """

    mark: Mark
    ratio: Estimate
    chance: float
    reasons: tuple[str, ...]


def mark(history: History, rhythm: Rhythm = WEEKLY) -> Marked:
    """Say how a problem goes.

    - *regressed*: more recent complaints than the time after the fix explains (up to ``held``, if known).
    - *new*: its first complaint is so recent that there is no time to compare with, the data begin before it, and it
      still goes on: what came and went again is quiet, or steady where chance explains the calm.
    - *quiet*: no recent complaint, which chance does not explain, or none for ``rhythm.silence`` periods.
    - *growing*, *fading*: more or fewer recent complaints than the time before explains. That time begins after the
      period of the first complaint, which is never empty and would make a constant problem look as if it faded.
    - *steady*: none of these.

    The test is the exact conditional one of two Poisson counts (``rates.chance_of_more``), with counts divided by the
    dispersion of the time before where that is above 1 (quasi-Poisson; dispersion from squared differences of
    neighbouring periods over twice their mean, which a slow trend does not raise: von Neumann 1941). Growing and fading
    are each tested at ``level / looks``: the year's 5 % shared over its separate windows (Bonferroni). A relapse is
    tested at ``relapse``: the calm after a fix is short and whole counts make the test stricter than its level.

    Simulated at constant rates from 0.2 to 100 a week: a look gives a false growing or fading in at most 0.6 % of
    cases; a year of weekly looks, whose windows overlap, a false growing in at most 10 % and a false fading in at most
    10 % (monthly: 0.5 %, 3 %, 3 %), a false *regressed* in at most 7 % (eight weeks of calm, up to 3 a week). With
    twice the variance of a Poisson series: 1.3 % a look, a false growing in 28 % of years. Share of changes seen
    within 4 / 8 weeks, at a former rate of so many a week:

    ========  ===========  ===========  ===========  ===========  ===========
    change    1            2            5            10           30
    ========  ===========  ===========  ===========  ===========  ===========
    x 1.5     0.04 / 0.08  0.06 / 0.14  0.21 / 0.37  0.45 / 0.71  0.96 / 1.00
    x 2       0.12 / 0.25  0.29 / 0.51  0.75 / 0.91  0.98 / 1.00  1.00 / 1.00
    x 3       0.48 / 0.73  0.84 / 0.96  1.00 / 1.00  1.00 / 1.00  1.00 / 1.00
    x 0.5     0.00 / 0.00  0.05 / 0.12  0.27 / 0.48  0.69 / 0.88  1.00 / 1.00
    x 0.25    0.00 / 0.00  0.21 / 0.37  0.83 / 0.94  1.00 / 1.00  1.00 / 1.00
    x 0       0.01 / 0.01  0.84 / 0.84  1.00 / 1.00  1.00 / 1.00  1.00 / 1.00
    ========  ===========  ===========  ===========  ===========  ===========

    >>> mark(History([0] * 10 + [2, 3, 1, 2, 2, 3, 2, 1, 2, 3, 5, 6, 7, 6])).mark
    <Mark.GROWING: 'growing'>
    """
    return _regressed(history, rhythm) or _young(history, rhythm) or _compared(history, rhythm)


def _regressed(history: History, rhythm: Rhythm) -> Marked | None:
    if history.fixed is None:
        return None
    end = len(history.counts)
    start = max(end - rhythm.recent, history.fixed if history.held is None else history.held)
    calm_end = start if history.held is None else min(history.held, start)
    recent, calm = history.tally(start, end), history.tally(history.fixed, calm_end)
    if not (calm.exposure and recent.exposure):
        return None
    found = _against(recent, calm, _dispersion(history, history.fixed, calm_end))
    if found.chance_of_more > rhythm.relapse or found.times < rhythm.least_change:
        return None
    reasons = (
        f"{recent.count:g} complaints in the last {end - start} periods, usual after the fix are {found.usual}",
        f"by chance as many come with a probability of {found.chance_of_more:.2g}",
    )
    return Marked(Mark.REGRESSED, found.ratio, found.chance_of_more, reasons)


def _young(history: History, rhythm: Rhythm) -> Marked | None:
    """New, or nothing yet to compare with."""
    end, first = len(history.counts), history.first
    recent = history.tally(max(end - rhythm.recent, 0), end)
    ratio = Estimate(None, 0.0, float("inf"))
    if first == end:
        return Marked(Mark.QUIET, ratio, 1.0, ("no complaint in any period",))
    if end - rhythm.recent - (first + 1) >= rhythm.recent:
        return None
    if not recent.count:
        return _gone(history, rhythm)
    if first >= rhythm.recent:
        reason = f"the first complaint came {end - first} periods ago"
        return Marked(Mark.NEW, ratio, 1.0, (reason,))
    return Marked(Mark.STEADY, ratio, 1.0, ("the data are too short to tell a change",))


def _gone(history: History, rhythm: Rhythm) -> Marked | None:
    """Quiet: what came lately is over already. Its first complaint is left out, for without it there is no history."""
    end, first = len(history.counts), history.first
    start = max(end - rhythm.recent, 0)
    since = history.tally(first, start)
    found = _against(history.tally(start, end), Tally(since.count - 1, since.exposure), 1.0)
    if found.chance_of_fewer > rhythm.level / rhythm.looks:
        return None
    reason = f"no complaint in the last {end - 1 - _last(history.counts)} periods"
    return Marked(Mark.QUIET, found.ratio, found.chance_of_fewer, (reason,))


def _compared(history: History, rhythm: Rhythm) -> Marked:
    end = len(history.counts)
    start = max(end - rhythm.recent, 0)
    earliest = min(max(history.first + 1, start - rhythm.before), start)
    recent, before = history.tally(start, end), history.tally(earliest, start)
    found = _against(recent, before, _dispersion(history, earliest, start))
    level = rhythm.level / rhythm.looks
    grows = found.chance_of_more <= level and recent.count >= rhythm.fewest and found.times >= rhythm.least_change
    fades = found.chance_of_fewer <= level and found.times * rhythm.least_change <= 1
    silent = not any(history.counts[max(end - rhythm.silence, 0) :]) and end >= rhythm.silence
    chance = found.chance_of_more if found.times > 1 else found.chance_of_fewer
    if silent or (fades and not recent.count):
        which = Mark.QUIET
    else:
        which = Mark.GROWING if grows else Mark.FADING if fades else Mark.STEADY
    reasons = _words(which, found, recent, end - start, end - 1 - _last(history.counts))
    return Marked(which, found.ratio, chance, tuple(reasons))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Recent complaints against earlier ones; ``times`` is the ratio of the rates, ``usual`` the expected count."""

    ratio: Estimate
    chance_of_more: float
    chance_of_fewer: float
    times: float
    usual: str


def _against(recent: Tally, before: Tally, dispersion: float) -> _Comparison:
    one, other = (Tally(tally.count / dispersion, tally.exposure) for tally in (recent, before))
    usual = before.count / before.exposure * recent.exposure if before.exposure else 0.0
    times = recent.count / usual if usual else float("inf") if recent.count else 1.0
    return _Comparison(
        rate_ratio(recent, before), chance_of_more(one, other), chance_of_fewer(one, other), times, f"{usual:.1f}"
    )


def _dispersion(history: History, start: int, end: int) -> float:
    """Variance over mean of the periods, 1 at least; 1 where there are too few periods (under 4) to say."""
    counts = history.counts[start:end]
    mean = sum(counts) / len(counts) if counts else 0.0
    if len(counts) < 4 or not mean:
        return 1.0
    squares = [(later - one) ** 2 for one, later in itertools.pairwise(counts)]
    return max(1.0, sum(squares) / len(squares) / 2 / mean)


def _last(counts: Sequence[int]) -> int:
    return max((place for place, count in enumerate(counts) if count), default=-1)


def _words(which: Mark, found: _Comparison, recent: Tally, periods: int, since: int) -> Iterator[str]:
    if which is Mark.QUIET:
        yield f"no complaint in the last {since} periods"
        return
    yield f"{recent.count:g} complaints in the last {periods} periods, usual were {found.usual}"
    if which is Mark.GROWING:
        yield f"by chance as many come with a probability of {found.chance_of_more:.2g}"
    elif which is Mark.FADING:
        yield f"by chance as few come with a probability of {found.chance_of_fewer:.2g}"
    else:
        yield "chance explains the difference, or it is small"
