"""The register's complaints as the table of the insights, and what the register knows of the problems of a dump."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.errors import RegisterError
from pipeline.insights.cases import Cases
from pipeline.records import Role
from pipeline.register.arriving import identity_of
from pipeline.register.rows import Complaint, Problem
from pipeline.register.store import Options, Register, open_register
from pipeline.workflow.insights.case_columns import Columns
from pipeline.workflow.insights.case_problems import Row, kept_facts, kept_rows, linked
from pipeline.workflow.insights.case_reading import TypedColumns, with_title
from pipeline.workflow.insights.case_texts import first_copies
from pipeline.workflow.insights.cases import Built, CaseOptions, finished

_HASHED = frozenset({Role.CUSTOMER_NUMBER, Role.CONTACT_NUMBER, Role.ACCOUNT})


def cases_of_register(address: str, options: CaseOptions) -> Built:
    """Return the register's complaints, each under the problem that has most of it."""
    with open_register(address, Options(create=False)) as register:
        complaints = list(register.complaints())
        problems = register.problems()
        places = _places(register)
    if not complaints:
        raise RegisterError(
            f"The register {address} holds no complaints yet. Load a dump with genyin problems --register."
        )
    columns = _columns(complaints)
    columns["problem"] = pd.Series([places.get(one.identity, "") for one in complaints], dtype=object).astype(
        "category"
    )
    cases = finished(columns, kept_rows(problems), len(complaints), options)
    if any(one.needs_review is None for one in complaints):
        # how many need review is not known where it is not known of each
        cases = replace(cases, given=cases.given - {"needs_review"})
    return Built(cases, classified=True, files=(address,))


def with_register(built: Built, address: str) -> Built:
    """Give the problems of a dump the state, marks, priority, name and permanent id that the register has for them."""
    cases = built.cases
    with open_register(address, Options(create=False)) as register:
        places = _places(register)
        problems = register.problems()
    identities = [identity_of(one) if one else "" for one in cases.frame["id"]]
    kept = pd.Series([places.get(one, "") for one in identities], dtype=object)
    before = [{str(name): value for name, value in row.items()} for row in cases.problems.to_dict("records")]
    after = linked(before, cases.frame["problem"], kept, problems)
    ids = {str(old["id"]): new["id"] for old, new in zip(before, after, strict=True)}
    frame = cases.frame.assign(
        problem=_renamed(cases.frame["problem"], ids), second_problem=_renamed(cases.frame["second_problem"], ids)
    )
    table = pd.DataFrame(_once(before, after, problems), columns=list(cases.problems.columns), dtype="object")
    return replace(built, cases=Cases(frame, table, cases.given))


def _once(before: Sequence[Row], after: Sequence[Row], kept: Sequence[Problem]) -> list[Row]:
    """One row per problem; of those that a person merged since, that of the problem that lives on."""
    known = {one.id: one for one in kept}
    rows: dict[str, Row] = {}
    for old, new in zip(before, after, strict=True):
        if new["id"] not in rows or old["id"] == new["id"]:
            rows[new["id"]] = new
    count = Counter(new["id"] for new in after)
    merged = [one for one in rows if count[one] > 1 and one in known]
    for one in merged:
        rows[one] = {**rows[one], "name": known[one].name, "parent": known[one].parent, **kept_facts(known[one])}
    return list(rows.values())


def _renamed(column: pd.Series, ids: Mapping[str, str]) -> pd.Series:
    names = pd.Index([ids.get(str(one), str(one)) for one in column.cat.categories], dtype=object)
    # two problems of the dump are one where a person merged them since
    merged = names.unique()
    places = np.append(merged.get_indexer(names), -1)
    codes = places[column.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(codes, categories=merged), index=column.index, name=column.name)


def _places(register: Register) -> dict[str, str]:
    """Per complaint (by identity) the problem in which it has most weight."""
    found: dict[str, tuple[float, str]] = {}
    for known in register.snapshot().problems:
        for identity, weight in known.members.items():
            # of equal weights the smaller id
            best = found.get(identity)
            if best is None or weight > best[0]:
                found[identity] = (weight, known.problem.id)
    return {identity: problem for identity, (_, problem) in found.items()}


def _columns(complaints: list[Complaint]) -> TypedColumns:
    names = dict.fromkeys(name for one in complaints for name in one.roles)
    roles = {Role(name): (name,) for name in names if name in set(Role) and Role(name) not in _HASHED}
    cells = {name: [one.roles.get(name, "") for one in complaints] for name in (role.value for role in roles)}
    columns = Columns(roles, (), b"")
    columns.add(pd.DataFrame(cells, dtype=object, index=range(len(complaints))))
    texts = [with_title(one.title, one.text) for one in complaints]
    codes, distinct = pd.factorize(np.array(texts, object))
    return {
        **columns.finished(),
        **_sureness(complaints),
        "id": pd.Series([one.identity for one in complaints], dtype=object),
        "accepted": pd.Series(np.array([one.accepted or "NaT" for one in complaints], "datetime64[s]")),
        "customer": pd.Series([one.customer for one in complaints], dtype=object).astype("category"),
        "text": pd.Series(texts, dtype=object),
        "place": pd.Series(cells.get(Role.PLACE.value, [""] * len(complaints)), dtype=object),
        "copy_of": pd.Series(first_copies(list(distinct), codes)),
        "category": pd.Series([one.category for one in complaints], dtype=object).astype("category"),
        "cause": pd.Series([one.cause for one in complaints], dtype=object).astype("category"),
    }


def _sureness(complaints: Sequence[Complaint]) -> TypedColumns:
    """How sure the model was; of a complaint that an older genyin stored nothing is known, and it counts as sure."""
    return {
        "confidence": pd.Series([one.confidence or 0.0 for one in complaints], dtype="float32"),
        "needs_review": pd.Series([bool(one.needs_review) for one in complaints], dtype=bool),
    }
