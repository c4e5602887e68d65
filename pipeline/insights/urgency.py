"""Signs that a problem cannot wait: growth, a relapse, escalation, customers about to leave."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar
from pipeline.insights.cases import Cases
from pipeline.insights.leaving import Leaving, said_of_leaving
from pipeline.insights.marks import WEEKLY, History, Mark, mark
from pipeline.insights.proportions import wilson
from pipeline.insights.series import daily
from pipeline.insights.wordlists import distinct_texts

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Urgency:
    """Points of each sign; three and more are high, one and more medium (see ``priority``).

    ``some``: complaints of escalation or leaving that count as a sign at all; a share whose 95 % interval lies above
    that of all complaints counts ``escalated`` or ``leaving`` instead.
    """

    regressed: float = 3.0
    growing: float = 2.0
    new: float = 1.0
    escalated: float = 2.0
    some_escalated: float = 1.0
    leaving: float = 2.0
    some_leaving: float = 1.0
    some: int = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a rank: a code, the figure behind it, and the points it gave (0: part of the impact).

    Codes: ``customers``, ``enterprise`` (customers of enterprise accounts), ``high_tier`` (customers of 5 stars and
    more), ``regressed``, ``growing`` (recent over former weekly rate), ``new``, ``escalated`` and ``leaving``
    (complaints), ``escalated_often`` and ``leaving_often`` (share, above that of all complaints).
    """

    code: str
    figure: float
    points: float = 0.0


def urgency_reasons(
    cases: Cases, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], urgency: Urgency, calendar: Calendar
) -> list[list[Reason]]:
    """Return the signs of every problem, in the order of ``cases.problems``; ``pairs`` are (rows, problems)."""
    rows, places = pairs
    totals = np.bincount(places, minlength=len(cases.problems))
    escalated = cases.frame["escalated"].fillna(False).to_numpy(bool)
    threatened = cases.frame["escalation_threatened"].fillna(False).to_numpy(bool)
    found = _marks(cases, urgency, calendar)
    signs = (
        (escalated | threatened, "escalated", urgency.escalated, urgency.some_escalated),
        (_leaving(cases), "leaving", urgency.leaving, urgency.some_leaving),
    )
    for sign, code, often, some in signs:
        counts = np.bincount(places[sign[rows]], minlength=len(totals))
        usual = float(sign.mean()) if len(sign) else 0.0
        above = wilson(counts, totals).low > usual
        for place in np.flatnonzero(counts >= urgency.some):
            if above[place]:
                found[place].append(Reason(f"{code}_often", float(counts[place] / totals[place]), often))
            else:
                found[place].append(Reason(code, float(counts[place]), some))
    return found


def _leaving(cases: Cases) -> NDArray[np.bool_]:
    texts, places = distinct_texts(cases)
    read = [said is not None and said.leaving is not Leaving.LEFT for said in said_of_leaving(texts)]
    return np.array(read or [False], bool)[places]


def _marks(cases: Cases, urgency: Urgency, calendar: Calendar) -> list[list[Reason]]:
    """Marks of the register where it gives any; else growth and newness within the dump, by week."""
    histories = _weekly(cases, calendar)
    found = []
    for place, given in enumerate(cases.problems["marks"]):
        own = {str(one) for one in given or ()}
        judged = mark(histories[place], WEEKLY) if histories else None
        if not own and judged is not None:
            own = {judged.mark.value}
        ratio = judged.ratio.value if judged is not None and judged.ratio.value is not None else 0.0
        points = ((Mark.REGRESSED, urgency.regressed), (Mark.GROWING, urgency.growing), (Mark.NEW, urgency.new))
        found.append([Reason(one.value, float(min(ratio, 1e6)), worth) for one, worth in points if one.value in own])
    return found


def _weekly(cases: Cases, calendar: Calendar) -> list[History]:
    """Complaints of every problem by week, counted back from the last day; a begun week at the start is left out."""
    counted = daily(cases, calendar)
    if counted is None or counted.counts.shape[1] < _WEEK:
        return []
    weeks = counted.counts.shape[1] // _WEEK
    problems = counted.counts[np.array([kind == "problem" for kind in counted.kinds], bool)]
    table = problems[:, problems.shape[1] - weeks * _WEEK :].reshape(len(problems), weeks, _WEEK).sum(axis=2)
    return [History(row) for row in table.tolist()]
