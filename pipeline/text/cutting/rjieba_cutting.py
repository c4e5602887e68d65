"""Cutting without the compiled loops: the tokens of jieba 0.42.1, most of them from ``rjieba``.

``rjieba`` (Rust) finds the same dictionary words as jieba in every stretch of U+4E00-U+9FD5, ASCII letters, digits and
``+#&._%-``. Four things are done around it:

- To jieba any other character is a token; rjieba looks further Han characters up and refuses lone surrogates. The text
  is cut apart at these before.
- Runs of single characters go to jieba's hidden Markov model (``cutting.finalseg``), not to rjieba's, whose weights are
  rounded and which keeps ASCII runs as ``2020-01-02`` whole. Runs come again and again: their words are remembered.
- Lists of texts are cut together (``cutting.joint``), which takes a third of the time.
- User words are counted in jieba's arithmetic (``jieba_dictionary``).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.text.cutting.finalseg import Finalseg, Runs
from pipeline.text.cutting.jieba_dictionary import FOREIGN, FOREIGN_CHARACTER, build_dictionary
from pipeline.text.cutting.user_dictionary import UserWord

if TYPE_CHECKING:
    from pipeline.text.cutting.joint import JointCutter
    from pipeline.text.segmentation import Segmentation

_SIGN = r"+#&._%\-"
# a sign beside a letter, digit or other sign: jieba may join them
_JOINED_SIGN = re.compile(rf"[{_SIGN}](?:(?=[a-zA-Z0-9{_SIGN}])|(?<=[a-zA-Z0-9][{_SIGN}]))")
_SPECIAL = re.compile(rf"[{FOREIGN}{_SIGN}](?:(?<=[{FOREIGN}])|(?=[a-zA-Z0-9{_SIGN}])|(?<=[a-zA-Z0-9][{_SIGN}]))")
_RUN = re.compile(rf"([\u4e00-\u9fd5a-zA-Z0-9{_SIGN}]{{2,}})")
# a surrogate, so it stands in no text that reaches rjieba
_SEPARATOR = "\ud800"


class RjiebaSegmenter:
    """The twin of ``CompiledSegmenter``: the loaded dictionary and the runs met so far."""

    def __init__(self, words: Sequence[UserWord]) -> None:
        dictionary = build_dictionary(words)
        self._dictionary_cut: Callable[[str, bool], list[str]] = dictionary.cut
        finalseg = Finalseg(frozenset(word.word for word in words if word.frequency == 0))
        self._runs = Runs(dictionary.has_word, finalseg)
        self._latin_words = _latin_words(words, dictionary.has_word)
        self._separated_run = _separated_run(self._latin_words)

    def cut(self, text: str) -> list[str]:
        """Return jieba's tokens of ``text``."""
        if _SPECIAL.search(text) is None:
            return self._with_runs(self._dictionary_cut(text, False))
        tokens: list[str] = []
        for place, piece in enumerate(FOREIGN_CHARACTER.split(text)):
            tokens += [piece] if place % 2 else self._cut_native(piece)
        return tokens

    def cut_many(self, texts: Iterable[str]) -> list[list[str]]:
        """Return the tokens of each text."""
        return self.segment(list(texts)).tokens

    def segment(self, texts: Sequence[str]) -> "Segmentation":
        """Find jieba's tokens in each text."""
        return self._joint_cutter.segment(texts)

    @cached_property
    def _joint_cutter(self) -> "JointCutter":
        """What cuts many texts at once, with the same dictionary and runs."""
        from pipeline.text.cutting.joint import JointCutter

        return JointCutter(self._dictionary_cut, self.cut, self._runs, self._latin_words)

    def _cut_native(self, text: str) -> list[str]:
        tokens = self._dictionary_cut(text, False)
        return self._with_joined_signs(tokens) if _JOINED_SIGN.search(text) else self._with_runs(tokens)

    def _with_runs(self, tokens: list[str]) -> list[str]:
        """Join runs of single characters where no sign joins letters and digits."""
        # one character a token, so that places in it are places among the tokens
        outline = _RUN.split("".join([token if len(token) == 1 else _SEPARATOR for token in tokens]))
        if len(outline) == 1:
            return tokens
        runs = self._runs
        joined: list[str] = []
        place = done = 0
        for index in range(1, len(outline), 2):
            run = outline[index]
            words = runs[run]
            start = place + len(outline[index - 1])
            place = start + len(run)
            if words is None:
                if any(map(_is_latin, (*tokens[max(start - 1, 0) : start], *tokens[place : place + 1]))):
                    return self._with_joined_signs(tokens)
            elif words:
                joined += tokens[done:start]
                joined += words
                done = place
        return joined + tokens[done:] if done else tokens

    def _with_joined_signs(self, tokens: list[str]) -> list[str]:
        """Join runs also where ASCII letters and digits, which the dictionary's cut has joined, are part of them."""
        if not tokens:
            return []
        text = f"{_SEPARATOR}{_SEPARATOR.join(tokens)}{_SEPARATOR}"
        return self._separated_run.sub(self._joined_run, text)[1:-1].split(_SEPARATOR)

    def _joined_run(self, match: re.Match[str]) -> str:
        characters = match[0].replace(_SEPARATOR, "")
        words = self._runs[characters]
        return _SEPARATOR + _SEPARATOR.join(words or characters)


def _is_latin(token: str) -> bool:
    return token.isascii() and token.isalnum()


def _latin_words(words: Sequence[UserWord], has_word: Callable[[str], bool]) -> frozenset[str]:
    """Return the user words of ASCII letters and digits; jieba's own words hold none."""
    return frozenset(word.word for word in words if re.fullmatch("[a-zA-Z0-9]{2,}", word.word) and has_word(word.word))


def _separated_run(latin: frozenset[str]) -> re.Pattern[str]:
    """Match two or more tokens that to jieba are single characters, each after a separator.

    User words of ASCII letters and digits look like single ones that were joined, and are told apart by name.
    """
    no_word = f"(?!(?:{'|'.join(sorted(latin))}){_SEPARATOR})" if latin else ""
    single = rf"{_SEPARATOR}(?:[\u4e00-\u9fd5+#&._%\-]|{no_word}[a-zA-Z0-9]+)(?={_SEPARATOR})"
    return re.compile(f"(?:{single}){{2,}}")
