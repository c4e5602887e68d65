"""One opener per file format, behind one table; the content decides, the suffix only helps.

An ``.xls`` from a Chinese system is often an HTML page or a text file, so no suffix is believed.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import InputError, UsageError
from pipeline.text.files import json_rows, parquet_rows, sheets
from pipeline.text.files.csv_rows import read_records
from pipeline.text.files.delimiters import sniff_delimiter
from pipeline.text.files.encodings import MARK, Encoding, detect_encoding
from pipeline.text.files.packing import ZIP_MAGIC, Blob
from pipeline.text.files.tables import TOP_ROWS, RawRow, ReadOptions, Start, Table

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLE = 1 << 18
# codecs that read a byte order mark as a character
_WITHOUT_MARK = ("gb18030", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_HEAD = 4096
_MARKUP = re.compile(r"\s*<(!doctype html|html|head|meta|style|body|div|table|\?xml)\b", re.I | re.S)
_COMMENT = re.compile("<!--.*?-->", re.S)
_JSON_LIST = re.compile(r"\s*\[\s*(\{|\])")
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_REFUSED = (
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3\0", "a database (SQLite), such as a register of problems"),
    (b"MIME-Version:", "a saved web page (MHTML); open it in Excel and save it as .xlsx"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """Everything an opener needs: the file, the options, the header synonyms, and whether parsed sheets may stay."""

    blob: Blob
    options: ReadOptions
    known: Callable[[str], bool]
    keep: bool = True


def open_tables(request: Request) -> list[Table]:
    """Return the tables of one file; ``InputError`` if it is of no format that can be read."""
    head = request.blob.head(_HEAD)
    if not head.strip():
        raise InputError(f"{request.blob.name} is empty")
    if head.startswith(b"PAR1"):
        return parquet_rows.open_parquet(request.blob)
    if head.startswith(_OLE) or head.startswith(ZIP_MAGIC):
        _refuse_other_zip(request.blob, head)
        return sheets.open_workbook(request.blob, request.options, request.keep)
    for magic, what in _REFUSED:
        if head.startswith(magic):
            raise InputError(f"{request.blob.name} is {what}: give a CSV, Excel, JSON Lines or Parquet file")
    return _open_text(request)


def _open_text(request: Request) -> list[Table]:
    blob = request.blob
    encoding = detect_encoding(blob.open, blob.name, request.options.encoding)
    with _text_stream(blob, encoding.codec) as stream:
        sample = stream.read(_SAMPLE)
    for fits, opener in _TEXT_FORMATS:
        if fits(blob, sample):
            return opener(request, encoding, sample)
    raise AssertionError("the last text format takes everything")


def _open_markup(request: Request, encoding: Encoding, sample: str) -> list[Table]:
    # here and not above: most dumps are none, and reading HTML takes its time to load
    from pipeline.text.files import markup

    with _text_stream(request.blob, encoding.codec) as stream:
        return markup.open_markup(request.blob.name, stream.read(), encoding.codec, request.options.sheet)


def _open_json(request: Request, encoding: Encoding, sample: str) -> list[Table]:
    blob = request.blob
    return [json_rows.open_json(lambda: _text_stream(blob, encoding.codec), blob.name, encoding.codec, blob.size)]


def _open_delimited(request: Request, encoding: Encoding, sample: str) -> list[Table]:
    blob = request.blob
    whole = len(sample) < _SAMPLE
    lines = list(io.StringIO(sample, newline=""))
    if not whole and len(lines) > 1:
        lines.pop()
    delimiter = _delimiter(request.options.delimiter, lines, request.known)
    records = list(read_records(lines, delimiter, Start()))
    name = {"\t": "tsv", "": "text"}.get(delimiter, "csv")

    def rows(start: Start) -> Iterator[RawRow]:
        with _text_stream(blob, encoding.codec) as stream:
            yield from read_records(stream, delimiter, start)

    # less one for the header
    guess = max(round(len(records) * encoding.lines / max(len(lines), 1)) - 1, 0)
    top = records[:TOP_ROWS]
    return [Table(blob.name, name, top, rows, "", encoding.codec, delimiter, rows_guess=guess, size=blob.size)]


def _delimiter(wanted: str | None, lines: list[str], known: Callable[[str], bool]) -> str:
    if wanted is None:
        return sniff_delimiter(lines, known)
    wanted = {"tab": "\t", "\\t": "\t"}.get(wanted.lower(), wanted)
    if len(wanted) != 1 or wanted in '\r\n"':
        raise UsageError(f"the delimiter {wanted!r} cannot be used: give one character, or 'tab'")
    return wanted


def _text_stream(blob: Blob, encoding: str) -> io.TextIOWrapper:
    def opened() -> io.TextIOWrapper:
        # newline="" keeps line breaks inside quoted cells as they are
        return io.TextIOWrapper(blob.open(), encoding=encoding, errors="strict", newline="")

    stream = opened()
    if encoding in _WITHOUT_MARK and stream.read(1) != MARK:
        # again from the beginning: a packed stream cannot go back
        stream.close()
        stream = opened()
    return stream


def _is_json(blob: Blob, sample: str) -> bool:
    text = sample.lstrip()
    if blob.suffix in _JSON_SUFFIXES and text[:1] in "{[":
        return True
    if _JSON_LIST.match(text):
        return True
    if not text.startswith("{"):
        return False
    try:
        return isinstance(json.loads(next(iter(text.splitlines()))), dict)
    except (ValueError, RecursionError):
        return False


def _refuse_other_zip(blob: Blob, head: bytes) -> None:
    if not head.startswith(ZIP_MAGIC):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(_all_bytes(blob)) if blob.packing else blob.path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise InputError(f"{blob.name} is damaged and cannot be opened; copy or download it again") from None
    if "word/document.xml" in names:
        raise InputError(f"{blob.name} is a Word document: give a CSV, Excel, JSON Lines or Parquet file")
    if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise InputError(f"{blob.name} is an archive inside an archive; unpack it first")


def _all_bytes(blob: Blob) -> bytes:
    with blob.open() as stream:
        return stream.read()


# The first that fits opens; every text is at least delimited text.
_TEXT_FORMATS: tuple[tuple[Callable[[Blob, str], bool], Callable[[Request, Encoding, str], list[Table]]], ...] = (
    (lambda blob, sample: bool(_MARKUP.match(_COMMENT.sub("", sample[:_HEAD]))), _open_markup),
    (_is_json, _open_json),
    (lambda blob, sample: True, _open_delimited),
)
