"""Numbers and reasons of many predictions as cells."""

from collections.abc import Sequence
from functools import cache
from itertools import chain

from pipeline.native import compiled


def rounded(values: Sequence[float | None]) -> list[float | None]:
    """Return numbers to four digits after the point; ``None`` stays.

    >>> rounded([0.98765432, None])
    [0.9877, None]
    """
    native = compiled("cells")
    if native is None:
        return [None if value is None else round(value, 4) for value in values]
    found: list[float | None] = native.rounded(values)
    return found


def reason_cells(reasons: Sequence[Sequence[tuple[str, float]]]) -> list[str]:
    """Return each row's words with their shares as one text.

    >>> reason_cells([(("宽带", 0.5), ("慢", 0.125)), ()])
    ['宽带(0.50) 慢(0.12)', '']
    """
    native = compiled("cells")
    if native is None:
        # the quickest way to write so many words and numbers
        return [_form(len(words)) % tuple(chain.from_iterable(words)) for words in reasons]
    found: list[str] = native.reason_cells(reasons)
    return found


@cache
def _form(words: int) -> str:
    return " ".join(["%s(%.2f)"] * words)
