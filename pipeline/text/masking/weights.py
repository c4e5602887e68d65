"""What speaks for a name, read from ``data/names.toml``, and what the dictionary says of the words around it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.resources import data_file
from pipeline.text.cutting.word_tags import tagged_words

THRESHOLD = 17
CUE = 12
# what a character must weigh to begin a name written by sound whatever stands before
LOUD = 2
# more than which a character must weigh in given names to be an unknown family name
COMMON = -2
# what the characters of a name written by sound must weigh on average
SPOKEN_FOR = 1.8
# what a family name alone must weigh before a title, and before a short one
LEAST_TITLED, LEAST_SHORT_TITLED = {True: 1, False: 3}, 8
TITLED = 19
NICKNAME = 3
LABEL = 14
LABELLED = 4
CONTACT = 6
FIELD = 4
ENUMERATED = 3
EDGE_BEFORE, EDGE_AFTER = 3, 2
NO_WORD_BEFORE, NO_WORD_AFTER = -2, -3
NO_FAMILY = -9
TITLES = (
    "先生", "女士", "小姐", "师傅", "大爷", "大妈", "大姐", "大哥", "阿姨", "老师", "经理", "主任", "老板", "医生",
    "警官", "大叔", "大婶", "大嫂", "奶奶", "爷爷", "嫂子", "专员", "主管", "律师", "店长", "站长", "队长", "班长",
    "组长", "科长", "处长", "局长", "所长", "院长", "校长", "书记", "村长", "工程师", "教授", "博士", "护士", "会计",
    "同学", "同志", "教练", "大夫", "总监", "太太", "夫人", "师父", "伯伯", "婆婆", "法官", "团长", "政委", "董事长",
    "房东", "支书", "副总", "法务", "大娘", "老汉", "老太", "大伯", "叔叔", "婶婶", "网格长", "网格员", "副主任",
    "副经理", "副所长", "副局长", "副站长", "副镇长", "副县长", "副村长", "副书记", "副院长", "副校长", "副队长",
    "副科长", "副处长", "镇长", "乡长", "县长", "区长", "社长", "厂长", "行长", "馆长", "园长", "台长", "秘书", "助理",
    "顾问", "讲师", "教官", "阿婆", "阿公", "阿訇", "老先生", "老两口", "老爷子", "老伯", "科员", "干事", "部长",
    "主席", "市长", "会长", "厅长", "股长", "辅导员", "民警", "二哥", "二嫂",
)  # fmt: skip
# behind two characters of a title: 先生们, 主任医师
NO_TITLE = re.compile("们|医师|医生")
SHORT_TITLES = "总工哥姐叔姨伯婶嫂爷董生太队律"
# known to be titles by ``masking.learned`` only: 扈氏, 曾师, 降局
OTHER_TITLES = "氏师局处"
SHORT_TITLED = 10
NICKNAMES = "小老阿"
# 大刘: known by ``masking.learned`` only
CALLINGS = NICKNAMES + "大"
LINKS = "为是叫系写"
# 阮氏金兰
CLAN = "氏"
# what words of the dictionary weigh: which is a candidate of so many characters, goes across its edge, is part of it
IS_WORD = {2: -10, 3: -8}
NAME_WORD = 2
INSIDE_WORD = -14
BEGINS_WITH_WORD = -8
PLACE_WORD = -10
GIVEN_WORD = -1
WINDOW = 5
_COUNTED = frozenset("张孔项包片段路户台单堂层束席盘卷支关门房车成管区县号连排")
NUMERALS = frozenset("0123456789一二三四五六七八九十几两每第多数整")


@dataclass(frozen=True, slots=True)
class NameWeights:
    """The tables of ``data/names.toml``: a weight for each character or word."""

    family: Mapping[str, int]
    wordy: frozenset[str]
    """Family names that are words as well."""
    given: Mapping[str, int]
    foreign: Mapping[str, int]
    compound: frozenset[str]
    before: Mapping[str, int]
    field: Mapping[str, int]
    after: Mapping[str, int]
    latin: tuple[str, ...]


def read_name_weights() -> NameWeights:
    """Read the shipped tables."""
    tables = tomllib.loads(data_file("names.toml").read_text(encoding="utf-8"))
    wordy = _by_character(tables["family_after_cue"])
    return NameWeights(
        family={**_by_character(tables["family"]), **wordy},
        wordy=frozenset(wordy),
        given=_by_character(tables["given"]),
        foreign=_by_character(tables["foreign"]),
        compound=frozenset(tables["compound"]["names"].split()),
        before=_by_word(tables["before"]),
        field=_by_word(tables["field"]),
        after=_by_word(tables["after"]),
        latin=tuple(sorted(tables["latin"]["names"].split(), key=len, reverse=True)),
    )


def cut_words(text: str) -> list[str]:
    """Return the words of the dictionary in a text, and what is between them."""
    return tagged_words().cut(text)


def words_in(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the words of two characters or more that overlap ``text[start:end]``, with their places."""
    place = max(0, start - WINDOW)
    for word in cut_words(text[place : end + WINDOW]):
        after = place + len(word)
        if len(word) > 1 and place < end and after > start:
            yield word, place, after
        place = after


def is_place_or_crossed(text: str, start: int, end: int) -> bool:
    """Tell whether it begins with the name of a place, or a word that is no name goes across one of its edges."""
    return any(
        (is_place_word(word) if first == start and last < end else first < start or last > end)
        and not is_name_word(word)
        for word, first, last in words_in(text, start, end)
    )


def is_counted(text: str, start: int) -> bool:
    """Tell whether what begins here is counted or numbered: 三张, 第二项, A5区."""
    return start > 0 and text[start] in _COUNTED and (text[start - 1] in NUMERALS or text[start - 1].isascii())


@cache
def is_name_word(word: str) -> bool:
    """Tell whether the dictionary knows the word as a name of people."""
    return tagged_words().is_person(word)


@cache
def is_place_word(word: str) -> bool:
    """Tell whether the dictionary knows the word as a name of a place or a firm."""
    return tagged_words().is_place(word)


@cache
def frequency(word: str) -> int:
    """Return how often the dictionary counts the word, 0 for none."""
    return tagged_words().frequency(word, 0)


def is_nothing_but_a_name(name: str) -> bool:
    """Tell whether a name is no word besides, so that it is one wherever it stands."""
    return len(name) > 1 and (len(cut_words(name)) > 1 or is_name_word(name))


def _by_character(rows: Mapping[str, str]) -> dict[str, int]:
    return {char: int(weight) for weight, chars in rows.items() for char in chars.strip()}


def _by_word(rows: Mapping[str, str]) -> dict[str, int]:
    # the greatest weights stand first and count
    return {word: int(weight) for weight, words in reversed(list(rows.items())) for word in words.split()}


# what stands behind the name of a place or a firm, and hardly ever behind a person's
_NAMED_THINGS = re.compile(
    "公园|街道|社区|小区|花园|花苑|家园|广场|大厦|大道|大桥|中学|小学|学校|幼儿园|医院|市场|超市|酒店|宾馆|景区|水库|车站|"
    "新村|新城|英语|教育|培训|集团|公司|视频|产业园|文创|科技|网络|房地产|地产|置业|物业|楼盘|流域|大桥|河道|校区|开发商|办事处|实业|连锁|医药|食品|建材|项目|商业|商铺|有限|管理"
)


def names_a_thing(text: str, name: str) -> bool:
    """Whether the text calls a place or a firm so: 马坡岭 of 马坡岭街道 is nobody.

    >>> names_a_thing("马坡岭街道的马坡岭", "马坡岭"), names_a_thing("马坡岭来电", "马坡岭")
    (True, False)
    """
    place = text.find(name)
    while place >= 0:
        place += len(name)
        if _NAMED_THINGS.match(text, place):
            return True
        place = text.find(name, place)
    return False
