"""Where texts are cut: tokens stand end to end, so that their lengths alone say everything."""

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Segmentation(Sequence[list[str]]):
    """The tokens of each text, made into strings only when asked for.

    ``text``: all texts, end to end; ``lengths``: characters of every token, in order; ``counts``: tokens of each text.

    >>> list(Segmentation("宽带慢网", np.array([2, 1, 1]), np.array([2, 0, 1])))
    [['宽带', '慢'], [], ['网']]
    """

    text: str
    lengths: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Sequence[Sequence[str]]) -> "Segmentation":
        """Describe tokens that are at hand as strings.

        >>> Segmentation.of([["宽带", "慢"], []]).lengths
        array([2, 1])
        """
        if isinstance(tokens, Segmentation):
            return tokens
        words = list(chain.from_iterable(tokens))
        return cls("".join(words), lengths_of(words), lengths_of(tokens))

    @cached_property
    def tokens(self) -> list[list[str]]:
        """The tokens of each text as strings."""
        text = self.text
        words = [text[start:stop] for start, stop in pairwise([0, *self.lengths.cumsum().tolist()])]
        return [words[first:end] for first, end in pairwise([0, *self.counts.cumsum().tolist()])]

    def __len__(self) -> int:
        return len(self.counts)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        return self.tokens[place]


def lengths_of(items: Sequence[Sized]) -> NDArray[np.int64]:
    """Return the length of every item.

    >>> lengths_of(["宽带", "慢"])
    array([2, 1])
    """
    return np.fromiter(map(len, items), np.int64, len(items))


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text.

    >>> codes_of("宽a")
    array([23485,    97], dtype=uint32)
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
