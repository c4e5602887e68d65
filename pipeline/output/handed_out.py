"""Workbooks that were handed out to be filled in are not written over: whoever worked in one would lose it."""

import re
import zipfile
from pathlib import Path

from pipeline.errors import GenyinError
from pipeline.output.workbook import LONG_AGO

_SAVED = re.compile(rb"<dcterms:modified[^>]*>([^<]*)</dcterms:modified>")
# every entry of a workbook that XlsxWriter wrote has this day; other programs write another or none
_XLSXWRITER_DAY = (1980, 1, 31)


def refuse_handed_out(path: Path, force: bool = False) -> None:
    """``GenyinError`` where the file at ``path`` is not as genyin wrote it, so that somebody may have worked in it."""
    if force or not path.exists() or _is_untouched(path):
        return
    raise GenyinError(
        f"{path} is there already and was saved by somebody since genyin wrote it, or is another file. It was left as "
        "it is: take its answers in first, give another name with -o, or --force to write over it."
    )


def _is_untouched(path: Path) -> bool:
    """Whether a workbook is as ``output.workbook`` left it: Excel, WPS and LibreOffice write the time of saving."""
    try:
        with zipfile.ZipFile(path) as book:
            days = {entry.date_time[:3] for entry in book.infolist()}
            saved = _SAVED.search(book.read("docProps/core.xml"))
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return days == {_XLSXWRITER_DAY} and saved is not None and saved[1].decode() == f"{LONG_AGO:%Y-%m-%dT%H:%M:%SZ}"
