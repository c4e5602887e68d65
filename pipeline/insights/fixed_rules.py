"""The alarm rules that complaint desks use by hand, to be shown beside ours: fixed counts, no baseline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar, Period, month_end, previous, reporting_day, span
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.tallying import codes_of
from pipeline.insights.trend import usual_period

Rule = Literal["keyword", "city_day", "label_month", "change"]


@dataclass(frozen=True, slots=True)
class FixedRulesOptions:
    """The usual limits.

    ``keyword``: at least so many of a cause (of a label where the dump has causes for none) in the period;
    ``city_day``: more than so many of a region on a day; ``label_month``: more than so many of a label in a month;
    ``change``: a cause's count changed by at least this share and by at least ``least_change`` (5 % of all complaints
    of the period, but 3 to 12). ``period``: as in ``trend``.
    """

    keyword: int = 5
    city_day: int = 10
    label_month: int = 500
    change: float = 0.5
    least_change: tuple[float, int, int] = (0.05, 3, 12)
    period: Period | None = None
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class FixedHit:
    """A limit passed: ``what`` (a cause, region or label) in ``when``, with the count of the period before."""

    rule: Rule
    what: str
    when: Period
    count: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FixedRules:
    """All hits, by rule, most complaints first; ``period`` is the one that keyword and change rules look at.

    ``keywords_from`` is the column the keywords were taken from.
    """

    hits: tuple[FixedHit, ...]
    period: Period | None
    keywords_from: str
    missing: tuple[Missing, ...] = ()

    def of(self, rule: Rule) -> tuple[FixedHit, ...]:
        """The hits of one rule."""
        return tuple(one for one in self.hits if one.rule == rule)


def fixed_rules(cases: Cases, options: FixedRulesOptions = FixedRulesOptions()) -> FixedRules:
    """Apply the four rules (>= 5 per keyword, > 10 per city and day, > 500 per label and month, +-50 %)."""
    missing = (
        *cases.lacking("city_day", "accepted", "region"),
        *cases.lacking("label_month", "accepted", "label_path"),
    )
    found = span(cases, options.calendar)
    source = "cause" if "cause" in cases.given else "label_path"
    if found is None:
        return FixedRules((), None, source, missing)
    period = options.period or usual_period(found)
    before = previous(period)
    days = reporting_day(cases.frame["accepted"], options.calendar)
    now, then = (_counts(cases.frame[source], one.covers(days)) for one in (period, before))
    reaches = before.start >= found.start
    hits = (
        *_keywords(now, then if reaches else None, period, options),
        *_cities(cases, days, options),
        *_labels(cases, days, options),
        *(_changes(now, then, period, options) if reaches else ()),
    )
    return FixedRules(tuple(hits), period, source, missing)


def _counts(column: pd.Series, rows: NDArray[np.bool_]) -> dict[str, int]:
    codes = codes_of(column)
    counts = np.bincount(codes[rows & (codes >= 0)], minlength=len(column.cat.categories))
    return {str(name): int(count) for name, count in zip(column.cat.categories, counts, strict=True) if name}


def _keywords(
    now: dict[str, int], then: dict[str, int] | None, period: Period, options: FixedRulesOptions
) -> Iterator[FixedHit]:
    for what, count in sorted(now.items(), key=lambda item: (-item[1], item[0])):
        if count >= options.keyword:
            yield FixedHit("keyword", what, period, count, None if then is None else then[what])


def _changes(
    now: dict[str, int], then: dict[str, int], period: Period, options: FixedRulesOptions
) -> Iterator[FixedHit]:
    share, low, high = options.least_change
    least = min(max(share * sum(now.values()), low), high)
    for what in sorted(now, key=lambda one: (-abs(now[one] - then[one]), one)):
        difference = abs(now[what] - then[what])
        if difference >= least and difference >= options.change * then[what]:
            yield FixedHit("change", what, period, now[what], then[what])


def _cities(cases: Cases, days: NDArray[np.datetime64], options: FixedRulesOptions) -> Iterator[FixedHit]:
    for what, day, count in _by_time(cases.frame["region"], days, options.city_day):
        on: date = day.item()
        yield FixedHit("city_day", what, Period(on, on), count)


def _labels(cases: Cases, days: NDArray[np.datetime64], options: FixedRulesOptions) -> Iterator[FixedHit]:
    months = days.astype("datetime64[M]")
    for what, month, count in _by_time(cases.frame["label_path"], months, options.label_month):
        first: date = month.astype("datetime64[D]").item()
        yield FixedHit("label_month", what, Period(first, month_end(first)), count)


def _by_time(column: pd.Series, times: NDArray[np.datetime64], over: int) -> Iterator[tuple[str, Any, int]]:
    """(value, time, count) of what is counted more than ``over`` times, largest first."""
    codes = codes_of(column)
    keep = (codes >= 0) & ~np.isnat(times)
    if not keep.any():
        return
    units, places = np.unique(times[keep], return_inverse=True)
    cells, counts = np.unique(codes[keep] * len(units) + places, return_counts=True)
    for place in np.lexsort((cells, -counts)):
        if counts[place] > over:
            value, unit = divmod(int(cells[place]), len(units))
            yield str(column.cat.categories[value]), units[unit], int(counts[place])
