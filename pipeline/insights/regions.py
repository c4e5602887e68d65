"""One name per region: 滨城市 and 滨城 are the same, buckets for what is no region, and the fixed order of a report."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import SettingsError
from pipeline.resources import data_file

_LEAST = 2  # characters that must remain of a name


@dataclass(frozen=True, slots=True)
class RegionOptions:
    """Which table to use: ``table`` is the path of an own one (empty: the shipped ``regions.toml``).

    ``order`` and ``suffixes`` replace the table's where they are not empty. With an order, a region that is not in it
    counts to ``rest``; empty keeps every region under its own name.
    """

    table: str = ""
    order: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    rest: str = "其他"


@dataclass(frozen=True, slots=True)
class Regions:
    """The table: endings to leave out, the fixed order, other names, buckets by cell, and where the rest counts to."""

    suffixes: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    buckets: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""

    def name(self, cell: str) -> str:
        """Return the region a cell means; empty for an empty cell.

        >>> table = load_regions()
        >>> [table.name(cell) for cell in ("滨城市", " 滨城", "沙市", "省外", "-", "")]
        ['滨城', '滨城', '沙市', '异地', '其他', '']
        """
        plain = cell.strip()
        if not plain:
            return ""
        if plain.casefold() in self.buckets:
            return self.buckets[plain.casefold()]
        found = self.names.get(plain) or self._without_suffix(plain)
        found = self.names.get(found, found)
        return self.rest if self.order and self.rest and found not in self.order else found

    def in_order(self, regions: Iterable[str]) -> tuple[str, ...]:
        """Sort regions: those of the fixed order first, then the others as they come, buckets and unknown last."""
        place = {name: number for number, name in enumerate(self.order)}
        last = {*self.buckets.values(), ""}
        return tuple(
            sorted(dict.fromkeys(regions), key=lambda one: (one in last, place.get(one, len(place)), one == ""))
        )

    def _without_suffix(self, plain: str) -> str:
        for suffix in self.suffixes:
            if plain.endswith(suffix) and len(plain) >= len(suffix) + _LEAST:
                return plain.removesuffix(suffix)
        return plain


def load_regions(options: RegionOptions = RegionOptions()) -> Regions:
    """Read the table; ``SettingsError`` says what is wrong with it."""
    found = read_table(Path(options.table) if options.table else data_file("regions.toml"))
    suffixes = options.suffixes or tuple(found.get("suffixes", ()))
    order = options.order or tuple(found.get("order", ()))
    buckets = {cell.casefold(): name for name, cells in found.get("buckets", {}).items() for cell in cells}
    longest_first = tuple(sorted(suffixes, key=len, reverse=True))
    bare = Regions(longest_first, names=found.get("names", {}), buckets=buckets)
    # the order may be written with or without the endings
    return Regions(longest_first, tuple(bare.name(one) for one in order), bare.names, buckets, options.rest)


def normalised(cells: pd.Series, table: Regions) -> pd.Series:
    """Return a categorical column of regions under their one name; the work is done once per distinct cell."""
    held = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
    names = [table.name(str(cell)) for cell in held.cat.categories]
    distinct = list(dict.fromkeys(names))
    place = {name: number for number, name in enumerate(distinct)}
    codes = pd.Series([*(place[name] for name in names), -1]).to_numpy()[held.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct)), index=cells.index)


def read_table(path: Path) -> Mapping[str, Any]:
    """Read a TOML table of ours or of the user; ``SettingsError`` when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The table {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The table {path} is not valid TOML: {error}.") from None
