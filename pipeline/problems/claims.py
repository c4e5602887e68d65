"""Who gets which complaint: every kind of sameness lays claim to complaints, the most telling one first.

A claim becomes a problem when enough complaints are left to it. What is claimed inside a cause becomes a part (child)
of that cause; what is left of a cause is the cause itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.records import ProblemKind

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Claim:
    """Complaints that belong together: ``members`` ascending; ``cause`` is a place in the list of causes or -1.

    ``where`` says in words what they have in common beside the cause; ``least`` is the number of distinct texts it
    takes to make a problem of it; ``known`` is the id of the problem an earlier run made of it; ``joins`` is the place
    of the earlier problem that it goes on, -1 for none.
    """

    kind: ProblemKind
    members: NDArray[np.int64]
    cause: int = NOBODY
    where: str = ""
    least: int = 1
    known: str = ""
    joins: int = NOBODY


@dataclass(frozen=True, slots=True)
class Settled:
    """The claims that became problems; ``problem[i]`` is the claim that got complaint ``i`` (-1 none).

    ``parent[k]`` is the claim of the cause that claim ``k`` is a part of, -1 at the top.
    """

    claims: tuple[Claim, ...]
    parent: tuple[int, ...]
    problem: NDArray[np.int64]


def settle(
    claims: Iterable[Claim],
    causes: NDArray[np.int64],
    text: NDArray[np.int64],
    min_size: int,
    before: Settled | None = None,
) -> Settled:
    """Give every complaint to the first claim that holds it, then the rest to their causes.

    ``causes[i]`` is the sure cause of complaint ``i`` (-1 none) and ``text[i]`` its distinct text. A claim that keeps
    fewer than ``min_size`` complaints or fewer texts than it needs is given up. The problems of ``before`` come first
    and keep their complaints; what joins one of them need not be many.
    """
    before = before or Settled((), (), np.full(len(causes), NOBODY))
    problem = before.problem.copy()
    kept = list(before.claims)
    for claim in claims:
        left = claim.members[problem[claim.members] == NOBODY]
        if claim.joins != NOBODY:
            problem[left] = claim.joins
        elif len(left) >= min_size and len(np.unique(text[left])) >= claim.least:
            problem[left] = len(kept)
            kept.append(claim)
    return _with_causes(kept, before.parent, problem, causes, min_size)


def _with_causes(
    kept: list[Claim], parents: Sequence[int], problem: NDArray[np.int64], causes: NDArray[np.int64], min_size: int
) -> Settled:
    """Make a problem of every cause that has enough complaints, its parts included, and hang the parts below it.

    ``parents`` are those of the first ones, which are known.
    """
    known = {kept[at].cause: at for at in reversed(range(len(parents))) if kept[at].kind is ProblemKind.CAUSE}
    place = {cause: at for cause, at in known.items() if cause != NOBODY}
    claims = list(kept)
    parts = {claim.cause for claim in kept if claim.cause != NOBODY}
    for cause in sorted({*np.unique(causes[causes != NOBODY]).tolist(), *parts}):
        own = np.flatnonzero((causes == cause) & (problem == NOBODY))
        fresh = [at for at, claim in enumerate(kept) if claim.cause == cause]
        if cause not in place and len(own) + int(np.isin(problem, fresh).sum()) >= min_size:
            place[cause] = len(claims)
            claims.append(Claim(ProblemKind.CAUSE, own, cause))
        problem[own] = place.get(cause, NOBODY)
    wholes = [place.get(claim.cause, NOBODY) for claim in kept[len(parents) :]]
    wholes = [*parents, *wholes, *[NOBODY] * (len(claims) - len(kept))]
    return Settled(
        tuple(replace(claim, members=np.flatnonzero(problem == at)) for at, claim in enumerate(claims)),
        tuple(wholes),
        problem,
    )


def whole_members(settled: Settled) -> list[NDArray[np.int64]]:
    """Members of every problem with those of its parts."""
    parts: list[list[NDArray[np.int64]]] = [[claim.members] for claim in settled.claims]
    for child, parent in enumerate(settled.parent):
        if parent != NOBODY:
            parts[parent].append(settled.claims[child].members)
    return [np.sort(np.concatenate(held)) for held in parts]


def groups_of(labels: NDArray[np.int64], least: int) -> Sequence[NDArray[np.int64]]:
    """Places of every label that occurs at least ``least`` times, the largest group first."""
    order = np.argsort(labels, kind="stable")
    borders = np.flatnonzero(np.diff(labels[order])) + 1
    found = [part for part in np.split(order, borders) if len(part) >= least]
    return sorted(found, key=lambda part: (-len(part), int(part[0])))
