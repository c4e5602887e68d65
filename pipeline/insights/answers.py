"""What the cells of a satisfaction column mean: satisfied, not satisfied, refused, no answer. One map, open to change.

Operators count differently: one takes the upper two of five words over all answers, one the first of three codes, one
has codes that say whether the customer was asked at all. Words are clear by themselves; codes are only read by a scheme
that somebody chose, never by guessing. The map is ``data/satisfaction.toml``.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.resources import data_file


class Answer(StrEnum):
    """What an answer counts as; only the first three are answers."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    UNKNOWN = "unknown"  # a cell that no map has; it is listed, and counts nowhere


ORDER = tuple(Answer)


@dataclass(frozen=True, slots=True)
class AnswerMap:
    """Which cells count as what; every list adds to the usual words and wins over them.

    ``scheme`` says how bare codes are read: ``words`` (not at all), ``first_of_three`` (1 of 1 to 3 is satisfied),
    ``asked_and_answered`` (0 and 1 no answer, 2 satisfied, 3 not), ``five_points`` (4 and 5), ``ten_points`` (8 to 10).
    ``ValueError`` for a scheme nobody knows and for a cell in two lists.
    """

    satisfied: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    dissatisfied: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    scheme: str = "words"

    def __post_init__(self) -> None:
        if self.scheme not in _table().schemes:
            raise ValueError(f"no scheme {self.scheme!r}; there are {', '.join(_table().schemes)}")
        own = [key(word) for kind in ORDER[:-1] for word in getattr(self, kind.value)]
        twice = sorted({word for word in own if own.count(word) > 1})
        if twice:
            raise ValueError(f"these answers are in two lists: {', '.join(twice)}")

    def meaning(self, cell: str) -> Answer:
        """Return what a cell counts as; an empty one is unanswered.

        >>> AnswerMap().meaning(" 非常满意"), AnswerMap(satisfied=("一般",)).meaning("一般"), AnswerMap().meaning("1")
        (<Answer.SATISFIED: 'satisfied'>, <Answer.SATISFIED: 'satisfied'>, <Answer.UNKNOWN: 'unknown'>)
        """
        plain = key(cell)
        if not plain:
            return Answer.UNANSWERED
        for kind in ORDER[:-1]:
            if plain in map(key, getattr(self, kind.value)):
                return kind
        code = plain.removesuffix("分").removesuffix(".0")
        return _table().schemes[self.scheme].get(code) or _table().words.get(plain, Answer.UNKNOWN)


def read_answers(cells: pd.Series, answers: AnswerMap) -> NDArray[np.int8]:
    """Return the place in :data:`ORDER` of what each cell of a categorical column counts as."""
    meanings = _places(cells.cat.categories, answers)
    found: NDArray[np.int8] = np.append(meanings, ORDER.index(Answer.UNANSWERED)).astype(np.int8)[cells.cat.codes]
    return found


def key(cell: str) -> str:
    """Return a cell as it is compared: NFKC, lower case, without space around."""
    return unicodedata.normalize("NFKC", str(cell)).strip().casefold()


def _places(cells: Iterable[str], answers: AnswerMap) -> list[int]:
    return [ORDER.index(answers.meaning(cell)) for cell in cells]


@dataclass(frozen=True, slots=True)
class _Table:
    words: Mapping[str, Answer]
    schemes: Mapping[str, Mapping[str, Answer]]


@cache
def _table() -> _Table:
    found = tomllib.loads(data_file("satisfaction.toml").read_text(encoding="utf-8"))

    def flat(lists: Mapping[str, list[str]]) -> dict[str, Answer]:
        return {key(cell): Answer(kind) for kind, cells in lists.items() for cell in cells}

    return _Table(flat(found["words"]), {name: flat(lists) for name, lists in found["schemes"].items()})
