"""Invented records in which names are marked, with other names drawn in their place for benchmarks/name_weights.py.

``benchmarks/name_contexts.txt`` holds them, a record a line: five authors (language models) wrote as agents,
technicians and customers do. Whatever is personal is marked ``{kind:value}``, and what only looks so ``{ok:value}``.
"""

import random
import re
from pathlib import Path

from name_texts import Names

from pipeline.text.masking.weights import CALLINGS

_MARK = re.compile(r"\{(\w+):([^{}]*)\}")
_HAN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_FILE = Path(__file__).with_suffix(".txt")


def contexts():
    """Return the records with their marks."""
    return _FILE.read_text(encoding="utf-8").splitlines()


def parsed(record: str):
    """Return a record without its marks, and each of them as kind, start and end.

    >>> parsed("找{name:小何}退{ok:9元}")
    ('找小何退9元', [('name', 1, 3), ('ok', 4, 6)])
    """
    text, marks, done = "", [], 0
    for mark in _MARK.finditer(record):
        text += record[done : mark.start()]
        marks.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        done = mark.end()
    return text + record[done:], marks


class Redrawn:
    """Draws other names of the same form: a calling for a calling, a family name for a family name."""

    def __init__(self, names: Names, numbers: random.Random) -> None:
        self._names = names
        self._random = numbers

    def text(self, record: str):
        """Return the text of a record with other names, and their places."""
        chosen: dict[str, str] = {}
        text, places, done = "", [], 0
        for mark in _MARK.finditer(record):
            text += record[done : mark.start()]
            value = mark[2]
            if mark[1] == "name":
                value = chosen.setdefault(value, self._like(value))
                places.append((len(text), len(text) + len(value)))
            text += value
            done = mark.end()
        return text + record[done:], places

    def _like(self, name: str) -> str:
        names = self._names
        if len(name) == 1:
            return names.family()
        if not _HAN_NAME.fullmatch(name):
            return name
        if name[0] in CALLINGS and len(name) == 2:
            return name[0] + (names.family() if self._random.random() < 0.6 else names.given(1))
        if name == name[0] * 2:
            return names.given(1) * 2
        if name[1] == "老" and len(name) == 3:
            return names.family() + name[1:]
        if names.is_compound(name[:2]):
            return names.compound() + (names.given() if len(name) > 2 else "")
        return names.full() if names.is_family(name[0]) else names.given(2)
