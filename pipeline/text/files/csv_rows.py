"""Delimited text as rows, one at a time; a stray quote costs its own row and not the rest of the file.

Python's csv module reads strictly. Where it stumbles, or where a quoted cell swallowed what look like whole rows, the
row that opened the quote is given up and reading begins again at the next line.
"""

import csv
import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import islice

from pipeline.text.files.tables import RawRow, Start

UNCLOSED = "a quote is opened and not closed properly"
NUL = "the row holds a NUL character"
# characters of a quoted cell; the csv module takes 131,072 unless told otherwise
_LONGEST_CELL = 1 << 24
_SHAPES = ((re.compile(r"\d+"), "9"), (re.compile("[A-Za-z]+"), "a"), (re.compile(r"[^\x00-\x7f]+"), "汉"))


def read_records(lines: Iterable[str], delimiter: str, start: Start) -> Iterator[RawRow]:
    r"""Yield the rows after the header; ``delimiter`` ``""`` takes every line as one cell.

    Each row's number is that of the line where it begins.

    >>> [row.cells for row in read_records(["id,text\n", '1,"a\n', 'b"\n'], ",", Start(1, 1, 2, 2))]
    [['1', 'a\nb']]
    """
    if not delimiter:
        return _plain_lines(lines, start)
    return _Records(lines, delimiter, start).rows()


def _plain_lines(lines: Iterable[str], start: Start) -> Iterator[RawRow]:
    for number, line in enumerate(lines, start=1):
        if number >= start.number + start.depth:
            yield RawRow(number, [line.rstrip("\r\n")], NUL if "\0" in line else "")


class _Records:
    """A csv reader over lines that can be handed back."""

    def __init__(self, lines: Iterable[str], delimiter: str, start: Start) -> None:
        self._lines = islice(iter(lines), start.number - 1, None)
        self._delimiter, self._start = delimiter, start
        self._used: list[str] = []
        self._again: deque[str] = deque()
        self._reader = self._new_reader()

    def rows(self) -> Iterator[RawRow]:
        number, header_rows = self._start.number, self._start.depth
        wound: _Wound | None = None
        while True:
            if not header_rows and wound is None:
                number = yield from self._plain_rows(number)
            record = self._record(number, free=header_rows > 0)
            if record is None:
                return
            number += len(self._used)
            if header_rows:
                header_rows -= 1
            elif wound is None or not wound.takes(record, self._used[0]):
                wound = None
                if record.damage == UNCLOSED:
                    wound = _Wound(self._start, self._delimiter, self._used[0].count(self._delimiter))
                yield record

    def _plain_rows(self, number: int) -> Generator[RawRow, None, int]:
        """Yield the next rows as long as each is a line without quotes, which takes no csv reader to part.

        Returns the number of the line behind them.
        """
        again, lines, delimiter = self._again, self._lines, self._delimiter
        # the quick way to make a named tuple
        new = tuple.__new__
        while line := again.popleft() if again else next(lines, ""):
            plain = line.rstrip("\r\n")
            if '"' in plain or "\0" in plain or "\r" in plain:
                again.appendleft(line)
                return number
            yield new(RawRow, (number, plain.split(delimiter) if plain else [], ""))
            number += 1
        return number

    def _new_reader(self) -> Iterator[list[str]]:
        # the limit is one of the process: it is only ever raised
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        return csv.reader(self._feed(), delimiter=self._delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        """Hand out lines until a record is whole, remembering them."""
        again, used = self._again, self._used
        while True:
            if again:
                line = again.popleft()
            else:
                following = next(self._lines, None)
                if following is None:
                    return
                line = following
            used.append(line)
            yield line

    def _record(self, number: int, free: bool) -> RawRow | None:
        """Return the next record, damaged where it has to be cut after its first line, or ``None`` at the end."""
        used = self._used
        used.clear()
        try:
            cells = next(self._reader, None)
        except csv.Error:
            return self._cut(number)
        if cells is None:
            return None
        if len(used) > 1:
            if not free and (not self._start.fits(cells) or self._swallowed()):
                return self._cut(number)
            return RawRow(number, cells, NUL if any("\0" in line for line in used) else "")
        return RawRow(number, cells, NUL if "\0" in used[0] else "")

    def _cut(self, number: int) -> RawRow:
        self._again.extendleft(reversed(self._used[1:]))
        del self._used[1:]
        # a reader whose lines ran out does not wake up again
        self._reader = self._new_reader()
        return RawRow(number, self._used[0].rstrip("\r\n").split(self._delimiter), UNCLOSED)

    def _swallowed(self) -> bool:
        """Tell whether the lines of one record are really rows: as many cells each, and first cells of one shape.

        This happens when a second stray quote closes the first by chance, many rows later.
        """
        full = self._start.width - 1
        if full < 1:
            return False
        alike = [line for line in self._used if line.count(self._delimiter) == full]
        shapes = {_shape(line.partition(self._delimiter)[0]) for line in alike}
        enough = 2 if full > 1 else 4
        return len(alike) >= max(enough, 0.8 * len(self._used)) and len(shapes) == 1 and "" not in shapes


class _Wound:
    """A damaged row whose text may go on over the next lines: those are not rows of their own."""

    def __init__(self, start: Start, delimiter: str, count: int) -> None:
        self._start, self._delimiter, self._count = start, delimiter, count

    def takes(self, record: RawRow, line: str) -> bool:
        """Tell whether ``record``, read from ``line``, is only the rest of the damaged row."""
        if not self._start.width or (not record.damage and record.cells and self._start.fits(record.cells)):
            return False
        more = line.count(self._delimiter)
        if more and (self._count >= self._start.least - 1 or self._count + more >= self._start.width):
            return False
        self._count += more
        return True


def _shape(cell: str) -> str:
    for pattern, sign in _SHAPES:
        cell = pattern.sub(sign, cell)
    return cell
