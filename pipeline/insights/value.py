"""Whom the problems hit: problems by star tier, and the valuable customers somebody should call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer, AnswerMap, read_answers
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.channels import Channels, escalated_by_channel, load_channels
from pipeline.insights.leaving import Leaving, said_of_leaving
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import customer_numbers, lines, tally, tally_table
from pipeline.insights.wordlists import distinct_texts, holding, words_of

STRONG = ("escalated", "threatens_escalation", "beyond", "anger", "leaving", "refused_score")


@dataclass(frozen=True, slots=True)
class ValueOptions:
    """Who is valuable, and what puts him on the list.

    ``least_tier``: stars from which a customer is valuable; ``roles``: words in the contact's role that make him so
    whatever the tier (who decides for an account). ``reasons`` put a complaint on the list (:data:`STRONG`).
    ``listed`` and ``largest``: customers on the list and problems in the table.
    """

    least_tier: int = 4
    roles: tuple[str, ...] = ("决策", "关键人", "法人", "负责人", "总经理", "董事")
    reasons: tuple[str, ...] = STRONG
    listed: int = 200
    largest: int = 50

    def __post_init__(self) -> None:
        unknown = sorted(set(self.reasons) - set(STRONG))
        if unknown:
            raise ValueError(f"unknown reasons: {', '.join(unknown)}; there are {', '.join(STRONG)}")


@dataclass(frozen=True, slots=True)
class TierCount:
    """Complaints and customers of one tier; ``None`` for those without one."""

    tier: int | None
    complaints: int
    customers: int


@dataclass(frozen=True, slots=True)
class ProblemByTier:
    """A problem's complaints by tier, parts of the problem included, and its share of valuable customers.

    ``lift`` is that share over the share among all customers; 1 is as usual.
    """

    problem: str
    complaints: int
    customers: int
    tiers: tuple[TierCount, ...]
    valuable: Share
    lift: float | None


@dataclass(frozen=True, slots=True)
class CallOn:
    """A valuable customer to call: his strong complaints, the reasons of all of them, and what the list goes by."""

    customer: str
    tier: int | None
    ids: tuple[str, ...]
    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many complaints of valuable customers have a reason; reasons overlap."""

    reason: str
    complaints: int


@dataclass(frozen=True, slots=True)
class Value:
    """The figures.

    ``valuable``: of all customers, those of a high tier or role; ``to_call``: how many of them are on the list, of
    which ``call_on`` names the first: most reasons first, then the higher tier.
    """

    tiers: tuple[TierCount, ...]
    valuable: Share
    problems: tuple[ProblemByTier, ...]
    to_call: int
    reasons: tuple[ReasonCount, ...]
    call_on: tuple[CallOn, ...]
    missing: tuple[Missing, ...] = ()


def value(
    cases: Cases,
    options: ValueOptions = ValueOptions(),
    *,
    answers: AnswerMap | None = None,
    channels: Channels | None = None,
) -> Value:
    """Count problems by tier and list the valuable customers with a strong complaint or a refused score.

    Strong is: escalated (by the dump or its channel), threatening to, words of steps beyond the operator or of anger
    (``data/strong_words.toml``), or of leaving (``churn``).
    """
    tier = cases.frame["tier"].astype("category")
    valuable = _valuable(cases, options)
    customers = customer_numbers(cases)
    reasons = _reasons(cases, answers or AnswerMap(), channels or load_channels())
    wanted = {reason: reasons[reason] & valuable for reason in options.reasons}
    to_call = np.logical_or.reduce([*wanted.values(), np.zeros(len(cases), bool)])
    return Value(
        tiers=_tiers(tally(cases, {"tier": tier.cat.add_categories(-1).fillna(-1)})),
        valuable=share(_distinct(customers[valuable]), _distinct(customers)),
        problems=_problems(cases, valuable, customers, options.largest),
        to_call=_distinct(customers[to_call]),
        reasons=tuple(ReasonCount(reason, int(rows.sum())) for reason, rows in wanted.items()),
        call_on=_call_on(cases, wanted, to_call, customers, options.listed),
        missing=_missing(cases),
    )


def _valuable(cases: Cases, options: ValueOptions) -> NDArray[np.bool_]:
    high = (cases.frame["tier"] >= options.least_tier).fillna(False).to_numpy(dtype=bool)
    roles = cases.frame["contact_role"]
    of_role = [any(word in str(role) for word in options.roles) for role in roles.cat.categories]
    return high | np.array([*of_role, False], bool)[roles.cat.codes.to_numpy()]


def _reasons(cases: Cases, answers: AnswerMap, channels: Channels) -> Mapping[str, NDArray[np.bool_]]:
    frame, words = cases.frame, words_of("strong_words.toml")
    texts, places = distinct_texts(cases)

    def said(of_text: Sequence[bool] | NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.append(np.asarray(of_text, bool), False)[places]

    leaving = [one is not None and one.leaving is not Leaving.LEFT for one in said_of_leaving(texts)]
    escalated = frame["escalated"].fillna(False).to_numpy(dtype=bool)
    return {
        "escalated": escalated | escalated_by_channel(frame["channel"], channels),
        "threatens_escalation": frame["escalation_threatened"].fillna(False).to_numpy(dtype=bool),
        "beyond": said(holding(texts, words["beyond"])),
        "anger": said(holding(texts, words["anger"])),
        "leaving": said(leaving),
        "refused_score": read_answers(frame["satisfaction"], answers) == ORDER.index(Answer.REFUSED),
    }


def _tiers(counted: pd.DataFrame) -> tuple[TierCount, ...]:
    """Highest tier first, without a tier last."""
    rows = sorted(lines(counted), key=lambda row: -int(row.tier))
    return tuple(
        TierCount(None if row.tier < 0 else int(row.tier), int(row.complaints), int(row.customers)) for row in rows
    )


def _problems(
    cases: Cases, valuable: NDArray[np.bool_], customers: NDArray[np.int64], largest: int
) -> tuple[ProblemByTier, ...]:
    pairs = cases.with_ancestors()
    if pairs.empty:
        return ()
    rows = pairs["row"].to_numpy(dtype=np.int64)
    table = pd.DataFrame({"problem": pairs["problem"].astype("category"), "_customer": customers[rows]})
    table["tier"] = cases.frame["tier"].fillna(-1).to_numpy(dtype=np.int64)[rows]
    totals = tally_table(table, ("problem",))
    high = tally_table(table[valuable[rows]], ("problem",)).set_index("problem")["customers"]
    usual = _distinct(customers[valuable]) / max(_distinct(customers), 1)
    by_tier = dict(iter(tally_table(table, ("problem", "tier")).groupby("problem")))
    # most valuable customers first, then the largest
    totals["valuable"] = totals["problem"].map(high).fillna(0).astype(int)
    ranked = totals.sort_values(["valuable", "complaints", "problem"], ascending=[False, False, True]).head(largest)
    return tuple(
        ProblemByTier(
            problem=str(row.problem),
            complaints=int(row.complaints),
            customers=int(row.customers),
            tiers=_tiers(by_tier[row.problem]),
            valuable=share(int(row.valuable), int(row.customers)),
            lift=row.valuable / row.customers / usual if usual else None,
        )
        for row in lines(ranked)
    )


def _call_on(
    cases: Cases,
    wanted: Mapping[str, NDArray[np.bool_]],
    to_call: NDArray[np.bool_],
    customers: NDArray[np.int64],
    listed: int,
) -> tuple[CallOn, ...]:
    """One entry per customer, whatever the number of his complaints."""
    rows = np.flatnonzero(to_call)
    table = pd.DataFrame({"row": rows, "customer": customers[rows]})
    table["tier"] = cases.frame["tier"].fillna(-1).to_numpy(dtype=np.int64)[rows]
    for reason, having in wanted.items():
        table[reason] = having[rows]
    by_customer = table.groupby("customer").agg({"row": "min", "tier": "max", **dict.fromkeys(wanted, "any")})
    by_customer["reasons"] = by_customer[list(wanted)].sum(axis=1)
    chosen = by_customer.sort_values(["reasons", "tier", "row"], ascending=[False, False, True]).head(listed)
    places = table[table["customer"].isin(chosen.index)].groupby("customer")["row"].apply(list)
    frame = cases.frame
    return tuple(
        CallOn(
            customer=str(frame["customer"].iloc[places[one.Index][0]]),
            tier=None if one.tier < 0 else int(one.tier),
            ids=tuple(str(id_) for id_ in frame["id"].iloc[places[one.Index]]),
            rows=tuple(int(row) for row in places[one.Index]),
            reasons=tuple(reason for reason in wanted if getattr(one, reason)),
            problems=tuple(dict.fromkeys(str(p) for p in frame["problem"].iloc[places[one.Index]] if p)),
        )
        for one in lines(chosen, index=True)
    )


def _distinct(customers: NDArray[np.int64]) -> int:
    return len(np.unique(customers))


def _missing(cases: Cases) -> tuple[Missing, ...]:
    return (
        *cases.lacking("problems by tier", "tier"),
        *cases.lacking("the list of customers to call on", "tier"),
        *cases.lacking("refused scores", "satisfaction"),
        *cases.lacking("threats of escalation", "escalation_threatened"),
    )
