"""Codes of staff made of several parts or with few figures: YQ-YYT-17, CZ_zw_021, TY_0066, NC1903, 0532-1129.

Makes of devices look like them (TL-WR886N), so each needs a sign: an underscore, a person at work before it, what such
a person does behind it, or a place of its own at the end of a note.
"""

import re

from pipeline.text.late import Late
from pipeline.text.masking.amounts import is_public_or_moment
from pipeline.text.masking.shapes import Gate, Kind, Shape
from pipeline.text.masking.spoken import SPOKEN_DIGITS
from pipeline.text.masking.staff import AT_WORK, COUNTED, DOES, MAKE, NAMED, PROBLEM, ROLE, ROUND, STAFF_HINT, WORKER

_WINDOW = 16
_PART = r"[0-9A-Za-z]{1,8}"
_TOKEN = (
    r"[0-9A-Za-z](?:(?<=[0-9])|(?=[A-Za-z]{0,11}[0-9_\-—/]))"
    r"(?<![0-9A-Za-z._¥￥$#+*×%\-].)(?<![0-9A-Za-z\]][—/@].)[0-9A-Za-z]{0,11}"
    rf"(?:[\-_]{_PART}|/(?=[0-9]{{2,6}}(?![0-9/年月日]))[0-9]{{2,6}}|[\-—_][\u4e00-\u9fff]{{1,2}}[\-—_]{_PART}){{0,3}}"
    r"(?![0-9A-Za-z%％]|[\-_/][0-9A-Za-z]|[.@×*+][0-9A-Za-z]|\s?[~～×*][0-9])"
)
_LINK = (
    r"[(（]?(?:号码?|编号|代码|账号|工号|号)?\s?(?:[:：=→>@]|[是为叫])?\s?[(（【\[\"“]?\s?"
    r"(?:[\u4e00-\u9fff]{1,2}(?<![的说给让把在了有要我你他来去到装换送带用测收交花充]))?[\-—_]?"
)
_AFTER_ROLE = re.compile(
    rf"(?:{ROLE}|审批|会签|提报|材料员|收文|核对|核实?人|[厅前]台|夜班|白班|现场|协查|施工号?|操作|店员|搭班|网点|受托|抄送|代填|工号|复核|会签|提报|催办"
    r"|工[牌卡]|胸[牌卡]|(?:胸前|牌上|上面|看见)编号|员工卡上?是?|工作证[^0-9A-Za-z]{0,6}|系统账号|换成|自称"
    rf"|[\u4e00-\u9fff](?<![几多何本他]人)(?<=[人员岗])){_LINK}$"
)
_AFTER_NAME = re.compile(rf"(?:{NAMED}|客服\[号码\])\s?[(（/／,，、:：]?\s?$")
_AFTER_ANOTHER = re.compile(r"\[号码\](?:[、和及与/／,，]|[\u4e00-\u9fff]{0,8}[,，、/]?(?:又|再|转|和|后))\s?$")
_HANDED = re.compile(
    r"(?:[由被让找→给]|[带领]着|留名的|转给?|派给?|抄送|请|表扬|投诉|点名|感谢|提到|说是你们|换成|另(?:一个|外)是?|的是|好像是|接的是|查到|求内部核|外呼)\s?$"
)
_BOUNDARY = re.compile(r"(?:^|[,，。;；、:：()（）!！?？】\]—\s／|｜“\"])$")
_PART_ENDS = re.compile(r"[)）】]?(?:[,，。;；、:：!！?？|｜／/]|\s|$)")
_ENDS = re.compile(r"\s?[。.;；!！)）】”\"]{0,2}\s*$")
_VERB = re.compile(
    rf"\s?[(（]?(?:{DOES}|(?:又|已|没|正|先|就|才|也|再|刚|后|上午|下午|昨[天晚]|今[天早])?"
    "(?:说|互相|请(?!求)|来就|没[做给有]|才|让|叫|把|帮|教|接(?![口入])|转|催|销|记[:：]|跟(?![着上])|改|收(?![费到])|查(?!不)|看了|去过|来过|来拆|站了|冒雨|结的|预约|陪同|介绍|监控"
    "|旁听|备勤|值守|复议|复检|离职|休假|加装|安装|装的|修的|剪的|拆|踢线|退|提冲|重新|辱骂|态度|不肯|不给|答应|承诺|骗|忽悠|推[诿脱]|怠慢|敷衍|挂[断我了电]|未[告按能回]"
    "|给(?:客户|用户|我)|为(?:客户|用户|我)|[两二三]位|[两二三]人|你好|通过|可以查|在线|耐心|热情|辛苦|为您|竭诚"
    "))"
)
_WHO = re.compile(
    rf"号?(?:的|[这那]个)?(?:[\u4e00-\u9fff]{{0,4}}(?:客服|坐席|座席|班长|营业员|话务员)(?!中心|热线|电话|系统)|{WORKER})|\s?[(（]?\[姓名\]"
)
# things that have such codes as well
_AND_ANOTHER = re.compile(
    rf"[、和及与/／][0-9A-Za-z][0-9A-Za-z_\-]{{3,13}}(?:[、和及与/／][0-9A-Za-z_\-]{{4,14}})?\s?(?:[两三]?[位人个]|号|互相|都|{WORKER}|{DOES})"
    r"|、[\u4e00-\u9fff]{0,3}\[姓名\]"
)
_OF_THING = re.compile(
    r"(?:型号|机型|版本|固件|软件|光猫|路由器?|猫|盒子?|机顶盒|手机|设备|终端|网卡|芯片|协议|标准|端口|基站|小区|站点?|局|机房|箱|塔|井|杆|框|槽"
    r"|WiFi|wifi|WIFI|热点|名称?|名为|叫做|信号|SSID|错误|代码|报错|故障码|文件|截图|套餐|产品|资费|活动|编码|频段|楼|栋|座|区|苑|园|号|[型款板片]|路)"
    r"(?:是|为|叫|[:：])?[“\"(（]?\s?$"
)
_THING = re.compile(
    r"\s?(?:[车型款版机卡猫器盒标系的手路光套规箱塔楼栋座室房单协频段]|网络|信号|热点|设备|终端|[\-—]?\s?[0-9])"
)
_KNOWN = re.compile(
    r"(?i:iphone|t[ld]-|dir-|rt-|rg-|zx|hg[0-9]|[gs][0-9]{1,4}[a-z]?$|mini|type|moto|plus|[0-9]-[0-9]{1,3}[a-z]{1,2}$|[0-9]{3,5}mah|ipad|mate|nova|redmi|note|oppo|vivo|mi[0-9]|find|reno|honor|p[0-9]{2}(?![0-9])|pro|max|magic|windows|win|tplink|tp-|tenda|fttr"
    r"|chinanet|cmcc|cu_|img|dsc|screenshot|xiaomi|huawei|netcore|mercury|fast|wlan|home|office|[0-9]{1,4}[gmk]b?(?![a-z0-9])|b8[0-9]{2}|[345]g|sa|nsa|a[0-9]{1,2}$"
    r"|cat|utp|rj|usb|hdmi|covid|vo|[a-z][0-9]{1,2}$|[0-9]{1,3}[a-z]{1,2}$)"
)
_SHORT = re.compile("[a-zA-Z]{1,2}[0-9]{3}|[NMSWPGL][0-9]{4}")
_DATE = re.compile(
    r"(?:19|20)?[0-9]{2}[\-/][01]?[0-9](?:[\-/][0-3]?[0-9])?|[01]?[0-9][\-/][0-3]?[0-9]|(?:19|20)[0-9]{2}[\-/](?:19|20)?[0-9]{2}"
)
_OF_FIGURES = re.compile(r"[0-9]{1,4}[\-/][0-9]{1,5}(?:-[0-9]{1,2})?")
_LOGIN = re.compile(r"(?=[^0-9]{0,15}[0-9])[A-Za-z]{1,8}(?:[0-9]{2,5})?_[0-9A-Za-z_\-]{2,16}")
_LETTERS = re.compile(r"[A-Z]{2,8}[\-_][0-9A-Za-z\-_]+|[A-Z]{1,5}[0-9]{2,6}[A-Z]?|[A-Z]{1,2}-?[0-9]{3,6}")
_HUMAN_WORK = re.compile(
    r"号?(?:已|又|再次|说|先说)?(?:回访|接听|派单|受理|经办|质检|外呼|跟进|答复|解释|致歉|挂断|挂机|接的|说[她他]?|让我|骂|态度|答应|承诺|为您|记录|回电|催|结单|销单|告诉)"
)
_AMOUNT = re.compile(
    r"(?:[数量额费价值款钱元年]|编码|区号|邮编|端口|代码|热线|短信|号段|密码|验证码|[充交扣付花欠到为是达])[:：,，]?\s?$"
)
# a name that nothing else tells, in brackets its number: 苍海（2071）
_BRACKETED = re.compile(
    r"(?:^|[,，。;；、:：→\s由])[\u4e00-\u9fff]{2,3}(?<![站箱交口机器猫盒卡版款型路杆塔井缆纤板槽框柜池房区编备码道号费额价年量餐分线村])[(（]$"
)
_MOST_FIGURES = 7
# forms that hardly anything else has: GZ5513, HH-Z-09
_STRONG = re.compile(
    r"[A-Z]{2,4}[0-9]{4,6}[A-Z]?|[A-Za-z]{1,4}[\-_][0-9A-Za-z]{1,6}(?:[\-_][0-9A-Za-z]{1,6})?|[A-Z][0-9]{4,5}"
)
_OWN_CLAUSE = re.compile(r"(?:^|[,，。;；(（】、:：｜]|——)$")
_ROW = re.compile(r"[0-9A-Za-z_]-?[0-9A-Za-z_]-?[0-9A-Za-z_]")
_TITLED = "(?:坐席|座席|客服|话务员|营业员|接线员|回访员|柜员|班长|值班长|组长|督办人?|复核人?|经办人|受理人)"
_SHORTEST = 4


def figures_in(value: str) -> int:
    """Return how many digits there are.

    >>> figures_in("HH-Z-09")
    2
    """
    return sum(map(str.isdigit, value))


def _is_nobody(text: str, start: int, end: int) -> bool:
    """Tell whether nothing says that the code is a person's at work."""
    value = text[start:end]
    # a code as a cell of its own may be anything
    if len(value) < _SHORTEST or not _ROW.search(value) or len(value) == len(text):
        return True
    figures = figures_in(value)
    # a word or a year, without a look around
    if (not figures and "_" not in value) or ROUND.fullmatch(value) or is_public_or_moment(text, start, end):
        return True
    before, behind = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    if PROBLEM.fullmatch(value):
        return True
    if not figures:
        return not ("_" in value and _AFTER_ROLE.search(before))
    if value.isdigit():
        return not _is_of_figures_alone(value, before, behind, end + len(behind) == len(text))
    if before.endswith(("尾号", "尾数", "车", "牌")) and not before.endswith(("工牌", "胸牌")):
        return True
    if _OF_FIGURES.fullmatch(value):
        return _DATE.fullmatch(value) is not None or not _is_of_figures(before, behind)
    if not any(char.isalpha() for char in value) or MAKE.match(value) or _KNOWN.match(value):
        return True
    if (
        _SHORT.fullmatch(value)
        and not _AFTER_ROLE.search(before)
        and not _WHO.match(behind)
        and not _is_noted(before, behind)
    ):
        return True
    return not _is_of_staff(value, before, behind, end + len(behind) == len(text))


def _is_of_figures_alone(value: str, before: str, behind: str, is_last: bool) -> bool:
    """Tell of figures alone what ``staff`` does not: five in a clause of their own, or before what a person does."""
    if ROUND.fullmatch(value) or len(set(value)) == 1 or COUNTED.match(behind):
        return False
    if re.search(r"[给对]$", before) and re.match(
        r"号?(?:[很非十]常?分?)?(?:不?满意|点赞|表扬|好评|差评|妹|小姐|姑娘)", behind
    ):
        return True
    if is_last and _OWN_CLAUSE.search(before) and _ENDS.fullmatch(behind) and not _AMOUNT.search(before):
        return len(value) <= _MOST_FIGURES
    if _BRACKETED.search(before) and behind[:1] in {")", "）"}:
        return len(value) <= _MOST_FIGURES
    if len(value) == 4:
        return _is_of_four(before, behind)
    if len(value) == 7:
        return bool(_OWN_CLAUSE.search(before) and re.match(r"备注|旁听|已|[回质派]", behind))
    if len(value) != 5:
        return False
    if re.search(r"(?:我是|骂|我叫)$", before) or (_AFTER_NAME.search(before) and _VERB.match(behind)):
        return True
    if _OWN_CLAUSE.search(before) and (_PART_ENDS.match(behind) or _VERB.match(behind) or _AND_ANOTHER.match(behind)):
        return _AMOUNT.search(before) is None
    return bool(_is_last_of_list(before, behind) and (_PART_ENDS.match(behind) or _VERB.match(behind)))


def _is_of_four(before: str, behind: str) -> bool:
    """Tell of four figures, which may be a year, an amount or the end of a telephone: both sides must say so."""
    if re.search(rf"{NAMED}\s?[(（]$", before) and re.match("[)）]", behind):
        return True
    if not (_OWN_CLAUSE.search(before) or _AFTER_NAME.search(before)):
        return False
    if _AFTER_NAME.search(before) and _PART_ENDS.match(behind):
        return before[-1] in "]某(（" or before.endswith("工")
    return _HUMAN_WORK.match(behind) is not None


def _is_last_of_list(before: str, behind: str) -> bool:
    """Tell the last of several; of a long list one more would be found in every round otherwise."""
    return _AFTER_ANOTHER.search(before) is not None and re.match(r"\W?\s?[0-9A-Za-z\[]", behind) is None


def _is_noted(before: str, behind: str) -> bool:
    """Tell whether a code stands where notes begin and end, or beside another."""
    return bool(
        (_OWN_CLAUSE.search(before) and (_PART_ENDS.match(behind) or _ENDS.fullmatch(behind)))
        or _AND_ANOTHER.match(behind)
        or _is_last_of_list(before, behind)
        or re.match(r"你好|结单|已?回访|接的|派单|受理", behind)
    )


def _is_of_figures(before: str, behind: str) -> bool:
    """Tell of two numbers with a dash between, which are rooms, scores and parts of telephones as well."""
    if re.match(r"\s?[室房号户栋楼元块年月日天兆MG万分个次多点条之]", behind):
        return False
    return bool(
        re.search(rf"(?:{ROLE}|工号|登记|接线员?|录入|查到|换成|只给){_LINK}$", before)
        or (_BOUNDARY.search(before) and re.match(rf"\s?(?:{DOES}|[先后又]?说|销|接|转|催)", behind))
        or (re.search(r"(?:\[号码\][^0-9]{0,6}(?:换成|、(?:班长|坐席)))$", before) and _PART_ENDS.match(behind))
    )


def _is_of_staff(value: str, before: str, behind: str, is_last: bool) -> bool:
    if _LOGIN.fullmatch(value):
        return not (_OF_THING.search(before) or _THING.match(behind))
    if _AFTER_ROLE.search(before) and not _THING.match(behind):
        return True
    if _WHO.match(behind) or _is_last_of_list(before, behind):
        return True
    if _OF_THING.search(before) or _THING.match(behind):
        return False
    if _AFTER_NAME.search(before) and _PART_ENDS.match(behind):
        return True
    if _AND_ANOTHER.match(behind) and (_BOUNDARY.search(before) or _STRONG.fullmatch(value)):
        return True
    if _STRONG.fullmatch(value) and (
        _VERB.match(behind) or (_OWN_CLAUSE.search(before) and _PART_ENDS.match(behind) and figures_in(value) > 2)
    ):
        return True
    if _HANDED.search(before) or (_BOUNDARY.search(before) and _VERB.match(behind)):
        return True
    return bool(
        is_last and _BOUNDARY.search(before) and _ENDS.fullmatch(behind) and (_LETTERS.match(value) or "-" in value)
    )


JOINED: tuple[Shape, ...] = (
    Shape(Kind.NUMBER, Late(_TOKEN), Gate.STAFF, _is_nobody, needs=AT_WORK, hint=Late(STAFF_HINT)),
    # 幺零三二七号话务员
    Shape(
        Kind.NUMBER,
        Late(
            rf"[{SPOKEN_DIGITS}](?<![{SPOKEN_DIGITS}第十百].)[{SPOKEN_DIGITS}]{{1,7}}"
            r"(?=号(?:客服(?!中心|热线|电话)|话务|[坐座]席|接线员|营业员|柜员|员工|为您服务))"
        ),
        Gate.OPEN,
        hint=Late(rf"[{SPOKEN_DIGITS}]号[客话坐座接营柜员为]"),
    ),
    # numbers of two figures: 工号23, 17号坐席
    Shape(
        Kind.NUMBER,
        Late(
            r"(?:[柜店]员|话务员|[坐座]席|营业员|接线员|客服|员工|台席|柜|收银员|专席)[:：]?"
            r"(?P<value>[A-Za-z]?[0-9]{1,3})(?![0-9A-Za-z.\-:/]|\s?[元块毛角年月日天次个名位人分点多条家台路兆秒岁楼层室户栋%小G号]|[线柜窗])"
        ),
        Gate.OPEN,
        hint=Late("[员席服](?:[A-Za-z0-9]|[:：][A-Za-z0-9])|[工柜][0-9]"),
    ),
    Shape(
        Kind.NUMBER,
        Late(
            r"工(?:号|牌号?)(?:尾[号数]|好像|大概)?[是为:：]?\s?(?P<value>[A-Za-z]?[0-9]{1,2})(?=号?(?:[,，。;；、)）的]|$))"
        ),
        Gate.OPEN,
        needs=("工号",),
    ),
    Shape(
        Kind.NUMBER,
        Late(r"[0-9](?<![0-9A-Za-z.\-月].)[0-9]?(?=号(?:客服(?!中心|热线|电话)|话务|[坐座]席|接线员|营业员|柜员))"),
        Gate.OPEN,
        needs=("号客", "号话", "号坐", "号座", "号接", "号营", "号柜"),
    ),
)
