"""The automatic marks of a register's problems: new, growing, fading, quiet, regressed."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.insights.marks import MONTHLY, WEEKLY, History, Mark, mark
from pipeline.insights.verifying import Answer
from pipeline.register import rows
from pipeline.register.coverage import Coverage
from pipeline.register.lifecycle import State
from pipeline.register.measuring import PER_USERS
from pipeline.register.overviews import Days

_NO_MARK = frozenset({State.NOT_A_PROBLEM.value, State.DUPLICATE.value})
_DAY = timedelta(days=1)
# where the agreed target is broken again, a relapse needs less evidence than where only chance speaks
_DOUBTED = 0.05
_TARGET_DAYS = 30
# a wrong date in a dump must not make thousands of empty weeks
_MOST = timedelta(weeks=520)


@dataclass(frozen=True, slots=True)
class _Periods:
    """Weeks or months: the day each begins on, and how many of its days the data cover."""

    starts: tuple[date, ...]
    exposures: tuple[float, ...]

    def counts(self, days: Mapping[date, int]) -> list[int]:
        """Complaints of each period; those before the first are left out."""
        found = [0] * len(self.starts)
        for day, count in days.items():
            if day >= self.starts[0]:
                found[bisect_right(self.starts, day) - 1] += count
        return found

    def after(self, day: str) -> int | None:
        """Place of the first period that begins after a day; None where there is none yet."""
        place = bisect_left(self.starts, date.fromisoformat(day) + _DAY) if day else len(self.starts)
        return place if place < len(self.starts) else None


def marks_of(problems: Iterable[rows.Problem], days: Days) -> dict[str, Mark]:
    """Return the mark of every problem that is not merged or dismissed; complaints of its parts are its own.

    Judged by ISO weeks. A relapse is looked for by calendar months as well: where data come by the month, the weeks of
    its beginning would count as the calm that its end is held against. A month above the target that the fix was
    verified with needs less evidence.
    """
    problems = [one for one in problems if not one.merged_into]
    covered = days.covered
    if covered.first is None or covered.last is None:
        return {}
    weeks, months = _weeks_and_months(covered)
    counts = _family_counts(problems, days.counts)
    wanted = [one for one in problems if one.state not in _NO_MARK]
    return {one.id: _mark(one, counts.get(one.id, {}), weeks, months) for one in wanted}


def relapse_of(problem: rows.Problem, days: Mapping[date, int], covered: Coverage) -> str:
    """Say in a sentence that a problem came back after its fix, as ``marks_of`` finds it; empty where it did not.

    ``days``: the complaints to judge by, of the problem and its parts, up to the last day of ``covered``.
    """
    if covered.first is None or covered.last is None or covered.first > covered.last or not problem.fix_date:
        return ""
    found = _relapse(problem, days, *_weeks_and_months(covered))
    if found is None:
        return ""
    (since, calm_end), fixed = found, date.fromisoformat(problem.fix_date)
    count = sum(number for day, number in days.items() if day >= since)
    calm = sum(number for day, number in days.items() if fixed < day <= calm_end)
    return (
        f"the problem came back: {count} complaints from {since} to {covered.last}, after {calm} in the "
        f"{covered.days(fixed + _DAY, calm_end):g} days from the fix to {calm_end}; chance does not explain that"
    )


def _weeks_and_months(covered: Coverage) -> tuple[_Periods, _Periods]:
    last = covered.last or date.max
    first = max(covered.first or last, last - _MOST)
    weeks = _periods(covered, first, first - timedelta(days=first.weekday()), _next_week)
    return weeks, _periods(covered, first, first.replace(day=1), _next_month)


def _mark(problem: rows.Problem, days: Mapping[date, int], weeks: _Periods, months: _Periods) -> Mark:
    if _relapse(problem, days, weeks, months):
        return Mark.REGRESSED
    return mark(_history(problem, days, weeks), WEEKLY).mark


def _relapse(
    problem: rows.Problem, days: Mapping[date, int], weeks: _Periods, months: _Periods
) -> tuple[date, date] | None:
    """First day of the weeks, or the month, with more complaints than the calm after the fix, and that calm's last."""
    if not problem.fix_date:
        return None
    by_month = _history(problem, days, months)
    monthly = replace(MONTHLY, relapse=_DOUBTED) if _above_target(problem, by_month) else MONTHLY
    for periods, history, rhythm in ((weeks, _history(problem, days, weeks), WEEKLY), (months, by_month, monthly)):
        if mark(history, rhythm).mark is Mark.REGRESSED:
            after = history.fixed if history.held is None else history.held
            start = max(len(periods.starts) - rhythm.recent, after or 0)
            calm_end = start if history.held is None else min(history.held, start)
            return periods.starts[start], periods.starts[calm_end] - _DAY
    return None


def _above_target(problem: rows.Problem, history: History) -> bool:
    """Whether the last month breaks the target (in 30 days) that the fix had been verified with.

    Of a rate with as many users as there were then.
    """
    target = problem.verification.get("target") or {}
    users = problem.verification.get("after", {}).get("users")
    by_rate = target.get("by") == "rate"
    if not target.get("met") or (by_rate and not users):
        return False
    allowed = float(target["value"]) * (users / PER_USERS if by_rate else 1)
    last = history.tally(len(history.counts) - 1, len(history.counts))
    return bool(last.exposure) and last.count / last.exposure * _TARGET_DAYS > allowed


def _history(problem: rows.Problem, days: Mapping[date, int], periods: _Periods) -> History:
    # until the day to look back the fix is on trial, and all that came before now is the calm after it; once somebody
    # said that it came back, the calm is what had been verified, or it would wear off with every month that follows
    held = problem.look_back if problem.state == State.CLOSED else _verified_on(problem)
    first = periods.after(held) if held else None
    return History(periods.counts(days), periods.exposures, periods.after(problem.fix_date), first)


def _verified_on(problem: rows.Problem) -> str:
    """The last day of the check that the latest fix had passed, where somebody opened the problem again since."""
    facts = problem.verification
    passed = facts.get("answer") == Answer.VERIFIED and facts.get("fix_date") == problem.fix_date
    return str(facts.get("as_of", "")) if passed else ""


def _periods(covered: Coverage, first: date, start: date, following: Callable[[date], date]) -> _Periods:
    """Periods up to the last day of the data; one that the data do not cover at all is left out, as if it never was."""
    last = covered.last or first
    starts, exposures = [], []
    while start <= last:
        end = following(start) - _DAY
        days = covered.days(max(start, first), min(end, last))
        if days:
            starts.append(start)
            exposures.append(float(days))
        start = end + _DAY
    return _Periods(tuple(starts), tuple(exposures))


def _next_week(start: date) -> date:
    return start + timedelta(days=7)


def _next_month(start: date) -> date:
    return (start + timedelta(days=31)).replace(day=1)


def _family_counts(
    problems: Iterable[rows.Problem], counts: Mapping[str, Mapping[date, int]]
) -> dict[str, Counter[date]]:
    found: dict[str, Counter[date]] = {}
    for one in problems:
        own = counts.get(one.id, {})
        for head in {one.id, one.parent} - {""}:
            found.setdefault(head, Counter()).update(own)
    return found
