"""What a reader wants to know of a problem: how many, since when, where, whose, how alike; and its name."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.claims import NOBODY, Settled, whole_members
from pipeline.problems.concrete import Distinct
from pipeline.problems.naming import Nameable, Naming, name_problems, quote
from pipeline.records import Complaints, Grouping, Problem, Role

VALUE_ROLES = (
    Role.INCIDENT_REGION,
    Role.HOME_REGION,
    Role.PLACE,
    Role.CHANNEL,
    Role.PRODUCT,
    Role.CAMPAIGN,
    Role.TIER,
    Role.HANDLER_GROUP,
    Role.DEPARTMENT,
)
_VALUES_SHOWN = 5
_TIGHT, _FAIR = 0.30, 0.15
# the longest span, in days, that is told by days and by weeks; longer ones by months
_BY_DAY, _BY_WEEK = 21, 120
# a complaint with a second cause this likely counts for two problems, in parts that sum to one; it is always told by
# its parts which one is the first
_SECOND_LEAST, _SECOND_MOST = 0.3, 0.49


@dataclass(frozen=True, slots=True)
class Run:
    """What is described, and how causes are called and texts cut."""

    complaints: Complaints
    distinct: Distinct
    cause_title: Callable[[str], str]
    tokens: Callable[[Sequence[str]], list[list[str]]]


def describe(run: Run, settled: Settled, named: Sequence[Naming] | None = None) -> Grouping:
    """Name, count and order the problems: largest first, a part after its cause only if it is smaller.

    ``named``: the names, by claim, where they are given.
    """
    members = whole_members(settled)
    second, second_weight = _second(run.complaints, settled)
    weight = np.bincount(settled.problem[settled.problem >= 0], minlength=len(members)).astype(np.float64)
    given = second >= 0
    np.subtract.at(weight, settled.problem[given], second_weight[given])
    np.add.at(weight, second[given], second_weight[given])
    for child, parent in enumerate(settled.parent):
        if parent != NOBODY:
            weight[parent] += weight[child]
    if named is None:
        texts, titles = run.complaints.texts, run.complaints.titles
        named = name_problems(_nameables(run, settled, members), texts, titles, run.tokens)
    order = sorted(range(len(members)), key=lambda place: (-len(members[place]), named[place].name))
    ids = _ids(settled, order)
    periods = _periods(run.complaints.times)
    problems = tuple(
        _problem(run, settled, place, members[place], named[place], float(weight[place]), ids, periods)
        for place in order
    )
    place_of = np.full(len(members) + 1, NOBODY)
    place_of[order] = np.arange(len(order))
    return Grouping(problems, place_of[settled.problem], place_of[second], second_weight, _first_copies(run.distinct))


def _nameables(run: Run, settled: Settled, members: Sequence[NDArray[np.int64]]) -> list[Nameable]:
    def title(cause: int) -> str:
        return "" if cause == NOBODY else run.cause_title(run.complaints.causes[cause])

    return [
        Nameable(held, title(claim.cause), claim.where) for claim, held in zip(settled.claims, members, strict=True)
    ]


def _ids(settled: Settled, order: Sequence[int]) -> list[str]:
    """Ids by claim: the known one, else G001, G002 ... in order of size, skipping known ones."""
    taken = {claim.known for claim in settled.claims}
    fresh = (f"G{number:03d}" for number in range(1, 10**9) if f"G{number:03d}" not in taken)
    ids = [""] * len(order)
    for place in order:
        ids[place] = settled.claims[place].known or next(fresh)
    return ids


def _second(complaints: Complaints, settled: Settled) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """A further problem of every complaint and its part, where the model gives two causes a fair share."""
    count, causes = complaints.cause_shares.shape
    second, weight = np.full(count, NOBODY), np.zeros(count)
    if causes < 2 or not len(settled.claims):
        return second, weight
    claim_cause = np.array([claim.cause for claim in settled.claims])
    problem_of = np.full(causes, NOBODY)
    for place, claim in enumerate(settled.claims):
        if claim.cause != NOBODY and (settled.parent[place] == NOBODY):
            problem_of[claim.cause] = place
    best = np.argpartition(-complaints.cause_shares, 1, axis=1)[:, :2]
    rows = np.arange(count)
    own = np.where(settled.problem >= 0, claim_cause[settled.problem], NOBODY)
    for column in (0, 1):
        one, other = best[:, column], best[:, 1 - column]
        part = complaints.cause_shares[rows, other]
        whole = part + complaints.cause_shares[rows, one]
        fit = (own == one) & (part >= _SECOND_LEAST) & (problem_of[other] != NOBODY)
        second[fit] = problem_of[other[fit]]
        weight[fit] = np.minimum(part[fit] / whole[fit], _SECOND_MOST)
    return second, weight


def _problem(
    run: Run,
    settled: Settled,
    place: int,
    members: NDArray[np.int64],
    named: Naming,
    weight: float,
    ids: Sequence[str],
    periods: "_Periods",
) -> Problem:
    complaints, claim = run.complaints, settled.claims[place]
    parent = settled.parent[place]
    mix = _counted([complaints.categories[row] for row in members])
    times = complaints.times[members]
    known = np.sort(times[~np.isnat(times)])
    return Problem(
        id=ids[place],
        parent="" if parent == NOBODY else ids[parent],
        kind=claim.kind,
        name=named.name,
        category=mix[0][0] if mix else "",
        cause="" if claim.cause == NOBODY else complaints.causes[claim.cause],
        members=tuple(members.tolist()),
        rows=len(members),
        customers=_customers(complaints.customers, members),
        texts=len(np.unique(run.distinct.text[members])),
        weight=round(weight, 3),
        purity=mix[0][1] / len(members) if mix else 0.0,
        first=_moment(known[0]) if len(known) else None,
        last=_moment(known[-1]) if len(known) else None,
        trend=periods.counted(known),
        cohesion=round(named.cohesion, 4),
        quality="tight" if named.cohesion >= _TIGHT else "fair" if named.cohesion >= _FAIR else "loose",
        phrases=named.phrases,
        quotes=tuple(quote(complaints.texts[row], named.phrases) for row in named.quotes),
        medoid=named.medoid,
        where=claim.where,
        categories=dict(mix),
        values={role: _frequent(held, members) for role, held in complaints.columns.items() if role in VALUE_ROLES},
    )


def _counted(values: Sequence[str]) -> list[tuple[str, int]]:
    return sorted(Counter(value for value in values if value).items(), key=lambda pair: (-pair[1], pair[0]))


def _frequent(values: Sequence[str], members: NDArray[np.int64]) -> tuple[tuple[str, int], ...]:
    return tuple(_counted([values[row] for row in members])[:_VALUES_SHOWN])


def _customers(customers: Sequence[str], members: NDArray[np.int64]) -> int:
    """Distinct customers; every complaint without a customer counts as one."""
    known = [customers[row] for row in members if customers[row]]
    return len(set(known)) + len(members) - len(known)


def _moment(time: Any) -> datetime:
    return time.astype("datetime64[s]").item()


@dataclass(frozen=True, slots=True)
class _Periods:
    """Days, weeks or months from the first to the last complaint of the dump."""

    unit: str
    first: Any
    count: int

    def counted(self, times: NDArray[np.datetime64]) -> tuple[int, ...]:
        """Complaints per period, oldest first; empty where no time is known."""
        if not self.count:
            return ()
        places = (times.astype(f"datetime64[{self.unit}]") - self.first).astype(np.int64)
        return tuple(np.bincount(places, minlength=self.count).tolist())


def _periods(times: NDArray[np.datetime64]) -> _Periods:
    known = times[~np.isnat(times)]
    if not len(known):
        return _Periods("D", np.datetime64(0, "D"), 0)
    days = int((known.max() - known.min()) / np.timedelta64(1, "D"))
    unit = "D" if days <= _BY_DAY else "W" if days <= _BY_WEEK else "M"
    first, last = known.min().astype(f"datetime64[{unit}]"), known.max().astype(f"datetime64[{unit}]")
    return _Periods(unit, first, int((last - first).astype(np.int64)) + 1)


def _first_copies(distinct: Distinct) -> NDArray[np.int64]:
    """The first complaint (in the order of the dump) with the text of each complaint."""
    first = np.full(len(distinct.row), len(distinct.text))
    np.minimum.at(first, distinct.text, np.arange(len(distinct.text)))
    return first[distinct.text]
