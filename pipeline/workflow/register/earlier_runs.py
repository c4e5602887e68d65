"""Complaints that keep the problem their row names: with a register, those it remembers keep theirs as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.problems.keeping import Kept
from pipeline.records import ProblemKind
from pipeline.register import rows
from pipeline.register.arriving import Findings
from pipeline.register.overviews import places_of, profiles
from pipeline.register.store import Register
from pipeline.workflow.register.belonging import main_of, shares_of
from pipeline.workflow.register.recognising import Memory


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What a run keeps: the problem of every complaint, those of the register that are remembered included.

    ``known`` as in ``group``, merged problems under the id where they live on; ``kept`` says what the problems are.
    """

    known: Sequence[str | None]
    kept: Mapping[str, Kept]


def earlier_run(
    register: Register, identities: Sequence[str], known: Sequence[str | None], kept: Mapping[str, Kept]
) -> EarlierRun | None:
    """Return what complaints keep, None where nobody asks for it; the complaints of ``known`` come first."""
    if not any(known):
        return None
    into = {one.problem: one.merged_into for one in profiles(register)}
    own = [_living(one, into) if one else one for one in known]
    others = identities[len(known) :]
    if into.keys().isdisjoint(own):
        # rows of a run without a register
        return EarlierRun([*own, *[""] * len(others)], kept)
    places = places_of(register, others)
    problems = {one.id: _as_kept(one) for one in register.problems()}
    return EarlierRun([*own, *(main_of(places.get(one, {})) for one in others)], {**kept, **problems})


def _living(problem: str, into: Mapping[str, str]) -> str:
    while into.get(problem):
        problem = into[problem]
    return problem


def _as_kept(one: rows.Problem) -> Kept:
    kind = ProblemKind(one.kind) if one.kind in set(ProblemKind) else ProblemKind.CONCRETE
    return Kept(kind, one.parent, one.cause, one.place)


def as_asked(findings: Findings, earlier: EarlierRun | None, identities: Sequence[str], memory: Memory) -> Findings:
    """Put complaints that keep a problem of the register there, in the parts they have now; whatever the run found."""
    pairs = zip(identities, earlier.known, strict=True) if earlier else ()
    asked = {identity: problem for identity, problem in pairs if problem and problem in memory.problems}
    now = shares_of(memory.snapshot.problems, asked)
    places = {
        identity: now[identity] if main_of(now[identity]) == problem else {problem: 1.0}
        for identity, problem in asked.items()
    }
    return replace(findings, places={**findings.places, **places})
