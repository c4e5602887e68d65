"""The words of jieba's own dictionary in a text, and which of them its tags call names of people, places or firms."""

from functools import cache, cached_property
from typing import Protocol

from pipeline.native import compiled
from pipeline.text.cutting.compiled import shipped_dictionary
from pipeline.text.cutting.jieba_dictionary import FOREIGN_CHARACTER, build_dictionary, word_list


class TaggedWords(Protocol):
    """jieba's dictionary without user words and without its hidden Markov model."""

    def cut(self, text: str, /) -> list[str]:
        """Return the words in a text and what is between them; their lengths add up to that of the text."""

    def frequency(self, word: str, absent: int, /) -> int:
        """Return how often jieba counts a word, ``absent`` for what is none."""
        ...

    def is_person(self, text: str, /) -> bool:
        """Tell whether jieba tags the first token of a text as a name of people: ``nr`` and what begins so."""

    def is_place(self, text: str, /) -> bool:
        """Tell whether jieba tags the first token of a text as a name of a place or a firm: ``ns``, ``nt``."""


@cache
def tagged_words() -> TaggedWords:
    """Return the dictionary, loaded at the first call."""
    native = compiled("cutting")
    return _RjiebaWords() if native is None else shipped_dictionary(native)


class _RjiebaWords:
    """The twin of the compiled dictionary."""

    def __init__(self) -> None:
        self._engine = build_dictionary(())

    def cut(self, text: str, /) -> list[str]:
        words: list[str] = []
        for place, piece in enumerate(FOREIGN_CHARACTER.split(text)):
            words += [piece] if place % 2 else self._engine.cut(piece, False)
        return words

    def frequency(self, word: str, absent: int, /) -> int:
        return self._frequencies.get(word, absent)

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        fields = word_list().decode("utf-8").split()
        return dict(zip(fields[0::3], map(int, fields[1::3]), strict=True))

    def is_person(self, text: str, /) -> bool:
        return self._tag(text).startswith("nr")

    def is_place(self, text: str, /) -> bool:
        return self._tag(text) in {"ns", "nt"}

    def _tag(self, text: str) -> str:
        known = FOREIGN_CHARACTER.split(text, maxsplit=1)[0]
        if not known:
            return ""
        word, tag = self._engine.tag(known, False)[0]
        # rjieba has tags for single characters that are no words, too
        return str(tag) if self._engine.has_word(word) else ""
