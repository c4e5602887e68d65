"""Cutting many texts at once: the tokens ``rjieba_cutting`` finds in single texts, in a third of the time.

Some hundred texts go through ``rjieba`` as one; after that only the places where tokens begin are moved about, with
numpy: runs of single characters are found and solved together, and no token is made into a string again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.text.cutting.finalseg import Runs
from pipeline.text.segmentation import Segmentation, codes_of, lengths_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# a token by itself to jieba and rjieba, and beside it nothing is cut otherwise
_BETWEEN_TEXTS = "\x00"
# enough to make the fixed cost of each step of numpy small, and no more in memory than a portion needs
_CHARACTERS_AT_ONCE = 200_000
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
    """What the dictionary found in a portion: its text as characters and code points, the tokens and their places.

    ``kinds`` are those of the tokens' first characters.
    """

    text: str
    codes: NDArray[np.uint32]
    tokens: list[str]
    lengths: Ints
    starts: Ints
    kinds: NDArray[np.uint8]

    def texts(self, starts: Ints, lengths: Ints) -> list[str]:
        """Return stretches of the text."""
        return [self.text[start:stop] for start, stop in zip(starts.tolist(), (starts + lengths).tolist(), strict=True)]

    def neighbours(self, first: int, end: int) -> list[str]:
        """Return the tokens before the token ``first`` and at ``end``."""
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

    def segment(self, texts: Sequence[str]) -> Segmentation:
        """Find jieba's tokens in each text."""
        nothing = np.zeros(0, np.int64)
        parts = [(nothing, nothing), *map(self._cut_together, _portions(texts))]
        return Segmentation("".join(texts), *map(np.concatenate, zip(*parts, strict=True)))

    def _cut_together(self, texts: list[str]) -> tuple[Ints, Ints]:
        """Return the length of every token and the number of tokens in each text."""
        joined = _BETWEEN_TEXTS.join(texts)
        codes = codes_of(joined)
        kinds = self._kinds.take(codes)
        if kinds.max(initial=0) == _FOREIGN:
            return self._cut_with_foreign(texts)
        tokens = self.cut_words(joined, False)
        lengths = lengths_of(tokens)
        starts = lengths.cumsum() - lengths
        begins = self._begins(_Outline(joined, codes, tokens, lengths, starts, kinds[starts]))
        starts = np.flatnonzero(begins)
        lengths = np.diff(starts, append=len(codes))
        between = starts.searchsorted((lengths_of(texts) + 1).cumsum()[:-1] - 1)
        counts = np.diff(between, prepend=-1, append=len(starts)) - 1
        return np.delete(lengths, between), counts

    def _cut_with_foreign(self, texts: list[str]) -> tuple[Ints, Ints]:
        foreign = [bool(self._kinds[codes_of(text)].max(initial=0) == _FOREIGN) for text in texts]
        lengths, counts = self._cut_together(["" if odd else text for text, odd in zip(texts, foreign, strict=True)])
        places = np.flatnonzero(foreign)
        alone = [lengths_of(self.cut_alone(texts[place])) for place in places.tolist()]
        before = np.repeat(counts.cumsum()[places], lengths_of(alone))
        counts[places] = lengths_of(alone)
        return np.insert(lengths, before, np.concatenate(alone)), counts

    def _begins(self, outline: _Outline) -> Bools:
        """Tell of every character whether a token begins there, once the runs of single characters are solved."""
        begins = np.zeros(len(outline.codes), bool)
        begins[outline.starts] = True
        firsts, ends = self._run_places(outline)
        odd = np.concatenate(([0], (outline.kinds != _HAN).cumsum()))
        alone = (odd[ends] > odd[firsts]) | (ends - firsts > _LONGEST_TOGETHER)
        self._solve_together(outline, begins, firsts[~alone], ends[~alone])
        self._solve_alone(outline, begins, firsts[alone], ends[alone])
        return begins

    def _solve_alone(self, outline: _Outline, begins: Bools, firsts: Ints, ends: Ints) -> None:
        """Set where the words of runs begin that hold more than Han characters or are very long."""
        starts = outline.starts[firsts]
        lengths = outline.starts[ends - 1] + outline.lengths[ends - 1] - starts
        runs = zip(outline.texts(starts, lengths), starts.tolist(), firsts.tolist(), ends.tolist(), strict=True)
        for run, start, first, end in runs:
            words: Sequence[str] | None = self.runs[run]
            if words is None:
                words = self._words_of_rare_word(run, outline.neighbours(first, end))
            if words:
                begins[start : start + len(run)] = False
                begins[start + np.cumsum([0, *map(len, words[:-1])])] = True

    def _solve_together(self, outline: _Outline, begins: Bools, firsts: Ints, ends: Ints) -> None:
        """Set where the words of runs of Han characters begin, each of which is a token still."""
        if not len(firsts):
            return
        starts, lengths = outline.starts[firsts], ends - firsts
        offsets = lengths.cumsum() - lengths
        places = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
        ends_word = self.runs.finalseg.word_ends(outline.codes[places].astype(np.int64), lengths)
        joined = np.flatnonzero(~np.logical_and.reduceat(ends_word, offsets))
        for run in joined[self._are_rare_words(outline, firsts[joined], ends[joined])].tolist():
            ends_word[offsets[run] : offsets[run] + lengths[run]] = True
        # the end of a run is the end of a word already
        begins[(places + 1)[:-1]] = ends_word[:-1]
        self._force_apart(outline, begins, places[~ends_word])

    def _are_rare_words(self, outline: _Outline, firsts: Ints, ends: Ints) -> Bools:
        """Tell which runs are words of the dictionary, too rare to have been chosen; jieba keeps them apart."""
        runs = outline.texts(outline.starts[firsts], ends - firsts)
        rare = set(filter(self.runs.has_word, set(runs)))
        return np.fromiter(
            (
                run in rare and not any(map(self._is_joined_latin, outline.neighbours(first, end)))
                for run, first, end in zip(runs, firsts.tolist(), ends.tolist(), strict=True)
            ),
            bool,
            len(runs),
        )

    def _force_apart(self, outline: _Outline, begins: Bools, joined: Ints) -> None:
        """Cut the words that jieba was told to force apart; ``joined`` are characters that do not end a word."""
        forced_apart = self.runs.finalseg.forced_apart
        if not forced_apart:
            return
        starts = joined[begins[joined]]
        edges = np.append(np.flatnonzero(begins), len(begins))
        stops = edges[edges.searchsorted(starts, "right")]
        for start, word in zip(starts.tolist(), outline.texts(starts, stops - starts), strict=True):
            if word in forced_apart:
                begins[start : start + len(word)] = True

    def _run_places(self, outline: _Outline) -> tuple[Ints, Ints]:
        """Return the first token of each run of two and more and the one after its last.

        Letters and digits that rjieba joined are part of a run where a sign beside them may join them with others.
        """
        tokens, kinds, lengths = outline.tokens, outline.kinds, outline.lengths
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
    def _kinds(self) -> NDArray[np.uint8]:
        kinds = np.zeros(0x110000, np.uint8)
        for kind, first, last in _KINDS:
            kinds[first : last + 1] = kind
        return kinds


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Part ``texts`` into lists that are cut at once, each of one text at least."""
    if texts and sum(map(len, texts)) <= _CHARACTERS_AT_ONCE:
        yield list(texts)
        return
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
