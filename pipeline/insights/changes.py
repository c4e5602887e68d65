"""What changed since the last run: every difference of every headline number in parts that add up to it.

Each complaint of the two runs goes a path of at most two steps: from how the last run counted it to how the last run's
model and settings would count it now (a step of the data), and from there to how this run counts it (a step of the
model, the settings, the software or a person). A part of a difference is the sum of its steps over all complaints, so
that the parts always add up.

For numbers of rows the order of the parts does not matter, because every step belongs to one complaint. Distinct
customers and shares do not add up over complaints: there the steps are made one part after the other, in the order of
:class:`Part`, and a part is the change of the number at its turn (sequential substitution, as in the decomposition of
rates by Kitagawa 1955, JASA 50:1168-1194). Another order would give other parts with the same sum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.run_tables import RunTable, matched_problems, side_by_side

Ints = NDArray[np.int64]


class Part(StrEnum):
    """Where a difference comes from, in the order in which the parts are put in.

    Of data: ``left`` (in the last run, not in this), ``new`` (accepted after the end of the last run's data, or at an
    unknown time), ``late`` (accepted up to that end, but only in this run), ``corrected`` (other text in this run).
    Of the work on them: ``model``, ``settings``, ``software`` (versions of genyin and what decides its results),
    ``decisions`` (of people), ``regrouped`` (nothing of these changed for the complaint, but the complaints around it
    did, and with them its problem), ``mixed`` (several of model, settings and software changed at once: only a run with
    one of them changed could tell them apart), ``unexplained`` (none of them changed).
    """

    LEFT = "left"
    NEW = "new"
    LATE = "late"
    CORRECTED = "corrected"
    MODEL = "model"
    SETTINGS = "settings"
    SOFTWARE = "software"
    DECISIONS = "decisions"
    REGROUPED = "regrouped"
    MIXED = "mixed"
    UNEXPLAINED = "unexplained"


PARTS = tuple(Part)
_PLACE = {part: place for place, part in enumerate(PARTS)}
LEVELS = ("all", "category", "cause", "problem", "needs_review")


@dataclass(frozen=True, slots=True)
class Between:
    """What is known of the time between the runs.

    ``decided``: ids of complaints, ``decided_problems``: ids of problems that people decided about. ``as_before``: what
    the last run's model and settings say of this run's complaints (a frame with ``id`` and any of ``category``,
    ``cause``, ``problem``, ``needs_review``): it parts data from the work on them for complaints that came or were
    corrected. Without it these count, with the labels they have now, as data.
    """

    decided: frozenset[str] = frozenset()
    decided_problems: frozenset[str] = frozenset()
    as_before: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A headline number in both runs; ``parts`` (only those that are not 0) add up to ``after`` - ``before``.

    ``level`` is one of :data:`LEVELS`, ``label`` its value (empty for all, and for those that need review);
    ``measure``: rows, customers (unknown ones count one each), share (of all counted rows, 0 of none).
    """

    level: str
    label: str
    measure: str
    before: float
    after: float
    parts: tuple[tuple[str, float], ...]

    @property
    def difference(self) -> float:
        """Return this run's number less the last run's."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Changes:
    """All headline numbers, changed or not.

    ``rows``: complaints per kind of data step (``same``: in both runs with the same text). ``turned``: what is another
    in this run: model, reading, grouping, software. ``undated``: complaints counted as new for want of a time.
    ``matched``: problems of the last run and what they are called in this (only where ids are not permanent); one that
    has no counterpart is called ``previous:`` and its id.
    """

    changes: tuple[Change, ...]
    rows: tuple[tuple[str, int], ...]
    turned: tuple[str, ...]
    undated: int
    matched: tuple[tuple[str, str], ...] = ()

    def find(self, level: str, label: str = "", measure: str = "rows") -> Change:
        """Return one number; ``KeyError`` if there is none."""
        for one in self.changes:
            if (one.level, one.label, one.measure) == (level, label, measure):
                return one
        raise KeyError((level, label, measure))


def changes(before: RunTable, after: RunTable, between: Between | None = None) -> Changes:
    """Split the difference of every headline number between two runs.

    Headline numbers are rows, distinct customers and shares: of all counted complaints, by category, cause and problem,
    and of those that need review.
    """
    between = between or Between()
    joined = side_by_side(before, after, between.as_before)
    matched: Mapping[str, str] = {}
    if not (before.facts.permanent and after.facts.permanent):
        matched = matched_problems(joined["problem_0"], joined["problem_2"])
        old, names = pd.factorize(joined["problem_0"])
        called = [matched.get(name, f"previous:{name}" if name else "") for name in names]
        joined["problem_0"] = np.array([*called, None], object)[old]
    turned = _turned(before, after)
    steps = _steps(joined, before)
    customers = _customers(joined)
    totals: list[float] = []
    found: list[Change] = []
    for level in LEVELS:
        paths = _paths(joined, level, steps, turned, between)
        found += _changes_of(level, paths, customers, totals)
    kinds = ("same", *(part.value for part in PARTS[: _PLACE[Part.MODEL]]))
    counts = np.bincount(steps + 1, minlength=len(kinds))
    undated = int((joined["accepted"].isna() & (steps == _PLACE[Part.NEW])).sum())
    rows = tuple((kind, int(count)) for kind, count in zip(kinds, counts, strict=True))
    return Changes(tuple(found), rows, turned, undated, tuple(sorted(matched.items())))


@dataclass(frozen=True, slots=True)
class _Paths:
    """Per complaint its label (a place in ``names``, -1 = not counted) at three stations, and its steps' parts."""

    names: tuple[str, ...]
    stations: tuple[Ints, Ints, Ints]
    parts: tuple[Ints, Ints] = field(repr=False)


def _steps(joined: pd.DataFrame, before: RunTable) -> Ints:
    """Part of each complaint's data step; -1 where it has none."""
    old, new = joined["in_0"].to_numpy(), joined["in_2"].to_numpy()
    late = new & ~old & (joined["accepted"].to_numpy("datetime64[s]") <= before.end)
    same = (joined["content_0"] == joined["content_2"]).to_numpy()
    steps = np.full(len(joined), -1)
    steps[old & ~new] = _PLACE[Part.LEFT]
    steps[new & ~old] = _PLACE[Part.NEW]
    steps[late] = _PLACE[Part.LATE]
    steps[old & new & ~same] = _PLACE[Part.CORRECTED]
    return steps


def _turned(before: RunTable, after: RunTable) -> tuple[str, ...]:
    names = ("model", "reading", "grouping", "software")
    return tuple(name for name in names if getattr(before.facts, name) != getattr(after.facts, name))


def _customers(joined: pd.DataFrame) -> Ints:
    """A number per customer; complaints of unknown customers have one of their own."""
    named = joined["customer_2"].where(joined["in_2"], joined["customer_0"])
    codes, _ = pd.factorize(named)
    unknown = (named == "").to_numpy() | (codes < 0)
    return np.where(unknown, codes.max(initial=0) + 1 + np.arange(len(codes)), codes).astype(np.int64)


def _paths(joined: pd.DataFrame, level: str, steps: Ints, turned: tuple[str, ...], between: Between) -> _Paths:
    start, end = _labels(joined, level, "_0"), _labels(joined, level, "_2")
    told = _labels(joined, level, "_1") if f"{level}_1" in joined else None
    names, (first, last, *asked) = _coded(start, end, *([] if told is None else [told]))
    moved = steps >= 0
    # a complaint without a data step stays where the last run had it, until something works on it
    middle = np.where(moved, last, first)
    if asked:
        known = joined["in_1"].to_numpy() & joined[f"{level}_1"].notna().to_numpy() & (last >= 0)
        middle = np.where(known & moved, asked[0], middle)
    return _Paths(names, (first, middle, last), (steps, _work(joined, level, turned, between)))


def _labels(joined: pd.DataFrame, level: str, station: str) -> pd.Series:
    """The label at a station; missing where the complaint is not counted there."""
    run = "_2" if station == "_1" else station
    counted = joined[f"in{run}"] & joined[f"counted{run}"]
    if level == "all":
        return pd.Series("", index=joined.index).where(counted)
    cells = joined[level + station]
    if level == "needs_review":
        return pd.Series("", index=joined.index).where(counted & cells.fillna(False).astype(bool))
    return cells.where(counted & (cells != ""))


def _coded(*columns: pd.Series) -> tuple[tuple[str, ...], list[Ints]]:
    codes, names = pd.factorize(pd.concat(columns).astype(object), sort=True)
    size = len(columns[0])
    parted = [codes[place * size : (place + 1) * size].astype(np.int64) for place in range(len(columns))]
    return tuple(str(name) for name in names), parted


def _work(joined: pd.DataFrame, level: str, turned: tuple[str, ...], between: Between) -> Ints:
    """Part of what was done with each complaint, should its label have changed by that."""
    decided = joined["id"].isin(between.decided).to_numpy()
    if level == "problem" and between.decided_problems:
        for station in ("_0", "_2"):
            decided = decided | joined[f"problem{station}"].isin(between.decided_problems).to_numpy()
    parts = np.full(len(joined), _PLACE[_technical(level, turned)])
    # a counting rule is a setting, whatever else has changed
    both = (joined["in_0"] & joined["in_2"]).to_numpy()
    parts[both & (joined["counted_0"] != joined["counted_2"]).to_numpy()] = _PLACE[Part.SETTINGS]
    parts[decided] = _PLACE[Part.DECISIONS]
    return parts


def _technical(level: str, turned: tuple[str, ...]) -> Part:
    settings = {"reading", "grouping"} if level == "problem" else {"reading"}
    changed = [Part.MODEL] if "model" in turned else []
    changed += [Part.SETTINGS] if settings & set(turned) else []
    changed += [Part.SOFTWARE] if "software" in turned else []
    if not changed:
        return Part.REGROUPED if level == "problem" else Part.UNEXPLAINED
    return changed[0] if len(changed) == 1 else Part.MIXED


def _changes_of(level: str, paths: _Paths, customers: Ints, totals: list[float]) -> Iterator[Change]:
    """All numbers of a level; ``totals`` holds the counted rows after each part, made by the level ``all``."""
    width = len(paths.names)
    rows: list[NDArray[np.float64]] = []
    people: list[NDArray[np.float64]] = []
    for place in range(-1, len(PARTS)):
        labels = _at(paths, place)
        if place >= 0 and not any((parts == place).any() for parts in paths.parts):
            rows.append(rows[-1])
            people.append(people[-1])
            continue
        counted = labels >= 0
        rows.append(np.bincount(labels[counted], minlength=width).astype(float))
        people.append(_distinct(labels[counted], customers[counted], width))
    if level == "all":
        totals += [float(one.sum()) for one in rows]
    shares = [one / max(total, 1.0) for one, total in zip(rows, totals, strict=True)]
    for label in range(width):
        for measure, series in (("rows", rows), ("customers", people), ("share", shares)):
            yield _change(level, paths.names[label], measure, [float(one[label]) for one in series])


def _at(paths: _Paths, place: int) -> Ints:
    """Labels after all steps of the parts up to ``place``."""
    first, middle, last = paths.stations
    data, work = paths.parts
    labels = np.where((data >= 0) & (data <= place), middle, first)
    return np.where(work <= place, last, labels)


def _distinct(labels: Ints, customers: Ints, width: int) -> NDArray[np.float64]:
    if not len(labels):
        return np.zeros(width)
    pairs = pd.unique(customers * width + labels)
    return np.bincount(pairs % width, minlength=width).astype(float)


def _change(level: str, label: str, measure: str, series: list[float]) -> Change:
    parts = ((part.value, series[place + 1] - series[place]) for place, part in enumerate(PARTS))
    return Change(level, label, measure, series[0], series[-1], tuple(one for one in parts if one[1]))
