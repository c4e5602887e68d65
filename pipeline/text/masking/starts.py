"""Where in the texts of a batch names may begin: the highest score a place can reach, for all places at once.

What is told here is never less than what ``masking.scoring.NameScorer`` finds out later, so a place that is not told
holds no name. Words beside a place are known by their last or first two characters, so some places are told in vain.
"""

import numpy as np

from pipeline.text.masking.crossings import most_by_words
from pipeline.text.masking.start_scan import WEIGHTS, Found, StartScan
from pipeline.text.masking.start_tables import StartTables
from pipeline.text.masking.weights import NameWeights
from pipeline.text.scanning import Batch


class NameStarts:
    """Tells the places of a batch of texts at which a name may begin."""

    def __init__(self, weights: NameWeights, not_names: frozenset[str]) -> None:
        self._tables = StartTables(weights, not_names)
        self._scan = StartScan(self._tables)

    def of(self, batch: Batch) -> tuple[dict[int, list[int]], set[int]]:
        """Return the places in each text that has any, in order, and the texts that hold words of Latin letters."""
        found = self._found(batch)
        sure = np.zeros(len(found.unsure), dtype=bool)
        for size, spare in ((2, found.two), (3, found.three)):
            worth = np.flatnonzero((spare >= 0) & ~sure)
            sure[worth] = spare[worth] + most_by_words(batch.joined, found.unsure[worth], size) >= 0
        told = np.unique(np.concatenate((found.told, found.unsure[sure], found.foreign)))
        places: dict[int, list[int]] = {}
        of_text = batch.texts_of(told)
        for text, place in zip(of_text.tolist(), (told - batch.starts[of_text]).tolist(), strict=True):
            places.setdefault(text, []).append(place)
        return places, set(batch.texts_of(found.latin).tolist())

    def _found(self, batch: Batch) -> Found:
        if batch.native is None:
            return self._scan.found(batch)
        return Found(*batch.native.name_places(batch.joined, self._tables.native, WEIGHTS))
