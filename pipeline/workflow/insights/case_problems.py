"""The problems that complaints belong to: of a run, of the table a run wrote, or of the register."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.records import Problem, ProblemKind
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.workflow.problem_words import kind_name

if TYPE_CHECKING:
    from pipeline.register.rows import Problem as KeptProblem

Row = Mapping[str, Any]


def problem_rows(problems: Iterable[Problem]) -> list[Row]:
    """The problems of a run as rows of the table of problems."""
    taxonomy = load_taxonomy()
    return [
        {
            "id": one.id,
            "parent": one.parent,
            "kind": one.kind.value,
            "name": one.name,
            "category": one.category,
            "cause": one.cause,
            **departments(taxonomy, one.category, one.cause),
        }
        for one in problems
    ]


def kept_rows(problems: "Iterable[KeptProblem]") -> list[Row]:
    """The problems of the register as rows of the table of problems, with state, marks and priority."""
    taxonomy = load_taxonomy()
    return [
        {
            "id": one.id,
            "parent": one.parent,
            "kind": one.kind,
            "name": one.name,
            "category": one.category,
            "cause": one.cause,
            **departments(taxonomy, one.category, one.cause),
            **{name: value for name, value in _given_departments(one).items() if value},
            **kept_facts(one),
        }
        for one in problems
    ]


def kept_facts(one: "KeptProblem") -> dict[str, Any]:
    """What only the register knows of a problem."""
    return {"state": one.state, "marks": tuple(one.marks), "priority": one.priority}


def written_rows(folder: Path, names: Mapping[str, str], run: str = "") -> list[Row]:
    """The problems that a table of complaints speaks of (``names`` by id), completed from ``problems.csv`` beside it.

    ``run`` goes before every id, to tell the problems of several runs apart.
    """
    known = _read(folder / "problems.csv")
    parents = [known[one].get("parent", "") for one in names if one in known]
    mentioned = {*names, *parents} - {""}
    # in the order of the table of problems, largest first
    ordered = [*(one for one in known if one in mentioned), *(one for one in names if one not in known)]
    taxonomy = load_taxonomy()
    rows = [_written(one, names.get(one, ""), known.get(one, {}), taxonomy) for one in ordered]
    return [{**row, "id": run + row["id"], "parent": row["parent"] and run + row["parent"]} for row in rows]


def departments(taxonomy: Taxonomy, category: str, cause: str) -> dict[str, str]:
    """Who answers the customer and who puts it right; empty for labels the taxonomy does not have."""
    known = [one for one in taxonomy.categories if one.id == category]
    found = taxonomy.causes.get(cause) or (known[0] if known else None)
    return {
        "front_department": found.front_department if found else "",
        "back_department": found.back_department if found else "",
    }


def linked(rows: Sequence[Row], problem: pd.Series, kept: pd.Series, register: "Iterable[KeptProblem]") -> list[Row]:
    """Give the problems of a run what the register knows of them, and their permanent ids.

    ``problem`` and ``kept`` are every complaint's problem in the run and in the register. A problem of the run is the
    one of the register that holds most of its complaints, at least half of them; no two become the same.
    """
    known = {one.id: one for one in register}
    pairs = pd.DataFrame({"run": problem.astype(object), "kept": kept.astype(object)})
    pairs = pairs[pairs["run"] != ""]
    sizes = pairs["run"].value_counts()
    shared = pairs[pairs["kept"].isin(known)].value_counts().reset_index(name="rows")
    shared = shared.sort_values(["rows", "run", "kept"], ascending=[False, True, True])
    partner: dict[str, str] = {}
    for run, other, count in shared.itertuples(index=False):
        if run not in partner and other not in partner.values() and 2 * count >= sizes[run]:
            partner[run] = other
    return [_linked(row, partner, known) for row in rows]


def permanent_ids(before: Sequence[Row], after: Sequence[Row]) -> dict[str, str]:
    """Return the permanent id of every problem whose row got one."""
    return {one["id"]: other["id"] for one, other in zip(before, after, strict=True) if one["id"] != other["id"]}


def _linked(row: Row, partner: Mapping[str, str], known: "Mapping[str, KeptProblem]") -> Row:
    parent = partner.get(row["parent"], row["parent"])
    if row["id"] not in partner:
        return {**row, "parent": parent}
    kept = known[partner[row["id"]]]
    return {**row, "id": kept.id, "parent": parent, "name": kept.name, **kept_facts(kept)}


def _given_departments(one: "KeptProblem") -> dict[str, str]:
    return {"front_department": one.front_department, "back_department": one.back_department}


def _read(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row.get("id")}


def _written(problem: str, name: str, row: Mapping[str, str], taxonomy: Taxonomy) -> Row:
    category, cause = row.get("category", ""), row.get("cause", "")
    known = {"front_department": row.get("front_department", ""), "back_department": row.get("back_department", "")}
    return {
        "id": problem,
        "parent": row.get("parent", ""),
        "kind": _KINDS.get(row.get("kind", ""), row.get("kind", "")),
        "name": row.get("name") or name,
        "category": category,
        "cause": cause,
        **(known if any(known.values()) else departments(taxonomy, category, cause)),
    }


_KINDS = {kind_name(kind, lang): kind.value for kind in ProblemKind for lang in ("zh", "en")}
