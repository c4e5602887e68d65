"""Which customers: their tiers, those to call on, signs of leaving, from first complaint to escalation, waiting."""

from typing import Any

from pipeline.insights.chains import Chain, Chains, ChainsOf
from pipeline.insights.churn import Churn
from pipeline.insights.service_times import ServiceTimes
from pipeline.insights.value import Value
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section


def value(material: Material) -> Section:
    """Set the problems beside the tiers of the customers, and count those to call on."""
    found: Value = material.insights.value
    tiers = [
        ("tier_unknown" if one.tier is None else f"tier_{one.tier}", one.complaints, one.customers)
        for one in found.tiers
    ]
    known = any(one.tier is not None for one in found.tiers)
    problems = [
        (one.problem, one.complaints, one.customers, one.valuable, one.lift)
        for one in sorted(found.problems, key=lambda one: (-one.valuable.count, one.problem))
        if one.valuable.count
    ]
    calls = [(f"call_{one.reason}", one.complaints) for one in found.reasons if one.complaints]
    tables = filled(
        table("tiers", "tier rows customers", tiers if known else ()),
        table("call_reasons", "reason_call rows", calls),
        table("valued", "problem rows customers share lift", problems, 10),
    )
    valuable = found.valuable
    values = said(count=(Kind.COUNT, valuable.count), of=(Kind.COUNT, valuable.of), calls=(Kind.COUNT, found.to_call))
    findings = (Finding("valuable", values),) if valuable.of and known else ()
    return Section("value", findings, tables, lacks(found.missing))


def churn(material: Material) -> Section:
    """Tell who says that they will leave, whose fees fell, and what they complain about."""
    found: Churn = material.insights.churn
    leaving = [(one.name, one.leaving.count, one.leaving.of, one.leaving, one.customers) for one in found.by_problem]
    fees = [
        (one.name, one.fell.count, one.fell.of, one.fell, one.lift, "yes" if one.stands_out else "no")
        for one in found.fees_by_cause
    ]
    tables = filled(
        table("leaving", "problem leaving rows share customers", leaving, 12),
        table("fees", "cause fell known share lift stands_out", fees, 12),
        table("said", "saying rows customers", [(one.leaving, one.complaints, one.customers) for one in found.said]),
    )
    values = said(count=(Kind.COUNT, found.leaving.count), share=(Kind.SHARE, found.leaving.value or 0.0))
    findings = [Finding("leaving", values)]
    if found.fell.of:
        values = said(of=(Kind.COUNT, found.fell.of), count=(Kind.COUNT, found.fell.count))
        findings.append(Finding("fees_fell", values))
    return Section("churn", tuple(findings), tables, lacks(found.missing))


def chains(material: Material) -> Section:
    """Tell how often a first complaint is followed by another, and by an escalation."""
    found: Chains = material.insights.chains
    repeats = material.insights.repeats
    rows = [_chains_of(one) for one in found.by_problem if one.repeated.count or one.escalated.count]
    rules = [(one.rule, one.keys.count, one.complaints.count, one.complaints) for one in repeats.rules]
    longest = [_chain(one) for one in found.chains if len(one.steps) > 1]
    tables = filled(
        table("chains", "problem firsts repeated share escalated median_days later", rows, 12),
        table("repeats", "rule_repeat numbers rows share", rules),
        table("longest", "problem first steps days way", longest, 8),
    )
    whole = found.all
    values = said(
        repeated=(Kind.COUNT, whole.repeated.count),
        of=(Kind.COUNT, whole.repeated.of),
        share=(Kind.SHARE, whole.repeated.value),
        escalated=(Kind.COUNT, whole.escalated.count),
    )
    # without customers nobody can be seen to come again
    told = whole.repeated.of and "customer" in material.cases.given and "accepted" in material.cases.given
    findings = [Finding("chains", values)] if told else []
    if whole.avoidable.later:
        findings.append(Finding("avoidable", said(count=(Kind.COUNT, whole.avoidable.later))))
    return Section("chains", tuple(findings), tables, lacks((*found.missing, *repeats.missing)))


def _chains_of(one: ChainsOf) -> tuple[Any, ...]:
    return (
        one.problem or one.cause,
        one.repeated.of,
        one.repeated.count,
        one.repeated,
        one.escalated.count,
        one.to_repeat.median,
        one.avoidable.later,
    )


def _chain(one: Chain) -> tuple[Any, ...]:
    """How many steps in how many days, and by which channels."""
    way = " → ".join(step.channel or "?" for step in one.steps)
    return one.problem or one.cause, one.steps[0].accepted.date(), len(one.steps), one.days, way


def service(material: Material) -> Section:
    """Tell how many were settled in time, by which limit, and where they were not."""
    found: ServiceTimes = material.insights.service_times
    limits = [(_limit(one.rule, one.hours), one.with_nights.of, one.with_nights, one.day_only) for one in found.on_time]
    kind = found.by_unit[0].unit if found.by_unit else ""
    units = [
        (one.name, one.in_time.of, one.in_time, one.median_hours, one.solved.lenient, one.solved.strict)
        for one in sorted(found.by_unit, key=lambda one: (-one.in_time.of, one.name))
        if one.unit == kind
    ]
    tables = filled(
        table("in_time", "rule_time judged in_time day_only", limits),
        table("service_units", "unit judged in_time median_hours lenient strict", units, 12),
    )
    findings = []
    if found.on_time and found.on_time[0].with_nights.of:
        first = found.on_time[0].with_nights
        findings.append(Finding("in_time", said(share=(Kind.SHARE, first.value), of=(Kind.COUNT, first.of))))
    if found.solved.lenient.of:
        values = said(lenient=(Kind.SHARE, found.solved.lenient.value), strict=(Kind.SHARE, found.solved.strict.value))
        findings.append(Finding("solved", values))
    return Section("service", tuple(findings), tables, lacks(found.missing))


def _limit(rule: str, hours: float | None) -> str:
    return rule if hours is None else f"{rule}_{hours:g}"
