"""Figures that operators write beside a problem by hand: complaints and their rate per 10,000 users (万投比).

``trigger_…`` (触发) at its opening, ``accept_…`` (验收) when a watched fix is judged. Both are of 30 days, so that one
can be held against the other, and of the problem's own scope (``regions_of``): the 30 days up to its last complaint,
and those up to the check.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Select, func, or_, select

from pipeline.errors import RegisterError
from pipeline.records import Role
from pipeline.register import rows
from pipeline.register.counting import belongs_most
from pipeline.register.lifecycle import State
from pipeline.register.tables import complaints, memberships, problems

MONTH = 30
PER_USERS = 10_000
_BEFORE = (State.CANDIDATE, State.NOT_A_PROBLEM)
_OPENED = (State.OPEN, State.ANALYSING)
_CHECKED = (State.CLOSED, State.RECTIFYING)
_PARTS = re.compile(r"[、，,;；/\s]+")

RegionName = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Served:
    """How many ``users`` there were on average over some days, and where that is from.

    ``base``: which users (mobile, broadband …). ``months``: per month of the days the month of the table that stood in;
    ``source`` is the table's name, empty where somebody gave the number.
    """

    users: float
    base: str = ""
    months: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


class UserBase(Protocol):
    """Knows how many users there were."""

    def served(self, problem: rows.Problem, regions: Sequence[str], first: date, last: date) -> Served:
        """Users of the regions (none: of all) on average over the days; ``RegisterError`` says what is missing."""

    def others(self, regions: Sequence[str]) -> tuple[str, ...]:
        """The regions beside these; none where it knows of no regions."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What figures are made with: ``users``, if they are known, and the one name of each region."""

    users: UserBase | None = None
    region_name: RegionName = str.strip


def figures_on_the_way(
    connection: Connection, problem: rows.Problem, to: State, changes: Mapping[str, Any], scale: Scale
) -> dict[str, Any]:
    """Return what to fill in when a problem goes to the state ``to``; what somebody gave is left as it is.

    At the opening, when a candidate becomes a problem, what does not stand there: of the 30 days up to the problem's
    last complaint, for that is what gave rise to it. Anew whenever a watched fix is judged: of the register's last 30
    days. Parts are included.
    """
    opened = problem.state in _BEFORE and to in _OPENED
    checked = problem.state == State.WATCHING and to in _CHECKED
    what = "trigger" if opened else "accept" if checked else ""
    last = connection.scalar(select(func.max(complaints.c.accepted))) if what else ""
    if not last:
        return {}
    count, rate = f"{what}_count", f"{what}_rate"
    there = {name for name in (count, rate) if opened and getattr(problem, name) is not None} | changes.keys()
    planned = replace(problem, **changes)
    seen = _seen(connection, problem)
    if opened:
        last = _last(planned, seen, scale) or last
    found = figures(what, planned, seen, date.fromisoformat(last[:10]), scale)
    there |= {"rate_facts"} if rate in there else set()
    return {name: value for name, value in found.items() if name not in there}


def figures(
    what: str, problem: rows.Problem, seen: Iterable[tuple[str, rows.Json]], last: date, scale: Scale
) -> dict[str, Any]:
    """Return count and rate of the 30 days that end with ``last``, and in ``rate_facts`` what the rate was made of.

    ``seen`` are the problem's complaints: time and columns. The rate is count / mean users over these days x 10,000.
    """
    seen = [(accepted[:10], roles) for accepted, roles in seen if accepted]
    first = last - timedelta(days=MONTH - 1)
    regions = regions_of(problem, (roles for _, roles in seen), scale.region_name)
    inside = (is_in_regions(roles, regions, scale.region_name) for day, roles in seen if _within(day, first, last))
    given = getattr(problem, f"{what}_count") if what == "trigger" else None
    count = sum(inside) if given is None else given
    if scale.users is None:
        return {f"{what}_count": count}
    facts = {"count": count, "from": first.isoformat(), "to": last.isoformat(), "regions": list(regions)}
    try:
        served = scale.users.served(problem, regions, first, last)
    except RegisterError as error:
        return {f"{what}_count": count, **with_facts(problem, what, {**facts, "missing": str(error)})}
    rate = round(count / served.users * PER_USERS, 6)
    facts |= {"users": round(served.users, 2), "base": served.base, "source": served.source, "months": served.months}
    return {f"{what}_count": count, f"{what}_rate": rate, **with_facts(problem, what, rows.plain(facts))}


def _last(problem: rows.Problem, seen: Sequence[tuple[str, rows.Json]], scale: Scale) -> str:
    """When the last complaint of the problem's own scope came in; empty where none has a time."""
    regions = regions_of(problem, (roles for accepted, roles in seen if accepted), scale.region_name)
    return max((time for time, roles in seen if is_in_regions(roles, regions, scale.region_name)), default="")


def with_facts(problem: rows.Problem, what: str, facts: rows.Json) -> dict[str, Any]:
    """Return ``rate_facts`` with those of one rate."""
    return {"rate_facts": {**problem.rate_facts, f"{what}_rate": facts}}


def without_facts(problem: rows.Problem, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``rate_facts`` less those of the rates that somebody gives; nothing where that changes nothing."""
    kept = {name: facts for name, facts in problem.rate_facts.items() if name not in changes}
    return {"rate_facts": kept} if len(kept) < len(problem.rate_facts) else {}


def regions_of(problem: rows.Problem, roles: Iterable[rows.Json], region_name: RegionName) -> tuple[str, ...]:
    """The regions whose complaints and users count: those of the fix, else those of the scope (影响范围), else all: ().

    A scope names regions where each of its parts is a region of one of the problem's complaints.
    """
    if problem.fix_regions:
        return tuple(dict.fromkeys(region_name(one) for one in problem.fix_regions))
    named = dict.fromkeys(region_name(one) for one in _PARTS.split(problem.scope) if one)
    known = {region_name(region_of(one)) for one in roles} if named else set()
    return tuple(named) if named.keys() <= known else ()


def is_in_regions(roles: rows.Json, regions: Sequence[str], region_name: RegionName = str.strip) -> bool:
    """Whether a complaint with these columns comes from the regions; of one without a region we assume it."""
    region = region_of(roles)
    return not regions or not region or region_name(region) in regions


def region_of(roles: rows.Json) -> str:
    """The region that a complaint with these columns is about, else that of the customer; empty where none is told."""
    return roles.get(Role.INCIDENT_REGION.value) or roles.get(Role.HOME_REGION.value) or ""


def _within(day: str, first: date, last: date) -> bool:
    return first.isoformat() <= day <= last.isoformat()


def _seen(connection: Connection, problem: rows.Problem) -> list[tuple[str, rows.Json]]:
    return [(accepted, roles) for accepted, roles in connection.execute(_of_family(problem.id))]


def _of_family(problem: str) -> Select[Any]:
    """Time and columns of the complaints that belong most to a problem or to a part of it."""
    family = select(problems.c.id).where(or_(problems.c.id == problem, problems.c.parent == problem))
    own = select(memberships.c.complaint).where(memberships.c.active, memberships.c.problem.in_(family), belongs_most())
    return select(complaints.c.accepted, complaints.c.roles).where(complaints.c.id.in_(own))
