"""What a text must hold for a family of personal data; one scan then tells which patterns are worth trying."""

import string
from functools import cache
from itertools import product

from pipeline.text.privacy_addresses import ADDRESSES
from pipeline.text.privacy_names import NAME_CUES, SAID_WORDS, SPEAKER_WORDS, TITLE_WORDS
from pipeline.text.privacy_patterns import NUMBERS, PROVINCES, SPOKEN_DIGITS
from pipeline.text.privacy_shapes import LINK_STARTS, Gate, spellings
from pipeline.text.scanning import WHITE_SPACE, Cues, Scanner, pairs_of

_WIDE = "０１２３４５６７８９＠－＿．＋＃" + "".join(map(chr, [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]))
_CODES = string.ascii_letters + string.digits + "_"
_HAN_FIGURES = "一二三四五六七八九十"
_NUMERALS = string.ascii_letters + string.digits + _HAN_FIGURES


@cache
def text_scanner() -> Scanner:
    """Return the scanner that sets the flags of ``Gate`` (but ``LONG``) in a text."""
    words: dict[int, list[str]] = {}
    for shape in (*NUMBERS, *ADDRESSES):
        for cue in shape.cues:
            words.setdefault(int(shape.gate), []).extend(spellings(cue))
    words[Gate.RUN] = [
        *pairs_of(string.digits, _CODES + " -.·•()（）–—@:/"),
        "艾特",
        *pairs_of("(（", string.digits + "+"),
        "(at",
        "（at",
    ]
    words[Gate.OPEN] = [*pairs_of(PROVINCES, string.ascii_letters), *pairs_of("号", "客话坐座接营工)）"), "工号"]
    words[Gate.OPEN] += pairs_of("字", "第[(（〔")
    words[Gate.OPEN] += pairs_of("〕)）]", PROVINCES)
    words[Gate.OPEN] += [*pairs_of(PROVINCES, "·•"), *pairs_of("转", string.digits + "分接 ")]
    words[Gate.OPEN] += pairs_of("员席服傅维人表", string.ascii_letters + ":： ")
    plain = SPOKEN_DIGITS[:13]
    words[Gate.SPOKEN] = [
        *pairs_of(plain, plain + string.digits + " ,，、-"),
        *pairs_of(SPOKEN_DIGITS, SPOKEN_DIGITS[13:]),
    ]
    words[Gate.SPOKEN] += pairs_of(string.digits, SPOKEN_DIGITS)
    words[Gate.PLACE] = list(
        pairs_of("路街巷弄道同里村屯寨庄坝湾沟社区队园坊组", string.digits + _HAN_FIGURES + "门" + WHITE_SPACE)
    )
    sides = map("".join, product("路街道巷弄", "上中下东西南北一二三四", "段"))
    words[Gate.PLACE] += [*sides, *pairs_of("路街道巷弄", "甲乙丙丁")]
    words[Gate.HOUSE] = list(pairs_of(_NUMERALS + WHITE_SPACE, "栋幢座塔号单舍宿楼层室房#"))
    words[Gate.HOUSE] += [*pairs_of("排条门", string.digits), *pairs_of("排条", _HAN_FIGURES)]
    words[Gate.HOUSE] += pairs_of(string.digits, "档柜铺摊")
    # the last characters of most of BESIDE are rare enough alone
    words[Gate.HOUSE] += pairs_of(["楼上", "楼下", "住在", "门", "面", "壁", "位", "住"], string.digits)
    words[Gate.HOUSE] += pairs_of(["车位", "车位号"], string.ascii_uppercase)
    words[Gate.HOUSE] += [*pairs_of("-—", string.digits), *pairs_of("甲乙丙丁戊东西南北中", "单" + WHITE_SPACE)]
    words[Gate.CUED_NAME] = [*NAME_CUES, *SPEAKER_WORDS]
    words[Gate.TITLED_NAME] = list(TITLE_WORDS)
    words[Gate.SAID_NAME] = list(SAID_WORDS)
    words[Gate.NUMBER] += pairs_of("号", _CODES + LINK_STARTS + WHITE_SPACE)
    words[Gate.NUMBER] += pairs_of("码", _CODES + ":：是为 ")
    characters = {int(Gate.WIDE): _WIDE, int(Gate.RUN): "@"}
    return Scanner(Cues(characters, {int(gate): cues for gate, cues in words.items()}))
