"""Read a calendar of changes (a date, what was changed, where, what kind) from CSV, Excel, JSON Lines or Parquet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.insights.change_calendar import Change
from pipeline.insights.regions import RegionOptions, load_regions
from pipeline.records import Reject
from pipeline.text.files.formats import Request, open_tables
from pipeline.text.files.header_row import Header, find_header
from pipeline.text.files.headers import normalise_header
from pipeline.text.files.packing import find_blobs
from pipeline.text.files.tables import ReadOptions, Table
from pipeline.text.files.values import parse_time

# what people write over the four columns; the first that is there counts
_HEADERS = {
    "day": (
        "日期",
        "变更日期",
        "生效日期",
        "上线日期",
        "割接日期",
        "变更时间",
        "上线时间",
        "割接时间",
        "时间",
        "date",
        "day",
    ),
    "what": ("变更内容", "变更", "内容", "事项", "事件", "说明", "活动名称", "what", "change", "event", "description"),
    "region": ("地市", "地区", "区域", "城市", "范围", "region", "city"),
    "kind": ("变更类型", "类型", "类别", "kind", "type"),
}
_KNOWN = {normalise_header(name): column for column, names in _HEADERS.items() for name in names}
_WANTED = ("day", "what")


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes in the order of their days, and the rows that could not be used."""

    changes: tuple[Change, ...]
    rejects: tuple[Reject, ...] = ()


def read_changes(path: str | Path, read: ReadOptions | None = None, regions: RegionOptions | None = None) -> Changes:
    """Read a change calendar; regions get the names that they have in the insights.

    A row without a date that can be read, or without words, becomes a reject. Raises ``InputError`` for a file that
    cannot be read, or without the columns for the date and for what was changed.
    """
    (blob, *more) = find_blobs([path])
    if more:
        raise InputError(f"{path} stands for several files. Give one change calendar.")
    tables = open_tables(Request(blob, read or ReadOptions(), _is_known))
    usable = [(table, header, columns) for table in tables for header, columns in [_header(table)] if columns]
    if not usable:
        seen = ", ".join(name for table in tables for name in find_header(table, _is_known).names)
        raise InputError(
            f"{path} has no columns for a change calendar. Columns seen: {seen}. "
            "It needs 日期 (date) and 变更内容 (what), and may have 地市 (region) and 变更类型 (kind)."
        )
    table, header, columns = usable[0]
    return _read(table, header, columns, regions or RegionOptions())


def _is_known(cell: str) -> bool:
    return normalise_header(cell) in _KNOWN


def _header(table: Table) -> tuple[Header, dict[str, int]]:
    """The header, and the place of each column; nothing if a column that is needed is absent."""
    header = find_header(table, _is_known)
    places = {normalise_header(name): place for place, name in reversed(list(enumerate(header.names)))}
    columns = {
        column: next((places[normalise_header(name)] for name in names if normalise_header(name) in places), -1)
        for column, names in _HEADERS.items()
    }
    return header, columns if all(columns[name] >= 0 for name in _WANTED) else {}


def _read(table: Table, header: Header, columns: dict[str, int], options: RegionOptions) -> Changes:
    regions = load_regions(options)
    changes, rejects = [], []
    for row in table.rows(header.start):
        day, what, region, kind = (_cell(row.cells, columns[name]) for name in _HEADERS)
        if not any(one.strip() for one in row.cells):
            continue
        when = parse_time(day)
        if row.damage:
            rejects.append(Reject(table.file, row.number, row.damage, table.sheet))
        elif when is None:
            rejects.append(Reject(table.file, row.number, "the date of the change cannot be read", table.sheet))
        elif not what:
            rejects.append(Reject(table.file, row.number, "it is not said what was changed", table.sheet))
        else:
            changes.append(Change(when.date(), what, regions.name(region), kind))
    return Changes(tuple(sorted(changes)), tuple(rejects))


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if 0 <= place < len(cells) else ""
