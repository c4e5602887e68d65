"""Complaints per so many users, and what came before a problem began."""

from typing import Any

from pipeline.insights.change_calendar import ChangeCalendar
from pipeline.insights.funnel import Funnel
from pipeline.insights.user_rates import UserRate, UserRates
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section, Table


def rates(material: Material) -> Section:
    """Set the complaints of every region against its users; the funnel tells which differ by more than chance."""
    found: UserRates = material.insights.user_rates
    months_together = _months_together(found)
    complaints, appeals = (
        [
            (one.region or "all_regions", *_rate(one))
            for one in months_together
            if one.level == "all" and one.what == what
        ]
        for what in ("complaints", "appeals")
    )
    labels = [
        (one.label, *_rate(one))
        for one in months_together
        if one.level == "category" and not one.region and one.what == "complaints"
    ]
    funnels = [one.plot for one in found.funnels if one.level == "all" and one.what == "complaints"]
    tables = filled(
        table("rates", "region_or_all rows users base rate per small", complaints),
        table("appeals", "region_or_all rows users base rate per small", appeals),
        table("rates_by_label", "category rows users base rate per small", labels),
        *(part for plot in funnels[:1] for part in _funnel(plot)),
    )
    findings = (_highest(funnels[0]),) if funnels else ()
    return Section("rates", findings, tables, lacks(found.missing))


def _months_together(found: UserRates) -> list[UserRate]:
    """The rate of each label and region over all its months, which stands first; there may be one month only."""
    first: dict[tuple[str, str, str, str], UserRate] = {}
    for one in found.rates:
        first.setdefault((one.what, one.level, one.label, one.region), one)
    return list(first.values())


def _rate(one: UserRate) -> tuple[Any, ...]:
    return one.count, round(one.users), one.base, one.rate, one.per, "yes" if one.small_base else "no"


def _funnel(plot: Funnel) -> tuple[Table, Table]:
    points = [
        (one.region, one.count, round(one.exposure), one.rate, one.position, one.adjusted_position)
        for one in plot.points
    ]
    limits = [(round(one.exposure), one.low_outer, one.low_inner, one.high_inner, one.high_outer) for one in plot.curve]
    return (
        table("funnel", "region rows exposure rate position adjusted", points),
        table("funnel_limits", "exposure low_outer low_inner high_inner high_outer", limits, 8),
    )


def _highest(plot: Funnel) -> Finding:
    high = [one for one in plot.points if one.adjusted_position == "high"]
    if not high and plot.overdispersed:
        outside = sum(one.position != "within" for one in plot.points)
        return Finding("rates_spread", said(count=(Kind.COUNT, outside)))
    if not high:
        return Finding("rates_even")
    worst = max(high, key=lambda one: one.z_adjusted)
    target = sum(one.count for one in plot.points) / sum(one.exposure for one in plot.points) * plot.per
    values = said(
        region=(Kind.TEXT, worst.region),
        rate=(Kind.RATE, worst.rate),
        target=(Kind.RATE, target),
        per=(Kind.COUNT, plot.per),
    )
    return Finding("rate_high", values)


def onsets(material: Material) -> Section:
    """List what was changed shortly before a problem began: candidates, never causes."""
    found: ChangeCalendar = material.insights.change_calendar
    rows = [
        (onset.problem, onset.day, one.change.what, one.days_before, one.in_region, one.by_chance)
        for onset in found.onsets
        for one in onset.candidates
    ]
    findings = (Finding("onsets", said(count=(Kind.COUNT, len({row[0] for row in rows})))),) if rows else ()
    tables = filled(table("onsets", "problem start change_what days_before in_region by_chance", rows, 20))
    return Section("onsets", findings, tables, lacks(found.missing))
