"""Complaint chains: a customer complains, complains again, goes to the regulator; what solving it would have saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.channels import Channels, escalated_by_channel, load_channels
from pipeline.insights.links import Matter, follow_ups, linked, matter_of
from pipeline.insights.shares import Share, share
from pipeline.insights.solving import Solved, solved_of
from pipeline.insights.tallying import lines

FIRST, REPEAT, ESCALATED = "first", "repeat", "escalated"
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class ChainsOptions:
    """What makes a chain.

    ``days``: the longest time between two complaints of a chain. ``carried_on``: whether a complaint that speaks of
    an earlier one (反映过三次, 一直没人来) joins the customer's last complaint although its problem is another.
    ``listed`` and ``largest``: chains named one by one and rows of the table by problem.
    """

    days: float = 30.0
    carried_on: bool = True
    listed: int = 100
    largest: int = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A complaint of a chain; ``stage`` is first, repeat or escalated, ``days`` the time since the one before."""

    row: int
    id: str
    accepted: datetime
    stage: str
    channel: str
    problem: str
    cause: str
    solved: str
    days: float | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The complaints of one customer about one matter, in their order; ``customer`` is the keyed hash."""

    problem: str
    cause: str
    customer: str
    escalated: bool
    days: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Days: lower quartile, median, upper quartile of ``count`` waits; ``None`` without any."""

    count: int
    low: float | None
    median: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Avoidable:
    """Complaints that would not have come, had the first of their chain been solved.

    ``later``: all after the first of a chain, the most it can be, since a customer who comes again was not helped.
    ``after_unsolved``: those whose first was recorded as not solved at all; ``after_not_fully_solved``: or in part.
    ``solved_yet_again``: of the first complaints recorded as solved, those after which the customer came again.
    """

    later: int
    after_unsolved: int
    after_not_fully_solved: int
    solved_yet_again: Share


@dataclass(frozen=True, slots=True)
class ChainsOf:
    """The chains that begin with one problem (its id) or, without one, a cause.

    ``repeated`` and ``escalated`` are of all first complaints; ``to_repeat`` and ``to_escalation`` the days from the
    first complaint.
    """

    problem: str
    cause: str
    repeated: Share
    escalated: Share
    to_repeat: Times
    to_escalation: Times
    avoidable: Avoidable


@dataclass(frozen=True, slots=True)
class Chains:
    """The figures.

    ``all``: every chain together; ``chains``: the longest, escalated ones first; ``left_out``: complaints without
    customer or time, and further orders of one complaint; ``same_problem_only``: complaints after the first when only
    the same problem joins.
    """

    all: ChainsOf
    same_problem_only: int
    by_problem: tuple[ChainsOf, ...]
    chains: tuple[Chain, ...]
    left_out: int
    missing: tuple[Missing, ...] = ()


def chains(cases: Cases, options: ChainsOptions = ChainsOptions(), *, channels: Channels | None = None) -> Chains:
    """Join the complaints of each customer to chains and count how they go on.

    A single complaint is a chain of one: rates are of all first complaints. A complaint is escalated where the dump
    or its channel says so.
    """
    matter = matter_of(cases)
    carries_on = follow_ups(cases) if options.carried_on else np.zeros(len(cases), bool)
    chain = linked(cases, matter.code, carries_on, options.days)
    plain = linked(cases, matter.code, np.zeros(len(cases), bool), options.days) if options.carried_on else chain
    table = _table(cases, matter, chain, channels or load_channels())
    firsts = _firsts(table)
    return Chains(
        all=_summary(("", ""), firsts),
        same_problem_only=int((plain >= 0).sum()) - len(np.unique(plain[plain >= 0])),
        by_problem=_by_problem(firsts, matter, options.largest),
        chains=_listed(cases, table, _longest(firsts, options.listed), matter),
        left_out=int((chain < 0).sum()),
        missing=_missing(cases),
    )


def _table(cases: Cases, matter: Matter, chain: NDArray[np.int64], channels: Channels) -> pd.DataFrame:
    """The complaints in the order of their chains; ``place`` counts from 0 within a chain."""
    frame = cases.frame
    said = frame["escalated"].fillna(False).to_numpy(dtype=bool)
    table = pd.DataFrame(
        {
            "row": np.arange(len(frame)),
            "chain": chain,
            "accepted": frame["accepted"].to_numpy(),
            "matter": matter.code,
            "problem": (matter.code >= 0) & (matter.code < matter.problems),
            "escalated": said | escalated_by_channel(frame["channel"], channels),
            "solved": solved_of(frame["solved"]),
        }
    )
    table = table[table["chain"] >= 0].sort_values(["chain", "accepted", "row"], ignore_index=True)
    table["place"] = table.groupby("chain").cumcount()
    return table


def _firsts(table: pd.DataFrame) -> pd.DataFrame:
    """One line per chain: its first complaint, how many follow, and when the second and the escalated one come."""
    first = table[table["place"] == 0].set_index("chain")
    sizes = table["chain"].value_counts().reindex(first.index)
    second = table[table["place"] == 1].set_index("chain")["accepted"].reindex(first.index)
    escalated = table[table["escalated"]].groupby("chain")["accepted"].min().reindex(first.index)
    named = table[table["problem"]].groupby("chain")["matter"].first().reindex(first.index)
    return pd.DataFrame(
        {
            "row": first["row"],
            "matter": named.fillna(first["matter"]).astype(np.int64),
            "solved": first["solved"],
            "later": sizes - 1,
            "to_repeat": _days(second - first["accepted"]),
            # an escalation right at the start has no way to it
            "to_escalation": _days(escalated - first["accepted"]).where(~first["escalated"]),
            "escalated": escalated.notna(),
            "days": _days(table.groupby("chain")["accepted"].max() - first["accepted"]),
        }
    )


def _by_problem(firsts: pd.DataFrame, matter: Matter, largest: int) -> tuple[ChainsOf, ...]:
    """The problems with most later complaints."""
    later = firsts.groupby("matter")["later"].sum()
    some: dict[Any, int] = later[later > 0].to_dict()
    ranked = sorted(some, key=lambda code: (-some[code], matter.name(code)))[:largest]
    groups: dict[Any, Any] = dict(firsts.groupby("matter").indices)
    return tuple(_summary(matter.name(code), firsts.iloc[groups[code]]) for code in ranked)


def _summary(name: tuple[str, str], firsts: pd.DataFrame) -> ChainsOf:
    repeated = firsts["later"] > 0
    solved, later = firsts["solved"], firsts["later"]
    recorded = solved == Solved.SOLVED
    return ChainsOf(
        problem=name[0],
        cause=name[1],
        repeated=share(int(repeated.sum()), len(firsts)),
        escalated=share(int(firsts["escalated"].sum()), len(firsts)),
        to_repeat=_times(firsts["to_repeat"]),
        to_escalation=_times(firsts["to_escalation"]),
        avoidable=Avoidable(
            later=int(later.sum()),
            after_unsolved=int(later[solved == Solved.UNSOLVED].sum()),
            after_not_fully_solved=int(later[solved.isin([Solved.UNSOLVED, Solved.PARTLY])].sum()),
            solved_yet_again=share(int((recorded & repeated).sum()), int(recorded.sum())),
        ),
    )


def _days(waits: pd.Series) -> pd.Series:
    return waits.dt.total_seconds() / _SECONDS_A_DAY


def _times(days: pd.Series) -> Times:
    known = days.dropna()
    if known.empty:
        return Times(0, None, None, None)
    low, median, high = (float(one) for one in known.quantile([0.25, 0.5, 0.75]))
    return Times(len(known), low, median, high)


def _longest(firsts: pd.DataFrame, listed: int) -> pd.DataFrame:
    """The chains to list: escalated ones first, then those of most complaints."""
    repeated = firsts[firsts["later"] > 0]
    return repeated.sort_values(["escalated", "later", "row"], ascending=[False, False, True]).head(listed)


def _listed(cases: Cases, table: pd.DataFrame, chosen: pd.DataFrame, matter: Matter) -> tuple[Chain, ...]:
    rows = table[table["chain"].isin(chosen.index)]
    steps = {number: tuple(_steps(cases, part)) for number, part in rows.groupby("chain")}
    customers = cases.frame["customer"].iloc[chosen["row"]]
    return tuple(
        Chain(*matter.name(one.matter), str(customer), bool(one.escalated), float(one.days), steps[one.Index])
        for one, customer in zip(lines(chosen, index=True), customers, strict=True)
    )


def _steps(cases: Cases, part: pd.DataFrame) -> list[Step]:
    cells = cases.frame.iloc[part["row"]][["id", "channel", "problem", "cause", "solved"]].astype(str)
    waits = _days(part["accepted"].diff())
    told = zip(lines(part), lines(cells), waits, strict=True)
    return [
        Step(
            row=int(line.row),
            id=cell.id,
            accepted=line.accepted.to_pydatetime(),
            stage=ESCALATED if line.escalated else REPEAT if line.place else FIRST,
            channel=cell.channel,
            problem=cell.problem,
            cause=cell.cause,
            solved=cell.solved,
            days=None if pd.isna(wait) else float(wait),
        )
        for line, cell, wait in told
    ]


def _missing(cases: Cases) -> tuple[Missing, ...]:
    escalations = (
        () if {"escalated", "channel"} & cases.given else (Missing("escalated complaints", ("escalated", "channel")),)
    )
    return (
        *cases.lacking("complaint chains", "customer", "accepted"),
        *escalations,
        *cases.lacking("complaints after an unsolved one", "solved"),
    )
