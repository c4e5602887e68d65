"""What helped the last time: known problems whose texts are like a new one (案例库)."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.problems.profiles import Background, likeness, profile
from pipeline.register import rows
from pipeline.register.lifecycle import State
from pipeline.register.overviews import Profile, profiles
from pipeline.register.store import Register
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.register.terms import unpacked

# where people wrote down what was the cause and what helped
LESSONS = frozenset(
    {State.KNOWN_ERROR, State.FIXING, State.WATCHING, State.RECTIFYING, State.CLOSED, State.ACCEPTED_RISK}
)
_LEFT_OUT = frozenset({State.NOT_A_PROBLEM, State.DUPLICATE})
# that many are compared exactly; likeness leaves out what more than 20 profiles hold
_CANDIDATES = 18
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
    """Return the problems most like a text (a complaint, a problem's description), those with a lesson first.

    A text that is the id of a problem stands for that problem: the others that are like it are told. A problem has a
    lesson when it came as far as a known error. Problems that share no telling word are left out.
    """
    own, asked = _asked(register, text)
    known = [one for one in profiles(register) if not one.merged_into and one.state not in _LEFT_OUT]
    known = [one for one in known if one.problem != own]
    terms = {one.problem: f" {one.profile.get('terms', '')} " for one in known}
    background = _background(asked, list(terms.values()))
    telling = {
        term: _weight(background, term) ** 2 * math.log1p(asked[term]) for term in asked if background.holding[term]
    }
    best: list[tuple[Profile, float]] = []
    for group in (True, False):
        near = [one for one in known if (one.state in LESSONS) is group]
        best += _best(asked, _candidates(near, terms, telling), background)[: limit - len(best)]
    return [_told(register.problem(one.problem), score, asked, unpacked(one.profile), telling) for one, score in best]


def _asked(register: Register, text: str) -> tuple[str, Mapping[str, float]]:
    """The terms to look for; with the id of the problem that was asked about, if one was."""
    if not _ID.fullmatch(text.strip()):
        return "", profile(Tokeniser().cut_many([text]))
    problem = register.problem(text)
    terms = unpacked(problem.profile)
    heaviest = sorted(terms, key=lambda term: (-terms[term], term))[:_ASKED]
    return problem.id, {term: terms[term] for term in heaviest}


def _background(asked: Mapping[str, float], texts: Sequence[str]) -> Background:
    """How many problems hold each term: counted for the terms asked for, guessed from a sample for all others."""
    step = max(len(texts) // _SAMPLE, 1)
    holding = Counter(term for text in texts[::step] for term in text.split())
    rough = {term: count * step for term, count in holding.items()}
    exact = {term: sum(f" {term} " in text for text in texts) for term in asked}
    return Background(max(len(texts), 1), {**rough, **exact})


def _weight(background: Background, term: str) -> float:
    return math.log1p(background.texts / max(background.holding.get(term, 0), 1)) ** 2


def _candidates(known: Sequence[Profile], terms: Mapping[str, str], telling: Mapping[str, float]) -> list[Profile]:
    """The problems that share most of what tells problems apart, by a first and quick look."""
    found = []
    for one in known:
        text = terms[one.problem]
        shared = [weight for term, weight in telling.items() if f" {term} " in text]
        if shared:
            found.append((sum(shared) / math.sqrt(text.count(" ")), one))
    found.sort(key=lambda pair: (-pair[0], len(pair[1].problem), pair[1].problem))
    return [one for _, one in found[:_CANDIDATES]]


def _best(
    asked: Mapping[str, float], candidates: Sequence[Profile], background: Background
) -> list[tuple[Profile, float]]:
    near = likeness([asked], [unpacked(one.profile) for one in candidates], _LEAST, background)
    found = [(candidates[place], float(score)) for place, score in zip(near.right, near.score, strict=True)]
    return sorted(found, key=lambda pair: (-pair[1], len(pair[0].problem), pair[0].problem))


def _told(
    problem: rows.Problem,
    score: float,
    asked: Mapping[str, float],
    terms: Mapping[str, float],
    telling: Mapping[str, float],
) -> Similar:
    reasons = problem.verification.get("reasons", ())
    return Similar(
        problem.id,
        problem.name,
        problem.state,
        round(score, 4),
        tuple(sorted((term for term in telling if term in terms), key=lambda term: (-telling[term], term))[:_TERMS]),
        problem.root_cause,
        problem.workaround,
        problem.measure,
        problem.close_reason or "; ".join(reasons),
    )
