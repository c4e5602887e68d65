"""Which problems make most of the complaints, harm most customers, and do most harm (Pareto 1906; Juran 1951)."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.series import Family, family
from pipeline.insights.weighing import Weighed, Weights, weigh

Measure = Literal["rows", "customers", "effect"]
MEASURES: tuple[Measure, ...] = ("rows", "customers", "effect")
Worst = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class ParetoOptions:
    """How to rank.

    ``level``: whole problems ("top", parts counted in the problem they belong to) or the most specific ones ("own");
    ``weights`` of the effect; ``vital``: the cumulative share that the vital few reach.
    """

    level: Literal["top", "own"] = "top"
    vital: float = 0.8
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One problem in one ranking: ``value`` of it, ``share`` of all complaints' value, and the share up to it."""

    rank: int
    problem: str
    value: float
    share: float
    cumulative: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Problems by one measure, largest first; ``vital`` of them reach the wanted share of what is in problems.

    ``total`` is the value of all complaints, ``outside`` that of complaints in no problem: the shares and
    ``outside / total`` add up to 1 (for customers, who may have several problems, to 1 or more).
    """

    measure: Measure
    total: float
    outside: float
    vital: int
    problems: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Pareto:
    """The three rankings; ``parts`` names the problems that are counted within another."""

    by_rows: Ranking
    by_customers: Ranking
    by_effect: Ranking
    parts: tuple[tuple[str, str], ...] = ()
    missing: tuple[Missing, ...] = ()


def pareto(cases: Cases, options: ParetoOptions = ParetoOptions()) -> Pareto:
    """Rank the problems by complaints, by distinct customers and by effect.

    Every complaint counts in exactly one problem: that at the top of its parents ("top") or its own ("own"), never in
    both, so that nothing counts double. Customers count once per problem. *Effect* is the sum over a problem's
    distinct customers of weight (tier times account size) times the worst harm of any of their complaints (1, plus
    unsolved, unsatisfied, escalated): see ``weighing.Weights``.
    """
    relatives = family(cases)
    places = counted_problem(relatives, options.level)
    weighed = weigh(cases, options.weights)
    # in its problem, over all complaints, and over those in no problem, a customer counts once each
    views = (places, np.zeros_like(places), np.where(places >= 0, 0, 1))
    once = [worst_per_customer(one, weighed) for one in views]
    rankings = [_ranking(one, relatives, places, once, options) for one in MEASURES]
    parts = () if options.level == "own" else parts_of(relatives)
    missing = (
        *cases.lacking("customers", "customer"),
        *cases.lacking("effect", "tier", "solved", "satisfaction", "escalated"),
    )
    return Pareto(rankings[0], rankings[1], rankings[2], parts, missing)


def counted_problem(relatives: Family, level: Literal["top", "own"]) -> NDArray[np.int64]:
    """Return the place of the one problem that every complaint counts in, -1 for none."""
    if level == "own" or not len(relatives.ids):
        return relatives.own
    return np.where(relatives.own >= 0, relatives.roots[relatives.own], -1)


def parts_of(relatives: Family) -> tuple[tuple[str, str], ...]:
    """Return (part, whole) for every problem with a parent."""
    roots = relatives.roots
    return tuple(
        (one, relatives.ids[roots[place]]) for place, one in enumerate(relatives.ids) if relatives.parents[place] >= 0
    )


def worst_per_customer(places: NDArray[np.int64], weighed: Weighed) -> Worst:
    """Return (problem, effect) of the worst complaint of every customer in every problem, each pair once."""
    rows = np.flatnonzero(places >= 0)
    effect = (weighed.weight * weighed.harm)[rows]
    order = np.lexsort((-effect, weighed.customer[rows], places[rows]))
    rows, effect = rows[order], effect[order]
    first = np.ones(len(rows), bool)
    first[1:] = (np.diff(places[rows]) != 0) | (np.diff(weighed.customer[rows]) != 0)
    return places[rows[first]], effect[first]


def _ranking(
    measure: Measure, relatives: Family, places: NDArray[np.int64], once: list[Worst], options: ParetoOptions
) -> Ranking:
    size = len(relatives.ids)
    if measure == "rows":
        values = np.bincount(places[places >= 0], minlength=size).astype(float)
        return _ranked(measure, relatives.ids, values, (float(len(places)), float((places < 0).sum())), options.vital)
    (found, effect), (_, whole), (split, parted) = once
    outside = parted[split == 1]
    if measure == "customers":
        effect, whole, outside = np.ones(len(effect)), np.ones(len(whole)), np.ones(len(outside))
    values = np.asarray(np.bincount(found, weights=effect, minlength=size), float)
    return _ranked(measure, relatives.ids, values, (float(whole.sum()), float(outside.sum())), options.vital)


def _ranked(
    measure: Measure, ids: tuple[str, ...], values: NDArray[np.float64], sums: tuple[float, float], vital: float
) -> Ranking:
    total, outside = sums
    order = [place for place in np.lexsort((np.array(ids, object), -values)) if values[place] > 0]
    shares = values[order] / total if total else values[order]
    running = np.cumsum(shares)
    inside = np.cumsum(values[order])
    few = int(np.searchsorted(inside, vital * inside[-1] - 1e-9)) + 1 if len(order) else 0
    problems = tuple(
        Ranked(rank, ids[place], float(values[place]), float(share), float(up_to))
        for rank, (place, share, up_to) in enumerate(zip(order, shares, running, strict=True), start=1)
    )
    return Ranking(measure, total, outside, few, problems)
