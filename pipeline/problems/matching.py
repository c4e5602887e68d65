"""Groups of a run against the problems the register knows: the same, new, split, merged or come back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.problems.candidates import Edge, assigned, by_definition, by_shared, by_text
from pipeline.problems.identity import ENDED, LIMITS, KnownProblem, Limits, Match, RunGroup, Verdict
from pipeline.problems.profiles import Background, merge_profiles, profile

__all__ = [
    "ENDED",
    "LIMITS",
    "Background",
    "KnownProblem",
    "Limits",
    "Match",
    "RunGroup",
    "Verdict",
    "match",
    "merge_profiles",
    "profile",
]


def match(
    found: Sequence[RunGroup],
    known: Sequence[KnownProblem],
    limits: Limits = LIMITS,
    background: Background | None = None,
    given: Mapping[str, str] | None = None,
) -> list[Match]:
    """Say of each group which known problem it is; sorted by group, whatever the order of the input.

    Evidence in order of rank: shared complaints or texts; the same kind, cause and place; texts that speak of the
    same; a cause or place that several share. Within a rank, a problem goes to one group and a group to one problem
    such that the scores add up to the most; a lower rank speaks only of groups and problems that are left. Of several
    groups with one problem's complaints the best is the same and the others are split off it; of several problems in
    one group the best goes on and the others are merged. Groups whose texts are alike those of a problem already taken
    are proposed as parts of it.

    Only text can be uncertain by a close rival: among shared complaints the rivals are parts of one story, and all are
    told. ``background`` (how common words are among the run's texts) makes the text limits mean the same for a small
    register as for a large one; without it fewer matches by text are found in a small one. ``given`` says of some
    groups, by key, which known problem they are: no evidence is asked for. Raises ``ValueError`` for a key or an id
    that occurs twice.
    """
    found, known = sorted(found, key=lambda one: one.key), sorted(known, key=lambda one: one.id)
    _no_twins([one.key for one in found])
    _no_twins([one.id for one in known])
    shared = by_shared(found, known, limits)
    settled = _given(found, known, given or {})
    settled += assigned(_free(shared, settled))
    parts = _beside(shared, settled, limits.shared_least)
    definition = by_definition(found, known, limits)
    settled += assigned(_free([edge for edge in definition if edge.certain], [*settled, *parts]))
    text = by_text(found, known, _left(found, [*settled, *parts]), limits, background)
    settled += assigned(_free(text, settled))
    settled += assigned(_free(definition, [*settled, *parts]))
    parts += [replace(edge, certain=False) for edge in _beside(text, [*settled, *parts], 0.0, limits.text_certain)]
    merged = _merged(shared, settled, limits)
    return _told(found, known, settled, parts, merged)


def _given(found: Sequence[RunGroup], known: Sequence[KnownProblem], given: Mapping[str, str]) -> list[Edge]:
    owner = {one.id: place for place, one in enumerate(known)}
    return [Edge(place, owner[given[one.key]], 1.0, True, ()) for place, one in enumerate(found) if one.key in given]


def _no_twins(keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        raise ValueError("a key occurs twice")


def _left(found: Sequence[RunGroup], edges: Iterable[Edge]) -> set[int]:
    return set(range(len(found))) - {edge.found for edge in edges}


def _free(edges: Iterable[Edge], taken: Sequence[Edge]) -> list[Edge]:
    """Edges between groups and problems that ``taken`` does not hold; a part takes its group only."""
    groups, problems = {edge.found for edge in taken}, {edge.known for edge in taken}
    return [edge for edge in edges if edge.found not in groups and edge.known not in problems]


def _beside(edges: Sequence[Edge], settled: Sequence[Edge], share: float, score: float = 0.0) -> list[Edge]:
    """The best edge of each group without a match to a problem that goes on elsewhere: the group is a part of it."""
    groups, problems = {edge.found for edge in settled}, {edge.known for edge in settled}
    best: dict[int, Edge] = {}
    for edge in edges:
        if edge.found in groups or edge.known not in problems or edge.of_found < share or edge.score < score:
            continue
        if edge.found not in best or edge.score > best[edge.found].score:
            best[edge.found] = edge
    return list(best.values())


def _merged(shared: Sequence[Edge], settled: Sequence[Edge], limits: Limits) -> list[Edge]:
    """The best edge of each problem without a group of its own to a group that is another problem's."""
    problems, groups = {edge.known for edge in settled}, {edge.found for edge in settled}
    best: dict[int, Edge] = {}
    for edge in shared:
        if edge.known in problems or edge.found not in groups or edge.of_known < limits.shared_least:
            continue
        if edge.known not in best or edge.of_known > best[edge.known].of_known:
            best[edge.known] = replace(edge, certain=edge.of_known >= limits.shared_certain)
    return list(best.values())


def _told(
    found: Sequence[RunGroup], known: Sequence[KnownProblem], settled: list[Edge], parts: list[Edge], merged: list[Edge]
) -> list[Match]:
    problem_of = {edge.found: known[edge.known].id for edge in settled}
    group_of = {edge.known: found[edge.found].key for edge in settled}
    matches = [_goes_on(found[edge.found], known[edge.known], edge) for edge in settled]
    for edge in parts:
        reason = f"the known problem goes on in the group {group_of[edge.known]}"
        matches.append(_match(found, known, edge, Verdict.SPLIT, reason))
    for edge in merged:
        reason = f"the problem {problem_of[edge.found]} goes on in the group"
        matches.append(_match(found, known, edge, Verdict.MERGED, reason))
    left = _left(found, [*settled, *parts])
    matches += [Match(found[place].key, "", Verdict.NEW, 0.0, True, ("no known problem is like it",)) for place in left]
    return sorted(matches, key=lambda one: (one.found, one.verdict is Verdict.MERGED, one.known))


def _match(
    found: Sequence[RunGroup], known: Sequence[KnownProblem], edge: Edge, verdict: Verdict, *reasons: str
) -> Match:
    evidence = (*edge.evidence, *reasons)
    return Match(found[edge.found].key, known[edge.known].id, verdict, edge.score, edge.certain, evidence)


def _goes_on(found: RunGroup, known: KnownProblem, edge: Edge) -> Match:
    relapse = tuple(_relapse(found, known))
    verdict = Verdict.REGRESSED if relapse else Verdict.SAME
    return Match(found.key, known.id, verdict, edge.score, edge.certain, (*edge.evidence, *relapse))


def _relapse(found: RunGroup, known: KnownProblem) -> Iterator[str]:
    """Complaints after the end of a problem; those it had already are none."""
    fresh = len(found.members - known.members)
    if known.state not in ENDED or not fresh:
        return
    if found.last and known.last and found.last <= known.last:
        return
    yield f"the known problem was over, {fresh} further complaints have come"
