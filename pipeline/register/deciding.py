"""What people decide, carried out: every change is one event, takes effect at once, and is replayed on later runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from pipeline.errors import RegisterError
from pipeline.register import rows, tables
from pipeline.register.arriving import identity_of
from pipeline.register.decisions import Kind
from pipeline.register.fields import checked
from pipeline.register.given_days import DAYS, Times, doubts_about_days
from pipeline.register.journal import Journal
from pipeline.register.lifecycle import State, check_goal, state_named, transition
from pipeline.register.measuring import Scale, figures_on_the_way, without_facts
from pipeline.register.plans import Done, Plan, carry_out, standing_decisions
from pipeline.register.queries import by_identity, find_problem, first_and_last, read

# a dismissed problem stays away until it has this many times the complaints it had
GROWTH = 2


def set_fields(journal: Journal, problem: rows.Problem, changes: Mapping[str, Any], note: str = "") -> Done:
    """Fill in fields; a name, an owner, a lead department and a priority become decisions that no run overwrites."""
    plan = Plan("set", problem, note)
    changes = checked(changes)
    check_goal(problem, changes)
    doubts = _doubts(journal, problem, changes)
    plan.change(problem, replace(problem, **plan.decide(journal, changes), **without_facts(problem, changes)))
    return replace(carry_out(journal, plan), doubts=doubts)


def watch(journal: Journal, problem: rows.Problem, until: str) -> Done:
    """Say that a problem is looked at again on a day, and left as it is until then."""
    plan = Plan("watch", problem)
    changes = checked({"watch_until": until})
    _doubts(journal, problem, changes)
    plan.change(problem, replace(problem, **changes))
    return carry_out(journal, plan)


def add_note(journal: Journal, problem: rows.Problem, text: str, month: str) -> Done:
    """Add a progress note; those that stand there stay as they are. ``RegisterError`` for one without words."""
    if not text.strip():
        raise RegisterError("A progress note needs words: say what was done.")
    plan = Plan("note", problem)
    note = {"at": journal.at, "who": journal.who, "month": month or journal.at[:7], "text": rows.storable(text.strip())}
    plan.change(problem, replace(problem, notes=(*problem.notes, note)))
    return carry_out(journal, plan)


def move(
    journal: Journal, problem: rows.Problem, state: str, changes: Mapping[str, Any], look_back_days: int, scale: Scale
) -> Done:
    """Bring a problem to another state and fill in fields on the way, which hold as those of ``set_fields`` do.

    Leaving or entering "not a problem" ends or makes that decision. ``scale`` is what figures are made with.
    """
    wanted, changes = state_named(state), checked(changes)
    check_goal(problem, changes)
    doubts = _doubts(journal, problem, changes)
    if wanted is State.NOT_A_PROBLEM and problem.state != wanted and changes.get("close_reason"):
        return dismiss(journal, problem, changes["close_reason"], None, changes)
    plan = Plan("state", problem)
    figures = figures_on_the_way(journal.connection, problem, wanted, changes, scale)
    fields = {**without_facts(problem, changes), **figures, **plan.decide(journal, changes)}
    plan.change(problem, replace(problem, **transition(problem, state, _today(journal), fields, look_back_days)))
    if problem.state == State.NOT_A_PROBLEM:
        plan.replaced += standing_decisions(journal, Kind.NOT_A_PROBLEM, problem.id)
    return replace(carry_out(journal, plan), doubts=doubts)


def merge(journal: Journal, parts: Sequence[rows.Problem], into: rows.Problem) -> Done:
    """Let problems live on in another one: their complaints move, their ids forward for ever."""
    if into.id in {one.id for one in parts}:
        raise RegisterError(f"{into.id} cannot be merged into itself; a merged id stands for where it went.")
    plan = Plan("merge", into)
    _merge(journal, plan, parts, into)
    return carry_out(journal, plan)


def _merge(journal: Journal, plan: Plan, parts: Sequence[rows.Problem], into: rows.Problem) -> None:
    ends = {one.id for one in parts}
    heir = replace(into, parent="" if into.parent in ends else into.parent)
    if heir != into:
        plan.change(into, heir)
    for one in parts:
        gone = replace(one, merged_into=into.id, state=State.DUPLICATE.value, since=journal.at[:10], parent="")
        plan.change(one, gone)
        plan.decided.append((Kind.MERGE, {"problem": one.id, "into": into.id}))
        plan.look_at(journal, one.id)
        _hand_over(journal, plan, one.id, heir.parent or heir.id, {*ends, into.id})


def _hand_over(journal: Journal, plan: Plan, problem: str, head: str, but: Iterable[str]) -> None:
    """Hang the parts of a problem below another one."""
    children = select(tables.problems).where(tables.problems.c.parent == problem)
    for child in read(journal.connection, rows.Problem, children):
        if child.id not in but:
            plan.change(child, replace(child, parent=head))


def split(journal: Journal, problem: rows.Problem, complaints: Sequence[str], phrase: str, name: str) -> Done:
    """Make a problem of a part of another: of the listed complaints, or of all that hold the phrase."""
    if bool(complaints) == bool(phrase):
        raise RegisterError("A split needs either complaints or a phrase that all complaints of the new problem hold.")
    name = checked({"name": name})["name"]
    plan = Plan("split", problem)
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
    return replace(carry_out(journal, plan), problem=find_problem(journal.connection, fresh.id))


def dismiss(
    journal: Journal, problem: rows.Problem, reason: str, limit: int | None, changes: Mapping[str, Any] | None = None
) -> Done:
    """Say that this is no problem; it stays away until it has more than ``limit`` complaints."""
    plan = Plan("dismiss", problem, reason)
    plan.replaced += standing_decisions(journal, Kind.NOT_A_PROBLEM, problem.id)
    ceiling = problem.complaints * GROWTH if limit is None else limit
    plan.decided.append((Kind.NOT_A_PROBLEM, {"problem": problem.id, "reason": reason, "limit": ceiling}))
    fields = {**plan.decide(journal, changes or {}), "close_reason": reason}
    if problem.state != State.NOT_A_PROBLEM:
        fields = transition(problem, State.NOT_A_PROBLEM, _today(journal), fields)
    plan.change(problem, replace(problem, **fields))
    return carry_out(journal, plan)


def link(journal: Journal, kind: Kind, complaints: Sequence[str], problem: rows.Problem | None) -> Done:
    """Say that complaints belong together (or must not), or belong to a problem (or must not)."""
    found = _complaints(journal, complaints)
    identities = sorted({one.identity for one in found})
    if problem is None and (len(identities) < 2 or (kind is Kind.CANNOT_LINK and len(identities) > 2)):
        raise RegisterError("Name a problem, or two different complaints.")
    about = problem or _problem_of(journal, found)
    if about is None:
        raise RegisterError("None of these complaints belongs to a problem; name the problem they belong to.")
    plan = Plan(kind.value, about)
    plan.complaints.update({one.identity: one for one in found})
    if problem is None:
        # in the order given: of a pair that is kept apart the second one leaves
        given = list(dict.fromkeys(one.identity for one in found))
        plan.decided.append((kind, {"complaints": given if kind is Kind.CANNOT_LINK else identities}))
    else:
        plan.decided += [(kind, {"complaint": one, "problem": problem.id}) for one in identities]
    return carry_out(journal, plan)


def answer(journal: Journal, number: int, accept: bool) -> Done:
    """Accept or refuse a proposal, and do what was accepted: merge what is the same, hang a part below its whole."""
    table = tables.proposals
    found = read(journal.connection, rows.Proposal, select(table).where(table.c.id == number))
    if not found or found[0].state != "open":
        raise RegisterError(f"There is no open proposal {number}. See genyin problems proposals.")
    (one,) = found
    problem = find_problem(journal.connection, one.problem)
    other = find_problem(journal.connection, one.other) if one.other else problem
    merges = accept and one.kind in ("same", "merged") and problem.id != other.id
    plan = Plan("accepted" if accept else "refused", other if merges else problem, touched=(problem.id, other.id))
    plan.answered[number] = plan.what
    if merges:
        _merge(journal, plan, [problem], other)
    elif accept and one.kind in ("split", "part"):
        _become_part(journal, plan, problem, other.parent or other.id)
    return carry_out(journal, plan)


def _become_part(journal: Journal, plan: Plan, problem: rows.Problem, head: str) -> None:
    """Hang a problem below the one it split off; parts of its own go with it, for no part has parts."""
    if head != problem.id:
        plan.change(problem, replace(problem, parent=head))
        _hand_over(journal, plan, problem.id, head, (head,))


def _today(journal: Journal) -> date:
    return date.fromisoformat(journal.at[:10])


def _doubts(journal: Journal, problem: rows.Problem, changes: Mapping[str, Any]) -> tuple[str, ...]:
    """What is odd about the days among the changes; ``FieldError`` for one that cannot be."""
    if not any(changes.get(name) for name in DAYS):
        return ()
    return doubts_about_days(problem, changes, Times(_today(journal), *first_and_last(journal.connection)))


def _problem_of(journal: Journal, complaints: Iterable[rows.Complaint]) -> rows.Problem | None:
    table = tables.memberships.c
    numbers = [one.id for one in complaints]
    query = select(table.problem).where(table.complaint.in_(numbers), table.active).order_by(table.problem)
    first = journal.connection.scalar(query.limit(1))
    return None if first is None else find_problem(journal.connection, first)


def _no_complaint(journal: Journal, reference: str) -> RegisterError:
    table = tables.problems.c
    if journal.connection.scalar(select(table.id).where(table.id == reference.strip().upper())):
        return RegisterError(
            f"{reference} is a problem, and ids of complaints are needed here. Problems become one with genyin "
            "problems merge; genyin problems show lists the complaints of one."
        )
    return RegisterError(f"There is no complaint {reference} in the register. Load its dump first.")


def _complaints(journal: Journal, references: Sequence[str]) -> list[rows.Complaint]:
    """Find complaints by the id they have in the dump, or by identity; in the order given."""
    identities = {one: (one, identity_of(one)) for one in references}
    found = by_identity(journal.connection, [key for keys in identities.values() for key in keys])
    answer = []
    for reference, keys in identities.items():
        known = [found[key] for key in keys if key in found]
        if not known:
            raise _no_complaint(journal, reference)
        answer.append(known[0])
    return answer
