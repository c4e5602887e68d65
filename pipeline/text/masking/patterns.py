"""The shapes of numbers and codes in Chinese complaints, as a table of patterns. ``privacy.Masker`` applies them.

Every repetition is bounded or over one character class, so that a search is linear in the length of the text. Patterns
are written for half-width letters and digits; ``Masker`` narrows a text first, character by character.
"""

import re

from pipeline.text.late import Late
from pipeline.text.masking import words as words
from pipeline.text.masking.amounts import (
    MONTH_DAY,
    is_public,
    is_public_or_amount,
    is_public_or_model,
    is_public_or_moment,
)
from pipeline.text.masking.codes import CODES, PROVINCES
from pipeline.text.masking.joined import JOINED
from pipeline.text.masking.shapes import LINK, Gate, Kind, Shape, cued, one_of, uncued
from pipeline.text.masking.staff import STAFF

_SEP = r"[ \-.–—·]?"
_END = r"(?![0-9])"
_START = r"(?<![0-9])"
_FREE = r"(?<![0-9].)"


def _is_no_mobile(text: str, start: int, end: int) -> bool:
    return re.fullmatch(r"1[3-9][0-9]{9}", re.sub(r"[ \-/]", "", text[start:end])) is None


_MOBILE = (
    rf"1[3-9][0-9]{_SEP}(?:[0-9]{{4}}{_SEP}[0-9]{{4}}|[0-9]{{3}}{_SEP}[0-9]{{5}}"
    r"|[0-9][ -][0-9]{3}[ -][0-9]{4}|[0-9][ -][0-9]{4}[ -][0-9]{3})"
)
_PREFIX = r"(?:(?:[(（]?\+ ?86[)）]?|[(（]86[)）]|0086|86|0)[ \-]?)?"
_AREA = r"(?:[(（]0(?:10|2[0-9]|[3-9][0-9]{2})[)）]|0(?:10|2[0-9]|[3-9][0-9]{2}))"
_GROUPS = r"[0-9]{4}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}(?:(?P=gap)?[0-9]{1,3})?"
_TAIL = r"(?:[0-9A-Za-z]|[_\-.@](?=[0-9A-Za-z]))"


def _enough_digits(least: int) -> str:
    return rf"(?=[A-Za-z_.\-]{{0,12}}[0-9](?:[A-Za-z_.@\-]{{0,4}}[0-9]){{{least - 1}}})"


_TWO_DIGITS = r"[0-9][A-Za-z_.@\-]{0,4}[0-9]"
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
    uncued(Kind.ICCID, r"8986(?<![0-9]8986)(?:[ -]?[0-9A-Za-z]){15,16}(?![0-9A-Za-z])"),
    cued(Gate.DEVICE, Kind.ICCID, ("ICCID", "SIM卡", "UIM卡"), r"[0-9]{15,20}[A-Za-z]?"),
    cued(Gate.PAPER, Kind.ID_CARD, words.ID_WORDS, rf"[1-9][0-9]{{13,16}}[0-9Xx]{_END}"),
    # read aloud in pieces
    cued(
        Gate.PAPER,
        Kind.ID_CARD,
        words.ID_WORDS,
        rf"[,，]?\s?[1-9][0-9]{{2}}(?:[ ,，\-]{{0,2}}[0-9]){{7,14}}[0-9Xx]{_END}",
    ),
    uncued(
        Kind.ID_CARD, rf"[1-9]{_FREE}[0-9]{{5}}[ -]?(?:18|19|20)[0-9]{{2}}[ -]?{MONTH_DAY}[ -]?[0-9]{{3}}[0-9Xx]{_END}"
    ),
    cued(Gate.PAPER, Kind.BANK_CARD, words.BANK_WORDS, rf"(?:{_GROUPS}|[0-9]{{12,19}}|{_GROUPED}){_END}"),
    cued(Gate.PAPER, Kind.ID_CARD, words.PAPER_WORDS, r"[A-Za-z]{0,3}[0-9]{6,18}[0-9A-Za-z]{0,2}", is_public_or_amount),
    uncued(Kind.IMSI, rf"460(?<![0-9]460)(?:0[0-9]|11|12|13|15|20)[0-9]{{10}}{_END}"),
    uncued(Kind.ID_CARD, rf"[1-6]{_FREE}[0-9]{{5}}[2-9][0-9]{MONTH_DAY}[0-9]{{3}}{_END}"),
    uncued(
        Kind.BROADBAND,
        r"(?<![A-Za-z0-9._\-])[A-Za-z0-9][A-Za-z0-9_.\-]{3,40}@(?:[0-9]{3,6}\.?[A-Za-z]{2}|[A-Za-z]{2,6})"
        r"(?![A-Za-z0-9.\-])",
        hint=r"@(?:[0-9]{3}|[A-Za-z]{2})",
        gate=Gate.MAIL,
    ),
    uncued(
        Kind.EMAIL,
        rf"[A-Za-z0-9_][A-Za-z0-9_.+\-]{{0,63}}\s?(?:@|艾特|\(at\)|（at）)\s?{_HOST}",
        gate=Gate.MAIL,
    ),
    cued(
        Gate.BROADBAND,
        Kind.BROADBAND,
        words.BROADBAND_WORDS,
        rf"{_enough_digits(6)}(?!1[3-9][0-9]{{9}}{_END}){_TAIL}{{6,40}}"
        r"|(?=[0-9_\-]{0,12}[a-z])(?=[0-9A-Za-z]{1,12}[_\-])(?=(?:[A-Za-z_\-]{0,8}[0-9]){4})[0-9A-Za-z_\-]{8,40}",
        is_public,
        _TWO_DIGITS,
    ),
    cued(
        Gate.BROADBAND,
        Kind.BROADBAND,
        words.ACCOUNT_WORDS,
        rf"{_enough_digits(5)}(?:[A-Za-z]{_TAIL}{{5,40}}|0[0-9]{{8,13}}{_END})"
        r"|(?=[A-Za-z_.\-]{1,20}[0-9][A-Za-z_.\-]{0,10}[0-9])[A-Za-z][A-Za-z0-9_.\-]{3,30}",
    ),
    uncued(
        Kind.PHONE,
        r"(?<![0-9.])1(?=[ \-/]?[3-9])[0-9]{0,4}(?P<gap>[ \-/])[0-9]{1,4}(?:(?P=gap)[0-9]{1,4}){1,4}(?![0-9])",
        refuse=_is_no_mobile,
        hint=r"1[0-9]{0,4}[ \-/][0-9]",
        gate=Gate.LONG | Gate.MAIL,
    ),
    uncued(Kind.PHONE, rf"{_START}{_PREFIX}{_MOBILE}{_END}", hint=_MOBILE),
    # dictated: digit by digit, or in groups of any size after a word for telephone
    uncued(
        Kind.PHONE, r"1(?<![0-9]1)(?P<blank>[ \-])[3-9](?:(?P=blank)[0-9]){9}(?!(?P=blank)?[0-9])", hint="1[ \\-][3-9]"
    ),
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
        Gate.CHAT,
        Kind.NUMBER,
        ("内线", "分机", "短号", "分机号", "内线电话", "集群号", "虚拟网"),
        r"[0-9]{3,6}(?![0-9]|[ \-–—][0-9]{7})",
        is_public_or_amount,
        "[0-9]{3}",
    ),
    uncued(
        Kind.BANK_CARD,
        rf"{_START}(?:{_GROUPS}|62[0-9]{{14,17}}){_END}",
        is_public_or_amount,
        r"[0-9]{4}[ -][0-9]{4}|62[0-9]{14}",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.STAFF_WORDS,
        r"(?:[0-9A-Za-z] ){3,9}[0-9A-Za-z](?![0-9A-Za-z])",
        hint="[0-9A-Za-z] [0-9A-Za-z] ",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        (*words.STAFF_WORDS, "编号"),
        r"(?:[A-Za-z]{1,6}[\-_]){1,2}[0-9]{3,12}(?![0-9A-Za-z\-_])|[A-Za-z]{1,3}[0-9]{3,12}(?![0-9A-Za-z\-_])"
        rf"|[{PROVINCES}][\u4e00-\u9fff]?[\-—]?[0-9]{{3,8}}(?![0-9A-Za-z第])",
        hint="[0-9]{3}",
    ),
    # spelled: 账号千万别报错:0 2 7 g k 5 5 1 0 9
    cued(
        Gate.BROADBAND,
        Kind.BROADBAND,
        words.ACCOUNT_WORDS,
        r"[\u4e00-\u9fff]{0,6}[:：]\s?(?:[0-9A-Za-z] ){6,24}[0-9A-Za-z](?![0-9A-Za-z])",
    ),
    Shape(
        Kind.NUMBER,
        Late(r"[0-9\]]转(?:分机|接)?\s?(?P<value>[0-9]{2,5})(?![0-9])"),
        Gate.OPEN,
        is_public_or_amount,
        needs=("转",),
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.STAFF_WORDS,
        r"[A-Za-z]{0,6}[0-9][0-9A-Za-z]{2,11}",
        is_public,
        "[0-9][0-9A-Za-z]{2}",
    ),
    Shape(
        Kind.NUMBER,
        Late(
            r"[0-9A-Za-z](?<![0-9A-Za-z].)(?:(?<=[0-9])|[A-Za-z]?[0-9])[0-9]{2,7}"
            r"(?=号(?:客服|话务|[坐座]席|接线员|营业员|柜员|员工|师傅|装维|业务员|骑手|柜台人员|[为给]我)|号?(?:这个|那个|的)?工号)"
        ),
        Gate.OPEN,
        is_public,
        needs=("号",),
    ),
    Shape(Kind.NUMBER, Late("wxid_[0-9A-Za-z]{6,30}"), Gate.CHAT, cues=("wxid_",)),
    # one of several in a list
    Shape(
        Kind.NUMBER,
        Late(rf"[号账][码号]\]\s?[、和及与或/,，]\s?(?P<value>{_CODE})"),
        Gate.OPEN,
        is_public_or_moment,
        needs=("号码]", "账号]"),
    ),
    cued(Gate.CHAT, Kind.NUMBER, words.CHAT_WORDS, r"[A-Za-z0-9][A-Za-z0-9_\-]{5,19}"),
    cued(Gate.CHAT, Kind.NUMBER, words.APP_WORDS, r"(?=[A-Za-z_]{1,19}[0-9_\-])[A-Za-z][A-Za-z0-9_\-]{5,19}"),
    uncued(
        Kind.LANDLINE,
        rf"(?<![0-9A-Za-z]){_AREA}[ .\-–—/]{{0,2}}(?:[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}|[2-9][0-9]{{3}}[ -][0-9]{{3}})"
        rf"{_END}(?:[ -]?[转-][0-9]{{1,5}})?",
    ),
    uncued(
        Kind.LANDLINE,
        r"(?<![0-9])(?:\+?86|0086)[ \-](?:10|2[0-9]|[3-9][0-9]{2})[ \-]?[2-9][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9])",
        hint=r"86[ \-]",
    ),
    cued(
        Gate.LINE,
        Kind.LANDLINE,
        words.LINE_WORDS,
        rf"(?!400|800)[2-9][0-9]{{2,3}}[ \-–—]?[0-9]{{4}}{_END}(?:-[0-9]{{1,5}})?",
        is_public_or_amount,
        r"[2-9][0-9]{2,3}[ \-–—]?[0-9]{4}",
    ),
    # a bare line that is called, or one more of a list: 别打83650127, [固话]/83650128
    uncued(
        Kind.LANDLINE,
        r"(?:[打拨](?:[到给通过我回]|这个|那个|的是|一下)?|固话\]\s?(?:[、/,，和或及]|或者)|备用|留的?|[家单][里位]的?|直线|外线|内线|总机"
        r"|前台|门卫|物业|办公室|村委会?|值班室?)(?:号码?)?[:：是]?\s?"
        r"(?P<value>(?!400|800)[2-8][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9A-Za-z]|[.\-][0-9])",
        is_public_or_amount,
        r"[2-8][0-9]{2,3}[ \-]?[0-9]{4}",
    ),
    # eight figures alone between marks: ，84021937，
    uncued(
        Kind.LANDLINE,
        r"(?<![^,，。;；、:：()（）!！?？\s])(?!20|400|800)[2-8][0-9]{7}(?=[,，。;；、)）!！?？]|$)",
        is_public_or_amount,
        "[2-8][0-9]{7}",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.SECRET_WORDS,
        rf"(?:{_GROUPED}|(?=[A-Za-z]{{0,12}}[0-9])[0-9A-Za-z]{{3,16}})(?![0-9A-Za-z])",
        is_public,
        "[0-9A-Za-z]{3}",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.SERIAL_WORDS,
        r"(?=[A-Z]{0,10}[0-9][A-Z]{0,10}[0-9])[0-9A-Z]{8,24}(?![0-9A-Za-z])",
        hint="[0-9A-Z]{8}",
    ),
    cued(
        Gate.NUMBER,
        Kind.NUMBER,
        words.NUMBER_WORDS,
        rf"(?:[\u4e00-\u9fff]{{1,8}}[\[(（〔]?)?20[0-9]{{2}}[\])）〕年]?(?:[\u4e00-\u9fff]{{0,3}}第)[0-9]{{2,10}}号?"
        rf"|{_CODE}|[0-9]{{3,6}}(?:[ -][0-9]{{3,6}}){{1,4}}[ -][0-9]{{1,6}}(?![0-9])"
        r"|[A-Za-z\u4e00-\u9fff]{0,6}[(（〔\[][0-9]{4}[)）〕\]](?:[\u4e00-\u9fff]{0,3}第)?[0-9A-Za-z]{2,20}"
        r"|[A-Za-z]{1,6}[0-9]{2,8}-[\u4e00-\u9fff]{1,3}-[0-9]{2,10}",
        is_public_or_model,
        _TWO_DIGITS,
    ),
    # any other 号: 港澳通行证号, 取票号, 专线号 …, but not a model (型号), a signal (信号) or a day (3号)
    Shape(
        Kind.NUMBER,
        Late(
            rf"[号码](?<![0-9一二三四五六七八九十型信番第几本]号)(?<![扫二维尺数起误障]码){LINK}"
            rf"(?P<value>{_CODE}|[0-9]{{4}}(?:[ -][0-9]{{4}}){{1,4}}(?:[ -][0-9]{{1,4}})?(?![0-9]))"
        ),
        Gate.NUMBER,
        is_public_or_amount,
        hint=Late(_TWO_DIGITS),
    ),
    uncued(Kind.BROADBAND, r"(?<![A-Za-z0-9])0[0-9]{2,3}[a-z]{1,5}[0-9]{4,10}(?![0-9A-Za-z])", hint="0[0-9]{2,3}[a-z]"),
    uncued(
        Kind.LANDLINE,
        r"(?<![0-9A-Za-z.\-])[2-8][0-9]{6,7}(?=(?:这个|的|这部|那个)?(?:固话|座机|小灵通|老?电话(?!费)))",
        is_public_or_amount,
        "[0-9]{7}",
    ),
    uncued(Kind.PHONE, r"(?<![0-9])1[3-9][0-9]{9}(?=20[12][0-9]年)", hint="20[12][0-9]年"),
    uncued(Kind.BROADBAND, r"(?<![A-Za-z0-9])(?:kd_?|[a-z]{2,6}_?)[0-9]{7,14}(?![0-9])", hint="[0-9]{7}"),
    # parts joined by dashes before their longest part alone: BX20240708-3391, GZ0311-24072100356
    uncued(
        Kind.NUMBER,
        r"(?<![0-9A-Za-z\-_.])[A-Za-z]{1,8}(?=(?:[\-_A-Za-z]{0,8}[0-9]){8})[0-9A-Za-z]{0,20}(?:[\-_][0-9A-Za-z]{1,20}){1,5}",
        hint=r"[A-Za-z][0-9A-Za-z]{0,20}[\-_][0-9A-Za-z]",
    ),
    uncued(Kind.NUMBER, r"(?<![0-9A-Za-z])[A-Za-z]{0,6}[0-9]{9,}[A-Za-z]?", is_public_or_amount, "[0-9]{9}"),
    Shape(Kind.NUMBER, Late(r"(?<=[(（])[A-Za-z]{0,4}[0-9]{3,6}(?=号[)）])"), Gate.OPEN, needs=("号)", "号）")),
    *CODES,
    *STAFF,
    *JOINED,
)
_CUES = (cue for shape in NUMBERS if shape.gate == Gate.NUMBER for cue in shape.cues)
NUMBER_BEGINS = Late(
    rf"{one_of((*_CUES, '号', '码'))}{LINK}(?:[0-9A-Za-z]|[{PROVINCES}]|[\u4e00-\u9fff]{{0,6}}[(（〔\[])"
)
