"""Every problem as one line of a list, and the first of them as cards with all that the meeting needs."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.insights.cases import Cases
from pipeline.insights.series import family
from pipeline.insights.tallying import customer_numbers
from pipeline.insights.trend import TrendLine
from pipeline.review.columns import cell
from pipeline.review.material import Kept, Material, Story
from pipeline.review.overview import priorities, reasons
from pipeline.review.summary import Card, Driver, Figure, Interval, Kind, Line

_ENDED = frozenset({"closed", "accepted_risk", "duplicate", "not_a_problem"})


def lines(material: Material) -> tuple[Line, ...]:
    """Return all problems that have a complaint, by priority, then size; parts follow their whole."""
    counted = _counted(material.cases)
    trend = {one.id: one for one in material.insights.trend.lines if one.kind == "problem"}
    ranked = priorities(material)
    effect = {one.problem: one.value for one in material.insights.pareto.by_effect.problems}
    rows = [row for row in _records(material.cases.problems) if row["id"] in counted]
    order = _order(rows, {one: found.rank for one, found in ranked.items()}, counted)
    by_id = {str(row["id"]): row for row in rows}
    return tuple(
        _line(rank, by_id[one], material, (counted[one], trend.get(one), ranked.get(one), effect.get(one)))
        for rank, one in enumerate(order, start=1)
    )


def _counted(cases: Cases) -> dict[str, dict[str, Any]]:
    """Per problem, its parts included: rows, customers, texts, first and last day."""
    relatives = family(cases)
    rows, places = relatives.pairs()
    frame = cases.frame
    table = pd.DataFrame(
        {
            "problem": places,
            "customer": customer_numbers(cases)[rows],
            "text": frame["copy_of"].to_numpy()[rows],
            "day": frame["accepted"].to_numpy("datetime64[D]")[rows],
        }
    )
    found = table.groupby("problem").agg(
        rows=("text", "size"), customers=("customer", "nunique"), texts=("text", "nunique"),
        first=("day", "min"), last=("day", "max"),
    )  # fmt: skip
    return {relatives.ids[int(place)]: row for place, row in zip(found.index, _records(found), strict=True)}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _order(rows: list[dict[str, Any]], ranks: Mapping[str, int], counted: Mapping[str, Any]) -> list[str]:
    parts: dict[str, list[str]] = {}
    ids = {str(row["id"]) for row in rows}
    for row in rows:
        parts.setdefault(row["parent"] if row["parent"] in ids else "", []).append(str(row["id"]))
    for held in parts.values():
        held.sort(key=lambda one: (ranks.get(one, len(ranks) + 1), -counted[one]["rows"], one))

    def below(parent: str) -> Iterator[str]:
        for one in parts.get(parent, ()):
            yield one
            yield from below(one)

    return list(below(""))


def _line(rank: int, row: Mapping[str, Any], material: Material, found: tuple[Any, ...]) -> Line:
    counted, trend, ranked, effect = found
    kept = material.kept.get(row["id"], Kept())
    level = f"priority_{ranked.priority}" if ranked else ""
    marks = _marks(row, ranked, kept)
    return Line(
        rank=rank,
        id=row["id"],
        parent=row["parent"],
        name=row["name"],
        kind=row["kind"],
        category=row["category"],
        cause=row["cause"],
        state=row["state"],
        marks=marks,
        level=level,
        owner=kept.fields.get("owner", ""),
        due=kept.fields.get("due", ""),
        front_department=row["front_department"],
        back_department=row["back_department"],
        rows=int(counted["rows"]),
        customers=int(counted["customers"]),
        texts=int(counted["texts"]),
        effect=effect,
        share=counted["rows"] / max(len(material.cases), 1),
        **_compared(trend),
        first=_day(counted["first"]),
        last=_day(counted["last"]),
        asks=_asks(row, marks, kept),
    )


def _compared(trend: TrendLine | None) -> dict[str, Any]:
    if trend is None:
        return {"recent": None, "before": None, "change": None, "series": ()}
    change: Interval | None = cell(trend.change)
    return {"recent": trend.current, "before": trend.previous, "change": change, "series": trend.counts}


def _day(value: Any) -> Any:
    return None if pd.isna(value) else np.datetime64(value, "D").item()


def _marks(row: Mapping[str, Any], ranked: Any, kept: Kept) -> tuple[str, ...]:
    """The marks of the register, else those the priority found; and whether a check found that a fix holds."""
    own = [str(one) for one in row["marks"] or ()]
    if not own and ranked is not None:
        own = [one.code for one in ranked.reasons if one.code in ("new", "growing", "regressed")]
    return (*own, *(["verified"] if kept.fields.get("check") == "verified" else []))


def _asks(row: Mapping[str, Any], marks: tuple[str, ...], kept: Kept) -> tuple[str, ...]:
    """What the meeting is asked for, by state and by what is still open."""
    state, filled = row["state"], kept.fields
    if row["parent"]:
        return ()
    if state in _ENDED:
        return ("reopen",) if "regressed" in marks else ()
    if "verified" in marks:
        return ("close",)
    asks = {"": ("confirm",), "candidate": ("confirm",), "watching": ("verify",), "rectifying": ("new_measure",)}
    found = list(asks.get(state, ()))
    if state not in ("", "candidate"):
        found += [f"set_{name}" for name in ("owner", "root_cause", "measure", "due") if not filled.get(name)]
    return tuple(found) or ("progress",)


def cards(material: Material, listed: tuple[Line, ...]) -> tuple[Card, ...]:
    """Tell the first problems in full: wholes only come with their parts named, parts get a card of their own."""
    ranked = priorities(material)
    drivers = getattr(material.insights, "drivers", None)
    return tuple(
        _card(one, material, ranked.get(one.id), drivers.of(one.id) if drivers else ())
        for one in listed[: material.details]
    )


def _card(line: Line, material: Material, ranked: Any, drivers: tuple[Any, ...]) -> Card:
    story, kept = material.stories.get(line.id, Story()), material.kept.get(line.id, Kept())
    return Card(
        line,
        fields=tuple(kept.fields.items()),
        reasons=reasons(ranked.reasons) if ranked else (),
        figures=tuple(_figures(line, ranked)),
        drivers=tuple(
            Driver(tuple(one.parts), one.shared, one.problem_outside, one.without_problem, one.lift) for one in drivers
        ),
        phrases=story.phrases,
        quotes=story.quotes,
        resembling=kept.resembling,
        decided=kept.decided,
    )


def _figures(line: Line, ranked: Any) -> Iterator[Figure]:
    yield Figure("rows", Kind.COUNT, line.rows)
    yield Figure("customers", Kind.COUNT, line.customers)
    yield Figure("texts", Kind.COUNT, line.texts)
    yield Figure("share", Kind.SHARE, line.share)
    if line.before is not None:
        yield Figure("recent", Kind.COUNT, line.recent, line.before, line.change)
    if ranked is not None:
        yield Figure("impact_share", Kind.SHARE, ranked.impact_share)
    if line.effect is not None:
        yield Figure("effect", Kind.NUMBER, line.effect)
