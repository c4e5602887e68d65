"""Taking a decision back: a new event with the images the other way round; the old one stays in the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from pipeline.errors import RegisterError
from pipeline.register import rows, tables
from pipeline.register.journal import Entry, Journal, current_places
from pipeline.register.lifecycle import State
from pipeline.register.queries import find_event, history_of, members_of, read

# what runs wrote; the next run would write it again
_BY_RUNS = frozenset({"load", "found", "run", "changed", "relabelled", "outgrown", "proposal", "mark"})


@dataclass(frozen=True, slots=True)
class Undone:
    """The event that took another back.

    ``left`` counts complaints that have moved on since and stay where they are, ``moved`` those that went back;
    ``changes`` gives by problem the fields that changed, each with its value before and after.
    """

    event: int
    undoes: int
    left: int
    moved: int = 0
    changes: Mapping[str, Mapping[str, tuple[Any, Any]]] = field(default_factory=dict)


def undo(journal: Journal, number: int) -> Undone:
    """Take an event back. ``RegisterError`` when it was, when a run wrote it, or when later changes stand on it."""
    event = find_event(journal.connection, number)
    if event.undone_by is not None:
        raise RegisterError(f"Event {number} was taken back already, by event {event.undone_by}.")
    if event.what in _BY_RUNS:
        raise RegisterError(f"Event {number} was written by a run and cannot be taken back; decisions of people can.")
    before, after = _fields_back(journal, event)
    _decisions_back(event, before, after)
    _proposals_back(journal, event, before, after)
    left = _places_back(journal, event, before, after)
    _dissolve_new_problems(journal, event, before, after)
    entry = Entry("undo", before, after, event.problem, note=event.what, undoes=number)
    (own,) = journal.record([entry])
    table = tables.events
    journal.connection.execute(table.update().where(table.c.id == number).values(undone_by=own))
    moved = len({**before["places"], **after["places"]})
    return Undone(own, number, left, moved, _changes(before["problems"], after["problems"]))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, tuple[Any, Any]]]:
    return {
        problem: {name: (before[problem].get(name), value) for name, value in fields.items()}
        for problem, fields in after.items()
    }


def _fields_back(journal: Journal, event: rows.Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """Images that give problems their former fields; no field may have changed since."""
    was, became = event.before.get("problems", {}), event.after.get("problems", {})
    for problem in was:
        (now,) = read(journal.connection, rows.Problem, select(tables.problems).where(tables.problems.c.id == problem))
        for name, value in became[problem].items():
            if rows.plain(getattr(now, name)) != value:
                raise _changed_since(journal, event, problem, name)
    return {"problems": {key: became[key] for key in was}}, {"problems": dict(was)}


def _changed_since(journal: Journal, event: rows.Event, problem: str, name: str) -> RegisterError:
    later = [
        one
        for one in history_of(journal.connection, problem)
        if one.id > event.id and name in one.after.get("problems", {}).get(problem, {})
    ]
    by = later[-1]
    return RegisterError(
        f"Event {event.id} cannot be taken back: {by.who} changed {name} of {problem} at {by.at} (event {by.id}, "
        f"{by.what}). Take that one back first."
    )


def _decisions_back(event: rows.Event, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Decisions that were made no longer count; those that were replaced count again. None is removed."""
    was, became = event.before.get("decisions", {}), event.after.get("decisions", {})
    before["decisions"] = {key: {"active": became[key]["active"]} for key in became}
    after["decisions"] = {key: {"active": was.get(key, {"active": False})["active"]} for key in became}


def _proposals_back(journal: Journal, event: rows.Event, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Answers to proposals are taken back, so that they can be given again."""
    before["proposals"] = became = event.after.get("proposals", {})
    after["proposals"] = event.before.get("proposals", {})
    table = tables.proposals.c
    for key, image in became.items():
        if journal.connection.scalar(select(table.state).where(table.id == int(key))) != image["state"]:
            raise RegisterError(f"Event {event.id} cannot be taken back: proposal {key} was answered again since.")


def _places_back(journal: Journal, event: rows.Event, before: dict[str, Any], after: dict[str, Any]) -> int:
    was, became = event.before.get("places", {}), event.after.get("places", {})
    now = current_places(journal.connection, [int(key) for key in {**was, **became}])
    still = [key for key in {**was, **became} if now[int(key)] == became.get(key, {})]
    before["places"] = {key: became[key] for key in still if became.get(key)}
    after["places"] = {key: was[key] for key in still if was.get(key)}
    return len(now) - len(still)


def _dissolve_new_problems(journal: Journal, event: rows.Event, before: dict[str, Any], after: dict[str, Any]) -> None:
    """A problem the event made lives on, with whatever joined it since, in the problem it was made from."""
    was = event.before.get("problems", {})
    for problem in event.after.get("problems", {}):
        if problem in was:
            continue
        (now,) = read(journal.connection, rows.Problem, select(tables.problems).where(tables.problems.c.id == problem))
        if now.merged_into:
            raise RegisterError(f"{problem} was merged into {now.merged_into} since; take that back first.")
        before["problems"][problem] = {"merged_into": "", "state": now.state}
        after["problems"][problem] = {"merged_into": event.problem, "state": State.DUPLICATE.value}
        for member in members_of(journal.connection, problem):
            key = str(member.complaint.id)
            if key not in before["places"]:
                shares = current_places(journal.connection, [member.complaint.id])[member.complaint.id]
                before["places"][key] = shares
                after["places"][key] = _instead(shares, problem, event.problem)


def _instead(shares: Mapping[str, float], problem: str, other: str) -> dict[str, float]:
    kept = {one: weight for one, weight in shares.items() if one != problem}
    return {**kept, other: round(kept.get(other, 0.0) + shares[problem], 6)}
