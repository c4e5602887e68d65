"""Dates of birth: a day or a month that a word beside it calls so. Other dates stay."""

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

BIRTHS: tuple[Shape, ...] = (
    cued(Gate.BIRTH, Kind.BIRTH, _BEFORE, rf"{_CALENDAR}{_DATE}"),
    cued(Gate.BIRTH, Kind.BIRTH, ("生日",), rf"{_CALENDAR}{_MONTH_AND_DAY}"),
    Shape(
        Kind.BIRTH,
        Late(rf"生于(?:(?<![\u4e00-\u9fff]生于)|(?<=[我他她子女孩人父母]生于))\s?(?P<value>{_DATE})"),
        Gate.BIRTH,
        needs=("生于",),
    ),
    Shape(Kind.BIRTH, Late(rf"(?=[0-9一二])(?<![0-9.\-/]){_DATE}(?=\s?[,，、(（]?\s?(?:{_BORN}))"), Gate.BIRTH),
    Shape(
        Kind.BIRTH,
        Late(rf"(?<![0-9年]){_MONTH_AND_DAY}(?=\s?(?:是|过)?[我他她]?的?生日)"),
        Gate.BIRTH,
        needs=("生日",),
    ),
)
