"""The own place among competitors in a survey that rates several operators: the place first, the share after it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.proportions import difference, wilson
from pipeline.insights.rates import Estimate
from pipeline.insights.survey_options import SurveyOptions

_FIGURE = "place among competitors"


@dataclass(frozen=True, slots=True)
class PeerRow:
    """An operator's satisfaction in a region (empty = all), ``place`` 1 being the best; equal shares share a place.

    ``operator`` is empty for the own one. ``behind``: the leader's share less this one's; ``clear`` whether its whole
    interval lies above 0.
    """

    region: str
    operator: str
    answered: int
    share: Estimate
    place: int
    behind: Estimate
    clear: bool
    small: bool


@dataclass(frozen=True, slots=True)
class PeerPlace:
    """The own ``place`` of ``operators``; in ``regions`` where several are rated it is ``not_first`` in so many."""

    place: int
    operators: int
    regions: int
    not_first: int
    share_not_first: float | None


def peer_places(
    cases: Cases, answers: NDArray[np.int8], options: SurveyOptions
) -> tuple[tuple[PeerRow, ...], PeerPlace | None, tuple[Missing, ...]]:
    """Rank the operators overall and by region; only where the settings say that the column names who is rated."""
    if not options.peers:
        return (), None, (Missing(_FIGURE, ("competitor", "survey.peers")),)
    if lacking := cases.lacking(_FIGURE, "competitor"):
        return (), None, lacking
    operator = cases.frame["competitor"].astype(str).replace(options.own, "") if options.own else _text(cases)
    table = pd.DataFrame(
        {
            "region": cases.frame["region"].astype(str),
            "operator": operator,
            "satisfied": answers == ORDER.index(Answer.SATISFIED),
        }
    )[answers <= ORDER.index(Answer.DISSATISFIED)]
    whole = _ranked(table.assign(region=""), options)
    regions = _ranked(table[table["region"] != ""], options)
    return (*whole, *regions), _own(whole, regions), ()


def _text(cases: Cases) -> pd.Series:
    return cases.frame["competitor"].astype(str)


def _ranked(table: pd.DataFrame, options: SurveyOptions) -> list[PeerRow]:
    counts = table.groupby(["region", "operator"], sort=True)["satisfied"].agg(["sum", "size"]).reset_index()
    counts["share"] = counts["sum"] / counts["size"]
    counts = counts.sort_values(["region", "share", "operator"], ascending=[True, False, True], ignore_index=True)
    places = counts.groupby("region")["share"].rank(method="min", ascending=False).astype(int)
    leaders = counts.groupby("region")[["sum", "size"]].transform("first")
    shares = wilson(counts["sum"], counts["size"], options.confidence)
    behind = difference((leaders["sum"], leaders["size"]), (counts["sum"], counts["size"]), options.confidence)
    return [
        PeerRow(
            region,
            operator,
            int(answered),
            shares[at],
            int(place),
            behind[at],
            int(place) > 1 and bool(behind.low[at] > 0),
            int(answered) < options.small_base,
        )
        for at, (region, operator, answered, place) in enumerate(
            zip(counts["region"], counts["operator"], counts["size"], places, strict=True)
        )
    ]


def _own(whole: list[PeerRow], regions: list[PeerRow]) -> PeerPlace | None:
    own = [row for row in whole if not row.operator]
    if not own or len(whole) < 2:
        return None
    several = pd.Series([row.region for row in regions], dtype=object).value_counts()
    held = [row for row in regions if not row.operator and several[row.region] > 1]
    behind = sum(row.place > 1 for row in held)
    return PeerPlace(own[0].place, len(whole), len(held), behind, behind / len(held) if held else None)
