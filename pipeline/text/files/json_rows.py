"""JSON Lines, and JSON files that hold one list of objects, as tables."""

import json
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from itertools import islice
from typing import Any

from pipeline.errors import InputError
from pipeline.text.files.cells import cell_text
from pipeline.text.files.tables import TOP_ROWS, RawRow, Start, Table

BARE = "text"
# Numbers keep their digits: an id of 20 digits or a leading "1.0" must not be rounded.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda name: None)


def open_json(opener: Callable[[], TextIOWrapper], name: str, encoding: str, size: int) -> Table:
    """Return the table of a JSON file; its headers are all keys in order of first appearance."""
    with opener() as stream:
        first = next((line for line in stream if line.strip()), "")
    if isinstance(parse_line(first), Mapping):
        return _lines_table(opener, name, encoding, size)
    return _document_table(opener, name, encoding, size)


def parse_line(line: str) -> Any:
    """Return what one line of JSON Lines holds; an ``Exception`` object (not raised) if it is not JSON."""
    try:
        return _DECODER.decode(line.strip().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return error


def object_cells(item: Any, headers: tuple[str, ...]) -> list[str]:
    """Return an object's values as text in the order of ``headers``; a bare value is the text."""
    if not isinstance(item, Mapping):
        item = {BARE: item}
    return [_value_text(item.get(header)) for header in headers]


def object_row(number: int, item: Any, headers: tuple[str, ...]) -> RawRow:
    """Return one parsed item as a row, damaged when it is no object."""
    if isinstance(item, Exception):
        return RawRow(number, [], f"the line is not valid JSON ({_reason(item)})")
    if isinstance(item, list) or item is None:
        return RawRow(number, [], "the line is not a JSON object")
    return RawRow(number, object_cells(item, headers))


def _lines_table(opener: Callable[[], TextIOWrapper], name: str, encoding: str, size: int) -> Table:
    keys: dict[str, None] = {}
    count = 0
    with opener() as stream:
        for line in stream:
            item = parse_line(line) if line.strip() else None
            count += item is not None
            if item is not None and not isinstance(item, (Exception, list)):
                keys.update(dict.fromkeys(item if isinstance(item, Mapping) else (BARE,)))
    headers = tuple(keys)

    def rows(start: Start) -> Iterator[RawRow]:
        with opener() as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield object_row(number, parse_line(line), headers)

    top = list(islice(rows(Start()), TOP_ROWS))
    return Table(name, "jsonl", top, rows, "", encoding, fixed=headers, rows_guess=count, size=size)


def _document_table(opener: Callable[[], TextIOWrapper], name: str, encoding: str, size: int) -> Table:
    with opener() as stream:
        content = _parse_document(stream.read(), name)
    items = _items(content, name)
    keys = {key: None for item in items for key in (item if isinstance(item, Mapping) else (BARE,))}
    headers = tuple(keys)

    def rows(start: Start) -> Iterator[RawRow]:
        return (object_row(number, item, headers) for number, item in enumerate(items, start=1))

    top = list(islice(rows(Start()), TOP_ROWS))
    return Table(name, "json", top, rows, "", encoding, fixed=headers, rows_guess=len(items), size=size)


def _parse_document(text: str, name: str) -> Any:
    try:
        return _DECODER.decode(text.strip().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not valid JSON ({_reason(error)}); give one object per line or one list") from None


def _items(content: Any, name: str) -> list[Any]:
    """Return the list of rows; an object around one list of objects is opened."""
    if isinstance(content, list):
        return content
    if isinstance(content, Mapping):
        lists = [value for value in content.values() if isinstance(value, list) and value]
        if len(lists) == 1 and isinstance(lists[0][0], Mapping):
            return lists[0]
        return [content]
    raise InputError(f"{name} holds no list of objects; give one JSON object per line or one list of them")


def _value_text(value: Any) -> str:
    return value if type(value) is str else cell_text(value)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno} column {error.colno}"
    return "nested too deeply"
