"""Did the fix of a problem help? The numbers say so, and move the problem on: closed, or back to its owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline.errors import RegisterError
from pipeline.insights.verifying import Answer, Case, Measure, Target, Verification, Window, verify
from pipeline.register import rows
from pipeline.register.lifecycle import State
from pipeline.register.measuring import MONTH, is_in_regions
from pipeline.register.overviews import by_machine, family, span
from pipeline.register.store import Register

# what people complained of more than a year before says little about now
LOOK_BEHIND = timedelta(days=365)
Users = float | Mapping[str, float] | None
Span = tuple[date | None, date | None]

_NEXT = {
    Answer.VERIFIED: State.CLOSED,
    Answer.MISSED: State.RECTIFYING,
    Answer.NO_CHANGE: State.RECTIFYING,
    Answer.WORSE: State.RECTIFYING,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of a fix: the problem as it is now, what the numbers say, and the state it was moved to (or empty)."""

    problem: rows.Problem
    verification: Verification
    moved: str = ""


def verify_problem(
    register: Register, problem_id: str, as_of: date | None = None, users: Users = None, known: Span | None = None
) -> Checked:
    """Compare a problem's complaints before and after its fix date; one that is being watched moves on.

    Before: from the first complaint of the register, at most 365 days, up to and with the day of the fix; after: from
    the next day to ``as_of`` (the last day of the register's data). With ``fix_regions`` only these count, and the
    others are the untouched regions it is held against. ``users``: how many there are, or how many by region; a target
    by rate needs them. A verified problem is closed with the facts, one that missed, did not change or got worse goes
    back to its owner (整改中); too early changes nothing. ``known`` is the span of the register's data where it was
    asked for already. ``RegisterError`` without a fix date, complaints or users.
    """
    problem = register.problem(problem_id)
    begin, end = _span(problem, known or span(register), as_of)
    complaints = family(register, problem.id)
    case = _case(problem, complaints, begin, end, users)
    verification = verify(case)
    to = _NEXT.get(verification.answer)
    if problem.state != State.WATCHING or to is None:
        return Checked(problem, verification)
    fields = {"verification": facts_of(problem, verification, case, end), **_accepted(problem, complaints, end, users)}
    done = by_machine(register).move(problem.id, to.value, fields, expect=problem.version)
    return Checked(done.problem, verification, to.value)


def facts_of(problem: rows.Problem, verification: Verification, case: Case, as_of: date) -> dict[str, Any]:
    """The facts of a check as the register keeps them."""
    ratio = verification.ratio
    return {
        "answer": verification.answer.value,
        "as_of": as_of.isoformat(),
        "fix_date": problem.fix_date,
        "regions": list(problem.fix_regions),
        "before": {"complaints": case.before.count, "days": case.before.days, "figure": _plain(verification.before)},
        "after": {"complaints": case.after.count, "days": case.after.days, "figure": _plain(verification.after)},
        "ratio": [_plain(one) for one in (ratio.value, ratio.low, ratio.high)],
        "target": {"by": problem.check_by, "value": problem.check_target, "met": verification.target_met},
        "reasons": list(verification.reasons),
    }


def _span(problem: rows.Problem, known: Span, as_of: date | None) -> tuple[date, date]:
    if not problem.fix_date:
        raise RegisterError(f"{problem.id} has no fix date. Say when the measure took effect with genyin problems set.")
    first, last = known
    if first is None or last is None:
        raise RegisterError("No complaint of the register has a time, so nothing can be compared.")
    return first, min(as_of or last, last)


def _case(problem: rows.Problem, complaints: list[rows.Complaint], begin: date, end: date, users: Users) -> Case:
    fixed = date.fromisoformat(problem.fix_date)
    begin = max(begin, fixed - LOOK_BEHIND)
    in_regions = [one for one in complaints if is_in_regions(one.roles, problem.fix_regions)]
    others = [one for one in complaints if not is_in_regions(one.roles, problem.fix_regions)]
    served = _served(problem, users)

    def windows(counted: list[rows.Complaint]) -> tuple[Window, Window]:
        found = [date.fromisoformat(one.accepted[:10]) for one in counted if one.accepted]
        after = Window(sum(fixed < day <= end for day in found), max((end - fixed).days, 0), served)
        before = Window(sum(begin <= day <= fixed for day in found), max((fixed - begin).days + 1, 0), served)
        return after, before

    after, before = windows(in_regions)
    # what the others are served does not change from before to after, so it falls out
    controls = windows(others) if problem.fix_regions and others else None
    return Case(after, before, controls, _target(problem))


def _target(problem: rows.Problem) -> Target | None:
    if problem.check_target is None or not problem.check_by:
        return None
    return Target(Measure(problem.check_by), problem.check_target)


def _served(problem: rows.Problem, users: Users) -> float:
    if isinstance(users, Mapping):
        named = problem.fix_regions or tuple(users)
        missing = [region for region in named if region not in users]
        if missing:
            raise RegisterError(f"The number of users is missing for: {', '.join(missing)}.")
        return float(sum(users[region] for region in named))
    if users is None and problem.check_by == Measure.RATE:
        raise RegisterError(f"{problem.id} is checked by the rate per 10,000 users; give the number of users.")
    return 1.0 if users is None else float(users)


def _accepted(problem: rows.Problem, complaints: list[rows.Complaint], end: date, users: Users) -> dict[str, Any]:
    """Complaints of the last 30 days, and their number per 10,000 users: 验收投诉量, 验证万投比."""
    since = end - timedelta(days=MONTH)
    found = [one.accepted[:10] for one in complaints if one.accepted and is_in_regions(one.roles, problem.fix_regions)]
    count = sum(since.isoformat() < day <= end.isoformat() for day in found)
    if users is None:
        return {"accept_count": count}
    return {"accept_count": count, "accept_rate": round(count / _served(problem, users) * 10_000, 6)}


def _plain(number: float | None) -> float | None:
    """A number that JSON can hold: none for an infinite one."""
    return None if number is None or number in (float("inf"), float("-inf")) else round(number, 6)
