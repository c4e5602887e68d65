"""Reading the register: rows come back as the frozen dataclasses of ``rows``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from pipeline.errors import RegisterError
from pipeline.register import rows
from pipeline.register.counting import belongs_most
from pipeline.register.tables import RECORDS, complaints, decisions, events, memberships, problems, touches

T = TypeVar("T")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems to list; an empty value asks for nothing.

    ``states`` are names as ``lifecycle`` has them; ``department`` is any of the departments of a problem; ``text``
    stands in its id, name, statement, cause or measure; ``since`` and ``until`` (days, both included) keep problems
    with a complaint between them. Problems that were merged away are left out unless ``merged`` is true.
    """

    states: tuple[str, ...] = ()
    category: str = ""
    department: str = ""
    owner: str = ""
    text: str = ""
    since: str = ""
    until: str = ""
    mark: str = ""
    merged: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A complaint of a problem and the weight it has there."""

    complaint: rows.Complaint
    weight: float


@dataclass(frozen=True, slots=True)
class ProblemMembers:
    """What matching needs of a problem: its row, and the identities of its own complaints with weights."""

    problem: rows.Problem
    members: dict[str, float] = field(default_factory=dict)


def read(connection: Connection, record: type[T], query: Select[Any]) -> list[T]:
    """Return the rows of a query over a whole table as its dataclass."""
    return [record(*row) for row in connection.execute(query).all()]


def in_order(table: Table) -> Select[Any]:
    """Select a whole table in an order that is the same on every database."""
    by_key = [key for column in table.primary_key for key in _sort_keys(column)]
    return select(table).order_by(*by_key)


def _sort_keys(column: Any) -> list[Any]:
    # databases sort texts by different rules, but all texts here are ids of letters and digits: P-0999 before P-1000
    return [func.length(column), column] if isinstance(column.type, String) else [column]


def list_problems(connection: Connection, wanted: ProblemFilter) -> list[rows.Problem]:
    """Return problems, those with most complaints first."""
    return read(connection, rows.Problem, fitting(select(problems), wanted).limit(wanted.limit))


def fitting(query: Select[Any], wanted: ProblemFilter) -> Select[Any]:
    """Narrow a query of problems down to those that are wanted, those with most complaints first."""
    table = problems.c
    query = query.order_by(table.complaints.desc(), func.length(table.id), table.id)
    if not wanted.merged:
        query = query.where(table.merged_into == "")
    if wanted.states:
        query = query.where(table.state.in_(wanted.states))
    for column, value in ((table.category, wanted.category), (table.owner, wanted.owner)):
        query = query.where(column == value) if value else query
    if wanted.department:
        departments = (table.front_department, table.back_department, table.lead_department)
        responsible = (*departments, table.supporting_department, table.charged_department)
        query = query.where(or_(*(column == wanted.department for column in responsible)))
    if wanted.text:
        places = (table.id, table.name, table.statement, table.root_cause, table.measure, table.workaround)
        query = query.where(or_(*(column.contains(wanted.text, autoescape=True) for column in places)))
    if wanted.since or wanted.until:
        query = query.where(_in_period(wanted.since, wanted.until))
    if wanted.mark:
        query = query.where(cast(table.marks, String).contains(f'"{wanted.mark}"', autoescape=True))
    return query


def _in_period(since: str, until: str) -> ColumnElement[bool]:
    """The condition that a problem, or a part of it, has a complaint between two days; either may be empty."""
    table = problems.c
    after, before = _day(table.last) >= since, and_(table.first != "", _day(table.first) <= until)
    if not until or not since:
        return after if since else before
    part = problems.alias()
    family = or_(part.c.id == table.id, part.c.parent == table.id)
    own = memberships.join(complaints, complaints.c.id == memberships.c.complaint)
    between = (
        exists()
        .select_from(own.join(part, part.c.id == memberships.c.problem))
        .where(family, memberships.c.active, belongs_most(), _day(complaints.c.accepted).between(since, until))
        .correlate(problems)
    )
    # only a problem that begins before the period and goes on after it may have nothing between
    return and_(after, before, or_(_day(table.first) >= since, _day(table.last) <= until, between))


def _day(moment: Any) -> Any:
    return func.substr(moment, 1, 10)


def find_problem(connection: Connection, problem_id: str) -> rows.Problem:
    """Return the problem; an id that was merged leads to where it lives on. ``RegisterError`` when there is none."""
    wanted = problem_id.strip().upper()
    seen: set[str] = set()
    while wanted not in seen:
        seen.add(wanted)
        found = read(connection, rows.Problem, select(problems).where(problems.c.id == wanted))
        if not found:
            raise RegisterError(f"There is no problem {problem_id}. List them with genyin problems list.")
        if not found[0].merged_into:
            return found[0]
        wanted = found[0].merged_into
    raise RegisterError(f"The problem {problem_id} was merged in a circle; undo one of the merges.")


def find_problems(connection: Connection, problem_ids: Sequence[str]) -> dict[str, rows.Problem]:
    """Return many problems as :func:`find_problem` does each, by the ids that were asked for."""
    found: dict[str, rows.Problem] = {}
    for start in range(0, len(problem_ids), _CHUNK):
        part = problem_ids[start : start + _CHUNK]
        query = select(problems).where(problems.c.id.in_(part), problems.c.merged_into == "")
        found.update({one.id: one for one in read(connection, rows.Problem, query)})
    return {one: found[one] if one in found else find_problem(connection, one) for one in problem_ids}


def members_of(connection: Connection, problem_id: str, limit: int | None = None) -> list[Member]:
    """Return a problem's own complaints, the latest first."""
    query = (
        select(complaints, memberships.c.weight)
        .join(memberships, memberships.c.complaint == complaints.c.id)
        .where(memberships.c.problem == problem_id, memberships.c.active)
        .order_by(complaints.c.accepted.desc(), complaints.c.id)
        .limit(limit)
    )
    return [Member(rows.Complaint(*row[:-1]), row[-1]) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All problems that were not merged away, and the number of the last event: what a run is matched with."""

    problems: tuple[ProblemMembers, ...]
    event: int


def snapshot(connection: Connection) -> Snapshot:
    """Return every problem that was not merged away with the identities of its complaints, for matching."""
    found = read(connection, rows.Problem, in_order(problems).where(problems.c.merged_into == ""))
    known = {problem.id: ProblemMembers(problem) for problem in found}
    query = (
        select(memberships.c.problem, complaints.c.identity, memberships.c.weight)
        .join(complaints, complaints.c.id == memberships.c.complaint)
        .where(memberships.c.active)
        .order_by(complaints.c.id)
    )
    # all at once: a million rows one by one take three times as long
    for problem, identity, weight in connection.execute(query).all():
        known[problem].members[identity] = weight
    return Snapshot(tuple(known.values()), connection.scalar(select(func.max(events.c.id))) or 0)


def days_and_columns(connection: Connection) -> Iterator[tuple[str, str]]:
    """Hand out day and columns (as JSON) of every complaint with a time, as they are stored, not holding them all."""
    columns = type_coerce(complaints.c.roles, Text)
    query = select(func.substr(complaints.c.accepted, 1, 10), columns).where(complaints.c.accepted != "")
    with connection.execute(query, execution_options={"yield_per": 2000}) as result:
        yield from ((day, told) for day, told in result)


def days_with_data(connection: Connection) -> list[date]:
    """Return the days on which complaints came in, in no order; a quicker question than how many."""
    query = select(func.substr(complaints.c.accepted, 1, 10)).where(complaints.c.accepted != "").distinct()
    return [date.fromisoformat(text) for text in connection.scalars(query)]


def first_and_last(connection: Connection) -> tuple[date | None, date | None]:
    """Return the first and the last day of all complaints."""
    query = select(func.min(complaints.c.accepted), func.max(complaints.c.accepted)).where(complaints.c.accepted != "")
    first, last = (text and date.fromisoformat(text[:10]) for text in connection.execute(query).one())
    return first, last


def stored_complaints(connection: Connection) -> Iterator[rows.Complaint]:
    """Hand out all complaints in the order of their arrival, without holding them all."""
    yield from whole_table(connection, complaints)


def by_identity(connection: Connection, identities: Sequence[str]) -> dict[str, rows.Complaint]:
    """Return the complaints the register has of these."""
    found: dict[str, rows.Complaint] = {}
    for start in range(0, len(identities), _CHUNK):
        part = identities[start : start + _CHUNK]
        query = select(complaints).where(complaints.c.identity.in_(part))
        found.update({one.identity: one for one in read(connection, rows.Complaint, query)})
    return found


def active_decisions(connection: Connection) -> list[rows.Decision]:
    """Return the decisions that count, oldest first."""
    return read(connection, rows.Decision, in_order(decisions).where(decisions.c.active))


def history_of(connection: Connection, problem_id: str, limit: int | None = None) -> list[rows.Event]:
    """Return the events that touched a problem, oldest first; with a ``limit`` the latest ones."""
    query = select(events).join(touches, touches.c.event == events.c.id).where(touches.c.problem == problem_id)
    found = read(connection, rows.Event, query.order_by(events.c.id.desc()).limit(limit))
    return found[::-1]


def find_event(connection: Connection, number: int) -> rows.Event:
    """Return one event; ``RegisterError`` when there is none."""
    found = read(connection, rows.Event, select(events).where(events.c.id == number))
    if not found:
        raise RegisterError(f"There is no event {number}. See genyin problems history.")
    return found[0]


def whole_table(connection: Connection, table: Table) -> Iterator[Any]:
    """Hand out all rows of a table in its order."""
    with connection.execute(in_order(table), execution_options={"yield_per": 2000}) as result:
        for row in result:
            yield RECORDS[table](*row)
