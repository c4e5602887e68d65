"""Whose problems they are: departments in front and behind, who is dissatisfied with whom, scores that do not count."""

from collections.abc import Sequence
from typing import Any

from pipeline.insights.exemptions import Exemptions
from pipeline.insights.responsibility import Burden, Responsibility
from pipeline.insights.survey import Satisfaction, Survey
from pipeline.insights.weak_items import LoopRow
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section, Table

# items with too few answers in one of the periods say nothing
_TOLD = frozenset({"improved", "worse", "no_clear_change"})


def departments(material: Material) -> Section:
    """Set the departments that put things right beside those that answer the customer."""
    found: Responsibility = material.insights.responsibility
    faults = [(one.attribution, one.at_fault, one.not_at_fault, one.unknown) for one in found.faults]
    known = any(one.at_fault or one.not_at_fault for one in found.faults)
    handovers = [(one.recorded, one.back_department, one.complaints, one.customers) for one in found.handovers]
    tables = filled(
        _burdens("back", found.back, "department"),
        _burdens("front", found.front, "department"),
        _burdens("attribution", found.attributions, "attribution"),
        _burdens("gap", found.gaps, "gap"),
        table("handovers", "recorded back_department rows customers", handovers, 8),
        table("faults", "attribution at_fault not_at_fault unknown", faults if known else ()),
    )
    return Section("departments", _first_departments(found), tables, lacks(found.missing))


def _burdens(name: str, burdens: Sequence[Burden], what: str) -> Table:
    rows = [(one.name, one.complaints, one.share, one.customers, one.problems) for one in burdens]
    return table(name, f"{what} rows share customers problems", rows, 12)


def _first_departments(found: Responsibility) -> tuple[Finding, ...]:
    if not found.back or not found.front:
        return ()
    back, front = found.back[0], found.front[0]
    values = said(
        back=(Kind.TEXT, back.name),
        share=(Kind.SHARE, back.share),
        front=(Kind.TEXT, front.name),
        front_share=(Kind.SHARE, front.share),
    )
    moved = sum(one.complaints for one in found.handovers)
    more = (Finding("handovers", said(count=(Kind.COUNT, moved))),) if moved else ()
    return (Finding("departments", values), *more)


def survey(material: Material) -> Section:
    """Tell how many are satisfied, by whom that differs, and what weighs most."""
    found: Survey = material.insights.survey
    if found.whole is None:
        return Section("survey", lacks=lacks(found.missing))
    kind = found.units[0].kind if found.units else ""
    units = [(one.unit, *_answers(one)) for one in found.units if one.period is None and one.unit and one.kind == kind]
    periods = [(one.period.start, *_answers(one)) for one in found.periods if one.period is not None]
    weak = [
        (one.item, f"item_{one.kind}", one.answered, one.unsatisfied, one.share, one.rest, one.points / 100)
        for one in found.weak
        if one.weak
    ]
    reasons = [(one.reason, one.count, one.share) for one in found.reasons]
    loop = (
        [_loop(one) for one in material.loop.rows if one.kind == "whole" or one.verdict in _TOLD]
        if material.loop
        else []
    )
    tables = filled(
        table(
            "loop",
            "item item_kind answered was_satisfied answered_again now_satisfied moved verdict",
            loop,
            12,
        ),
        table("weak", "item item_kind answered unsatisfied share rest points", weak, 12),
        table("survey_periods", "start answered satisfied share refused unanswered", periods),
        table("survey_units", "unit answered satisfied share refused unanswered", units),
        table("reasons", "reason rows share", reasons, 12),
    )
    values = said(
        share=(Kind.SHARE, found.whole.share.value),
        answered=(Kind.COUNT, found.whole.answered),
        rows=(Kind.COUNT, found.whole.rows),
    )
    return Section("survey", (Finding("satisfied", values), _weakest(weak)), tables, lacks(found.missing))


def _answers(one: Satisfaction) -> tuple[Any, ...]:
    return one.answered, one.satisfied, one.share, one.refused, one.unanswered


def _loop(one: LoopRow) -> tuple[Any, ...]:
    return (
        one.item or "item_whole",
        f"item_{one.kind}",
        one.answered,
        one.first,
        one.answered_again,
        one.second,
        one.change,
        f"loop_{one.verdict}",
    )


def _weakest(items: Sequence[tuple[Any, ...]]) -> Finding:
    if not items:
        return Finding("no_weak_item")
    return Finding("weakest", said(item=(Kind.PROBLEM, items[0][0]), share=(Kind.SHARE, items[0][4])))


def exemptions(material: Material) -> Section:
    """Count the bad scores that should not be held against an employee."""
    found: Exemptions = material.insights.exemptions
    kinds = [(one.kind, one.complaints) for one in found.kinds if one.complaints]
    findings = []
    if found.exempted.of:
        values = said(
            count=(Kind.COUNT, found.exempted.count),
            of=(Kind.COUNT, found.exempted.of),
            share=(Kind.SHARE, found.satisfied.value),
            without=(Kind.SHARE, found.satisfied_without.value),
        )
        findings.append(Finding("exempted", values))
    tables = filled(table("exempted", "exemption rows", kinds))
    return Section("exemptions", tuple(findings), tables, lacks(found.missing))
