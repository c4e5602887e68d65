"""The shapes of personal data in Chinese complaints, as tables of patterns. ``privacy.Masker`` applies them.

Every repetition is bounded or over one character class, so that a search is linear in the length of the text. Patterns
are written for half-width letters and digits; ``Masker`` narrows a text first, character by character.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Kind(StrEnum):
    """What was found; the value is the word inside the placeholder."""

    PHONE = "手机号"
    LANDLINE = "固话"
    ID_CARD = "身份证"
    BANK_CARD = "银行卡"
    EMAIL = "邮箱"
    PLATE = "车牌"
    BROADBAND = "宽带账号"
    IMSI = "IMSI"
    ICCID = "ICCID"
    IMEI = "IMEI"
    NUMBER = "号码"
    ADDRESS = "地址"
    NAME = "姓名"


# text, start, end -> whether the place holds nothing personal after all
Refusal = Callable[[str, int, int], bool]


class Gate(Enum):
    """What a text must hold for a search to be worth while: a cue word, seven digits in a run, or nothing special."""

    CUE = auto()
    LONG = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """One pattern: its group ``value`` (or the whole match) is personal, unless ``refuse`` says no of its place."""

    kind: Kind
    pattern: re.Pattern[str]
    refuse: Refusal | None = None
    gate: Gate = Gate.OPEN


_LINK = r"(?:号码|号|码|账户|卡)?\s{0,3}(?:[:：=]|就是|应该是|是|为|叫|尾数|后面是)?\s{0,3}[\"“'(（【]?\s{0,3}"
_SEP = r"[ \-.–—·]?"
_END = r"(?![0-9])"
_START = r"(?<![0-9])"
_UNIT = re.compile(
    r"\s?(?:元|块|万|亿|%|％|角|美元|人民币|[MmGgKkTt][Bbi]?(?![A-Za-z]))|分钟|平方|平米|公里|米|吨|度|次|年|㎡"
)
_HOTLINE = re.compile(
    r"(?:0\d{2,3}-?)?(?:1(?:00\d{2,3}|1[0-9]|2[0-9]|2[0-9]{3}|60|6[0-9]{3}|18\d{2,3})|9[56]\d{3,4}|1008611|1008610)"
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


def _words(*words: str) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_ID_WORD = _words("身份证", "身分证", "证件", "ID号")
_BANK_WORD = _words(
    "银行卡",
    "储蓄卡",
    "信用卡",
    "借记卡",
    "卡号",
    "工行卡",
    "建行卡",
    "农行卡",
    "中行卡",
    "招行卡",
    "银行账号",
    "银行帐号",
)
_LINE_WORD = _words(
    "电话", "座机", "固话", "固定电话", "致电", "拨打", "来电", "回电", "传真", "号码", "小灵通", "主叫", "被叫", "联系"
)
_BROADBAND_WORD = _words(
    "宽带账号", "宽带帐号", "宽带账户", "宽带帐户", "宽带号", "宽带编号", "宽带编码", "上网账号", "上网帐号",
    "拨号账号", "固网账号", "固网号码", "光猫账号", "用户账号", "宽带",
)  # fmt: skip
_ACCOUNT_WORD = _words("账号", "帐号", "账户", "帐户", "用户名")
_NUMBER_WORD = _words(
    "账号", "帐号", "账户", "帐户", "单号", "工单", "订单", "定单", "加群", "群号", "警号", "流水号", "流水",
    "编号", "编码", "合同", "户号",
    "客户编号", "业务号", "受理号", "服务密码", "密码", "验证码", "校验码", "卡密", "序列号", "SN", "运单",
    "快递", "护照", "号码", "尾号", "设备号", "QQ", "扣扣",
)  # fmt: skip
_SECRET_WORD = _words("密码", "验证码", "校验码", "动态码", "提取码", "尾号", "后四位")
_STAFF_WORD = _words("工号", "员工号", "工牌号", "座席号", "坐席号", "胸牌号", "员工编号", "工作证号")
_CHAT_WORD = _words("微信号", "微信是", "微信:", "微信：", "加微信", "微信账号", "QQ号", "VX", "WX", "V信", "加V")

_MOBILE = rf"1[3-9][0-9]{_SEP}(?:[0-9]{{4}}{_SEP}[0-9]{{4}}|[0-9]{{3}}{_SEP}[0-9]{{5}})"
_PREFIX = r"(?:(?:[(（]?\+ ?86[)）]?|[(（]86[)）]|0086|86|0)[ \-]?)?"
_AREA = r"(?:[(（]0(?:10|2[0-9]|[3-9][0-9]{2})[)）]|0(?:10|2[0-9]|[3-9][0-9]{2}))"
_GROUPS = r"[0-9]{4}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}(?:(?P=gap)?[0-9]{1,3})?"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SPOKEN = "零〇一二三四五六七八九幺两"
_TAIL = r"(?:[0-9A-Za-z]|[_\-.@](?=[0-9A-Za-z]))"


def _enough_digits(least: int) -> str:
    return rf"(?=[A-Za-z_.\-]{{0,12}}[0-9](?:[A-Za-z_.@\-]{{0,4}}[0-9]){{{least - 1}}})"


def _cued(kind: Kind, cue: str, value: str, refuse: Refusal | None = None) -> Shape:
    return Shape(kind, re.compile(f"{cue}{_LINK}(?P<value>{value})", re.IGNORECASE), refuse, Gate.CUE)


def _long(kind: Kind, pattern: str, refuse: Refusal | None = None) -> Shape:
    return Shape(kind, re.compile(pattern), refuse, Gate.LONG)


# the surest first: what an earlier shape takes, a later one cannot have
NUMBERS: tuple[Shape, ...] = (
    _cued(Kind.IMSI, "IMSI", r"[0-9]{14,16}"),
    _cued(Kind.IMEI, "(?:IMEI|MEID|串号|串码)[12]?", r"[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{1,3}"),
    _long(Kind.ICCID, rf"{_START}8986(?:[ -]?[0-9A-Za-z]){{15,16}}(?![0-9A-Za-z])"),
    _cued(Kind.ICCID, "(?:ICCID|[SU]IM卡)", r"[0-9]{15,20}[A-Za-z]?"),
    _cued(Kind.ID_CARD, _ID_WORD, rf"[1-9][0-9]{{13,16}}[0-9Xx]{_END}"),
    _long(Kind.ID_CARD, rf"{_START}[1-9][0-9]{{5}}[ -]?(?:18|19|20)[0-9]{{2}}{_MONTH_DAY}[ -]?[0-9]{{3}}[0-9Xx]{_END}"),
    _cued(Kind.BANK_CARD, _BANK_WORD, rf"(?:{_GROUPS}|[0-9]{{12,19}}){_END}"),
    _long(Kind.IMSI, rf"{_START}460(?:0[0-9]|11|12|13|15|20)[0-9]{{10}}{_END}"),
    _long(Kind.ID_CARD, rf"{_START}[1-6][0-9]{{5}}[2-9][0-9]{_MONTH_DAY}[0-9]{{3}}{_END}"),
    _long(
        Kind.BROADBAND,
        r"(?<![A-Za-z0-9._\-])[A-Za-z0-9][A-Za-z0-9_.\-]{3,40}@(?:[0-9]{3,6}\.[A-Za-z]{2}|[A-Za-z]{2,6})"
        r"(?![A-Za-z0-9.\-])",
    ),
    _long(Kind.EMAIL, r"[A-Za-z0-9_][A-Za-z0-9_.+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,30}){1,4}"),
    _cued(
        Kind.BROADBAND,
        _BROADBAND_WORD,
        rf"{_enough_digits(6)}(?!1[3-9][0-9]{{9}}{_END}){_TAIL}{{6,40}}",
        is_public,
    ),
    _cued(Kind.BROADBAND, _ACCOUNT_WORD, rf"{_enough_digits(5)}(?:[A-Za-z]{_TAIL}{{5,40}}|0[0-9]{{8,13}}{_END})"),
    _long(Kind.PHONE, rf"{_START}{_PREFIX}{_MOBILE}{_END}"),
    _long(Kind.BANK_CARD, rf"{_START}(?:{_GROUPS}|62[0-9]{{14,17}}){_END}", is_public_or_amount),
    _cued(Kind.NUMBER, _STAFF_WORD, r"[A-Za-z]{0,6}[0-9][0-9A-Za-z]{2,11}", is_public),
    Shape(Kind.NUMBER, re.compile(rf"{_START}[A-Za-z]{{0,2}}[0-9]{{3,8}}(?=号(?:客服|话务|[坐座]席|接线员|营业员))")),
    _cued(Kind.NUMBER, _CHAT_WORD, r"[A-Za-z0-9][A-Za-z0-9_\-]{5,19}"),
    _long(
        Kind.LANDLINE,
        rf"(?<![0-9A-Za-z(（]){_AREA}[ \-–—]{{0,2}}[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}{_END}(?:[ -]?[转-][0-9]{{1,5}})?",
    ),
    _cued(
        Kind.LANDLINE,
        _LINE_WORD,
        rf"(?!400|800)[2-9][0-9]{{2,3}}[ \-–—]?[0-9]{{4}}{_END}(?:-[0-9]{{1,5}})?",
        is_public_or_amount,
    ),
    _cued(Kind.NUMBER, _SECRET_WORD, r"(?=[A-Za-z]{0,12}[0-9])[0-9A-Za-z]{4,16}(?![0-9A-Za-z])", is_public),
    _cued(Kind.NUMBER, _NUMBER_WORD, rf"{_enough_digits(5)}[A-Za-z0-9]{_TAIL}{{4,40}}", is_public),
    _long(Kind.BROADBAND, r"(?<![A-Za-z0-9])(?:kd_?|[a-z]{2,6}_?)[0-9]{7,14}(?![0-9])"),
    _long(Kind.NUMBER, r"(?<![0-9A-Za-z])[A-Za-z]{0,6}[0-9]{9,}[A-Za-z]?", is_public_or_amount),
    Shape(
        Kind.PLATE,
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][ ·•.\-]?(?=[A-Za-z]{{0,2}}[0-9][0-9A-Za-z]{{0,2}}[0-9])"
            r"[A-HJ-NP-Za-hj-np-z0-9]{5,6}[挂学警港澳]?(?![A-Za-z0-9])"
        ),
    ),
)

# any cue of the shapes above, as literals only: such a search is ten times as fast as one that ignores case
CUE = re.compile(
    "|".join(
        (_ID_WORD, _BANK_WORD, _LINE_WORD, _BROADBAND_WORD, _ACCOUNT_WORD, _NUMBER_WORD, _SECRET_WORD, _STAFF_WORD)
    )
    .replace("(?:", "")
    .replace(")", "")
    + "|微信|串号|串码|IMSI|imsi|IMEI|imei|MEID|meid|ICCID|iccid|SIM|sim|UIM|uim"
    "|sn|qq|Qq|VX|vx|Vx|WX|wx|V信|v信|加V|加v|id号"
)

SPOKEN = re.compile(
    rf"[一幺][三四五六七八九](?:[ ,，、\-]?[{_SPOKEN}]){{9}}|(?=[0-9]{{0,20}}[{_SPOKEN}])[{_SPOKEN}0-9]{{7,}}"
)
_SPOKEN_DIGITS = str.maketrans(_SPOKEN, "0012345678912", "") | {ord(mark): None for mark in " ,，、-"}
_SPOKEN_PUBLIC = re.compile(r"[48]00[0-9]{7}|1008611|1?2?3?4?5?6?7?8?9?0?")


def spoken_kind(words: str) -> Kind | None:
    """Tell what digits read aloud are; ``None`` for a hotline or for counting (一二三四五六七).

    >>> spoken_kind("幺三八零零幺三八零零零"), spoken_kind("四零零八八八六六六六")
    (<Kind.PHONE: '手机号'>, None)
    """
    digits = words.translate(_SPOKEN_DIGITS)
    if _SPOKEN_PUBLIC.fullmatch(digits):
        return None
    return Kind.PHONE if re.fullmatch(r"1[3-9][0-9]{9}", digits) else Kind.NUMBER


_N = r"(?:[0-9]{1,4}[A-Za-z]?|[A-Za-z][0-9]{0,3}|[一二三四五六七八九十]{1,3})"
_BUILDING = rf"{_N}\s?(?:栋|幢|座|号楼|#楼|#|号院|期|区)?"
_DOOR = r"(?:室(?![内外友])|房(?![间型价子产东租贷款屋源费卡车地管里企补]))"
_ROOM_END = rf"(?:{_DOOR}|户(?![口籍型主外内名均数头])|号房|号(?![线楼院码栋]))"
_ROOM = rf"(?:[0-9]{{3,5}}[A-Za-z]?|[0-9]{{1,2}}[A-Za-z]|[一二三四五六七八九十零〇幺]{{3,4}})\s?{_ROOM_END}"
_NO_ROOM = r"(?![0-9A-Za-z]|\s?(?:元|块|年|多|人|户|个|M|兆|%|米|平|次|天|月|[.:：\-/]))"
_BARE_ROOM = rf"(?:[0-9]{{3,4}}[A-Za-z]?{_NO_ROOM}|[一二三四五六七八九零〇幺]{{3,4}})(?:室|房)?"
_HOUSE_CHAIN = (
    rf"(?:{_N}\s?(?:栋|幢|座|号楼|#楼|#|号院|号)[\s,，]?)"
    rf"(?:{_N}\s?(?:单元|门(?![口卫禁面店市])|梯)[\s,，]?(?:{_N}\s?(?:楼|层)[\s,，]?)?(?:{_ROOM}|{_BARE_ROOM})?"
    rf"|(?:{_N}\s?(?:楼|层)[\s,，]?)?(?:{_ROOM}|{_BARE_ROOM}))"
)
_NOT_A_DAY = (
    r"(?!线|地铁|口|出口|台|机|站|井|桥|公路|码|文|令|段|早上|上午|中午|下午|晚上|晚|凌晨|开始|就|才|之前|之后|以后|那天"
    r"|左右|到|至|前|后|当天|去)"
)
_ROAD = (
    r"(?:(?<=[路街巷弄])|(?<=大道)|(?<=胡同)|(?<=[东西南北中]里))(?<!线路)(?<!网路)(?<!电路)(?<!道路)(?<!铁路)(?<!在路)"
)
_NUMBER_OF_HOUSE = (
    rf"\s?(?:[0-9]{{1,5}}(?:[-—之][0-9]{{1,4}}){{0,2}}|[一二三四五六七八九十百]{{1,5}})\s?(?:弄|号){_NOT_A_DAY}"
)
_PART = rf"附?{_N}\s?(?:弄|号[楼院]|号(?!线)|栋|幢|座|单元|门(?![口卫禁面店市])|楼|层|室)[\s,，]?"
_REST = rf"(?:(?:院|楼|大院)?[\s,，]?(?:{_PART}){{1,5}}(?:{_BARE_ROOM})?|院|楼)?"

ADDRESSES: tuple[Shape, ...] = (
    Shape(Kind.ADDRESS, re.compile(rf"{_ROAD}{_NUMBER_OF_HOUSE}{_REST}")),
    Shape(
        Kind.ADDRESS,
        re.compile(
            r"(?<=[村屯寨庄坝湾沟社区队])\s?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[组队社]\s?附?[0-9]{1,4}号?(?![0-9])"
        ),
    ),
    Shape(
        Kind.ADDRESS, re.compile(rf"(?<=[村屯寨庄湾])\s?(?:门牌)?[0-9]{{1,4}}(?:-[0-9]{{1,3}})?号{_NOT_A_DAY}{_REST}")
    ),
    Shape(Kind.ADDRESS, re.compile(rf"(?<![0-9A-Za-z.]){_HOUSE_CHAIN}")),
    Shape(
        Kind.ADDRESS,
        re.compile(
            r"(?<![0-9A-Za-z.\-/])[0-9A-Za-z]{1,3}[-—][0-9]{1,2}[-—](?!19[0-9]{2}|20[0-9]{2})[0-9]{3,4}(?![0-9\-—])(?:室|房|号)?"
        ),
    ),
    Shape(
        Kind.ADDRESS, re.compile(rf"(?<![0-9A-Za-z.]){_N}\s?单元\s?(?:{_N}\s?(?:楼|层)\s?)?(?:{_ROOM}|{_BARE_ROOM})")
    ),
    Shape(Kind.ADDRESS, re.compile(rf"(?<![0-9A-Za-z.])[0-9]{{3,5}}[A-Za-z]?\s?{_DOOR}")),
    _cued(Kind.ADDRESS, "(?:门牌号?|房号|房间号|室号|房屋编号)", r"[0-9A-Za-z][0-9A-Za-z\-]{0,9}号?"),
)
