"""Whose complaints they are: departments in front and behind, who caused them, and where the service fell short."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.tallying import codes_of, customer_numbers, lines, mapped, tally, tally_table
from pipeline.taxonomy import Category, Cause, Taxonomy, load_taxonomy


@dataclass(frozen=True, slots=True)
class ResponsibilityOptions:
    """``largest``: rows of the tables that can grow long (departments as recorded, hand-overs)."""

    largest: int = 30


@dataclass(frozen=True, slots=True)
class Burden:
    """What falls on one department, attribution or gap; ``share`` of the complaints that are attributed.

    ``problems`` are those without a parent: a part of a cause is not counted beside it. For departments as recorded,
    where the taxonomy does not lead, they are all problems with a complaint there.
    """

    name: str
    complaints: int
    customers: int
    problems: int
    share: float


@dataclass(frozen=True, slots=True)
class Fault:
    """Complaints of one attribution by what the operator says of the company's fault (企业有责/企业无责)."""

    attribution: str
    at_fault: int
    not_at_fault: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Complaints that the operator recorded with one department although another one has to put their cause right."""

    recorded: str
    back_department: str
    complaints: int
    customers: int


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The figures.

    ``attributed`` complaints have a label of the taxonomy; with ``no_problem`` (praise, inquiries) and ``unknown``
    labels they make all. ``recorded`` are departments as the operator wrote them.
    """

    attributed: int
    no_problem: int
    unknown: int
    front: tuple[Burden, ...]
    back: tuple[Burden, ...]
    attributions: tuple[Burden, ...]
    gaps: tuple[Burden, ...]
    faults: tuple[Fault, ...]
    recorded: tuple[Burden, ...]
    handovers: tuple[Handover, ...]
    missing: tuple[Missing, ...] = ()


def responsibility(
    cases: Cases,
    options: ResponsibilityOptions = ResponsibilityOptions(),
    *,
    taxonomy: Taxonomy | None = None,
) -> Responsibility:
    """Count complaints, customers and problems by what the taxonomy says of their cause, else of their category.

    Attribution is 员工/公司/客户; the gap is one of the service-quality model (Parasuraman, Zeithaml & Berry 1985,
    Journal of Marketing 49:41-50). No person's name goes in or comes out.
    """
    facts = _Facts.of(cases, taxonomy or load_taxonomy())
    return Responsibility(
        attributed=int(facts.attributed.sum()),
        no_problem=int(facts.no_problem.sum()),
        unknown=len(cases) - int(facts.attributed.sum()) - int(facts.no_problem.sum()),
        front=facts.burdens("front_department"),
        back=facts.burdens("back_department"),
        attributions=facts.burdens("attribution"),
        gaps=facts.burdens("gap"),
        faults=_faults(facts),
        recorded=_recorded(facts, options),
        handovers=_handovers(facts, options),
        missing=_missing(cases),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """The label that speaks for every complaint: its cause's, else its category's; -1 where the taxonomy has none."""

    cases: Cases
    labels: tuple[Cause | Category, ...]
    label: NDArray[np.int64]
    attributed: NDArray[np.bool_]
    no_problem: NDArray[np.bool_]

    @classmethod
    def of(cls, cases: Cases, taxonomy: Taxonomy) -> "_Facts":
        labels: tuple[Cause | Category, ...] = (*taxonomy.causes.values(), *taxonomy.categories)
        causes = {cause: place for place, cause in enumerate(taxonomy.causes)}
        categories = {one.id: len(causes) + place for place, one in enumerate(taxonomy.categories)}
        by_cause = mapped(cases.frame["cause"], causes, -1)
        label = np.where(by_cause >= 0, by_cause, mapped(cases.frame["category"], categories, -1)).astype(np.int64)
        harmless = np.array([isinstance(one, Cause) and not one.problem for one in labels])
        no_problem = (label >= 0) & harmless[label]
        return cls(cases, labels, label, (label >= 0) & ~no_problem, no_problem)

    def fact(self, name: str) -> pd.Series:
        """One fact of the taxonomy per complaint, as a categorical column."""
        values = [getattr(label, name) for label in self.labels]
        distinct = sorted(set(values))
        code = np.array([distinct.index(value) for value in values])
        codes = np.where(self.label >= 0, code[self.label], -1).astype(np.int16)
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct)))

    def burdens(self, name: str) -> tuple[Burden, ...]:
        found = tally(self.cases, {"name": self.fact(name)}, self.attributed)
        return self.listed(found, self.problems(name))

    def listed(self, found: pd.DataFrame, problems: Mapping[str, int]) -> tuple[Burden, ...]:
        of = int(self.attributed.sum())
        return tuple(
            Burden(str(name), int(complaints), int(customers), problems.get(name, 0), complaints / of)
            for name, complaints, customers in lines(found)
        )

    def problems(self, name: str) -> Mapping[str, int]:
        """How many problems without a parent fall under each value of a fact."""
        by_id = {label.id: label for label in self.labels}
        table = self.cases.problems
        counts: dict[str, int] = {}
        for place in np.flatnonzero((table["parent"] == "").to_numpy(dtype=bool)):
            problem = table.iloc[place]
            label = by_id.get(problem["cause"]) or by_id.get(problem["category"])
            value = problem.get(name, "") or (getattr(label, name) if label else "")
            counts[value] = counts.get(value, 0) + 1
        return counts


def _faults(facts: _Facts) -> tuple[Fault, ...]:
    if "at_fault" not in facts.cases.given:
        return ()
    said = facts.cases.frame["at_fault"]
    answer = np.where(said.isna(), "unknown", np.where(said.fillna(False), "at_fault", "not_at_fault"))
    kept = facts.attributed
    found = pd.crosstab(facts.fact("attribution")[kept].astype(object), answer[kept])
    columns = ("at_fault", "not_at_fault", "unknown")
    counts = found.reindex(columns=columns, fill_value=0)
    return tuple(Fault(str(row[0]), *(int(count) for count in row[1:])) for row in lines(counts, index=True))


def _recorded(facts: _Facts, options: ResponsibilityOptions) -> tuple[Burden, ...]:
    department = facts.cases.frame["department"]
    kept = facts.attributed & (codes_of(department) >= 0)
    found = tally(facts.cases, {"name": department}, kept)
    touching = pd.DataFrame({"name": department, "_customer": facts.cases.frame["problem"].cat.codes})
    touching = touching[kept & (codes_of(facts.cases.frame["problem"]) >= 0)]
    problems = {str(one.name): int(one.customers) for one in lines(tally_table(touching, ("name",)))}
    return facts.listed(found.head(options.largest), problems)


def _handovers(facts: _Facts, options: ResponsibilityOptions) -> tuple[Handover, ...]:
    recorded, back = facts.cases.frame["department"], facts.fact("back_department")
    kept = facts.attributed & (codes_of(recorded) >= 0)
    table = pd.DataFrame({"recorded": recorded, "back": back, "_customer": customer_numbers(facts.cases)})[kept]
    if table.empty:
        return ()
    found = tally_table(table, ("recorded", "back"))
    # 网络部维护 is a part of 网络部, not another department
    same = [one in other or other in one for one, other in zip(found["recorded"], found["back"], strict=True)]
    apart = found[~np.array(same)].head(options.largest)
    return tuple(
        Handover(str(one), str(other), int(complaints), int(customers))
        for one, other, complaints, customers in lines(apart)
    )


def _missing(cases: Cases) -> tuple[Missing, ...]:
    return (
        *cases.lacking("complaints by responsible department", "category"),
        *cases.lacking("attribution by company's fault", "at_fault"),
        *cases.lacking("departments as recorded", "department"),
    )
