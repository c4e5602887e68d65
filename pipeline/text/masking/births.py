"""Dates of birth: a day or a month that a word beside it calls so. Other dates stay."""

import re

from pipeline.text.late import Late
from pipeline.text.masking.amounts import MONTH_DAY
from pipeline.text.masking.shapes import Gate, Kind, Shape, cued

_BEFORE = (
    "出生日期",
    "出生年月日",
    "出生年月",
    "出生时间",
    "出生于",
    "出生",
    "生日",
    "生辰",
    "身份证上",
    "证件上",
    "户口本上",
)
_AFTER = ("出生", "生人", "生日")
BIRTH_WORDS = (*_BEFORE, *_AFTER)
_HAN = "一二三四五六七八九十"
_YEAR = rf"(?:(?:18|19|20)[0-9]{{2}}|[0-9]{{2}}(?=\s?年)|[一二][零〇○九八][零〇○{_HAN}]{{2}}|[{_HAN}]{{2}}(?=年))"
_MONTH = rf"(?:[0-9]{{1,2}}|[正冬腊]|[{_HAN}]{{1,2}})"
_DAY = rf"(?:[0-9]{{1,2}}|初?[廿卅{_HAN}]{{1,3}})"
_MONTH_AND_DAY = rf"{_MONTH}\s?月\s?{_DAY}(?:\s?[日号])?"
_DATE = (
    rf"(?:{_YEAR}\s?年\s?{_MONTH}\s?月(?:\s?{_DAY}(?:\s?[日号])?)?"
    rf"|(?:19|20)[0-9]{{2}}\s?[.\-/]\s?[0-9]{{1,2}}(?:\s?[.\-/]\s?[0-9]{{1,2}})?|(?:19|20)[0-9]{{2}}{MONTH_DAY})(?![0-9])"
)
_CALENDAR = "(?:农历|阴历|阳历|公历)?"
_BORN = r"出生(?!证|医学|率|儿童|人口)|生人|(?:是|过)?[我他她]?的?生日|生(?:的(?!病|[孩小]|第|又)|[,，。;；、)）\s]|$)"

_OF_HISTORY = re.compile(
    r"建[国党军]|成立|解放|抗[日战]|革命|起义|事变|地震|颁布|发布|实施|施行|通过|竣工|投产|修建|建成|入[党伍职厂]|参加工作|选[为举]|当选|担任|届|毕业|出版|版|1970年1月1日|下乡|签订|集团|公司"
)
_WINDOW = 12


def _is_of_history(text: str, start: int, end: int) -> bool:
    """Tell whether the day is that of a law, a firm or a career."""
    return _OF_HISTORY.search(text, max(0, start - _WINDOW), end + _WINDOW) is not None


BIRTHS: tuple[Shape, ...] = (
    cued(Gate.BIRTH, Kind.BIRTH, _BEFORE, rf"{_CALENDAR}{_DATE}"),
    cued(Gate.BIRTH, Kind.BIRTH, ("生日",), rf"{_CALENDAR}{_MONTH_AND_DAY}"),
    Shape(
        Kind.BIRTH,
        Late(
            rf"生于(?:(?<![\u4e00-\u9fff]生于)|(?<=[我他她子女孩人父母爷奶爸妈伯叔婶姑姨舅公婆姥弟妹哥姐儿妻夫]生于))\s?(?P<value>{_DATE})"
        ),
        Gate.BIRTH,
        needs=("生于",),
    ),
    # a day before there were contracts on telephones is hardly any other: 1951年9月30日的人, 1972/10/19
    Shape(
        Kind.BIRTH,
        Late(
            rf"19[2-8](?<![0-9A-Za-z.\-/].{{3}})[0-9](?:\s?年\s?{_MONTH}\s?月(?:\s?{_DAY}(?:\s?[日号])?|(?=[,，。;；、)）]|$))(?!\s?[至到—\-~])"
            rf"|\s?[.\-/]\s?(?:0?[1-9]|1[0-2])\s?[.\-/]\s?(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
            rf"|(?<![0-9][ -].{{3}}.){MONTH_DAY}(?!\s?[0-9A-Za-z]))"
        ),
        Gate.BIRTH,
        _is_of_history,
        hint=Late("19[2-8][0-9]"),
    ),
    Shape(Kind.BIRTH, Late(rf"(?=[0-9一二])(?<![0-9.\-/]){_DATE}(?=\s?[,，、(（]?\s?(?:{_BORN}))"), Gate.BIRTH),
    Shape(
        Kind.BIRTH,
        Late(rf"(?<![0-9年]){_MONTH_AND_DAY}(?=\s?(?:是|过)?[我他她]?的?生日)"),
        Gate.BIRTH,
        needs=("生日",),
    ),
)
