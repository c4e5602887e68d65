"""What the count of a problem is made up of: its own complaints, those of its parts, and those that count elsewhere."""

from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline.register.store import Register
from pipeline.register.tables import memberships, problems


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a problem with its complaints."""

    id: str
    name: str
    complaints: int


@dataclass(frozen=True, slots=True)
class MakeUp:
    """``own`` complaints, in no part, and those of the ``parts``, the largest first, add up to the problem's count.

    ``elsewhere``: further ones that belong to it too, but more to other problems, which count them.
    """

    own: int
    parts: tuple[Part, ...]
    elsewhere: int

    @property
    def listed(self) -> int:
        """How many complaints ``Register.members`` returns."""
        return self.own + self.elsewhere


def make_up(register: Register, problem_id: str) -> MakeUp:
    """Say what the count of a problem, which was not merged away, is made up of."""
    here = (
        select(func.count()).select_from(memberships).where(memberships.c.problem == problem_id, memberships.c.active)
    )
    parts = select(problems.c.id, problems.c.name, problems.c.complaints).where(problems.c.parent == problem_id)
    with register.transactions.reading() as connection:
        everything = connection.scalar(here) or 0
        counted = connection.scalar(select(problems.c.complaints).where(problems.c.id == problem_id)) or 0
        found = [Part(*row) for row in connection.execute(parts)]
    # a complaint counts for one problem only (see ``counting``): what is in no part needs no counting among a hundred
    # thousand complaints
    own = counted - sum(one.complaints for one in found)
    largest_first = sorted(found, key=lambda one: (-one.complaints, len(one.id), one.id))
    return MakeUp(own, tuple(largest_first), everything - own)
