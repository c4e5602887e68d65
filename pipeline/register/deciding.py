"""What people decide, carried out: every change is one event, takes effect at once, and is replayed on later runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from pipeline.errors import RegisterError
from pipeline.register import rows, tables
from pipeline.register.arriving import identity_of
from pipeline.register.decisions import FIELD_OF, Kind
from pipeline.register.fields import checked
from pipeline.register.journal import Entry, Journal, current_places
from pipeline.register.lifecycle import State, state_named, transition
from pipeline.register.placing import place
from pipeline.register.queries import active_decisions, by_identity, find_problem, members_of, read

# a dismissed problem stays away until it has this many times the complaints it had
GROWTH = 2


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did; ``event`` is None when nothing changed, ``problem`` is the problem as it is now.

    ``moved`` counts complaints that changed their place; ``conflicts`` with other decisions are in words.
    """

    event: int | None
    problem: rows.Problem
    moved: int = 0
    conflicts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Plan:
    """A change in the making: fields of problems, decisions, and the complaints to look at."""

    what: str
    problem: rows.Problem
    note: str = ""
    changes: dict[str, tuple[rows.Problem | None, rows.Problem]] = field(default_factory=dict)
    decided: list[tuple[Kind, dict[str, Any]]] = field(default_factory=list)
    replaced: list[rows.Decision] = field(default_factory=list)
    complaints: dict[str, rows.Complaint] = field(default_factory=dict)

    def change(self, before: rows.Problem | None, after: rows.Problem) -> None:
        self.changes[after.id] = (before, after)

    def look_at(self, journal: Journal, problem: str) -> None:
        found = members_of(journal.connection, problem)
        self.complaints.update({one.complaint.identity: one.complaint for one in found})


def set_fields(journal: Journal, problem: rows.Problem, changes: Mapping[str, Any], note: str = "") -> Done:
    """Fill in fields; a name, an owner, a lead department and a priority become decisions that no run overwrites."""
    wanted = checked(changes)
    plan = _Plan("set", problem, note)
    for kind, name in FIELD_OF.items():
        standing = _standing(journal, kind, problem.id) if name in wanted else []
        if name in wanted and [one.payload["value"] for one in standing] != [wanted[name]]:
            plan.replaced += standing
            decided = (kind, {"problem": problem.id, "value": wanted[name]})
            plan.decided += [decided] if wanted[name] else []
    if not wanted.get("name", "given"):
        del wanted["name"]  # without a name of its own it keeps this one until a run finds a better
    plan.change(problem, replace(problem, **wanted))
    return _carry_out(journal, plan)


def add_note(journal: Journal, problem: rows.Problem, text: str, month: str) -> Done:
    """Add a progress note; those that stand there stay as they are."""
    plan = _Plan("note", problem)
    note = {"at": journal.at, "who": journal.who, "month": month or journal.at[:7], "text": rows.storable(text)}
    plan.change(problem, replace(problem, notes=(*problem.notes, note)))
    return _carry_out(journal, plan)


def move(journal: Journal, problem: rows.Problem, state: str, changes: Mapping[str, Any], look_back_days: int) -> Done:
    """Bring a problem to another state; leaving or entering "not a problem" ends or makes that decision."""
    wanted = state_named(state)
    if wanted is State.NOT_A_PROBLEM and problem.state != wanted and changes.get("close_reason"):
        return dismiss(journal, problem, changes["close_reason"], None)
    fields = transition(problem, state, date.fromisoformat(journal.at[:10]), changes, look_back_days)
    plan = _Plan("state", problem)
    plan.change(problem, replace(problem, **fields))
    if problem.state == State.NOT_A_PROBLEM:
        plan.replaced += _standing(journal, Kind.NOT_A_PROBLEM, problem.id)
    return _carry_out(journal, plan)


def merge(journal: Journal, parts: Sequence[rows.Problem], into: rows.Problem) -> Done:
    """Let problems live on in another one: their complaints move, their ids forward for ever."""
    if into.id in {one.id for one in parts}:
        raise RegisterError(f"{into.id} cannot be merged into itself; a merged id stands for where it went.")
    plan = _Plan("merge", into)
    ends = {one.id for one in parts}
    heir = replace(into, parent="" if into.parent in ends else into.parent)
    if heir != into:
        plan.change(into, heir)
    for one in parts:
        gone = replace(one, merged_into=into.id, state=State.DUPLICATE.value, since=journal.at[:10], parent="")
        plan.change(one, gone)
        plan.decided.append((Kind.MERGE, {"problem": one.id, "into": into.id}))
        plan.look_at(journal, one.id)
        children = select(tables.problems).where(tables.problems.c.parent == one.id)
        for child in read(journal.connection, rows.Problem, children):
            if child.id not in (*ends, into.id):
                plan.change(child, replace(child, parent=heir.parent or heir.id))
    return _carry_out(journal, plan)


def split(journal: Journal, problem: rows.Problem, complaints: Sequence[str], phrase: str, name: str) -> Done:
    """Make a problem of a part of another: of the listed complaints, or of all that hold the phrase."""
    if bool(complaints) == bool(phrase):
        raise RegisterError("A split needs either complaints or a phrase that all complaints of the new problem hold.")
    plan = _Plan("split", problem)
    plan.look_at(journal, problem.id)
    listed = {one.identity for one in _complaints(journal, complaints)} if complaints else set()
    phrased = {key for key, one in plan.complaints.items() if phrase and phrase in f"{one.title}\n{one.text}"}
    parted = (listed | phrased) & plan.complaints.keys()
    if not parted or len(parted) == len(plan.complaints):
        raise RegisterError(
            f"{len(parted)} of the {len(plan.complaints)} complaints of {problem.id} would go to the new problem; "
            "a split needs some on both sides."
        )
    fresh = rows.Problem(
        journal.next_problem_id(),
        created=journal.at,
        since=journal.at[:10],
        kind=problem.kind,
        parent=problem.parent,
        category=problem.category,
        cause=problem.cause,
        name=name or f"{problem.name} · {phrase or len(parted)}",
        related=(problem.id,),
    )
    plan.change(None, fresh)
    part: dict[str, Any] = {"phrase": phrase} if phrase else {"complaints": sorted(listed)}
    plan.decided.append((Kind.SPLIT, {"problem": problem.id, "to": fresh.id, **part}))
    if name:
        plan.decided.append((Kind.RENAME, {"problem": fresh.id, "value": name}))
    return replace(_carry_out(journal, plan), problem=find_problem(journal.connection, fresh.id))


def dismiss(journal: Journal, problem: rows.Problem, reason: str, limit: int | None) -> Done:
    """Say that this is no problem; it stays away until it has more than ``limit`` complaints."""
    plan = _Plan("dismiss", problem, reason)
    plan.replaced += _standing(journal, Kind.NOT_A_PROBLEM, problem.id)
    ceiling = problem.complaints * GROWTH if limit is None else limit
    plan.decided.append((Kind.NOT_A_PROBLEM, {"problem": problem.id, "reason": reason, "limit": ceiling}))
    fields: dict[str, Any] = {"close_reason": reason}
    if problem.state != State.NOT_A_PROBLEM:
        fields = transition(problem, State.NOT_A_PROBLEM, date.fromisoformat(journal.at[:10]), fields)
    plan.change(problem, replace(problem, **fields))
    return _carry_out(journal, plan)


def link(journal: Journal, kind: Kind, complaints: Sequence[str], problem: rows.Problem | None) -> Done:
    """Say that complaints belong together (or must not), or belong to a problem (or must not)."""
    found = _complaints(journal, complaints)
    identities = sorted({one.identity for one in found})
    if problem is None and (len(identities) < 2 or (kind is Kind.CANNOT_LINK and len(identities) > 2)):
        raise RegisterError("Name a problem, or two different complaints.")
    about = problem or _problem_of(journal, found)
    if about is None:
        raise RegisterError("None of these complaints belongs to a problem; name the problem they belong to.")
    plan = _Plan(kind.value, about)
    plan.complaints.update({one.identity: one for one in found})
    if problem is None:
        # in the order given: of a pair that is kept apart the second one leaves
        given = list(dict.fromkeys(one.identity for one in found))
        plan.decided.append((kind, {"complaints": given if kind is Kind.CANNOT_LINK else identities}))
    else:
        plan.decided += [(kind, {"complaint": one, "problem": problem.id}) for one in identities]
    return _carry_out(journal, plan)


def answer(journal: Journal, number: int, accept: bool) -> Done:
    """Accept or refuse a proposal; accepted sameness is a merge, carried out as any other."""
    table = tables.proposals
    found = read(journal.connection, rows.Proposal, select(table).where(table.c.id == number))
    if not found or found[0].state != "open":
        raise RegisterError(f"There is no open proposal {number}. See genyin problems proposals.")
    (one,) = found
    problem = find_problem(journal.connection, one.problem)
    other = find_problem(journal.connection, one.other) if one.other else problem
    state = "accepted" if accept else "refused"
    before, after = ({"proposals": {str(number): {"state": one}}} for one in ("open", state))
    (event,) = journal.record([Entry(state, before, after, problem.id, touched=(other.id,))])
    if accept and one.kind in ("same", "merged") and problem.id != other.id:
        return merge(journal, [problem], other)
    return Done(event, problem)


def _problem_of(journal: Journal, complaints: Iterable[rows.Complaint]) -> rows.Problem | None:
    table = tables.memberships.c
    numbers = [one.id for one in complaints]
    query = select(table.problem).where(table.complaint.in_(numbers), table.active).order_by(table.problem)
    first = journal.connection.scalar(query.limit(1))
    return None if first is None else find_problem(journal.connection, first)


def _complaints(journal: Journal, references: Sequence[str]) -> list[rows.Complaint]:
    """Find complaints by the id they have in the dump, or by identity; in the order given."""
    identities = {one: (one, identity_of(one)) for one in references}
    found = by_identity(journal.connection, [key for keys in identities.values() for key in keys])
    answer = []
    for reference, keys in identities.items():
        known = [found[key] for key in keys if key in found]
        if not known:
            raise RegisterError(f"There is no complaint {reference} in the register. Load its dump first.")
        answer.append(known[0])
    return answer


def _standing(journal: Journal, kind: Kind, problem: str) -> list[rows.Decision]:
    decisions = active_decisions(journal.connection)
    return [one for one in decisions if one.kind == kind and one.payload.get("problem") == problem]


def _carry_out(journal: Journal, plan: _Plan) -> Done:
    """Write the plan as one event: rows, decisions, and the places that all decisions together now give."""
    number = journal.next_number(tables.events)
    made = [
        rows.Decision(journal.next_number(tables.decisions), kind.value, payload, True, number)
        for kind, payload in plan.decided
    ]
    before: dict[str, dict[str, Any]] = {"problems": {}, "decisions": {}, "places": {}}
    after: dict[str, dict[str, Any]] = {"problems": {}, "decisions": {}, "places": {}}
    for key, (old, new) in plan.changes.items():
        was, becomes = ({}, rows.image_of(new)) if old is None else rows.differing(old, new)
        before["problems"].update({key: was} if was else {})
        after["problems"].update({key: becomes} if becomes else {})
    moved, conflicts = _place(journal, plan, made, before, after)
    if not (plan.decided or plan.replaced or any(after.values()) or any(before.values())):
        return Done(None, plan.problem)
    before["decisions"] = {str(one.id): {"active": True} for one in plan.replaced}
    after["decisions"] = {str(one.id): {"active": False} for one in plan.replaced}
    for one in made:
        after["decisions"][str(one.id)] = {key: value for key, value in rows.values_of(one).items() if key != "id"}
    journal.record([Entry(plan.what, before, after, plan.problem.id, plan.note, number=number)])
    return Done(number, find_problem(journal.connection, plan.problem.id), moved, conflicts)


def _place(
    journal: Journal, plan: _Plan, made: Sequence[rows.Decision], before: dict[str, Any], after: dict[str, Any]
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
