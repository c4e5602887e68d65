"""What a name looks like: after a cue (联系人张伟), before a title (张女士), said of oneself (我是张伟)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.text.late import Late
from pipeline.text.masking.shapes import one_of
from pipeline.text.scanning import END, WHITE_SPACE, pairs_of

_CUE_NOUNS = (
    "姓名", "联系人", "联络人", "机主", "户主", "卡主", "号主", "经办人", "代办人", "收件人", "收货人", "报装人",
    "申请人", "开户人", "投诉人", "登记人", "委托人", "当事人", "签收人", "代理人", "使用人", "办理人", "受理人",
    "监护人", "承租人", "收款人", "付款人", "经手人", "接待人", "名字", "名叫", "师傅叫", "客户名", "户名",
    "责任人", "负责人", "经办", "经办员", "处理人", "处理员", "回访人", "回访员", "预约人", "报修人", "报案人",
    "申诉人", "持卡人", "担保人", "法人", "法定代表人", "审核人", "复核", "复核人", "协办人", "主办人", "承办人",
    "派单人", "接单人", "施工人", "装机人", "客户签字", "客户确认", "签字", "签名", "落款", "原机主", "新机主",
    "开户名", "账户名", "客户名称", "寄件人", "取件人", "举报人", "反映人", "来电人", "记录人", "录入人", "质检员",
    "受理员", "值班人", "填单人", "见证人", "您的姓名", "全名", "装机人员", "客户经理", "装维人员", "客服人员",
    "营业员", "业务员", "话务员",
)  # fmt: skip
_CALLED = (
    "我叫", "她叫", "他叫", "的叫", "个叫", "位叫", "员叫", "人叫", "服叫", "长叫", "理叫", "爸叫",
    "妈叫", "公叫", "婆叫", "子叫", "女叫", "儿叫", "友叫", "名是",
)  # fmt: skip
_KIN = (
    "我爸", "我妈", "我爱人", "我老公", "我老婆", "我儿子", "我女儿", "我父亲", "我母亲", "我丈夫", "我妻子", "我哥",
    "我姐", "我弟", "我妹", "爱人", "房东", "租客",
)  # fmt: skip
NAME_CUES = (*_CUE_NOUNS, "我叫")
CALLED_CUES = (*_CALLED, *_KIN)
_SPEAKERS = ("客户", "用户")
_PERSON = r"先生(?!们)|女士(?!们)|小姐(?!们)|经理|师傅|工程师"
_OWNERS = "机主|本人|户主|客户|用户|男|女"
_OWNER = rf"\((?:{_OWNERS})[)）]|（(?:{_OWNERS})[)）]"
_END_OF_TITLE = ",，。;；说来上"
_TRADE = "主任(?!医[师生])|阿姨|大爷|大妈|" + "|".join(rf"{title}(?:[{_END_OF_TITLE}\s]|$)" for title in "总工")
TITLE_WORDS = (
    *("先生", "女士", "小姐", "经理", "师傅", "工程师", "主任", "阿姨", "大爷", "大妈"),
    *pairs_of("(（", [owner[0] for owner in _OWNERS.split("|")]),
    *pairs_of("总工", _END_OF_TITLE + WHITE_SPACE + END),
)
SAID_WORDS = (
    "我是",
    "本人",
    "我叫做",
    "本人叫",
    "我姓",
    "免贵姓",
    "贵姓",
    "他姓",
    "她姓",
    "客户姓",
    "用户姓",
    "人姓",
    "管姓",
    "服姓",
    "傅姓",
    "理姓",
    "员姓",
    "板姓",
)
SPEAKER_WORDS = _SPEAKERS
# characters that hardly ever stand in a given name but often right after one or in another word
_NO_GIVEN = (
    "的了是我你他她它不在有没和与及或把被对给让从向到也都还又就才很太这那个位名们吗呢吧啊呀哦您要说打电话手机号投诉宽带反映称于因为已未无查询多少"
    "年月日时间先女某"
)
_GIVEN = rf"(?:(?![{_NO_GIVEN}])[\u4e00-\u9fff])"
_AFTER_NAME = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|电话|手机|号码|身份|联系|联络|来电|反映|反应|投诉|称|要求|表示"
    r"|宽带|的|在|于|是|为|我|，|住|办|说|已|因|本人|要|想|和|与|到|从|家|名下|给|不|没|有|把|对|再次|多次|咨询"
    r"|申请|跟|持|又|也|就|还|都|去|来|接|帮|代)"
)
_STRICT_AFTER = r"(?=$|[\s,，。;；、!！(（\[]|先生|女士|电话|手机|联系|身份证|号码|我|于|系)"
_CALLED_AFTER = (
    r"(?=$|[\s,，。;；、!！?？(（\[]|先生|女士|的(?:客服|师傅|营业员|人|员工|经理|话务|业务|工作|那)|是|吧|啊|吗|来)"
)
_SAYS = r"(?=来电|致电|反映|反应|投诉|称|表示|咨询|要求|本人|电话)"
_SURNAMED = "姓(?:(?<=[我贵他她人管服傅理员板]姓)|(?<=[客用]户姓))"
_KINDS_OF_PEOPLE = (
    "单身|成年|白领|高级|年轻|年长|满意|时尚|时髦|应聘|有关|相关|所有|全体|任何|常见|高端|金领|安静|包括|全部|万分|平时"
    "|其中|项目|单位|公司"
)
# whom one may call: 我叫师傅
_WORKERS = "师傅|安装|施工|经理|单车|保安|管家|平台|房东|全家|明天|许多|任何|何人|时间|路人|毛病|应急|包月|成功|安全"
_LONGEST_TITLED = 4


@dataclass(frozen=True)
class NameShapes:
    """Patterns for names, built from a list of family names; the last group of a match is the name."""

    cued: Late
    called: Late
    speaking: Late
    titled: Late
    title: Late
    named: Late
    """Names that are words as well: 我叫高兴."""
    polite: Late
    """Names that are words as well: 温馨女士."""
    said: Late
    surnamed: Late
    single: Late
    again: Late
    firsts: frozenset[str]
    """The characters with which family names begin."""

    def find_titled(self, text: str, accepts: Callable[[re.Match[str]], bool]) -> Iterator[re.Match[str]]:
        """Find the longest accepted name before each title; going from title to title spares a search for families."""
        done = 0
        for title in self.title.finditer(text):
            for start in range(max(done, title.start() - _LONGEST_TITLED), title.start()):
                found = self.titled.match(text, start) if text[start] in self.firsts else None
                if found and accepts(found):
                    yield found
                    done = found.end()
                    break


def name_shapes(surnames: Iterable[str], names: Iterable[str]) -> NameShapes:
    """Build the name patterns; ``names`` are whole names known beforehand, found without any cue."""
    ordered = sorted(set(surnames), key=lambda name: (-len(name), name))
    single = "".join(name for name in ordered if len(name) == 1)
    family = f"(?:{'|'.join(name for name in ordered if len(name) > 1)}|[{single}])"
    shaped = rf"{family}(?:{_GIVEN}{_AFTER_NAME}|{_GIVEN}{{2}}{_AFTER_NAME}|{_GIVEN}{{2}})"
    link = r"\s{0,3}(?:信息|本人)?\s{0,3}(?:[:：=?？]|[写填]?的?是|[写填]的|为|叫|系)?\s{0,3}[\"“'(（【]?\s{0,3}"
    foreign = r"[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,6}"
    written = r"(?<=[:：?？])\s{0,2}[\u4e00-\u9fff](?!某)[\u4e00-\u9fff]{1,3}(?=$|[\s,，。;；、(（])"
    known = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name.strip())
    cued = rf"{one_of(NAME_CUES)}{link}(?P<value>{foreign}|{shaped}|{written})"
    return NameShapes(
        cued=Late(f"{cued}|(?P<known>{known})" if known else cued),
        called=Late(rf"(?:{'|'.join((*_CALLED, *_KIN))})(?P<called>{family}{_GIVEN}{{1,2}}){_CALLED_AFTER}"),
        speaking=Late(rf"(?:{'|'.join(_SPEAKERS)})(?P<speaker>{family}{_GIVEN}{{1,2}}){_SAYS}"),
        titled=Late(
            rf"(?P<value>{family}{_GIVEN}{{0,2}})(?={_PERSON})|(?P<owner>{family}{_GIVEN}{{1,2}})(?={_OWNER})"
            rf"|(?!施工)(?P<alone>{family})(?={_TRADE})"
        ),
        title=Late(f"{_PERSON}|{_OWNER}|{_TRADE}"),
        named=Late(
            rf"(?:我就?叫|名叫|名字就?叫|名字[就写]?是|姓名是)(?!{_WORKERS})(?P<named>[{single}]{_GIVEN}{{1,2}})"
            r"(?=[,，。;；、!！(（]|\[|$)"
        ),
        polite=Late(
            rf"(?<![\u4e00-\u9fff\]])(?!{_KINDS_OF_PEOPLE})(?P<polite>[{single}]{_GIVEN})(?=女士(?!们)|先生(?!们))"
        ),
        said=Late(rf"(?:我是|本人是|本人叫|本人|我叫做)(?P<value>{family}{_GIVEN}{{1,2}}){_STRICT_AFTER}"),
        surnamed=Late(rf"{_SURNAMED}(?P<alone>{family})"),
        single=Late(rf"单名(?:一个|一字|是|叫|个)?(?P<value>{_GIVEN})(?=字|[,，。、；;\s]|$)"),
        again=Late(
            rf"{_SURNAMED}(?P<family>[{single}])[,，、;； ]?(?:名字|全名|名)?就?叫做?"
            r"(?P<value>(?P=family)[\u4e00-\u9fff]{1,2})(?=[,，。;；、!！\s]|$)"
        ),
        firsts=frozenset(name[0] for name in ordered),
    )
