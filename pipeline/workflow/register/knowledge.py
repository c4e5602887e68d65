"""What helped the last time: known problems whose texts are like a new one (案例库)."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from pipeline.problems.profiles import Background, cosine, profile
from pipeline.register import rows
from pipeline.register.lifecycle import State
from pipeline.register.overviews import Profile, profiles
from pipeline.register.store import Register
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.register.terms import unmasked, unpacked

# where people wrote down what was the cause and what helped
LESSONS = frozenset(
    {State.KNOWN_ERROR, State.FIXING, State.WATCHING, State.RECTIFYING, State.CLOSED, State.ACCEPTED_RISK}
)
_LEFT_OUT = frozenset({State.NOT_A_PROBLEM, State.DUPLICATE})
# that many are compared exactly
_CANDIDATES = 18
# what helped once is worth a closer look than what is a little more alike
_LESSON = 2
_LEAST = 0.02
_SAMPLE = 500
_TERMS = 8
# of a problem's terms those that weigh most, so that the answer comes in a second
_ASKED = 60
_ID = re.compile(r"[Pp]-\d+")


@dataclass(frozen=True, slots=True)
class Similar:
    """A known problem like the text: cosine ``score`` (0 to 1), the terms of both, what people found out.

    ``result`` says what the check of the fix found, in words, or why the problem was closed.
    """

    id: str
    name: str
    state: str
    score: float
    terms: tuple[str, ...]
    root_cause: str
    workaround: str
    measure: str
    result: str


def similar(register: Register, text: str, limit: int = 5) -> list[Similar]:
    """Return the problems most like a text (a complaint, a problem's description); a lesson counts double.

    A text that is the id of a problem stands for that problem: the others that are like it are told. A problem has a
    lesson when it came as far as a known error: it comes before those at most twice as much like the text. Problems
    that share no telling word are left out.
    """
    own, asked = _asked(register, text)
    known = [one for one in profiles(register) if not one.merged_into and one.state not in _LEFT_OUT]
    found, background = _first_look(asked, [one for one in known if one.problem != own])
    telling = {
        term: background.telling(term) ** 2 * math.log1p(asked[term]) for term in asked if background.holding[term]
    }
    scored = [
        (cosine(asked, unpacked(one.known.profile), background), one)
        for taught in (True, False)
        for one in _candidates([near for near in found if (near.known.state in LESSONS) is taught], telling)
    ]
    near = [(score, one) for score, one in scored if score >= _LEAST]
    near.sort(key=lambda pair: (-pair[0] * (_LESSON if pair[1].known.state in LESSONS else 1), *_age(pair[1].known)))
    return [_told(register.problem(one.known.problem), score, one.held, telling) for score, one in near[:limit]]


def _asked(register: Register, text: str) -> tuple[str, Mapping[str, float]]:
    """The terms to look for; with the id of the problem that was asked about, if one was."""
    if not _ID.fullmatch(text.strip()):
        return "", profile(Tokeniser().cut_many([unmasked(text)]))
    problem = register.problem(text)
    terms = unpacked(problem.profile)
    heaviest = sorted(terms, key=lambda term: (-terms[term], term))[:_ASKED]
    return problem.id, {term: terms[term] for term in heaviest}


@dataclass(frozen=True, slots=True)
class _Near:
    """A problem, the terms of those asked for that it holds, and how many it has in all."""

    known: Profile
    held: AbstractSet[str]
    terms: int


def _first_look(asked: Mapping[str, float], known: Sequence[Profile]) -> tuple[list[_Near], Background]:
    """The problems that hold a term, and how many hold each: guessed from a sample for those not asked for."""
    step = max(len(known) // _SAMPLE, 1)
    found: list[_Near] = []
    rough: Counter[str] = Counter()
    for place, one in enumerate(known):
        terms = one.profile.get("terms", "").split()
        if place % step == 0:
            rough.update(terms)
        if held := asked.keys() & terms:
            found.append(_Near(one, held, len(terms)))
    exact = Counter(chain.from_iterable(one.held for one in found))
    holding = {**{term: count * step for term, count in rough.items()}, **{term: exact[term] for term in asked}}
    return found, Background(max(len(known), 1), holding)


def _candidates(found: Sequence[_Near], telling: Mapping[str, float]) -> list[_Near]:
    """The problems that share most of what tells problems apart, by a quick look."""

    def unlike(one: _Near) -> tuple[float, int, str]:
        shared = math.fsum(map(telling.__getitem__, one.held))
        return -shared / math.sqrt(one.terms), *_age(one.known)

    return nsmallest(_CANDIDATES, found, key=unlike)


def _age(one: Profile) -> tuple[int, str]:
    return len(one.problem), one.problem


def _told(problem: rows.Problem, score: float, shared: AbstractSet[str], telling: Mapping[str, float]) -> Similar:
    reasons = problem.verification.get("reasons", ())
    return Similar(
        problem.id,
        problem.name,
        problem.state,
        round(score, 4),
        tuple(sorted(shared, key=lambda term: (-telling[term], term))[:_TERMS]),
        problem.root_cause,
        problem.workaround,
        problem.measure,
        problem.close_reason or "; ".join(reasons),
    )
