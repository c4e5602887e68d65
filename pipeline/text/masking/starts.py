"""Where in the texts of a batch names may begin: the highest score a place can reach, for all places at once.

What is told here is never less than what ``masking.scoring.NameScorer`` finds out later, so a place that is not told
holds no name. Words beside a place are known by their last or first two characters, so some places are told in vain.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.masking.crossings import most_by_words
from pipeline.text.masking.name_gate import NameGate, apart, begins, number_of_text
from pipeline.text.masking.start_scan import WEIGHTS, Found, StartScan
from pipeline.text.masking.start_tables import StartTables
from pipeline.text.masking.weights import NameWeights
from pipeline.text.scanning import Batch


class Starts(NamedTuple):
    """Places at which names may begin, in each text that has any, in order."""

    told: dict[int, list[int]]
    near: dict[int, list[int]]
    """These and the places that ``NameGate`` lets through."""
    latin: set[int]
    """The texts that hold words of Latin letters."""


class NameStarts:
    """Tells the places of a batch of texts at which a name may begin."""

    def __init__(self, weights: NameWeights, not_names: frozenset[str]) -> None:
        self._tables = StartTables(weights, not_names)
        self._scan = StartScan(self._tables)
        self._gate = NameGate(self._tables)

    def of(self, batch: Batch) -> Starts:
        """Return the places in each text."""
        spread = apart(batch)
        found = self._found(spread)
        most = np.full(len(found.unsure), -1, dtype=np.int64)
        for size, spare in ((2, found.two), (3, found.three)):
            worth = np.flatnonzero(spare >= 0)
            words = most_by_words(spread.joined, found.unsure[worth], size)
            most[worth] = np.maximum(most[worth], spare[worth] + words)
        told = np.unique(np.concatenate((found.told, found.unsure[most >= 0], found.foreign)))
        near = np.unique(np.concatenate((told, self._gate.places(spread))))
        latin = set(number_of_text(batch, found.latin).tolist())
        return Starts(_by_text(batch, told), _by_text(batch, near), latin)

    def _found(self, spread: Batch) -> Found:
        if spread.native is None:
            return self._scan.found(spread)
        return Found(*spread.native.name_places(spread.joined, self._tables.native, WEIGHTS))


def _by_text(batch: Batch, found: NDArray[np.intp]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    of_text = number_of_text(batch, found)
    for text, place in zip(of_text.tolist(), (found - begins(batch)[of_text]).tolist(), strict=True):
        places.setdefault(text, []).append(place)
    return places
