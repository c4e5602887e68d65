"""Numbers read aloud and written down in characters (幺三八零零幺三八零零零)."""

import re

from pipeline.text.masking.shapes import Kind

SPOKEN_DIGITS = "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
SPOKEN = re.compile(
    rf"[一幺壹][三四五六七八九叁肆伍陆柒捌玖](?:[ ,，、\-]?[{SPOKEN_DIGITS}]){{9}}"
    rf"|[零〇](?:[ ,，、\-]?[{SPOKEN_DIGITS}]){{9,11}}"
    rf"|(?=[0-9]{{0,20}}[{SPOKEN_DIGITS}])[{SPOKEN_DIGITS}0-9]{{7,}}"
)
_AS_DIGITS = str.maketrans(SPOKEN_DIGITS, "0012345678912123456789", "") | {ord(mark): None for mark in " ,，、-"}
_SPOKEN_PUBLIC = re.compile(r"[48]00[0-9]{7}|1008611|1?2?3?4?5?6?7?8?9?0?")


def as_digits(spoken: str) -> str:
    """Write digits read aloud as digits, without the marks between.

    >>> as_digits("幺三八-00")
    '13800'
    """
    return spoken.translate(_AS_DIGITS)


def spoken_kind(spoken: str) -> Kind | None:
    """Tell what digits read aloud are; ``None`` for a hotline or for counting (一二三四五六七).

    >>> spoken_kind("幺三八零零幺三八零零零"), spoken_kind("四零零八八八六六六六")
    (<Kind.PHONE: '手机号'>, None)
    """
    digits = as_digits(spoken)
    if _SPOKEN_PUBLIC.fullmatch(digits):
        return None
    return Kind.PHONE if re.fullmatch(r"1[3-9][0-9]{9}", digits) else Kind.NUMBER
