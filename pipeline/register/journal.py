"""Every change of state is an event with its images before and after; applying the images is the only way to change.

An image is ``{table: {key: part of a row}}``. ``problems``, ``complaints``, ``decisions`` and ``proposals`` hold the
fields that change; ``places`` holds, per complaint, the problems it belongs to with their weights. A row that stands
in ``after`` alone is new; no row is ever removed. So the events alone can build problems, decisions, proposals and
memberships again (``rebuilt``); runs and complaints are the facts that events speak of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, select

from pipeline.register import rows, tables
from pipeline.register.counting import recount

Image = Mapping[str, Mapping[str, Any]]
_CHUNK = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be written; ``problem`` is the one it is about, ``touched`` names further ones.

    ``number`` is given when it was handed out before, so that rows could name it.
    """

    what: str
    before: Image
    after: Image
    problem: str = ""
    note: str = ""
    touched: tuple[str, ...] = ()
    undoes: int | None = None
    number: int | None = None


@dataclass(slots=True)
class Journal:
    """The events of one writing transaction: ``who`` does it, ``at`` what time, in which ``run`` (None: by hand).

    ``numbers`` are the next numbers of tables; the steps of one transaction share them.
    """

    connection: Connection
    who: str
    at: str
    run: int | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def next_number(self, table: Table) -> int:
        """Hand out the next number of a table; only the one writer may, so none is given twice."""
        if table.name not in self.numbers:
            self.numbers[table.name] = (self.connection.scalar(select(func.max(table.c.id))) or 0) + 1
        self.numbers[table.name] += 1
        return self.numbers[table.name] - 1

    def next_problem_id(self) -> str:
        """Hand out a permanent problem id; an id that was given once never comes again."""
        name = tables.meta.c.name == "next_problem"
        number = int(self.connection.scalar(select(tables.meta.c.value).where(name)) or 1)
        self.connection.execute(tables.meta.update().where(name).values(value=str(number + 1)))
        return f"P-{number:04d}"

    def record(self, entries: Sequence[Entry]) -> list[int]:
        """Apply the entries and write their events; return the events' numbers."""
        numbers = [one.number or self.next_number(tables.events) for one in entries]
        self._apply_rows(entries)
        self._apply_places(entries)
        events = [self._event(number, entry) for number, entry in zip(numbers, entries, strict=True)]
        self._insert(tables.events, events)
        touched = [touched_by(entry) for entry in entries]
        pairs = zip(numbers, touched, strict=True)
        self._insert(tables.touches, [{"problem": one, "event": number} for number, ids in pairs for one in ids])
        recount(self.connection, sorted(_moved(entries) | _wholes(entries)))
        return numbers

    def _event(self, number: int, entry: Entry) -> dict[str, Any]:
        event = rows.Event(
            number,
            self.at,
            self.who,
            entry.what,
            entry.problem,
            entry.note,
            self.run,
            entry.before,
            entry.after,
            entry.undoes,
            None,
        )
        return rows.values_of(event)

    def insert(self, table: Table, records: Sequence[Any]) -> None:
        """Write rows that no event needs to tell: runs and complaints."""
        self._insert(table, [rows.values_of(one) for one in records])

    def _insert(self, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
        if values:
            self.connection.execute(table.insert(), list(values))

    def _apply_rows(self, entries: Iterable[Entry]) -> None:
        """Write the rows of the images; those that change alike go to the database together."""
        waiting = _Waiting(self.connection)
        for entry in entries:
            for table in (tables.problems, tables.complaints, tables.decisions, tables.proposals):
                known = entry.before.get(table.name, {})
                for key, image in entry.after.get(table.name, {}).items():
                    waiting.add(table, key, image, is_new=key not in known)
        waiting.write()

    def _apply_places(self, entries: Iterable[Entry]) -> None:
        """Make the memberships what the images say; those that end stay in the table, inactive."""
        ended, placed = [], []
        for complaint, before, after in _moves(entries):
            ended += [{"the_problem": one, "the_complaint": complaint} for one in before if one not in after]
            for problem, weight in after.items():
                if before.get(problem) != weight:
                    placed.append(rows.values_of(rows.Membership(problem, complaint, self.run, weight, active=True)))
        table = tables.memberships
        if ended:
            this = (table.c.problem == bindparam("the_problem")) & (table.c.complaint == bindparam("the_complaint"))
            self.connection.execute(table.update().where(this).values(active=False), ended)
        if placed:
            # only the dialect in use: the other one would cost every command a fifth of a second
            insert = import_module(f"sqlalchemy.dialects.{self.connection.dialect.name}").insert(table)
            again = {name: insert.excluded[name] for name in ("run", "weight", "active")}
            keys = list(table.primary_key)
            self.connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=again), placed)


@dataclass(slots=True)
class _Waiting:
    """Rows to be written, by table and columns; a row that is written twice is written in its order."""

    connection: Connection
    inserts: dict[Table, list[Mapping[str, Any]]] = field(default_factory=dict)
    updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    seen: set[tuple[Table, str]] = field(default_factory=set)

    def add(self, table: Table, key: str, image: Mapping[str, Any], is_new: bool) -> None:
        """Take the part of a row that an image holds."""
        if (table, key) in self.seen:
            self.write()
        self.seen.add((table, key))
        if not is_new:
            bound = {f"the_{name}": value for name, value in image.items()}
            names = tuple(sorted(image))
            self.updates.setdefault((table, names), []).append({"the_key": _typed_key(table, key), **bound})
        elif table is tables.problems:
            self.inserts.setdefault(table, []).append(rows.values_of(rows.from_image(key, image)))
        else:
            self.inserts.setdefault(table, []).append({"id": _typed_key(table, key), **image})

    def write(self) -> None:
        """Write what waits."""
        for table, values in self.inserts.items():
            self.connection.execute(table.insert(), values)
        for (table, names), bound in self.updates.items():
            changed: dict[str, Any] = {name: bindparam(f"the_{name}") for name in names}
            if table is tables.problems:
                changed["version"] = table.c.version + 1
            self.connection.execute(table.update().where(table.c.id == bindparam("the_key")).values(changed), bound)
        self.inserts.clear()
        self.updates.clear()
        self.seen.clear()


def _typed_key(table: Table, key: str) -> str | int:
    return key if table is tables.problems else int(key)


def touched_by(entry: Entry) -> list[str]:
    """Return the problems an entry is about, sorted."""
    images = (entry.before, entry.after)
    moved = {problem for image in images for places in image.get("places", {}).values() for problem in places}
    named = {key for image in images for key in image.get("problems", {})}
    return sorted({*moved, *named, *entry.touched, entry.problem} - {""})


def _moved(entries: Iterable[Entry]) -> set[str]:
    """The problems that complaints came to, left, or belong to with another weight now."""
    images = [image for entry in entries for image in (entry.before, entry.after)]
    return {problem for image in images for places in image.get("places", {}).values() for problem in places}


def _wholes(entries: Iterable[Entry]) -> set[str]:
    """The problems that others became parts of, or are no parts of any more."""
    images = [image for entry in entries for image in (entry.before, entry.after)]
    return {fields.get("parent", "") for image in images for fields in image.get("problems", {}).values()} - {""}


def _moves(entries: Iterable[Entry]) -> Iterator[tuple[int, Mapping[str, float], Mapping[str, float]]]:
    for entry in entries:
        before, after = entry.before.get("places", {}), entry.after.get("places", {})
        for key in {**before, **after}:
            yield int(key), before.get(key, {}), after.get(key, {})


def current_places(connection: Connection, complaints: Sequence[int]) -> dict[int, dict[str, float]]:
    """Return where complaints belong now: per complaint its problems with their weights."""
    table = tables.memberships
    found: dict[int, dict[str, float]] = {complaint: {} for complaint in complaints}
    columns = (table.c.complaint, table.c.problem, table.c.weight)
    for part in chunks(complaints):
        query = select(*columns).where(table.c.complaint.in_(part), table.c.active)
        for complaint, problem, weight in connection.execute(query):
            found[complaint][problem] = weight
    return found


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """Cut into parts, by default such that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def rebuilt(events: Iterable[rows.Event]) -> dict[str, dict[str, Any]]:
    """Fold events, oldest first, into problems, decisions, proposals (as images) and the places of complaints."""
    state: dict[str, dict[str, Any]] = {name: {} for name in ("problems", "decisions", "proposals", "places")}
    for event in events:
        for name, found in state.items():
            before, after = event.before.get(name, {}), event.after.get(name, {})
            for key in {**before, **after}:
                if name == "places":
                    found[key] = after.get(key, {})
                else:
                    found[key] = {**found.get(key, {}), **after.get(key, {})}
    state["places"] = {key: places for key, places in state["places"].items() if places}
    return state
