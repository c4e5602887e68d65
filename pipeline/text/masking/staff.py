"""Numbers of staff without 工号: codes and bare figures, known by who stands beside them and by what these people do.

A candidate is a short code (ZW11936, 31A1176, kf_sjz_2071) or four to six figures (30744). What stands left and right
of it within a few characters decides, so that a search is linear in the length of the text.
"""

import re

from pipeline.text.late import Late
from pipeline.text.masking.amounts import is_public_or_amount
from pipeline.text.masking.shapes import Gate, Kind, Shape

_WINDOW = 16
_HAN = r"[\u4e00-\u9fff]"
_TOKEN = (
    r"[0-9A-Za-z](?<![0-9A-Za-z._¥￥$#+*×].)(?<![^\]][\-—/].)(?:(?<=[0-9])(?:[0-9][A-Z][0-9]{4}|[0-9]{3,5})"
    r"|(?<=[A-Za-z])(?:[A-Za-z]{0,5}[\-_]?[0-9]{4,8}|[A-Za-z]{0,5}_[A-Za-z]{1,6}_[0-9]{4,6}))"
    r"(?![0-9A-Za-z_%％\]]|\s?[.\-—–/~～×*+:：][0-9])"
)
# what people do at work, as a word for who does it begins: 受理人, 质检员, 经办
DUTY = (
    "(?:经办|经手|承办|受理|质检|督办|督导|结案|责任|负责|回访|复核|审核|审批|核实|核查|稽核|处理|处置|建单|派单|接单|回单|结单|销单|催单|催办|核对|会签|提报"
    "|归档|登记|录入|操作|办理|约谈|外呼|代办|协办|调度|接听|接待|答复|填单|录单|工单|预约|施工|巡检|抢修|支撑|跟单|派发|交接)"
)
_WORK = (
    "(?:话务|客服|坐席|座席|专席|营业|装维|维护|维修|代维|网格|柜台|柜|外线|线路|安装|接线|业务|收费|收银|服务|客户|班|值班"
    "|片区|渠道)"
)
_TITLE = "(?:师傅|班长|组长|队长|主管|主任|经理|店长|厅长|站长|所长|总监|专员|代表|督导|工程师|值班长|质检)"
ROLE = (
    rf"(?:{DUTY}(?:人员?|员|者|岗|师傅|坐席|座席)?|{_WORK}(?:人员|员|岗|组|席|{_TITLE})"
    rf"|话务|客服|坐席|座席|专席|装维|柜台|外线|代维|员工|工友|同事|网格通|装维通|班组|当班|{_TITLE})"
)
# any other person at work; only codes and five figures follow such a word
_PERSON = rf"{_HAN}{{2}}(?:人|员(?<!会员)(?<!成员)|长|岗|席|师|工)"
_LINK = r"[(（]?(?:号码?|编号|代码|账号)?\s?(?:[:：=→>@]|[是为叫])?\s?[(（【\[\"“]?\s?"
# a name that was masked or none that is known: 隋班长, 牧某, 段丽娜
NAMED = rf"(?:\[姓名\](?:某{{1,2}}|{_TITLE}|工|总|姐|哥)?|{_HAN}(?:某{{1,2}}|某?{_TITLE}))"
_NO_NAME = "的说给让把在是了有为要我你他她来去到装换送带用测收交花充扣退报等和跟与及每共约近仅超达只就都也还又再不没"
_GIVEN = rf"(?:{NAMED}|(?:(?![{_NO_NAME}]){_HAN}){{1,3}})"

_AFTER_ROLE = re.compile(rf"{ROLE}{_LINK}$")
_AFTER_PERSON = re.compile(rf"{_PERSON}{_LINK}$")
_AFTER_NAMED_ROLE = re.compile(rf"{ROLE}[:：]?{_GIVEN}\s?[(（]?$")
_AFTER_MASKED_ROLE = re.compile(rf"{ROLE}[:：]?{NAMED}\s?[(（]?$")
_AFTER_NAME = re.compile(rf"\[姓名\](?:某|{_TITLE}|工)?\s?[(（/\-—]?\s?$")
_BESIDE_NAME = re.compile(rf"\[姓名\](?:{_TITLE})?[,，、]\s?$")
# a name that nothing else tells: 由苍海（SZ0061）接替. Boxes, sites and devices have such codes as well
_AFTER_SHORT = re.compile(
    rf"(?:^|[,，。;；、:：→\s由])(?:(?![{_NO_NAME}]){_HAN}){{2,3}}(?<![站箱交口机器猫盒卡版款型路杆塔井缆纤板槽框柜池房区编备码道号])[(（/\-]?$"
)
_AFTER_PLATE = re.compile(
    rf"(?:工[号牌卡]|胸[牌卡]|服务牌|上岗证|(?:服务|员工|人员)(?:编号|代码|号)|(?:系统|操作|登录)账号){_HAN}{{0,6}}(?:[,，]|[,，]?(?:好像|大概|可能|应该|估计)是?)?[:：]?\s?$"
)
_AFTER_ANOTHER = re.compile(r"\[号码\][、和及与/]\s?$")
_AFTER_SOMEBODY = re.compile(
    r"(?:[个位](?:人|女的|男的|姑娘|小伙子?|同事)(?:是|叫)?|自称(?:是|叫)?|接(?:的|电话的|听的|待的)人?是|说[她他](?:自己)?[是叫])$"
)
_HANDED = re.compile(
    r"(?:[由被让经找→]|转给?|派给?|派单给|指派|抄送|分派给?)\s?$|(?<![0-9A-Za-z])@$|(?:名片|牌|[工服回]单|单子|单据)上?(?:写[的着了]|是)$"
)
_BOUNDARY = re.compile(r"(?:^|[,，。;；、:：()（）!！?？\]】\s]|\S(?<=[由被让经找→]))$")
_CLAUSE_BEGINS = re.compile(r"(?:^|[,，。;；、!！?？】])$")
_CLAUSE = re.compile(r"[。;；!！?？)）】(（【]\s?$")
_CLOSED = re.compile(
    r"(?:解释|认可|满意|归档|同意|结单|结案|完成|恢复|正常|备注|签字|办结|知悉|致歉|退费|异议|告知|处理|核实|回访|完毕|销单|撤诉|关单)"
    r"[^0-9]{0,6}[,，\s]\s?$"
)
_STARTS = re.compile(r"(?:^|\n)[【\[(（]?$")
_ACCUSED = re.compile(r"(?:投诉|举报|表扬|点名)$")
_MET = re.compile(r"(?:投诉|举报|表扬|点名|找|叫|那个|这个|你们的?|问|跟|和)$")
# what a customer says of them: 2071态度差, 30562答应退费
_DID = re.compile(
    r"号?(?:的?态度|说|答应|承诺|告诉|让我|骂|挂|推[卸诿脱来]|怼|吼|保证|忽悠|帮[我忙]|给我|根本|立马|马上|敷衍|不[给肯耐]|没[给有])"
)
_DONE = re.compile(r"\s?已(?![扣到交充付存用欠退花有经超达])")
_PART_ENDS = re.compile(r"\s?[)）】]?(?:[,，。；;：:]|\s|$)")
_ENDS = re.compile(r"\s?[。.;；!！)）】]?\s*$")

DOES = (
    "(?:已|正|将|后|即|于(?!20)|现|再|又|仍|来|在)?(?:当场|现场|代为|后台|远程|主动|再次|电话|重新|马上|立即|立马|当日|当天)?"
    "(?:办理|受理|处理|复核|核实|核查|回访|审批|审核|经办|经手|登记|派单|结单|销单|归档|建单|改(?!为|成|到|至)|改派|退费|退订|外呼"
    "|跟进|跟踪|联系|致歉|道歉|解释|回单|催办|催单|录入|操作|接听|接待|接单|答复|回复|告知|确认|关闭|取消|撤单|调整|上门|查询|代办"
    "|开通|注销|冻结|挂失|复机|停机|上报|转派|转办|接手|值班|督办|质检|稽核|通话|到场|到达|抵达|到岗|排查|修复|更换|离场|回电|录单|填单|修改|协调|协助|签收|领取|备注|承诺|误操作)"
)
_BEFORE_WORK = re.compile(rf"\s?[(（]?(?:{DOES})")
# who stands behind a number: 0816号柜台员工, 8832那个女的, 30558、30561两位坐席
WORKER = (
    rf"(?:{DUTY}(?:人员?|员)|{_WORK}(?:人员|员)|坐席|座席|专席|客服(?!中心|热线|电话|系统)|话务|柜台|柜员|柜|装维|员工|网格|窗口"
    "|工作人员|师傅|姑娘|小伙|女的|男的|工号)"
)
_BEFORE_ROLE = re.compile(
    r"(?:[、和及与/](?:[0-9A-Za-z]{4,8}|\[号码\])){0,3}\s?"
    rf"(?:号?(?:的|[那这](?:个|位|名)|[两三四俩](?:个|位|名)?){WORKER}|号{WORKER}|(?!柜台|窗口|姑娘|小伙|女的|男的|员工|师傅|装维){WORKER})"
)
_OF_THING = re.compile(r"\s?[型款版机卡猫器盒标系的手路光套规号]|$")
_BEFORE_MARK = re.compile(r"[)）]?(?:[,，。;；、)）]|$)")
_OF_TWO = re.compile("(?:[A-Z]{2,4}|[a-z]{2,4})[0-9]{4,6}")
_BEFORE_NAME = re.compile(r"[(（]?\[姓名\]")
COUNTED = re.compile(
    r"\s?(?:[元块毛角年月日天次个名位人分点多余条家台路兆秒岁楼层室户栋万亿米平度瓦级期届字斤套份笔项例起件张倍款型页行集部辆只股圈]|小时|左右|以[上下]"
    r"|开头|打头|号段|积分|流量|话费|套餐|公里|[MGKT]B?(?![a-z])|号(?:线|楼|院|栋|房|文))"
)
# a row of four digits or more that is none: most of them are counts, years and hotlines
NO_STAFF = re.compile(
    r"(?<![A-Za-z_\-])(?:[0-9]{9}|[0-9]{4,6}(?:[元块年月日兆MG万分个次多]|\.[0-9])|1(?:00(?:86|00|10)|2[0-9]{3})(?![0-9A-Za-z])"
    r"|(?<=尾[号数])[0-9])"
)
ROUND = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])?|[1-9][0-9]*00|12345|23456|54321|1{4,6}|8{4,6}|6{4,6}|0{4,6}")
# ids of problems, as a register of ours gives them
PROBLEM = re.compile("[Pp]-[0-9]{4,}")
# makes of devices, bands, ports and standards that look like a code of a person
MAKE = re.compile(
    r"(?i:GB|GBJ|TS|IEEE|KW|HG|HS|HN|ZX|ZXHN|ZTE|AX|AC|BE|WS|WR|TL|RT|MT|SM|RTL|PA|AR|MA|OLT|ONU|ONT|PON|CPE|MU|GS|BN|GT|RX|WAX|WIFI|IPTV|USB|CAT|TD"
    r"|LTE|NR|FDD|PCI|TAC|GB|RJ|IP|IPV|CDMA|GSM|SD|DDR|HD|ISO|TCP|UDP|PORT|VLAN|CVLAN|SVLAN|QOS|CMCC|CHINANET|CU|TP|CODE|ERROR"
    r"|HTTP|SSID|DNS|APP|SIM|PTN|OTN|UTP|RRU|BBU|AAU|ENB|GNB|CI|ECI|TV|RMB|EC|RG|EG|NE|CE|DS|WA|QQ|VX|V|Q)[\-_]?[0-9]"
)


def _is_sure(value: str) -> bool:
    """Tell whether a code has the form of no device: 31A1176, with a letter that is no unit."""
    return re.fullmatch(r"[0-9]{2}[A-FJ][0-9]{4}", value) is not None


def _is_nobody(text: str, start: int, end: int) -> bool:
    """Tell whether nothing beside the code or the figures says that they are a person's at work."""
    value = text[start:end]
    before, behind = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    # 尾号3391 is for the shapes of secrets
    if is_public_or_amount(text, start, end) or MAKE.match(value) or before.endswith(("尾号", "尾数")):
        return True
    if PROBLEM.fullmatch(value) and not _AFTER_ROLE.search(before):
        return True
    if value.isdigit():
        return not _is_number_of_staff(value, before, behind, end + len(behind) == len(text))
    return not (_is_sure(value) or _is_code_of_staff(value, before, behind))


def _is_code_of_staff(value: str, before: str, behind: str) -> bool:
    if _AFTER_ROLE.search(before) or _BEFORE_ROLE.match(behind) or _AFTER_PLATE.search(before):
        return True
    if _AFTER_NAME.search(before) or _AFTER_NAMED_ROLE.search(before):
        return True
    if value[1:].isdigit():
        return False
    return bool(
        _BESIDE_NAME.search(before)
        or _AFTER_PERSON.search(before)
        or _AFTER_ANOTHER.search(before)
        or (_AFTER_SHORT.search(before) and _BEFORE_MARK.match(behind) and _OF_TWO.fullmatch(value))
        or _HANDED.search(before)
        or (_BOUNDARY.search(before) and (_BEFORE_WORK.match(behind) or _BEFORE_NAME.match(behind)))
        or (
            _CLAUSE_BEGINS.search(before)
            and value[:2].isupper()
            and _OF_TWO.fullmatch(value)
            and not _OF_THING.match(behind)
        )
        or (_MET.search(before) and _DID.match(behind))
        or (_ENDS.fullmatch(behind) and (_CLAUSE.search(before) or _CLOSED.search(before)))
    )


def _is_number_of_staff(value: str, before: str, behind: str, is_last: bool) -> bool:
    if _BEFORE_ROLE.match(behind) and (behind.lstrip()[:1] == "号" or not ROUND.fullmatch(value)):
        return True
    if COUNTED.match(behind) or ROUND.fullmatch(value):
        return False
    if _AFTER_ROLE.search(before) or _AFTER_PLATE.search(before) or _AFTER_SOMEBODY.search(before):
        return True
    if _AFTER_ANOTHER.search(before) or _AFTER_MASKED_ROLE.search(before):
        return True
    if _ACCUSED.search(before) and _DID.match(behind):
        return True
    return len(value) == 5 and _is_five_of_staff(before, behind, is_last)


def _is_five_of_staff(before: str, behind: str, is_last: bool) -> bool:
    """Tell of five figures, which are hardly anything else in a note on a case."""
    if _MET.search(before) and _DID.match(behind):
        return True
    if _AFTER_NAMED_ROLE.search(before) and before[-1] not in "价费款金额资":
        return True
    if _AFTER_NAME.search(before) or _AFTER_PERSON.search(before):
        return True
    if _BOUNDARY.search(before) and any(told.match(behind) for told in (_BEFORE_WORK, _BEFORE_NAME, _DONE, _DID)):
        return True
    if _STARTS.search(before) and re.match(r"[:：】\])）]", behind):
        return True
    if _PART_ENDS.match(behind) and _CLOSED.search(before):
        return True
    return is_last and bool(_ENDS.fullmatch(behind) and _CLAUSE.search(before))


# what the scan for cues looks for, as a look before the search
STAFF_HINT = rf"[A-Za-z][0-9_\-]|(?<![0-9])(?!{NO_STAFF.pattern})[0-9]{{4}}"
# one of these stands in nearly every text on people at work; most reviews of goods hold none
AT_WORK = (
    *("员", "客服", "席", "师傅", "工号", "牌", "经办", "经手", "受理", "派", "质检", "督", "访", "结单", "结案"),
    *("归档", "网格", "装维", "话务", "柜", "[姓名]", "号码]", "班", "处理", "复核", "审", "登记", "录入", "回电"),
    *("转", "投诉", "举报", "解释", "联系", "工单", "代维", "客户", "用户", "机主", "宽带", "套餐", "话费", "厅"),
    *(
        "态度",
        "办理",
        "退费",
        "窗口",
        "姑娘",
        "女的",
        "男的",
        "抄送",
        "接",
        "推",
        "互",
        "同事",
        "值守",
        "移机",
        "修障",
        "光猫",
        "测速",
    ),
)
STAFF = (Shape(Kind.NUMBER, Late(_TOKEN), Gate.STAFF, _is_nobody, needs=AT_WORK, hint=Late("[0-9]{4}")),)
