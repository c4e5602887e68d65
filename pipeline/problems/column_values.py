"""Cells of a dump's columns as values to count: numbered values, nodes of paths, levels of places."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_NODES = re.compile(r"\s*(?:→|->|=>|>+|\\|\|)\s*")
_PLACE_NODES = re.compile(rf"{_NODES.pattern}|\s*[-–—/]\s*")
_LEVELS = re.compile(
    r"(?P<province>[^省市区县路街]{2,6}(?:省|自治区))?"
    r"(?P<city>[^省市区县路街]{2,8}?(?:市|自治州|地区|盟))?"
    r"(?P<district>[^市区县路街镇乡号]{1,9}?(?:区|县|旗|市))?"
    r"(?P<town>[^区县路街号]{1,8}?(?:街道|镇|乡))?"
    r"(?P<street>[^号]{1,12}?(?:大道|大街|路|街|巷|小区|村|苑|花园|广场))?"
)
_LONGEST_PLACE = 40
_NOTHING = frozenset({"", "-", "/", "无", "其他", "其它", "未知", "不详"})


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as numbers: ``codes[i]`` is the place of row ``i``'s value in ``values`` (sorted)."""

    values: tuple[str, ...]
    codes: Ints


@dataclass(frozen=True, slots=True)
class Spread:
    """A column in which a cell may mean several values (a street lies in a district and in a city).

    Row ``rows[j]`` has value ``values[codes[j]]``; by code, then by row. ``filled`` tells which rows say anything.
    """

    values: tuple[str, ...]
    rows: Ints
    codes: Ints
    filled: NDArray[np.bool_]

    def members(self, value: int) -> Ints:
        """Rows that have a value, given by its place in ``values``."""
        start, end = np.searchsorted(self.codes, (value, value + 1))
        return self.rows[start:end]


def code(cells: Sequence[str], least: int, most: int, rest: str) -> Coded:
    """Number a column's values; those of fewer than ``least`` rows, and all but the ``most`` frequent, are ``rest``."""
    counts = Counter(cells)
    frequent = sorted((value for value, n in counts.items() if n >= least), key=lambda value: (-counts[value], value))
    kept = set(frequent[:most])
    if len(kept) < len(counts):
        kept.add(rest)
    place = {value: i for i, value in enumerate(sorted(kept))}
    other = place.get(rest, -1)
    return Coded(tuple(place), np.fromiter((place.get(cell, other) for cell in cells), np.int64, len(cells)))


def spread(cells: Sequence[str], meanings: Callable[[str], Sequence[str]], least: int) -> Spread:
    """Number the values that at least ``least`` rows have, ``meanings`` being those of a cell."""
    told = {cell: tuple(meanings(cell)) for cell in set(cells)}
    counts: Counter[str] = Counter()
    for cell, n in Counter(cells).items():
        counts.update(dict.fromkeys(told[cell], n))
    values = sorted(value for value, n in counts.items() if n >= least)
    place = {value: i for i, value in enumerate(values)}
    places = {cell: [place[value] for value in dict.fromkeys(meant) if value in place] for cell, meant in told.items()}
    rows = np.array([row for row, cell in enumerate(cells) for _ in places[cell]], np.int64)
    codes = np.array([value for cell in cells for value in places[cell]], np.int64)
    order = np.lexsort((rows, codes))
    filled = np.fromiter((bool(told[cell]) for cell in cells), bool, len(cells))
    return Spread(tuple(values), rows[order], codes[order], filled)


def plain_value(cell: str) -> tuple[str, ...]:
    """The cell itself, unless it says nothing.

    >>> plain_value(" 流量包 "), plain_value("其他")
    (('流量包',), ())
    """
    value = cell.strip()
    return () if value in _NOTHING else (value,)


def path_nodes(cell: str) -> tuple[str, ...]:
    """Nodes of a path of labels, from the root to the leaf.

    >>> path_nodes("投诉>>移网>>信号差"), path_nodes("信号差")
    (('投诉', '移网', '信号差'), ('信号差',))
    """
    return tuple(node for node in _NODES.split(cell.strip()) if node)


@lru_cache(maxsize=1 << 16)
def place_levels(cell: str) -> tuple[str, ...]:
    """Places that a region or an address lies in, from the widest to itself, each with those above it in its name.

    The signs 省 and 市 are left out, and a province before its city, because the same place comes with and without.

    >>> place_levels("江东省滨城市西海岸区人民路12号")
    ('江东', '滨城', '滨城西海岸区', '滨城西海岸区人民路', '滨城西海岸区人民路12号')
    >>> place_levels("滨城市"), place_levels("滨城-西海岸区-三支局")
    (('滨城',), ('滨城', '滨城西海岸区', '滨城西海岸区三支局'))
    """
    text = cell.strip()[:_LONGEST_PLACE]
    if text in _NOTHING:
        return ()
    nodes = [node for node in _PLACE_NODES.split(text) if node]
    if len(nodes) > 1 and not any(sign.isdigit() for sign in text):
        return _joined([], nodes)
    found = _LEVELS.match(text)
    parts = found.groupdict(default="") if found else {}
    rest = text[len("".join(parts.values())) :]
    above = [_plain(parts.pop("province"))] if parts.get("province") and parts.get("city") else []
    return _joined(above, [part for part in (*parts.values(), rest) if part])


def _joined(levels: list[str], parts: Sequence[str]) -> tuple[str, ...]:
    whole = ""
    for part in parts:
        whole += _plain(part)
        levels.append(whole)
    return tuple(levels)


def _plain(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "省市" else name


def count_distinct(keys: Sequence[str], rows: Ints) -> int:
    """Number of different keys among the rows; every empty one counts as one of its own."""
    found = [keys[row] for row in rows.tolist()]
    return len(set(found) - {""}) + found.count("")
