"""One cell of any format as plain text."""

import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_CARRIAGE = re.compile("_x000d_", re.IGNORECASE)
# Excel keeps 15 digits of a number; what a longer id ends in afterwards is zeros or an exponent.
_EXPONENT = re.compile(r"\d(\.\d+)?[eE]\+?\d{2,}")
EXCEL_DIGITS = 15
_EXACT = float(1 << 53)


def tidy(text: str) -> str:
    r"""Return the text without Excel's ``_x000d_`` and with plain line breaks.

    >>> tidy("断网_x000D_\n两天\r\n了")
    '断网\n两天\n了'
    """
    if "_x000" in text:
        text = _CARRIAGE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def cell_text(value: Any) -> str:
    """Return a typed cell (Excel, Parquet, JSON) as the text a person would see.

    >>> [cell_text(v) for v in (12.0, 12.5, None, True, datetime(2019, 3, 7, 17, 18, 50), 1.2e17)]
    ['12', '12.5', '', 'TRUE', '2019-03-07 17:18:50', '120000000000000000']
    """
    for kind, convert in _CONVERT:
        if isinstance(value, kind):
            return convert(value)
    return str(value)


def looks_damaged(text: str) -> bool:
    """Tell whether an id of more than 15 digits went through Excel as a number.

    >>> [looks_damaged(t) for t in ("1.23457E+17", "201903071234567000", "201903071234567")]
    [True, True, False]
    """
    if _EXPONENT.fullmatch(text):
        return True
    return len(text) > EXCEL_DIGITS and text.isdecimal() and not text[EXCEL_DIGITS:].strip("0")


def _float_text(value: float) -> str:
    if value != value:
        return ""
    if abs(value) >= _EXACT and value.is_integer():
        # beyond 2**53 a float invents digits: show those that Excel has kept
        return f"{Decimal(f'{value:.{EXCEL_DIGITS}g}'):f}"
    return f"{value:.0f}" if value.is_integer() else repr(value)


def _moment_text(value: datetime) -> str:
    if value.tzinfo is not None:
        return value.isoformat(" ", "seconds")
    # Excel stores days as floats: 17:18:50 can arrive as 17:18:49.999999
    if value.microsecond:
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return f"{value:%Y-%m-%d %H:%M:%S}" if value.year >= 1000 else value.isoformat(" ")


def _length_text(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _nested_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


# bool before int, datetime before date: the first kind that fits converts.
_CONVERT: tuple[tuple[Any, Any], ...] = (
    (str, str),
    (type(None), lambda value: ""),
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (float, _float_text),
    (int, str),
    (datetime, _moment_text),
    (date, date.isoformat),
    (time, lambda value: f"{value:%H:%M:%S}"),
    (timedelta, _length_text),
    (Decimal, lambda value: f"{value:f}"),
    ((dict, list, tuple), _nested_text),
    (bytes, lambda value: value.decode("utf-8", "backslashreplace")),
)
