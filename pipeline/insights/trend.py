"""How complaints go: all, every category and every problem by day, week or month, and against former periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar, Period, day_of_week, last_year, month_end, previous
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.rates import Estimate, Tally, rate_ratio
from pipeline.insights.series import Daily, daily

Unit = Literal["day", "week", "month"]
_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TrendOptions:
    """``unit``: "auto" takes days up to a span of ``days_up_to``, weeks up to ``weeks_up_to`` days, else months.

    ``period``: what to compare with the periods before; by default the last whole month if the data hold the month
    before too, else the last whole week (Monday to Sunday) if they hold two, else the last day.
    """

    unit: Literal["auto", "day", "week", "month"] = "auto"
    days_up_to: int = 62
    weeks_up_to: int = 400
    period: Period | None = None
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One series: ``counts`` per unit, and the complaints of the four periods (``None`` where the data do not reach).

    ``share`` of all complaints of the period; ``change`` and ``yearly_change`` are rates per day over those of the
    period before (环比) and of last year (同比), 1 for no change, with exact 95 % intervals (``rates.rate_ratio``).
    """

    kind: Literal["all", "category", "problem"]
    id: str
    counts: tuple[int, ...]
    current: int
    previous: int | None
    last_year: int | None
    last_year_previous: int | None
    share: float
    change: Estimate | None
    yearly_change: Estimate | None


@dataclass(frozen=True, slots=True)
class LabelBreak:
    """A day on which labels changed their meaning: counts of the ``old`` ones end there, of the ``new`` ones begin.

    ``kind`` is rename, merge or split.
    """

    day: date
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """All series over the same units: ``starts`` their first days, ``days`` how many of each the data cover.

    ``breaks`` lie within these units; across them the counts of the labels they name cannot be compared.
    """

    unit: Unit
    starts: tuple[date, ...]
    days: tuple[int, ...]
    period: Period | None
    previous: Period | None
    last_year: Period | None
    last_year_previous: Period | None
    lines: tuple[TrendLine, ...]
    undated: int = 0
    missing: tuple[Missing, ...] = ()
    breaks: tuple[LabelBreak, ...] = ()


def trend(cases: Cases, options: TrendOptions = TrendOptions(), *, breaks: Sequence[LabelBreak] = ()) -> Trend:
    """Count all series by unit and compare the period with the one before and with last year's.

    A complaint counts under its category, its problem and that problem's parents (``series``). A former period counts
    only where the data cover all of its days.
    """
    counted = daily(cases, options.calendar)
    if counted is None:
        return Trend("day", (), (), None, None, None, None, (), len(cases), cases.lacking("trend", "accepted"))
    span = Period(counted.days[0].item(), counted.days[-1].item())
    unit = _unit(span, options)
    starts, places = _units(counted.days, unit)
    period = options.period or usual_period(span)
    periods = (period, *_former(period, span))
    return Trend(
        unit,
        tuple(one.item() for one in starts),
        tuple(np.bincount(places, minlength=len(starts)).tolist()),
        *periods,
        tuple(_lines(counted, places, periods)),
        counted.undated,
        breaks=tuple(sorted((one for one in breaks if span.start < one.day <= span.end), key=lambda one: one.day)),
    )


def usual_period(span: Period) -> Period:
    """Return the last whole month, else week, else day of the data that has one like it before it.

    >>> usual_period(Period(date(2026, 1, 5), date(2026, 3, 30)))
    Period(start=datetime.date(2026, 3, 23), end=datetime.date(2026, 3, 29))
    """
    end = span.end if span.end == month_end(span.end) else span.end.replace(day=1) - _DAY
    if end > span.start:
        month = Period(end.replace(day=1), end)
        if previous(month).start >= span.start:
            return month
    sunday = span.end - timedelta(days=(span.end.weekday() + 1) % _WEEK)
    if sunday - timedelta(days=2 * _WEEK - 1) >= span.start:
        return Period(sunday - timedelta(days=_WEEK - 1), sunday)
    return Period(span.end, span.end)


def _unit(span: Period, options: TrendOptions) -> Unit:
    if options.unit != "auto":
        return options.unit
    return "day" if span.days <= options.days_up_to else "week" if span.days <= options.weeks_up_to else "month"


def _units(days: NDArray[np.datetime64], unit: Unit) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """First day of every unit, and the unit of every day."""
    if unit == "month":
        begins = days.astype("datetime64[M]").astype("datetime64[D]")
    elif unit == "week":
        begins = days - day_of_week(days).astype("timedelta64[D]")
    else:
        begins = days
    starts, places = np.unique(begins, return_inverse=True)
    return starts, places


def _former(period: Period, span: Period) -> tuple[Period | None, Period | None, Period | None]:
    wanted = (previous(period), last_year(period), last_year(previous(period)))
    held = [one if one.start >= span.start and one.end <= span.end else None for one in wanted]
    return held[0], held[1], held[2]


def _lines(counted: Daily, places: NDArray[np.int64], periods: tuple[Period | None, ...]) -> Iterator[TrendLine]:
    # every complaint has at most one category; those without one count in no line but this one
    categories = np.array([kind == "category" for kind in counted.kinds], bool)
    whole = counted.counts[categories].sum(axis=0) + counted.uncategorised
    counts = np.vstack([whole, counted.counts])
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    by_unit = np.add.reduceat(counts, starts, axis=1)
    sums = [_sums(counts, counted.days, one) for one in periods]
    kinds: tuple[Literal["all", "category", "problem"], ...] = ("all", *counted.kinds)
    for place, (kind, one) in enumerate(zip(kinds, ("", *counted.ids), strict=True)):
        now, before, year, year_before = (None if column is None else int(column[place]) for column in sums)
        total = int(sums[0][0]) if sums[0] is not None else 0
        yield TrendLine(
            kind,
            one,
            tuple(by_unit[place].tolist()),
            now or 0,
            before,
            year,
            year_before,
            (now or 0) / total if total else 0.0,
            _ratio((now or 0, periods[0]), (before, periods[1])),
            _ratio((now or 0, periods[0]), (year, periods[2])),
        )


def _sums(counts: NDArray[np.int64], days: NDArray[np.datetime64], period: Period | None) -> NDArray[np.int64] | None:
    if period is None:
        return None
    found: NDArray[np.int64] = counts[:, period.covers(days)].sum(axis=1)
    return found


def _ratio(now: tuple[int, Period | None], before: tuple[int | None, Period | None]) -> Estimate | None:
    (count, period), (former, former_period) = now, before
    if period is None or former is None or former_period is None or not count + former:
        return None
    return rate_ratio(Tally(count, period.days), Tally(former, former_period.days))
