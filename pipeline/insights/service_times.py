"""How long it took, and whether in time: by the ticket's own due time, else by limits; with and without the nights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.shares import Share, share
from pipeline.insights.solving import SolvedShares, solved_of, solved_shares
from pipeline.insights.steps import LateStep, StepTime, late_steps, step_times
from pipeline.insights.tallying import codes_of

_DAY, _HOUR = 86_400, 3_600.0
UNITS = ("region", "category", "department", "handler_group", "channel", "tier")


@dataclass(frozen=True, slots=True)
class ServiceTimesOptions:
    """Limits and nights.

    In hours: ``contact`` from acceptance to the first contact, ``closing`` (each counted by itself) to
    closing, ``call_back`` to the first answer. ``night_from`` and ``night_to``: hours of the clock between which the
    clock stands still in figures without nights. ``units``: columns to break figures down by; ``largest``: rows each.
    """

    contact: float = 2.0
    closing: tuple[float, ...] = (24.0, 48.0)
    call_back: float = 72.0
    night_from: int = 22
    night_to: int = 8
    units: tuple[str, ...] = UNITS
    largest: int = 50

    def __post_init__(self) -> None:
        if not 0 <= self.night_to <= self.night_from <= 24:
            raise ValueError(
                f"a night goes from an evening to a morning hour, not {self.night_from} to {self.night_to}"
            )


@dataclass(frozen=True, slots=True)
class OnTime:
    """The share in time by one rule: ``due``, ``contact``, ``closing`` or ``call_back``.

    ``hours`` is its limit, ``None`` for each ticket's own. ``day_only`` leaves the nights out.
    """

    rule: str
    hours: float | None
    with_nights: Share
    day_only: Share | None


@dataclass(frozen=True, slots=True)
class Duration:
    """Hours from acceptance to closing: mean, median and nine in ten."""

    count: int
    mean: float | None
    median: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class TimesIn:
    """The figures of one value of a unit; ``in_time`` by the due time, else by the longest limit for closing."""

    unit: str
    name: str
    in_time: Share
    median_hours: float | None
    solved: SolvedShares


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """The figures.

    ``rule`` is what ``by_unit`` and late steps go by. ``closed``, ``open`` and ``odd`` (closed before accepted) make
    the complaints with an acceptance time. ``strict``: by the due time, complaints still open at the last moment of
    the dump with their time over counted as late.
    """

    rule: str
    on_time: tuple[OnTime, ...]
    strict: Share | None
    with_nights: Duration
    day_only: Duration
    closed: int
    open: int
    odd: int
    solved: SolvedShares
    by_unit: tuple[TimesIn, ...]
    steps: tuple[StepTime, ...]
    late_steps: tuple[LateStep, ...]
    missing: tuple[Missing, ...] = ()


def service_times(cases: Cases, options: ServiceTimesOptions = ServiceTimesOptions()) -> ServiceTimes:
    """Measure the service. In time means at the limit or before; shares are of complaints that are closed."""
    clock = _Clock(cases, options)
    closing = clock.hours("closed")
    done, odd = ~np.isnan(closing) & (closing >= 0), closing < 0
    rule, in_time = _main_rule(clock, closing, options)
    judged = done & ~np.isnan(in_time)
    solved = solved_of(cases.frame["solved"])
    late = judged & (in_time == 0)
    return ServiceTimes(
        rule=rule,
        on_time=tuple(_on_time(clock, closing, options)),
        strict=_strict(clock, closing),
        with_nights=_duration(closing[done]),
        day_only=_duration(clock.hours("closed", day_only=True)[done]),
        closed=int(done.sum()),
        open=int((~np.isnat(clock.moment("accepted")) & np.isnat(clock.moment("closed"))).sum()),
        odd=int(odd.sum()),
        solved=solved_shares(solved),
        by_unit=tuple(_by_unit(cases, options, closing, np.where(judged, in_time, np.nan), solved)),
        steps=step_times(cases, done),
        late_steps=late_steps(cases, late, judged & ~late),
        missing=_missing(cases),
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Times of the complaints, and the hours between them."""

    cases: Cases
    options: ServiceTimesOptions

    def moment(self, column: str) -> NDArray[np.datetime64]:
        return self.cases.frame[column].to_numpy("datetime64[s]")

    def hours(self, column: str, *, day_only: bool = False) -> NDArray[np.float64]:
        """Hours from acceptance to a later moment, ``nan`` where one of them is unknown."""
        start, end = self.moment("accepted"), self.moment(column)
        if day_only:
            return day_hours(start, end, self.options.night_from, self.options.night_to)
        return _difference(start.astype(np.int64), end.astype(np.int64), np.isnat(start) | np.isnat(end))


def day_hours(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64], night_from: int = 22, night_to: int = 8
) -> NDArray[np.float64]:
    """Hours between two moments, the nights left out: a clock that stands still from ``night_from`` to ``night_to``.

    >>> moments = np.array(["2026-03-01T21:00", "2026-03-02T09:30"], "datetime64[s]")
    >>> day_hours(moments[:1], moments[1:]).tolist()
    [2.5]
    """
    length = (night_from - night_to) * 3_600

    def shown(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
        seconds = times.astype(np.int64)
        return seconds // _DAY * length + np.clip(seconds % _DAY - night_to * 3_600, 0, length)

    return _difference(shown(start), shown(end), np.isnat(start) | np.isnat(end))


def _difference(start: NDArray[np.int64], end: NDArray[np.int64], unknown: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(unknown, np.nan, (np.where(unknown, 0, end) - np.where(unknown, 0, start)) / _HOUR)


def _main_rule(
    clock: _Clock, closing: NDArray[np.float64], options: ServiceTimesOptions
) -> tuple[str, NDArray[np.float64]]:
    """The rule that figures by unit go by, and for every complaint 1 in time, 0 late, ``nan`` not known."""
    if "due" in clock.cases.given or not options.closing:
        return "due", _judged(closing, clock.hours("due"))
    limit = max(options.closing)
    return f"closing:{limit:g}h", _judged(closing, np.full(len(closing), limit))


def _judged(hours: NDArray[np.float64], limit: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(hours) & ~np.isnan(limit)
    return np.where(known, hours <= limit, np.nan)


def _on_time(clock: _Clock, closing: NDArray[np.float64], options: ServiceTimesOptions) -> list[OnTime]:
    due = OnTime("due", None, _share_of(_judged(closing, clock.hours("due")), closing), None)
    found = [due] if due.with_nights.of else []
    limits = (("contact", "first_contact", (options.contact,)), ("closing", "closed", options.closing))
    for rule, column, hours in (*limits, ("call_back", "replied", (options.call_back,))):
        if column not in clock.cases.given:
            continue
        nights, days = clock.hours(column), clock.hours(column, day_only=True)
        for limit in hours:
            judged = [_judged(passed, np.full(len(passed), limit)) for passed in (nights, days)]
            found.append(OnTime(rule, limit, _share_of(judged[0], nights), _share_of(judged[1], nights)))
    return found


def _share_of(judged: NDArray[np.float64], hours: NDArray[np.float64]) -> Share:
    known = ~np.isnan(judged) & (hours >= 0)
    return share(int(judged[known].sum()), int(known.sum()))


def _strict(clock: _Clock, closing: NDArray[np.float64]) -> Share | None:
    """In time of all whose time is over: closed ones, and open ones past their due time at the last moment known."""
    if "due" not in clock.cases.given:
        return None
    moments = [clock.moment(column) for column in ("accepted", "closed")]
    last = np.nanmax(np.concatenate(moments)) if len(closing) else np.datetime64("NaT")
    judged = _judged(closing, clock.hours("due"))
    overdue = np.isnat(clock.moment("closed")) & (clock.moment("due") < last)
    known = ~np.isnan(judged) & (closing >= 0)
    return share(int(judged[known].sum()), int(known.sum()) + int(overdue.sum()))


def _duration(hours: NDArray[np.float64]) -> Duration:
    if not len(hours):
        return Duration(0, None, None, None)
    median, most = np.quantile(hours, [0.5, 0.9])
    return Duration(len(hours), float(hours.mean()), float(median), float(most))


def _by_unit(
    cases: Cases,
    options: ServiceTimesOptions,
    hours: NDArray[np.float64],
    in_time: NDArray[np.float64],
    solved: NDArray[np.int8],
) -> list[TimesIn]:
    units = [unit for unit in options.units if unit in cases.given]
    return [one for unit in units for one in _of_unit(cases, unit, hours, in_time, solved)[: options.largest]]


def _of_unit(
    cases: Cases, unit: str, hours: NDArray[np.float64], in_time: NDArray[np.float64], solved: NDArray[np.int8]
) -> list[TimesIn]:
    column = cases.frame[unit]
    names = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(object).astype("category")
    table = pd.DataFrame({"name": names, "hours": np.where(hours >= 0, hours, np.nan), "in_time": in_time})
    table["solved"] = solved
    found = []
    for name, part in table[codes_of(names) >= 0].groupby("name", observed=True):
        judged, known = part["in_time"].dropna(), part["hours"].dropna()
        found.append(
            TimesIn(
                unit=unit,
                name=str(name),
                in_time=share(int(judged.sum()), len(judged)),
                median_hours=float(known.median()) if len(known) else None,
                solved=solved_shares(part["solved"].to_numpy()),
            )
        )
    return sorted(found, key=lambda one: (-one.in_time.of, one.name))


def _missing(cases: Cases) -> tuple[Missing, ...]:
    return (
        *cases.lacking("service times", "accepted", "closed"),
        *cases.lacking("share in time by each ticket's limit", "due"),
        *cases.lacking("share contacted in time", "first_contact"),
        *cases.lacking("share called back in time", "replied"),
        *cases.lacking("shares of solved complaints", "solved"),
    )
