"""Every problem as one line of a list, and the first of them as cards with all that the meeting needs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.insights.cases import Cases
from pipeline.insights.series import family
from pipeline.insights.tallying import customer_numbers
from pipeline.insights.trend import TrendLine
from pipeline.review.columns import cell
from pipeline.review.material import Kept, Material, Story
from pipeline.review.overview import MARKS, priorities, reasons
from pipeline.review.summary import Card, Driver, Figure, Interval, Kind, Line

_ENDED = frozenset({"closed", "accepted_risk", "duplicate", "not_a_problem"})
_UNTOUCHED = frozenset({"", "candidate"})
_NOTHING = {"rows": 0, "customers": 0, "texts": 0, "first": None, "last": None}


def lines(material: Material) -> tuple[Line, ...]:
    """Return all problems that have a complaint or are being worked on, by priority, then size.

    Parts follow their whole. A problem that people work on, or that was found to be put right in the period, is shown
    although nobody complained of it any more: that is what the meeting wants to see.
    """
    counted = _counted(material.cases)
    trend = {one.id: one for one in material.insights.trend.lines if one.kind == "problem"}
    ranked = priorities(material)
    effect = {one.problem: one.value for one in material.insights.pareto.by_effect.problems}
    rows = [row for row in _records(material.cases.problems) if row["id"] in counted or _at_work(row, material)]
    counted |= {row["id"]: _NOTHING for row in rows if row["id"] not in counted}
    order = _order(rows, {one: found.rank for one, found in ranked.items()}, counted)
    by_id = {str(row["id"]): row for row in rows}
    return tuple(
        _line(rank, by_id[one], material, (counted[one], trend.get(one), ranked.get(one), effect.get(one)))
        for rank, one in enumerate(order, start=1)
    )


def _at_work(row: Mapping[str, Any], material: Material) -> bool:
    if row["state"] in _ENDED:
        return _is_verified(row, material.kept.get(row["id"], Kept()), material)
    return row["state"] not in _UNTOUCHED


def _is_verified(row: Mapping[str, Any], kept: Kept, material: Material) -> bool:
    """Whether a check found in the period that a fix holds, or found it before, and the problem did not come back."""
    if "regressed" in (row["marks"] or ()):
        return False
    span = material.about.span
    ended = kept.fields.get("ended", "")
    recent = not ended or span is None or span.start.isoformat() <= ended <= material.about.made[:10]
    return kept.fields.get("check") == "verified" and recent


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
    marks = _marks(row, ranked, _is_verified(row, kept, material))
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
        whole=kept.whole,
    )


def _compared(trend: TrendLine | None) -> dict[str, Any]:
    if trend is None:
        return {"recent": None, "before": None, "change": None, "series": ()}
    change: Interval | None = cell(trend.change)
    return {"recent": trend.current, "before": trend.previous, "change": change, "series": trend.counts}


def _day(value: Any) -> Any:
    return None if pd.isna(value) else np.datetime64(value, "D").item()


def _marks(row: Mapping[str, Any], ranked: Any, verified: bool) -> tuple[str, ...]:
    """The marks of the register, else those the priority found; and whether a check found that a fix holds."""
    own = [str(one) for one in row["marks"] or ()]
    if not own and ranked is not None:
        own = [one.code for one in ranked.reasons if one.code in ("new", "growing", "regressed")]
    return (*own, *(["verified"] if verified else []))


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


def told_in_full(listed: Sequence[Line], most: int) -> tuple[Line, ...]:
    """Choose up to ``most`` problems to tell in full: those at work or newly marked, then the first by rank."""
    pressing = [one for one in listed if one.state not in (_UNTOUCHED | _ENDED) or set(one.marks) & set(MARKS)]
    chosen = set(list(dict.fromkeys(one.id for one in [*pressing, *listed]))[:most])
    return tuple(one for one in listed if one.id in chosen)


def cards(material: Material, listed: tuple[Line, ...]) -> tuple[Card, ...]:
    """Tell problems in full; a whole names its parts, a part has a card of its own."""
    ranked = priorities(material)
    drivers = getattr(material.insights, "drivers", None)
    return tuple(
        _card(one, material, ranked.get(one.id), drivers.of(one.id) if drivers else ())
        for one in told_in_full(listed, material.details)
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
