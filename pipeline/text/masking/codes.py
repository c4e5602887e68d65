"""The shapes of registers, devices, plates and codes that no word announces; ``masking.patterns`` has all others."""

from pipeline.text.late import Late
from pipeline.text.masking import words as words
from pipeline.text.masking.amounts import is_of_a_device, is_public_or_amount
from pipeline.text.masking.shapes import Gate, Kind, Shape, one_of, uncued
from pipeline.text.masking.staff import STAFF_HINT

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# a number of a person at work, and no amount, moment or place
_NO_COUNT = (
    r"(?![0-9A-Za-z]|[.:：\-/][0-9]|\s?(?:[元块毛角年月日号天次个名位人分点多条家台路兆秒岁楼层室户栋%]|小时|左右"
    r"|以上))"
)

CODES: tuple[Shape, ...] = (
    # complaints that an office passed on: 冀通管诉2024第0659号, but no decree (国办发〔2024〕12号)
    uncued(
        Kind.NUMBER,
        rf"(?:[{PROVINCES}][\u4e00-\u9fff]{{0,4}})?[诉访督转][\[(（〔]?20[0-9]{{2}}[\])）〕]?年?第?[0-9]{{2,8}}号",
        hint=r"[诉访督转][\[(（〔]?20[0-9]{2}",
        gate=Gate.STAFF,
    ),
    # 鲁通申2024-11372, YS/23/0915/006
    uncued(
        Kind.NUMBER,
        rf"[{PROVINCES}][\u4e00-\u9fff]{{1,4}}[\[(（〔]?20[0-9]{{2}}[\])）〕]?[\-—第]?[0-9]{{3,8}}号?(?![0-9年月日])"
        r"|(?<![0-9A-Za-z/])[A-Z]{1,4}/[0-9]{2,4}(?:/[0-9]{2,6}){1,3}(?![0-9/])",
        hint=STAFF_HINT,
        gate=Gate.STAFF,
    ),
    # 微信转给li_ming88
    Shape(
        Kind.NUMBER,
        Late(
            rf"{one_of(words.APP_WORDS)}(?:转账?|发|推|加|搜索?|联系|好友|备注|昵称|收款|扫|给|的|是|叫|上|里|名|人|找|我|他|她|号|昵|账|绑|换|改|成|为|就|留|了){{1,6}}"
            r"\s?[:：]?\s?(?P<value>(?=[A-Za-z_]{1,19}[0-9_\-])[A-Za-z][A-Za-z0-9_\-]{5,19})"
        ),
        Gate.CHAT,
        hint=Late("[A-Za-z][A-Za-z0-9_-]{5}"),
    ),
    # registers of courts, police and army: 兰字第20187364号, 受案字〔2024〕2207号
    Shape(
        Kind.NUMBER,
        Late(r"(?:[受立]案|[军兵士警])?字(?:第|(?<=案字)[\[(（〔][0-9]{4}[\])）〕]第?)(?P<value>\s?[0-9]{3,12})\s?号"),
        Gate.OPEN,
        needs=("字",),
        hint=Late(r"[0-9]\s?号"),
    ),
    Shape(
        Kind.NUMBER,
        Late(r"[)）〕\]](?P<value>[\u4e00-\u9fff][0-9]{2,6}[\u4e00-\u9fff]{1,4}[0-9]{1,6})号"),
        Gate.OPEN,
        needs=(")", "）", "〕", "]"),
        hint=Late("[0-9]号"),
    ),
    uncued(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z])(?=[0-9]{2,17}[A-Z])[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}(?![0-9A-Za-z])",
        hint="[0-9A-Z]{18}",
    ),
    Shape(
        Kind.NUMBER,
        Late(
            rf"{one_of(words.STAFF_ROLES)}(?:号码?|编号|代码)?\s?[:：]?\s?(?P<value>[A-Za-z]{{1,6}}[\-_]?[0-9]{{3,10}}(?![0-9A-Za-z])"
            r"|(?!wifi|vip|app|ip|cat)[a-z]{2,10}(?:_[a-z]{1,8})?[_.]?[0-9]{2,6}(?![0-9A-Za-z_])"
            rf"|[A-Za-z][0-9]{{2}}(?![0-9A-Za-z])|[A-Za-z]?[0-9]{{3,8}}{_NO_COUNT}|[配骑柜客坐座维][0-9]{{3,8}}{_NO_COUNT})"
        ),
        Gate.OPEN,
        is_public_or_amount,
        hint=Late("[0-9A-Za-z][0-9]{2}"),
    ),
    uncued(Kind.NUMBER, r"(?<![0-9A-Za-z])[A-Z]{4}[0-9A-F]{8}(?![0-9A-Za-z])", hint="[A-Z]{4}[0-9A-F]{8}"),
    # telephones abroad, cards of Hong Kong, addresses of devices, serial numbers that no word announces
    uncued(
        Kind.PHONE,
        r"[(（]\+?(?:852|853|886)[)）][ \-]?[0-9]{4}[ \-]?[0-9]{4}"
        r"|(?<![0-9A-Za-z])(?:\+|00)[1-9][0-9]{0,2}[ \-]?[0-9]{2,4}(?:[ \-]?[0-9]{2,4}){1,3}(?![0-9])",
        hint=r"[(（+]\+?[0-9]|00[1-9]",
    ),
    uncued(Kind.ID_CARD, r"(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{6}[(（][0-9A][)）]", hint="[0-9]{6}[(（]"),
    uncued(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z:])(?:MAC)?(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z])",
        hint="[:-][0-9A-Fa-f]{2}[:-]",
        gate=Gate.LONG | Gate.MAIL,
    ),
    uncued(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z\-_.])(?=[A-Za-z]{1,10}[0-9])(?=(?:[A-Za-z]{0,10}[0-9]){5})[0-9A-Za-z]{10,40}(?![0-9A-Za-z])",
        is_of_a_device,
        hint="[0-9A-Za-z]{10}",
    ),
    Shape(
        Kind.PLATE,
        Late(
            rf"[{PROVINCES}][·•]?[A-HJ-NP-Za-hj-np-z][ ·•.\-]?(?=[A-Za-z]{{0,2}}[0-9][0-9A-Za-z]{{0,2}}[0-9])"
            r"[A-HJ-NP-Za-hj-np-z0-9](?:[A-HJ-NP-Za-hj-np-z0-9]{4,5}[挂学警港澳]?|[0-9A-Z]{3}[挂学警港澳])(?![A-Za-z0-9])"
        ),
        Gate.OPEN,
        hint=Late(r"[A-HJ-NP-Za-hj-np-z][ ·•.\-]?[A-HJ-NP-Za-hj-np-z0-9]{4}"),
    ),
)
