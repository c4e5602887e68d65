"""The complaint inside a survey that nobody scored: what customers wrote, although their score is fine or missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.survey_options import SurveyOptions
from pipeline.taxonomy import load_taxonomy

_FIGURE = "complaints that nobody scored"
# columns that only a handled complaint has: their rows complain all, whatever the score
_HANDLED = ("is_complaint", "closing_note", "closed", "due", "solved", "at_fault")


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A text that complains; ``row`` is its place among the cases, ``answer`` what the score beside it counts as."""

    row: int
    id: str
    answer: str
    category: str
    cause: str
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """Complaining texts by what the score says: ``satisfied`` or ``without_score``; ``listed`` the surest of them.

    ``copies`` are texts that stand there already; they count, but are listed once. ``written``: rows with a text.
    """

    written: int
    satisfied: int
    without_score: int
    copies: int
    listed: tuple[Verbatim, ...]


def unscored(
    cases: Cases, answers: NDArray[np.int8], options: SurveyOptions
) -> tuple[Unscored | None, tuple[Missing, ...]]:
    """Find texts in which the model reads, with enough confidence, a trouble that somebody has to put right."""
    if lacking := cases.lacking(_FIGURE, "text"):
        return None, lacking
    handled = [column for column in _HANDLED if column in cases.given]
    if options.is_survey == "no" or (options.is_survey == "auto" and handled):
        return None, (Missing(_FIGURE, ("survey.is_survey",)),)
    frame = cases.frame
    harmless = {cause.id for cause in load_taxonomy().causes.values() if not cause.problem}
    complains = (frame["text"] != "") & (frame["category"] != "") & ~frame["needs_review"]
    complains &= ~frame["cause"].isin(harmless)
    fine = answers == ORDER.index(Answer.SATISFIED)
    silent = answers >= ORDER.index(Answer.REFUSED)
    chosen = frame[complains & (fine | silent)]
    first = chosen[~chosen["copy_of"].duplicated()].sort_values("confidence", ascending=False, kind="stable")
    listed = tuple(
        Verbatim(
            int(row),
            str(first.at[row, "id"]),
            ORDER[answers[row]].value,
            str(first.at[row, "category"]),
            str(first.at[row, "cause"]),
            round(float(first.at[row, "confidence"]), 4),
            str(first.at[row, "text"]),
        )
        for row in first.index[: options.most_listed]
    )
    written = int((frame["text"] != "").sum())
    found = Unscored(
        written, int((complains & fine).sum()), int((complains & silent).sum()), len(chosen) - len(first), listed
    )
    return found, ()
