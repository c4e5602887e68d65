"""A change in the making, and how it is carried out: as one event with rows, decisions and the places they now give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.register import rows, tables
from pipeline.register.decisions import FIELD_OF, Kind
from pipeline.register.journal import Entry, Journal, current_places
from pipeline.register.placing import place
from pipeline.register.queries import active_decisions, find_problem, members_of
from pipeline.register.typed import Masked

Images = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did; ``event`` is None when nothing changed, ``problem`` is the problem as it is now.

    ``moved`` counts complaints that changed their place; ``conflicts`` with other decisions are in words; ``masked``
    names the fields in which something personal was typed; ``doubts`` say in words what looks odd.
    """

    event: int | None
    problem: rows.Problem
    moved: int = 0
    conflicts: tuple[str, ...] = ()
    masked: tuple[Masked, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """A change in the making: fields of problems, decisions, answers to proposals, and the complaints to look at."""

    what: str
    problem: rows.Problem
    note: str = ""
    changes: dict[str, tuple[rows.Problem | None, rows.Problem]] = field(default_factory=dict)
    decided: list[tuple[Kind, dict[str, Any]]] = field(default_factory=list)
    replaced: list[rows.Decision] = field(default_factory=list)
    answered: dict[int, str] = field(default_factory=dict)
    complaints: dict[str, rows.Complaint] = field(default_factory=dict)
    touched: tuple[str, ...] = ()

    def change(self, before: rows.Problem | None, after: rows.Problem) -> None:
        """Write these fields of a problem; None before: it is new."""
        self.changes[after.id] = (before, after)

    def look_at(self, journal: Journal, problem: str) -> None:
        """Find new places for a problem's complaints."""
        found = members_of(journal.connection, problem)
        self.complaints.update({one.complaint.identity: one.complaint for one in found})

    def decide(self, journal: Journal, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Make decisions of the fields that hold against every run; return the fields to write."""
        for kind, name in FIELD_OF.items():
            standing = standing_decisions(journal, kind, self.problem.id) if name in wanted else []
            if name in wanted and [one.payload["value"] for one in standing] != [wanted[name]]:
                self.replaced += standing
                decided = (kind, {"problem": self.problem.id, "value": wanted[name]})
                self.decided += [decided] if wanted[name] else []
        # without a name of its own it keeps this one until a run finds a better
        return {name: value for name, value in wanted.items() if name != "name" or value}


def standing_decisions(journal: Journal, kind: Kind, problem: str) -> list[rows.Decision]:
    """Return the decisions of a kind about a problem that count now."""
    decisions = active_decisions(journal.connection)
    return [one for one in decisions if one.kind == kind and one.payload.get("problem") == problem]


def carry_out(journal: Journal, plan: Plan) -> Done:
    """Write the plan as one event: rows, decisions, and the places that all decisions together now give."""
    number = journal.next_number(tables.events)
    made = [
        rows.Decision(journal.next_number(tables.decisions), kind.value, payload, True, number)
        for kind, payload in plan.decided
    ]
    before, after = _fields(plan)
    moved, conflicts = _place(journal, plan, made, before, after)
    if not (plan.decided or plan.replaced or plan.answered or any(after.values()) or any(before.values())):
        return Done(None, plan.problem)
    before["decisions"] = {str(one.id): {"active": True} for one in plan.replaced}
    after["decisions"] = {str(one.id): {"active": False} for one in plan.replaced}
    for one in made:
        after["decisions"][str(one.id)] = {key: value for key, value in rows.values_of(one).items() if key != "id"}
    if plan.answered:
        before["proposals"] = {str(one): {"state": "open"} for one in plan.answered}
        after["proposals"] = {str(one): {"state": state} for one, state in plan.answered.items()}
    journal.record([Entry(plan.what, before, after, plan.problem.id, plan.note, plan.touched, number=number)])
    return Done(number, find_problem(journal.connection, plan.problem.id), moved, conflicts)


def _fields(plan: Plan) -> tuple[Images, Images]:
    before: Images = {"problems": {}, "decisions": {}, "places": {}}
    after: Images = {"problems": {}, "decisions": {}, "places": {}}
    for key, (old, new) in plan.changes.items():
        was, becomes = ({}, rows.image_of(new)) if old is None else rows.differing(old, new)
        before["problems"].update({key: was} if was else {})
        after["problems"].update({key: becomes} if becomes else {})
    return before, after


def _place(
    journal: Journal, plan: Plan, made: Sequence[rows.Decision], before: Images, after: Images
) -> tuple[int, tuple[str, ...]]:
    if not plan.complaints:
        return 0, ()
    now = current_places(journal.connection, [one.id for one in plan.complaints.values()])
    proposed = {key: now[one.id] for key, one in plan.complaints.items()}
    replaced = {one.id for one in plan.replaced}
    standing = [one for one in active_decisions(journal.connection) if one.id not in replaced]
    placing = place(journal.connection, proposed, plan.complaints, [*standing, *made])
    for complaint, (old, new) in placing.moves.items():
        if old:
            before["places"][str(complaint)] = dict(old)
        if new:
            after["places"][str(complaint)] = dict(new)
    return len(placing.moves), placing.conflicts
