"""Cutting many texts at once: the tokens ``tokenising`` finds in single texts, in half the time.

Some hundred texts go through ``rjieba`` as one; where runs of single characters lie among its tokens, and where a text
ends, is found with numpy; and new runs are solved together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.text.finalseg_route import Runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# a token by itself to jieba and rjieba, and beside it nothing is cut otherwise
_BETWEEN_TEXTS = "\x00"
# with more, the tokens leave the processor's cache
_CHARACTERS_AT_ONCE = 25_000
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
class _Runs:
    """Runs of single characters: their texts, their first tokens and the tokens after their last."""

    texts: list[str]
    firsts: list[int]
    ends: list[int]


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
        kinds = self._kinds[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")]
        if kinds.max(initial=0) == _FOREIGN:
            return list(map(self.cut_alone, texts))
        tokens = self.cut_words(joined, False)
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        stops = lengths.cumsum()
        firsts, lasts = self._run_places(tokens, lengths, kinds[stops - lengths])
        text_stops = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum() + np.arange(len(texts))
        ends = stops.searchsorted(text_stops, "right")
        starts = (stops[firsts] - lengths[firsts]).tolist()
        runs = [joined[start:stop] for start, stop in zip(starts, stops[lasts].tolist(), strict=True)]
        tokens, ends = self._with_words(tokens, _Runs(runs, firsts.tolist(), (lasts + 1).tolist()), ends)
        bounds = ends.tolist()
        return [tokens[begin:end] for begin, end in zip([0, *[end + 1 for end in bounds]], bounds, strict=False)]

    def _run_places(
        self, tokens: list[str], lengths: "NDArray[np.int64]", kinds: "NDArray[np.uint8]"
    ) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return the first and the last token of each run of two and more; ``kinds`` are those of first characters.

        Letters and digits that rjieba joined are part of a run where a sign beside them may join them with others.
        """
        import numpy as np

        single = (lengths == 1) & (kinds > 0)
        sign = single & (kinds == _SIGN)
        beside_sign = np.zeros(len(tokens), bool)
        beside_sign[1:] = sign[:-1]
        beside_sign[:-1] |= sign[1:]
        for place in np.flatnonzero(beside_sign & (kinds == _LATIN) & (lengths > 1)).tolist():
            single[place] = self._is_joined_latin(tokens[place])
        edges = np.flatnonzero(np.diff(single, prepend=False, append=False))
        firsts, lasts = edges[::2], edges[1::2] - 1
        several = lasts > firsts
        return firsts[several], lasts[several]

    def _with_words(
        self, tokens: list[str], runs: _Runs, ends: "NDArray[np.int64]"
    ) -> tuple[list[str], "NDArray[np.int64]"]:
        """Return the tokens with the words of ``runs``, and the places of ``ends`` among them."""
        import numpy as np

        self.runs.learn(runs.texts)
        words_of_runs = map(self.runs.__getitem__, runs.texts)
        joined: list[str] = []
        done = 0
        moved, shifts = [], [0]
        for words, run, first, end in zip(words_of_runs, runs.texts, runs.firsts, runs.ends, strict=True):
            if words is None:
                neighbours = [*tokens[max(first - 1, 0) : first], *tokens[end : end + 1]]
                joined += tokens[done:first]
                joined += self._words_of_rare_word(run, neighbours)
            elif words:
                joined += tokens[done:first]
                joined += words
            else:
                continue
            done = end
            moved.append(end)
            shifts.append(len(joined) - end)
        joined += tokens[done:]
        return joined, ends + np.array(shifts)[np.array(moved, np.int64).searchsorted(ends, "right")]

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
