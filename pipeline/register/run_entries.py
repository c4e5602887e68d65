"""The events of a run: what it changes of complaints and problems, and what it proposes to people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from pipeline.register import rows, tables
from pipeline.register.arriving import Findings, FoundProblem
from pipeline.register.decisions import outgrown
from pipeline.register.journal import Entry, Image, Journal, chunks
from pipeline.register.lifecycle import State
from pipeline.register.opened import decided_problems, is_opened
from pipeline.register.placing import Placing
from pipeline.register.queries import active_decisions, read

_BATCH = 1000
# what a run may say anew of a known problem, and what of it no more once a person has opened the problem
_REFRESHED = ("name", "parent", "place", "profile")
_SETTLED = ("name", "parent")
Move = tuple[Mapping[str, float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The complaints of a run by what is to be done with them; ``repeated`` counts rows that came twice."""

    stored: Mapping[str, rows.Complaint]
    new: Sequence[rows.Complaint]
    changed: Sequence[tuple[rows.Complaint, rows.Complaint]]
    relabelled: Sequence[tuple[rows.Complaint, rows.Complaint]]
    known: int
    repeated: int

    @property
    def complaints(self) -> dict[str, rows.Complaint]:
        """All complaints of the run by identity."""
        return {**self.stored, **{one.identity: one for one in self.new}}


@dataclass(frozen=True, slots=True)
class Named:
    """The run's problems under permanent ids: ``ids`` by key, ``created`` those given now, ``found`` by id."""

    ids: Mapping[str, str]
    created: tuple[str, ...]
    found: Mapping[str, FoundProblem]


def complaint_entries(arrived: Arrived) -> Iterator[Entry]:
    """Entries for complaints that came with other facts or other labels than before."""
    for what, pairs in (("changed", arrived.changed), ("relabelled", arrived.relabelled)):
        for part in chunks(pairs, _BATCH):
            both = {str(one.id): rows.differing(one, other) for one, other in part}
            before, after = ({key: images[side] for key, images in both.items()} for side in (0, 1))
            yield Entry(what, {"complaints": before}, {"complaints": after})


def problem_entries(journal: Journal, named: Named, placing: Placing, moves: Mapping[int, Move]) -> Iterator[Entry]:
    """One entry per problem: what the run says of it, and the complaints that came to it or left for nowhere."""
    by_problem: dict[str, dict[str, Move]] = {}
    for number, (before, after) in moves.items():
        by_problem.setdefault(_main(after or before), {})[str(number)] = (before, after)
    stored = {one.id: one for one in read(journal.connection, rows.Problem, select(tables.problems))}
    settled = _settled(journal, stored)
    said = _in_two_levels(named.found, settled)
    for problem in sorted({*by_problem, *said}, key=lambda one: (len(one), one)):
        pairs, found = by_problem.get(problem, {}), said.get(problem)
        if problem in stored:
            held = {**settled.get(problem, {}), **placing.fields.get(problem, {})}
            was, becomes = _refreshed(stored[problem], found, held)
        else:
            was, becomes = {}, _new_problem(journal, problem, found)
        if pairs or becomes:
            left: Image = {"places": {key: one for key, (one, _) in pairs.items() if one}, "problems": was}
            come: Image = {"places": {key: one for key, (_, one) in pairs.items() if one}, "problems": becomes}
            yield Entry("found" if problem in named.created else "run", left, come, problem)


def _settled(journal: Journal, stored: Mapping[str, rows.Problem]) -> dict[str, dict[str, str]]:
    """Name and whole of the problems that a person has opened: they stay, whatever a run says."""
    decided = decided_problems(active_decisions(journal.connection))
    opened = [one for one in stored.values() if is_opened(one, decided)]
    return {one.id: {name: getattr(one, name) for name in _SETTLED} for one in opened}


def _in_two_levels(
    found: Mapping[str, FoundProblem], settled: Mapping[str, Mapping[str, str]]
) -> dict[str, FoundProblem]:
    """The problems of a run such that no part has parts: what is below a settled part comes below its whole."""
    lifted = {
        key: replace(one, parent=settled.get(one.parent, {}).get("parent", "") or one.parent)
        for key, one in found.items()
    }
    parents = {one.parent for one in lifted.values()} | {one["parent"] for one in settled.values()}
    return {key: replace(one, parent="") if key in parents else one for key, one in lifted.items()}


def _main(places: Mapping[str, float]) -> str:
    return min(places, key=lambda one: (-places[one], len(one), one))


def _new_problem(journal: Journal, problem: str, found: FoundProblem | None) -> dict[str, Any]:
    names = (*_REFRESHED, "kind", "category", "cause", "related")
    said = {} if found is None else {name: getattr(found, name) for name in names}
    fresh = replace(rows.blank_problem(problem), created=journal.at, since=journal.at[:10], **said)
    return {problem: rows.image_of(fresh)}


def _refreshed(
    stored: rows.Problem, found: FoundProblem | None, held: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    said = {} if found is None else {name: getattr(found, name) for name in _REFRESHED}
    before, after = rows.differing(stored, replace(stored, **{**said, **held}))
    return ({stored.id: before}, {stored.id: after}) if after else ({}, {})


def guess_entries(journal: Journal, findings: Findings, named: Named) -> Iterator[Entry]:
    """Proposals for a person; what was proposed before is not proposed again, whatever became of it."""
    table = tables.proposals
    known = {
        _question(one.kind, one.problem, one.other) for one in read(journal.connection, rows.Proposal, select(table))
    }
    for one in findings.guesses:
        problem, other = named.ids.get(one.problem, ""), named.ids.get(one.other, "")
        if not problem or problem == other or _question(one.kind, problem, other) in known:
            continue
        known.add(_question(one.kind, problem, other))
        number = journal.next_number(table)
        proposal = rows.Proposal(
            number, one.kind, problem, other, one.score, tuple(one.evidence), rows.plain(one.payload), "open"
        )
        image = {name: rows.plain(value) for name, value in rows.values_of(proposal).items() if name != "id"}
        yield Entry("proposal", {}, {"proposals": {str(number): image}}, problem, touched=(other,))


def _question(kind: str, problem: str, other: str) -> tuple[str, ...]:
    """What a person is asked: whether two problems are one, or whether one is a part of the other."""
    return ("one", *sorted((problem, other))) if kind in ("same", "merged") else ("part", problem, other)


def bring_back(journal: Journal) -> tuple[str, ...]:
    """Make dismissed problems that outgrew their limit candidates again."""
    table = tables.problems.c
    query = select(table.id, table.complaints).where(table.state == State.NOT_A_PROBLEM)
    sizes = {problem: count for problem, count in journal.connection.execute(query)}
    back = outgrown(active_decisions(journal.connection), sizes)
    journal.record([_brought_back(one) for one in back])
    return tuple(back)


def _brought_back(problem: str) -> Entry:
    before, after = ({"problems": {problem: {"state": one.value}}} for one in (State.NOT_A_PROBLEM, State.CANDIDATE))
    return Entry("outgrown", before, after, problem)
