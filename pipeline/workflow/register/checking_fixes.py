"""Did the fix of a problem help? The numbers say so, and move the problem on: closed, or back to its owner."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline.errors import RegisterError
from pipeline.insights.verifying import Answer, Case, Measure, Target, Verification, Window, verify
from pipeline.register import rows
from pipeline.register.coverage import Coverage, Stretch, coverage
from pipeline.register.lifecycle import State
from pipeline.register.measuring import Scale, UserBase, figures, is_in_regions, region_of, regions_of
from pipeline.register.overviews import by_machine, complaints_by_region, family
from pipeline.register.region_coverage import RegionCoverage, gaps_of_regions, with_regions
from pipeline.register.store import Register
from pipeline.workflow.register.marking import relapse_of
from pipeline.workflow.register.user_base import GivenUsers

# what people complained of more than a year before says little about now
LOOK_BEHIND = timedelta(days=365)
_DAY = timedelta(days=1)
Users = float | Mapping[str, float] | None
ByRegion = Mapping[str, Mapping[date, int]]

_NEXT = {
    Answer.VERIFIED: State.CLOSED,
    Answer.MISSED: State.RECTIFYING,
    Answer.NO_CHANGE: State.RECTIFYING,
    Answer.WORSE: State.RECTIFYING,
    Answer.RELAPSED: State.RECTIFYING,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of a fix: the problem as it is now, what was held against what, what the numbers say.

    ``moved`` is the state the problem was brought to, or empty.
    """

    problem: rows.Problem
    case: Case
    verification: Verification
    moved: str = ""


def verify_problem(
    register: Register,
    problem_id: str,
    as_of: date | None = None,
    users: Users = None,
    by_region: ByRegion | None = None,
) -> Checked:
    """Compare a problem's complaints before and after its fix date; one that is being watched moves on.

    Before: from the first complaint of the register, at most 365 days, up to and with the day of the fix; after: from
    the next day to ``as_of`` (at most the last day of the register's data). Days that the data do not cover count in
    neither (``coverage``), days without data of a region not for it (``region_coverage``): without data of the time
    after it no fix is verified. Complaints are those of ``measuring.regions_of``; with ``fix_regions`` the others are
    the untouched regions they are held against. A target by rate divides by the users of each window: ``users`` (how
    many, or how many by region), else by the base that the register was opened with. A verified problem is closed with
    the facts, one that missed, did not change, got worse or came back after a calm goes back to its owner (整改中); too
    early changes nothing. ``by_region``: the complaints of the whole register by region and day, where they were
    counted already. ``RegisterError`` without a fix date, complaints or users, and for an ``as_of`` before the fix.
    """
    problem = register.problem(problem_id)
    complaints = family(register, problem.id)
    of_register = register.transactions.options.scale
    given = None if users is None else GivenUsers(users, of_register.region_name)
    scale = Scale(given or of_register.users, of_register.region_name)
    if by_region is None:
        by_region = complaints_by_region(register, scale.region_name)
    seen_of_problem = _by_region((one for one in complaints if one.accepted), scale)
    known = _covered(by_region, seen_of_problem)
    begin, end = _span(problem, known, as_of)
    inside, outside = _sides(problem, complaints, scale, known, gaps_of_regions(known, by_region, seen_of_problem))
    case = _case(problem, (inside, outside), (begin, end), scale)
    relapse = relapse_of(problem, inside.up_to(end), replace(inside.covered, last=end))
    verification = _told(verify(case, relapse=relapse), problem, case, (inside, outside), as_of)
    to = _NEXT.get(verification.answer)
    if problem.state != State.WATCHING or to is None:
        return Checked(problem, case, verification)
    seen = [(one.accepted, one.roles) for one in complaints]
    fields = {
        "verification": facts_of(problem, verification, case, end),
        **figures("accept", problem, seen, end, scale),
    }
    done = by_machine(register).move(problem.id, to.value, fields, expect=problem.version)
    return Checked(done.problem, case, verification, to.value)


def facts_of(problem: rows.Problem, verification: Verification, case: Case, as_of: date) -> dict[str, Any]:
    """The facts of a check as the register keeps them."""
    ratio = verification.ratio
    by_rate = problem.check_by == Measure.RATE

    def window(seen: Window, figure: float) -> dict[str, Any]:
        users = {"users": _plain(seen.users)} if by_rate else {}
        return {"complaints": seen.count, "days": seen.days, **users, "figure": _plain(figure)}

    return {
        "answer": verification.answer.value,
        "as_of": as_of.isoformat(),
        "fix_date": problem.fix_date,
        "regions": list(problem.fix_regions),
        "before": window(case.before, verification.before),
        "after": window(case.after, verification.after),
        "ratio": [_plain(one) for one in (ratio.value, ratio.low, ratio.high)],
        "target": {"by": problem.check_by, "value": problem.check_target, "met": verification.target_met},
        "reasons": list(verification.reasons),
    }


@dataclass(frozen=True, slots=True)
class _Side:
    """The complaints of the regions of the fix, or of the others, and the days that the data cover there."""

    regions: tuple[str, ...]
    by_region: ByRegion
    covered: Coverage

    def count(self, first: date, last: date) -> int:
        """Complaints between two days, both included."""
        return sum(count for days in self.by_region.values() for day, count in days.items() if first <= day <= last)

    def up_to(self, last: date) -> Counter[date]:
        """Complaints by day up to a day."""
        found: Counter[date] = Counter()
        for days in self.by_region.values():
            found.update({day: count for day, count in days.items() if day <= last})
        return found


def _covered(by_region: ByRegion, of_problem: ByRegion) -> Coverage:
    """Which days the data cover, judged by what else was complained of: the calm of a problem put right is no gap."""
    whole, own = (_together(one) for one in (by_region, of_problem))
    return coverage(whole, [day for day, count in whole.items() if count > own[day]])


def _together(by_region: ByRegion) -> Counter[date]:
    found: Counter[date] = Counter()
    for days in by_region.values():
        found.update(days)
    return found


def _by_region(complaints: Iterable[rows.Complaint], scale: Scale) -> dict[str, Counter[date]]:
    found: dict[str, Counter[date]] = {}
    for one in complaints:
        region = region_of(one.roles)
        name = scale.region_name(region) if region else ""
        found.setdefault(name, Counter())[date.fromisoformat(one.accepted[:10])] += 1
    return found


def _span(problem: rows.Problem, known: Coverage, as_of: date | None) -> tuple[date, date]:
    """The first and the last day to look at."""
    if not problem.fix_date:
        raise RegisterError(f"{problem.id} has no fix date. Say when the measure took effect with genyin problems set.")
    if as_of and as_of.isoformat() <= problem.fix_date:
        raise RegisterError(
            f"{as_of} is not after the fix of {problem.id} ({problem.fix_date}), so there is nothing to compare: give "
            "a later --as-of, or correct the fix date with genyin problems set."
        )
    if known.first is None or known.last is None:
        raise RegisterError("No complaint of the register has a time, so nothing can be compared.")
    end = min(as_of or known.last, known.last)
    return max(known.first, date.fromisoformat(problem.fix_date) - LOOK_BEHIND), end


def _told(
    verification: Verification, problem: rows.Problem, case: Case, sides: tuple[_Side, _Side], as_of: date | None
) -> Verification:
    """Say in the reasons which days the register has no data of."""
    fixed, known = date.fromisoformat(problem.fix_date), sides[0].covered
    reasons = list(verification.reasons)
    if not case.after.days and isinstance(known, RegionCoverage) and known.last and known.last > fixed:
        reasons = [
            f"the register holds no complaints of the days after the fix ({fixed}) from the regions of the problem; "
            "load those days first"
        ]
    elif not case.after.days:
        reasons = [
            f"the register holds no complaints of the days after the fix ({fixed}), its data end on {known.last}; load "
            "those days first"
        ]
    elif not case.before.days:
        reasons.append(f"the register holds no complaints of the days before the fix ({fixed})")
    elif known.last and as_of and as_of > known.last:
        reasons.append(f"the data of the register end on {known.last}; nothing is said of the days after that")
    since, until = fixed - LOOK_BEHIND, as_of or known.last or fixed
    reasons += [
        f"the register has no data of {first} to {last}; these days are not counted"
        for first, last in known.gaps_within(since, until)
    ]
    for side in sides if case.controls else sides[:1]:
        if isinstance(side.covered, RegionCoverage):
            reasons += [
                f"the register has no data of {region} from {first} to {last}; these days are not counted there"
                for region, first, last in side.covered.region_gaps_within(since, until)
            ]
    return replace(verification, reasons=tuple(reasons))


def _case(problem: rows.Problem, sides: tuple[_Side, _Side], span: tuple[date, date], scale: Scale) -> Case:
    fixed, (begin, end) = date.fromisoformat(problem.fix_date), span
    inside, outside = sides
    served = _Served(problem, scale.users)

    def windows(side: _Side, where: tuple[str, ...] | None) -> tuple[Window, Window]:
        after = Window(side.count(fixed + _DAY, end), side.covered.days(fixed + _DAY, end))
        before = Window(side.count(begin, fixed), side.covered.days(begin, fixed))
        return served.window(after, where, fixed + _DAY, end), served.window(before, where, begin, fixed)

    # where nothing is known of them, what the others are served does not change, so it falls out
    controls = windows(outside, outside.regions or None) if problem.fix_regions and outside.by_region else None
    return Case(*windows(inside, inside.regions), controls, _target(problem))


def _sides(
    problem: rows.Problem,
    complaints: Sequence[rows.Complaint],
    scale: Scale,
    known: Coverage,
    gaps: Mapping[str, tuple[Stretch, ...]],
) -> tuple[_Side, _Side]:
    """Part the complaints with a time: those from the regions of the fix or the scope, and the others."""
    regions = regions_of(problem, (one.roles for one in complaints), scale.region_name)
    others = scale.users.others(regions) if scale.users and problem.fix_regions else ()
    fixed = date.fromisoformat(problem.fix_date)
    parted: dict[bool, list[rows.Complaint]] = {True: [], False: []}
    for one in complaints:
        if one.accepted:
            parted[is_in_regions(one.roles, regions, scale.region_name)].append(one)
    inside, outside = (_by_region(parted[here], scale) for here in (True, False))
    return (
        _Side(regions, inside, with_regions(known, gaps, inside, fixed)),
        _Side(others, outside, with_regions(known, gaps, outside, fixed)),
    )


@dataclass(frozen=True, slots=True)
class _Served:
    """Puts the users into a window: those of its regions and days where the target is a rate, else 1."""

    problem: rows.Problem
    users: UserBase | None

    def window(self, window: Window, regions: Sequence[str] | None, first: date, last: date) -> Window:
        """The window with its users; ``RegisterError`` where a rate needs users that nobody knows."""
        if self.problem.check_by != Measure.RATE or regions is None:
            return window
        if self.users is None:
            raise RegisterError(
                f"{self.problem.id} is checked by the rate per 10,000 users; give a table of users (--subscribers) or "
                "the number of users (--users)."
            )
        return replace(window, users=self.users.served(self.problem, regions, first, max(first, last)).users)


def _target(problem: rows.Problem) -> Target | None:
    if problem.check_target is None or not problem.check_by:
        return None
    return Target(Measure(problem.check_by), problem.check_target)


def _plain(number: float | None) -> float | None:
    """A number that JSON can hold: none for an infinite one."""
    return None if number is None or number in (float("inf"), float("-inf")) else round(number, 6)
