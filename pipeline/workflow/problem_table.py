"""``problems.csv``: one row per problem, with what a reader wants to know of it."""

from pathlib import Path
from typing import Any

from pipeline.output.tables import open_table
from pipeline.records import Grouping, Problem, Role
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.workflow.problem_words import kind_name, quality_name

TABLE_COLUMNS = (
    "id",
    "parent",
    "kind",
    "name",
    "category",
    "cause",
    "where",
    "rows",
    "customers",
    "texts",
    "weight",
    "purity",
    "first",
    "last",
    "trend",
    "regions",
    "channels",
    "products",
    "tiers",
    "front_department",
    "back_department",
    "cohesion",
    "quality",
    "key_phrases",
    "quote_1",
    "quote_2",
    "quote_3",
)
_REGION_ROLES = (Role.INCIDENT_REGION, Role.HOME_REGION)


def write_problems(path: Path, grouping: Grouping, lang: str) -> None:
    """Write the problems of a run as a CSV file under ``TABLE_COLUMNS``, largest first."""
    taxonomy = load_taxonomy()
    with open_table(path, TABLE_COLUMNS, "csv") as table:
        table.write(_problem_row(problem, taxonomy, lang) for problem in grouping.problems)


def _problem_row(problem: Problem, taxonomy: Taxonomy, lang: str) -> tuple[Any, ...]:
    front, back = _departments(taxonomy, problem)
    quotes = (*problem.quotes, "", "", "")[:3]
    return (
        problem.id,
        problem.parent,
        kind_name(problem.kind, lang),
        problem.name,
        problem.category,
        problem.cause,
        problem.where,
        problem.rows,
        problem.customers,
        problem.texts,
        problem.weight,
        round(problem.purity, 3),
        _day(problem.first),
        _day(problem.last),
        "|".join(map(str, problem.trend)),
        _listed(problem, *_REGION_ROLES),
        _listed(problem, Role.CHANNEL),
        _listed(problem, Role.PRODUCT),
        _listed(problem, Role.TIER),
        front,
        back,
        problem.cohesion,
        quality_name(problem.quality, lang),
        "|".join(problem.phrases),
        *quotes,
    )


def _departments(taxonomy: Taxonomy, problem: Problem) -> tuple[str, str]:
    """Who answers the customer and who puts it right; empty for labels the taxonomy does not have."""
    known = [one for one in taxonomy.categories if one.id == problem.category]
    found = taxonomy.causes.get(problem.cause) or (known[0] if known else None)
    return (found.front_department, found.back_department) if found else ("", "")


def _day(moment: Any) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def _listed(problem: Problem, *roles: Role) -> str:
    """The frequent values of the first of these columns that has any, with their counts."""
    held = next((problem.values[role] for role in roles if problem.values.get(role)), ())
    return "|".join(f"{value} {count}" for value, count in held)
