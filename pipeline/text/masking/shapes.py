"""What a shape of personal data is: a kind, a pattern, and what a text must hold for the pattern to be tried."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import product

from pipeline.text.late import Late


class Kind(StrEnum):
    """What was found; the value is the word inside the placeholder."""

    PHONE = "手机号"
    LANDLINE = "固话"
    ID_CARD = "身份证"
    BANK_CARD = "银行卡"
    EMAIL = "邮箱"
    PLATE = "车牌"
    BROADBAND = "宽带账号"
    IMSI = "IMSI"
    ICCID = "ICCID"
    IMEI = "IMEI"
    NUMBER = "号码"
    ADDRESS = "地址"
    NAME = "姓名"
    BIRTH = "出生日期"


# what stands in place of personal data
PLACEHOLDER = re.compile(r"\[(?:" + "|".join(kind.value for kind in Kind) + r")\]")
# text, start, end -> whether the place holds nothing personal after all
Refusal = Callable[[str, int, int], bool]


class Gate(IntEnum):
    """What a text must hold for a search to be worth while, one bit each for ``scanning.Scanner``."""

    WIDE = 1 << 0
    LONG = 1 << 1
    """Seven letters and digits in a row, the first a digit."""
    DEVICE = 1 << 2
    PAPER = 1 << 3
    LINE = 1 << 4
    BROADBAND = 1 << 5
    NUMBER = 1 << 6
    CHAT = 1 << 7
    OPEN = 1 << 8
    SPOKEN = 1 << 9
    PLACE = 1 << 10
    DOORPLATE = 1 << 11
    CUED_NAME = 1 << 12
    CALLED_NAME = 1 << 13
    SPEAKER = 1 << 14
    TITLED_NAME = 1 << 15
    SAID_NAME = 1 << 16
    BLOCK = 1 << 17
    DASH = 1 << 18
    FLOOR = 1 << 19
    ROOM = 1 << 20
    UNIT = 1 << 21
    LANE = 1 << 22
    DOOR = 1 << 23
    STALL = 1 << 24
    BESIDE = 1 << 25
    MAIL = 1 << 26
    STAFF = 1 << 27
    """Four digits in a row."""
    BIRTH = 1 << 28
    TAIL = 1 << 29
    """The rest of an address that was found, or a family name alone."""
    DICTATED = 1 << 30
    SAID_NUMBER = 1 << 31


@dataclass(frozen=True, slots=True)
class Shape:
    """One pattern: its group ``value`` (or the whole match) is personal, unless ``refuse`` says no of its place.

    ``cues`` are the words with one of which every match begins; they set the flag ``gate``. Every match holds one of
    ``needs`` and a match of ``hint``, where that is worth a look before the search.
    """

    kind: Kind
    pattern: Late | re.Pattern[str]
    gate: int
    refuse: Refusal | None = None
    cues: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    hint: Late | re.Pattern[str] | None = None

    def may_match(self, text: str) -> bool:
        """Tell at little cost when a search would be in vain."""
        if self.needs and not any(map(text.__contains__, self.needs)):
            return False
        return self.hint is None or self.hint.search(text) is not None


LINK_STARTS = "号码账卡:：=应好大可似写填显记现就是为叫尾后改换变\"“'(（【"
_VERB = r"(?:[:：=]|(?:应该|好像|大概|可能|似乎|写的|填的|显示|记得|现在)?就?[是为]|叫|尾数|后面是|[改换变][成为])"
LINK = rf"(?:号码|号|码|账户|卡)?\s{{0,3}}{_VERB}?\s{{0,3}}[\"“'(（【]?\s{{0,3}}"


def spellings(word: str) -> list[str]:
    """Return the word with its ASCII letters in either case.

    >>> spellings("V信")
    ['V信', 'v信']
    """
    return [
        "".join(letters) for letters in product(*(dict.fromkeys((letter.upper(), letter.lower())) for letter in word))
    ]


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, ASCII letters in either case, the longest first.

    It begins with plain letters in every branch, because then a search can leap from candidate to candidate, and has
    one branch for each of them, because then few are tried.

    >>> one_of(["V信", "账号", "账号簿"])
    '(?:V信|v信|账(?:号簿|号))'
    """
    starts: dict[str, list[str]] = {}
    for spelling in sorted((spelling for word in words for spelling in spellings(word)), key=len, reverse=True):
        starts.setdefault(spelling[0], []).append(re.escape(spelling[1:]))
    branches = (
        re.escape(first) + (rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})")
        for first, rest in sorted(starts.items())
    )
    return f"(?:{'|'.join(branches)})"


def cued(
    gate: Gate, kind: Kind, cues: tuple[str, ...], value: str, refuse: Refusal | None = None, hint: str = ""
) -> Shape:
    """Return the shape of a value that is known by a word before it."""
    pattern = Late(f"{one_of(cues)}{LINK}(?P<value>{value})")
    return Shape(kind, pattern, gate, refuse, cues, hint=Late(hint) if hint else None)


def uncued(kind: Kind, pattern: str, refuse: Refusal | None = None, hint: str = "", gate: int = Gate.LONG) -> Shape:
    """Return the shape of a value that is known by its own form."""
    return Shape(kind, Late(pattern), gate, refuse, hint=Late(hint) if hint else None)
