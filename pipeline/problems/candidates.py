"""Which known problem a group may be: candidates by shared complaints, by what defines them, by their texts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from pipeline.problems.identity import KnownProblem, Limits, RunGroup
from pipeline.problems.likeness import likeness
from pipeline.problems.profiles import Background, holders, shared_terms
from pipeline.records import ProblemKind

_TERMS_NAMED = 5
_SHARED_DEFINITION = 0.5


@dataclass(frozen=True, slots=True)
class Edge:
    """A candidate: places of the group and of the problem, the score (0 to 1), whether it needs no person, and why.

    ``of_found`` and ``of_known`` are the shares of the two sides that are shared (0 for other evidence).
    """

    found: int
    known: int
    score: float
    certain: bool
    evidence: tuple[str, ...]
    of_found: float = 0.0
    of_known: float = 0.0


def assigned(edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges of the assignment with the greatest sum of scores: each group and each problem once at most.

    Solved on the sparse graph (Jonker & Volgenant 1987, as in SciPy), every group having a place of its own to stay
    single in. The same edges in the same order give the same choice.
    """
    if not edges:
        return []
    rows = {place: row for row, place in enumerate(sorted({edge.found for edge in edges}))}
    columns = {place: column for column, place in enumerate(sorted({edge.known for edge in edges}))}
    chosen = {(rows[edge.found], columns[edge.known]): edge for edge in edges}
    single = [(row, len(columns) + row) for row in range(len(rows))]
    # costs must not be zero: an edge costs less than staying single, by its score
    costs = [2.0 - edge.score for edge in chosen.values()] + [2.0] * len(single)
    left, right = np.array([*chosen, *single]).T
    graph = csr_array((costs, (left, right)), shape=(len(rows), len(columns) + len(rows)))
    pairs = zip(*min_weight_full_bipartite_matching(graph), strict=True)
    return [chosen[pair] for pair in ((int(row), int(column)) for row, column in pairs) if pair in chosen]


def by_shared(found: Sequence[RunGroup], known: Sequence[KnownProblem], limits: Limits) -> list[Edge]:
    """Candidates with shared complaints, or shared texts where no complaint is.

    The score is shared / (problem + known part of the group - shared): what is new in a group does not lower it.
    """
    members = _shared([one.members for one in found], [one.members for one in known])
    texts = _shared([one.texts for one in found], [one.texts for one in known])
    edges = []
    for pair in sorted(members.keys() | texts.keys()):
        edge = _shared_edge(*pair, members.get(pair), limits, "complaints")
        edges.append(edge or _shared_edge(*pair, texts.get(pair), limits, "texts"))
    return [edge for edge in edges if edge]


@dataclass(frozen=True, slots=True)
class _Overlap:
    """How many are shared, of how many of the group, of its part that any problem knows, and of the problem."""

    shared: int
    found: int
    familiar: int
    known: int


def _shared(found: Sequence[frozenset[str]], known: Sequence[frozenset[str]]) -> dict[tuple[int, int], _Overlap]:
    at_hand: frozenset[str] = frozenset().union(*found)
    owners: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        # a register holds many times the complaints of a run
        for item in one & at_hand:
            owners[item].append(place)
    overlaps = {}
    for place, one in enumerate(found):
        familiar = [item for item in one if item in owners]
        counts = Counter(owner for item in familiar for owner in owners[item])
        for owner, shared in counts.items():
            overlaps[place, owner] = _Overlap(shared, len(one), len(familiar), len(known[owner]))
    return overlaps


def _shared_edge(place: int, owner: int, overlap: _Overlap | None, limits: Limits, what: str) -> Edge | None:
    if overlap is None or overlap.shared < limits.shared_least * min(overlap.found, overlap.known):
        return None
    shared = overlap.shared
    of_found, of_known = shared / overlap.found, shared / overlap.known
    # one stray complaint in a group of many new ones is no more than a hint
    mostly = shared / overlap.familiar >= limits.shared_certain and of_found >= limits.shared_least
    certain = of_known >= limits.shared_certain or mostly
    if what == "complaints":
        reason = f"{shared} of its {overlap.found} complaints are among the {overlap.known} of the known problem"
    else:
        reason = f"{shared} of its {overlap.found} texts are among the {overlap.known} of the known problem"
    score = shared / (overlap.known + overlap.familiar - shared)
    return Edge(place, owner, score, certain, (reason,), of_found, of_known)


def by_definition(found: Sequence[RunGroup], known: Sequence[KnownProblem], limits: Limits) -> list[Edge]:
    """Candidates of the same kind, cause and place; certain where no other group and no other problem has them."""
    ours, theirs = _defined(found), _defined(known)
    edges = []
    for definition in sorted(ours.keys() & theirs.keys()):
        _, cause, where = definition
        reason = f"the same cause {cause} at {where}" if where else f"the same cause: {cause}"
        pairs = list(product(ours[definition], theirs[definition]))
        only = len(pairs) == 1
        reasons = (reason,) if only else (reason, "but others have them too")
        for place, owner in pairs:
            if not _apart(found[place], known[owner], limits):
                edges.append(Edge(place, owner, 1.0 if only else _SHARED_DEFINITION, only, reasons))
    return edges


def _defined(side: Iterable[RunGroup | KnownProblem]) -> dict[tuple[str, str, str], list[int]]:
    places: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(side):
        # a campaign is its text; any other problem but a cause needs a place to be told from its likes
        if one.cause and one.kind != ProblemKind.CAMPAIGN and (one.where or one.kind == ProblemKind.CAUSE):
            places[one.kind, one.cause, one.where].append(place)
    return places


def _apart(found: RunGroup, known: KnownProblem, limits: Limits) -> bool:
    """Whether two incidents lie too far apart to be one; where days are unknown, they do."""
    if ProblemKind.INCIDENT not in (found.kind, known.kind):
        return False
    if found.first is None or known.last is None:
        return True
    return (found.first - known.last).days > limits.gap


def by_text(
    found: Sequence[RunGroup],
    known: Sequence[KnownProblem],
    free: Collection[int],
    limits: Limits,
    background: Background | None = None,
) -> list[Edge]:
    """Candidates for the ``free`` groups whose profiles are alike and whose kinds go together, best first.

    Only those that come near a group's best candidate remain. Certain are those that lead, on both sides, all others
    by ``limits.margin`` and that nothing contradicts.
    """
    places = sorted(free)
    profiles = [found[place].profile for place in places], [one.profile for one in known]
    near = likeness(*profiles, limits.text_least, background)
    scores = {
        (places[row], int(owner)): float(score)
        for row, owner, score in zip(near.left, near.right, near.score, strict=True)
        if _family(found[places[row]].kind) == _family(known[owner].kind)
    }
    best_of_found, best_of_known = _two_best(scores, 0), _two_best(scores, 1)
    rarity = holders([*(one.profile for one in found), *(one.profile for one in known)])
    edges = []
    for (place, owner), score in scores.items():
        rival = max(_other(best_of_found[place], owner, 1), _other(best_of_known[owner], place, 0))
        if score < (1 - limits.margin) * best_of_found[place][0][0]:
            continue
        terms = shared_terms(found[place].profile, known[owner].profile, rarity, _TERMS_NAMED)
        against = _contradictions(found[place], known[owner], limits)
        certain = score >= limits.text_certain and rival <= (1 - limits.margin) * score and not against
        reasons = (f"the texts are alike ({score:.2f}), both speak of: {'、'.join(terms)}", *against)
        edges.append(Edge(place, owner, score, certain, reasons))
    return edges


def _family(kind: str) -> str:
    """Kinds of one family may turn into each other; a cause and a concentration inside it share texts anyway."""
    return kind if kind in (ProblemKind.CAUSE, ProblemKind.CAMPAIGN) else ""


def _two_best(scores: dict[tuple[int, int], float], side: int) -> dict[int, list[tuple[float, tuple[int, int]]]]:
    best: dict[int, list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for pair, score in scores.items():
        best[pair[side]] = sorted([*best[pair[side]], (score, pair)], key=lambda one: (-one[0], one[1]))[:2]
    return best


def _other(best: list[tuple[float, tuple[int, int]]], own: int, side: int) -> float:
    return next((score for score, pair in best if pair[side] != own), 0.0)


def _contradictions(found: RunGroup, known: KnownProblem, limits: Limits) -> tuple[str, ...]:
    against = []
    if found.cause and known.cause and found.cause != known.cause:
        against.append(f"but the causes differ: {found.cause} against {known.cause}")
    if found.where and known.where and not (found.where in known.where or known.where in found.where):
        against.append(f"but the places differ: {found.where} against {known.where}")
    if _apart(found, known, limits):
        against.append("but the incidents lie too far apart")
    return tuple(against)
