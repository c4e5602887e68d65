"""What counts as a complaint, and the four ways to count: rows, complaints, distinct customers, distinct texts.

The official figure of an operator and ours stand side by side, each with the code of its rule:

- ``official_narrow`` (狭义): complaints with a work order, void and excluded ones left out.
- ``official_broad`` (广义): the narrow ones and those without an order (on-line grumbles).
- ``rows``, ``complaints``, ``customers``, ``texts``: ours. One complaint may own several orders, that is rows; a
  customer who is unknown counts once per complaint; near-duplicate texts count once (a campaign is one text).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.channels import ChannelOptions, channel_groups, escalated_by_channel, load_channels
from pipeline.insights.regions import RegionOptions, Regions, load_regions

NARROW, BROAD = "narrow", "broad"
_CHANNELS = ChannelOptions()


@dataclass(frozen=True, slots=True)
class CountingOptions:
    """What counts as a complaint, in every section.

    ``scope``: ``broad`` counts complaints without a work order as well, ``narrow`` leaves them out.
    ``excluded_channels``: whole cells, or groups of the channel table, that do not count. ``void``: words in the state
    of an order that make it count as returned or void (退单, 废弃 ...); empty keeps them. ``inquiries``: whether rows
    that the dump marks as no complaint count all the same; a row it says nothing of is a complaint.
    """

    scope: str = BROAD
    excluded_channels: tuple[str, ...] = ()
    void: tuple[str, ...] = ("退单", "退客服", "废弃", "作废", "撤单", "已删除", "已取消")
    inquiries: bool = False

    def __post_init__(self) -> None:
        if self.scope not in (NARROW, BROAD):
            raise ValueError(f"scope is {self.scope!r}; it must be narrow or broad")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that do not count, each under the first reason: inquiry, void, excluded_channel, no_order."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the code of its rule (see the module); ``None`` where a column is missing."""

    rule: str
    value: int | None
    official: bool


@dataclass(frozen=True, slots=True)
class CountedBy:
    """The complaints of one channel, region, category or department: rows, complaints, customers, texts, share of rows.

    ``name`` is empty where the dump does not say. ``escalated`` is the number of rows that are escalations; ``None``
    where nothing tells them.
    """

    name: str
    rows: int
    complaints: int
    customers: int
    texts: int
    share: float
    escalated: int | None


@dataclass(frozen=True, slots=True)
class Counting:
    """The headline: ``rows`` of the input are ``counted`` and ``left_out`` ones, which add up."""

    rows: int
    counted: int
    left_out: tuple[LeftOut, ...]
    figures: tuple[Figure, ...]
    by_category: tuple[CountedBy, ...]
    by_channel: tuple[CountedBy, ...]
    by_region: tuple[CountedBy, ...]
    escalated: int | None
    unknown_customers: int
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class CountingTables:
    """The tables that counting looks things up in: options of channels and regions."""

    channels: ChannelOptions = field(default_factory=ChannelOptions)
    regions: RegionOptions = field(default_factory=RegionOptions)


def counting(
    cases: Cases, options: CountingOptions = CountingOptions(), tables: CountingTables = CountingTables()
) -> Counting:
    """Count the complaints of a dump in all four ways, in all and by category, channel and region."""
    reasons = left_out(cases, options, tables.channels)
    kept = cases.frame[reasons == ""]
    numbers = _Numbers(kept)
    escalated = _escalated(kept, cases, tables.channels)
    counted_reasons = zip(*np.unique(reasons[reasons != ""].astype(str), return_counts=True), strict=True)
    return Counting(
        rows=len(cases),
        counted=len(kept),
        left_out=tuple(LeftOut(str(reason), int(rows)) for reason, rows in counted_reasons),
        figures=_figures(cases, kept, numbers, options, tables),
        by_category=_shares(kept["category"], numbers, escalated),
        by_channel=_shares(channel_groups(kept["channel"], load_channels(tables.channels)), numbers, escalated),
        by_region=_regions(kept, numbers, escalated, load_regions(tables.regions)),
        escalated=None if escalated is None else int(escalated.sum()),
        unknown_customers=int((kept["customer"] == "").sum()),
        missing=_missing(cases, options),
    )


def left_out(
    cases: Cases, options: CountingOptions = CountingOptions(), channels: ChannelOptions = _CHANNELS
) -> NDArray[np.object_]:
    """Return why each row does not count (see :class:`LeftOut`), empty for those that do."""
    frame = cases.frame
    reasons = np.full(len(frame), "", object)
    if options.scope == NARROW and "has_order" in cases.given:
        reasons[frame["has_order"].eq(False).fillna(False).to_numpy(bool)] = "no_order"
    if options.excluded_channels:
        groups = channel_groups(frame["channel"], load_channels(channels))
        outside = groups.isin(options.excluded_channels) | frame["channel"].isin(options.excluded_channels)
        reasons[outside.to_numpy(bool)] = "excluded_channel"
    if options.void:
        reasons[_holds(frame["order_state"], options.void)] = "void"
    if not options.inquiries:
        reasons[frame["is_complaint"].eq(False).fillna(False).to_numpy(bool)] = "inquiry"
    return reasons


def counted(cases: Cases, options: CountingOptions = CountingOptions(), channels: ChannelOptions = _CHANNELS) -> Cases:
    """Return the complaints that count: what every other section is made from."""
    return only(cases, left_out(cases, options, channels) == "")


def only(cases: Cases, wanted: NDArray[np.bool_]) -> Cases:
    """Return some of the complaints, numbered anew; ``copy_of`` leads to the first one that remains."""
    if wanted.all():
        return cases
    frame = cases.frame[wanted].reset_index(drop=True)
    _, first, place = np.unique(frame["copy_of"].to_numpy(), return_index=True, return_inverse=True)
    return Cases(frame.assign(copy_of=first[place].astype(np.int64)), cases.problems, cases.given)


class _Numbers:
    """Per row the number of its complaint, customer and text, so that distinct ones are counted by group."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.complaint = _or_own(pd.factorize(frame["id"])[0], (frame["id"] == "").to_numpy())
        customer = frame["customer"]
        # a row of unknown customer is one of its own, but two orders of one complaint are not two customers
        known = (customer != "").to_numpy()
        self.customer = np.where(known, customer.cat.codes, -1 - self.complaint)
        self.text = frame["copy_of"].to_numpy()

    def distinct(self) -> tuple[int, int, int]:
        # pandas tells distinct numbers by hashing, several times as fast as by sorting
        return len(pd.unique(self.complaint)), len(pd.unique(self.customer)), len(pd.unique(self.text))


def _or_own(codes: NDArray[np.int64], unknown: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(unknown, len(codes) + np.arange(len(codes)), codes)


def _figures(
    cases: Cases, kept: pd.DataFrame, numbers: _Numbers, options: CountingOptions, tables: CountingTables
) -> tuple[Figure, ...]:
    complaints, customers, texts = numbers.distinct()

    def official(scope: str) -> int:
        if scope == options.scope:
            return complaints
        how = CountingOptions(scope, options.excluded_channels, options.void, options.inquiries)
        inside = cases.frame[left_out(cases, how, tables.channels) == ""]
        return _Numbers(inside).distinct()[0]

    narrow = official(NARROW) if "has_order" in cases.given else None
    known = "customer" in cases.given
    return (
        Figure("official_narrow", narrow, True),
        Figure("official_broad", official(BROAD), True),
        Figure("rows", len(kept), False),
        Figure("complaints", complaints, False),
        Figure("customers", customers if known else None, False),
        Figure("texts", texts, False),
    )


def _escalated(kept: pd.DataFrame, cases: Cases, channels: ChannelOptions) -> NDArray[np.bool_] | None:
    """Whether each row is an escalation: as the dump says, else by its channel; None where neither is known."""
    if "escalated" in cases.given:
        return kept["escalated"].fillna(False).to_numpy(bool)
    return escalated_by_channel(kept["channel"], load_channels(channels)) if "channel" in cases.given else None


def _shares(names: pd.Series, numbers: _Numbers, escalated: NDArray[np.bool_] | None) -> tuple[CountedBy, ...]:
    """Count by name, the largest first; nothing at all where no row has a name."""
    codes, categories = names.cat.codes.to_numpy(), list(names.cat.categories)
    rows = np.bincount(codes, minlength=len(categories))
    if not any(rows[place] for place, name in enumerate(categories) if name):
        return ()
    parts = (numbers.complaint, numbers.customer, numbers.text)
    complaints, customers, texts = (_distinct_by(codes, one, len(categories)) for one in parts)
    risen = None if escalated is None else np.bincount(codes[escalated], minlength=len(categories))
    order = sorted(range(len(categories)), key=lambda place: (-rows[place], str(categories[place])))
    return tuple(
        CountedBy(
            str(categories[place]),
            int(rows[place]),
            int(complaints[place]),
            int(customers[place]),
            int(texts[place]),
            round(float(rows[place] / len(codes)), 6),
            None if risen is None else int(risen[place]),
        )
        for place in order
        if rows[place]
    )


def _distinct_by(codes: NDArray[Any], numbers: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Number of distinct ``numbers`` in each group."""
    low = int(numbers.min(initial=0))
    width = int(numbers.max(initial=0)) - low + 1
    pairs = pd.unique(codes.astype(np.int64) * width + (numbers - low))
    return np.bincount(pairs // width, minlength=groups)


def _regions(
    kept: pd.DataFrame, numbers: _Numbers, escalated: NDArray[np.bool_] | None, table: Regions
) -> tuple[CountedBy, ...]:
    found = {one.name: one for one in _shares(kept["region"], numbers, escalated)}
    return tuple(found[name] for name in table.in_order(found))


def _holds(cells: pd.Series, words: tuple[str, ...]) -> NDArray[np.bool_]:
    found = np.array([*(any(word in str(cell) for word in words) for cell in cells.cat.categories), False], bool)
    return found[cells.cat.codes.to_numpy()]


def _missing(cases: Cases, options: CountingOptions) -> tuple[Missing, ...]:
    return (
        *cases.lacking("customers", "customer"),
        *cases.lacking("official_narrow", "has_order"),
        *cases.lacking("by_channel", "channel"),
        *cases.lacking("by_region", "region"),
        *(cases.lacking("void_orders", "order_state") if options.void else ()),
    )
