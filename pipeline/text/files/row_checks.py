"""Rows that can be used, and rejects for those that cannot; every row that is not empty becomes one or the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from pipeline.records import Chunk, Reject
from pipeline.text.files.cells import EXCEL_DIGITS, looks_damaged, tidy
from pipeline.text.files.csv_rows import NUL
from pipeline.text.files.tables import RawRow, Start

NO_TEXT = "text is empty"
# Joins cells for a single look at a whole row; no cell of a text file holds it in practice.
_GLUE = "\x1f"
_BLANK = " \t\r\n\u3000\xa0\ufeff" + _GLUE


@dataclass(frozen=True, slots=True)
class Shape:
    """What the checks know of a source: names for messages, headers, and where text, id and order id stand."""

    file: str
    sheet: str
    headers: tuple[str, ...]
    start: Start
    texts: tuple[int, ...]
    complaint: int | None = None
    order: int | None = None
    excel: bool = False
    needs_text: bool = True

    @property
    def place(self) -> str:
        """The file, and the sheet if there is one."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file


@dataclass(slots=True)
class Seen:
    """Complaint ids met so far in the sources that share their headers: where each stood first, and its orders."""

    first: dict[str, tuple[str, int]] = field(default_factory=dict)
    orders: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """What was met while reading: usable rows, rejects, empty rows, complaints with several orders, damaged ids."""

    rows: int = 0
    rejected: int = 0
    empty: int = 0
    several_orders: int = 0
    damaged_ids: int = 0


def checked_chunks(raws: Iterable[RawRow], shape: Shape, seen: Seen, counts: Counts, size: int) -> Iterator[Chunk]:
    """Yield chunks of up to ``size`` rows and rejects, in the order of the file."""
    chunk = _new_chunk(shape)
    width, usual, place = len(shape.headers), shape.start.width, shape.place
    text_of = _text_reader(shape.texts)
    for number, cells, damage in raws:
        glued = _GLUE.join(cells)
        if not damage and not glued.strip(_BLANK):
            counts.empty += 1
            continue
        if "_x000" in glued or "\r" in glued:
            cells = [tidy(cell) for cell in cells]
        text = ""
        problem = damage or (_misfit(cells, glued, shape.start) if len(cells) != usual or "\0" in glued else "")
        if not problem:
            if len(cells) != width:
                cells = _cut(cells, width)
            text = text_of(cells)
            problem = _unusable(text, cells, (place, number), shape, seen, counts)
        if problem:
            chunk.rejects.append(Reject(shape.file, number, problem, shape.sheet))
        else:
            chunk.rows.append(cells)
            chunk.numbers.append(number)
            chunk.texts.append(text)
        if len(chunk.rows) + len(chunk.rejects) >= size:
            _count(counts, chunk)
            yield chunk
            chunk = _new_chunk(shape)
    if chunk.rows or chunk.rejects:
        _count(counts, chunk)
        yield chunk


def _count(counts: Counts, chunk: Chunk) -> None:
    counts.rows += len(chunk.rows)
    counts.rejected += len(chunk.rejects)


def _new_chunk(shape: Shape) -> Chunk:
    return Chunk(shape.file, shape.sheet, shape.headers, [], [], [], [])


def _misfit(cells: list[str], glued: str, start: Start) -> str:
    if "\0" in glued:
        return NUL
    if start.fits(cells):
        return ""
    few_or_many = "few" if len(cells) < start.width else "many"
    return f"too {few_or_many} cells: {len(cells)} where the header has {start.least}"


def _cut(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]


def _unusable(text: str, cells: list[str], here: tuple[str, int], shape: Shape, seen: Seen, counts: Counts) -> str:
    if shape.needs_text and not text.strip(_BLANK):
        return NO_TEXT
    if shape.complaint is None:
        return ""
    complaint = cells[shape.complaint].strip()
    if not complaint:
        return ""
    # a short number is never damaged: no need to look closer at the usual id
    is_number = complaint.isdecimal()
    if not (is_number and len(complaint) <= EXCEL_DIGITS) and (
        looks_damaged(complaint) and (shape.excel or not is_number)
    ):
        # Excel has cut different ids to the same digits: equal does not mean the same complaint
        counts.damaged_ids += 1
        return ""
    order = cells[shape.order].strip() if shape.order is not None else ""
    return _repeated(complaint, order, here, seen, counts)


def _repeated(complaint: str, order: str, here: tuple[str, int], seen: Seen, counts: Counts) -> str:
    first = seen.first.setdefault(complaint, here)
    if first is here:
        if order:
            seen.orders[complaint] = {order}
        return ""
    orders = seen.orders.get(complaint, set())
    if order and order not in orders:
        orders.add(order)
        seen.orders[complaint] = orders
        counts.several_orders += len(orders) == 2
        return ""
    where = f"row {first[1]}" if first[0] == here[0] else f"row {first[1]} of {first[0]}"
    return f"the complaint id stands already in {where}"


def _text_reader(places: tuple[int, ...]) -> Callable[[list[str]], str]:
    if len(places) == 1:
        return itemgetter(places[0])
    return lambda cells: _joined(cells, places)


def _joined(cells: list[str], places: tuple[int, ...]) -> str:
    parts = dict.fromkeys(cells[place].strip() for place in places)
    return "\n".join(part for part in parts if part)
