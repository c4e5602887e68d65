"""Did the fix help? The rate of complaints before and after it, against untouched regions where there are any."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.insights.rates import CONFIDENCE, Estimate, Tally, rate, rate_ratio, ratio_of_rate_ratios

MONTH = 30.0
PER_USERS = 10_000


class Answer(StrEnum):
    """What the numbers say of a fix."""

    VERIFIED = "verified"  # fewer complaints than chance explains, and the target (if any) is met
    MISSED = "missed"  # fewer, but the target is missed
    NO_CHANGE = "no_change"  # a fall worth having is ruled out
    WORSE = "worse"  # more complaints than chance explains
    RELAPSED = "relapsed"  # the calm after the fix is over, though on the whole there are no more than before
    TOO_EARLY = "too_early"  # none of these can be told yet


class Measure(StrEnum):
    """How the target of a fix is set."""

    VOLUME = "volume"  # complaints in 30 days
    RATE = "rate"  # complaints per 10,000 users in 30 days


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen in a stretch of days: ``count`` complaints among ``users`` (on average; 1 where unknown)."""

    count: int
    days: float
    users: float = 1.0

    @property
    def tally(self) -> Tally:
        """The complaints and their exposure in user days."""
        return Tally(self.count, self.days * self.users)

    def figure(self, measure: Measure) -> float:
        """Complaints in 30 days, or those per 10,000 users; infinite for a window without exposure."""
        exposure = self._exposure(measure)
        return self.count / exposure if exposure else math.inf

    def least_figure(self, measure: Measure, confidence: float) -> float:
        """The lower limit of :meth:`figure`, exact for a Poisson count."""
        return rate(Tally(self.count, self._exposure(measure)), confidence).low

    def longer(self, weeks: int) -> "Window":
        """The window as it would be ``weeks`` later, were complaints to come at its rate."""
        days = self.days + 7 * weeks
        return replace(self, count=math.floor(self.count * days / self.days + 0.5), days=days)

    def _exposure(self, measure: Measure) -> float:
        months = self.days / MONTH
        return months if measure is Measure.VOLUME else months * self.users / PER_USERS


@dataclass(frozen=True, slots=True)
class Target:
    """What the fix has to reach, set when it starts: at most ``value`` by ``measure``."""

    measure: Measure
    value: float


@dataclass(frozen=True, slots=True)
class Check:
    """How to judge.

    ``confidence`` of the interval; ``worthwhile``, the ratio that counts as a fall worth having; ``horizon``, the weeks
    to look ahead; ``patience``, the days after which a figure above the target is a miss whatever chance says.
    """

    confidence: float = CONFIDENCE
    worthwhile: float = 0.5
    horizon: int = 52
    patience: float = 90.0


@dataclass(frozen=True, slots=True)
class Case:
    """The windows to compare: the fixed regions, and (after, before) of untouched ones where there are any."""

    after: Window
    before: Window
    controls: tuple[Window, Window] | None = None
    target: Target | None = None

    def ratio(self, confidence: float) -> Estimate:
        """Rate after over rate before, less what the untouched regions show as well."""
        pair = self.after.tally, self.before.tally
        if self.controls is None:
            return rate_ratio(*pair, confidence)
        return ratio_of_rate_ratios(pair, (self.controls[0].tally, self.controls[1].tally), confidence)

    def later(self, weeks: int) -> "Case":
        """The case as it would be ``weeks`` later at the present rates."""
        other = self.controls and (self.controls[0].longer(weeks), self.controls[1])
        return replace(self, after=self.after.longer(weeks), controls=other)


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer with its grounds.

    ``ratio`` is the rate after the fix over the rate before (over that of the untouched regions where given), with
    its exact interval. ``before`` and ``after`` are the figures by the target's measure (volume without one).
    ``more_weeks`` is set with *too early*: the fewest further weeks after which, at the present rates, the answer
    would be another; ``None`` when a year would not do. ``reasons`` say it in words.
    """

    answer: Answer
    ratio: Estimate
    before: float
    after: float
    target_met: bool | None
    more_weeks: int | None
    reasons: tuple[str, ...]


def verify(case: Case, check: Check = Check(), relapse: str = "") -> Verification:
    """Judge a fix.

    *Worse* or *verified*: the exact interval of the rate ratio (``rates.rate_ratio``; with untouched regions
    ``rates.ratio_of_rate_ratios``) lies above or below 1. A proven fall is *verified* only if the figure after the fix
    meets the target, *missed* if even the lower limit of that figure (Garwood's, exact) is above it or
    ``check.patience`` is over, and too early between. *No change*: a fall to ``check.worthwhile`` of the former rate
    is ruled out (the lower limit is above it). Otherwise *too early*.

    ``relapse`` says in words that the complaints came back, where they did (``marks``: the course of the time after
    the fix, which a mean hides). It stands first among the reasons, and what would be *verified* or *too early* is
    *relapsed*.

    The level holds for one look; who looks every week until the answer pleases will be deceived more often, so look
    again when ``more_weeks`` are over. A fix made at the peak of a wave is followed by a fall without its doing: give
    untouched regions, or a ``before`` of several months.
    """
    measure = case.target.measure if case.target else Measure.VOLUME
    answer, ratio = _answer(case, check), case.ratio(check.confidence)
    if relapse and answer in (Answer.VERIFIED, Answer.TOO_EARLY):
        answer = Answer.RELAPSED
    weeks = _more_weeks(case, check) if answer is Answer.TOO_EARLY else None
    met = _target_met(case)
    outlook = _outlook(answer, weeks, check) if ratio.value is not None else ()
    told = (relapse,) if relapse else ()
    reasons = (*told, *_compared(case, ratio, check), *_of_target(case, met), *outlook)
    return Verification(answer, ratio, case.before.figure(measure), case.after.figure(measure), met, weeks, reasons)


def _answer(case: Case, check: Check) -> Answer:
    ratio = case.ratio(check.confidence)
    if ratio.low > 1:
        return Answer.WORSE
    if ratio.high < 1:
        return _of_a_fall(case, check)
    return Answer.NO_CHANGE if ratio.low > check.worthwhile else Answer.TOO_EARLY


def _of_a_fall(case: Case, check: Check) -> Answer:
    if case.target is None or _target_met(case):
        return Answer.VERIFIED
    least = case.after.least_figure(case.target.measure, check.confidence)
    missed = least > case.target.value or case.after.days >= check.patience
    return Answer.MISSED if missed else Answer.TOO_EARLY


def _target_met(case: Case) -> bool | None:
    if case.target is None or not case.after.days:
        return None
    return case.after.figure(case.target.measure) <= case.target.value


def _more_weeks(case: Case, check: Check) -> int | None:
    """Fewest weeks until another answer; counts are whole, so a later week may be too early again."""
    if not case.after.days or (case.controls and not case.controls[0].days):
        return None
    weeks = range(1, check.horizon + 1)
    return next((more for more in weeks if _answer(case.later(more), check) is not Answer.TOO_EARLY), None)


def _compared(case: Case, ratio: Estimate, check: Check) -> Iterator[str]:
    if ratio.value is None:
        yield "there are not enough complaints and days to compare"
        return
    percent, numbers = f"{check.confidence:.0%}", [_short(one) for one in (ratio.value, ratio.low, ratio.high)]
    value, low, high = numbers
    if case.controls is None:
        yield f"the rate after the fix is {value} times the one before ({percent} interval {low} to {high})"
    else:
        yield f"the rate changed to {value} times that of the untouched regions ({percent} interval {low} to {high})"


def _of_target(case: Case, met: bool | None) -> Iterator[str]:
    if case.target is None or met is None:
        return
    figure, value = _short(case.after.figure(case.target.measure)), _short(case.target.value)
    if case.target.measure is Measure.VOLUME:
        yield f"{figure} complaints in 30 days after the fix, {value} are allowed by the target"
    else:
        yield f"{figure} complaints per 10,000 users in 30 days after the fix, {value} are allowed by the target"


def _outlook(answer: Answer, weeks: int | None, check: Check) -> Iterator[str]:
    if answer is Answer.RELAPSED:
        return
    if answer is Answer.VERIFIED:
        yield "chance does not explain the fall"
    elif answer is Answer.MISSED:
        yield "chance does not explain the fall, but the target is missed"
    elif answer is Answer.WORSE:
        yield "chance does not explain the rise"
    elif answer is Answer.NO_CHANGE:
        yield f"a fall to {_short(check.worthwhile)} times the former rate can be ruled out"
    elif weeks is None:
        yield f"at the present rates not even {check.horizon} more weeks would tell"
    else:
        yield f"further weeks that would tell at the present rates: {weeks}"


def _short(number: float) -> str:
    """Three digits that matter, as a person writes them."""
    return "∞" if math.isinf(number) else f"{number:.3g}" if number < 1000 else f"{number:,.0f}"
