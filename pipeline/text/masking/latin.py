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
_WORKERS = ("客服", "员工", "店员", "经理", "师傅", "主管", "同事", "工号")
_CALLINGS = ("先生", "女士", "小姐", "老师", "经理")
# given names that stand in names of products as well (小米 Max 3, Rose Gold): only beside a word for a person
_OF_PRODUCTS = frozenset({"Max", "Rose"})
_LONGEST_LABEL = 12


class LatinNames:
    """Finds Mr. Johnson, 英文名David Miller, 外籍客户Anna Schmidt, 客服Amy, 客户张Amy.

    ``given`` are common given names, ``families`` family names that hardly are words.
    """

    def __init__(self, given: Iterable[str], families: Iterable[str] = ()) -> None:
        self._given, self._families = frozenset(given), frozenset(families)

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
            elif first in self._given and (first not in _OF_PRODUCTS or _is_beside_person(text, start, end)):
                yield self._with_family(text, start), start + len(" ".join(words[:2]).rstrip("."))

    def _with_family(self, text: str, start: int) -> int:
        """Return where the name begins: a family name belongs to it where nothing or a word for a person is before."""
        family = start - 1
        if family < 0 or text[family] not in self._families:
            return start
        alone = family == 0 or not text[family - 1].isalnum()
        return family if alone or _before(text, family).endswith((*_LABELS, *_PERSONS, *_WORKERS)) else start

    def _is_named(self, text: str, start: int, words: int) -> bool:
        before = _before(text, start)
        return before.endswith(_LABELS) or (words > 1 and before.endswith(_PERSONS))


def _is_beside_person(text: str, start: int, end: int) -> bool:
    return _before(text, start).endswith((*_PERSONS, *_WORKERS)) or text.startswith(_CALLINGS, end)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LONGEST_LABEL) : start].rstrip(":：, ，")
