"""The shapes of numbers and codes in Chinese complaints, as a table of patterns. ``privacy.Masker`` applies them.

Every repetition is bounded or over one character class, so that a search is linear in the length of the text. Patterns
are written for half-width letters and digits; ``Masker`` narrows a text first, character by character.
"""

import re

from pipeline.text import privacy_words as words
from pipeline.text.privacy_shapes import LINK, Gate, Kind, Refusal, Shape, cued, one_of

_SEP = r"[ \-.–—·]?"
_END = r"(?![0-9])"
_START = r"(?<![0-9])"
# the same after the first character: a search then leaps from candidate to candidate
_FREE = r"(?<![0-9].)"
_UNIT = re.compile(
    r"\s?(?:元|块|万|亿|%|％|角|美元|人民币|[MmGgKkTt][Bbi]?(?![A-Za-z]))|分钟|平方|平米|公里|米|吨|度|次|年|㎡"
)
_HOTLINE = re.compile(
    r"0(?:10|2\d|[3-9]\d\d)-?(?:1\d{4}|9[56]\d{3,4})|(?:1(?:00\d{2,3}|1[0-9]|2[0-9]|2[0-9]{3}|60|6[0-9]{3}|06[5-9][0-9]{4,16}|18\d{2,3})|9[56]\d{3,4}|1008611|1008610)"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
)
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DAY = rf"(?:19|20)\d{{2}}{_MONTH_DAY}"
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


_AMOUNT_UNIT = re.compile(r"(?:\.\d{1,2})?\s?(?:元|块|万|亿|%|％|分钟|天|次|年|月|个)")


def _is_no_mobile(text: str, start: int, end: int) -> bool:
    return re.fullmatch(r"1[3-9][0-9]{9}", re.sub(r"[ \-/]", "", text[start:end])) is None


_MOBILE = (
    rf"1[3-9][0-9]{_SEP}(?:[0-9]{{4}}{_SEP}[0-9]{{4}}|[0-9]{{3}}{_SEP}[0-9]{{5}}"
    r"|[0-9][ -][0-9]{3}[ -][0-9]{4}|[0-9][ -][0-9]{4}[ -][0-9]{3})"
)
_PREFIX = r"(?:(?:[(（]?\+ ?86[)）]?|[(（]86[)）]|0086|86|0)[ \-]?)?"
_AREA = r"(?:[(（]0(?:10|2[0-9]|[3-9][0-9]{2})[)）]|0(?:10|2[0-9]|[3-9][0-9]{2}))"
_GROUPS = r"[0-9]{4}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}(?:(?P=gap)?[0-9]{1,3})?"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_TAIL = r"(?:[0-9A-Za-z]|[_\-.@](?=[0-9A-Za-z]))"


def _enough_digits(least: int) -> str:
    return rf"(?=[A-Za-z_.\-]{{0,12}}[0-9](?:[A-Za-z_.@\-]{{0,4}}[0-9]){{{least - 1}}})"


def _long(kind: Kind, pattern: str, refuse: Refusal | None = None, hint: str = "", gate: int = Gate.LONG) -> Shape:
    return Shape(kind, re.compile(pattern), gate, refuse, hint=re.compile(hint) if hint else None)


_CODE = rf"{_enough_digits(5)}[A-Za-z0-9]{_TAIL}{{4,40}}"
_GROUPED = r"[0-9]{3,6}(?:[ -][0-9]{3,6}){2,5}"
_HOST = r"[A-Za-z0-9\-]{1,63}(?:\s?(?:\.|点(?=\s?[A-Za-z]))\s?[A-Za-z0-9\-]{1,30}){1,4}"

# the surest first: what an earlier shape takes, a later one cannot have
NUMBERS: tuple[Shape, ...] = (
    cued(Gate.DEVICE, Kind.IMSI, ("IMSI",), r"[0-9]{3}(?:[ -]?[0-9]){11,13}"),
    cued(
        Gate.DEVICE,
        Kind.IMEI,
        words.DEVICE_WORDS,
        r"[12]?\s?[:：]?\s?[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{1,3}",
    ),
    _long(Kind.ICCID, r"8986(?<![0-9]8986)(?:[ -]?[0-9A-Za-z]){15,16}(?![0-9A-Za-z])"),
    cued(Gate.DEVICE, Kind.ICCID, ("ICCID", "SIM卡", "UIM卡"), r"[0-9]{15,20}[A-Za-z]?"),
    cued(Gate.PAPER, Kind.ID_CARD, words.ID_WORDS, rf"[1-9][0-9]{{13,16}}[0-9Xx]{_END}"),
    # read aloud in pieces
    cued(
        Gate.PAPER,
        Kind.ID_CARD,
        words.ID_WORDS,
        rf"[,，]?\s?[1-9][0-9]{{2}}(?:[ ,，\-]{{0,2}}[0-9]){{7,14}}[0-9Xx]{_END}",
    ),
    _long(
        Kind.ID_CARD, rf"[1-9]{_FREE}[0-9]{{5}}[ -]?(?:18|19|20)[0-9]{{2}}[ -]?{_MONTH_DAY}[ -]?[0-9]{{3}}[0-9Xx]{_END}"
    ),
    cued(Gate.PAPER, Kind.BANK_CARD, words.BANK_WORDS, rf"(?:{_GROUPS}|[0-9]{{12,19}}|{_GROUPED}){_END}"),
    cued(Gate.PAPER, Kind.ID_CARD, words.PAPER_WORDS, r"[A-Za-z]{0,3}[0-9]{6,18}[0-9A-Za-z]{0,2}", is_public_or_amount),
    _long(Kind.IMSI, rf"460(?<![0-9]460)(?:0[0-9]|11|12|13|15|20)[0-9]{{10}}{_END}"),
    _long(Kind.ID_CARD, rf"[1-6]{_FREE}[0-9]{{5}}[2-9][0-9]{_MONTH_DAY}[0-9]{{3}}{_END}"),
    _long(
        Kind.BROADBAND,
        r"(?<![A-Za-z0-9._\-])[A-Za-z0-9][A-Za-z0-9_.\-]{3,40}@(?:[0-9]{3,6}\.[A-Za-z]{2}|[A-Za-z]{2,6})"
        r"(?![A-Za-z0-9.\-])",
        gate=Gate.MAIL,
    ),
    _long(
        Kind.EMAIL,
        rf"[A-Za-z0-9_][A-Za-z0-9_.+\-]{{0,63}}\s?(?:@|艾特|\(at\)|（at）)\s?{_HOST}",
        gate=Gate.MAIL,
    ),
    cued(
        Gate.BROADBAND,
        Kind.BROADBAND,
        words.BROADBAND_WORDS,
        rf"{_enough_digits(6)}(?!1[3-9][0-9]{{9}}{_END}){_TAIL}{{6,40}}",
        is_public,
    ),
    cued(
        Gate.BROADBAND,
        Kind.BROADBAND,
        words.ACCOUNT_WORDS,
        rf"{_enough_digits(5)}(?:[A-Za-z]{_TAIL}{{5,40}}|0[0-9]{{8,13}}{_END})"
        r"|(?=[A-Za-z_.\-]{1,20}[0-9][A-Za-z_.\-]{0,10}[0-9])[A-Za-z][A-Za-z0-9_.\-]{3,30}",
    ),
    _long(
        Kind.PHONE,
        r"(?<![0-9.])1(?=[ \-/]?[3-9])[0-9]{0,4}(?P<gap>[ \-/])[0-9]{1,4}(?:(?P=gap)[0-9]{1,4}){1,4}(?![0-9])",
        refuse=_is_no_mobile,
        gate=Gate.LONG | Gate.MAIL,
    ),
    _long(Kind.PHONE, rf"{_START}{_PREFIX}{_MOBILE}{_END}", hint=_MOBILE),
    # dictated: digit by digit, or in groups of any size after a word for telephone
    _long(Kind.PHONE, r"1(?<![0-9]1)(?P<blank>[ \-])[3-9](?:(?P=blank)[0-9]){9}(?!(?P=blank)?[0-9])"),
    cued(Gate.LINE, Kind.PHONE, words.LINE_WORDS, r"1[3-9](?:[ .,，\-]?[0-9]){9}(?![ .\-]?[0-9])", hint="1[3-9]"),
    cued(
        Gate.LINE,
        Kind.PHONE,
        words.LINE_WORDS,
        r"1[3-9](?=[lIoO]{0,2}[0-9]{0,8}[lIoO])[0-9lIoO]{9}(?![0-9A-Za-z])",
        hint="1[3-9][0-9lIoO]{9}",
    ),
    cued(
        Gate.LINE,
        Kind.LANDLINE,
        words.LINE_WORDS,
        r"[2-9](?:[ \-][0-9]){6,7}(?![ .\-]?[0-9])",
        hint=r"[2-9][ \-][0-9][ \-]",
    ),
    cued(
        Gate.LINE,
        Kind.NUMBER,
        ("内线", "分机", "短号", "分机号", "内线电话"),
        r"[0-9]{3,6}(?![0-9])",
        is_public_or_amount,
    ),
    _long(
        Kind.BANK_CARD,
        rf"{_START}(?:{_GROUPS}|62[0-9]{{14,17}}){_END}",
        is_public_or_amount,
        r"[0-9]{4}[ -][0-9]{4}|62[0-9]{14}",
    ),
    cued(Gate.NUMBER, Kind.NUMBER, words.STAFF_WORDS, r"(?:[0-9A-Za-z] ){3,9}[0-9A-Za-z](?![0-9A-Za-z])"),
    cued(Gate.NUMBER, Kind.NUMBER, words.STAFF_WORDS, r"[A-Za-z]{1,6}[\-_][0-9]{3,12}(?![0-9A-Za-z])"),
    Shape(
        Kind.NUMBER,
        re.compile(r"[0-9\]]转(?:分机|接)?\s?(?P<value>[0-9]{2,5})(?![0-9])"),
        Gate.OPEN,
        is_public_or_amount,
        needs=("转",),
    ),
    cued(Gate.NUMBER, Kind.NUMBER, words.STAFF_WORDS, r"[A-Za-z]{0,6}[0-9][0-9A-Za-z]{2,11}", is_public),
    Shape(
        Kind.NUMBER,
        re.compile(
            r"[0-9A-Za-z](?<![0-9A-Za-z].)(?:(?<=[0-9])|[A-Za-z]?[0-9])[0-9]{2,7}"
            r"(?=号(?:客服|话务|[坐座]席|接线员|营业员)|号?(?:这个|那个|的)?工号)"
        ),
        Gate.OPEN,
        is_public,
        needs=("工号", "号客", "号话", "号坐", "号座", "号接", "号营"),
    ),
    cued(Gate.CHAT, Kind.NUMBER, words.CHAT_WORDS, r"[A-Za-z0-9][A-Za-z0-9_\-]{5,19}"),
    cued(Gate.CHAT, Kind.NUMBER, words.APP_WORDS, r"(?=[A-Za-z_]{1,19}[0-9_\-])[A-Za-z][A-Za-z0-9_\-]{5,19}"),
    _long(
        Kind.LANDLINE,
        rf"(?<![0-9A-Za-z]){_AREA}[ .\-–—/]{{0,2}}(?:[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}|[2-9][0-9]{{3}}[ -][0-9]{{3}})"
        rf"{_END}(?:[ -]?[转-][0-9]{{1,5}})?",
    ),
    _long(
        Kind.LANDLINE,
        r"(?<![0-9])(?:\+?86|0086)[ \-](?:10|2[0-9]|[3-9][0-9]{2})[ \-]?[2-9][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9])",
    ),
    cued(
        Gate.LINE,
        Kind.LANDLINE,
        words.LINE_WORDS,
        rf"(?!400|800)[2-9][0-9]{{2,3}}[ \-–—]?[0-9]{{4}}{_END}(?:-[0-9]{{1,5}})?",
        is_public_or_amount,
        r"[2-9][0-9]{2,3}[ \-–—]?[0-9]{4}",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.SECRET_WORDS,
        rf"(?:{_GROUPED}|(?=[A-Za-z]{{0,12}}[0-9])[0-9A-Za-z]{{3,16}})(?![0-9A-Za-z])",
        is_public,
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.SERIAL_WORDS,
        r"(?=[A-Z]{0,10}[0-9][A-Z]{0,10}[0-9])[0-9A-Z]{8,24}(?![0-9A-Za-z])",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.NUMBER_WORDS,
        rf"{_CODE}|[0-9]{{3,6}}(?:[ -][0-9]{{3,6}}){{2,5}}(?![0-9])"
        r"|[A-Za-z]{0,6}[(（〔\[][0-9]{4}[)）〕\]][0-9A-Za-z]{4,20}",
        is_public,
    ),
    # any other 号: 港澳通行证号, 取票号, 专线号 …, but not a model (型号), a signal (信号) or a day (3号)
    Shape(
        Kind.NUMBER,
        re.compile(rf"[号码](?<![0-9一二三四五六七八九十型信番第几]号)(?<![扫二维尺数起]码){LINK}(?P<value>{_CODE})"),
        Gate.NUMBER,
        is_public_or_amount,
    ),
    _long(Kind.BROADBAND, r"(?<![A-Za-z0-9])(?:kd_?|[a-z]{2,6}_?)[0-9]{7,14}(?![0-9])", hint="[0-9]{7}"),
    _long(Kind.NUMBER, r"(?<![0-9A-Za-z])[A-Za-z]{0,6}[0-9]{9,}[A-Za-z]?", is_public_or_amount, "[0-9]{9}"),
    Shape(Kind.NUMBER, re.compile(r"(?<=[(（])[A-Za-z]{0,4}[0-9]{3,6}(?=号[)）])"), Gate.OPEN, needs=("号)", "号）")),
    # registers of courts, police and army: 兰字第20187364号, 受案字〔2024〕2207号
    Shape(
        Kind.NUMBER,
        re.compile(
            r"(?:[受立]案|[军兵士警])?字(?:第|(?<=案字)[\[(（〔][0-9]{4}[\])）〕]第?)(?P<value>\s?[0-9]{3,12})\s?号"
        ),
        Gate.OPEN,
        needs=("字",),
    ),
    Shape(
        Kind.NUMBER,
        re.compile(r"[)）〕\]](?P<value>[\u4e00-\u9fff][0-9]{2,6}[\u4e00-\u9fff]{1,4}[0-9]{1,6})号"),
        Gate.OPEN,
        needs=(")", "）", "〕", "]"),
    ),
    _long(Kind.NUMBER, r"(?<![0-9A-Za-z])(?=[0-9]{2,17}[A-Z])[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}(?![0-9A-Za-z])"),
    Shape(
        Kind.NUMBER,
        re.compile(
            rf"{one_of(words.STAFF_ROLES)}\s?[:：]?\s?(?P<value>[A-Za-z]{{1,6}}[\-_]?[0-9]{{3,10}})(?![0-9A-Za-z])"
        ),
        Gate.OPEN,
        is_public_or_amount,
    ),
    _long(Kind.NUMBER, r"(?<![0-9A-Za-z])[A-Z]{4}[0-9A-F]{8}(?![0-9A-Za-z])"),
    # telephones abroad, cards of Hong Kong, addresses of devices, serial numbers that no word announces
    _long(
        Kind.PHONE,
        r"[(（]\+?(?:852|853|886)[)）][ \-]?[0-9]{4}[ \-]?[0-9]{4}"
        r"|(?<![0-9A-Za-z])(?:\+|00)[1-9][0-9]{0,2}[ \-]?[0-9]{2,4}(?:[ \-]?[0-9]{2,4}){1,3}(?![0-9])",
    ),
    _long(Kind.ID_CARD, r"(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{6}[(（][0-9A][)）]"),
    _long(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z:])(?:MAC)?(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z])",
        hint="[:-][0-9A-Fa-f]{2}[:-]",
        gate=Gate.LONG | Gate.MAIL,
    ),
    _long(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z\-_.])(?=[A-Za-z]{1,10}[0-9])(?=(?:[A-Za-z]{0,10}[0-9]){5})[0-9A-Za-z]{10,40}(?![0-9A-Za-z])",
    ),
    _long(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z\-_.])[A-Za-z]{1,8}(?=(?:[\-_A-Za-z]{0,8}[0-9]){8})[0-9A-Za-z]{0,20}(?:[\-_][0-9A-Za-z]{1,20}){1,5}",
    ),
    Shape(
        Kind.PLATE,
        re.compile(
            rf"[{PROVINCES}][·•]?[A-HJ-NP-Za-hj-np-z][ ·•.\-]?(?=[A-Za-z]{{0,2}}[0-9][0-9A-Za-z]{{0,2}}[0-9])"
            r"[A-HJ-NP-Za-hj-np-z0-9](?:[A-HJ-NP-Za-hj-np-z0-9]{4,5}[挂学警港澳]?|[0-9A-Z]{3}[挂学警港澳])(?![A-Za-z0-9])"
        ),
        Gate.OPEN,
    ),
)
