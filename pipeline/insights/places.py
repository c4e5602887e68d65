"""Places: the common place of a problem's complaints, and hot spots, as operators find by hand (热点明细, 黑点库)."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.addresses import MASKED, kind_of, spot_of
from pipeline.insights.cases import Cases, Missing

_TRIM = re.compile(r"^[\s,，.。、;；:：()（）\-—/]+|[\s,，.。、;；:：()（）\-—/0-9A-Za-z]+$")
_DIGITS = re.compile("[0-9]+")
_ENDS = "小区|社区|大学|学院|学校|中学|小学|校区|园区|产业园|工业园|花园|家园|公寓|新村|村|屯|街|路|大厦|广场"
_END = rf"[\u3400-\u9fff]{{0,3}}?(?:{_ENDS})"
# so many of a problem's places are compared letter by letter, the most frequent first
_COMPARED = 200


@dataclass(frozen=True, slots=True)
class PlacesOptions:
    """How places are found.

    ``least``: complaints that make a hot spot (``least_cell`` for a radio cell). ``share``: of a problem's complaints
    with a place, how many a common place must hold, and ``least_common``
    at least. ``shortest``: characters of a common string. ``known``: places that
    are known spots already, besides the register's problems. ``most``: longest list of hot spots.
    """

    least: int = 5
    least_cell: int = 2
    share: float = 0.6
    least_common: int = 3
    shortest: int = 4
    known: tuple[str, ...] = ()
    most: int = 100


USUAL = PlacesOptions()


@dataclass(frozen=True, slots=True)
class CommonPlace:
    """The place that ``count`` of the ``placed`` complaints of a problem share.

    ``kind``: estate, school, village, park, road, station, building, district, cell or place. ``found_as``: spot (the
    same estate, road ... behind the house numbers) or string (the longest common part of the addresses).
    ``region``: where the spot is (a road has namesakes in other towns); empty for a string.
    """

    problem: str
    place: str
    kind: str
    count: int
    placed: int
    found_as: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A spot with many complaints; unknown customers count one each.

    ``problem``: the one with most of its complaints (``of_problem`` of them; empty: none has any). ``known_by``:
    problems of the register, or entries of the list of known places, that the spot belongs to already.
    """

    region: str
    spot: str
    kind: str
    rows: int
    customers: int
    first: date | None
    last: date | None
    category: str
    problem: str
    of_problem: int
    known_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Common places by problem and hot spots, most customers first; ``placed``: complaints whose place names a spot.

    ``hot`` is the number of hot spots in all, of which the longest list allows ``spots``.
    """

    placed: int
    common: tuple[CommonPlace, ...]
    hot: int
    spots: tuple[HotSpot, ...]
    missing: tuple[Missing, ...] = ()


def places(cases: Cases, options: PlacesOptions = USUAL) -> Places:
    """Find the common place of every problem and the hot spots."""
    if lacking := cases.lacking("common places and hot spots", "place"):
        return Places(0, (), 0, (), lacking)
    codes, distinct = pd.factorize(cases.frame["place"].astype(object))
    spots = np.array([*_spots([str(one) for one in distinct]), ""], object)[codes]
    common = _common_places(cases, spots, options)
    found = _hot_spots(cases, spots, common, options)
    return Places(int((spots != "").sum()), tuple(common), len(found), tuple(found[: options.most]))


def _spots(addresses: Sequence[str]) -> list[str]:
    """The spot of each address; addresses that differ in house numbers only are looked at once."""
    alike = [_DIGITS.sub("0", address) for address in addresses]
    spots = {one: spot_of(one) for one in dict.fromkeys(alike)}
    # a number that remains in the spot tells it from others
    found = zip(addresses, alike, strict=True)
    return [spot_of(address) if "0" in spots[one] else spots[one] for address, one in found]


def longest_common(texts: Mapping[str, int], share: float, shortest: int) -> str:
    """Return the longest string that texts with at least this share of the counts hold; empty if there is none.

    A string of n + 1 characters is only looked for where both its parts of n are common (as in Apriori: Agrawal &
    Srikant 1994). Masked parts belong to no string; digits and letters at the end are left off, unless all are.

    >>> longest_common({"东港大学城北门": 2, "东港大学城3栋": 1, "渔港路": 1}, 0.6, 4)
    '东港大学城'
    """
    needed = share * sum(texts.values())
    parts = {text: [part for part in MASKED.split(text) if len(part) >= shortest] for text in texts}
    best, common, size = "", None, shortest
    while common is None or common:
        counts: Counter[str] = Counter()
        for text, count in texts.items():
            for string in {one for part in parts[text] for one in _strings(part, size, common)}:
                counts[string] += count
        common = {string for string, count in counts.items() if count >= needed}
        best = min(common, key=lambda one: (-counts[one], one), default=best)
        size += 1
    trimmed = _TRIM.sub("", best)
    return trimmed if len(trimmed) >= shortest else best if best.isascii() else ""


def _strings(part: str, size: int, common: set[str] | None) -> list[str]:
    """Strings of one size in a text of which both shorter parts are common."""
    if common is None:
        return [part[at : at + size] for at in range(len(part) - size + 1)]
    held = [part[at : at + size - 1] in common for at in range(len(part) - size + 2)]
    return [part[at : at + size] for at, both in enumerate(pairwise(held)) if all(both)]


def _common_places(cases: Cases, spots: NDArray[np.object_], options: PlacesOptions) -> list[CommonPlace]:
    pairs = cases.with_ancestors()
    rows = pairs["row"].to_numpy(int)
    region = cases.frame["region"].astype(object).to_numpy()[rows]
    table = pd.DataFrame({"problem": pairs["problem"], "region": region, "spot": spots[rows]})
    table = table[table["spot"] != ""]
    placed = table["problem"].value_counts()
    counts = table.groupby(["problem", "region", "spot"], sort=True).size().rename("count").reset_index()
    top = (
        counts.sort_values(["count", "region", "spot"], ascending=[False, True, True])
        .drop_duplicates("problem")
        .set_index("problem")
    )
    enough = [problem for problem in placed.index if placed[problem] >= options.least_common]
    shared = {
        one
        for one in enough
        if top["count"][one] >= options.share * placed[one] and top["count"][one] >= options.least_common
    }
    found = [
        CommonPlace(one, spot, kind_of(spot), int(top["count"][one]), int(placed[one]), "spot", str(top["region"][one]))
        for one in shared
        for spot in [str(top["spot"][one])]
    ]
    others = table[table["problem"].isin(set(enough) - shared)]
    for problem, held in others.groupby("problem", sort=True)["spot"]:
        if common := _common_string(held, options):
            found.append(CommonPlace(str(problem), *common, len(held), "string"))
    return sorted(found, key=lambda one: (-one.count, one.problem))


def _common_string(held: pd.Series, options: PlacesOptions) -> tuple[str, str, int] | None:
    """(place, kind, complaints) of the common string of a problem's spots, completed to the end of a name."""
    counts = held.value_counts()
    texts = {str(place): int(count) for place, count in zip(counts.index[:_COMPARED], counts, strict=False)}
    string = longest_common(texts, options.share * len(held) / sum(texts.values()), options.shortest)
    if not string:
        return None
    string = _completed(string, texts)
    return string, kind_of(string), int(held.str.contains(string, regex=False).sum())


def _completed(string: str, texts: Mapping[str, int]) -> str:
    """The string up to the end of the name it is a part of, where most of the texts that hold it go on like that."""
    pattern = re.compile(re.escape(string) + _END)
    longer: Counter[str] = Counter()
    for text, count in texts.items():
        if found := pattern.search(text):
            longer[found.group()] += count
    holding = sum(count for text, count in texts.items() if string in text)
    best, count = max(longer.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    return best if 2 * count > holding else string


def _hot_spots(
    cases: Cases, spots: NDArray[np.object_], common: Sequence[CommonPlace], options: PlacesOptions
) -> list[HotSpot]:
    frame = cases.frame
    customers = frame["customer"].cat.codes.to_numpy().astype(np.int64)
    unknown = (frame["customer"].astype(str) == "").to_numpy()
    table = pd.DataFrame(
        {
            "region": frame["region"].astype(str),
            "spot": spots,
            "customer": np.where(unknown, -1 - np.arange(len(frame)), customers),
            "accepted": frame["accepted"],
            "category": frame["category"].astype(str),
            "problem": frame["problem"].astype(str),
        }
    )[spots != ""]
    grouped = table.groupby(["region", "spot"], sort=True)
    counts = grouped.agg(
        rows=("spot", "size"), customers=("customer", "nunique"), first=("accepted", "min"), last=("accepted", "max")
    ).reset_index()
    counts["kind"] = [kind_of(spot) for spot in counts["spot"]]
    least = np.where(counts["kind"] == "cell", options.least_cell, options.least)
    # a district is a region, not a spot
    hot = counts[(counts["rows"] >= least) & (counts["kind"] != "district")]
    hot = hot.sort_values(["customers", "rows", "region", "spot"], ascending=[False, False, True, True])
    inside = table.merge(hot[["region", "spot"]], on=["region", "spot"])
    tops = {name: _tops(inside, name) for name in ("category", "problem")}
    known = _Known.of(cases, common, options)
    return [
        HotSpot(
            region,
            spot,
            kind,
            int(rows),
            int(customers),
            None if pd.isna(first) else first.date(),
            None if pd.isna(last) else last.date(),
            tops["category"].get((region, spot), ("", 0))[0],
            *tops["problem"].get((region, spot), ("", 0)),
            known.of_spot(region, spot),
        )
        for region, spot, rows, customers, first, last, kind in hot.itertuples(index=False)
    ]


def _tops(table: pd.DataFrame, column: str) -> dict[tuple[str, str], tuple[str, int]]:
    """The most frequent label of every spot with its count."""
    counts = table[table[column] != ""].groupby(["region", "spot", column], sort=True).size().rename("n").reset_index()
    first = counts.sort_values(["n", column], ascending=[False, True]).drop_duplicates(["region", "spot"])
    rows = zip(first["region"], first["spot"], first[column], first["n"], strict=True)
    return {(region, spot): (label, int(count)) for region, spot, label, count in rows}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known already: problems of the register with their names and places, and a list of places."""

    names: Sequence[tuple[str, str]]  # id of a problem, its name
    places: Mapping[str, Sequence[str]]  # a spot, the problems whose common place it is
    listed: Sequence[tuple[str, str]]  # entry, its spot

    @classmethod
    def of(cls, cases: Cases, common: Sequence[CommonPlace], options: PlacesOptions) -> "_Known":
        registered = cases.problems[cases.problems["state"] != ""]
        names = dict(zip(registered["id"], registered["name"], strict=True))
        at: dict[str, list[str]] = {}
        for one in common:
            for spot in {one.place, spot_of(one.place)} if one.problem in names else ():
                at.setdefault(spot, []).append(one.problem)
        return cls(list(names.items()), at, [(entry, spot_of(entry) or entry) for entry in options.known])

    def of_spot(self, region: str, spot: str) -> tuple[str, ...]:
        """Return the problems and entries that a spot belongs to."""
        named = [problem for problem, name in self.names if spot in name and _names(name, region, spot)]
        listed = [entry for entry, known in self.listed if known == spot or spot in entry]
        return (*dict.fromkeys([*self.places.get(spot, ()), *named]), *listed)


def _names(name: str, region: str, spot: str) -> bool:
    """Whether a name that holds the spot means this one; a road of the same name in another region is another one."""
    return not region or kind_of(spot) not in ("road", "station") or region in name
