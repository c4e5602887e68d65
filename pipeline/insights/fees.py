"""What a cell says of a change of the monthly fee: -20, 下降20元, 由59元降到39元, 涨15, 无变化 ..."""

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_NUMBER = r"(\d+(?:\.\d+)?)"
_TO = "降|涨|升|变|改|调|转|换|减|增|到|至|为|成|->|-->|→|=>|>"
_PAIR = re.compile(rf"{_NUMBER}元?(?:/月|每月)?[^\d+-]{{0,6}}?(?:{_TO})+[^\d]{{0,4}}?{_NUMBER}")
_DOWN = re.compile("下降|降低|减少|下调|降了|降|减|少|低|省|跌|down|less|fell|lower")
_UP = re.compile("上涨|上升|增加|上调|增长|涨|升|增|加|多|高|up|more|rose|higher")
_SAME = re.compile("不变|无变化|没有变化|没变|未变|持平|一样|same|none|unchanged", re.IGNORECASE)
_SIGNED = re.compile(rf"([+-])?{_NUMBER}")
_MINUS = str.maketrans(dict.fromkeys("−–—﹣", "-"))


def fee_changes(column: pd.Series) -> NDArray[np.float64]:
    """Return the change of every row in yuan; ``nan`` if unknown.

    A fall is negative. A fall without a figure or in percent is ``-inf``, such a rise ``inf``: their direction counts,
    their amount does not. Each distinct cell is read once.

    >>> cells = pd.Series(["-20", "下降15元", "由59元降到39元", "上涨5", "无变化", "降档", "见备注"], dtype="category")
    >>> fee_changes(cells).tolist()
    [-20.0, -15.0, -20.0, 5.0, 0.0, -inf, nan]
    """
    read = np.array([*(read_fee_change(str(cell)) for cell in column.cat.categories), np.nan])
    return read[column.cat.codes.to_numpy()]


def read_fee_change(cell: str) -> float:
    """Read one cell; ``nan`` where it does not say in which direction the fee went."""
    text = unicodedata.normalize("NFKC", cell).translate(_MINUS).replace(",", "").replace(" ", "").lower()
    found = (reading(text) for reading in _READINGS)
    value = next((value for value in found if value is not None), np.nan)
    return float(np.copysign(np.inf, value)) if "%" in text and value else value


def _of_pair(text: str) -> float | None:
    pair = _PAIR.search(text)
    return float(pair[2]) - float(pair[1]) if pair else None


def _of_same(text: str) -> float | None:
    return 0.0 if _SAME.search(text) else None


def _of_words(text: str) -> float | None:
    down, up = (found.start() if (found := words.search(text)) else len(text) for words in (_DOWN, _UP))
    if down == up:
        return None
    # 涨了又降 is a rise: the first word decides
    falls = down < up
    number = _SIGNED.search(text)
    amount = float(number[2]) if number else np.inf
    return -amount if falls else amount


def _of_number(text: str) -> float | None:
    # accountants write a negative amount in brackets
    bare = re.fullmatch(rf"\({_NUMBER}\)", text)
    if bare:
        return -float(bare[1])
    number = re.fullmatch(rf"([+-]?){_NUMBER}(?:元|块|%|yuan|rmb)?(?:/月|每月)?", text.lstrip("¥￥"))
    return float(number[1] + number[2]) if number else None


_READINGS: tuple[Callable[[str], float | None], ...] = (_of_number, _of_same, _of_pair, _of_words)
