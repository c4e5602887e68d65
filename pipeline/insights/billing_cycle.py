"""Do complaints come with the bill? The 26th to the 5th against the 16th to the 25th (费用质疑峰谷差异率)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.calendar import Calendar, Period, billing_windows, reporting_day, span
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.rates import Estimate, Tally, rate_ratio
from pipeline.insights.series import Daily, daily
from pipeline.insights.tallying import mapped


@dataclass(frozen=True, slots=True)
class BillingCycleOptions:
    """What to count.

    ``labels``: parts of the operator's label that make the official figure; ``least``: complaints in both windows
    together that a category or problem needs to be listed.
    """

    labels: tuple[str, ...] = ("费用质疑",)
    least: int = 20
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """Complaints around the bill of a month and in its quiet days; the official rate, ``None`` without a peak."""

    month: date
    peak: int
    quiet: int
    difference: float | None


@dataclass(frozen=True, slots=True)
class BillingLine:
    """One series over all whole months.

    ``difference`` = (peak - quiet) / peak, as operators count it, with an exact 95 % interval: 1 - r, r the ratio of
    two Poisson counts (``rates.rate_ratio``). ``per_day``: complaints a day around the bill over those of a quiet
    day, which the official rate does not allow for (10 to 11 days against 10). ``follows``: its interval is above 1.
    """

    kind: Literal["official", "category", "problem"]
    id: str
    peak: int
    quiet: int
    difference: Estimate
    per_day: Estimate
    follows: bool


@dataclass(frozen=True, slots=True)
class BillingCycle:
    """The official figure by month (labels that doubt a fee), and lines for it, for categories and for problems."""

    months: tuple[BillingMonth, ...]
    lines: tuple[BillingLine, ...]
    missing: tuple[Missing, ...] = ()


def billing_cycle(cases: Cases, options: BillingCycleOptions = BillingCycleOptions()) -> BillingCycle:
    """Compare the two windows of every month whose windows the data cover."""
    missing = (*cases.lacking("billing_cycle", "accepted"), *cases.lacking("official_billing_cycle", "label_path"))
    counted, found = daily(cases, options.calendar), span(cases, options.calendar)
    if counted is None or found is None:
        return BillingCycle((), (), missing)
    windows = _windows(Period(counted.days[0].item(), counted.days[-1].item()))
    if not windows:
        return BillingCycle((), (), missing)
    official = _official(cases, counted, options)
    months = tuple(_month(official, counted.days, *pair) for pair in windows) if "label_path" in cases.given else ()
    return BillingCycle(months, tuple(_lines(official, counted, windows, options)), missing)


def _windows(covered: Period) -> list[tuple[Period, Period]]:
    first = covered.start.year * 12 + covered.start.month - 1
    last = covered.end.year * 12 + covered.end.month - 1
    pairs = [billing_windows(number // 12, number % 12 + 1) for number in range(first, last + 1)]
    return [pair for pair in pairs if pair[0].start >= covered.start and pair[1].end <= covered.end]


def _official(cases: Cases, counted: Daily, options: BillingCycleOptions) -> NDArray[np.int64]:
    """Complaints per day whose label doubts a fee."""
    column = cases.frame["label_path"]
    fits = {name: any(word in str(name) for word in options.labels) for name in column.cat.categories}
    days = reporting_day(cases.frame["accepted"], options.calendar)
    rows = mapped(column, fits, False).astype(bool) & ~np.isnat(days)
    places = (days[rows] - counted.days[0]).astype(np.int64)
    inside = (places >= 0) & (places < len(counted.days))
    return np.bincount(places[inside], minlength=len(counted.days))


def _month(counts: NDArray[np.int64], days: NDArray[np.datetime64], peak: Period, quiet: Period) -> BillingMonth:
    high, low = (int(counts[window.covers(days)].sum()) for window in (peak, quiet))
    return BillingMonth(quiet.start.replace(day=1), high, low, (high - low) / high if high else None)


def _lines(
    official: NDArray[np.int64], counted: Daily, windows: list[tuple[Period, Period]], options: BillingCycleOptions
) -> Iterator[BillingLine]:
    counts = np.vstack([official, counted.counts])
    masks = [np.logical_or.reduce([pair[side].covers(counted.days) for pair in windows]) for side in (0, 1)]
    high, low = (counts[:, mask].sum(axis=1) for mask in masks)
    exposures = [float(mask.sum()) for mask in masks]
    kinds: tuple[Literal["official", "category", "problem"], ...] = ("official", *counted.kinds)
    for place, (kind, one) in enumerate(zip(kinds, ("", *counted.ids), strict=True)):
        if high[place] + low[place] < max(options.least, 1):
            continue
        peak, quiet = int(high[place]), int(low[place])
        fall = rate_ratio(Tally(quiet, 1.0), Tally(peak, 1.0))
        difference = Estimate(None if not peak or fall.value is None else 1 - fall.value, 1 - fall.high, 1 - fall.low)
        per_day = rate_ratio(Tally(peak, exposures[0]), Tally(quiet, exposures[1]))
        yield BillingLine(kind, one, peak, quiet, difference, per_day, per_day.low > 1)
