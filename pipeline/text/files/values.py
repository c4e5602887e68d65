"""What single cells mean: times in mixed forms, customer tiers on one scale, yes and no."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pipeline.text.files.headers import one_means_yes

# Times with a zone become Chinese wall-clock time, as all others in these files are.
_CHINA = timezone(timedelta(hours=8))
_LONGEST_TIME = 40
_EXCEL_ZERO = datetime(1899, 12, 30)
_DAY = r"(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?[日号]?"
_HALF = r"(?P<half>上午|下午|中午|凌晨|早上|晚上|AM|PM|am|pm)"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:\s?[:：时点]\s?(?P<minute>\d{1,2})?)?(?:\s?[:：分]\s?(?P<second>\d{1,2})?(?:[.,]\d+)?\s?秒?)?"
)
_ZONE = r"(?P<zone>Z|z|[+-]\d\d:?\d\d)"
_LATER = {"下午", "晚上", "中午", "PM"}
_EARLIER = {"上午", "凌晨", "早上", "AM"}


def parse_time(text: str) -> datetime | None:
    """Return the time a cell states, without zone and to the second, or ``None`` if it cannot be read.

    A zone is converted to Chinese time (UTC+8). Bare numbers are dates without separators (8, 10, 12 or 14 digits),
    milliseconds since 1970 (13 digits) or Excel's days (20000 to 80000, i.e. the years 1954 to 2119).

    >>> [str(parse_time(t)) for t in ("2019/3/7 17:18:50", "2020年1月6日", "43531.72", "2019-03-07 下午5:18")]
    ['2019-03-07 17:18:50', '2020-01-06 00:00:00', '2019-03-07 17:16:48', '2019-03-07 17:18:00']
    """
    text = text.strip()
    if len(text) > _LONGEST_TIME:
        return None
    for pattern, build in _TIMES:
        match = pattern.fullmatch(text)
        if match is not None:
            try:
                return build(match)
            except (ValueError, OverflowError):
                return None
    return None


def _plain(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = match.groups("0")
    return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))


def _spoken(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    hour = int(part["hour"] or 0)
    half = (part["half"] or part["half2"] or "").upper()
    if half in _LATER and 1 <= hour < 12 and not (half == "中午" and hour >= 10):
        hour += 12
    elif half in _EARLIER and hour == 12:
        hour = 0
    minute, second = int(part["minute"] or 0), int(part["second"] or 0)
    moment = datetime(int(part["year"]), int(part["month"]), int(part["day"]), hour, minute, second)
    return _in_china(moment, part["zone"]) if part["zone"] else moment


def _in_china(moment: datetime, zone: str) -> datetime:
    if zone in "Zz":
        offset = timedelta(0)
    else:
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    return moment.replace(tzinfo=timezone(offset)).astimezone(_CHINA).replace(tzinfo=None)


def _excel_days(match: re.Match[str]) -> datetime:
    days = float(match.group())
    if not 20_000 <= days < 80_000:
        raise ValueError(days)
    return _EXCEL_ZERO + timedelta(seconds=round(days * 86_400))


def _milliseconds(match: re.Match[str]) -> datetime:
    return datetime.fromtimestamp(int(match.group()) // 1000, _CHINA).replace(tzinfo=None)


# The most frequent forms first; a form that fits decides, even if its numbers make no date.
_TIMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], datetime]], ...] = (
    (
        re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?)?"),
        _plain,
    ),
    (re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[ T]?(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?"), _plain),
    (
        re.compile(rf"{_DAY}(?:[T\s]*{_HALF}?\s*{_CLOCK}\s*{_HALF.replace('half', 'half2')}?\s*{_ZONE}?)?", re.ASCII),
        _spoken,
    ),
    (re.compile(r"1\d{12}"), _milliseconds),
    (re.compile(r"\d{5}(?:\.\d+)?"), _excel_days),
)

# One scale, 0 to 7 stars, as operators use it now. Codes 100N to 700N are stars 1 to 7. The older cards are put where
# their metal stands today (4 gold, 5 platinum, 6 black gold, 7 diamond), silver one below gold; a plain VIP (贵宾) of
# the older scale counts like silver, 高价值 like gold, SVIP like 6; 普通 and 非VIP are 0.
_TIER_WORDS: tuple[tuple[str, int], ...] = (
    ("钻", 7),
    ("黑金", 6),
    ("SVIP", 6),
    ("白金", 5),
    ("铂金", 5),
    ("黄金", 4),
    ("金卡", 4),
    ("金牌", 4),
    ("高价值", 4),
    ("银", 3),
    ("非VIP", 0),
    ("非贵宾", 0),
    ("贵宾", 3),
    ("VIP", 3),
    ("普通", 0),
    ("普卡", 0),
    ("无星", 0),
    ("未评级", 0),
    ("准星", 0),
    ("金", 4),
    ("DIAMOND", 7),
    ("PLATINUM", 5),
    ("GOLD", 4),
    ("SILVER", 3),
)
_STARS = re.compile(r"([0-7零一二三四五六七])\s*(?:星|STARS?)|([1-7])00N$|([0-7])(?:\.0)?$")
_NUMERALS = {numeral: stars for stars, numeral in enumerate("零一二三四五六七")}


def parse_tier(text: str) -> int | None:
    """Return a customer's tier as 0 to 7 stars, or ``None`` if the cell names none.

    >>> [parse_tier(t) for t in ("4星黄金", "五星", "700N", "钻石卡", "银卡", "普通客户", "9", "")]
    [4, 5, 7, 7, 3, 0, None, None]
    """
    text = text.strip().upper()
    match = _STARS.match(text)
    if match is not None:
        sign = next(group for group in match.groups() if group)
        return _NUMERALS[sign] if sign in _NUMERALS else int(sign)
    return next((stars for word, stars in _TIER_WORDS if word in text), None)


# Words that are clear by themselves, as pairs of yes and no.
_PAIRS = (
    ("是", "否"),
    ("有", "无"),
    ("有", "没有"),
    ("对", "错"),
    ("真", "假"),
    ("是", "不是"),
    ("y", "n"),
    ("yes", "no"),
    ("true", "false"),
    ("t", "f"),
    ("√", "×"),
    ("✓", "✗"),
    ("已", "未"),
    ("已解决", "未解决"),
    ("解决", "没解决"),
    ("有责", "无责"),
    ("企业有责", "企业无责"),
    ("满意", "不满意"),
    ("合理", "不合理"),
    ("已升级", "未升级"),
    ("升级", "不升级"),
    ("重复", "非重复"),
    ("投诉", "非投诉"),
)
_YES, _NO = (frozenset(words) for words in zip(*_PAIRS, strict=True))
_ONE_ZERO = {"1": True, "0": False, "1.0": True, "0.0": False}


@dataclass(frozen=True, slots=True)
class Flag:
    """How a yes/no column is read; ``clear`` is false when guessing would be needed, and then nothing is read."""

    clear: bool
    meanings: Mapping[str, bool]
    unknown: tuple[str, ...] = ()

    def read(self, cell: str) -> bool | None:
        """Return yes or no, or ``None`` for an empty or unclear cell."""
        return self.meanings.get(cell.strip().casefold()) if self.clear else None


def parse_flag(header: str, values: Iterable[str]) -> Flag:
    """Find out what the distinct ``values`` of a yes/no column mean.

    Words are clear by themselves (是/否, 有/无, Y/N, true/false …). 0 and 1 are clear only where the header table says
    what they mean: in one operator's 是否投诉, 0 is yes. ``unknown`` lists the values in the way (at most 5).

    >>> parse_flag("是否升级", ["是", "否", ""]).read("是"), parse_flag("是否投诉", ["0", "1"]).clear
    (True, False)
    """
    cells = {value.strip().casefold() for value in values} - {""}
    meanings = {cell: cell in _YES for cell in cells if cell in _YES or cell in _NO}
    code = one_means_yes(header)
    if code is not None:
        meanings.update({cell: value == (code == "1") for cell, value in _ONE_ZERO.items() if cell in cells})
    unknown = tuple(sorted(cells - meanings.keys())[:5])
    return Flag(bool(meanings) and not unknown, meanings, unknown)
