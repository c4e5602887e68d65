"""Problems of an earlier run keep their complaints and their ids; new complaints join them or form new ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.claims import NOBODY, Claim, Settled
from pipeline.problems.concrete import Distinct
from pipeline.records import ProblemKind


def known_labels(known: Sequence[str], distinct: Distinct) -> NDArray[np.int64]:
    """The known problem of every distinct text as a number (-1 none); of several the most frequent, then the first."""
    names = {name: place for place, name in enumerate(sorted(set(known) - {""}))}
    votes = Counter((int(text), names[name]) for text, name in zip(distinct.text, known, strict=True) if name)
    labels = np.full(len(distinct.row), NOBODY)
    for (text, name), _ in sorted(votes.items(), key=lambda vote: (vote[1], -vote[0][1])):
        labels[text] = name
    return labels


def keep_known(settled: Settled, known: Sequence[str]) -> Settled:
    """Put every complaint with a known problem back there; the claim that holds most of a known problem takes its id.

    A known problem whose complaints have all gone to a claim with another id stays as a problem of its own.
    """
    owner = _owners(settled.problem, known)
    claims = list(settled.claims)
    parent = list(settled.parent)
    for name, place in owner.items():
        if place == NOBODY:
            owner[name] = len(claims)
            claims.append(Claim(ProblemKind.CONCRETE, np.zeros(0, np.int64), known=name))
            parent.append(NOBODY)
        else:
            claims[place] = replace(claims[place], known=name)
    problem = settled.problem.copy()
    for row, name in enumerate(known):
        if name:
            problem[row] = owner[name]
    return _rebuilt(claims, parent, problem)


def _owners(problem: NDArray[np.int64], known: Sequence[str]) -> dict[str, int]:
    """The claim that takes over each known problem, -1 where another known problem has a better right to it."""
    votes = Counter((name, int(place)) for name, place in zip(known, problem, strict=True) if name and place != NOBODY)
    owner = dict.fromkeys(sorted(set(known) - {""}), NOBODY)
    taken: set[int] = set()
    for (name, place), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if owner[name] == NOBODY and place not in taken:
            owner[name] = place
            taken.add(place)
    return owner


def _rebuilt(claims: list[Claim], parent: list[int], problem: NDArray[np.int64]) -> Settled:
    """Drop the claims that nobody is left in and number the rest anew."""
    parents = {parent[place] for place in np.unique(problem[problem != NOBODY])}
    alive = [place for place in range(len(claims)) if place in parents or (problem == place).any()]
    number = {place: new for new, place in enumerate(alive)}
    table = np.full(len(claims) + 1, NOBODY)
    for place, new in number.items():
        table[place] = new
    moved = table[problem]
    kept = tuple(replace(claims[place], members=np.flatnonzero(moved == new)) for place, new in number.items())
    return Settled(kept, tuple(number.get(parent[place], NOBODY) for place in alive), moved)
