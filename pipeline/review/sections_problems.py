"""Which problems matter most: the Pareto ranking by complaints, customers and effect, and the order of priority."""

from collections.abc import Sequence
from typing import Any

from pipeline.insights.pareto import Ranking
from pipeline.review.columns import table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section

# a problem that is among the first so many by effect and stood so many places lower by complaints is worth a word
_FIRST, _PLACES = 5, 3


def pareto(material: Material) -> Section:
    """Rank the problems; tell how few make most, and which one weighs more than its number lets expect."""
    found = material.insights.pareto
    by_rows: Ranking = found.by_rows
    if not by_rows.problems:
        return Section("pareto", lacks=lacks(found.missing))
    customers = {one.problem: round(one.value) for one in found.by_customers.problems}
    effect = {one.problem: (one.value, one.rank) for one in found.by_effect.problems}
    rows = [
        (
            one.rank,
            one.problem,
            round(one.value),
            one.share,
            one.cumulative,
            customers[one.problem],
            *effect[one.problem],
        )
        for one in by_rows.problems
    ]
    values = said(
        count=(Kind.COUNT, by_rows.vital),
        of=(Kind.COUNT, len(by_rows.problems)),
        share=(Kind.SHARE, by_rows.problems[by_rows.vital - 1].cumulative),
    )
    vital = "pareto_vital"
    if material.about.problems != len(by_rows.problems):
        # the headline counts the most specific problems
        vital, values = "pareto_vital_whole", (*values, *said(all=(Kind.COUNT, material.about.problems)))
    made = table("pareto", "rank problem rows share cumulative customers effect effect_rank", rows, 30)
    return Section("pareto", (Finding(vital, values), *_climbs(rows)), (made,), lacks(found.missing))


def _climbs(rows: Sequence[tuple[Any, ...]]) -> list[Finding]:
    """The problem that climbs farthest into the first ones when effect is what counts."""
    climbing = [row for row in rows if row[7] <= _FIRST and row[0] - row[7] >= _PLACES]
    if not climbing:
        return []
    row = max(climbing, key=lambda one: one[0] - one[7])
    values = said(problem=(Kind.PROBLEM, row[1]), rank=(Kind.COUNT, row[0]), effect_rank=(Kind.COUNT, row[7]))
    return [Finding("pareto_climbs", values)]


def priority(material: Material) -> Section:
    """List the problems by priority with impact and urgency."""
    found = material.insights.priority
    if not found.problems:
        return Section("priority", lacks=lacks(found.missing))
    rows = [
        (
            one.rank,
            one.problem,
            f"priority_{one.priority}",
            one.impact,
            one.urgency,
            one.impact_share,
            one.customers,
            one.complaints,
        )
        for one in found.problems
    ]
    first = min(one.priority for one in found.problems)
    pressing = sum(one.priority == first for one in found.problems)
    values = said(
        count=(Kind.COUNT, pressing),
        of=(Kind.COUNT, len(found.problems)),
        level=(Kind.CODE, f"priority_{first}"),
        problem=(Kind.PROBLEM, found.problems[0].problem),
    )
    made = table("priority", "rank problem priority impact urgency impact_share customers rows", rows, 20)
    return Section("priority", (Finding("priority", values),), (made,), lacks(found.missing))
