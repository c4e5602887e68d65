"""Which characters and pairs of characters a text must hold for a step of cleaning to change it; for ``Scanner``."""

import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
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
    letters = _OTHER_THAN_HAN.findall(plane)
    strange_digits = "".join(re.findall(r"[^\D0-9]", plane))
    last_letters = {name[-1] for name in SPEAKERS} | set("AB")
    last_letters |= {letter.lower() for letter in last_letters} | {letter.upper() for letter in last_letters}
    return StepCues(
        wide="".join(letter for letter, may in zip(letters, _may_change_width(letters), strict=True) if may),
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


def _may_change_width(letters: Sequence[str]) -> Iterator[bool]:
    # all at once, with a character of no other meaning between: one by one takes ten times as long
    between = "\U0010ffff"
    plain = unicodedata.normalize("NFKC", between.join(letters)).split(between)
    for letter, kind, after in zip(letters, map(unicodedata.category, letters), plain, strict=True):
        # vowel and final jamo, and every mark, may join what stands before them
        yield letter != after or kind[0] == "M" or "\u1160" <= letter <= "\u11ff"
