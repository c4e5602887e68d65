"""Problems of an earlier run keep their complaints and their ids; new complaints join them or form new ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.claims import NOBODY, Claim, Settled
from pipeline.problems.concrete import Distinct
from pipeline.records import ProblemKind

# a problem's id; empty for a complaint that was alone in the earlier run, None for one that was not there
Known = str | None


def known_labels(known: Sequence[Known], distinct: Distinct) -> NDArray[np.int64]:
    """The known problem of every distinct text as a number (-1 none); of several the most frequent, then the first."""
    names = {name: place for place, name in enumerate(_names(known))}
    votes = Counter((int(text), names[name]) for text, name in zip(distinct.text, known, strict=True) if name)
    labels = np.full(len(distinct.row), NOBODY)
    for (text, name), _ in sorted(votes.items(), key=lambda vote: (vote[1], -vote[0][1])):
        labels[text] = name
    return labels


def seen_texts(known: Sequence[Known], distinct: Distinct) -> NDArray[np.bool_]:
    """Whether the earlier run had a complaint with each distinct text."""
    seen = np.zeros(len(distinct.row), bool)
    seen[distinct.text[[one is not None for one in known]]] = True
    return seen


def keep_known(settled: Settled, known: Sequence[Known]) -> Settled:
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
    for row, one in enumerate(known):
        if one:
            problem[row] = owner[one]
    return _rebuilt(claims, parent, problem)


def _names(known: Sequence[Known]) -> list[str]:
    return sorted({name for name in known if name})


def _owners(problem: NDArray[np.int64], known: Sequence[Known]) -> dict[str, int]:
    """The claim that takes over each known problem, -1 where another known problem has a better right to it."""
    votes = Counter((name, int(place)) for name, place in zip(known, problem, strict=True) if name and place != NOBODY)
    owner = dict.fromkeys(_names(known), NOBODY)
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
