"""What a run needs to know of a whole register, each in one query: its latest complaints, its days, its profiles."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import func, or_, select

from pipeline.register import rows
from pipeline.register.coverage import Coverage, coverage
from pipeline.register.journal import chunks
from pipeline.register.measuring import RegionName, region_of
from pipeline.register.queries import days_and_columns, days_with_data, find_problem, read
from pipeline.register.store import Register
from pipeline.register.tables import complaints, memberships, problems

_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Profile:
    """What the runs know of a problem's texts, and whether it lives on elsewhere."""

    problem: str
    merged_into: str
    state: str
    profile: rows.Json


@dataclass(frozen=True, slots=True)
class Days:
    """``counts``: per problem its own complaints by day; ``covered``: the days that the data of the register cover."""

    counts: Mapping[str, Mapping[date, int]]
    covered: Coverage


def latest_complaints(register: Register, most: int) -> list[rows.Complaint]:
    """Return up to ``most`` complaints, those that came last to the register first."""
    with register.transactions.reading() as connection:
        return read(connection, rows.Complaint, select(complaints).order_by(complaints.c.id.desc()).limit(most))


def days(register: Register) -> Days:
    """Count the complaints of every problem by day; complaints without a time count nowhere."""
    pairs = (
        select(func.substr(complaints.c.accepted, 1, 10) + memberships.c.problem)
        .join(complaints, complaints.c.id == memberships.c.complaint)
        .where(memberships.c.active, complaints.c.accepted != "")
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    with register.transactions.reading() as connection:
        # a database that groups a million rows sorts them first, which takes several times as long
        for pair, count in Counter(connection.scalars(pairs).all()).items():
            found[pair[10:]][date.fromisoformat(pair[:10])] = count
        covered = coverage(days_with_data(connection))
    return Days(found, covered)


def complaints_by_region(register: Register, region_name: RegionName) -> dict[str, Counter[date]]:
    """Count all complaints of the register by region (empty where none is told) and day; those without a time nowhere.

    ``region_name`` gives regions their one name (滨城市 = 滨城).
    """

    # the columns of complaints repeat, and there may be a million of them
    @lru_cache(maxsize=_REMEMBERED)
    def region(told: str) -> str:
        named = region_of(json.loads(told))
        return region_name(named) if named else ""

    with register.transactions.reading() as connection:
        pairs = Counter((region(told), day) for day, told in days_and_columns(connection))
    found: dict[str, Counter[date]] = {}
    for (where, day), count in pairs.items():
        found.setdefault(where, Counter())[date.fromisoformat(day)] = count
    return found


def family(register: Register, problem_id: str) -> list[rows.Complaint]:
    """Return the complaints of a problem and of those below it, each once."""
    with register.transactions.reading() as connection:
        problem = find_problem(connection, problem_id).id
        heads = select(problems.c.id).where(or_(problems.c.id == problem, problems.c.parent == problem))
        own = select(memberships.c.complaint).where(memberships.c.active, memberships.c.problem.in_(heads))
        return read(connection, rows.Complaint, select(complaints).where(complaints.c.id.in_(own)))


def places_of(register: Register, identities: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return where complaints belong: per identity their problems with weights; those without one are left out."""
    columns = (complaints.c.identity, memberships.c.problem, memberships.c.weight)
    query = select(*columns).join(memberships, memberships.c.complaint == complaints.c.id).where(memberships.c.active)
    found: dict[str, dict[str, float]] = {}
    with register.transactions.reading() as connection:
        for part in chunks(list(dict.fromkeys(identities))):
            for identity, problem, weight in connection.execute(query.where(complaints.c.identity.in_(part))):
                found.setdefault(identity, {})[problem] = weight
    return found


def profiles(register: Register) -> list[Profile]:
    """Return what is known of the texts of every problem, merged ones included."""
    query = select(problems.c.id, problems.c.merged_into, problems.c.state, problems.c.profile)
    with register.transactions.reading() as connection:
        found = connection.execute(query.order_by(func.length(problems.c.id), problems.c.id)).all()
    return [Profile(*row) for row in found]


def by_machine(register: Register, who: str = "genyin") -> Register:
    """Return the same register with ``who`` in its events: for what no person did."""
    return Register(replace(register.transactions, options=replace(register.transactions.options, who=who)))
