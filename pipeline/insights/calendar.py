"""The reporting calendar: to which day a complaint counts, and which periods are held against which.

Operators cut their day at midnight or, for the daily brief, at 16:00, and many count a weekend to the Monday after it.
A reporting day is named after the date on which it ends: with the cut at 16:00 the day 2 March runs from 1 March 16:00
to 2 March 15:59:59.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases

_MIDNIGHT = 24
# 1 January 1970 was a Thursday; numpy counts days from there
_MONDAY_OFFSET = 3
_SATURDAY = 5
_BILL_FROM, _BILL_TO = 26, 5
_QUIET_FROM, _QUIET_TO = 16, 25


@dataclass(frozen=True, slots=True)
class Calendar:
    """How days are counted.

    ``day_cut``: hour at which the reporting day ends, 1 to 24; a complaint at that very moment belongs to the next
    day. ``weekend_to_monday``: Saturdays and Sundays count to the Monday after them.
    """

    day_cut: int = _MIDNIGHT
    weekend_to_monday: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.day_cut <= _MIDNIGHT:
            raise ValueError(f"a day ends at an hour from 1 to 24, not {self.day_cut}")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of reporting days, ``start`` and ``end`` both belonging to it."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int:
        """Number of calendar months, 0 where the period does not consist of whole ones."""
        if self.start.day != 1 or self.end != month_end(self.end):
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def covers(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Tell of every day (``datetime64[D]``) whether it is in the period; ``NaT`` is not."""
        found: NDArray[np.bool_] = (days >= np.datetime64(self.start)) & (days <= np.datetime64(self.end))
        return found


def reporting_day(
    times: "pd.Series | NDArray[np.datetime64]", calendar: Calendar = Calendar()
) -> NDArray[np.datetime64]:
    """Return the reporting day of every moment as ``datetime64[D]``; ``NaT`` stays ``NaT``.

    >>> import numpy as np
    >>> moments = np.array(["2026-03-06T15:59", "2026-03-06T16:00", "NaT"], "datetime64[s]")  # a Friday
    >>> [str(day) for day in reporting_day(moments, Calendar(day_cut=16, weekend_to_monday=True))]
    ['2026-03-06', '2026-03-09', 'NaT']
    """
    moments = np.asarray(times, "datetime64[s]")
    days = (moments + np.timedelta64(_MIDNIGHT - calendar.day_cut, "h")).astype("datetime64[D]")
    return _off_the_weekend(days) if calendar.weekend_to_monday else days


def day_of_week(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return 0 for Monday to 6 for Sunday; whatever stands for ``NaT`` has no meaning."""
    return (days.astype("datetime64[D]").astype(np.int64) + _MONDAY_OFFSET) % 7


def _off_the_weekend(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    late = day_of_week(days) - _SATURDAY
    return np.where(late < 0, days, days + (2 - late).astype("timedelta64[D]"))


def span(cases: Cases, calendar: Calendar = Calendar()) -> Period | None:
    """Return the first and last reporting day of the complaints; ``None`` where no acceptance time is known."""
    days = reporting_day(cases.frame["accepted"], calendar)
    days = days[~np.isnat(days)]
    return Period(days.min().item(), days.max().item()) if len(days) else None


def previous(period: Period) -> Period:
    """Return the period before (环比): as many months before whole months, else as many days.

    >>> previous(Period(date(2026, 3, 1), date(2026, 3, 31)))
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28))
    """
    end = period.start - timedelta(days=1)
    if not period.whole_months:
        return Period(end - timedelta(days=period.days - 1), end)
    start = end
    for _ in range(period.whole_months - 1):
        start = start.replace(day=1) - timedelta(days=1)
    return Period(start.replace(day=1), end)


def last_year(period: Period) -> Period:
    """Return the same dates a year before (同比); whole months stay whole, 29 February becomes the 28th."""
    end = _a_year_before(period.end)
    return Period(_a_year_before(period.start), month_end(end) if period.whole_months else end)


def cumulated(end: date) -> Period:
    """Return the year up to a day: what a report "as of month n" (截止 n 月) counts."""
    return Period(date(end.year, 1, 1), end)


def month(year: int, number: int) -> Period:
    """Return a calendar month."""
    start = date(year, number, 1)
    return Period(start, month_end(start))


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def billing_windows(year: int, number: int) -> tuple[Period, Period]:
    """Return the ten to eleven days around the bill (26th of the month before to the 5th) and the quiet 16th to 25th.

    The two windows of an operator's 费用质疑峰谷差异率: (complaints in the first - in the second) / in the first.

    >>> billing_windows(2026, 1)[0].start
    datetime.date(2025, 12, 26)
    """
    start = date(year, number, 1)
    before = start - timedelta(days=1)
    peak = Period(before.replace(day=_BILL_FROM), start.replace(day=_BILL_TO))
    return peak, Period(start.replace(day=_QUIET_FROM), start.replace(day=_QUIET_TO))


def day_of_month(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return 1 to 31; whatever stands for ``NaT`` has no meaning."""
    return (days.astype("datetime64[D]") - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, months.monthrange(day.year - 1, day.month)[1]))
