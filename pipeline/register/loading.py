"""Loading a run: complaints the register does not have, those that changed, and where the run's findings put them.

The same dump a second time changes nothing: a complaint is the same by its id, or by content, customer and time where
it has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from pipeline import __version__
from pipeline.errors import RegisterError
from pipeline.register import rows, tables
from pipeline.register.arriving import NEVER_STORED, Arrival, Findings, FoundProblem, Loaded
from pipeline.register.journal import Entry, Journal
from pipeline.register.placing import Placing, place
from pipeline.register.queries import by_identity, read
from pipeline.register.rows import storable
from pipeline.register.run_entries import Arrived, Named, bring_back, complaint_entries, guess_entries, problem_entries

_FACTS = ("customer", "content", "title", "text", "accepted", "roles")
# the confidence goes with them: of its own it changes with every model, and would make an event of every complaint
_LABELS = ("category", "cause", "needs_review")


def load(journal: Journal, facts: Mapping[str, Any], arrivals: Sequence[Arrival], findings: Findings) -> Loaded:
    """Write a run and return what it changed; nothing at all is written when it changes nothing."""
    _check_seen(journal, findings)
    run = journal.next_number(tables.runs)
    arrived = _sort_arrivals(journal, arrivals, run)
    forward = _known_keys(journal, findings)
    proposed = {one: _under_ids(places, forward) for one, places in findings.places.items()}
    placing = place(journal.connection, proposed, arrived.complaints)
    named = _name_problems(journal, findings, forward, placing)
    moves = {number: (before, _under_ids(after, named.ids)) for number, (before, after) in placing.moves.items()}
    entries = [
        *complaint_entries(arrived),
        *problem_entries(journal, named, placing, moves),
        *guess_entries(journal, findings, named),
    ]
    counts = (len(arrived.new), arrived.known, len(arrived.changed), arrived.repeated)
    relabelled = len(arrived.relabelled)
    loaded = Loaded(run, *counts, relabelled, len(moves), named.ids, named.created, placing.conflicts)
    if not (arrived.new or entries):
        return replace(loaded, run=None)
    journal.insert(tables.runs, [rows.Run(run, journal.at, journal.who, __version__, facts, len(arrivals), *counts)])
    journal.run = run
    journal.insert(tables.complaints, arrived.new)
    journal.record([Entry("load", {}, {}), *entries])
    return replace(loaded, returned=bring_back(journal))


def _check_seen(journal: Journal, findings: Findings) -> None:
    table = tables.events
    later = select(table).where(table.c.what == "load", table.c.id > (findings.seen or 0)).order_by(table.c.id.desc())
    found = [] if findings.seen is None else read(journal.connection, rows.Event, later.limit(1))
    if found:
        raise RegisterError(
            f"{found[0].who} loaded another run at {found[0].at}, while this one was being matched with the register. "
            "Nothing of this run was saved: run it again."
        )


def _sort_arrivals(journal: Journal, arrivals: Sequence[Arrival], run: int) -> Arrived:
    # of a complaint that comes twice in one run the later row counts
    latest = {arrival.identity: arrival for arrival in arrivals}
    stored = by_identity(journal.connection, list(latest))
    new, changed, relabelled = [], [], []
    for identity, arrival in latest.items():
        before = stored.get(identity)
        if before is None:
            new.append(_complaint(journal.next_number(tables.complaints), identity, arrival, run))
            continue
        after = _complaint(before.id, identity, _as_sure_as(arrival, before), before.run)
        if any(getattr(before, name) != getattr(after, name) for name in _FACTS):
            changed.append((before, after))
        elif any(getattr(before, name) != getattr(after, name) for name in _LABELS):
            relabelled.append((before, after))
    known = len(latest) - len(new) - len(changed)
    return Arrived(stored, new, changed, relabelled, known, len(arrivals) - len(latest))


def _as_sure_as(arrival: Arrival, before: rows.Complaint) -> Arrival:
    """The complaint as it arrives; where the run does not say how sure it is, what is known stays with its label."""
    if arrival.needs_review is not None or (arrival.category, arrival.cause) != (before.category, before.cause):
        return arrival
    return replace(arrival, confidence=before.confidence, needs_review=before.needs_review)


def _complaint(number: int, identity: str, arrival: Arrival, run: int) -> rows.Complaint:
    return rows.Complaint(
        number,
        identity,
        storable(arrival.customer),
        arrival.content,
        storable(arrival.title),
        storable(arrival.text),
        storable(arrival.accepted),
        storable(arrival.category),
        storable(arrival.cause),
        {str(role): cell for role, cell in arrival.roles.items() if role not in NEVER_STORED},
        run,
        arrival.confidence,
        arrival.needs_review,
    )


def _known_keys(journal: Journal, findings: Findings) -> dict[str, str]:
    """Permanent ids of the run's keys that are ids already; a merged one leads to where the problem lives on."""
    query = select(tables.problems.c.id, tables.problems.c.merged_into)
    merged = {problem: into for problem, into in journal.connection.execute(query)}
    mentioned = {key for places in findings.places.values() for key in places}
    mentioned |= {key for one in findings.guesses for key in (one.problem, one.other)}
    mentioned |= {key for one in findings.problems for key in (one.parent, *one.related)}
    described = {one.key for one in findings.problems}
    unknown = sorted(mentioned - described - merged.keys() - {""})
    if unknown:
        raise RegisterError(f"The run speaks of problems that it does not describe: {', '.join(unknown[:5])}.")
    return {key: _forwarded(key, merged) for key in sorted(described | mentioned) if key in merged}


def _forwarded(problem: str, merged: Mapping[str, str]) -> str:
    while merged[problem]:
        problem = merged[problem]
    return problem


def _under_ids(places: Mapping[str, float], ids: Mapping[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, weight in places.items():
        found[ids.get(key, key)] = round(found.get(ids.get(key, key), 0.0) + weight, 6)
    return found


def _name_problems(journal: Journal, findings: Findings, forward: Mapping[str, str], placing: Placing) -> Named:
    """Give permanent ids to new problems in the run's order, but not to those that decisions left empty."""
    used = {key for places in placing.after.values() for key in places}
    used |= {one.parent for one in findings.problems if one.key in used}
    ids, created = dict(forward), []
    for one in findings.problems:
        if one.key in used and one.key not in ids:
            ids[one.key] = journal.next_problem_id()
            created.append(ids[one.key])
    found: dict[str, FoundProblem] = {}
    for one in findings.problems:
        if one.key in ids:
            plain = replace(
                one,
                name=storable(one.name),
                place=storable(one.place),
                parent=ids.get(one.parent, ""),
                related=tuple(ids[other] for other in one.related if other in ids),
            )
            found.setdefault(ids[one.key], plain)
    return Named(ids, tuple(created), found)
