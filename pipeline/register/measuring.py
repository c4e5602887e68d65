"""Counts that operators write beside a problem by hand: 触发投诉量 at its opening, 验收投诉量 at the check of a fix."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from pipeline.records import Role
from pipeline.register import rows
from pipeline.register.counting import belongs_most
from pipeline.register.lifecycle import State
from pipeline.register.tables import complaints, memberships, problems

# days of both counts, so that the one can be held against the other
MONTH = 30
_BEFORE = (State.CANDIDATE, State.NOT_A_PROBLEM)
_OPENED = (State.OPEN, State.ANALYSING)
_CHECKED = (State.CLOSED, State.RECTIFYING)


def counts_on_the_way(
    connection: Connection, problem: rows.Problem, to: State, changes: Mapping[str, Any]
) -> dict[str, int]:
    """Return the count to fill in when a problem goes to the state ``to``; what somebody gave is left as it is.

    ``trigger_count``: when a candidate becomes a problem, unless it stands there; ``accept_count``: when a fix was
    watched and is judged. Each counts the complaints of the register's last 30 days, parts included.
    """
    opened = problem.state in _BEFORE and to in _OPENED and problem.trigger_count is None
    checked = problem.state == State.WATCHING and to in _CHECKED
    name = "trigger_count" if opened else "accept_count" if checked else ""
    if not name or name in changes:
        return {}
    count = recent_count(connection, problem.id, problem.fix_regions if checked else ())
    return {} if count is None else {name: count}


def recent_count(connection: Connection, problem: str, regions: Sequence[str] = ()) -> int | None:
    """Count the complaints of a problem and its parts in the register's last 30 days; None where no day is known.

    With ``regions`` only those from there, and those of which no region is known.
    """
    last = connection.scalar(select(func.max(complaints.c.accepted)))
    if not last:
        return None
    since = (date.fromisoformat(last[:10]) - timedelta(days=MONTH - 1)).isoformat()
    family = select(problems.c.id).where(or_(problems.c.id == problem, problems.c.parent == problem))
    own = select(memberships.c.complaint).where(memberships.c.active, memberships.c.problem.in_(family), belongs_most())
    query = select(complaints.c.roles).where(complaints.c.id.in_(own), complaints.c.accepted >= since)
    return sum(is_in_regions(roles, regions) for roles in connection.scalars(query))


def is_in_regions(roles: rows.Json, regions: Sequence[str]) -> bool:
    """Whether a complaint with these columns comes from the regions; of one without a region we assume it."""
    region = roles.get(Role.INCIDENT_REGION.value) or roles.get(Role.HOME_REGION.value)
    return not regions or not region or region in regions
