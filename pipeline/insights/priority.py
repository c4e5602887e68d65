"""Which problem first: priority = impact x urgency, as in ITIL (AXELOS, ITIL 4 Practice Guide: Problem Management)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.pareto import counted_problem
from pipeline.insights.series import Family, family
from pipeline.insights.urgency import Reason, Urgency, urgency_reasons
from pipeline.insights.weighing import Weighed, Weights, weigh

Level = Literal["high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("high", "medium", "low")
_HIGH_TIER = 5


@dataclass(frozen=True, slots=True)
class PriorityOptions:
    """How priority is made.

    Impact is high from ``high_impact``, medium from ``medium_impact`` of the weighted customers of all complaints;
    urgency from ``high_urgency`` and ``medium_urgency`` points. ``matrix`` has a row per impact (high, medium, low)
    and a column per urgency (high, medium, low); 1 is the most pressing priority.
    """

    weights: Weights = field(default_factory=Weights)
    urgency: Urgency = field(default_factory=Urgency)
    calendar: Calendar = field(default_factory=Calendar)
    high_impact: float = 0.03
    medium_impact: float = 0.01
    high_urgency: float = 3.0
    medium_urgency: float = 1.0
    matrix: tuple[tuple[int, int, int], ...] = ((1, 2, 3), (2, 3, 4), (3, 4, 5))


@dataclass(frozen=True, slots=True)
class Prioritised:
    """One problem and why it stands where it does.

    ``impact_share``: weighted customers of the problem over those of all complaints. ``priority`` is ``computed``
    unless a person set one: then ``override`` holds their words, ``priority`` their number where they give one (P1,
    2, 高 ...), and ``overridden`` is true.
    """

    rank: int
    problem: str
    priority: int
    computed: int
    overridden: bool
    override: str
    impact: Level
    urgency: Level
    impact_share: float
    urgency_points: float
    weighted_customers: float
    customers: int
    complaints: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """Problems that are no part of another, most pressing first; ``matrix`` as used."""

    problems: tuple[Prioritised, ...]
    matrix: tuple[tuple[int, int, int], ...]
    missing: tuple[Missing, ...] = ()


def priority(cases: Cases, options: PriorityOptions = PriorityOptions()) -> Priority:
    """Rank the topmost problems; the complaints of their parts are theirs, and parts are not ranked beside them.

    Impact: distinct customers, each weighted by tier and account size (``weighing.Weights``; the best known of a
    customer's complaints), as a share of all. Urgency: points for growth, relapse, escalation and signs of leaving
    (``urgency.Urgency``). Equal priorities stand in the order of impact share, then points.
    """
    relatives = family(cases)
    places = counted_problem(relatives, "top")
    rows = np.flatnonzero(places >= 0)
    reasons = urgency_reasons(cases, (rows, places[rows]), options.urgency, options.calendar)
    counted = _counted(places, weigh(cases, options.weights), cases)
    tops = [place for place in range(len(relatives.ids)) if relatives.parents[place] < 0 and counted.complaints[place]]
    made = [_made(place, relatives, cases, (counted, reasons[place]), options) for place in tops]
    made.sort(key=lambda one: (one.priority, -one.impact_share, -one.urgency_points, one.problem))
    ranked = tuple(_numbered(made))
    missing = (
        *cases.lacking("impact", "customer", "tier", "contact_role", "product"),
        *cases.lacking("urgency", "accepted", "escalated", "text"),
    )
    return Priority(ranked, options.matrix, missing)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Per problem: complaints, customers, weighted customers, those of enterprises and of high tiers; and the whole."""

    complaints: NDArray[np.int64]
    customers: NDArray[np.int64]
    weighted: NDArray[np.float64]
    enterprise: NDArray[np.int64]
    high_tier: NDArray[np.int64]
    whole: float


def _counted(places: NDArray[np.int64], weighed: Weighed, cases: Cases) -> _Counted:
    size = len(cases.problems)
    rows = np.flatnonzero(places >= 0)
    # the complaint with the best known weight speaks for the customer
    best = _first_per(weighed, rows, places)
    tier = cases.frame["tier"].to_numpy(float, na_value=-1.0)
    of = places[best]
    everyone = _first_per(weighed, np.arange(len(places)), np.zeros(len(places), np.int64))
    return _Counted(
        np.bincount(places[rows], minlength=size),
        np.bincount(of, minlength=size),
        np.asarray(np.bincount(of, weights=weighed.weight[best], minlength=size), float),
        np.bincount(of[weighed.enterprise[best]], minlength=size),
        np.bincount(of[tier[best] >= _HIGH_TIER], minlength=size),
        float(weighed.weight[everyone].sum()),
    )


def _first_per(weighed: Weighed, rows: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of largest weight of every customer in every problem."""
    order = np.lexsort((rows, -weighed.weight[rows], weighed.customer[rows], places[rows]))
    rows = rows[order]
    first = np.ones(len(rows), bool)
    first[1:] = (np.diff(places[rows]) != 0) | (np.diff(weighed.customer[rows]) != 0)
    return rows[first]


def _made(
    place: int, relatives: Family, cases: Cases, found: tuple[_Counted, Sequence[Reason]], options: PriorityOptions
) -> Prioritised:
    counted, signs = found
    weighted = float(counted.weighted[place])
    share = weighted / counted.whole if counted.whole else 0.0
    points = sum(one.points for one in signs)
    impact = _level(share, options.high_impact, options.medium_impact)
    urgency = _level(points, options.high_urgency, options.medium_urgency)
    computed = options.matrix[LEVELS.index(impact)][LEVELS.index(urgency)]
    override = str(cases.problems["priority"].iloc[place] or "").strip()
    given = read_priority(override)
    return Prioritised(
        0,
        relatives.ids[place],
        computed if given is None else given,
        computed,
        bool(override),
        override,
        impact,
        urgency,
        share,
        points,
        weighted,
        int(counted.customers[place]),
        int(counted.complaints[place]),
        (*_of_impact(counted, place), *sorted(signs, key=lambda one: (-one.points, one.code))),
    )


def _of_impact(counted: _Counted, place: int) -> list[Reason]:
    figures = (("customers", counted.customers), ("enterprise", counted.enterprise), ("high_tier", counted.high_tier))
    return [Reason(code, float(column[place])) for code, column in figures if column[place]]


def _level(figure: float, high: float, medium: float) -> Level:
    return "high" if figure >= high else "medium" if figure >= medium else "low"


def _numbered(made: Sequence[Prioritised]) -> list[Prioritised]:
    return [replace(one, rank=rank) for rank, one in enumerate(made, start=1)]


_WORDS = {"紧急": 1, "最高": 1, "高": 2, "中": 3, "低": 4, "最低": 5}


def read_priority(words: str) -> int | None:
    """Read a person's priority as a number; ``None`` where it gives none.

    >>> [read_priority(one) for one in ("P1", "2级", "高", "", "soon")]
    [1, 2, 2, None, None]
    """
    digits = "".join(one for one in words if one.isdecimal())
    if len(digits) == 1:
        return int(digits)
    text = words.removesuffix("优先级").removesuffix("级").strip()
    return _WORDS.get(text)
