"""Complaints per ten thousand users (万投比) and appeals per million (百万用户申诉率), the base named beside each.

A rate of a month is complaints over users of that month; that of several months is complaints over user-months, the
mean rate of a month. Intervals are exact for Poisson counts (``rates.rate``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from pipeline.insights.calendar import Calendar, Period, month_end, span
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.funnel import Funnel, funnel
from pipeline.insights.rate_labels import labelled, line_of
from pipeline.insights.rates import CONFIDENCE, Estimate, Tally, rate
from pipeline.insights.subscribers import WHOLE, Subscribers
from pipeline.taxonomy import Taxonomy, load_taxonomy

_USUAL_BASE = "mobile+broadband|total|mobile"
# which causes speak of which business; the first that fits decides
_LINES: Mapping[str, str] = {
    "tv": r"IPTV|机顶盒|电视",
    "enterprise": r"专线|政企|企业|集团|物联卡",
    "broadband": r"宽带|光猫|FTTR|WiFi|片区断网|光缆|光改|无端口|移机|装机|布线|固话",
    "lte": r"4G|5G|VoLTE|手机上网|弱覆盖|室内信号|高铁|基站|达量限速|流量",
}


@dataclass(frozen=True, slots=True)
class UserRatesOptions:
    """How rates are made.

    ``per`` complaints, ``per_appeals`` appeals. ``bases``: which users a label is divided by, category id or business
    or ``appeals`` = bases, ``*`` for all others; ``a+b|c`` means a and b together, or c where the table lacks one.
    ``lines``: business = pattern of the causes that belong to it. ``small_base``: users below which a rate is marked.
    ``missing_month``: ``leave_out`` a month without users, or take the ``latest`` before it (each rate says so).
    """

    per: int = 10_000
    per_appeals: int = 1_000_000
    bases: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=lambda: dict(_LINES))
    small_base: int = 100
    missing_month: str = "leave_out"
    calendar: Calendar = field(default_factory=Calendar)
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        if self.missing_month not in ("leave_out", "latest"):
            raise ValueError(f"missing_month is leave_out or latest, not {self.missing_month!r}")

    def base_of(self, what: str, level: str, label: str) -> str:
        """Return the bases, as written, that a label is divided by."""
        if what in self.bases:
            return self.bases[what]
        if label in self.bases:
            return self.bases[label]
        usual = self.bases.get("*", _USUAL_BASE)
        if level == "business" and label:
            return {"lte": "lte|mobile", "enterprise": "enterprise"}.get(label, label)
        return "broadband" if label == "installation" else usual

    def bases_of_problem(self, category: str, cause: str) -> tuple[str, ...]:
        """Return the bases, as written, that a problem is divided by, the closest first: its business, its category.

        >>> UserRatesOptions().bases_of_problem("network", "宽带频繁掉线")
        ('broadband', 'mobile+broadband|total|mobile')
        """
        business = line_of(cause, self.lines) if cause else ""
        closest = (self.base_of("complaints", "business", business),) if business else ()
        return (*closest, self.base_of("complaints", "category", category))


USUAL = UserRatesOptions()


@dataclass(frozen=True, slots=True)
class UserRate:
    """A rate with all it takes to check it.

    ``what``: complaints or appeals. ``level``: all, category, regulator (the three classes) or business; ``label`` its
    value (empty of business: causes of none). ``region`` empty = all, ``month`` empty = all months with users.
    ``users``: those of the month, the mean of the months for several; ``user_months`` their sum, the divisor. ``base``:
    which users. ``rate``: per ``per`` users and month. ``small_base``: fewer users than the settings want.
    ``partial``: the data begin or end within the month. ``users_from``: month of the users where it is another one.
    """

    what: str
    level: str
    label: str
    region: str
    month: str
    count: int
    users: float
    user_months: float
    base: str
    per: int
    rate: Estimate
    small_base: bool
    partial: bool
    users_from: str = ""


@dataclass(frozen=True, slots=True)
class LabelFunnel:
    """The funnel plot of a label over the regions, all months together."""

    what: str
    level: str
    label: str
    base: str
    plot: Funnel


@dataclass(frozen=True, slots=True)
class UserRates:
    """All rates; ``classes``: complaints by own category and the regulator's class, side by side.

    ``outside``: complaints in regions that the table does not have (they count in the rates of all regions).
    ``undated``: complaints without a time, in no rate. ``absent``: (month, region, base) without users.
    """

    rates: tuple[UserRate, ...] = ()
    funnels: tuple[LabelFunnel, ...] = ()
    classes: tuple[tuple[str, str, int], ...] = ()
    outside: tuple[tuple[str, int], ...] = ()
    undated: int = 0
    absent: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[Missing, ...] = ()


def user_rates(
    cases: Cases,
    options: UserRatesOptions = USUAL,
    subscribers: Subscribers | None = None,
    taxonomy: Taxonomy | None = None,
) -> UserRates:
    """Divide complaints and appeals by users, by category, regulator's class, business, region and month."""
    table = labelled(cases, options.lines, options.calendar, taxonomy or load_taxonomy())
    classes = _classes(table)
    lacking = cases.lacking("rates", "accepted")
    if subscribers is None or lacking:
        needs = () if subscribers else (Missing("rates", ("subscribers",)),)
        return UserRates(classes=classes, missing=(*needs, *lacking))
    dated = table[table["month"] != ""]
    work = _Work(dated, subscribers, options, span(cases, options.calendar))
    whats = ["complaints", *(["appeals"] if "escalated" in cases.given else [])]
    found = [part for what in whats for part in work.rates(what)]
    absent = tuple(sorted(work.absent))
    regions = dated["region"][~dated["region"].isin(subscribers.regions)].value_counts().sort_index()
    return UserRates(
        tuple(found),
        tuple(work.funnels),
        classes,
        tuple((str(region), int(count)) for region, count in zip(regions.index, regions, strict=True) if count),
        len(table) - len(dated),
        absent,
        (
            *(Missing(f"rates of {month}", ("subscribers",)) for month in sorted({month for month, _, _ in absent})),
            *cases.lacking("appeals per million users", "escalated"),
            *cases.lacking("rates by region", "region"),
            *work.no_base,
        ),
    )


def _classes(table: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    pairs = table.groupby(["category", "regulator"], observed=True).size().reset_index(name="count")
    rows = zip(pairs["category"], pairs["regulator"], pairs["count"], strict=True)
    return tuple(sorted((str(category), str(regulator), int(count)) for category, regulator, count in rows if category))


class _Work:
    """Counts divided by users; ``absent`` and ``no_base`` grow with what was not there."""

    def __init__(
        self, table: pd.DataFrame, subscribers: Subscribers, options: UserRatesOptions, covered: Period | None
    ) -> None:
        self._table, self._subscribers, self._options, self._covered = table, subscribers, options, covered
        self._months = _months(covered)
        self.absent: set[tuple[str, str, str]] = set()
        self.no_base: list[Missing] = []
        self.funnels: list[LabelFunnel] = []

    def rates(self, what: str) -> Iterator[UserRate]:
        """Yield all rates of complaints or of appeals, and keep the funnel plots."""
        table = self._table if what == "complaints" else self._table[self._table["appeal"]]
        for level in ("all", "category", "regulator", "business"):
            counts = table.groupby([level, "region", "month"], observed=True).size()
            by_label: dict[str, dict[tuple[str, str], int]] = {}
            for (label, region, month), count in zip(counts.index, counts, strict=True):
                by_label.setdefault(str(label), {})[str(region), str(month)] = int(count)
            # of all complaints a rate of 0 is a rate as well
            for label in sorted(by_label) or (["all"] if level == "all" else []):
                if label or level == "business":
                    yield from self._of_label(what, level, label, by_label.get(label, {}))

    def _of_label(self, what: str, level: str, label: str, counts: Mapping[tuple[str, str], int]) -> Iterator[UserRate]:
        wanted = self._options.base_of(what, level, label)
        bases = self._subscribers.choose(wanted)
        if not bases:
            self.no_base.append(Missing(f"rates of {level} {label}".rstrip(), (f"subscribers: {wanted}",)))
            return
        points: list[UserRate] = []
        for region in (WHOLE, *self._subscribers.regions):
            months = list(self._by_month(region, counts, bases))
            made = [self._rate((what, level, label, region), bases, [one]) for one in months]
            if months:
                whole = self._rate((what, level, label, region), bases, months)
                points += [whole] if region else []
                yield whole
            yield from made if len(made) > 1 else ()
        plot = self._plot(what, points)
        if level in ("all", "category") and plot:
            self.funnels.append(LabelFunnel(what, level, label, "+".join(bases), plot))

    def _by_month(
        self, region: str, counts: Mapping[tuple[str, str], int], bases: tuple[str, ...]
    ) -> Iterator[tuple[str, int, int, str]]:
        """(month, complaints, users, month of the users) of the months that have users."""
        for month in self._months:
            users = self._subscribers.users(month, region, bases, self._options.missing_month == "latest")
            if users is None:
                self.absent.add((month, region, "+".join(bases)))
                continue
            held = counts.get((region, month), 0) if region else 0
            count = held if region else sum(count for (_, when), count in counts.items() if when == month)
            yield month, count, users.count, users.month_used

    def _rate(
        self, key: tuple[str, str, str, str], bases: tuple[str, ...], months: Sequence[tuple[str, int, int, str]]
    ) -> UserRate:
        per = self._options.per if key[0] == "complaints" else self._options.per_appeals
        count, exposure = sum(one[1] for one in months), float(sum(one[2] for one in months))
        users = exposure / len(months)
        found = rate(Tally(count, exposure), self._options.confidence)
        scaled = Estimate(None if found.value is None else found.value * per, found.low * per, found.high * per)
        others = sorted({used for month, _, _, used in months if used != month})
        return UserRate(
            *key,
            months[0][0] if len(months) == 1 else "",
            count,
            users,
            exposure,
            "+".join(bases),
            per,
            scaled,
            users < self._options.small_base,
            any(self._partial(one[0]) for one in months),
            others[-1] if others else "",
        )

    def _partial(self, month: str) -> bool:
        first = date.fromisoformat(f"{month}-01")
        covered = self._covered
        return covered is not None and (
            first < covered.start <= month_end(first) or first <= covered.end < month_end(first)
        )

    def _plot(self, what: str, points: Sequence[UserRate]) -> Funnel | None:
        per = self._options.per if what == "complaints" else self._options.per_appeals
        return funnel(
            [one.region for one in points], [one.count for one in points], [one.user_months for one in points], per
        )


def _months(covered: Period | None) -> list[str]:
    """All months that the data touch, those without a complaint as well."""
    if covered is None:
        return []
    first, last = (np.datetime64(day, "M") for day in (covered.start, covered.end))
    return [str(month) for month in np.arange(first, last + 1)]
