"""What people decided, applied to what a run proposes.

Pure: the same decisions in any order give the same answer, and applying them twice changes nothing more.

Every complaint walks from its proposed problem along the decisions until none applies: a merge leads from one problem
to the other, a split leads the listed complaints, or those that hold a phrase, to the new one. Where decisions lead in
a circle the latest counts. Linked complaints walk together. What is to be kept apart is taken out at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.register.rows import Decision
from pipeline.register.walking import Rules, Walk, read_rules


class Kind(StrEnum):
    """Kinds of decisions, and what their payload holds (complaints by identity, problems by id)."""

    MERGE = "merge"  # problem, into
    SPLIT = "split"  # problem, to, and complaints (a list) or phrase
    RENAME = "rename"  # problem, value
    NOT_A_PROBLEM = "not_a_problem"  # problem, reason, limit (complaints)
    MUST_LINK = "must_link"  # complaints (two or more), or complaint and problem
    CANNOT_LINK = "cannot_link"  # complaints (two), or complaint and problem
    OWNER = "owner"  # problem, value
    DEPARTMENT = "department"  # problem, value
    PRIORITY = "priority"  # problem, value


# the field of a problem that a decision holds fast
FIELD_OF = {
    Kind.RENAME: "name",
    Kind.OWNER: "owner",
    Kind.DEPARTMENT: "lead_department",
    Kind.PRIORITY: "priority",
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where complaints belong after the decisions, the fields that are held fast, and conflicts in words."""

    places: Mapping[str, Mapping[str, float]]
    fields: Mapping[str, Mapping[str, str]]
    conflicts: tuple[str, ...]


def replay(
    places: Mapping[str, Mapping[str, float]], decisions: Iterable[Decision], texts: Mapping[str, str]
) -> Replayed:
    """Apply the active decisions to proposed places (complaint → problem → weight); ``texts`` serve split phrases."""
    active = sorted((one for one in decisions if one.active), key=lambda one: one.id)
    rules = read_rules(active)
    conflicts = list(rules.conflicts)
    settled: dict[str, dict[str, float]] = {}
    walk = Walk(rules, texts)
    for unit in _units(places, rules):
        settled.update(_settle_unit(unit, places, walk, conflicts))
    _keep_apart(settled, rules, conflicts)
    fields, doubts = held_fields(active)
    ordered = {complaint: settled[complaint] for complaint in places}
    return Replayed(ordered, fields, tuple(dict.fromkeys([*conflicts, *doubts])))


def held_fields(decisions: Sequence[Decision]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the fields that renames and assignments hold fast (the latest counts), and doubts in words."""
    fields: dict[str, dict[str, str]] = {}
    doubts = []
    for one in decisions:
        field = FIELD_OF.get(Kind(one.kind))
        if field:
            held = fields.setdefault(one.payload["problem"], {})
            if held.get(field, one.payload["value"]) != one.payload["value"]:
                doubts.append(f"{one.payload['problem']} has two decisions on its {field}; the later one counts.")
            held[field] = one.payload["value"]
    return fields, doubts


def outgrown(decisions: Iterable[Decision], sizes: Mapping[str, int]) -> list[str]:
    """Return the dismissed problems that have more complaints than the limit they were dismissed with."""
    dismissed = [one.payload for one in decisions if one.active and one.kind == Kind.NOT_A_PROBLEM]
    return sorted({one["problem"] for one in dismissed if sizes.get(one["problem"], 0) > one["limit"]})


def _units(places: Mapping[str, Any], rules: Rules) -> list[list[str]]:
    """Complaints that go together: linked ones, and every other complaint alone."""
    units: dict[str, list[str]] = {}
    for complaint in sorted(places):
        units.setdefault(rules.unit(complaint), []).append(complaint)
    return list(units.values())


def _settle_unit(
    unit: Sequence[str], places: Mapping[str, Mapping[str, float]], walk: Walk, conflicts: list[str]
) -> dict[str, dict[str, float]]:
    explicit = walk.rules.put(unit[0])
    if explicit is not None:
        end = walk.end(unit, explicit.problem, explicit.decision, conflicts)
        return {complaint: {end: 1.0} for complaint in unit}
    if len(unit) == 1:
        return {unit[0]: _folded(unit, places[unit[0]], walk, conflicts)}
    # the shares move first, so that the start does not depend on decisions that a former replay applied
    votes: dict[str, float] = {}
    for complaint in unit:
        for problem, weight in places[complaint].items():
            votes[walk.forward(problem)] = votes.get(walk.forward(problem), 0.0) + weight
    if not votes:
        conflicts.append(f"The linked complaints {_short(unit)} belong to no problem yet.")
        return {complaint: {} for complaint in unit}
    start = min(votes, key=lambda problem: (-round(votes[problem], 9), len(problem), problem))
    end = walk.end(unit, start, 0, conflicts)
    return {complaint: {end: 1.0} for complaint in unit}


def _folded(unit: Sequence[str], shares: Mapping[str, float], walk: Walk, conflicts: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for problem in sorted(shares, key=lambda one: (len(one), one)):
        end = walk.end(unit, problem, 0, conflicts)
        found[end] = found.get(end, 0.0) + shares[problem]
    return found


def _keep_apart(settled: dict[str, dict[str, float]], rules: Rules, conflicts: list[str]) -> None:
    """Take complaints, and those linked with them, out of problems they must not be in."""
    leaving: dict[str, set[str]] = {}
    for complaint, problem, decision in rules.barred:
        put = rules.put(complaint)
        if put is not None and rules.forward(put.problem) == rules.forward(problem):
            conflicts.append(
                f"Complaint {complaint[:8]} was put into {problem} and kept out of it; the later decision counts."
            )
        if put is None or put.decision < decision:
            leaving.setdefault(rules.unit(complaint), set()).add(rules.forward(problem))
    for first, second, _ in rules.apart:
        goes = _who_goes(first, second, rules, settled, conflicts)
        if goes is not None:
            shared = settled[first].keys() & settled[second].keys()
            leaving.setdefault(rules.unit(goes), set()).update(shared)
    if leaving:
        settled.update({one: _without(settled[one], leaving.get(rules.unit(one), set())) for one in settled})


def _who_goes(
    first: str, second: str, rules: Rules, settled: Mapping[str, Mapping[str, float]], conflicts: list[str]
) -> str | None:
    """The second of a pair that must not be together, unless a person put it there; None when nobody goes."""
    if not settled.get(first, {}).keys() & settled.get(second, {}).keys():
        return None
    if rules.unit(first) == rules.unit(second):
        conflicts.append(f"The complaints {_short([first, second])} are linked and kept apart; they stay together.")
        return None
    movable = [one for one in (second, first) if rules.put(one) is None]
    if not movable:
        conflicts.append(f"The complaints {_short([first, second])} are kept apart but were put into one problem.")
    return next(iter(movable), None)


def _without(shares: Mapping[str, float], problems: set[str]) -> dict[str, float]:
    kept = {problem: weight for problem, weight in shares.items() if problem not in problems}
    if len(kept) == len(shares):
        return dict(shares)
    total = sum(kept.values())
    return {problem: weight / total for problem, weight in kept.items()}


def _short(complaints: Iterable[str]) -> str:
    return ", ".join(sorted(one[:8] for one in complaints))
