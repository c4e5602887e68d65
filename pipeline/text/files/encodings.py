"""Which encoding a file is in, decided over all of its bytes before a single row is used.

A wrong byte near the end must not be found when half the output is written, and no byte is ever replaced.
"""

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.errors import InputError, UsageError

BLOCK = 1 << 20
# Longest mark first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    ("\ufeff".encode("gb18030"), "gb18030"),
)
# a mark read as a character, by codecs that do not know it
MARK = "\ufeff"
# GBK text hardly ever reads as several Han characters of UTF-8 by chance, so after this many the file is damaged UTF-8.
_SURELY_UTF8 = 6
_HAN = re.compile("[\u4e00-\u9fff]")
# what a dump is written in: Latin, Greek and Cyrillic, punctuation and signs, Han, kana, full-width forms, emoji
_USUAL = re.compile(
    "[\t\n\r -~\u00a0-\u04ff\u2000-\u2bff\u2e80-\u9fff\uf900-\ufaff\ufe0f\ufe30-\uff9f\uffe0-\uffe6"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)
# no text holds these in two bytes
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
_SURELY_UTF16 = 0.97
_LOOKED_AT = 1 << 16


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec that reads the whole file strictly, and how many lines the file has."""

    codec: str
    lines: int


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where decoding stopped: bytes before it, line (1 = first) and the Han characters read until then."""

    offset: int
    line: int
    byte: int
    han: int


def detect_encoding(opener: Callable[[], BinaryIO], name: str, wanted: str | None = None) -> Encoding:
    """Return the Python codec that reads all bytes of a file strictly.

    ``opener`` gives a fresh binary stream each time; ``name`` is for messages; ``wanted`` is the user's choice.
    Order: a byte order mark, UTF-16 without one, UTF-8, GB18030. Raises ``InputError`` with byte offset and line when
    none fits.
    """
    with opener() as stream:
        head = stream.read(BLOCK)
    if wanted is not None:
        codec = _codec_name(wanted)
        return _checked(opener, name, codec, f"is not {codec}")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return _checked(opener, name, codec, f"begins with a {codec} mark but is damaged")
    if codec := unmarked_utf16(head, name):
        return _checked(opener, name, codec, "is UTF-16 without a byte order mark, and damaged")
    failure = _scan(opener, "utf-8")
    if isinstance(failure, Encoding):
        return failure
    if failure.han >= _SURELY_UTF8:
        raise _error(name, "is UTF-8 with damage", failure)
    return _checked(opener, name, "gb18030", "is neither UTF-8 nor GB18030 (GBK)")


def decode_strictly(data: bytes, name: str, wanted: str | None = None) -> tuple[str, str]:
    """Return ``(text, codec)`` of bytes already in memory, by the rules of :func:`detect_encoding`.

    >>> decode_strictly("宽带断网".encode("gbk"), "demo")
    ('宽带断网', 'gb18030')
    """
    codec = detect_encoding(lambda: io.BytesIO(data), name, wanted).codec
    return data.decode(codec).removeprefix(MARK), codec


def _codec_name(wanted: str) -> str:
    """Return the codec to use; GBK files get its superset, and UTF-8 may carry a mark."""
    try:
        codec = codecs.lookup(wanted).name
    except LookupError:
        raise UsageError(f"unknown encoding {wanted!r}; use for example utf-8, gb18030 or utf-16") from None
    return {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig"}.get(codec, codec)


def _checked(opener: Callable[[], BinaryIO], name: str, codec: str, complaint: str) -> Encoding:
    found = _scan(opener, codec)
    if isinstance(found, _Failure):
        raise _error(name, complaint, found)
    return found


def _error(name: str, complaint: str, failure: _Failure) -> InputError:
    return InputError(
        f"{name} {complaint}: byte 0x{failure.byte:02x} at offset {failure.offset:,} (line {failure.line:,}) cannot be "
        "read. Save the file again as UTF-8 or GBK, or name its encoding with --encoding"
    )


def unmarked_utf16(head: bytes, name: str) -> str:
    r"""Return utf-16-le or utf-16-be where bytes without a mark are surely that, else an empty string.

    Every line break, comma and digit is a byte 0 there, which no text in UTF-8 or GBK holds; and read in one byte order
    it is usual text, in the other it is not. ``InputError`` where there are such bytes, but no usual text.

    >>> unmarked_utf16("编号,投诉内容\n1,宽带断网一天".encode("utf-16-le"), "dump")
    'utf-16-le'
    """
    sample = head[: min(_LOOKED_AT, len(head) // 2 * 2)]
    for codec, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = sample[zero::2]
        mostly_latin = len(half) >= 8 and half.count(0) > 0.3 * len(half)
        if not mostly_latin and (0 not in half or _is_utf8(sample)):
            continue
        text = sample.decode(codec, "replace")
        if len(_USUAL.findall(text)) >= _SURELY_UTF16 * len(text):
            return codec
        if mostly_latin and _CONTROL.search(text):
            raise InputError(f"{name} is no text: it holds bytes that only programs write")
        if mostly_latin:
            raise InputError(
                f"{name} looks like UTF-16 without a byte order mark; say so with --encoding {codec}, "
                "or save it again as UTF-8"
            )
    return ""


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _scan(opener: Callable[[], BinaryIO], codec: str) -> Encoding | _Failure:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    consumed, breaks, han, last = 0, 0, 0, "\n"
    with opener() as stream:
        while True:
            block = stream.read(BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                byte = error.object[error.start] if error.start < len(error.object) else 0
                readable = before.decode(codec, "ignore")
                return _Failure(
                    offset=consumed - pending + error.start,
                    line=breaks + 1 + readable.count("\n"),
                    byte=byte,
                    han=han + _count_han(readable),
                )
            if not block:
                return Encoding(codec, breaks + (last != "\n"))
            consumed += len(block)
            breaks += text.count("\n")
            last = text[-1:] or last
            if han < _SURELY_UTF8:
                han += _count_han(text)


def _count_han(text: str) -> int:
    count = 0
    for count, _ in enumerate(_HAN.finditer(text), start=1):
        if count >= _SURELY_UTF8:
            break
    return count
