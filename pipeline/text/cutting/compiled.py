"""Cutting with the compiled loops of ``pipeline.native.cutting``, which know jieba's dictionary, route and model."""

from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pipeline.text.cutting.finalseg import emission_weights
from pipeline.text.cutting.jieba_dictionary import word_list
from pipeline.text.cutting.user_dictionary import UserWord

if TYPE_CHECKING:
    from pipeline.text.segmentation import Segmentation


@cache
def shipped_dictionary(native: ModuleType) -> Any:
    """Return a ``Dictionary`` of jieba's own words, one for all who do not change it."""
    return native.Dictionary(word_list())


class CompiledSegmenter:
    """jieba's dictionary with user words in it; ``native`` is the compiled module."""

    def __init__(self, native: ModuleType, words: Sequence[UserWord]) -> None:
        dictionary = shipped_dictionary(native).copy() if words else shipped_dictionary(native)
        for word in words:
            frequency = _suggested(dictionary, word.word) if word.frequency is None else word.frequency
            dictionary.add_word(word.word, frequency)
        self._cutter = native.Cutter(
            dictionary, emission_weights(), [word.word for word in words if word.frequency == 0]
        )

    def cut(self, text: str) -> list[str]:
        """Return jieba's tokens of ``text``."""
        tokens: list[str] = self._cutter.cut(text)
        return tokens

    def cut_many(self, texts: Iterable[str]) -> list[list[str]]:
        """Return the tokens of each text."""
        return list(map(self._cutter.cut, texts))

    def segment(self, texts: Sequence[str]) -> "Segmentation":
        """Find jieba's tokens in each text; loads numpy."""
        import numpy as np

        from pipeline.text.segmentation import Segmentation, lengths_of

        joined = "".join(texts)
        # as many as there could be; memory that is not written to costs nothing
        lengths = np.empty(len(joined), np.int64)
        counts = np.empty(len(texts), np.int64)
        number = self._cutter.segment(joined, lengths_of(texts), lengths, counts)
        return Segmentation(joined, lengths[:number], counts)


def _suggested(dictionary: Any, word: str) -> int:
    """Compute what ``jieba.Tokenizer.suggest_freq(word)`` returns, in the same order of operations."""
    total = dictionary.total
    share = 1.0
    for segment in dictionary.cut(word):
        share *= dictionary.frequency(segment, 1) / float(total)
    frequency: int = max(int(share * total) + 1, dictionary.frequency(word, 1))
    return frequency
