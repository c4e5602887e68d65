"""Names in Latin letters: after a title or a word for a person, and common given names wherever they stand."""

import re
from collections.abc import Iterable, Iterator

# titles, and with what they begin; ``masking.starts`` looks for these and for given names
_TITLES = frozenset({"Mr", "Mrs", "Ms", "Miss", "Dr", "MR", "MRS"})
LATIN_TITLES = ("Mr", "Ms", "Mi", "Dr", "MR")
_CAPITALS = re.compile(r"[A-Z][A-Za-z]*\.?(?:[ ·][A-Z][A-Za-z]*\.?){0,4}")
_LABELS = (
    "英文名", "外文名", "护照名", "我叫", "名叫", "名字叫", "姓名", "名字是", "联系人", "机主", "户主", "拼音", "Name",
    "name",
)  # fmt: skip
_PERSONS = (
    "客户", "用户", "外教", "外籍", "人士", "老师", "先生", "女士", "外国人", "留学生", "客人", "我是", "Customer",
    "customer",
)  # fmt: skip
_LONGEST_LABEL = 12


class LatinNames:
    """Finds Mr. Johnson, 英文名David Miller, 外籍客户Anna Schmidt, 客服Amy. ``given`` are common given names."""

    def __init__(self, given: Iterable[str]) -> None:
        self._given = frozenset(given)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the places of names, in order."""
        for found in _CAPITALS.finditer(text):
            start, end = found.span()
            around = text[max(0, start - 1) : start] + text[end : end + 1]
            if any(char.isascii() and char.isalnum() for char in around):
                continue
            words = re.split("[ ·]", found.group())
            first = words[0].rstrip(".")
            if first in _TITLES and len(words) > 1:
                yield start + len(words[0]) + 1, end - text[:end].endswith(".")
            elif len(first) > 1 and self._is_named(text, start, len(words)):
                yield start, end - found.group().endswith(".")
            elif first in self._given:
                yield start, start + len(" ".join(words[:2]).rstrip("."))

    def _is_named(self, text: str, start: int, words: int) -> bool:
        before = text[max(0, start - _LONGEST_LABEL) : start].rstrip(":：, ，")
        return before.endswith(_LABELS) or (words > 1 and before.endswith(_PERSONS))
