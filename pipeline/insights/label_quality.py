"""The operator's own label against ours: how far they agree, and what is parked under labels that say nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import SettingsError
from pipeline.insights.agreement import kappa
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.label_map import LabelMap, LabelRule, levels_of, read_label_map
from pipeline.insights.rates import Estimate
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import codes_of, lines, tally

_PARKED_NAMES = ("全局流转", "其他", "其它")


@dataclass(frozen=True, slots=True)
class LabelQualityOptions:
    """What to compare with, and how much to list.

    ``table``: path of an own table of labels (empty: the shipped ``label_map.csv``); ``system``: the operator system
    in it (empty: the one that fits most complaints).

    ``parked``: names of levels that say nothing; ``branch``: levels that make a branch, counted from the top, levels
    that all labels share left out; ``listed`` and ``largest``: complaints named one by one and rows of a table.
    """

    table: str = ""
    system: str = ""
    parked: tuple[str, ...] = _PARKED_NAMES
    branch: int = 2
    listed: int = 200
    largest: int = 30


@dataclass(frozen=True, slots=True)
class Agreement:
    """``agreeing`` of the complaints with both labels, and Cohen's kappa with its interval."""

    agreeing: Share
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class LabelPair:
    """Complaints that the operator calls ``operator`` (in our words) and the model ``ours``."""

    operator: str
    ours: str
    complaints: int
    customers: int


@dataclass(frozen=True, slots=True)
class ParkedAt:
    """Labels that stop at a name that says nothing.

    By level of the tree they are shares of all labelled complaints, by branch of those of the branch.
    """

    name: str
    parked: Share


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where the model sees parked complaints; ``sure`` of them need no review."""

    category: str
    cause: str
    complaints: int
    customers: int
    sure: int


@dataclass(frozen=True, slots=True)
class Reassigned:
    """One parked complaint and where it belongs."""

    row: int
    id: str
    label_path: str
    category: str
    cause: str


@dataclass(frozen=True, slots=True)
class LabelQuality:
    """The figures.

    ``labelled``: complaints with a label; of these ``mapped`` ones have a name here, ``parked`` ones say nothing and
    ``unmapped`` ones stand in no table (the frequent ones in ``unmapped_labels``): together they are all labelled.
    """

    system: str
    labelled: int
    mapped: int
    parked: Share
    unmapped: int
    unmapped_labels: tuple[tuple[str, int], ...]
    by_category: Agreement
    by_cause: Agreement
    disagreements: tuple[LabelPair, ...]
    parked_by_level: tuple[ParkedAt, ...]
    parked_by_branch: tuple[ParkedAt, ...]
    belongs: tuple[Belongs, ...]
    reassigned: tuple[Reassigned, ...]
    missing: tuple[Missing, ...] = ()


def label_quality(
    cases: Cases, options: LabelQualityOptions = LabelQualityOptions(), *, maps: Sequence[LabelMap] | None = None
) -> LabelQuality:
    """Compare the operator's labels with the model's through the table of labels.

    The table is there to compare, not to tell who is right: an operator's leaf may hold several of our causes.
    ``SettingsError`` for a system that the table does not have.
    """
    labels = _Labels.of(cases, options, maps or read_label_map(Path(options.table) if options.table else None))
    pairs = labels.mapped & (codes_of(cases.frame["category"]) >= 0)
    cause_pairs = pairs & (labels.column("cause") != "") & (codes_of(cases.frame["cause"]) >= 0)
    return LabelQuality(
        system=labels.system,
        labelled=int(labels.labelled.sum()),
        mapped=int(labels.mapped.sum()),
        parked=share(int(labels.parked.sum()), int(labels.labelled.sum())),
        unmapped=int(labels.unmapped.sum()),
        unmapped_labels=labels.frequent(labels.unmapped, options.largest),
        by_category=_agreement(labels.column("category")[pairs], cases.frame["category"][pairs]),
        by_cause=_agreement(labels.column("cause")[cause_pairs], cases.frame["cause"][cause_pairs]),
        disagreements=_disagreements(cases, labels, pairs, options),
        parked_by_level=_parked_by_level(labels),
        parked_by_branch=_parked_at(labels, labels.branches(options.branch), options),
        belongs=_belongs(cases, labels, options),
        reassigned=_reassigned(cases, labels, options.listed),
        missing=cases.lacking("the operator's label against ours", "label_path", "category"),
    )


@dataclass(frozen=True, slots=True)
class _Labels:
    """What every distinct path means, and which path every complaint has (-1: none)."""

    system: str
    paths: tuple[str, ...]
    rules: tuple[LabelRule | None, ...]
    parked_level: tuple[int, ...]  # level at which a path says nothing, 0 where it says something
    code: NDArray[np.int64]

    @classmethod
    def of(cls, cases: Cases, options: LabelQualityOptions, maps: Sequence[LabelMap]) -> "_Labels":
        column = cases.frame["label_path"]
        paths, code = tuple(map(str, column.cat.categories)), codes_of(column)
        counts = np.bincount(code[code >= 0], minlength=len(paths))
        chosen = _chosen_map(paths, counts, options.system, maps)
        parked = tuple(_parked_level(path, options.parked) for path in paths)
        found = (None if level else chosen.rule(path) for path, level in zip(paths, parked, strict=True))
        rules = tuple(rule if rule and not rule.parked else None for rule in found)
        return cls(chosen.system, paths, rules, parked, code)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        return self.code >= 0

    @property
    def parked(self) -> NDArray[np.bool_]:
        return self._of_path([level > 0 for level in self.parked_level])

    @property
    def mapped(self) -> NDArray[np.bool_]:
        return self._of_path([rule is not None for rule in self.rules])

    @property
    def unmapped(self) -> NDArray[np.bool_]:
        return self.labelled & ~self.parked & ~self.mapped

    def column(self, name: str) -> NDArray[np.object_]:
        """Our category or cause that the operator's label means; empty where it means none."""
        values = np.array([*(getattr(rule, name) if rule else "" for rule in self.rules), ""], dtype=object)
        return values[self.code]

    def branches(self, levels: int) -> list[str]:
        """The branch of every path; levels that all paths share say nothing and are left out."""
        split = [levels_of(path) for path in self.paths]
        filled = [path for path in split if path]
        shared = 0
        while filled and all(len(path) > shared + levels for path in filled) and len({p[shared] for p in filled}) == 1:
            shared += 1
        return [" > ".join(path[shared : shared + levels]) for path in split]

    def frequent(self, rows: NDArray[np.bool_], largest: int) -> tuple[tuple[str, int], ...]:
        counts = np.bincount(self.code[rows], minlength=len(self.paths))
        ranked = sorted(np.flatnonzero(counts), key=lambda place: (-counts[place], self.paths[place]))
        return tuple((self.paths[place], int(counts[place])) for place in ranked[:largest])

    def _of_path(self, values: Sequence[bool]) -> NDArray[np.bool_]:
        return np.array([*values, False], bool)[self.code]


def _chosen_map(paths: Sequence[str], counts: NDArray[np.int64], system: str, maps: Sequence[LabelMap]) -> LabelMap:
    by_name = {one.system: one for one in maps}
    if system and system not in by_name:
        raise SettingsError(f"The table of labels has no operator system {system!r}; there are {', '.join(by_name)}.")
    if system:
        return by_name[system]

    def fitting(one: LabelMap) -> int:
        rules = (one.rule(path) for path in paths)
        return sum(int(count) for rule, count in zip(rules, counts, strict=True) if rule and not rule.parked)

    return max(maps, key=fitting)


def _parked_level(path: str, parked: Sequence[str]) -> int:
    return next((place for place, level in enumerate(levels_of(path), start=1) if level in parked), 0)


def _agreement(operator: NDArray[np.object_], ours: pd.Series) -> Agreement:
    one, other = pd.Series(operator, dtype=object), ours.astype(object).reset_index(drop=True)
    return Agreement(share(int((one == other).sum()), len(one)), kappa(one, other))


def _disagreements(
    cases: Cases, labels: _Labels, pairs: NDArray[np.bool_], options: LabelQualityOptions
) -> tuple[LabelPair, ...]:
    """Pairs of causes where the table names one, else of categories, that differ."""
    cause, category = labels.column("cause"), labels.column("category")
    finer = pairs & (cause != "") & (codes_of(cases.frame["cause"]) >= 0)
    frame = cases.frame
    operator = np.where(finer, cause, category)
    ours = np.where(finer, frame["cause"].astype(object), frame["category"].astype(object))
    keys = {"operator": pd.Series(operator).astype("category"), "ours": pd.Series(ours).astype("category")}
    found = tally(cases, keys, pairs & (operator != ours)).head(options.largest)
    return tuple(
        LabelPair(str(one), str(other), int(complaints), int(customers))
        for one, other, complaints, customers in lines(found)
    )


def _parked_by_level(labels: _Labels) -> tuple[ParkedAt, ...]:
    levels = np.array([*labels.parked_level, 0])[labels.code[labels.parked]]
    counts = np.bincount(levels) if len(levels) else np.zeros(0, np.int64)
    of = int(labels.labelled.sum())
    return tuple(ParkedAt(str(level), share(int(counts[level]), of)) for level in np.flatnonzero(counts))


def _parked_at(labels: _Labels, names: Sequence[str], options: LabelQualityOptions) -> tuple[ParkedAt, ...]:
    """Parked complaints by a name per path, of all labelled ones of that name."""
    table = pd.DataFrame({"name": np.array([*names, ""], dtype=object)[labels.code], "parked": labels.parked})
    table = table[labels.labelled]
    counts = table.groupby("name")["parked"].agg(["sum", "size"])
    found = counts[counts["sum"] > 0].reset_index().sort_values(["sum", "name"], ascending=[False, True])
    return tuple(
        ParkedAt(str(name), share(int(parked), int(of))) for name, parked, of in lines(found.head(options.largest))
    )


def _belongs(cases: Cases, labels: _Labels, options: LabelQualityOptions) -> tuple[Belongs, ...]:
    frame = cases.frame
    rows = labels.parked & (codes_of(frame["category"]) >= 0)
    keys = {"category": frame["category"], "cause": frame["cause"]}
    found = tally(cases, keys, rows).head(options.largest)
    sure = tally(cases, keys, rows & ~frame["needs_review"].to_numpy())
    surely = {(one.category, one.cause): int(one.complaints) for one in lines(sure)}
    return tuple(
        Belongs(str(category), str(cause), int(complaints), int(customers), surely.get((category, cause), 0))
        for category, cause, complaints, customers in lines(found)
    )


def _reassigned(cases: Cases, labels: _Labels, listed: int) -> tuple[Reassigned, ...]:
    """The parked complaints of which the model is sure, in the order of the dump."""
    sure = ~cases.frame["needs_review"].to_numpy() & (codes_of(cases.frame["category"]) >= 0)
    chosen = np.flatnonzero(labels.parked & sure)[:listed]
    cells = lines(cases.frame.iloc[chosen][["id", "label_path", "category", "cause"]].astype(str))
    return tuple(Reassigned(int(row), *one) for row, one in zip(chosen, cells, strict=True))
