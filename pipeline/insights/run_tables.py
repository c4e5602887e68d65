"""A run as it is compared with another one: a row per complaint with what was said of it, and what made the run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_EMPTY: Mapping[str, Any] = {
    "id": "",  # what makes it the same complaint in both runs; one row each
    "accepted": pd.NaT,
    "customer": "",  # any key that is the same in both runs; empty where unknown
    "content": "",  # the text or a hash of it: another content is a corrected complaint
    "category": "",
    "cause": "",
    "problem": "",
    "needs_review": False,
    "counted": True,  # whether the counting rule takes it
}
RUN_COLUMNS = tuple(_EMPTY)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What made a run.

    ``model``: fingerprint of the weights. ``reading``, ``grouping``: settings that can change a label, or a problem
    only, as JSON or any text that is the same for the same settings. ``software``: versions. ``end``: up to when its
    data went (``None``: its last complaint). ``permanent``: problem ids are those of a register, the same in all runs.
    """

    model: str = ""
    reading: str = ""
    grouping: str = ""
    software: str = ""
    end: datetime | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class RunTable:
    """A run: ``frame`` has the columns of :data:`RUN_COLUMNS`."""

    frame: pd.DataFrame
    facts: RunFacts = field(default_factory=RunFacts)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def end(self) -> "np.datetime64":
        """Up to when the data went; ``NaT`` where no time is known."""
        if self.facts.end is not None:
            return np.datetime64(self.facts.end, "s")
        last = self.frame["accepted"].max()
        return np.datetime64("NaT", "s") if pd.isna(last) else np.datetime64(last, "s")


def make_run(columns: Mapping[str, Iterable[Any]], facts: RunFacts | None = None) -> RunTable:
    """Build a run from some columns, ``id`` among them.

    ``KeyError`` without ids, ``ValueError`` for an id that stands there twice or a column nobody knows.
    """
    unknown = sorted(set(columns) - set(RUN_COLUMNS))
    if unknown:
        raise ValueError(f"a run has the columns {', '.join(RUN_COLUMNS)}; wrong: {', '.join(unknown)}")
    held = {name: list(values) for name, values in columns.items()}
    count = len(held["id"])
    frame = pd.DataFrame({name: held.get(name, [empty] * count) for name, empty in _EMPTY.items()})
    frame["accepted"] = pd.to_datetime(frame["accepted"]).astype("datetime64[s]")
    twice = frame["id"][frame["id"].duplicated()]
    if len(twice):
        raise ValueError(f"the id {twice.iloc[0]!r} stands in a run twice")
    return RunTable(frame.astype({"needs_review": bool, "counted": bool}), facts or RunFacts())


def side_by_side(before: RunTable, after: RunTable, as_before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per complaint of either run: columns of the last run end in _0, of this run in _2.

    ``as_before`` is a frame with ``id`` and columns that end in _1. ``in_0`` to ``in_2`` tell where a complaint stands,
    ``accepted`` is its time in this run, else in the last.
    """
    frames = {"_0": before.frame, "_2": after.frame}
    # numbers instead of a join by text, which takes ten times as long
    codes, ids = pd.factorize(pd.concat([before.frame["id"], after.frame["id"]], ignore_index=True))
    places = {"_0": codes[: len(before)], "_2": codes[len(before) :]}
    if as_before is not None:
        found = pd.Index(ids).get_indexer(as_before["id"])
        frames["_1"], places["_1"] = as_before[found >= 0], found[found >= 0]
    columns: dict[str, NDArray[Any]] = {"id": np.asarray(ids, object)}
    for station, frame in frames.items():
        columns[f"in{station}"] = np.zeros(len(ids), bool)
        columns[f"in{station}"][places[station]] = True
        for name in frame.columns.drop("id"):
            columns[name + station] = _spread(frame[name], places[station], len(ids))
    joined = pd.DataFrame(columns, copy=False)
    joined["accepted"] = joined["accepted_2"].fillna(joined["accepted_0"])
    return joined


def _spread(cells: pd.Series, places: NDArray[np.int64], size: int) -> NDArray[Any]:
    """A column in the rows of the joined table; missing in the others (false of flags)."""
    values = cells.to_numpy() if cells.dtype.kind in "bM" else cells.to_numpy(object)
    empty = {"b": False, "M": np.datetime64("NaT")}.get(cells.dtype.kind)
    found = np.full(size, empty, values.dtype)
    found[places] = values
    return found


def matched_problems(before: pd.Series, after: pd.Series) -> dict[str, str]:
    """Return the problems of two runs that have most complaints in common, each in one pair at most.

    ``before`` and ``after`` hold the problem of the same complaint in each place; empty or missing where it has none.
    """
    known = (before.notna() & (before != "") & after.notna() & (after != "")).to_numpy()
    both = pd.DataFrame({"old": before[known], "new": after[known]}).astype("category")
    pairs = (
        both.groupby(["old", "new"], observed=True)
        .size()
        .rename("count")
        .reset_index()
        .astype({"old": str, "new": str})
    )
    pairs = pairs.sort_values(["count", "old", "new"], ascending=[False, True, True])
    sizes = [pairs.groupby(name)["count"].sum() for name in ("old", "new")]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for one, other, count in zip(pairs["old"], pairs["new"], pairs["count"], strict=True):
        # half of either: less is a part that went elsewhere, not the problem
        if one in found or other in taken or 2 * count < min(sizes[0][one], sizes[1][other]):
            continue
        found[one] = other
        taken.add(other)
    return found
