"""The operator's own labels and ours: ``data/label_map.csv`` says what a leaf of the operator's tree is called here."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.resources import data_file

# levels of a path: → > >> -> as the systems write them
_LEVEL = re.compile(r"\s*(?:→|->|—>|＞|»|>)+\s*")
_COLUMNS = ("operator_system", "pattern", "category", "cause")


@dataclass(frozen=True, slots=True)
class LabelRule:
    """``levels`` that a path must hold in this order, and what they are called here; nothing for a parked label."""

    system: str
    levels: tuple[str, ...]
    category: str
    cause: str

    @property
    def parked(self) -> bool:
        """Whether the label says nothing of the complaint (其他, 全局流转)."""
        return not self.category


@dataclass(frozen=True, slots=True)
class LabelMap:
    """The rules of one system, those that say most first."""

    system: str
    rules: tuple[LabelRule, ...]

    def rule(self, path: str) -> LabelRule | None:
        """Return the rule for a path: most levels first, then the one that reaches furthest down.

        >>> shipped_map("L").rule("家庭业务 > 网络质量 > 家庭宽带 > 功能使用 > 网速慢").cause
        '宽带晚高峰慢'
        """
        levels = levels_of(path)
        reached = [(_reach(levels, rule.levels), rule) for rule in self.rules]
        fitting = [(len(rule.levels), reach, rule) for reach, rule in reached if reach]
        return max(fitting, key=lambda one: one[:2])[2] if fitting else None


def levels_of(path: str) -> tuple[str, ...]:
    """Return the levels of a path, however they are joined.

    >>> levels_of("移网>>语音 > 语音质差"), levels_of("专线->电路中断")
    (('移网', '语音', '语音质差'), ('专线', '电路中断'))
    """
    return tuple(level for level in (part.strip() for part in _LEVEL.split(path)) if level)


def read_label_map(path: Path | None = None) -> tuple[LabelMap, ...]:
    """Read a table of labels (None = the shipped one); ``SettingsError`` if it cannot be read or lacks a column."""
    source = path or data_file("label_map.csv")
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SettingsError(f"The table {source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The table {source} is not UTF-8 text. Save it as UTF-8 (in Excel: CSV UTF-8).") from None
    missing = [name for name in _COLUMNS if rows and name not in rows[0]]
    if missing or not rows:
        raise SettingsError(f"{source} is no table of labels; its columns must be {', '.join(_COLUMNS)}.")
    rules: dict[str, list[LabelRule]] = {}
    for row in rows:
        system = row["operator_system"]
        rule = LabelRule(system, levels_of(row["pattern"]), row["category"], row["cause"])
        rules.setdefault(system, []).append(rule)
    return tuple(LabelMap(system, tuple(found)) for system, found in rules.items())


@cache
def shipped_map(system: str) -> LabelMap:
    """The shipped rules of one system; ``KeyError`` if it has none."""
    return {one.system: one for one in read_label_map()}[system]


def _reach(levels: Sequence[str], wanted: Sequence[str]) -> int:
    """How far down a path the wanted levels, all in their order, reach; 0 if they are not all there."""
    place = 0
    for level in wanted:
        found = next((at for at in range(place, len(levels)) if levels[at] == level), None)
        if found is None:
            return 0
        place = found + 1
    return place
