"""Figures that are nobody's secret: hotlines, amounts, moments."""

import re

_UNIT = re.compile(
    r"\s?(?:元|块|万|亿|%|％|角|美元|人民币|[MmGgKkTt][Bbi]?(?![A-Za-z]))|分钟|字节|比特|像素|赫兹|毫安|平方|平米|公里|米|吨|度|次|年|㎡"
)
_HOTLINE = re.compile(
    r"0(?:10|2\d|[3-9]\d\d)-?(?:1\d{4}|9[56]\d{3,4})|(?:1(?:00\d{2,3}|1[0-9]|2[0-9]|2[0-9]{3}|60|6[0-9]{3}|06[5-9][0-9]{4,16}|18\d{2,3})|9[56]\d{3,4}|(?:100(?:86|85|10|00)(?:11|10)?)+)"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
)
MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DAY = rf"(?:19|20)\d{{2}}{MONTH_DAY}"
_MOMENT = re.compile(rf"{_DAY}(?:(?:[01]\d|2[0-4])(?:[0-5]\d){{0,2}})?")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ \-.]?){2,}(?:\d{1,3})?")
_ROUND = re.compile(r"[1-9]\d?0{7,}")


def is_public_or_amount(text: str, start: int, end: int) -> bool:
    """Tell whether the digits are a hotline, a moment or an amount, so nobody's secret."""
    value = text[start:end]
    before = text[max(0, start - 2) : start]
    if before[-1:] in {"￥", "¥", "$"} or (before[-1:] == "." and before[:1].isdigit()):
        return True
    if re.match(r"\.\d", text[end : end + 2]) or _UNIT.match(text, end):
        return True
    return bool(
        _HOTLINE.fullmatch(value) or _MOMENT.fullmatch(value) or _YEARS.fullmatch(value) or _ROUND.fullmatch(value)
    )


def is_public(text: str, start: int, end: int) -> bool:
    """Tell whether the digits are a hotline or an amount; after 单号 even a moment is a number to hide."""
    value = text[start:end]
    return bool(_HOTLINE.fullmatch(value) or _AMOUNT_UNIT.match(text, end))


def is_public_or_moment(text: str, start: int, end: int) -> bool:
    """Tell the same, of dates with marks in them as well."""
    return is_public_or_amount(text, start, end) or _DATE.match(text, start) is not None


def is_public_or_model(text: str, start: int, end: int) -> bool:
    """Tell the same of digits after 单号, and of the make of a device that such a word names (机顶盒B860AV2.1)."""
    if is_public(text, start, end):
        return True
    return text[max(0, start - 3) : start].endswith(_DEVICES) and _MODEL.fullmatch(text, start, end) is not None


def is_of_a_device(text: str, start: int, end: int) -> bool:
    """Tell whether the code is the version or the make of a device, or an error's."""
    return _DEVICE.search(text, max(0, start - 8), start) is not None


_DATE = re.compile(r"(?:19|20)\d\d[\-/.](?:0?[1-9]|1[0-2])(?:[\-/.][0-3]?\d)?(?![0-9\-/.])")
_DEVICE = re.compile(r"(?:版本|型号|固件|软件|机型|[错故].码|错误代码)号?[是为]?[:：]?\s?$")
_DEVICES = ("机顶盒", "网卡", "顶盒:", "顶盒：", "顶盒 ", "网卡 ")
_MODEL = re.compile(r"[A-Za-z]{1,5}-?[0-9]{2,4}[A-Za-z]{0,4}(?:[\-.]?[VvRr]?[0-9]{1,2}(?:\.[0-9A-Za-z]{1,4}){0,3})?")
_AMOUNT_UNIT = re.compile(r"(?:\.\d{1,2})?\s?(?:元|块|万|亿|%|％|分钟|天|次|年|月|个)")
