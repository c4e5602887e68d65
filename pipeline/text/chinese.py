"""Whether texts are Chinese at all."""

import re
from collections.abc import Iterable

_HAN = re.compile("[\u3400-\u9fff]")


def lack_chinese(texts: Iterable[str]) -> list[bool]:
    """Tell of each text whether it holds no Chinese character.

    >>> lack_chinese(["hello 5G", "5G 慢", ""])
    [True, False, True]
    """
    search = _HAN.search
    return [search(text) is None for text in texts]
