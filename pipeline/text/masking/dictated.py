"""Numbers dictated in pieces: 一三八，零零一三，八零零零; 138然后0013然后8000; 工号是九五二七."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.text.late import Late
from pipeline.text.masking import words as words
from pipeline.text.masking.amounts import MONTH_DAY, is_public_or_amount
from pipeline.text.masking.shapes import Gate, Kind, Shape, cued
from pipeline.text.masking.spoken import SPOKEN_DIGITS, as_digits

_DIGIT = f"[{SPOKEN_DIGITS}0-9]"
_PAUSES = ("然后", "接着", "后面", "后边", "中间", "最后", "末尾", "跟着", "再")
_PAUSE = rf"[ ,，、。]?(?:{'|'.join(_PAUSES)})[三四五六八]?位?数?是?[ ,，:：]?"
_GLUE = rf"(?:{_PAUSE}|[ .·\-–—,，、点杠]{{1,2}})"
# characters that may stand between the digits
PAUSE_MARKS = "".join(_PAUSES) + "三四五六八位数是 .·-–—,，、。点杠:："
_RUN = re.compile(rf"{_DIGIT}(?<!{_DIGIT}.){_DIGIT}{{0,18}}(?:{_GLUE}{_DIGIT}{{1,18}}){{1,40}}")
_PIECE = re.compile(rf"(?P<glue>{_GLUE})|{_DIGIT}+")
_IN_WORDS = frozenset(SPOKEN_DIGITS + "".join(_PAUSES))
_TIGHT = frozenset(" .·-–—")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ID_CARD = re.compile(rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{MONTH_DAY}[0-9]{{4}}")
_LAST_SIGNS = frozenset("Xx叉")
_MOST_DIGITS = 18
_CUE = re.compile(r"(?:电话|手机|联系|号|[打拨加卡是位])[^0-9]{0,4}$")
_LOOK_BACK = 8

SHORT_NUMBERS: tuple[Shape, ...] = (
    cued(
        Gate.SAID_NUMBER,
        Kind.NUMBER,
        words.SECRET_WORDS,
        rf"[{SPOKEN_DIGITS}]{{3,12}}(?![元块年月日天次个点十百千万两位])",
    ),
    cued(
        Gate.SAID_NUMBER,
        Kind.NUMBER,
        (*words.STAFF_WORDS, "工号尾数", "工号尾号"),
        rf"[A-Za-z]{{0,3}}[{SPOKEN_DIGITS}](?:[ ,，、\\-]?[{SPOKEN_DIGITS}]){{1,11}}"
        r"(?![元块年月日天次个点十百千万两位])",
    ),
    # 坐席三零五五八: a count of people would be shorter
    Shape(
        Kind.NUMBER,
        Late(
            r"(?:[坐座]席|[话服]务员|[柜班]员|营业员|接线员|客服|客服代表|工[号牌][\u4e00-\u9fff,，]{1,8}?)"
            rf"(?P<value>[{SPOKEN_DIGITS}]{{4,8}})(?![{SPOKEN_DIGITS}元块年月日天次个点十百千万两位名])"
        ),
        Gate.SAID_NUMBER,
        hint=Late(f"[{SPOKEN_DIGITS}]{{4}}"),
    ),
)


class _Piece(NamedTuple):
    start: int
    end: int
    digits: str
    tight: bool
    """Whether but a blank, a dot or a dash parts it from the piece before."""


def dictated(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield mobile numbers and identity cards whose digits stand in several pieces, and their places."""
    for run in _RUN.finditer(text):
        pieces = list(_pieces(text, run.start(), run.end()))
        first = 0
        while first < len(pieces):
            told = None if pieces[first].tight else _told(text, pieces, first)
            if told:
                kind, end = told
                yield kind, pieces[first].start, end
                first = next((place for place, piece in enumerate(pieces) if piece.start >= end), len(pieces))
            else:
                first += 1


def _pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    tight = False
    for found in _PIECE.finditer(text, start, end):
        if found["glue"]:
            tight = _TIGHT.issuperset(found["glue"])
        else:
            yield _Piece(found.start(), found.end(), as_digits(found.group()), tight)


def _told(text: str, pieces: list[_Piece], first: int) -> tuple[Kind, int] | None:
    digits = pieces[first].digits
    for last in range(first + 1, len(pieces)):
        digits += pieces[last].digits
        if len(digits) > _MOST_DIGITS:
            break
        if last + 1 < len(pieces) and pieces[last + 1].tight:
            continue
        if _ID_CARD.fullmatch(digits):
            return Kind.ID_CARD, pieces[last].end
        if text[pieces[last].end : pieces[last].end + 1] in _LAST_SIGNS and _ID_CARD.fullmatch(digits + "0"):
            return Kind.ID_CARD, pieces[last].end + 1
        if _MOBILE.fullmatch(digits) and _is_meant(text, pieces[first].start, pieces[last].end):
            return Kind.PHONE, pieces[last].end
    return None


def _is_meant(text: str, start: int, end: int) -> bool:
    """Tell a number from a list of amounts: by a word before, or by digits or pauses in words."""
    if is_public_or_amount(text, start, end):
        return False
    if _CUE.search(text, max(0, start - _LOOK_BACK), start):
        return True
    said = text[start:end]
    return "、" not in said and not _IN_WORDS.isdisjoint(said)
