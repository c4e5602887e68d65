"""From tokens to their places in a vocabulary, many at once and without a string for each token."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.key_table import KeyTable
from pipeline.text.segmentation import Segmentation, codes_of, lengths_of

# three code points of 21 bits (each one up, so that no character reads as none) fill a key
_SHORT = 3
_BITS = 21
# by the length of a word: the bits of a key that are its own; none of an empty or a long one
_PARTS = np.array([0, *((1 << _BITS * length) - 1 for length in range(1, _SHORT + 1)), 0])


@dataclass(frozen=True, slots=True)
class WordTable:
    """Words with their places: short ones by a key that holds all of their characters, the few long ones by name."""

    short: KeyTable
    long: dict[str, int]

    @classmethod
    def build(cls, words: Sequence[str]) -> "WordTable":
        """Make a table of distinct words, none of them empty."""
        lengths = lengths_of(words)
        is_short = lengths <= _SHORT
        keys = _keys("".join(words), lengths)[is_short]
        long = {words[place]: place for place in np.flatnonzero(~is_short).tolist()}
        return cls(KeyTable.build(keys, np.flatnonzero(is_short).astype(np.int32)), long)

    def places(self, tokens: Segmentation) -> NDArray[np.int32]:
        """Return the place of every token among the words, or -1.

        >>> WordTable.build(["慢", "宽带", "联通公司"]).places(Segmentation.of([["宽带", "断"], ["联通公司"]])).tolist()
        [1, -1, 2]
        """
        places = self.short.values_of(_keys(tokens.text, tokens.lengths))
        long = np.flatnonzero(tokens.lengths > _SHORT)
        stops = tokens.lengths.cumsum()[long]
        starts = stops - tokens.lengths[long]
        text, known = tokens.text, self.long.get
        names = [text[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
        places[long] = [known(name, -1) for name in names]
        return places


def _keys(text: str, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys of words that stand end to end in a text; of long ones, 0, which is no word's."""
    codes = np.zeros(len(text) + _SHORT, np.int64)
    codes[: len(text)] = codes_of(text)
    codes[: len(text)] += 1
    # the key of three characters at every place of the text: a word's own is the lower part of it
    triples = codes[:-2] | codes[1:-1] << _BITS | codes[2:] << (2 * _BITS)
    return triples.take(lengths.cumsum() - lengths) & _PARTS.take(np.minimum(lengths, _SHORT + 1))
