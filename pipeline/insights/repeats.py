"""Repeated complaints by the rules that operators use, side by side, each figure with the code of its rule."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.label_map import levels_of
from pipeline.insights.links import matter_of
from pipeline.insights.repeat_rules import RepeatRule, parse_rule
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import codes_of, further_orders

_DAY, _HOUR = 86_400, 3_600
OFFICIAL = ("number/30d", "number+label/month/region", "number_or_contact/30d", "number/period/gap:1h")


@dataclass(frozen=True, slots=True)
class RepeatsOptions:
    """Which rules to count by.

    ``rules`` of the operators and ``own``, that of the same problem (codes: see ``repeat_rules``).

    ``shared``: a contact number left by more customers than that is nobody's (a shop, a placeholder) and joins none.
    ``largest``: regions in the table.
    """

    rules: tuple[str, ...] = OFFICIAL
    own: str = "number+problem/30d"
    shared: int = 10
    largest: int = 50


@dataclass(frozen=True, slots=True)
class Classes:
    """Keys by their most complaints within one window: twice, three times, four times or more."""

    twice: int
    thrice: int
    more: int


@dataclass(frozen=True, slots=True)
class RepeatsIn:
    """The repeaters of a region."""

    region: str
    classes: Classes
    complaints: int


@dataclass(frozen=True, slots=True)
class RepeatsBy:
    """What one rule finds.

    ``keys``: of all keys, those with two or more complaints in a window; ``complaints``: of all usable complaints,
    those with another of the same key in their window (days: before them; else: within it, the first one left out).
    ``groups``: key and window together with two or more, which one operator counts. ``dropped`` came within the gap or
    are further orders of one complaint; ``unusable`` lack the key or the time. Usable, dropped and unusable complaints
    are all complaints.
    """

    rule: str
    official: bool
    keys: Share
    complaints: Share
    groups: int
    classes: Classes
    dropped: int
    unusable: int
    by_region: tuple[RepeatsIn, ...]
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeats:
    """Every rule's figures, the operators' first; ``shared_contacts`` were left by too many customers to join them."""

    rules: tuple[RepeatsBy, ...]
    shared_contacts: int
    missing: tuple[Missing, ...] = ()


def repeats(cases: Cases, options: RepeatsOptions = RepeatsOptions()) -> Repeats:
    """Count repeated complaints by every rule; ``SettingsError`` for a code that is none."""
    rules = [*((parse_rule(code), True) for code in options.rules), (parse_rule(options.own), False)]
    people, shared = _people(cases, options.shared)
    counted = tuple(_by_rule(cases, rule, official, people, options) for rule, official in rules)
    return Repeats(counted, shared, cases.lacking("repeated complaints", "customer", "accepted"))


def _by_rule(
    cases: Cases, rule: RepeatRule, official: bool, people: NDArray[np.int64], options: RepeatsOptions
) -> RepeatsBy:
    key = _key(cases, rule, people)
    times = cases.frame["accepted"].to_numpy("datetime64[s]")
    usable = (key >= 0) & ~np.isnat(times)
    single = np.flatnonzero(usable & ~further_orders(cases))
    order = single[np.lexsort((times[single], key[single]))]
    kept = order[~_within_gap(key[order], times[order], rule.gap_hours)]
    window = _window(times[kept], rule.window)
    # complaints of the key within the window, up to and with each one
    place = _before(key[kept], window, times[kept].astype(np.int64), rule.days * _DAY) + 1
    most = pd.Series(place).groupby(key[kept]).max() if len(kept) else pd.Series(dtype=np.int64)
    regions = codes_of(cases.frame["region"])[kept]
    return RepeatsBy(
        rule=rule.code,
        official=official,
        keys=share(int((most >= 2).sum()), len(most)),
        complaints=share(int((place >= 2).sum()), len(kept)),
        groups=_groups(key[kept], window, place),
        classes=_classes(most),
        dropped=int(usable.sum()) - len(kept),
        unusable=len(cases) - int(usable.sum()),
        by_region=_by_region(cases, key[kept], place, regions, options.largest),
        missing=_missing(cases, rule),
    )


def _key(cases: Cases, rule: RepeatRule, people: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number per complaint for the key of a rule, -1 where a part of it is unknown."""
    parts = [people if rule.key == "number_or_contact" else codes_of(cases.frame["customer"])]
    if rule.key == "number+label":
        parts.append(_label(cases.frame["label_path"], rule.levels))
    if rule.key == "number+problem":
        parts.append(matter_of(cases).code)
    if rule.region:
        parts.append(codes_of(cases.frame["region"]))
    key = parts[0]
    for part in parts[1:]:
        key = np.where((key < 0) | (part < 0), -1, key * (int(part.max(initial=0)) + 1) + part)
    return key


def _label(paths: pd.Series, levels: int) -> NDArray[np.int64]:
    if not levels:
        return codes_of(paths)
    cut = [" > ".join(levels_of(str(path))[:levels]) for path in paths.cat.categories]
    places, _ = pd.factorize(np.array(cut, dtype=object))
    codes = codes_of(paths)
    return np.where(codes < 0, -1, np.append(places, -1)[codes])


def _people(cases: Cases, shared: int) -> tuple[NDArray[np.int64], int]:
    """Customers whom a number joins, be it the customer's or the contact's; and the contacts that too many share.

    Both columns hold keyed hashes, so that one number has one hash in both. Numbers are the nodes, complaints the
    edges, customers the connected components.
    """
    customer, contact = cases.frame["customer"], cases.frame["contact"]
    names = pd.Index(customer.cat.categories).union(pd.Index(contact.cat.categories))
    nodes = [_nodes(column, names) for column in (customer, contact)]
    both = (nodes[0] >= 0) & (nodes[1] >= 0) & (nodes[0] != nodes[1])
    pairs = pd.DataFrame({"customer": nodes[0][both], "contact": nodes[1][both]}).drop_duplicates()
    leavers = pairs["contact"].value_counts()
    crowded = leavers.index[leavers > shared]
    joined = pairs[~pairs["contact"].isin(crowded)]
    edges = (np.ones(len(joined), np.int8), (joined["customer"].to_numpy(), joined["contact"].to_numpy()))
    _, person = connected_components(coo_array(edges, shape=(len(names), len(names))), directed=False)
    nobody = np.where(np.isin(nodes[1], crowded), -1, nodes[1])
    node = np.where(nodes[0] >= 0, nodes[0], nobody)
    return np.where(node >= 0, np.append(person, -1)[node], -1).astype(np.int64), len(crowded)


def _nodes(column: pd.Series, names: pd.Index) -> NDArray[np.int64]:
    codes = codes_of(column)
    return np.where(codes < 0, -1, np.append(names.get_indexer(column.cat.categories), -1)[codes])


def _within_gap(key: NDArray[np.int64], times: NDArray[np.datetime64], hours: float) -> NDArray[np.bool_]:
    """Whether a complaint follows the one of the same key before it within the gap (of a burst the first stays)."""
    soon = np.zeros(len(key), bool)
    if hours:
        soon[1:] = (key[1:] == key[:-1]) & (np.diff(times).astype(np.int64) <= hours * _HOUR)
    return soon


def _window(times: NDArray[np.datetime64], window: str) -> NDArray[np.int64]:
    """The number of the month or quarter of every moment; one window for all where the rule has no calendar."""
    if window not in ("month", "quarter"):
        return np.zeros(len(times), np.int64)
    month = times.astype("datetime64[M]").astype(np.int64)
    return month // 3 if window == "quarter" else month


def _before(
    key: NDArray[np.int64], window: NDArray[np.int64], seconds: NDArray[np.int64], span: int
) -> NDArray[np.int64]:
    """How many complaints of the same key and window come before each (at most ``span`` seconds, 0: any).

    Rows are sorted by key and time. Keys lie so far apart on one axis that no span reaches into the next.
    """
    if not len(key):
        return np.zeros(0, np.int64)
    place = np.arange(len(key))
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]) | (window[1:] != window[:-1])
    start = np.maximum.accumulate(np.where(new, place, 0))
    if span:
        run = np.cumsum(new)
        width = int(seconds.max() - seconds.min()) + span + 1
        axis = run * width + (seconds - seconds.min())
        start = np.maximum(start, np.searchsorted(axis, axis - span, side="left"))
    return place - start


def _groups(key: NDArray[np.int64], window: NDArray[np.int64], place: NDArray[np.int64]) -> int:
    again = place >= 2
    return len(pd.DataFrame({"key": key[again], "window": window[again]}).drop_duplicates())


def _classes(most: pd.Series) -> Classes:
    return Classes(int((most == 2).sum()), int((most == 3).sum()), int((most >= 4).sum()))


def _by_region(
    cases: Cases, key: NDArray[np.int64], place: NDArray[np.int64], regions: NDArray[np.int64], largest: int
) -> tuple[RepeatsIn, ...]:
    """The repeaters by the region of their complaints; who complained in two counts in both."""
    names: list[str] = cases.frame["region"].cat.categories.tolist()
    table = pd.DataFrame({"region": regions, "key": key, "place": place})[(regions >= 0) & (place >= 2)]
    most = table.groupby(["region", "key"])["place"].max().reset_index()
    complaints: dict[Any, int] = table["region"].value_counts().to_dict()
    found = [
        RepeatsIn(names[region], _classes(most["place"][most["region"] == region]), int(count))
        for region, count in complaints.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.complaints, one.region))[:largest])


def _missing(cases: Cases, rule: RepeatRule) -> tuple[Missing, ...]:
    needed = {"number+label": ("label_path",), "number_or_contact": ("contact",)}.get(rule.key, ())
    return cases.lacking(rule.code, *needed, *(("region",) if rule.region else ()))
