"""What rates per users are counted by: month, region, own category, the regulator's class, business."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar, reporting_day
from pipeline.insights.cases import Cases
from pipeline.taxonomy import Taxonomy


def labelled(cases: Cases, lines: Mapping[str, str], calendar: Calendar, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return month, region, the label of every level and whether it is an appeal, one row per complaint.

    ``lines`` are the businesses with the patterns of their causes; the first that fits decides.
    """
    frame = cases.frame
    days = reporting_day(frame["accepted"], calendar).astype("datetime64[M]")
    months, place = np.unique(days, return_inverse=True)
    names = ["" if np.isnat(month) else str(month) for month in months]
    appeals = frame["escalated"].fillna(False).to_numpy(bool)
    return pd.DataFrame(
        {
            "month": _categorical(place, names),
            "region": frame["region"],
            "all": _categorical(np.zeros(len(frame), np.int8), ["all"]),
            "category": frame["category"],
            "regulator": _regulators(frame, taxonomy),
            "business": _mapped(frame["cause"], lambda cause: line_of(cause, lines)),
            "appeal": appeals,
        }
    )


def _regulators(frame: pd.DataFrame, taxonomy: Taxonomy) -> pd.Series:
    """The regulator's class of the cause, else of the category; empty for labels the taxonomy does not have."""
    of_category = {category.id: category.regulator_class for category in taxonomy.categories}
    of_cause = {cause.id: cause.regulator_class for cause in taxonomy.causes.values()}
    by_cause = _mapped(frame["cause"], lambda cause: of_cause.get(cause, "")).astype(object)
    by_category = _mapped(frame["category"], lambda category: of_category.get(category, "")).astype(object)
    return by_cause.where(by_cause != "", by_category).astype("category")


def _mapped(cells: pd.Series, meaning: Callable[[str], str]) -> pd.Series:
    """A categorical column put through a function, once per distinct cell."""
    values = [meaning(str(cell)) for cell in cells.cat.categories]
    distinct = sorted({*values, ""})
    place = np.array([*(distinct.index(value) for value in values), distinct.index("")], np.int64)
    return pd.Series(_categorical(place[cells.cat.codes.to_numpy()], distinct), index=cells.index)


def line_of(cause: str, lines: Mapping[str, str]) -> str:
    """Return the business of a cause: the first of ``lines`` whose pattern fits, empty for none."""
    return next((name for name, pattern in lines.items() if re.search(pattern, cause)), "")


def _categorical(codes: NDArray[Any], names: list[str]) -> Any:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(names))
