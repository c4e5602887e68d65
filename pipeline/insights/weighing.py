"""What one customer's complaint weighs: by the customer's tier, the size of the account, and what came of it."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases
from pipeline.insights.tallying import customer_numbers, mapped

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights and the cells that earn them; every figure is meant to be changed to an operator's own.

    ``tiers``: weight of 0 to 7 stars (an unknown tier counts as 1); ``enterprise``: weight of an account that a firm
    or an institution uses, told by the contact's role or by a word in the product; ``unsolved``, ``unsatisfied``,
    ``escalated`` are added to the 1 that every complaint has.
    """

    tiers: tuple[float, ...] = (1.0, 1.0, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0)
    enterprise: float = 10.0
    enterprise_roles: tuple[str, ...] = ("决策人", "经办人", "使用人", "关键人", "联系人")
    enterprise_products: tuple[str, ...] = ("专线", "商务", "企业", "政企", "集团", "组网", "云主机")
    unsolved: float = 1.0
    unsatisfied: float = 1.0
    escalated: float = 1.0
    unsolved_cells: tuple[str, ...] = ("未解决", "部分解决")
    unsatisfied_cells: tuple[str, ...] = ("不满意", "非常不满意", "很不满意")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found of every complaint.

    ``customer`` is a number (each complaint without a customer has one of its own), ``weight`` the customer's (tier
    times account), ``harm`` 1 and more; ``enterprise``: the account is that of a firm or an institution.
    """

    customer: NDArray[np.int64]
    weight: Floats
    harm: Floats
    enterprise: NDArray[np.bool_]


def weigh(cases: Cases, weights: Weights = Weights()) -> Weighed:
    """Weigh every complaint; what a dump does not have weighs nothing."""
    frame = cases.frame
    enterprise = _any(frame["contact_role"], weights.enterprise_roles, whole=True)
    enterprise |= _any(frame["product"], weights.enterprise_products)
    tier = frame["tier"].to_numpy(float, na_value=-1.0)
    known = np.array([*weights.tiers, 1.0])
    places = np.where(tier < 0, len(known) - 1, np.minimum(tier, len(known) - 2)).astype(np.int64)
    harm = 1.0 + weights.unsolved * _any(frame["solved"], weights.unsolved_cells, whole=True)
    harm = harm + weights.unsatisfied * _any(frame["satisfaction"], weights.unsatisfied_cells, whole=True)
    harm = harm + weights.escalated * frame["escalated"].fillna(False).to_numpy(bool)
    return Weighed(
        customer_numbers(cases), known[places] * np.where(enterprise, weights.enterprise, 1.0), harm, enterprise
    )


def _any(column: pd.Series, words: tuple[str, ...], whole: bool = False) -> NDArray[np.bool_]:
    """Tell of every cell of a categorical column whether it is, or holds, one of the words."""
    pattern = re.compile("|".join(map(re.escape, words)) or r"(?!)")
    search = pattern.fullmatch if whole else pattern.search
    fits = {cell: bool(search(str(cell))) for cell in column.cat.categories}
    return mapped(column, fits, False).astype(bool)
