"""What a name looks like: after a cue (联系人张伟), before a title (张女士), said of oneself (我是张伟)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class NameShapes:
    """Patterns for names, built from a list of family names; group ``value`` is the name."""

    cued: re.Pattern[str]
    titled: re.Pattern[str]
    said: re.Pattern[str]


_NAME_CUE = (
    r"(?:客户姓名|用户姓名|姓名|联系人|联络人|机主|户主|经办人|代办人|收件人|收货人|报装人|申请人|开户人|投诉人|登记人|委托人|当事人"
    r"|我叫|名叫|名字叫|名字是|客户名|户名|责任人|负责人|装机人员|客户经理|装维人员|客服人员|营业员|师傅叫)"
)
# characters that hardly ever stand in a given name but often right after one or in another word
_NO_GIVEN = (
    "的了是我你他她它不在有没和与及或把被对给让从向到也都还又就才很太这那个位名们吗呢吧啊呀哦您要说打电话手机号投诉宽带反映称于因为已未无查询多少"
    "年月日时间先女"
)
_GIVEN = rf"(?:(?![{_NO_GIVEN}])[\u4e00-\u9fff])"
_AFTER_NAME = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|电话|手机|号码|身份|联系|联络|来电|反映|反应|投诉|称|要求|表示"
    r"|宽带|的|在|于|是|为|我|，|住|办|说|已|因|本人|要|想|和|与|到|从|家|名下|给|不|没|有|把|对|再次|多次|咨询"
    r"|申请)"
)
_STRICT_AFTER = r"(?=$|[\s,，。;；、!！(（\[]|先生|女士|电话|手机|联系|身份证|号码|我|于|系)"


def name_shapes(surnames: Iterable[str], names: Iterable[str]) -> NameShapes:
    """Build the name patterns; ``names`` are whole names known beforehand, found without any cue."""
    ordered = sorted(set(surnames), key=lambda name: (-len(name), name))
    family = f"(?:{'|'.join(name for name in ordered if len(name) > 1)}|[{''.join(n for n in ordered if len(n) == 1)}])"
    shaped = rf"{family}(?:{_GIVEN}{_AFTER_NAME}|{_GIVEN}{{2}}{_AFTER_NAME}|{_GIVEN}{{2}})"
    link = r"\s{0,3}(?:信息|本人)?\s{0,3}(?:[:：=]|是|为|叫|系)?\s{0,3}[\"“'(（【]?\s{0,3}"
    foreign = r"[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,6}"
    written = r"(?<=[:：])\s{0,2}[\u4e00-\u9fff]{2,4}(?=$|[\s,，。;；、(（])"
    known = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name.strip())
    person = "(?=先生|女士|小姐|经理|师傅|工程师)"
    trade = r"(?=主任|阿姨|大爷|大妈|[总工](?:[,，。;；\s说来上]|$))"
    cued = rf"{_NAME_CUE}{link}(?P<value>{foreign}|{shaped}|{written})"
    return NameShapes(
        cued=re.compile(f"{cued}|(?P<known>{known})" if known else cued),
        titled=re.compile(rf"(?P<value>{family}{_GIVEN}{{0,2}}){person}|(?!施工)(?P<alone>{family}){trade}"),
        said=re.compile(
            rf"(?:我是|本人是|本人叫|本人|我叫做)(?P<value>{family}{_GIVEN}{{1,2}}){_STRICT_AFTER}"
            rf"|(?:我|免贵|贵|本人|他|她|客户|用户)姓(?P<alone>{family})"
        ),
    )
