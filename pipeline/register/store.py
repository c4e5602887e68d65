"""The register: what a problem manager does, one method each; every change is one transaction with its event.

``open_register("sqlite:///genyin.db")`` is for one person or machine, ``postgresql+psycopg://…`` for a team. Two people
at once: give ``expect``, the version of the problem you read, and a change made in between is not lost but reported. A
method that changes something returns what it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import select

from pipeline.errors import RegisterError
from pipeline.label_entries import LabelEntry, in_order
from pipeline.register import deciding, exchange, queries, rows, tables, undoing
from pipeline.register.arriving import Arrival, Findings, Loaded
from pipeline.register.checking import disagreements
from pipeline.register.connecting import connect, parsed_url
from pipeline.register.decisions import Kind
from pipeline.register.journal import Entry
from pipeline.register.labelling import add_labels
from pipeline.register.loading import load
from pipeline.register.plans import Done
from pipeline.register.queries import Member, ProblemFilter, Snapshot
from pipeline.register.schema import ensure_current, is_set_up
from pipeline.register.transactions import Options, Transactions
from pipeline.register.undoing import Undone

__all__ = ["Options", "Register", "backup_register", "open_register"]

WATCH_DAYS = 30
_NOTE = "notes"


def open_register(address: str, options: Options | None = None) -> "Register":
    """Open the register at an address such as ``sqlite:///genyin.db``; an empty database is set up at once.

    Raises ``RegisterError`` for an address that is none, a database that cannot be reached, holds something else, or
    is of another revision; ``MissingExtraError`` without the driver for PostgreSQL. Use it in a ``with`` block.
    """
    options = options or Options()
    create = options.create and not options.rehearse
    engine = connect(parsed_url(address), create)
    try:
        ensure_current(engine, create)
    except BaseException:
        engine.dispose()
        raise
    return Register(Transactions(engine, options))


def backup_register(address: str, path: Path) -> None:
    """Copy the register at ``address`` while it is in use: SQLite as a database, PostgreSQL as an export.

    SQLite also of an older revision, which has to be copied before it is migrated; an export is written for this
    revision only. ``RegisterError`` for a path that exists, and as when opening.
    """
    url = parsed_url(address)
    if url.drivername == "sqlite" and is_set_up(address):
        exchange.backup_sqlite(Path(str(url.database)), Path(path))
        return
    with open_register(address, Options(create=False)) as register:
        register.backup(path)


@dataclass(frozen=True, slots=True)
class Register:
    """An open register; made by ``open_register``."""

    transactions: Transactions

    def __enter__(self) -> "Register":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.transactions.engine.dispose()

    @contextmanager
    def together(self) -> Iterator["Register"]:
        """Hand out the register for several changes that count together: all are kept at the end, or none.

        Others wait meanwhile. With ``rehearse`` they see each other and are taken back together.
        """
        with self.transactions.together() as one:
            yield Register(one)

    # -- looking -----------------------------------------------------------------------------------------------------

    def problems(self, wanted: ProblemFilter | None = None) -> list[rows.Problem]:
        """Return the problems that fit, those with most complaints first."""
        with self.transactions.reading() as connection:
            return queries.list_problems(connection, wanted or ProblemFilter())

    def problem(self, problem_id: str) -> rows.Problem:
        """Return one problem; the id of a merged one leads to where it lives on."""
        with self.transactions.reading() as connection:
            return queries.find_problem(connection, problem_id)

    def members(self, problem_id: str, limit: int | None = None) -> list[Member]:
        """Return a problem's own complaints, the latest first."""
        with self.transactions.reading() as connection:
            return queries.members_of(connection, queries.find_problem(connection, problem_id).id, limit)

    def snapshot(self) -> Snapshot:
        """Return all problems with the identities of their complaints: what a new run is matched with."""
        with self.transactions.reading() as connection:
            return queries.snapshot(connection)

    def complaints(self) -> Iterator[rows.Complaint]:
        """Hand out all complaints in the order of their arrival."""
        with self.transactions.reading() as connection:
            yield from queries.stored_complaints(connection)

    def history(self, problem_id: str, limit: int | None = None) -> list[rows.Event]:
        """Return what happened to a problem under this id, oldest first; with a ``limit`` the latest events."""
        with self.transactions.reading() as connection:
            queries.find_problem(connection, problem_id)
            return queries.history_of(connection, problem_id.strip().upper(), limit)

    def runs(self) -> list[rows.Run]:
        """Return all runs, oldest first."""
        with self.transactions.reading() as connection:
            return list(queries.whole_table(connection, tables.runs))

    def decisions(self) -> list[rows.Decision]:
        """Return the decisions that count, oldest first."""
        with self.transactions.reading() as connection:
            return queries.active_decisions(connection)

    def proposals(self) -> list[rows.Proposal]:
        """Return the uncertain matches that wait for a person, the surest first."""
        table = tables.proposals
        with self.transactions.reading() as connection:
            query = select(table).where(table.c.state == "open").order_by(table.c.score.desc(), table.c.id)
            return queries.read(connection, rows.Proposal, query)

    def check(self) -> list[str]:
        """Build the tables again from the events alone; return in words where they differ (nothing, if all is well)."""
        with self.transactions.reading() as connection:
            return disagreements(connection)

    def labels(self) -> list[LabelEntry]:
        """Return every label anybody gave, oldest first; see ``label_entries``."""
        with self.transactions.reading() as connection:
            return in_order(queries.whole_table(connection, tables.labels))

    def add_labels(self, given: Sequence[LabelEntry]) -> list[LabelEntry]:
        """Add what is new among answers to the history of labels and return it; nothing there is ever changed."""
        with self.transactions.writing() as journal:
            return add_labels(journal, given)

    # -- runs --------------------------------------------------------------------------------------------------------

    def add_run(self, facts: Mapping[str, Any], complaints: Sequence[Arrival], findings: Findings) -> Loaded:
        """Load a run: its complaints, its problems, and who belongs where, with all decisions replayed on it.

        The same run a second time changes nothing. ``findings.seen`` guards against a run that another person loaded
        between the snapshot and now. ``facts`` (inputs, model, settings; JSON values) tell what it was.
        """
        with self.transactions.writing() as journal:
            return load(journal, facts, complaints, findings)

    def mark(self, marks: Mapping[str, Sequence[str]]) -> list[str]:
        """Set the automatic marks of problems (new, growing, regressed …); return the problems whose marks changed."""
        with self.transactions.writing() as journal:
            found = queries.find_problems(journal.connection, list(marks))
            pairs = [(found[one], list(new)) for one, new in marks.items()]
            entries = [_marked(problem, new) for problem, new in pairs if list(problem.marks) != new]
            journal.record(entries)
            return [entry.problem for entry in entries]

    # -- what people do ----------------------------------------------------------------------------------------------

    def set(self, problem_id: str, changes: Mapping[str, Any], expect: int | None = None, note: str = "") -> Done:
        """Fill in fields (``fields.FIELDS``). A name, owner, lead department or priority holds against every run."""
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            typed = self.transactions.typed(journal, {**changes, _NOTE: note})
            fields = {name: value for name, value in typed.values.items() if name != _NOTE}
            return replace(deciding.set_fields(journal, problem, fields, typed.values[_NOTE]), masked=typed.masked)

    def move(
        self, problem_id: str, state: str, changes: Mapping[str, Any] | None = None, expect: int | None = None
    ) -> Done:
        """Bring a problem to another state, filling in fields on the way; see ``lifecycle`` for what is allowed."""
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            options, typed = self.transactions.options, self.transactions.typed(journal, changes or {})
            done = deciding.move(journal, problem, state, typed.values, options.look_back_days, options.scale)
            return replace(done, masked=typed.masked)

    def watch(self, problem_id: str, until: str = "", expect: int | None = None) -> Done:
        """Leave a problem as it is until a day (by default 30 days from now, or later where it stands so already)."""
        usual = f"{self.transactions.options.clock().date() + timedelta(days=WATCH_DAYS)}"
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            return deciding.watch(journal, problem, until or max(problem.watch_until, usual))

    def note(self, problem_id: str, text: str, month: str = "", expect: int | None = None) -> Done:
        """Add a progress note (月报); notes are never changed."""
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            typed = self.transactions.typed(journal, {_NOTE: text})
            return replace(deciding.add_note(journal, problem, typed.values[_NOTE], month), masked=typed.masked)

    def merge(self, problem_ids: Sequence[str], into: str, expect: int | None = None) -> Done:
        """Let problems live on in another one; their ids forward for ever."""
        with self.transactions.changing(into, expect) as (journal, heir):
            parts = [queries.find_problem(journal.connection, one) for one in dict.fromkeys(problem_ids)]
            return deciding.merge(journal, parts, heir)

    def split(
        self,
        problem_id: str,
        complaints: Sequence[str] = (),
        phrase: str = "",
        name: str = "",
        expect: int | None = None,
    ) -> Done:
        """Make a new problem of the listed complaints (ids as in the dump), or of those that hold the phrase."""
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            typed = self.transactions.typed(journal, {"name": name})
            done = deciding.split(journal, problem, complaints, phrase, typed.values["name"])
            return replace(done, masked=typed.masked)

    def rename(self, problem_id: str, name: str, expect: int | None = None) -> Done:
        """Give a name that no run changes; an empty one lets runs name the problem again."""
        return self.set(problem_id, {"name": name}, expect)

    def dismiss(self, problem_id: str, reason: str, limit: int | None = None, expect: int | None = None) -> Done:
        """Say that this is no problem; it comes back with more than ``limit`` complaints (default: twice as many)."""
        if not reason.strip():
            raise RegisterError("Say why this is not a problem; the reason is kept with the decision.")
        with self.transactions.changing(problem_id, expect) as (journal, problem):
            typed = self.transactions.typed(journal, {"close_reason": rows.storable(reason.strip())})
            done = deciding.dismiss(journal, problem, typed.values["close_reason"], limit)
            return replace(done, masked=typed.masked)

    def link(self, complaints: Sequence[str], problem_id: str = "", expect: int | None = None) -> Done:
        """Say that complaints (ids as in the dump) belong together, or to a problem, which ``expect`` is about."""
        return self._link(Kind.MUST_LINK, complaints, problem_id, expect)

    def separate(self, complaints: Sequence[str], problem_id: str = "", expect: int | None = None) -> Done:
        """Say that two complaints do not belong together (the second one leaves), or do not belong to a problem."""
        return self._link(Kind.CANNOT_LINK, complaints, problem_id, expect)

    def _link(self, kind: Kind, complaints: Sequence[str], problem_id: str, expect: int | None) -> Done:
        if problem_id:
            with self.transactions.changing(problem_id, expect) as (journal, problem):
                return deciding.link(journal, kind, complaints, problem)
        if expect is not None:
            raise RegisterError("A version belongs to a problem: name the problem that you read.")
        with self.transactions.writing() as journal:
            return deciding.link(journal, kind, complaints, None)

    def answer(self, proposal: int, accept: bool) -> Done:
        """Accept or refuse a proposal: what is the same is merged, what split off becomes a part of the other."""
        with self.transactions.writing() as journal:
            return deciding.answer(journal, proposal, accept)

    def undo(self, event: int) -> Undone:
        """Take a person's change back; the event stays in the history beside the one that took it back."""
        with self.transactions.writing() as journal:
            return undoing.undo(journal, event)

    # -- the whole register ------------------------------------------------------------------------------------------

    def export(self, path: Path) -> int:
        """Write the register as JSON Lines, the same bytes for the same register; return the number of rows."""
        with self.transactions.reading() as connection:
            return exchange.export(connection, Path(path))

    def import_(self, path: Path) -> int:
        """Read an export into this register, which must be empty; return the number of rows."""
        with self.transactions.writing() as journal:
            return exchange.import_(journal.connection, Path(path))

    def backup(self, path: Path) -> None:
        """Copy the register while it is in use: SQLite as a database, PostgreSQL as an export."""
        if self.transactions.engine.dialect.name == "sqlite":
            exchange.backup_sqlite(Path(str(self.transactions.engine.url.database)), Path(path))
        else:
            exchange.refuse_existing(Path(path))
            self.export(path)


def _marked(problem: rows.Problem, new: Sequence[str]) -> Entry:
    before, after = ({"problems": {problem.id: {"marks": list(one)}}} for one in (problem.marks, new))
    return Entry("mark", before, after, problem.id)
