"""What a text must hold for a family of personal data; one scan then tells which patterns are worth trying."""

import string
from functools import cache

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
    words[Gate.RUN] = [*pairs_of(string.digits, _CODES + " -.·•()（）–—@"), "艾特"]
    words[Gate.OPEN] = [*pairs_of(PROVINCES, string.ascii_letters), *pairs_of("号", "客话坐座接营工"), "工号"]
    words[Gate.SPOKEN] = list(pairs_of(SPOKEN_DIGITS, SPOKEN_DIGITS + string.digits + " ,，、-"))
    words[Gate.SPOKEN] += pairs_of(string.digits, SPOKEN_DIGITS)
    words[Gate.PLACE] = list(
        pairs_of("路街巷弄道同里村屯寨庄坝湾沟社区队园坊", string.digits + _HAN_FIGURES + "门" + WHITE_SPACE)
    )
    words[Gate.HOUSE] = list(pairs_of(_NUMERALS + WHITE_SPACE, "栋幢座号单舍宿楼层室房#"))
    words[Gate.HOUSE] += [*pairs_of("-—", string.digits), *pairs_of("甲乙丙丁戊东西南北中", "单" + WHITE_SPACE)]
    words[Gate.CUED_NAME] = [*NAME_CUES, *SPEAKER_WORDS]
    words[Gate.TITLED_NAME] = list(TITLE_WORDS)
    words[Gate.SAID_NAME] = list(SAID_WORDS)
    words[Gate.NUMBER] += pairs_of("号", _CODES + LINK_STARTS + WHITE_SPACE)
    characters = {int(Gate.WIDE): _WIDE, int(Gate.RUN): "@"}
    return Scanner(Cues(characters, {int(gate): cues for gate, cues in words.items()}))
