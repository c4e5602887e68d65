"""Whether a complaint was solved, as the cell says it: lenient (partly solved counts) and strict."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.shares import Share, share


class Solved(IntEnum):
    """What a cell says; ``UNKNOWN`` counts nowhere."""

    UNKNOWN = -1
    UNSOLVED = 0
    PARTLY = 1
    SOLVED = 2


# looked for in this order: 未完全解决 is partly solved, 未解决 is not solved, 已解决 is
_PARTLY = re.compile("部分|未完全|没有完全|没完全|未彻底|未全部|暂时|临时|partly|partial")
_UNSOLVED = re.compile("未|没|不|无法|否|unsolved|unresolved|^(no|n|false)$|待|处理中")
_SOLVED = re.compile("解决|已处理|处理完成|恢复|是|solved|resolved|^(yes|y|true)$|办结")


@dataclass(frozen=True, slots=True)
class SolvedShares:
    """Both readings.

    ``lenient``: solved and partly solved; ``strict``: solved outright (真正解决); of the complaints whose cell says
    it. ``unknown`` are the others.
    """

    lenient: Share
    strict: Share
    unknown: int


def solved_of(cells: pd.Series) -> NDArray[np.int8]:
    """Return a :class:`Solved` per row of a categorical column; codes (0, 1) are not guessed at.

    >>> [Solved(one).name for one in solved_of(pd.Series(["已解决", "部分解决", "未解决", "1"], dtype="category"))]
    ['SOLVED', 'PARTLY', 'UNSOLVED', 'UNKNOWN']
    """
    read = np.array([*(_read(str(cell)) for cell in cells.cat.categories), Solved.UNKNOWN], dtype=np.int8)
    return read[cells.cat.codes.to_numpy()]


def solved_shares(solved: NDArray[np.int8]) -> SolvedShares:
    """Count what :func:`solved_of` says."""
    known = int((solved >= 0).sum())
    strict = int((solved == Solved.SOLVED).sum())
    return SolvedShares(
        share(strict + int((solved == Solved.PARTLY).sum()), known), share(strict, known), len(solved) - known
    )


def _read(cell: str) -> Solved:
    plain = unicodedata.normalize("NFKC", cell).strip().casefold()
    if not plain:
        return Solved.UNKNOWN
    if _PARTLY.search(plain):
        return Solved.PARTLY
    if _UNSOLVED.search(plain):
        return Solved.UNSOLVED
    return Solved.SOLVED if _SOLVED.search(plain) else Solved.UNKNOWN
