"""What the words of the dictionary leave of names: at most their weight, for all candidates of a batch at once."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.masking.weights import (
    BEGINS_WITH_WORD,
    GIVEN_WORD,
    INSIDE_WORD,
    IS_WORD,
    NAME_WORD,
    WINDOW,
    cut_words,
)
from pipeline.text.scanning import END


def most_by_words(joined: str, starts: NDArray[np.intp], size: int) -> NDArray[np.int64]:
    """Return at most what the words in and around ``joined[start:start + size]`` weigh, for each of the places.

    ``joined`` are texts with ``END`` around each of them. No word of the dictionary goes across it, so the windows of
    all places are cut in one go.
    """
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    width = 2 * WINDOW + size
    firsts = (starts - WINDOW).tolist()
    windows = END.join([joined[first : first + width] for first in firsts])
    lengths = np.fromiter(map(len, cut_words(windows)), dtype=np.intp)
    begins = np.zeros(len(windows) + 1, dtype=bool)
    begins[np.cumsum(lengths)] = True
    begins[0] = True
    at = np.arange(len(starts)) * (width + 1) + WINDOW
    inside = [begins[at + step] for step in range(1, size)]
    whole = ~np.logical_or.reduce(inside)
    most = np.where(whole, IS_WORD[2] if size == 2 else NAME_WORD, 0)
    if size == 3:
        # a compound family name is told without a look at the words
        most = np.where(~whole & ~inside[0], BEGINS_WITH_WORD, np.where(~whole & ~inside[1], GIVEN_WORD, most))
    return np.where(begins[at] & begins[at + size], most, INSIDE_WORD)
