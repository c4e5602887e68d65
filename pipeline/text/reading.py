"""Complaint dumps of any usual format as chunks of rows: what was understood first, the rows afterwards.

``open_dump`` looks at every file and settles encodings, headers and roles, so that nothing is written before an
unreadable file is known. ``Dump.chunks`` then streams: CSV, JSON Lines and Parquet in constant memory (but for the
complaint ids, which are remembered to find repeats).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pipeline.errors import InputError
from pipeline.records import Chunk, Role
from pipeline.text.files.cells import looks_damaged
from pipeline.text.files.columns import Columns, choose_columns, missing_text
from pipeline.text.files.formats import Request, open_tables
from pipeline.text.files.header_row import Header, find_header
from pipeline.text.files.headers import is_known, normalise_header
from pipeline.text.files.packing import Blob, find_blobs
from pipeline.text.files.row_checks import Counts, Seen, Shape, checked_chunks
from pipeline.text.files.streams import read_lines
from pipeline.text.files.tables import ReadOptions, Table

__all__ = ["Dump", "ReadOptions", "Reading", "Source", "open_dump", "read_lines"]

# Workbooks up to this size in all stay parsed between looking and reading; beyond, memory counts more than time.
_KEEP_PARSED = 32 << 20
_ID_ROLES = (Role.COMPLAINT_ID, Role.ORDER_ID, Role.CUSTOMER_NUMBER)


@dataclass(frozen=True)
class Source:
    """One table of one file, as it was understood.

    ``roles`` holds the headers used per role, ``alternates`` those that could have been, ``texts`` the headers whose
    cells make the complaint text; ``why`` says of each header with a role whether a synonym, an override or its content
    decided; ``rows_guess`` is exact for Excel, JSON and Parquet up to empty rows.
    """

    file: str
    sheet: str
    format: str
    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    roles: Mapping[Role, tuple[str, ...]]
    texts: tuple[str, ...]
    alternates: Mapping[Role, tuple[str, ...]]
    why: Mapping[str, str]
    notes: tuple[str, ...]
    rows_guess: int
    size: int
    table: Table = field(repr=False, compare=False)
    header: Header = field(repr=False, compare=False)

    @property
    def place(self) -> str:
        """The file, and the sheet if there is one."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file


@dataclass(frozen=True)
class Dump:
    """All sources of one run."""

    sources: tuple[Source, ...]
    options: ReadOptions = field(default_factory=ReadOptions)

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers in order of first appearance."""
        return tuple(dict.fromkeys(header for source in self.sources for header in source.headers))

    @property
    def total_bytes(self) -> int:
        """Bytes of all files (packed size for ``.gz``)."""
        return sum({source.file: source.size for source in self.sources}.values())

    @property
    def rows_guess(self) -> int:
        """About how many rows there are; for progress bars."""
        return sum(source.rows_guess for source in self.sources)

    def read(self) -> "Reading":
        """Start a pass over the rows that also counts them."""
        return Reading(self)

    def chunks(self) -> Iterator[Chunk]:
        """Yield every row of every source in order, as a row or as a reject; may be called again."""
        return iter(self.read())


class Reading:
    """One pass over a dump: iterate for the chunks; ``counts`` and ``notes`` grow with it."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self.counts = Counts()

    def __iter__(self) -> Iterator[Chunk]:
        """Begin from the first row."""
        self.counts = Counts()
        seen: dict[tuple[str, ...], Seen] = {}
        for source in self._dump.sources:
            shape = _shape(source, self._dump.options)
            raws = source.table.rows(source.header.start)
            known = seen.setdefault(source.headers, Seen())
            yield from checked_chunks(raws, shape, known, self.counts, self._dump.options.chunk_rows)

    @property
    def rows_seen(self) -> int:
        """Rows and rejects handed out so far, to set beside ``Dump.rows_guess``."""
        return self.counts.rows + self.counts.rejected

    @property
    def notes(self) -> tuple[str, ...]:
        """What only the rows could tell, in words."""
        remarks = (
            (self.counts.several_orders, "{} complaints have several orders; each counts once as a complaint"),
            (self.counts.empty, "{} empty rows were passed over"),
            (self.counts.damaged_ids, "{} complaint ids were cut by Excel (15 digits); repeats of them cannot be seen"),
        )
        return tuple(text.format(f"{count:,}") for count, text in remarks if count)


def open_dump(inputs: Sequence[str | os.PathLike[str]], options: ReadOptions | None = None) -> Dump:
    """Look at every file (globs are expanded here) and settle how each is read; no row is handed out yet.

    Raises ``InputError`` for a file that is missing, damaged, of no known format, or without a text column, and
    ``MissingExtraError`` for Parquet without pyarrow.
    """
    options = options or ReadOptions()
    if options.chunk_rows < 1:
        raise InputError(f"chunk_rows must be at least 1, not {options.chunk_rows}")
    blobs = find_blobs(inputs)
    keep = sum(blob.size for blob in blobs) <= _KEEP_PARSED
    return Dump(tuple(source for blob in blobs for source in _sources(blob, options, keep)), options)


def _sources(blob: Blob, options: ReadOptions, keep: bool) -> list[Source]:
    """Return the usable tables of a file; one that is not is passed over only if another is."""
    wanted = {normalise_header(name) for names in options.columns.values() for name in names}
    request = Request(blob, options, lambda cell: normalise_header(cell) in wanted or is_known(cell), keep)
    usable: list[Source] = []
    left_out: list[tuple[Table, InputError]] = []
    for table in open_tables(request):
        try:
            usable.append(_understand(table, options, request))
        except InputError as error:
            left_out.append((table, error))
    if not usable:
        raise left_out[0][1]
    notes = tuple(f"the sheet {table.sheet} was left out: {error}" for table, error in left_out)
    return [_noted(usable[0], notes), *usable[1:]]


def _understand(table: Table, options: ReadOptions, request: Request) -> Source:
    where = f"{table.file} ({table.sheet})" if table.sheet else table.file
    header = find_header(table, request.known)
    if not header.names:
        raise InputError(f"{where} has no rows")
    end = header.start.number + header.start.depth
    sample = [row.cells for row in table.top if not row.damage and (table.fixed is not None or row.number >= end)]
    columns = choose_columns(header.names, sample, options.columns, where)
    if options.needs_text and not columns.texts:
        raise missing_text(header.names, where)
    return Source(
        table.file,
        table.sheet,
        table.format,
        table.encoding,
        table.delimiter,
        header.start.number if header.start.depth else 0,
        header.names,
        columns.roles,
        columns.texts,
        columns.alternates,
        columns.why,
        (*table.notes, *header.notes, *columns.notes, *_id_notes(header, columns, sample, options)),
        table.rows_guess,
        table.size,
        table,
        header,
    )


def _id_notes(header: Header, columns: Columns, sample: Sequence[Sequence[str]], options: ReadOptions) -> Iterator[str]:
    if options.needs_text and Role.COMPLAINT_ID not in columns.roles:
        yield "there is no column of complaint ids, so repeats cannot be seen (--column complaint_id=HEADER)"
    for name in (name for role in _ID_ROLES for name in columns.roles.get(role, ())):
        place = header.names.index(name)
        if any(looks_damaged(row[place]) for row in islice(sample, 60) if place < len(row)):
            yield (
                f"{name} holds ids of more than 15 digits that Excel has stored as numbers and cut. "
                "Export the column as text"
            )


def _noted(source: Source, notes: tuple[str, ...]) -> Source:
    return replace(source, notes=source.notes + notes) if notes else source


def _shape(source: Source, options: ReadOptions) -> Shape:
    def place(role: Role) -> int | None:
        headers = source.roles.get(role, ())
        return source.headers.index(headers[0]) if headers else None

    return Shape(
        source.file,
        source.sheet,
        source.headers,
        source.header.start,
        tuple(source.headers.index(header) for header in source.texts),
        place(Role.COMPLAINT_ID),
        place(Role.ORDER_ID),
        source.format == "excel",
        options.needs_text,
    )
