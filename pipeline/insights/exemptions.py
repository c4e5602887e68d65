"""Bad scores that should not count against an employee (豁免), each with what speaks for it.

Whole complaints are listed, never people: no name of an employee goes in or comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer, AnswerMap, read_answers
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.rating_words import Words, praise_of, rating_remarks
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import mapped
from pipeline.insights.wordlists import words_of
from pipeline.taxonomy import Taxonomy, load_taxonomy

_EMPLOYEE = "员工"


class Exemption(StrEnum):
    """Why a bad score should not count."""

    SATISFIED_TEXT = "satisfied_text"  # the text is praise, or the desk passed praise on
    REVERSED_SCALE = "reversed_scale"  # the customer took the worst score for the best
    SLIP = "slip"  # the customer meant another answer
    CORRECTED = "corrected"  # a second rating corrects the first
    LATE_RATING = "late_rating"  # given long after the case was closed
    OUTSIDE_EMPLOYEE = "outside_employee"  # the cause lies with the company or the customer


@dataclass(frozen=True, slots=True)
class ExemptionsOptions:
    """``late_days``: days after closing from which a rating is late; ``listed``: complaints named per kind."""

    late_days: float = 7.0
    listed: int = 200


@dataclass(frozen=True, slots=True)
class Exempted:
    """One complaint with a bad score that should not count: its ``evidence`` as ``what:words or figure``."""

    row: int
    id: str
    kind: str
    score: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExemptedOf:
    """How many bad scores are of a kind; the kinds overlap."""

    kind: str
    complaints: int


@dataclass(frozen=True, slots=True)
class Exemptions:
    """The figures.

    ``exempted``: of all bad scores, those of any kind; ``satisfied`` of all scores as they are, and
    ``satisfied_without`` the exempted ones, which is the figure to hold against a team.

    ``listed`` names the first of every kind; ``kinds`` counts them all.
    """

    exempted: Share
    satisfied: Share
    satisfied_without: Share
    kinds: tuple[ExemptedOf, ...]
    listed: tuple[Exempted, ...]
    missing: tuple[Missing, ...] = ()


def exemptions(
    cases: Cases,
    options: ExemptionsOptions = ExemptionsOptions(),
    *,
    answers: AnswerMap | None = None,
    taxonomy: Taxonomy | None = None,
) -> Exemptions:
    """List the bad scores that something in the case speaks against.

    - *satisfied_text*: words of praise and none of a demand in the text, or praise by cause or closing note.
    - *reversed_scale*, *slip*, *corrected*: words of it in text, closing note or reason, a rating being spoken of.
    - *corrected* also: the same complaint stands there again, later, with a satisfied score.
    - *late_rating*: the score came ``late_days`` after closing.
    - *outside_employee*: cause and closing note's cause lie with the company or the customer (taxonomy), and the
      customer's own reason does not name the service; or the operator says that the company is not at fault.
    """
    scores = read_answers(cases.frame["satisfaction"], answers or AnswerMap())
    bad = np.flatnonzero(scores == ORDER.index(Answer.DISSATISFIED))
    rows = _Rows(cases, bad, scores, cases.frame.iloc[bad], options)
    facts = taxonomy or load_taxonomy()
    found: Mapping[Exemption, Words] = {kind: reading(rows, facts) for kind, reading in _READINGS.items()}
    exempted = np.zeros(len(bad), bool)
    for evidence in found.values():
        exempted |= np.array([bool(words) for words in evidence], bool)
    satisfied = int((scores == ORDER.index(Answer.SATISFIED)).sum())
    counted = int((scores <= ORDER.index(Answer.DISSATISFIED)).sum())
    return Exemptions(
        exempted=share(int(exempted.sum()), len(bad)),
        satisfied=share(satisfied, counted),
        satisfied_without=share(satisfied, counted - int(exempted.sum())),
        kinds=tuple(ExemptedOf(kind.value, sum(map(bool, words))) for kind, words in found.items()),
        listed=tuple(one for kind, words in found.items() for one in _listed(rows, kind, words)),
        missing=_missing(cases),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The complaints with a bad score: their places and their part of the table."""

    cases: Cases
    places: NDArray[np.int64]
    scores: NDArray[np.int8]
    frame: pd.DataFrame
    options: ExemptionsOptions

    def cells(self, column: str) -> list[str]:
        return [str(cell) for cell in self.frame[column]]


def _satisfied_text(rows: _Rows, _: Taxonomy) -> Words:
    causes = set(words_of("exemptions.toml")["praise_causes"])
    by_label = [
        (*_when("cause", cause, cause in causes), *_when("operator_cause", said, said in causes))
        for cause, said in zip(rows.cells("cause"), rows.cells("operator_cause"), strict=True)
    ]
    return praise_of(rows.cells("text"), rows.cells("closing_note"), by_label)


def _of_words(key: str) -> Callable[[_Rows, Taxonomy], Words]:
    def read(rows: _Rows, _: Taxonomy) -> Words:
        columns = ("text", "closing_note", "dissatisfaction_reason")
        return rating_remarks({column: rows.cells(column) for column in columns}, key)

    return read


def _corrected(rows: _Rows, taxonomy: Taxonomy) -> Words:
    """By words, or by a later satisfied score of the same complaint."""
    frame = rows.cases.frame
    good = frame.iloc[np.flatnonzero(rows.scores == ORDER.index(Answer.SATISFIED))]
    moment = "closed" if "closed" in rows.cases.given else "accepted"
    last = good[good["id"] != ""].groupby("id")[moment].max()
    later = last.reindex(rows.frame["id"]).to_numpy("datetime64[s]")
    again = later > rows.frame[moment].to_numpy("datetime64[s]")
    said = _of_words("corrected")(rows, taxonomy)
    return [
        (*words, *_when("later_score", str(when), bool(one)))
        for words, when, one in zip(said, later, again, strict=True)
    ]


def _late(rows: _Rows, _: Taxonomy) -> Words:
    days = (rows.frame["rated"] - rows.frame["closed"]).dt.total_seconds() / 86_400
    return [_when("days", f"{day:.1f}", day >= rows.options.late_days) for day in days]


def _outside(rows: _Rows, taxonomy: Taxonomy) -> Words:
    of = {cause.id: cause.attribution for cause in taxonomy.causes.values() if cause.problem}
    frame = rows.frame
    text, note = mapped(frame["cause"], of, ""), mapped(frame["closing_cause"], of, "")
    sure = ~frame["needs_review"].to_numpy(bool)
    outside = sure & (text != "") & (text != _EMPLOYEE) & (note != _EMPLOYEE)
    innocent = (~frame["at_fault"].fillna(True)).to_numpy(bool)
    reasons = words_of("exemptions.toml")["employee_reasons"]
    blamed = mapped(frame["dissatisfaction_reason"], _holds_any(frame["dissatisfaction_reason"], reasons), False)
    evidence = zip(rows.cells("cause"), text, outside & ~blamed, innocent & ~blamed & (text != _EMPLOYEE), strict=True)
    return [
        (*_when("cause", f"{cause}/{attribution}", bool(is_outside)), *_when("at_fault", "no", bool(is_innocent)))
        for cause, attribution, is_outside, is_innocent in evidence
    ]


def _holds_any(column: pd.Series, words: Sequence[str]) -> Mapping[str, bool]:
    return {cell: any(word in str(cell) for word in words) for cell in column.cat.categories}


def _when(what: str, words: str, holds: bool) -> tuple[str, ...]:
    return (f"{what}:{words}",) if holds else ()


_READINGS: Mapping[Exemption, Callable[[_Rows, Taxonomy], Words]] = {
    Exemption.SATISFIED_TEXT: _satisfied_text,
    Exemption.REVERSED_SCALE: _of_words("reversed"),
    Exemption.SLIP: _of_words("slip"),
    Exemption.CORRECTED: _corrected,
    Exemption.LATE_RATING: _late,
    Exemption.OUTSIDE_EMPLOYEE: _outside,
}


def _listed(rows: _Rows, kind: Exemption, words: Words) -> list[Exempted]:
    chosen = [place for place, one in enumerate(words) if one][: rows.options.listed]
    ids, scores = rows.frame["id"].to_numpy(), rows.frame["satisfaction"].astype(object).to_numpy()
    return [
        Exempted(int(rows.places[place]), str(ids[place]), kind.value, str(scores[place]), tuple(words[place]))
        for place in chosen
    ]


def _missing(cases: Cases) -> tuple[Missing, ...]:
    return (
        *cases.lacking("scores that should not count", "satisfaction"),
        *cases.lacking("late ratings", "rated", "closed"),
        *cases.lacking("second ratings", "id"),
    )
