"""Customers about to go: those whose fees fell, those who say that they will leave, and what they complain about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.fees import fee_changes
from pipeline.insights.leaving import Leaving, said_of_leaving
from pipeline.insights.proportions import false_discovery
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import codes_of, customer_numbers, lines, tally
from pipeline.insights.wordlists import distinct_texts
from pipeline.taxonomy import Category, Cause, Taxonomy, load_taxonomy

_SERVICE = "用户服务"


@dataclass(frozen=True, slots=True)
class ChurnOptions:
    """``listed``: complaints named one by one; ``largest``: rows of a table; ``level``: of false discoveries."""

    listed: int = 200
    largest: int = 30
    level: float = 0.05


@dataclass(frozen=True, slots=True)
class SaidBy:
    """How many complaints, of how many customers, say one thing of leaving (``Leaving``)."""

    leaving: str
    complaints: int
    customers: int


@dataclass(frozen=True, slots=True)
class LeavingIn:
    """The complaints of a category or problem whose customers say that they will leave."""

    name: str
    leaving: Share
    customers: int


@dataclass(frozen=True, slots=True)
class FeesIn:
    """How often fees fell among the complaints of a cause (or category) with a known fee change.

    ``service``: the regulator counts the cause as a service complaint. ``lift`` is ``fell`` over the share among all
    complaints with a known change; ``stands_out``: more falls than chance explains, the share of false ones among all
    that stand out being kept at the level of the options. ``mean_fall`` in yuan, of falls with an amount.
    """

    name: str
    service: bool
    fell: Share
    lift: float | None
    stands_out: bool
    mean_fall: float | None


@dataclass(frozen=True, slots=True)
class Goer:
    """A complaint whose customer says that he will leave, and the words."""

    row: int
    id: str
    leaving: str
    words: str
    category: str
    fee_fell: bool | None


@dataclass(frozen=True, slots=True)
class Churn:
    """The figures.

    ``leaving``: complaints that threaten to leave or ask for it; ``fell``: of those with a known fee change, fees
    that fell; ``either``: of all complaints, one or the other. ``unread`` are fee cells that could not be understood,
    with their number. ``goers`` are the first of all that ``leaving`` counts.
    """

    leaving: Share
    customers_leaving: Share
    said: tuple[SaidBy, ...]
    fell: Share
    either: Share
    by_category: tuple[LeavingIn, ...]
    by_problem: tuple[LeavingIn, ...]
    fees_by_category: tuple[FeesIn, ...]
    fees_by_cause: tuple[FeesIn, ...]
    unread: tuple[tuple[str, int], ...]
    goers: tuple[Goer, ...]
    missing: tuple[Missing, ...] = ()


def churn(cases: Cases, options: ChurnOptions = ChurnOptions(), *, taxonomy: Taxonomy | None = None) -> Churn:
    """Count the signs of leaving.

    Whether fees fell before or after the complaint the dump does not say: what goes together is told, not what
    comes of what. Customers who are gone already (``Leaving.LEFT``) stand in ``said`` and count nowhere else.
    """
    said, words = _said(cases)
    leaving = np.isin(said, (Leaving.THREAT, Leaving.ASKED))
    change = fee_changes(cases.frame["fee_change"])
    fell, known = change < 0, ~np.isnan(change)
    customers = customer_numbers(cases)
    fee_fell = [bool(one) if seen else None for one, seen in zip(fell, known, strict=True)]
    of_service = _service_causes(taxonomy or load_taxonomy())
    return Churn(
        leaving=share(int(leaving.sum()), len(cases)),
        customers_leaving=share(_distinct(customers[leaving]), _distinct(customers)),
        said=_by_kind(said, customers),
        fell=share(int(fell.sum()), int(known.sum())),
        either=share(int((leaving | fell).sum()), len(cases)),
        by_category=_leaving_in(cases, "category", leaving, options),
        by_problem=_leaving_in(cases, "problem", leaving, options),
        fees_by_category=_fees_in(cases, "category", change, of_service, options),
        fees_by_cause=_fees_in(cases, "cause", change, of_service, options),
        unread=_unread(cases, known, options),
        goers=_goers(cases, said, words, fee_fell, options.listed),
        missing=cases.lacking("customers who say they will leave", "text")
        + cases.lacking("customers whose fees fell", "fee_change"),
    )


def _said(cases: Cases) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """What every complaint says of leaving and in which clause; empty where it says nothing."""
    texts, places = distinct_texts(cases)
    read = said_of_leaving(texts)
    kinds = np.array([said.leaving.value if said else "" for said in read] or [""], dtype=object)
    clauses = np.array([said.clause if said else "" for said in read] or [""], dtype=object)
    return kinds[places], clauses[places]


def _by_kind(said: NDArray[np.object_], customers: NDArray[np.int64]) -> tuple[SaidBy, ...]:
    rows = {kind.value: said == kind.value for kind in Leaving}
    return tuple(SaidBy(kind, int(having.sum()), _distinct(customers[having])) for kind, having in rows.items())


def _leaving_in(cases: Cases, column: str, leaving: NDArray[np.bool_], options: ChurnOptions) -> tuple[LeavingIn, ...]:
    key, named = {"name": cases.frame[column]}, codes_of(cases.frame[column]) >= 0
    totals = tally(cases, key, named).set_index("name")["complaints"]
    found = tally(cases, key, named & leaving).head(options.largest)
    return tuple(
        LeavingIn(str(name), share(int(complaints), int(totals[name])), int(customers))
        for name, complaints, customers in lines(found)
    )


def _fees_in(
    cases: Cases, column: str, change: NDArray[np.float64], of_service: frozenset[str], options: ChurnOptions
) -> tuple[FeesIn, ...]:
    fell = change < 0
    used = ~np.isnan(change) & (codes_of(cases.frame[column]) >= 0)
    amounts = np.where(fell & np.isfinite(change), -change, np.nan)
    table = pd.DataFrame({"name": cases.frame[column], "fell": fell, "amount": amounts})[used]
    if not table["fell"].any():
        return ()
    found = table.groupby("name", observed=True).agg(
        known=("fell", "size"), falls=("fell", "sum"), mean=("amount", "mean")
    )
    overall = float(table["fell"].mean())
    by_chance = binomial_tail(found["falls"].to_numpy(), found["known"].to_numpy(), overall)
    found["stands_out"] = false_discovery(by_chance) <= options.level
    found = found.reset_index().astype({"name": object})
    found = found.sort_values(["falls", "name"], ascending=[False, True]).head(options.largest)
    return tuple(
        FeesIn(
            name=str(name),
            service=name in of_service,
            fell=share(int(falls), int(known)),
            lift=falls / known / overall,
            stands_out=bool(stands_out),
            mean_fall=None if np.isnan(mean) else float(mean),
        )
        for name, known, falls, mean, stands_out in lines(found)
    )


def binomial_tail(counts: NDArray[np.int64], wholes: NDArray[np.int64], chance: float) -> NDArray[np.float64]:
    """Return the chance of at least ``counts`` of ``wholes``, each with ``chance``: I_p(x, n-x+1), 1 for no count.

    >>> binomial_tail(np.array([2, 0]), np.array([2, 5]), 0.5).tolist()
    [0.25, 1.0]
    """
    some = counts > 0
    tail = betainc(np.where(some, counts, 1), wholes - np.where(some, counts, 1) + 1, chance)
    return np.where(some, tail, 1.0)


def _service_causes(taxonomy: Taxonomy) -> frozenset[str]:
    labels: tuple[Category | Cause, ...] = (*taxonomy.categories, *taxonomy.causes.values())
    return frozenset(label.id for label in labels if label.regulator_class == _SERVICE)


def _distinct(customers: NDArray[np.int64]) -> int:
    return len(np.unique(customers))


def _unread(cases: Cases, known: NDArray[np.bool_], options: ChurnOptions) -> tuple[tuple[str, int], ...]:
    cells = cases.frame["fee_change"]
    counts = cells[~known & (codes_of(cells) >= 0)].astype(object).value_counts()
    ranked = sorted(counts.items(), key=lambda cell: (-cell[1], str(cell[0])))
    return tuple((str(cell), int(count)) for cell, count in ranked[: options.largest])


def _goers(
    cases: Cases, said: NDArray[np.object_], words: NDArray[np.object_], fell: Sequence[bool | None], listed: int
) -> tuple[Goer, ...]:
    chosen = np.flatnonzero(np.isin(said, (Leaving.THREAT, Leaving.ASKED)))[:listed]
    some = cases.frame.iloc[chosen]
    return tuple(
        Goer(int(row), str(id_), str(said[row]), str(words[row]), str(category), fell[row])
        for row, id_, category in zip(chosen, some["id"], some["category"], strict=True)
    )
