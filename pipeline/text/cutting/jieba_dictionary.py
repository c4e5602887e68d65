"""jieba's dictionary with user words in it, inside ``rjieba``, counted exactly as jieba 0.42.1 counts.

``rjieba`` holds jieba's words but keeps another total (it subtracts the old frequency of a word that is given anew,
jieba does not), suggests frequencies in another arithmetic and cannot take words out. So frequencies are computed here
in jieba's arithmetic, the missing part of the total is put under a word that no text can match, and a dictionary
without the words taken out is filled anew. jieba's own code is never loaded, only its word list, and only if needed.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from pipeline.text.cutting.user_dictionary import UserWord

# The stretches in which jieba looks words up; every other character is a token by itself.
LOOKED_UP = r"\u4e00-\u9fd5a-zA-Z0-9+#&._%\-"
# Han to rjieba but not to jieba, and the surrogates, which have no UTF-8
FOREIGN = r"\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ud800-\udfff"
FOREIGN_CHARACTER = re.compile(f"([{FOREIGN}])")

_FINDABLE = re.compile(f"[{LOOKED_UP}]+")
# rjieba refuses lone surrogates
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST_SHIPPED = 16
# so many words are found sooner by a search than by parting all lines
_FEW = 20
_JIEBA_TOTAL = 60_101_967
# jieba counts the doubled line "B超 3 n" of its word list twice, rjieba once
_UNCOUNTED = 3
# never inside a looked-up stretch, so this word can only add to the total
_BALLAST = "\x00"


def build_dictionary(words: Sequence[UserWord]) -> Any:
    """Return an own ``rjieba.Jieba`` with the words, frequencies and total jieba has after loading ``words``."""
    dictionary = _GrowingDictionary(words)
    for word in words:
        dictionary.add(word)
    return dictionary.engine()


class _GrowingDictionary:
    """The state of jieba's dictionary while user words are added one by one: each changes the next one's frequency."""

    def __init__(self, words: Sequence[UserWord]) -> None:
        self._engine = rjieba_class()()
        self._shipped = self._frequencies_of(_touched(words, self._engine))
        self._given: dict[str, int] = {}
        self._total = _JIEBA_TOTAL
        self._uncounted = _UNCOUNTED
        self._stale = False

    def add(self, word: UserWord) -> None:
        """Add a word as ``jieba.Tokenizer.add_word`` does."""
        name = word.word
        frequency = self._suggested(name) if word.frequency is None else word.frequency
        replaced = self._given.get(name, self._shipped.get(name, 0))
        self._given[name] = frequency
        self._total += frequency
        if not _FINDABLE.fullmatch(name):
            self._uncounted += frequency
        elif frequency:
            self._uncounted += replaced
            self._engine.add_word(name, frequency, None)
        elif replaced:
            self._uncounted += replaced
            self._stale = True

    def engine(self) -> Any:
        """Return the ``rjieba.Jieba`` that now cuts as jieba would."""
        if self._stale:
            self._engine = self._without_removed()
            self._stale = False
        self._engine.add_word(_BALLAST, self._uncounted, None)
        return self._engine

    def _without_removed(self) -> Any:
        engine = rjieba_class().empty()
        for encoded, digits in self._shipped_lines():
            word = encoded.decode()
            if word not in self._given:
                engine.add_word(word, int(digits), None)
        for word, frequency in self._given.items():
            if frequency and _FINDABLE.fullmatch(word):
                engine.add_word(word, frequency, None)
        return engine

    def _suggested(self, word: str) -> int:
        """Compute what ``jieba.Tokenizer.suggest_freq(word)`` returns, in the same order of operations."""
        segments = self._segments(word)
        absent = 0 if len(segments) == 1 and self._begins_a_word(word) else 1
        share = 1.0
        for segment in segments:
            share *= self._frequency(segment, absent) / float(self._total)
        return max(int(share * self._total) + 1, self._frequency(word, absent))

    def _segments(self, word: str) -> list[str]:
        engine = self.engine()
        segments: list[str] = []
        for piece in re.findall(rf"[{LOOKED_UP}]+|[^{LOOKED_UP}]", word):
            segments += engine.cut(piece, False) if _FINDABLE.match(piece) else [piece]
        return segments

    def _frequency(self, word: str, absent: int) -> int:
        return self._given.get(word, self._shipped.get(word, absent))

    def _begins_a_word(self, part: str) -> bool:
        """Tell whether jieba holds ``part`` as the beginning of a word, which it then counts as 0 instead of 1."""
        return any(word.startswith(part) for word in self._given) or (
            f"\n{part}".encode("utf-8", "surrogatepass") in self._word_list
        )

    def _frequencies_of(self, touched: set[str]) -> dict[str, int]:
        if not touched:
            return {}
        encoded = {word.encode() for word in touched}
        # only these are decoded: it is most of the time that user words cost
        if len(encoded) > _FEW:
            return {word.decode(): int(digits) for word, digits in self._shipped_lines() if word in encoded}
        line = re.compile(b"\n(%s) (\\d+) " % b"|".join(map(re.escape, encoded)))
        return {found[1].decode(): int(found[2]) for found in line.finditer(self._word_list)}

    def _shipped_lines(self) -> Iterator[tuple[bytes, bytes]]:
        fields = self._word_list.split()
        return zip(fields[0::3], fields[1::3], strict=True)

    @cached_property
    def _word_list(self) -> bytes:
        """The word list of jieba, each line after a line break."""
        return b"\n" + word_list()


def word_list() -> bytes:
    """Return the word list of jieba: lines ``word frequency tag`` in UTF-8."""
    package = find_spec("jieba")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("jieba is not installed; its word list is needed", name="jieba")
    return Path(package.submodule_search_locations[0], "dict.txt").read_bytes()


def rjieba_class() -> Any:
    """Return ``rjieba.Jieba`` without filling the global dictionary that ``import rjieba`` fills (0.1 s, 25 MB)."""
    package = find_spec("rjieba")
    if "rjieba" not in sys.modules and package is not None:
        spec = PathFinder.find_spec("rjieba.rjieba", package.submodule_search_locations)
        if spec is not None and spec.loader is not None:
            extension = module_from_spec(spec)
            spec.loader.exec_module(extension)
            return extension.Jieba
    from rjieba import Jieba

    return Jieba


def _touched(words: Iterable[UserWord], engine: Any) -> set[str]:
    """Return the words of jieba whose frequencies play a part when ``words`` are added."""
    return {part for word in words for part in _parts(word) if not _SURROGATE.search(part) and engine.has_word(part)}


def _parts(word: UserWord) -> Iterator[str]:
    yield word.word
    if word.frequency is None:
        for start in range(len(word.word)):
            yield from (word.word[start : start + length] for length in range(1, _LONGEST_SHIPPED + 1))
