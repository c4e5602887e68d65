"""What is wrong with a damaged file, in words of ours: those of the libraries that read it help nobody who sent it."""

import re
import zlib

from pipeline.errors import InputError

_CUT = "it breaks off, so the copy is not complete"
_UNKNOWN = "it is damaged, or of a kind that is not known"
_PACKED = "what is packed in it is damaged"
# a dot stands for the space between two words
_REASONS = (
    (r"xmlerror|xmleof|syntax.error", "a part of it is not written as a workbook is"),
    (r"not.?found|no.such|missing", "a part of it is missing"),
    (r"not.a.zip|eocd|end-of-stream|truncated|unexpected.e(?:nd|of)|fill.whole", _CUT),
    (r"deflate|lzma|crc|checksum|corrupt|incorrect.length|invalid.data", _PACKED),
    (r"central.directory|invalid.zip", "its list of contents is damaged"),
    (r"compression.method", "it is packed in a way that is not known here"),
    (r"cannot.detect", _UNKNOWN),
    (r"cfb|xlserror|sector|biff", "it is damaged, or no workbook of the old Excel (.xls)"),
)


def damage(error: BaseException) -> str:
    """Return what an error of a library says of a file; its own words only where ours do not know them.

    >>> damage(EOFError("Compressed file ended before the end-of-stream marker was reached"))
    'it breaks off, so the copy is not complete'
    """
    if isinstance(error, EOFError):
        return _CUT
    if isinstance(error, zlib.error):
        return _PACKED
    said = str(error).strip().partition("\n")[0]
    known = f"{type(error).__name__} {said}".casefold()
    for pattern, reason in _REASONS:
        if re.search(pattern, known):
            return reason
    # a single word is the name of a part, and says nothing
    return f"it is damaged, or of a kind that is not known ({said})" if " " in said else _UNKNOWN


def unreadable_workbook(file: str, error: BaseException) -> InputError:
    """Build the error for a workbook that cannot be opened."""
    return InputError(
        f"{file} cannot be read as an Excel workbook: {damage(error)}. Open it in Excel and save it as .xlsx, or "
        "export it again"
    )


def unreadable_sheet(sheet: str, file: str, error: BaseException) -> InputError:
    """Build the error for one sheet of a workbook."""
    return InputError(
        f"the sheet {sheet!r} of {file} cannot be read: {damage(error)}. Open it in Excel and save it as .xlsx, or "
        "export it again"
    )
