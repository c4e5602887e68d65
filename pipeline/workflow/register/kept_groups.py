"""A run's problems as the register has them: under permanent ids and names, after everything that people decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.problems.regrouping import GivenProblem, regroup
from pipeline.records import Complaints, Grouping, ProblemKind
from pipeline.register import rows
from pipeline.workflow.register.belonging import main_of


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """Where the register has the run's complaints: ``places`` by identity with weights; ``problems`` by id."""

    identities: Sequence[str]
    places: Mapping[str, Mapping[str, float]]
    problems: Mapping[str, rows.Problem]


def as_kept(complaints: Complaints, grouping: Grouping, ids: Mapping[str, str], kept: KeptPlaces) -> Grouping:
    """Return the problems of a run's complaints, which come first in ``grouping``, as the register has them.

    ``ids`` are the permanent ids of the groups. Groups that the register took as they are get its ids and names; where
    it has complaints elsewhere (a decision, an uncertain match, complaints of other runs) all are counted anew.
    """
    count = len(complaints)
    own = [ids.get(one.id, "") for one in grouping.problems]
    found = [own[place] if place >= 0 else "" for place in grouping.problem[:count].tolist()]
    places = [main_of(kept.places.get(one, {})) for one in kept.identities]
    if places == found and len(grouping.problem) == count and _same_problems(grouping, ids, kept):
        problems = tuple(
            replace(one, id=new, parent=ids.get(one.parent, ""), name=kept.problems[new].name or one.name)
            for one, new in zip(grouping.problems, own, strict=True)
        )
        return replace(grouping, problems=problems)
    medoids = {places[one.medoid]: one.medoid for one in reversed(grouping.problems) if one.medoid < count}
    given = {one.id: _given(one, medoids.get(one.id, -1)) for one in kept.problems.values()}
    # copies point to the first one, and the run's complaints come first
    return regroup(complaints, places, given, grouping.copy_of[:count])


def _same_problems(grouping: Grouping, ids: Mapping[str, str], kept: KeptPlaces) -> bool:
    """Whether every group is one problem of the register, with the same whole."""
    named = [ids.get(one.id, "") for one in grouping.problems]
    if len(set(named)) < len(named) or not all(one in kept.problems for one in named):
        return False
    wholes = [ids.get(one.parent, "") for one in grouping.problems]
    return wholes == [kept.problems[one].parent for one in named]


def _given(one: rows.Problem, medoid: int) -> GivenProblem:
    return GivenProblem(
        one.id,
        one.name,
        one.parent,
        ProblemKind(one.kind) if one.kind in set(ProblemKind) else ProblemKind.CONCRETE,
        one.cause,
        one.place,
        tuple(one.profile.get("phrases", ())),
        tuple(one.profile.get("quotes", ())),
        one.profile.get("cohesion", 0.0),
        medoid,
    )
