"""Cutting many texts at once: the tokens ``tokenising`` finds in single texts, in half the time.

Some hundred texts go through ``rjieba`` as one; where runs of single characters lie among its tokens, and where a text
ends, is found with numpy; and new runs are solved together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING

from pipeline.text.finalseg_route import Runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# a token by itself to jieba and rjieba, and beside it nothing is cut otherwise
_BETWEEN_TEXTS = "\x00"
# enough to make the fixed cost of each step of numpy small, and no more in memory than a portion needs
_CHARACTERS_AT_ONCE = 100_000
# longer runs of single characters are solved alone
_LONGEST_TOGETHER = 40
# what a character is to jieba; 0 for all that is a token by itself
_HAN, _LATIN, _SIGN, _FOREIGN = 1, 2, 3, 4
_KINDS = (
    (_HAN, 0x4E00, 0x9FD5),
    (_LATIN, ord("a"), ord("z")),
    (_LATIN, ord("A"), ord("Z")),
    (_LATIN, ord("0"), ord("9")),
    *((_SIGN, ord(sign), ord(sign)) for sign in "+#&._%-"),
    # Han to rjieba but not to jieba, and the surrogates, which rjieba refuses
    (_FOREIGN, 0x3400, 0x4DBF),
    (_FOREIGN, 0x9FD6, 0x9FFF),
    (_FOREIGN, 0xD800, 0xDFFF),
    (_FOREIGN, 0xF900, 0xFAFF),
    (_FOREIGN, 0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class _Outline:
    """The tokens of a portion: its text, the tokens, where each starts and stops in the text, kinds of first letters.

    ``codes`` are the code points of the text.
    """

    text: str
    codes: "NDArray[np.uint32]"
    tokens: list[str]
    starts: "NDArray[np.int64]"
    stops: "NDArray[np.int64]"
    kinds: "NDArray[np.uint8]"

    def runs(self, firsts: "NDArray[np.int64]", ends: "NDArray[np.int64]") -> list[str]:
        """Return the texts from the ``firsts`` up to the tokens before ``ends``."""
        starts, stops = self.starts[firsts].tolist(), self.stops[ends - 1].tolist()
        return [self.text[start:stop] for start, stop in zip(starts, stops, strict=True)]

    def neighbours(self, first: int, end: int) -> list[str]:
        """Return the tokens before and after a run."""
        return [*self.tokens[max(first - 1, 0) : first], *self.tokens[end : end + 1]]


@dataclass(frozen=True)
class JointCutter:
    """Cuts lists of texts: ``cut_words`` finds the dictionary's words, ``cut_alone`` serves texts with odd characters.

    ``latin_words`` are the user words of ASCII letters and digits: all other such tokens are single characters to
    jieba, which rjieba has joined.
    """

    cut_words: Callable[[str, bool], list[str]]
    cut_alone: Callable[[str], list[str]]
    runs: Runs
    latin_words: frozenset[str]

    def cut_many(self, texts: Sequence[str]) -> list[list[str]]:
        """Return jieba's tokens of each text."""
        tokens: list[list[str]] = []
        for portion in _portions(texts):
            tokens += self._cut_together(portion)
        return tokens

    def _cut_together(self, texts: list[str]) -> list[list[str]]:
        import numpy as np

        joined = _BETWEEN_TEXTS.join(texts)
        codes = _codes(joined)
        kinds = self._kinds[codes]
        if kinds.max(initial=0) == _FOREIGN:
            return self._cut_with_foreign(texts)
        tokens = self.cut_words(joined, False)
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        stops = lengths.cumsum()
        starts = stops - lengths
        text_stops = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum() + np.arange(len(texts))
        ends = stops.searchsorted(text_stops, "right")
        begins_word = self._join_runs(_Outline(joined, codes, tokens, starts, stops, kinds[starts]))
        tokens = list(compress(tokens, begins_word.tobytes()))
        bounds = np.concatenate(([0], begins_word.cumsum()))[ends].tolist()
        return [tokens[begin:end] for begin, end in zip([0, *[end + 1 for end in bounds]], bounds, strict=False)]

    def _cut_with_foreign(self, texts: list[str]) -> list[list[str]]:
        foreign = [bool(self._kinds[_codes(text)].max(initial=0) == _FOREIGN) for text in texts]
        together = self._cut_together(["" if odd else text for text, odd in zip(texts, foreign, strict=True)])
        return [
            self.cut_alone(text) if odd else tokens for text, odd, tokens in zip(texts, foreign, together, strict=True)
        ]

    def _join_runs(self, outline: _Outline) -> "NDArray[np.bool_]":
        """Put the words of runs in the place of the first of their tokens; tell which tokens now begin a word."""
        import numpy as np

        firsts, ends = self._run_places(outline)
        odd = np.concatenate(([0], (outline.kinds != _HAN).cumsum()))
        alone = (odd[ends] > odd[firsts]) | (ends - firsts > _LONGEST_TOGETHER)
        begins_word = self._join_han(outline, firsts[~alone], ends[~alone])
        firsts, ends = firsts[alone], ends[alone]
        for run, first, end in zip(outline.runs(firsts, ends), firsts.tolist(), ends.tolist(), strict=True):
            words: Sequence[str] | None = self.runs[run]
            if words is None:
                words = self._words_of_rare_word(run, outline.neighbours(first, end))
            if words:
                outline.tokens[first : first + len(words)] = words
                begins_word[first + len(words) : end] = False
        return begins_word

    def _join_han(
        self, outline: _Outline, firsts: "NDArray[np.int64]", ends: "NDArray[np.int64]"
    ) -> "NDArray[np.bool_]":
        import numpy as np

        lengths = ends - firsts
        offsets = lengths.cumsum() - lengths
        places = np.repeat(firsts - offsets, lengths) + np.arange(lengths.sum())
        ends_word = np.ones(len(outline.tokens) + 1, bool)
        ends_word[places] = self.runs.finalseg.word_ends(
            outline.codes[outline.starts[places]].astype(np.int64), lengths
        )
        whole = np.logical_and.reduceat(ends_word[places], offsets) if len(places) else np.ones(0, bool)
        self._leave_rare_words(outline, ends_word, firsts[~whole], ends[~whole])
        begins_word = np.concatenate(([True], ends_word[:-2]))[: len(outline.tokens)]
        return self._write_words(outline, begins_word, ends_word[:-1])

    def _leave_rare_words(
        self,
        outline: _Outline,
        ends_word: "NDArray[np.bool_]",
        firsts: "NDArray[np.int64]",
        ends: "NDArray[np.int64]",
    ) -> None:
        """Keep runs apart that are words of the dictionary, too rare to have been chosen; so does jieba."""
        runs = outline.runs(firsts, ends)
        rare = set(filter(self.runs.has_word, set(runs)))
        if not rare:
            return
        for run, first, end in zip(runs, firsts.tolist(), ends.tolist(), strict=True):
            if run in rare and not any(map(self._is_joined_latin, outline.neighbours(first, end))):
                ends_word[first:end] = True

    def _write_words(
        self, outline: _Outline, begins_word: "NDArray[np.bool_]", ends_word: "NDArray[np.bool_]"
    ) -> "NDArray[np.bool_]":
        """Put each word of several tokens in the place of its first token, except those forced apart."""
        import numpy as np

        tokens, forced_apart = outline.tokens, self.runs.finalseg.forced_apart
        firsts = np.flatnonzero(begins_word & ~ends_word)
        ends = np.flatnonzero(ends_word & ~begins_word) + 1
        for first, word in zip(firsts.tolist(), outline.runs(firsts, ends), strict=True):
            if word in forced_apart:
                begins_word[first : first + len(word)] = True
            else:
                tokens[first] = word
        return begins_word

    def _run_places(self, outline: _Outline) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return the first token of each run of two and more and the one after its last.

        Letters and digits that rjieba joined are part of a run where a sign beside them may join them with others.
        """
        import numpy as np

        tokens, kinds = outline.tokens, outline.kinds
        lengths = outline.stops - outline.starts
        single = (lengths == 1) & (kinds > 0)
        sign = single & (kinds == _SIGN)
        beside_sign = np.zeros(len(tokens), bool)
        beside_sign[1:] = sign[:-1]
        beside_sign[:-1] |= sign[1:]
        for place in np.flatnonzero(beside_sign & (kinds == _LATIN) & (lengths > 1)).tolist():
            single[place] = self._is_joined_latin(tokens[place])
        edges = np.flatnonzero(np.diff(single, prepend=False, append=False))
        firsts, ends = edges[::2], edges[1::2]
        several = ends - firsts > 1
        return firsts[several], ends[several]

    def _words_of_rare_word(self, run: str, neighbours: list[str]) -> Sequence[str]:
        # with joined letters beside it, the run is longer to jieba than the word
        return self.runs.finalseg.cut(run) if any(map(self._is_joined_latin, neighbours)) else tuple(run)

    def _is_joined_latin(self, token: str) -> bool:
        return token.isascii() and token.isalnum() and token not in self.latin_words

    @cached_property
    def _kinds(self) -> "NDArray[np.uint8]":
        import numpy as np

        kinds = np.zeros(0x110000, np.uint8)
        for kind, first, last in _KINDS:
            kinds[first : last + 1] = kind
        return kinds


def _codes(text: str) -> "NDArray[np.uint32]":
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Part ``texts`` into lists that are cut at once, each of one text at least."""
    portion: list[str] = []
    room = _CHARACTERS_AT_ONCE
    for text in texts:
        portion.append(text)
        room -= len(text)
        if room < 0:
            yield portion
            portion, room = [], _CHARACTERS_AT_ONCE
    if portion:
        yield portion
