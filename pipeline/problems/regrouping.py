"""Problems whose complaints and names are given: the register, or a person, said who belongs where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.attributes import Run, describe
from pipeline.problems.claims import NOBODY, Claim, Settled
from pipeline.problems.concrete import Distinct
from pipeline.problems.naming import Naming, quote
from pipeline.records import Complaints, Grouping, Problem, ProblemKind


@dataclass(frozen=True, slots=True)
class GivenProblem:
    """A problem that is given: its id, that of the problem it is a part of (or empty), what defines and describes it.

    ``medoid``: the complaint that is most like the others, -1 where nobody knows.
    """

    id: str
    name: str
    parent: str = ""
    kind: ProblemKind = ProblemKind.CONCRETE
    cause: str = ""
    where: str = ""
    phrases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    cohesion: float = 0.0
    medoid: int = NOBODY


def regroup(
    complaints: Complaints, places: Sequence[str], given: Mapping[str, GivenProblem], copy_of: NDArray[np.int64]
) -> Grouping:
    """Count the problems that complaints were put into; ``places[i]`` is the id of complaint ``i``'s, or empty.

    A problem without a complaint of its own is there where it has parts that have some. ``copy_of[i]`` is the first
    complaint with the text of complaint ``i``.
    """
    held = sorted({place for place in places if place})
    known = [given[one] for one in (*held, *sorted({given[one].parent for one in held} - {"", *held}))]
    number = {one.id: place for place, one in enumerate(known)}
    problem = np.array([number.get(place, NOBODY) for place in places], np.int64)
    causes = {name: place for place, name in enumerate(complaints.causes)}
    claims = tuple(
        Claim(one.kind, np.flatnonzero(problem == place), causes.get(one.cause, NOBODY), one.where, known=one.id)
        for place, one in enumerate(known)
    )
    parents = tuple(number.get(one.parent, NOBODY) for one in known)
    names = [Naming(one.name, one.phrases, (), one.medoid, one.cohesion) for one in known]
    run = Run(complaints, Distinct(*np.unique(copy_of, return_inverse=True)), str, lambda texts: [])
    found = describe(run, Settled(claims, parents, problem), names)
    return replace(found, problems=tuple(_as_given(one, given[one.id], complaints) for one in found.problems))


def _as_given(one: Problem, given: GivenProblem, complaints: Complaints) -> Problem:
    medoid = one.medoid if one.medoid in one.members else one.members[0]
    quotes = given.quotes or (quote(complaints.texts[medoid], given.phrases),)
    return replace(one, medoid=medoid, quotes=quotes, cause=one.cause or given.cause)
