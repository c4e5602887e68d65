"""Where the header of a table stands: below title rows, over one or two rows, with merged cells, or nowhere."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.text.files.tables import Merge, RawRow, Start, Table

SEARCHED_ROWS = 20
_LONGEST_HEADER = 30
_VALUE = re.compile(r"[\d\s.,:：/+%年月日时分秒Ee-]*\d[\d\s.,:：/+%年月日时分秒Ee-]*")
_PROSE = re.compile(r"[。！？!?；]|：|:\s|[\n\r].*[\n\r]")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, where rows begin, and remarks; ``found`` is false if the names are invented."""

    names: tuple[str, ...]
    start: Start
    found: bool = True
    notes: tuple[str, ...] = ()


def find_header(table: Table, known: Callable[[str], bool]) -> Header:
    """Find a table's header within its first 20 rows; ``known`` tells whether a cell is a known header."""
    if table.fixed is not None:
        width = len(table.fixed)
        return Header(unique_names(table.fixed), Start(1, 0, width, width))
    rows = [row for row in table.top[:SEARCHED_ROWS] if any(cell.strip() for cell in row.cells)]
    place = _header_place(rows, table.top, known)
    if place is None:
        return _no_header(table)
    upper, lower = _paired(rows, place, table.merges, known)
    cells = _joined(rows[upper], rows[lower], table.merges) if upper != lower else rows[upper].cells
    return _header(table, cells, rows[upper], rows[lower])


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Name every column differently: the second 内容 becomes ``内容.1``, an empty one ``列N``.

    >>> unique_names(["id", "内容", "", "内容"])
    ('id', '内容', '列3', '内容.1')
    """
    given = [re.sub(r"\s*[\r\n]+\s*", "", name).strip() for name in names]
    taken, unique = set(given), []
    seen: set[str] = set()
    for place, name in enumerate(given, start=1):
        base = name or f"列{place}"
        candidate, copy = base, 0
        while candidate in seen or (candidate != name and candidate in taken):
            copy += 1
            candidate = f"{base}.{copy}"
        seen.add(candidate)
        unique.append(candidate)
    return tuple(unique)


def _header_place(rows: Sequence[RawRow], top: Sequence[RawRow], known: Callable[[str], bool]) -> int | None:
    counts = [sum(map(known, row.cells)) for row in rows]
    best = max(counts, default=0)
    if best > 1:
        return counts.index(best)
    widest = max((_filled(row.cells) for row in top), default=0)
    wide = next((place for place, row in enumerate(rows) if _filled(row.cells) >= max(1, 0.6 * widest)), None)
    # one known word can be a value further down (套餐): the first wide row comes before it
    if best and (place := counts.index(best)) <= (wide or 0) and _looks_like_header(rows[place].cells):
        return place
    if wide is None or not _looks_like_header(rows[wide].cells):
        return None
    below = [row for row in top if row.number > rows[wide].number]
    return wide if counts[wide] or _differs(rows[wide].cells, below) else None


def _looks_like_header(cells: Sequence[str]) -> bool:
    """Short, mostly different words that are neither numbers nor sentences."""
    words = [cell.strip() for cell in cells if cell.strip()]
    if not words or len(set(words)) < 0.7 * len(words):
        return False
    return not any(len(word) > _LONGEST_HEADER or _VALUE.fullmatch(word) or _PROSE.search(word) for word in words)


def _differs(cells: Sequence[str], below: Sequence[RawRow]) -> bool:
    """Tell whether some column holds numbers, times or long texts below a word: so the word is its header."""
    for place, cell in enumerate(cells):
        column = [row.cells[place].strip() for row in below if place < len(row.cells) and row.cells[place].strip()]
        if not cell.strip() or not column:
            continue
        values = sum(1 for value in column if len(value) <= _LONGEST_HEADER and _VALUE.fullmatch(value))
        mean = sum(map(len, column)) / len(column)
        if values > 0.8 * len(column) or (mean >= 8 and mean >= 3 * len(cell.strip())):
            return True
    return False


def _paired(
    rows: Sequence[RawRow], place: int, merges: Sequence[Merge], known: Callable[[str], bool]
) -> tuple[int, int]:
    """Return the indexes of the upper and lower header row; equal when the header has one row."""
    for upper, lower in ((place - 1, place), (place, place + 1)):
        if upper >= 0 and lower < len(rows) and _is_pair(rows[upper], rows[lower], merges, known):
            return upper, lower
    return place, place


def _is_pair(upper: RawRow, lower: RawRow, merges: Sequence[Merge], known: Callable[[str], bool]) -> bool:
    if lower.number != upper.number + 1 or _filled(upper.cells) < 2 or upper.damage or lower.damage:
        return False
    if not (_looks_like_header(upper.cells) and _looks_like_header_part(lower.cells)):
        return False
    blank_above = [
        place for place, cell in enumerate(lower.cells) if cell.strip() and not _cell(upper.cells, place).strip()
    ]
    if not blank_above:
        return False
    known_below = sum(map(known, lower.cells))
    above = [merge for merge in merges if merge.top == upper.number - 1]
    if any(merge.right > merge.left for merge in above):
        return known_below > 0 or any(merge.bottom == lower.number - 1 for merge in above)
    # a first data row may hold a known word by chance (套餐), but not mostly such words
    return known_below >= 0.5 * _filled(lower.cells)


def _looks_like_header_part(cells: Sequence[str]) -> bool:
    # below different groups the same word may come again: 客户-号码, 联系人-号码
    return _looks_like_header(list(dict.fromkeys(cell.strip() for cell in cells)))


def _joined(upper: RawRow, lower: RawRow, merges: Sequence[Merge]) -> list[str]:
    """Join two header rows column by column; an upper cell is carried right over the columns of its block."""
    ends = {merge.left: merge.right for merge in merges if merge.top == upper.number - 1}
    names: list[str] = []
    carried, until = "", -1
    for place in range(max(len(upper.cells), len(lower.cells))):
        above, below = _cell(upper.cells, place).strip(), _cell(lower.cells, place).strip()
        if above:
            # a cell with nothing below it is merged downwards and heads its own column only
            carried, until = above if below else "", ends.get(place, len(upper.cells) + len(lower.cells))
        block = above or (carried if below and place <= until else "")
        names.append(f"{block}-{below}" if block and below and block != below else block or below)
    return names


def _header(table: Table, cells: Sequence[str], first: RawRow, last: RawRow) -> Header:
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    least = filled[-1] + 1
    notes = []
    titles = sum(1 for row in table.top if row.number < first.number and any(cell.strip() for cell in row.cells))
    if titles:
        notes.append(f"{titles} title rows above the header (row {first.number}) were skipped")
    if last.number > first.number:
        notes.append(f"the header has two rows ({first.number} and {last.number}), joined with '-'")
    wider = max((len(row.cells) for row in table.top if row.number > last.number), default=0)
    if max(wider, len(cells)) > least and _has_junk(table, last.number, least):
        notes.append(f"columns without a header to the right of {cells[least - 1].strip()!r} were left out")
    depth = 1 + (last is not first)
    start = Start(first.number, depth, max(len(cells), least), least)
    return Header(unique_names(cells[:least]), start, True, tuple(notes))


def _has_junk(table: Table, header_row: int, least: int) -> bool:
    return any(cell.strip() for row in table.top if row.number > header_row for cell in row.cells[least:])


def _no_header(table: Table) -> Header:
    counts = sorted(len(row.cells) for row in table.top if any(cell.strip() for cell in row.cells))
    width = max(set(counts), key=counts.count) if counts else 0
    names = unique_names([""] * width)
    note = f"no header row was found; the columns are called {', '.join(names[:3])}{' …' if width > 3 else ''}"
    return Header(names, Start(1, 0, width, width), False, (note,))


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
