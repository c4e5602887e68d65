"""The first page of a long list of problems: what is not shown is counted, not read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from pipeline.register import rows
from pipeline.register.journal import chunks
from pipeline.register.queries import ProblemFilter, fitting, read
from pipeline.register.store import Register
from pipeline.register.tables import problems


@dataclass(frozen=True, slots=True)
class Page:
    """The problems to show, each with whether it is a part of one above it, and how many fit in all, by state.

    The parts of a problem stand right after it; the states that most problems are in come first.
    """

    shown: tuple[tuple[rows.Problem, bool], ...]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many problems fit."""
        return sum(self.states.values())


def first_page(register: Register, wanted: ProblemFilter, limit: int | None) -> Page:
    """Return the problems that fit, those with most complaints first, up to ``limit`` of them (None: all)."""
    query = fitting(select(problems.c.id, problems.c.parent, problems.c.state), wanted)
    with register.transactions.reading() as connection:
        found = connection.execute(query).all()
        shown = _in_families(found)[:limit]
        queries = (select(problems).where(problems.c.id.in_(part)) for part in chunks([key for key, _ in shown]))
        full = {one.id: one for query in queries for one in read(connection, rows.Problem, query)}
    states = Counter(state for _, _, state in found)
    return Page(tuple((full[key], is_part) for key, is_part in shown), dict(states.most_common()))


def _in_families(found: Sequence[Any]) -> list[tuple[str, bool]]:
    """Ids in their order, the parts of each right after it where that is listed as well."""
    places = {key: place for place, (key, _, _) in enumerate(found)}
    order = sorted((places.get(parent, places[key]), parent in places, places[key]) for key, parent, _ in found)
    return [(found[place][0], is_part) for _, is_part, place in order]
