"""The counts beside a problem, kept so that a list of thousands needs no counting: rows, customers, texts, dates.

A complaint that two problems share counts for the one it belongs to most, so that the counts of all problems add up to
the complaints there are; the older problem has it where both shares are equal. ``weight`` adds the shares themselves.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from pipeline.register.tables import complaints, memberships, problems

_CHUNK = 400


def recount(connection: Connection, touched: Sequence[str]) -> None:
    """Count the complaints of problems and of their parents anew; a parent's counts include its children's."""
    counted = counts_of(connection, sorted({*touched, *_parents(connection, touched)}))
    if counted:
        this = problems.update().where(problems.c.id == bindparam("the_id"))
        names: dict[str, Any] = {name: bindparam(f"the_{name}") for name in _nothing()}
        connection.execute(this.values(names), [_bound(key, counts) for key, counts in counted.items()])


def counts_of(connection: Connection, heads: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Count the complaints of problems; the names are those of ``rows.COUNTED``."""
    counted = {head: _nothing() for head in heads}
    for start in range(0, len(heads), _CHUNK):
        for head, *values in connection.execute(_counts(heads[start : start + _CHUNK])):
            counted[head] = _values(*values)
    return counted


def _parents(connection: Connection, touched: Sequence[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(touched), _CHUNK):
        query = select(problems.c.parent).where(problems.c.id.in_(touched[start : start + _CHUNK]))
        found += [parent for (parent,) in connection.execute(query.distinct()) if parent]
    return found


def _counts(heads: Sequence[str]) -> Any:
    """One row per head: its own memberships and those of the problems below it, each complaint counted once."""
    family = union_all(
        select(problems.c.id.label("head"), problems.c.id.label("member")).where(problems.c.id.in_(heads)),
        select(problems.c.parent, problems.c.id).where(problems.c.parent.in_(heads)),
    ).subquery()
    # a customer nobody knows counts as one of his own
    customer = case(
        (complaints.c.customer == "", literal("#") + cast(complaints.c.id, Text)), else_=complaints.c.customer
    )
    here = belongs_most()

    def counted(value: Any) -> Any:
        """The value of complaints that count here; of others nothing."""
        return case((here, value))

    return (
        select(
            family.c.head,
            func.count(counted(complaints.c.id).distinct()),
            func.count(counted(customer).distinct()),
            func.count(counted(complaints.c.content).distinct()),
            func.sum(memberships.c.weight),
            func.min(counted(func.nullif(complaints.c.accepted, ""))),
            func.max(counted(complaints.c.accepted)),
        )
        .join(memberships, memberships.c.problem == family.c.member)
        .join(complaints, complaints.c.id == memberships.c.complaint)
        .where(memberships.c.active)
        .group_by(family.c.head)
    )


def belongs_most() -> Any:
    """The condition on ``memberships`` that no other problem has a larger share of the complaint."""
    other = memberships.alias()
    this_age, other_age = func.length(memberships.c.problem), func.length(other.c.problem)
    older = or_(other_age < this_age, and_(other_age == this_age, other.c.problem < memberships.c.problem))
    more = or_(other.c.weight > memberships.c.weight, and_(other.c.weight == memberships.c.weight, older))
    return ~exists().where(other.c.complaint == memberships.c.complaint, other.c.active, more)


def _nothing() -> dict[str, Any]:
    return {"complaints": 0, "customers": 0, "texts": 0, "weight": 0.0, "first": "", "last": ""}


def _values(count: int, customers: int, texts: int, weight: float, *span: str | None) -> dict[str, Any]:
    # the order of adding differs between databases, and with it the last digits of a sum
    values = (count, customers, texts, round(weight, 6), *(time or "" for time in span))
    return dict(zip(_nothing(), values, strict=True))


def _bound(key: str, counts: dict[str, Any]) -> dict[str, Any]:
    return {"the_id": key, **{f"the_{name}": value for name, value in counts.items()}}
