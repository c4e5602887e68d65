"""Satisfaction survey: how many are satisfied, who did not answer, whom it reached, the own place among competitors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer, read_answers
from pipeline.insights.calendar import Period, month_end, reporting_day
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.peers import PeerPlace, PeerRow, peer_places
from pipeline.insights.proportions import Estimates, wilson
from pipeline.insights.rates import Estimate
from pipeline.insights.reach import Coverage, coverage
from pipeline.insights.survey_options import MONTHS, USUAL, SurveyOptions
from pipeline.insights.verbatims import Unscored, unscored
from pipeline.insights.weak_items import WeakItem, weak_items

_ANSWERED = ORDER.index(Answer.DISSATISFIED) + 1


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How a unit's customers answered in a period (``None`` = all the time).

    ``rows`` = ``satisfied`` + ``neutral`` + ``dissatisfied`` + ``refused`` + ``unanswered`` + ``unknown``; the first
    three are ``answered``. ``share``: satisfied of the answered, Wilson interval; ``response``: answered of all rows
    that say whether there is an answer. Rows without an answer may not have been asked: few dumps tell. ``unit`` is
    empty for all units that are not listed; ``small``: fewer answers than the small base.
    """

    kind: str
    unit: str
    period: Period | None
    rows: int
    answered: int
    satisfied: int
    neutral: int
    dissatisfied: int
    refused: int
    unanswered: int
    unknown: int
    share: Estimate
    response: Estimate
    small: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that customers gave, and the share of the answers that are not satisfied that gave it."""

    reason: str
    count: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class Survey:
    """All of a survey; ``unread``: cells that no answer map has, with their rows; they count in no rate."""

    whole: Satisfaction | None
    periods: tuple[Satisfaction, ...] = ()
    units: tuple[Satisfaction, ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    weak: tuple[WeakItem, ...] = ()
    reasons: tuple[Reason, ...] = ()
    coverage: Coverage | None = None
    peers: tuple[PeerRow, ...] = ()
    place: PeerPlace | None = None
    unscored: Unscored | None = None
    missing: tuple[Missing, ...] = field(default=())


def survey(cases: Cases, options: SurveyOptions = USUAL) -> Survey:
    """Count a survey, or the satisfaction column of a complaint dump.

    The official rate is satisfied over answered: an answer in the middle counts against it, as all the operators have
    it whose rules are known; refusals and silence stand beside it and are in no denominator of it.
    """
    if lacking := cases.lacking("satisfaction", "satisfaction"):
        reach, absent = coverage(cases, None, options.chain)
        return Survey(None, coverage=reach, missing=(*lacking, *absent))
    answers = read_answers(cases.frame["satisfaction"], options.answer_map)
    tables = _Tables(answers, _periods(cases, options), options)
    reach, no_reach = coverage(cases, answers < _ANSWERED, options.chain)
    rows, place, no_peers = peer_places(cases, answers, options)
    said, no_verbatims = unscored(cases, answers, options)
    return Survey(
        tables.whole(),
        tuple(tables.by_period()),
        tuple(row for column in options.units for row in tables.by_unit(column, cases.frame[column])),
        _unread(cases, answers),
        weak_items(cases, options),
        _reasons(cases, answers, options),
        reach,
        rows,
        place,
        said,
        (*_lacking(cases, options), *no_reach, *no_peers, *no_verbatims),
    )


def _lacking(cases: Cases, options: SurveyOptions) -> Iterator[Missing]:
    for column in options.units:
        yield from cases.lacking(f"satisfaction by {column}", column)
    if options.period != "whole":
        yield from cases.lacking("satisfaction by period", "accepted")
    yield from cases.lacking("reasons for dissatisfaction", "dissatisfaction_reason")


def _periods(cases: Cases, options: SurveyOptions) -> NDArray[np.int64]:
    """Number of each row's period since 1970; -1 where its time is unknown or periods are not wanted."""
    if options.period == "whole":
        return np.full(len(cases), -1)
    days = reporting_day(cases.frame["accepted"], options.calendar)
    months = days.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isnat(days), -1, months // MONTHS[options.period])


@dataclass(frozen=True, slots=True)
class _Tables:
    answers: NDArray[np.int8]
    periods: NDArray[np.int64]
    options: SurveyOptions

    def whole(self) -> Satisfaction:
        return self._rows("whole", [""], np.zeros(len(self.answers), np.int64))[0]

    def by_period(self) -> list[Satisfaction]:
        return self._by_period("whole", [""], np.zeros(len(self.answers), np.int64))

    def by_unit(self, column: str, cells: pd.Series) -> list[Satisfaction]:
        """Every unit over all the time, then in each period; rows without a unit are left out."""
        names = [str(name) for name in cells.cat.categories]
        counts = np.bincount(cells.cat.codes[cells.cat.codes >= 0], minlength=len(names))
        ranked = sorted((-count, name, at) for at, (name, count) in enumerate(zip(names, counts, strict=True)) if name)
        listed = [at for _, _, at in ranked[: self.options.most_units]]
        others = [at for _, _, at in ranked[self.options.most_units :]]
        place = np.full(len(names) + 1, -1)
        place[listed] = np.arange(len(listed))
        place[others] = len(listed)
        units = place[cells.cat.codes]
        shown = [names[at] for at in listed] + ([""] if others else [])
        return self._rows(column, shown, units) + self._by_period(column, shown, units)

    def _by_period(self, column: str, names: list[str], units: NDArray[np.int64]) -> list[Satisfaction]:
        known = self.periods >= 0
        numbers, place = np.unique(self.periods[known], return_inverse=True)
        if not len(numbers):
            return []
        cells = np.full(len(self.answers), -1)
        cells[known] = np.where(units[known] < 0, -1, units[known] * len(numbers) + place)
        spans: list[Period | None] = [self._span(int(number)) for number in numbers]
        return self._rows(column, [name for name in names for _ in spans], cells, spans * len(names))

    def _rows(
        self, column: str, names: list[str], units: NDArray[np.int64], spans: list[Period | None] | None = None
    ) -> list[Satisfaction]:
        known = units >= 0
        cells = units[known] * len(ORDER) + self.answers[known]
        counts = np.bincount(cells, minlength=len(names) * len(ORDER)).reshape(-1, len(ORDER))
        answered = counts[:, :_ANSWERED].sum(axis=1)
        told = counts.sum(axis=1) - counts[:, ORDER.index(Answer.UNKNOWN)]
        shares = wilson(counts[:, 0], answered, self.options.confidence)
        responses = wilson(answered, told, self.options.confidence)
        periods: list[Period | None] = spans or [None] * len(names)
        kept = [at for at in range(len(names)) if counts[at].sum() or spans is None]
        small = self.options.small_base
        return [
            _row(column, names[at], periods[at], counts[at], (shares, responses, at), small)  # a line per unit
            for at in kept
        ]

    def _span(self, number: int) -> Period:
        length = MONTHS[self.options.period]
        first, last = number * length, number * length + length - 1
        return Period(_month(first), month_end(_month(last)))


def _row(
    column: str,
    name: str,
    period: Period | None,
    counts: NDArray[np.int64],
    estimates: tuple[Estimates, Estimates, int],
    small: int,
) -> Satisfaction:
    shares, responses, at = estimates
    answered = int(counts[:_ANSWERED].sum())
    by_answer = {kind.value: int(count) for kind, count in zip(ORDER, counts, strict=True)}
    return Satisfaction(
        kind=column,
        unit=name,
        period=period,
        rows=int(counts.sum()),
        answered=answered,
        share=shares[at],
        response=responses[at],
        small=answered < small,
        **by_answer,
    )


def _month(number: int) -> date:
    """First day of a month counted from January 1970."""
    return date(1970 + number // 12, number % 12 + 1, 1)


def _unread(cases: Cases, answers: NDArray[np.int8]) -> tuple[tuple[str, int], ...]:
    cells = cases.frame["satisfaction"][answers == ORDER.index(Answer.UNKNOWN)].astype(str).value_counts()
    return tuple(sorted(((str(cell), int(count)) for cell, count in cells.items()), key=lambda one: (-one[1], one[0])))


def _reasons(cases: Cases, answers: NDArray[np.int8], options: SurveyOptions) -> tuple[Reason, ...]:
    unsatisfied = (answers < _ANSWERED) & (answers != ORDER.index(Answer.SATISFIED))
    given = cases.frame["dissatisfaction_reason"][unsatisfied].astype(str)
    counts = given[given != ""].value_counts()
    shares = wilson(counts.to_numpy(), np.full(len(counts), unsatisfied.sum()), options.confidence)
    rows = [Reason(str(name), int(count), shares[at]) for at, (name, count) in enumerate(counts.items())]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.reason))[: options.most])
