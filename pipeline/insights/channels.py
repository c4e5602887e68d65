"""Which way a complaint came, and whether that way is an escalation: 12300, 12345, 工信部, 媒体, 315 ..."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import SettingsError
from pipeline.insights.regions import read_table
from pipeline.resources import data_file


@dataclass(frozen=True, slots=True)
class ChannelOptions:
    """Which table to use: ``table`` is the path of an own one (empty: the shipped ``channels.toml``).

    ``escalated`` and ``not_escalated`` are whole cells that are settled before the table is asked.
    """

    table: str = ""
    escalated: tuple[str, ...] = ()
    not_escalated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channels:
    """The table: groups with the words that lead to them, which of them are escalations, and single cells settled."""

    groups: Mapping[str, tuple[str, ...]]
    escalated: frozenset[str]
    settled: Mapping[str, bool] = field(default_factory=dict)

    def group(self, cell: str) -> str:
        """Return the group of a cell; the cell itself where no group fits.

        >>> [load_channels().group(cell) for cell in ("12300网站", "10000热线", "飞鸽", "")]
        ['12300', '热线', '飞鸽', '']
        """
        plain = cell.strip()
        found = plain.casefold()
        return next((name for name, words in self.groups.items() if any(word in found for word in words)), plain)

    def is_escalated(self, cell: str) -> bool:
        """Tell whether a complaint that came this way counts as escalated."""
        plain = cell.strip()
        return self.settled[plain] if plain in self.settled else self.group(plain) in self.escalated


def load_channels(options: ChannelOptions = ChannelOptions()) -> Channels:
    """Read the table; ``SettingsError`` says what is wrong with it."""
    path = Path(options.table) if options.table else data_file("channels.toml")
    groups: dict[str, tuple[str, ...]] = {}
    escalated = set()
    for entry in read_table(path).get("group", ()):
        if not entry.get("name") or not entry.get("words"):
            raise SettingsError(f"{path}: every [[group]] needs a name and a list of words.")
        groups[entry["name"]] = tuple(str(word).casefold() for word in entry["words"])
        if entry.get("escalated", False):
            escalated.add(entry["name"])
    settled = {**dict.fromkeys(options.escalated, True), **dict.fromkeys(options.not_escalated, False)}
    return Channels(groups, frozenset(escalated), settled)


def channel_groups(cells: pd.Series, table: Channels) -> pd.Series:
    """Return the group of every row as a categorical column; empty where the channel is unknown."""
    groups = np.array([table.group(str(cell)) for cell in cells.cat.categories] or [""], object)
    return pd.Series(groups[cells.cat.codes.to_numpy()], index=cells.index).astype("category")


def escalated_by_channel(cells: pd.Series, table: Channels) -> NDArray[np.bool_]:
    """Tell of every row whether it came by an escalated channel; false where the channel is unknown."""
    found = np.array([*(table.is_escalated(str(cell)) for cell in cells.cat.categories), False], bool)
    return found[cells.cat.codes.to_numpy()]
