"""The transactions of an open register: looking, changing, and several changes that count together or not at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from pipeline.errors import RegisterError
from pipeline.register import rows
from pipeline.register.connecting import reading, writing
from pipeline.register.journal import Journal
from pipeline.register.lifecycle import LOOK_BACK_DAYS
from pipeline.register.measuring import Scale
from pipeline.register.queries import find_problem, history_of
from pipeline.register.typed import Guard, Typed, masked_texts, unguarded

# what is of no use to people, or is told in other words
_UNSAID = ("created", "since", "profile", "rate_facts", "notes")


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """``who`` stands in every event. With ``rehearse`` changes are made, reported and taken back at once (dry run).

    ``create=False`` refuses a register that does not exist yet. ``look_back_days``: from closing to 回头看 (see
    ``lifecycle.transition``). ``scale``: what complaints and rates are counted with; ``guard`` masks what people type.
    """

    who: str = ""
    create: bool = True
    rehearse: bool = False
    look_back_days: int = LOOK_BACK_DAYS
    clock: Callable[[], datetime] = utc_now
    scale: Scale = field(default_factory=Scale)
    guard: Guard = unguarded


@dataclass(frozen=True, slots=True)
class Transactions:
    """Opens transactions on ``engine``; inside ``together`` all of them are parts of the one that ``outer`` writes."""

    engine: Engine
    options: Options = field(default_factory=Options)
    outer: Journal | None = None

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one state of the register throughout."""
        return nullcontext(self.outer.connection) if self.outer else reading(self.engine)

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Open the only writing transaction; inside another one a step of it, which is taken back when it fails."""
        if self.outer is None:
            with writing(self.engine, keep=not self.options.rehearse) as connection:
                yield self._journal(connection, {})
        else:
            with self.outer.connection.begin_nested():
                yield self._journal(self.outer.connection, self.outer.numbers)

    @contextmanager
    def together(self) -> Iterator["Transactions"]:
        """Open one transaction for all that is done with what it hands out; nothing is kept when any of it fails."""
        with self.writing() as journal:
            yield replace(self, outer=journal)

    @contextmanager
    def changing(self, problem_id: str, expect: int | None) -> Iterator[tuple[Journal, rows.Problem]]:
        """Write about one problem; ``RegisterError`` when its version is not the one that is expected."""
        with self.writing() as journal:
            problem = find_problem(journal.connection, problem_id)
            if expect is not None and problem.version != expect:
                raise _changed_meanwhile(journal.connection, problem, expect)
            yield journal, problem

    def typed(self, journal: Journal, values: Mapping[str, Any]) -> Typed:
        """Mask what a person typed."""
        return masked_texts(journal.connection, self.options.guard, self.options.who, values)

    def _journal(self, connection: Connection, numbers: dict[str, int]) -> Journal:
        return Journal(connection, self.options.who, f"{self.options.clock():%Y-%m-%dT%H:%M:%SZ}", numbers=numbers)


def _changed_meanwhile(connection: Connection, problem: rows.Problem, expect: int) -> RegisterError:
    if expect > problem.version:
        return RegisterError(
            f"{problem.id} has version {problem.version}, not {expect}. Read it again and give the version it shows."
        )
    changes = [one for one in history_of(connection, problem.id) if problem.id in one.after.get("problems", {})]
    # each of them made one version
    told = "; ".join(_told(one, problem.id) for one in changes[expect - problem.version :])
    return RegisterError(
        f"{problem.id} was changed after you read version {expect}. {told}. Nothing of yours was saved: read it again "
        f"(version {problem.version}) and repeat your change."
    )


def _told(event: rows.Event, problem_id: str) -> str:
    """Who did what to a problem, when, field by field."""
    was, became = (image.get("problems", {}).get(problem_id, {}) for image in (event.before, event.after))
    changes = [
        f"{name}: {_words(was.get(name))} → {_words(value)}" for name, value in became.items() if name not in _UNSAID
    ]
    changes += [f"notes: {note['text']}" for note in became.get("notes", ())[len(was.get("notes", ())) :]]
    at = f"{datetime.fromisoformat(event.at).astimezone():%Y-%m-%d %H:%M}"
    return f"{event.who or '-'} {at} {event.what}" + (f" ({', '.join(changes)})" if changes else "")


def _words(value: Any) -> str:
    """A value as a person reads it; facts of genyin's own making are only counted."""
    if isinstance(value, Mapping):
        return "…" if value else "–"
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value)) or "–"
    return "–" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)
