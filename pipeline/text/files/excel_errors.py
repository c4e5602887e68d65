"""Cells of an .xlsx sheet that python-calamine hands out as empty: errors such as #N/A, formulas nobody computed."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt=\"e\"[^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb"\br=\"([A-Z]+[0-9]+)\"")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*[^>/])>\s*<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)</(?:\w+:)?f>(.*?)</(?:\w+:)?c>", re.DOTALL
)
_TEXT_RESULT = re.compile(rb"\bt=\"str\"")


def error_cells(path: Path, sheet: str) -> dict[str, str]:
    """Return the errors of a sheet by cell (``D12``); nothing for a file of another format, or a damaged one."""
    return dict(_errors(_xml(path, sheet)))


def unvalued_formulas(path: Path, sheet: str) -> dict[str, str]:
    """Return the formulas of a sheet by cell whose value the program that saved it did not compute, as ``=1+1``."""
    return dict(_unvalued(_xml(path, sheet)))


def _xml(path: Path, sheet: str) -> bytes:
    """The sheet as it stands in the archive; nothing for a file of another format, or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part(archive, sheet)
            return archive.read(part) if part else b""
    except (OSError, zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return b""


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that holds a sheet; empty where there is none."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for one in book.iter(f"{_MAIN}sheet"):
        if one.get("name") == sheet:
            target = targets.get(one.get(_LINK), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _unvalued(xml: bytes) -> Iterator[tuple[str, str]]:
    for found in _FORMULA.finditer(xml):
        place, value = _PLACE.search(found.group(1)), _VALUE.search(found.group(3))
        # a formula whose value is the empty text was computed
        if place and not _TEXT_RESULT.search(found.group(1)) and not (value and value.group(1)):
            yield place.group(1).decode(), "=" + unescape(found.group(2).decode("utf-8", "replace"))


def _errors(xml: bytes) -> Iterator[tuple[str, str]]:
    for found in _CELL.finditer(xml):
        place, value = _PLACE.search(found.group(1)), _VALUE.search(found.group(2))
        if place and value:
            yield place.group(1).decode(), value.group(1).decode("utf-8", "replace")
