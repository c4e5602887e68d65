"""Problems of an earlier run keep their complaints, their ids and what they are; new complaints join them or not.

What an earlier run said holds until new complaints say more: its problems come first, the claims of this run get what
they leave. So a run on the complaints of the earlier one alone changes nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.claims import NOBODY, Claim, Settled
from pipeline.problems.concrete import Distinct
from pipeline.records import Grouping, ProblemKind

# a problem's id; empty for a complaint that was alone in the earlier run, None for one that was not there
Known = str | None
# what is found again by its words; incidents and concentrations are found by columns, causes by the model
_TOLD_BY_WORDS = frozenset({ProblemKind.CONCRETE, ProblemKind.CAMPAIGN})


@dataclass(frozen=True, slots=True)
class Kept:
    """What a problem of an earlier run was: fields as in ``Problem``."""

    kind: ProblemKind = ProblemKind.CONCRETE
    parent: str = ""
    cause: str = ""
    where: str = ""


def kept_of(grouping: Grouping) -> dict[str, Kept]:
    """Say of every problem of a run what a later one has to know of it."""
    return {one.id: Kept(one.kind, one.parent, one.cause, one.where) for one in grouping.problems}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier run as this one sees it.

    ``known[i]`` is the problem that complaint ``i`` had; ``settled`` are the problems with the complaints they keep.
    """

    known: Sequence[Known]
    settled: Settled

    @property
    def nothing_new(self) -> bool:
        """Whether the earlier run had every complaint."""
        return None not in self.known


def remembered(known: Sequence[Known], kept: Mapping[str, Kept], causes: Sequence[str]) -> Before:
    """Put every complaint with a known problem back there; ``kept`` says what the problems were, and their wholes.

    ``causes`` are those of the complaints, and those that the known problems have beside them.
    """
    places = {name: place for place, name in enumerate(_with_wholes(names_of(known), kept))}
    number = {cause: place for place, cause in enumerate(causes)}
    problem = np.array([places[one] if one else NOBODY for one in known], np.int64)
    claims, parents = [], []
    for name, place in places.items():
        was = kept.get(name, Kept())
        members = np.flatnonzero(problem == place)
        cause = number[was.cause] if was.cause else NOBODY
        claims.append(Claim(was.kind, members, cause, was.where, known="" if _is_nameless(name) else name))
        parents.append(NOBODY if was.parent == name else places.get(was.parent, NOBODY))
    return Before(known, Settled(tuple(claims), tuple(parents), problem))


def names_of(known: Sequence[Known]) -> list[str]:
    """The known problems that have a complaint, sorted."""
    return sorted({name for name in known if name})


def _with_wholes(names: Sequence[str], kept: Mapping[str, Kept]) -> list[str]:
    """The problems, and those they are parts of: a whole may have no complaint of its own."""
    found = dict.fromkeys(names)
    waiting = list(names)
    while waiting:
        whole = kept.get(waiting.pop(), Kept()).parent
        if whole in kept and whole not in found:
            found[whole] = None
            waiting.append(whole)
    return list(found)


def known_labels(before: Before, distinct: Distinct) -> NDArray[np.int64]:
    """The known problem of every distinct text as a number (-1 none); of several the most frequent, then the first.

    Only of problems that are told by their words: those of a cause or a region have no words in common.
    """
    claims = before.settled.claims
    told = [place for place, claim in enumerate(claims) if claim.kind in _TOLD_BY_WORDS]
    inside = np.isin(before.settled.problem, told)
    votes = Counter(zip(distinct.text[inside].tolist(), before.settled.problem[inside].tolist(), strict=True))
    labels = np.full(len(distinct.row), NOBODY)
    for (text, place), _ in sorted(votes.items(), key=lambda vote: (vote[1], -vote[0][1])):
        labels[text] = place
    return labels


def seen_texts(known: Sequence[Known], distinct: Distinct) -> NDArray[np.bool_]:
    """Whether the earlier run had a complaint with each distinct text."""
    seen = np.zeros(len(distinct.row), bool)
    seen[distinct.text[[one is not None for one in known]]] = True
    return seen


def joining(claims: Sequence[Claim], settled: Settled) -> list[Claim]:
    """Say which claims of this run are known problems: the one that holds most of a problem goes on it.

    A problem goes on in a claim of its like only: what is told by its words, an incident, a heap of the same cause.
    """
    votes = Counter(
        (int(known), place)
        for place, claim in enumerate(claims)
        for known in settled.problem[claim.members]
        if known != NOBODY and _alike(claim, settled.claims[known])
    )
    goes_on: dict[int, int] = {}
    for (known, place), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if place not in goes_on and known not in goes_on.values():
            goes_on[place] = known
    return [replace(claim, joins=goes_on.get(place, NOBODY)) for place, claim in enumerate(claims)]


def _alike(claim: Claim, known: Claim) -> bool:
    if claim.kind in _TOLD_BY_WORDS:
        return known.kind in _TOLD_BY_WORDS
    return claim.kind is known.kind and (claim.kind is ProblemKind.INCIDENT or claim.cause == known.cause)


def only_with_news(settled: Settled, known: Sequence[Known]) -> Settled:
    """Let complaints that were alone stay so where no new complaint is: nothing says that they belong there."""
    new = np.array([one is None for one in known], bool)
    alone = np.array([one == "" for one in known], bool)
    with_news = np.zeros(len(settled.claims) + 1, bool)
    with_news[settled.problem[new]] = True
    problem = np.where(alone & ~with_news[settled.problem], NOBODY, settled.problem)
    return _rebuilt(settled, problem)


def _rebuilt(settled: Settled, problem: NDArray[np.int64]) -> Settled:
    """Drop the claims that nobody is left in and number the rest anew."""
    held = set(np.unique(problem).tolist()) - {NOBODY}
    alive = sorted(held | {settled.parent[place] for place in held} - {NOBODY})
    table = np.full(len(settled.claims) + 1, NOBODY)
    table[alive] = np.arange(len(alive))
    moved = table[problem]
    claims = (replace(settled.claims[place], members=np.flatnonzero(moved == table[place])) for place in alive)
    return Settled(tuple(claims), tuple(int(table[settled.parent[place]]) for place in alive), moved)


def guessed(known: Sequence[str], found: Settled, kept: Mapping[str, Kept], causes: Sequence[str]) -> dict[str, Kept]:
    """Say what known problems were of which nobody told, from what the earlier complaints alone make today.

    ``known`` and ``found`` are those of the earlier complaints; ``kept`` are the problems that are told.
    """
    votes = Counter((name, int(place)) for name, place in zip(known, found.problem, strict=True) if name)
    owner: dict[int, str] = {}
    for (name, place), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if place != NOBODY and place not in owner and name not in owner.values():
            owner[place] = name
    of_cause = {one.cause: name for name, one in kept.items() if one.kind is ProblemKind.CAUSE}

    def named(place: int) -> str:
        if place == NOBODY:
            return ""
        return owner.get(place) or of_cause.get(_cause(found.claims[place], causes)) or f"{_NAMELESS}{place}"

    told: dict[str, Kept] = {}
    for place in {*owner, *(found.parent[place] for place in owner)} - {NOBODY}:
        claim = found.claims[place]
        told[named(place)] = Kept(claim.kind, named(found.parent[place]), _cause(claim, causes), claim.where)
    return told


def _cause(claim: Claim, causes: Sequence[str]) -> str:
    return "" if claim.cause == NOBODY else causes[claim.cause]


# a whole of which no complaint tells the id
_NAMELESS = "\0"


def _is_nameless(name: str) -> bool:
    return name.startswith(_NAMELESS)
