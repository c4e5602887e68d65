"""Daily counts of every category and problem, and who is a part of whom.

A complaint counts under its category, under its most specific problem and under that problem's parents; the second
problem of a complaint that speaks of two is left out, so that no complaint counts twice in one series.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar, reporting_day
from pipeline.insights.cases import Cases

Kind = Literal["category", "problem"]
# a wrong date must not make thousands of empty days
LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Family:
    """The problems of a table: ``ids``, the place of each one's parent (-1: none) and each complaint's own problem.

    ``order`` lists all places, parts before their parents; ``own`` is -1 where a complaint belongs to no problem.
    """

    ids: tuple[str, ...]
    parents: NDArray[np.int64]
    own: NDArray[np.int64]
    order: tuple[int, ...]

    @property
    def roots(self) -> NDArray[np.int64]:
        """Place of the topmost problem above each problem (itself where it has no parent)."""
        found = np.arange(len(self.ids))
        for place in reversed(self.order):
            if self.parents[place] >= 0:
                found[place] = found[self.parents[place]]
        return found

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (rows, problems): every complaint under its problem and under each of its parents."""
        rows, places = np.flatnonzero(self.own >= 0), self.own[self.own >= 0]
        found_rows, found_places = [rows], [places]
        while len(rows):
            above = self.parents[places]
            rows, places = rows[above >= 0], above[above >= 0]
            found_rows.append(rows)
            found_places.append(places)
        return np.concatenate(found_rows), np.concatenate(found_places)

    def is_above(self, upper: str, lower: str) -> bool:
        """Tell whether a problem is a parent of another, near or far."""
        place = self.ids.index(lower)
        while (place := int(self.parents[place])) >= 0:
            if self.ids[place] == upper:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Daily:
    """Complaints per day: ``counts[series, day]``; ``kinds`` and ``ids`` name the series, categories first.

    ``pools`` is the place of the category each series belongs to (its own place for a category), -1 for none;
    ``uncategorised`` complaints per day have no category; ``undated`` ones have no acceptance time, or one too far
    from the others to be true, and count nowhere.
    """

    days: NDArray[np.datetime64]
    kinds: tuple[Kind, ...]
    ids: tuple[str, ...]
    pools: NDArray[np.int64]
    counts: NDArray[np.int64]
    uncategorised: NDArray[np.int64]
    undated: int = 0


def family(cases: Cases) -> Family:
    """Return who is a part of whom; a parent that is not listed, or a ring of parents, counts as none."""
    ids = tuple(cases.problems["id"])
    place = {one: number for number, one in enumerate(ids)}
    parents = [place.get(one, -1) for one in cases.problems["parent"]]
    depths = [_depth(number, parents) for number in range(len(ids))]
    whole = np.array([-1 if depth < 0 else above for above, depth in zip(parents, depths, strict=True)], np.int64)
    order = sorted(range(len(ids)), key=lambda number: (-depths[number], number))
    return Family(ids, whole, _codes(cases.frame["problem"], place), tuple(order))


def daily(cases: Cases, calendar: Calendar | None = None) -> Daily | None:
    """Count complaints per reporting day; ``None`` where no acceptance time is known."""
    days = reporting_day(cases.frame["accepted"], calendar or Calendar())
    usable = _believable(days)
    if not usable.any():
        return None
    first = days[usable].min()
    length = int((days[usable].max() - first).astype(np.int64)) + 1
    place = np.where(usable, (days - first).astype(np.int64), -1)
    relatives = family(cases)
    categories = tuple(sorted(one for one in cases.frame["category"].cat.categories if one))
    at = {one: number for number, one in enumerate(categories)}
    category = _codes(cases.frame["category"], at)
    by_category = _table(category, place, (len(categories), length))
    by_problem = _table(relatives.own, place, (len(relatives.ids), length))
    for part in relatives.order:
        if relatives.parents[part] >= 0:
            by_problem[relatives.parents[part]] += by_problem[part]
    kinds: list[Kind] = ["category"] * len(categories)
    kinds += ["problem"] * len(relatives.ids)
    pools = [*range(len(categories)), *(at.get(one, -1) for one in cases.problems["category"])]
    return Daily(
        first + np.arange(length).astype("timedelta64[D]"),
        tuple(kinds),
        (*categories, *relatives.ids),
        np.array(pools, np.int64),
        np.vstack([by_category, by_problem]),
        np.bincount(place[(category < 0) & usable], minlength=length),
        int((~usable).sum()),
    )


def _depth(place: int, parents: list[int]) -> int:
    """Steps up to the top; -1 for a ring."""
    for steps in range(len(parents) + 1):
        place = parents[place]
        if place < 0:
            return steps
    return -1


def _codes(column: pd.Series, place: dict[str, int]) -> NDArray[np.int64]:
    known = np.array([place.get(one, -1) for one in column.cat.categories], np.int64)
    codes = column.cat.codes.to_numpy(np.int64)
    return np.where(codes >= 0, known[codes], -1) if len(known) else np.full(len(column), -1)


def _believable(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Days that are known and within ten years of the median day."""
    known = ~np.isnat(days)
    if known.any():
        middle = np.median(days[known].astype(np.int64))
        known[known] = np.abs(days[known].astype(np.int64) - middle) <= LONGEST // 2
    return known


def _table(series: NDArray[np.int64], day: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    keep = (series >= 0) & (day >= 0)
    flat = np.bincount(series[keep] * shape[1] + day[keep], minlength=shape[0] * shape[1])
    return flat.reshape(shape)
