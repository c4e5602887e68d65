"""From the material of a run to its summary: the recipe."""

from collections.abc import Callable

from pipeline.review import (
    sections_customers,
    sections_people,
    sections_places,
    sections_problems,
    sections_quality,
    sections_rates,
    sections_volume,
)
from pipeline.review.lines import cards, lines
from pipeline.review.material import Material
from pipeline.review.overview import headline
from pipeline.review.summary import RunSummary, Section

# in the order of the page
SECTIONS: tuple[Callable[[Material], Section], ...] = (
    sections_problems.pareto,
    sections_problems.priority,
    sections_volume.trend,
    sections_volume.mix,
    sections_volume.heat,
    sections_places.places,
    sections_people.departments,
    sections_customers.value,
    sections_customers.churn,
    sections_customers.chains,
    sections_customers.service,
    sections_rates.rates,
    sections_people.survey,
    sections_people.exemptions,
    sections_rates.onsets,
    sections_places.mentions,
    sections_quality.labels,
    sections_quality.counting,
    sections_quality.changes,
)


def build_summary(material: Material) -> RunSummary:
    """Compute every figure of the pack once; the same material gives the same summary."""
    listed = lines(material)
    trend = material.insights.trend
    return RunSummary(
        about=material.about,
        headline=headline(material, listed),
        sections=tuple(make(material) for make in SECTIONS),
        lines=listed,
        cards=cards(material, listed),
        unit=trend.unit if trend.starts else "",
        starts=tuple(trend.starts),
        names=tuple(
            (str(one), str(name)) for one, name in material.cases.problems[["id", "name"]].itertuples(index=False)
        ),
    )
