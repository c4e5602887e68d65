"""Do the tables say what the events say? Events are the truth; the tables are what they add up to."""

from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.register import rows, tables
from pipeline.register.counting import counts_of
from pipeline.register.journal import rebuilt
from pipeline.register.queries import whole_table


def disagreements(connection: Connection) -> list[str]:
    """Return in words where tables and events differ, and where counts do not fit the memberships."""
    told = rebuilt(whole_table(connection, tables.events))
    found = [line for name, state in tables_now(connection).items() for line in _compared(name, told[name], state)]
    return [*found, *_wrong_counts(connection), *_wrong_runs(connection)]


def tables_now(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the tables in the shape of ``journal.rebuilt``."""
    places: dict[str, dict[str, float]] = {}
    for one in whole_table(connection, tables.memberships):
        if one.active:
            places.setdefault(str(one.complaint), {})[one.problem] = one.weight
    return {
        "problems": {one.id: rows.image_of(one) for one in whole_table(connection, tables.problems)},
        "decisions": {str(one.id): _without_id(one) for one in whole_table(connection, tables.decisions)},
        "proposals": {str(one.id): _without_id(one) for one in whole_table(connection, tables.proposals)},
        "places": places,
    }


def _without_id(record: Any) -> dict[str, Any]:
    return {name: rows.plain(value) for name, value in rows.values_of(record).items() if name != "id"}


def _compared(name: str, told: dict[str, Any], state: dict[str, Any]) -> list[str]:
    if name == "problems":
        # a field that went back to empty stands in the events, but not in an image of the row
        told = {key: rows.image_of(rows.from_image(key, image)) for key, image in told.items()}
    differ = sorted(key for key in {**told, **state} if told.get(key) != state.get(key))
    return [f"{name} {key}: the table says otherwise than the events." for key in differ]


def _wrong_counts(connection: Connection) -> list[str]:
    problems = list(whole_table(connection, tables.problems))
    counted = counts_of(connection, [one.id for one in problems])
    wrong = [one.id for one in problems if any(getattr(one, name) != value for name, value in counted[one.id].items())]
    return [f"{one}: the counts do not fit its complaints." for one in wrong]


def _wrong_runs(connection: Connection) -> list[str]:
    query = select(tables.complaints.c.run, func.count()).group_by(tables.complaints.c.run)
    brought = {run: count for run, count in connection.execute(query)}
    runs = list(whole_table(connection, tables.runs))
    wrong = [one.id for one in runs if one.new != brought.get(one.id, 0)]
    return [f"run {one}: the number of its new complaints is not what the table holds." for one in wrong]
