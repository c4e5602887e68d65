"""From tokens and characters to columns: the tables of a vocabulary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pipeline.model.key_table import KeyTable
from pipeline.model.sparse_rows import AnyInts
from pipeline.model.word_table import WordTable
from pipeline.text.segmentation import Segmentation, codes_of, lengths_of

_CODE_POINTS = 0x110000
_SYMBOL_BITS = 21


@dataclass(frozen=True, slots=True)
class FeatureTables:
    """Tables that turn what stands in a text into columns (-1: none).

    ``words_at`` and ``openings_at``: the columns of the entries of ``words``, the latter for the ``first`` tokens of a
    text; ``symbols``: a number for each code point, 0 for one that stands in no feature; ``chars_at``: the columns of
    the numbers, ``bigrams`` those of pairs of them. The last entry of each ``..._at`` is -1.
    """

    words: WordTable
    words_at: NDArray[np.int32]
    openings_at: NDArray[np.int32]
    first: int
    symbols: NDArray[np.int32]
    chars_at: NDArray[np.int32]
    bigrams: KeyTable

    @classmethod
    def build(cls, names: Mapping[str, list[str]], first: int) -> "FeatureTables":
        """Make the tables of features by kind (words, opening, chars, bigrams), in the order of their columns."""
        offset = dict(zip(names, accumulate(map(len, names.values()), initial=0), strict=False))
        words = sorted({*names.get("words", ()), *names.get("opening", ())})
        bigrams = "".join(names.get("bigrams", ()))
        alphabet = sorted({*names.get("chars", ()), *bigrams})
        # 0 is a character that stands in no feature, and so does no pair with it
        symbols = np.zeros(_CODE_POINTS, np.int32)
        symbols[codes_of("".join(alphabet))] = np.arange(1, len(alphabet) + 1)
        pairs = symbols[codes_of(bigrams)]

        def columns(everything: Sequence[str], kind: str) -> NDArray[np.int32]:
            places = {name: column for column, name in enumerate(names.get(kind, ()), start=offset.get(kind, 0))}
            return np.array([*(places.get(name, -1) for name in everything), -1], np.int32)

        return cls(
            WordTable.build(words),
            columns(words, "words"),
            columns(words, "opening"),
            first,
            symbols,
            columns(["", *alphabet], "chars"),
            KeyTable.build(_pair_keys(pairs[::2], pairs[1::2]), offset.get("bigrams", 0)),
        )

    def find(self, texts: Sequence[str], tokens: Segmentation, width: int) -> AnyInts:
        """Return a key ``row * width + column`` for every known feature as it occurs, in no order."""
        # short integers are sorted and moved in half the time
        kind = np.int32 if len(texts) * width < 1 << 31 else np.int64
        begins = np.arange(len(texts), dtype=kind) * np.asarray(width, kind)
        of_tokens, of_symbols = np.repeat(begins, tokens.counts), np.repeat(begins, lengths_of(texts) + 1)
        # place -1, none, takes the last entry: -1 again
        words = self.words.places(tokens)
        openings = np.where(_places_within(tokens.counts) < self.first, words, -1)
        symbols = self._symbols(texts)
        found = (
            (of_tokens, self.words_at.take(words)),
            (of_tokens, self.openings_at.take(openings)),
            (of_symbols, self.chars_at.take(symbols)),
            # at the place of its first character
            (of_symbols, self.bigrams.values_of(_pair_keys(symbols[:-1], symbols[1:]))),
        )
        return np.concatenate([(rows[: len(at)] + at).compress(at >= 0) for rows, at in found])

    def _symbols(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """One number per character, with a break (0) behind every text so that no bigram spans two complaints."""
        return self.symbols.take(codes_of("\n".join(texts) + "\n" if len(texts) else ""))


def _places_within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of every token within its text."""
    return np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)


def _pair_keys(firsts: NDArray[np.int32], seconds: NDArray[np.int32]) -> NDArray[np.int64]:
    return firsts.astype(np.int64) << _SYMBOL_BITS | seconds
