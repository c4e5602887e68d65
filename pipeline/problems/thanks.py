"""Praise: texts that thank and ask for nothing. A classifier goes by what they speak of; the words of thanks decide."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.resources import data_file


def are_thanks(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each text is praise: it holds words of thanks and none of a demand (``data/thanks.toml``).

    >>> are_thanks(["师傅上门很快,想给他写封感谢信", "对结果不满意,要求写感谢信的人回电", "宽带断了,谢谢"]).tolist()
    [True, False, False]
    """
    thanks, demands = _patterns()
    return np.array([thanks.search(text) is not None and demands.search(text) is None for text in texts], bool)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    with data_file("thanks.toml").open("rb") as file:
        words = tomllib.load(file)
    thanks, demands = ("|".join(map(re.escape, words[key])) for key in ("thanks", "demands"))
    return re.compile(thanks), re.compile(demands)
