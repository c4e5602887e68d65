"""Which characters and pairs of characters a text must hold for a step of cleaning to change it; for ``Scanner``."""

import re
import string
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.text.cleaning_steps import BREAKS, INVISIBLE, PUNCTUATION, READING_STARTS, SPEAKERS
from pipeline.text.scanning import WHITE_SPACE, basic_plane, pairs_of

# plain Han, Hangul and private characters, the bulk of the plane, are what they are
_OTHER_THAN_HAN = re.compile(r"[^\u3400-\u9fff\uac00-\uf8ff]")


@dataclass(frozen=True, slots=True)
class StepCues:
    """Characters (``str``) and words (tuples) by what they tell."""

    wide: str
    """NFKC may change them or join them with a neighbour."""
    unseen: str
    strange_digits: str
    strange_spaces: str
    """White space other than the blank and what ``narrow_marks`` makes one."""
    marks: str
    """Two of them in a row become one."""
    letters: str
    """Four of them in a row become three."""
    entities: tuple[str, ...]
    readings: tuple[str, ...]
    speakers: tuple[str, ...]


@cache
def step_cues() -> StepCues:
    """Return the cues, worked out once from Unicode's tables and the patterns of the steps."""
    plane = basic_plane()
    strange_digits = "".join(re.findall(r"[^\D0-9]", plane))
    last_letters = {name[-1] for name in SPEAKERS} | set("AB")
    last_letters |= {letter.lower() for letter in last_letters} | {letter.upper() for letter in last_letters}
    return StepCues(
        wide="".join(filter(_may_change_width, _OTHER_THAN_HAN.findall(plane))),
        unseen="".join(INVISIBLE.findall(plane)),
        strange_digits=strange_digits,
        strange_spaces=WHITE_SPACE.translate({ord(usual): None for usual in " \n\r\t"}),
        marks="".join(re.findall(r"(?:[^\w\[\]() \n]|_)+", plane)),
        letters="".join(re.findall(r"[^\W\d_]+", plane)),
        entities=tuple(pairs_of("&", string.ascii_letters + "#")),
        readings=tuple(pairs_of("(", string.ascii_lowercase + READING_STARTS)),
        speakers=("[S", "[s", *pairs_of(last_letters, string.digits + " :")),
    )


@cache
def narrow_table() -> NDArray[np.uint32]:
    """Return for each character of the basic plane what ``narrow_marks`` makes of it, 0 where it stays."""
    table = np.zeros(0x10000, dtype=np.uint32)
    for wide, plain in (*PUNCTUATION, *BREAKS):
        table[ord(wide)] = ord(plain[0])
    return table


def _may_change_width(letter: str) -> bool:
    # vowel and final jamo, and every mark, may join what stands before them
    joins = "\u1160" <= letter <= "\u11ff" or unicodedata.category(letter)[0] == "M"
    return joins or not unicodedata.is_normalized("NFKC", letter)
