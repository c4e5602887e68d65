"""Read the table of users (用户数): month, region, base and number, one row each, or one column per base.

Any file that a dump can be: CSV in UTF-8 or GBK, Excel, JSON Lines, Parquet. Headers are known in Chinese and English;
a header with （万） counts in ten thousands.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.insights.subscribers import WHOLE, Subscribers
from pipeline.text.files.headers import normalise_header
from pipeline.text.files.values import parse_time
from pipeline.text.reading import Dump, ReadOptions, Source, open_dump

_MONTH = ("月份", "统计月份", "账期", "月", "统计月", "年月", "统计日期", "日期", "month", "date", "period")
_REGION = (
    "地市",
    "区域",
    "地区",
    "城市",
    "分公司",
    "所属地市",
    "归属地市",
    "归属城市",
    "省份",
    "region",
    "city",
    "area",
)
_BASE = ("口径", "用户类型", "用户口径", "业务", "业务类型", "基数", "类型", "base", "type", "service")
_USERS = (
    "用户数",
    "用户量",
    "用户",
    "在网用户数",
    "到达用户数",
    "出账用户数",
    "用户规模",
    "数量",
    "users",
    "subscribers",
)
_BASES: Mapping[str, tuple[str, ...]] = {
    "total": ("总", "全部", "合计", "全量", "整体", "total", "all", "移宽", "移动+宽带"),
    "mobile": ("移动", "移网", "手机", "移动电话", "移动网", "mobile", "c网", "g网"),
    "lte": ("lte", "4g", "5g", "4g5g", "volte"),
    "broadband": ("宽带", "家宽", "家庭宽带", "固网宽带", "broadband", "fixed"),
    "tv": ("电视", "iptv", "魔百和", "互联网电视", "高清", "tv"),
    "enterprise": ("政企", "集团", "集团客户", "政企客户", "企业", "专线", "enterprise", "business"),
}
_ALL_REGIONS = ("", "全省", "全国", "全网", "全市", "合计", "总计", "小计", "all", "total", "whole")
_TAIL = re.compile(
    r"(?:在网|到达|出账|活跃|注册|计费|平均)?(?:用户|客户)?(?:总?数量?|总量|规模)?$|(?:users|subscribers)$"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TEN_THOUSANDS = re.compile(r"[(（\[【]\s?(?:万|单位[:：]?\s?万)(?:户|人)?\s?[)）\]】]")

RegionName = Callable[[str], str]


def read_subscribers(path: str | Path, region_name: RegionName = str.strip, encoding: str = "") -> Subscribers:
    """Read a table of users; ``InputError`` says file, row and what to do.

    ``region_name`` turns a cell into the name that complaints have it under. A row for 全省, 合计 or nothing is that of
    all regions. The same month, region and base in two rows is an error, not a sum.
    """
    dump = open_dump([path], ReadOptions(needs_text=False, encoding=encoding or None))
    counts: dict[tuple[str, str, str], int] = {}
    rows: dict[tuple[str, str, str], int] = {}
    for spot, key, users in _entries(dump, region_name):
        if key in counts:
            name = " ".join(filter(None, key))
            raise InputError(
                f"{spot.file}, row {spot.row}: the users of {name} stand already in row {rows[key]}. Keep one of them."
            )
        counts[key], rows[key] = users, spot.row
    if not counts:
        raise InputError(f"{path} holds no users. {_HOW}")
    return Subscribers(counts, Path(path).name)


def _entries(dump: Dump, region_name: RegionName) -> Iterator[tuple["_Spot", tuple[str, str, str], int]]:
    layouts = {(source.file, source.sheet): (source.place, _layout(source)) for source in dump.sources}
    for chunk in dump.chunks():
        place, layout = layouts[chunk.source, chunk.sheet]
        for reject in chunk.rejects:
            raise InputError(f"{place}, row {reject.row} cannot be used: {reject.reason}")
        for number, cells in zip(chunk.numbers, chunk.rows, strict=True):
            spot = _Spot(place, number)
            yield from ((spot, key, users) for key, users in layout.read(cells, spot, region_name))


_HOW = "Give a table with month, region, base and users, or a column of users per base."


@dataclass(frozen=True, slots=True)
class _Spot:
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places of the columns; ``users`` are (place, base, factor), base empty where the base column says it."""

    month: int
    region: int | None
    base: int | None
    users: Sequence[tuple[int, str, int]] = field(default_factory=tuple)

    def read(
        self, cells: Sequence[str], spot: _Spot, region_name: RegionName
    ) -> Iterator[tuple[tuple[str, str, str], int]]:
        """Yield ((month, region, base), users) of a row; an empty number is no entry."""
        month = _month(cells[self.month], spot)
        region = "" if self.region is None else cells[self.region].strip()
        name = WHOLE if region.casefold() in _ALL_REGIONS else region_name(region)
        for at, base, factor in self.users:
            cell = cells[at].strip()
            if cell:
                named = base or _base(cells[self.base] if self.base is not None else "", spot)
                yield (month, name, named), _count(cell, factor, spot)


def _layout(source: Source) -> _Layout:
    plain = [normalise_header(_TEN_THOUSANDS.sub("", header)) for header in source.headers]
    month, region, base = (_find(plain, names) for names in (_MONTH, _REGION, _BASE))
    taken = {month, region, base}
    users = []
    for at, (header, name) in enumerate(zip(source.headers, plain, strict=True)):
        factor = 10_000 if _TEN_THOUSANDS.search(header) else 1
        if at in taken:
            continue
        if name in _USERS:
            users.append((at, "" if base is not None else "total", factor))
        elif found := _known_base(_TAIL.sub("", name)):
            users.append((at, found, factor))
    if month is None or not users:
        seen = ", ".join(source.headers)
        if month is None:
            raise InputError(f"{source.place} has no column for the month (月份). Columns seen: {seen}. {_HOW}")
        raise InputError(f"{source.place} has no column for users (用户数). Columns seen: {seen}. {_HOW}")
    return _Layout(month, region, base, tuple(users))


def _find(headers: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headers.index(name) for name in names if name in headers), None)


def _known_base(word: str) -> str:
    plain = word.casefold()
    return next((base for base, words in _BASES.items() if plain == base or plain in words), "")


def _base(cell: str, spot: _Spot) -> str:
    plain = normalise_header(cell)
    found = "total" if not plain else _known_base(plain) or _known_base(_TAIL.sub("", plain))
    if not found:
        known = ", ".join(f"{base} ({words[0]})" for base, words in _BASES.items())
        raise InputError(f"{spot.file}, row {spot.row}: {cell.strip()!r} is no base of users. Bases are: {known}.")
    return found


def _month(cell: str, spot: _Spot) -> str:
    plain = cell.strip().removesuffix(".0")
    found = re.fullmatch(r"((?:19|20)\d\d)\s?(?:[-/.年]\s?)?(\d{1,2})\s?月?", plain)
    if found and 1 <= int(found[2]) <= 12:
        return f"{found[1]}-{int(found[2]):02d}"
    moment = parse_time(plain)
    if moment is None:
        raise InputError(f"{spot.file}, row {spot.row}: {cell.strip()!r} is no month. Write it like 2026-05.")
    return f"{moment.year}-{moment.month:02d}"


def _count(cell: str, factor: int, spot: _Spot) -> int:
    plain = cell.replace(",", "").replace("，", "").replace(" ", "")
    times = 10_000 if plain.endswith("万") else 1
    number = plain.removesuffix("户").removesuffix("万")
    if not _NUMBER.fullmatch(number):
        raise InputError(
            f"{spot.file}, row {spot.row}: {cell!r} is no number of users. Write a whole number, like 125000."
        )
    return round(float(number) * factor * times)
