"""Where complaints heap up on the ground, and which operators and products they name."""

from pipeline.insights.mentions import Mentions
from pipeline.insights.places import Places
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section


def places(material: Material) -> Section:
    """List the hot spots: estates, roads, cells with many complaints, and whether they are known already."""
    found: Places = material.insights.places
    spots = [
        (
            one.spot,
            f"place_{one.kind}",
            one.region,
            one.rows,
            one.customers,
            one.problem,
            one.of_problem,
            " ".join(one.known_by),
        )
        for one in found.spots
    ]
    findings = []
    if found.spots:
        first = found.spots[0]
        values = said(
            count=(Kind.COUNT, found.hot),
            spot=(Kind.TEXT, first.spot),
            region=(Kind.TEXT, first.region),
            customers=(Kind.COUNT, first.customers),
        )
        findings.append(Finding("hot_spots", values))
    elif found.placed:
        findings.append(Finding("no_hot_spot", said(count=(Kind.COUNT, found.placed))))
    tables = filled(table("spots", "spot place_kind region rows customers problem of_problem known_by", spots, 12))
    return Section("places", tuple(findings), tables, lacks(found.missing))


def mentions(material: Material) -> Section:
    """Count the operators and products that complaints name."""
    found: Mentions = material.insights.mentions
    operators = [
        (one.id, one.role, one.rows, one.customers, one.by_problem[0][0] if one.by_problem else "")
        for one in found.operators
    ]
    products = [
        (one.id, one.rows, one.customers, one.by_problem[0][0] if one.by_problem else "") for one in found.products
    ]
    tables = filled(
        table("operators", "operator role rows customers problem", operators, 8),
        table("products", "product_named rows customers problem", products, 12),
    )
    findings = []
    if found.operators:
        first = found.operators[0]
        findings.append(Finding("operators", said(name=(Kind.TEXT, first.id), count=(Kind.COUNT, first.rows))))
    return Section("mentions", tuple(findings), tables, lacks(found.missing))
