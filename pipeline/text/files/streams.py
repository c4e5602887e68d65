"""Complaints from a pipe: JSON Lines or one text per line, decoded strictly, in chunks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from pipeline.errors import InputError
from pipeline.records import Chunk, Role
from pipeline.text.files.columns import choose_columns, missing_text
from pipeline.text.files.encodings import decode_strictly, unmarked_utf16
from pipeline.text.files.json_rows import BARE, object_row, parse_line
from pipeline.text.files.row_checks import Counts, Seen, Shape, checked_chunks
from pipeline.text.files.tables import RawRow, ReadOptions, Start

STDIN = "-"


def read_lines(
    stream: BinaryIO, options: ReadOptions | None = None, name: str = STDIN, counts: Counts | None = None
) -> Iterator[Chunk]:
    """Yield chunks from a byte stream of JSON objects or plain texts, one per line; empty lines are no rows.

    What is met is counted in ``counts``, the empty lines too.

    The first lines decide on the encoding, by the rules for files; later lines must keep to it, else ``InputError``.
    New keys of later JSON lines widen the headers of the chunks from there on. Plain lines have one column, ``text``.
    """
    options = options or ReadOptions()
    seen, counts = Seen(), counts or Counts()
    headers: tuple[str, ...] = ()
    is_json: bool | None = None
    for batch in _batches(_decoded(stream, options, name), options.chunk_rows, counts):
        if is_json is None:
            is_json = isinstance(parse_line(batch[0][1]), Mapping)
        items = [(number, parse_line(line) if is_json else line.rstrip("\r\n")) for number, line in batch]
        headers = tuple(dict.fromkeys((*headers, *(key for _, item in items for key in _keys(item)))))
        raws = [object_row(number, item, headers) for number, item in items]
        shape = _shape(headers, raws, options, name)
        yield from checked_chunks(raws, shape, seen, counts, options.chunk_rows)


def _keys(item: Any) -> Iterable[str]:
    if isinstance(item, Mapping):
        return item
    return () if isinstance(item, (Exception, list)) or item is None else (BARE,)


def _batches(lines: Iterator[str], size: int, counts: Counts) -> Iterator[list[tuple[int, str]]]:
    def filled_lines() -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line
            else:
                counts.empty += 1

    filled = filled_lines()
    while batch := list(islice(filled, size)):
        yield batch


def _decoded(stream: BinaryIO, options: ReadOptions, name: str) -> Iterator[str]:
    """Decode line by line; the first batch of lines together settles the encoding."""
    first = list(islice(stream, options.chunk_rows))
    data = b"".join(first)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(options.encoding, data, name):
        # UTF-16 cannot be cut into lines at a byte
        text, _ = decode_strictly(data + stream.read(), name, options.encoding)
        yield from _lines(text)
        return
    text, codec = decode_strictly(data, name, options.encoding)
    yield from _lines(text)
    codec = {"utf-8-sig": "utf-8"}.get(codec, codec)
    if data.isascii() and options.encoding is None:
        codec = ""
    for number, line in enumerate(stream, start=len(first) + 1):
        if not codec and not line.isascii():
            codec = decode_strictly(line, name)[1]
        try:
            yield line.decode(codec or "ascii")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name}, line {number}: byte 0x{line[error.start]:02x} is not {codec}, in which the lines before are. "
                "Send all lines in one encoding, best UTF-8"
            ) from None


def _is_wide(encoding: str | None, data: bytes, name: str) -> bool:
    """Whether characters take two or four bytes, as the user says or the data show."""
    if encoding is None:
        return bool(unmarked_utf16(data, name))
    return re.match("utf[-_]?(16|32)", encoding.lower()) is not None


def _lines(text: str) -> Iterator[str]:
    # str.splitlines would also cut at U+2028 and other signs that may stand inside a text
    return iter(text.removesuffix("\n").split("\n"))


def _shape(headers: Sequence[str], raws: Sequence[RawRow], options: ReadOptions, name: str) -> Shape:
    sample = [raw.cells for raw in raws[:60] if not raw.damage]
    columns = choose_columns(headers, sample, options.columns, name)
    if options.needs_text and not columns.texts:
        raise missing_text(headers, name)

    def place(role: Role) -> int | None:
        chosen = columns.roles.get(role, ())
        return headers.index(chosen[0]) if chosen else None

    width = len(headers)
    texts = tuple(headers.index(header) for header in columns.texts)
    ids = (place(Role.COMPLAINT_ID), place(Role.ORDER_ID))
    return Shape(name, "", tuple(headers), Start(1, 0, width, width), texts, *ids, needs_text=options.needs_text)
