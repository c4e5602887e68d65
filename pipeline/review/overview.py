"""The answer on top: the headline figures, what is new, growing, regressed and verified, and what to talk about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.insights.shares import share
from pipeline.review.columns import cell
from pipeline.review.material import Material, said
from pipeline.review.summary import Figure, Finding, Headline, Kind, Line, Talk

MARKS = ("new", "growing", "regressed", "verified")
_TALKS = 5
_REASONS = {
    "customers": Kind.COUNT,
    "enterprise": Kind.COUNT,
    "high_tier": Kind.COUNT,
    "escalated": Kind.COUNT,
    "leaving": Kind.COUNT,
    "escalated_often": Kind.SHARE,
    "leaving_often": Kind.SHARE,
    "growing": Kind.RATIO,
    "regressed": Kind.RATIO,
    "new": Kind.RATIO,
}
# what a meeting wants to hear first; the size of a problem stands beside its name anyway
_WEIGHT = (
    "regressed", "growing", "escalated_often", "leaving_often", "new", "enterprise", "high_tier", "escalated",
    "leaving", "customers",
)  # fmt: skip


def headline(material: Material, lines: Sequence[Line]) -> Headline:
    """Say in a few figures and names what the meeting is about."""
    marked = tuple((mark, tuple(one.id for one in lines if mark in one.marks)) for mark in MARKS)
    return Headline(tuple(_figures(material)), marked, _talks(material, lines))


def _figures(material: Material) -> Iterator[Figure]:
    insights, about = material.insights, material.about
    whole = next((one for one in insights.trend.lines if one.kind == "all"), None)
    counted = {one.rule: one.value for one in insights.counting.figures}
    if about.period != about.span or whole is None or whole.previous is None:
        # where the period is all there is, its complaints stand there already
        yield Figure("complaints", Kind.COUNT, counted.get("complaints"))
    if whole is not None and whole.previous is not None:
        yield Figure("recent", Kind.COUNT, whole.current, whole.previous, cell(whole.change))
    yield Figure("customers", Kind.COUNT, counted.get("customers"))
    yield Figure("problems", Kind.COUNT, about.problems)
    if insights.counting.escalated is not None and insights.counting.counted:
        yield Figure("escalated", Kind.SHARE, cell(share(insights.counting.escalated, insights.counting.counted)))
    survey = insights.survey.whole
    if survey is not None and survey.answered:
        yield Figure("satisfied", Kind.SHARE, cell(survey.share))


def _talks(material: Material, lines: Sequence[Line]) -> tuple[Talk, ...]:
    """What came back, then the first problems by priority that are still to be worked on; two reasons for each."""
    found = {one.problem: one.reasons for one in material.insights.priority.problems}
    open_ = [one for one in lines if one.asks and (one.id in found or "regressed" in one.marks)]
    open_.sort(key=lambda one: "regressed" not in one.marks)
    return tuple(Talk(one.id, reasons(found.get(one.id, ()))[:2]) for one in open_[:_TALKS])


def reasons(found: Sequence[Any]) -> tuple[Finding, ...]:
    """Return the grounds of a rank as sentences, the weightiest first."""
    ordered = sorted(found, key=lambda one: _WEIGHT.index(one.code) if one.code in _WEIGHT else len(_WEIGHT))
    return tuple(
        Finding(f"because_{_told(one)}", said(figure=(_REASONS[one.code], _figure(one))))
        for one in ordered
        if one.code in _REASONS
    )


def _told(reason: Any) -> str:
    """A mark of the register may be older than the days that are reviewed: then they hold no rate to compare with."""
    return "more" if reason.code == "growing" and not reason.figure else str(reason.code)


def _figure(reason: Any) -> float:
    return round(reason.figure) if _REASONS[reason.code] is Kind.COUNT else float(reason.figure)


def priorities(material: Material) -> Mapping[str, Any]:
    """Return what was found of every ranked problem by its id."""
    return {one.problem: one for one in material.insights.priority.problems}
