"""What comes back with the sheet of a review: answers, conflicts, and cells that cannot be used."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.register.rows import Problem


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell that cannot be used: its ``address`` (file, sheet, cell), its column's ``header``, and what is wrong."""

    address: str
    header: str
    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell that a person changed: ``text`` as typed, ``value`` as the register takes it."""

    name: str
    text: str
    value: Any
    address: str


@dataclass(frozen=True, slots=True)
class MaskedCell:
    """A cell in which somebody typed something personal; ``kinds`` such as 手机号 were masked."""

    problem: str
    column: str
    kinds: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A cell that a person changed in a ``column`` that is shown and never read back."""

    problem: str
    column: str
    address: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not used: the ``address`` of its id, the ``problem`` it names (perhaps none), and the reason."""

    address: str
    problem: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that was changed in the sheet (``answer``) and, since the export, in the ``register`` as well."""

    problem: str
    answer: Answer
    register: str


@dataclass(slots=True)
class Row:
    """One problem's answers, by column; ``conflicts`` are not among them. ``troubled``: a cell cannot be used."""

    problem: Problem
    number: int
    answers: dict[str, Answer] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    troubled: bool = False

    def value(self, name: str) -> Any:
        """What was answered in a column; empty where nothing was."""
        return self.answers[name].value if name in self.answers else ""


@dataclass(slots=True)
class Handed:
    """A sheet that came back.

    ``rows`` have at least one answer or conflict, ``unchanged`` counts the others that are used; ``rejected`` are
    those that are not; ``absent`` are ids that were exported and have no row any more; ``masked`` are cells that held
    something personal, ``unread`` those changed where nothing is read.
    """

    rows: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    masked: list[MaskedCell] = field(default_factory=list)
    unread: list[UnreadCell] = field(default_factory=list)
    unchanged: int = 0

    @property
    def conflicts(self) -> list[Conflict]:
        """All conflicts, in the order of the sheet."""
        return [one for row in self.rows for one in row.conflicts]
