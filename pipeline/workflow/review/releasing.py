"""The last look before something is handed out: nothing that a file shows may be personal data.

Texts were masked long before. This reads the finished files as a person would, and stops the run where something was
missed: a figure from a column nobody thought of, a name in a field of the register, a note of a colleague.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pipeline.errors import LeakError
from pipeline.output.handed_out import refuse_handed_out
from pipeline.review.words import LANGUAGES, Words
from pipeline.text.masking.shapes import Kind
from pipeline.text.privacy import Masker

# the file of the pack that people fill in
WORKBOOK = "review.xlsx"
# long numbers that are nobody's: what an order or complaint is called in the operator's systems
ID_HEADERS = frozenset({"投诉编号", "complaint", "id", "genyin_id", "genyin_prints", "工单流水号", "工单号"})
_SHOWN = frozenset({"title", "alt", "aria-label", "placeholder", "value", "data-text", "data-name"})
_UNSHOWN = frozenset({"script", "style"})
_MOST = 5
_AROUND = 12
# of our own sentences parts of so many characters count as ours
_SENTENCE = 6
_FILLED = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as it is shown, and where it stands."""

    place: str
    text: str


def refuse_filled_in_pack(folder: Path, force: bool) -> None:
    """``GenyinError`` where the workbook of the pack in ``folder`` was filled in, unless ``force`` writes over it."""
    refuse_handed_out(folder / WORKBOOK, force)


def check_release(files: Mapping[str, Path], ours: Collection[str] = ()) -> None:
    """Read finished files (by the name they will have); ``LeakError`` names file, place and kind of what is personal.

    ``ours`` are texts that may be shown though they look personal: hashes and ids of our own making, and colleagues
    (see :func:`colleagues`).
    """
    found = [leak for name, path in files.items() for leak in _leaks(name, path, frozenset(ours) - {""})]
    if found:
        listed = "; ".join(found[:_MOST])
        raise LeakError(
            f"Nothing was handed out, because {len(found)} places would show personal data: {listed}. Mask it where it "
            "comes from (a field of the register, a column given as text), and run again."
        )


def colleagues(names: Iterable[str]) -> frozenset[str]:
    """Return the names that a review shows on purpose (owners, those who decided), but for any that holds a number."""
    distinct = sorted({name.strip() for name in names} - {""})
    masker = Masker()
    return frozenset(
        name for name in distinct if all(finding.kind is Kind.NAME for finding in masker.find(name)) and len(name) > 1
    )


def _leaks(name: str, path: Path, ours: Collection[str]) -> Iterator[str]:
    pieces = [replace(piece, text=_without(piece.text, ours)) for piece in pieces_of(path, Path(name).suffix)]
    masked = Masker().mask_many([piece.text for piece in pieces])
    for piece, without in zip(pieces, masked, strict=True):
        if without != piece.text:
            # what the pack says of itself is nobody's, whatever a word of it looks like
            rest = _without(piece.text, _own_words())
            if (without := Masker().mask(rest)) != rest:
                yield f"{name}, {piece.place}: {_around(rest, without)}"


@cache
def _own_words() -> tuple[str, ...]:
    """The sentences of the pack, without the places in them that are filled in."""
    tables = (Words(lang) for lang in LANGUAGES)
    parts = {part for words in tables for key in sorted(words.keys()) for part in _FILLED.split(words(key))}
    return tuple(part for part in parts if len(part) >= _SENTENCE)


def _without(text: str, ours: Collection[str]) -> str:
    # longer ones first: one may be a part of another
    for one in sorted(ours, key=len, reverse=True):
        text = text.replace(one, " ")
    return text


def _around(text: str, masked: str) -> str:
    """What stands around the finding, itself replaced."""
    start = next((at for at, (one, other) in enumerate(zip(text, masked, strict=False)) if one != other), len(masked))
    return masked[max(start - _AROUND, 0) : start + 2 * _AROUND].replace("\n", " ")


def pieces_of(path: Path, kind: str) -> Iterator[Piece]:
    """Hand out what a file shows: ``kind`` is its ending; anything unknown is read as lines of text."""
    readers: Mapping[str, Callable[[Path], Iterator[Piece]]] = {
        ".html": _page,
        ".xlsx": _workbook,
        ".json": _json,
    }
    yield from readers.get(kind, _lines)(path)


def _lines(path: Path) -> Iterator[Piece]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        yield Piece(f"line {number}", line)


def _json(path: Path) -> Iterator[Piece]:
    yield from _values(json.loads(path.read_text(encoding="utf-8")), "")


def _values(value: Any, place: str) -> Iterator[Piece]:
    if isinstance(value, str):
        yield Piece(place, value)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _values(one, f"{place}.{key}".lstrip("."))
    elif isinstance(value, Sequence):
        for number, one in enumerate(value):
            yield from _values(one, f"{place}[{number}]")


def _page(path: Path) -> Iterator[Piece]:
    reader = _Shown()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    yield from reader.pieces


class _Shown(HTMLParser):
    """Collects the texts of a page that a person can see, hear or search; neighbouring ones are one text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag in _UNSHOWN
        for name, value in attrs:
            if name in _SHOWN and value:
                self.pieces.append(Piece(f"line {self.getpos()[0]}, {name}", value))

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in _UNSHOWN

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.pieces.append(Piece(f"line {self.getpos()[0]}", data))


def _workbook(path: Path) -> Iterator[Piece]:
    # only here: the reader of workbooks is needed for workbooks only
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        unscanned = {place for place, cell in enumerate(rows[0]) if str(cell) in ID_HEADERS} if rows else set()
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str) and cell and place not in unscanned:
                    yield Piece(f"{name}!{_letters(place)}{number}", cell)


def _letters(place: int) -> str:
    """Name of a column of a sheet.

    >>> [_letters(place) for place in (0, 25, 26)]
    ['A', 'Z', 'AA']
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
