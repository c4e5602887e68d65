"""What a text must hold for a family of personal data; one scan then tells which patterns are worth trying."""

import string
from collections.abc import Iterable
from functools import cache, reduce
from itertools import product
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.masking.addresses import ADDRESSES, BESIDE
from pipeline.text.masking.births import BIRTH_WORDS
from pipeline.text.masking.codes import PROVINCES
from pipeline.text.masking.dictated import PAUSE_MARKS, SHORT_NUMBERS
from pipeline.text.masking.names import CALLED_CUES, NAME_CUES, SAID_WORDS, SPEAKER_WORDS, TITLE_WORDS
from pipeline.text.masking.patterns import NUMBERS
from pipeline.text.masking.shapes import LINK_STARTS, Gate, spellings
from pipeline.text.masking.spoken import SPOKEN_DIGITS
from pipeline.text.masking.staff import NO_STAFF
from pipeline.text.masking.surroundings import CUE_PAIRS
from pipeline.text.scanning import WHITE_SPACE, Batch, Cues, Scanner, pairs_of

_WIDE = "０１２３４５６７８９＠－＿．＋＃" + "".join(map(chr, [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]))
_CODES = string.ascii_letters + string.digits + "_"
_HAN_FIGURES = "一二三四五六七八九十"
_LETTER_OR_DIGIT, _MARK, _DIGIT, _CODE, _CODE_MARK, _SPOKEN, _SPOKEN_MARK, _FIGURE, _PAUSE = (
    1 << bit for bit in range(9)
)
NUMBER_GATES = reduce(or_, (int(shape.gate) for shape in NUMBERS))
_LETTERS_AND_DIGITS = string.ascii_letters + string.digits
_NUMERALS = _LETTERS_AND_DIGITS + _HAN_FIGURES
_SIDES = "甲乙丙丁戊东西南北中"


class _Row(NamedTuple):
    """Characters of one class in a row, each at most ``step`` on, with but characters of ``mark`` between."""

    char: int
    mark: int
    first: int
    """Another class of the first of them, or 0."""
    length: int
    step: int


_ROWS = (
    _Row(_LETTER_OR_DIGIT, _MARK, _DIGIT, 7, 4),
    _Row(_CODE, _CODE_MARK, 0, 3, 4),
    _Row(_FIGURE, _SPOKEN_MARK, 0, 7, 2),
    _Row(_SPOKEN, _PAUSE, 0, 11, 9),
    _Row(_SPOKEN, _SPOKEN_MARK, 0, 7, 2),
    _Row(_DIGIT, 0, 0, 4, 1),
)


def text_flags(batch: Batch) -> NDArray[np.uint64]:
    """Return the flags of ``Gate`` for each text of a batch, in order."""
    flags = _scanner().flags_of(batch)
    *begins, figures = _begins(batch)
    long, code, telephone, dictated, spoken = map(batch.texts_of, begins)
    flags[long] |= np.uint64(Gate.LONG)
    flags[dictated] |= np.uint64(Gate.DICTATED)
    flags[batch.texts_of(_of_staff(batch, figures))] |= np.uint64(Gate.STAFF)
    # most texts hold no three letters and digits in a row, so no number
    countless = (flags & np.uint64(Gate.LONG | Gate.MAIL)) == 0
    # a telephone has seven figures, well or badly typed
    for without, holding, gates in (
        (countless, code, NUMBER_GATES & ~Gate.OPEN),
        (np.ones(len(flags), dtype=bool), telephone, Gate.LINE),
        (np.ones(len(flags), dtype=bool), spoken, Gate.SPOKEN),
    ):
        without[holding] = False
        flags[without] &= ~np.uint64(gates)
    return flags


def _of_staff(batch: Batch, figures: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return which rows of figures may be the number of a person at work."""
    rows = figures[np.diff(figures, prepend=-2) != 1].tolist()
    return np.array([place for place in rows if not NO_STAFF.match(batch.joined, place)], dtype=np.intp)


def _begins(batch: Batch) -> list[NDArray[np.intp]]:
    """Return where the rows of each kind begin in the joined texts."""
    if batch.native is not None:
        begins: list[NDArray[np.intp]] = batch.native.rows(batch.joined, _row_classes(), _ROWS)
        return begins
    classes = _row_classes().take(batch.codes)
    return [_begins_of(classes, row) for row in _ROWS]


def _begins_of(classes: NDArray[np.uint16], row: _Row) -> NDArray[np.intp]:
    # a look for what is not zero is several times sooner in truth values
    places = np.flatnonzero((classes & (row.char | row.mark)) != 0)
    order = np.flatnonzero((classes[places] & row.char) != 0)
    places = places[order]
    steps = np.diff(places)
    linked = np.concatenate(([0], np.cumsum((steps <= row.step) & (steps == np.diff(order)))))
    begins = places[np.flatnonzero(linked[row.length - 1 :] - linked[: 1 - row.length] == row.length - 1)]
    return begins[(classes[begins] & row.first) == row.first]


@cache
def _row_classes() -> NDArray[np.uint16]:
    classes = np.zeros(0x10000, dtype=np.uint16)
    for kind, chars in (
        (_LETTER_OR_DIGIT, _LETTERS_AND_DIGITS),
        (_MARK, " -.()（）–—"),
        (_DIGIT, string.digits),
        (_CODE, _CODES),
        (_CODE_MARK, " -.·•()（）–—@"),
        (_SPOKEN, SPOKEN_DIGITS + string.digits),
        (_SPOKEN_MARK, " ,，、-.–—"),
        (_FIGURE, string.digits + "lIoO"),
        (_PAUSE, PAUSE_MARKS),
    ):
        classes[[ord(char) for char in chars]] |= kind
    return classes


@cache
def _scanner() -> Scanner:
    words: dict[int, list[str]] = {}
    for shape in (*NUMBERS, *ADDRESSES, *SHORT_NUMBERS):
        for cue in shape.cues:
            words.setdefault(int(shape.gate), []).extend(spellings(cue))
    words[Gate.MAIL] = ["艾特", "(at", "（at"]
    words[Gate.OPEN] = [
        *pairs_of(PROVINCES, string.ascii_letters),
        *pairs_of("号", "客话坐座接营工柜员师装业骑为给)）"),
        "工号",
    ]
    words[Gate.OPEN] += [*pairs_of("字", "第[(（〔"), "码]", "号]"]
    words[Gate.OPEN] += pairs_of("〕)）]", PROVINCES)
    words[Gate.OPEN] += [*pairs_of(PROVINCES, "·•"), *pairs_of("转", string.digits + "分接 ")]
    words[Gate.OPEN] += pairs_of("员席服傅维人表", string.ascii_letters + ":： ")
    words[Gate.OPEN] += pairs_of("员席服傅维人表呼手洁安工柜", string.digits)
    words[Gate.OPEN] += [*pairs_of("呼手洁安工", string.ascii_letters), *pairs_of("员席服手", "号编代配骑柜客坐座维")]
    words[Gate.SAID_NUMBER] += pairs_of("席员服表", SPOKEN_DIGITS)
    plain = SPOKEN_DIGITS[:13]
    words[Gate.SPOKEN] = [
        *pairs_of(plain, plain + string.digits + " ,，、-"),
        *pairs_of(SPOKEN_DIGITS, SPOKEN_DIGITS[13:]),
    ]
    words[Gate.SPOKEN] += pairs_of(string.digits, SPOKEN_DIGITS)
    words[Gate.PLACE] = _places()
    # codes of staff in parts or with few figures
    words[Gate.STAFF] = list(pairs_of(string.ascii_letters, string.digits + "-_"))
    words[Gate.DOORPLATE] += [pair for pairs in CUE_PAIRS for pair in pairs_of(*pairs)]
    words[Gate.BESIDE] = list(pairs_of(BESIDE, _LETTERS_AND_DIGITS + ":： 是"))
    words[Gate.BIRTH] = [
        *BIRTH_WORDS,
        *(f"19{decade}" for decade in range(2, 9)),
        *pairs_of("日月号" + string.digits + _HAN_FIGURES, "生"),
    ]
    words[Gate.TAIL] = ["址]", "某人"]
    words[Gate.CUED_NAME] = list(NAME_CUES)
    words[Gate.TITLED_NAME] = list(TITLE_WORDS)
    words[Gate.SAID_NAME] = ["单名"]
    words[Gate.NUMBER] += pairs_of("号", _CODES + LINK_STARTS + WHITE_SPACE + PROVINCES)
    words[Gate.NUMBER] += pairs_of("码", _CODES + ":：是为 ")
    characters = {int(Gate.WIDE): _WIDE, int(Gate.MAIL): "@", int(Gate.TAIL): "姓"}
    spans = {**_house_spans(), **_name_spans()}
    return Scanner(Cues(characters, {int(gate): cues for gate, cues in words.items()}, spans))


def _places() -> list[str]:
    """Return how a number after a road, a village or a group begins."""
    places = list(
        pairs_of("路街巷弄道同里村屯寨庄坝湾沟社区队园坊组", string.digits + _HAN_FIGURES + "门" + WHITE_SPACE)
    )
    places += [
        *pairs_of("塆畈冲垸社楼寓舍厦斋", string.digits),
        *pairs_of("东西南北头边口面侧手数起角房街", "第"),
        *pairs_of("东西南北头边口侧角", "最把"),
        *pairs_of("村庄屯寨组队社", "东西南北"),
        *pairs_of("村屯寨庄湾塆畈冲垸组社", "特甲乙临新付"),
        *pairs_of(string.digits, "街"),
        *pairs_of("".join(dict.fromkeys(_HAN_FIGURES)), "组队社"),
    ]
    sides = map("".join, product("路街道巷弄", "上中下东西南北一二三四", "段"))
    places += [*sides, *pairs_of("路街道巷弄", "甲乙丙丁")]
    return places


def _name_spans() -> dict[int, tuple[Iterable[str], Iterable[str]]]:
    """Return the words right behind which a family name stands, and their last character with the first of one."""
    families = {name[0] for name in read_list(data_file("surnames.txt"))}
    return {
        int(gate): ([word[:2] for word in words], list(pairs_of({word[-1] for word in words}, families)))
        for gate, words in (
            (Gate.CALLED_NAME, CALLED_CUES),
            (Gate.SPEAKER, SPEAKER_WORDS),
            (Gate.SAID_NAME, SAID_WORDS),
        )
    }


def _house_spans() -> dict[int, tuple[Iterable[str], Iterable[str]]]:
    """Return how numbers of houses and rooms begin and end: a figure with what it counts, and that with a figure."""
    numbered = _NUMERALS + WHITE_SPACE
    return {
        int(Gate.BLOCK): (
            pairs_of(numbered, "栋幢座塔号排#"),
            pairs_of("栋幢座塔号排#楼院", _NUMERALS + _SIDES + WHITE_SPACE + "零〇幺附,，-—"),
        ),
        int(Gate.DASH): (pairs_of(_LETTERS_AND_DIGITS, "-—"), pairs_of("-—", string.digits)),
        int(Gate.FLOOR): (
            pairs_of(numbered, "楼层"),
            pairs_of("楼层", _NUMERALS + _SIDES + WHITE_SPACE + "零〇幺"),
        ),
        int(Gate.ROOM): (pairs_of(string.digits, string.digits), pairs_of(_LETTERS_AND_DIGITS + WHITE_SPACE, "室房")),
        int(Gate.UNIT): (pairs_of(numbered + _SIDES, "单"), ["单元"]),
        int(Gate.LANE): (pairs_of(numbered, "排条"), pairs_of("排条", _NUMERALS + WHITE_SPACE + "第")),
        int(Gate.DOOR): (pairs_of(numbered, "门舍宿号"), pairs_of("门舍", string.digits + WHITE_SPACE)),
        int(Gate.STALL): (
            [*pairs_of(string.ascii_uppercase, string.digits), *pairs_of(string.digits, "Ff号")],
            pairs_of(string.digits + WHITE_SPACE + "号", "档柜铺摊商门"),
        ),
    }
