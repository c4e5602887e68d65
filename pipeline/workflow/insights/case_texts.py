"""The texts of the insights: the workers clean and mask every distinct one once, and read the closing notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.problems.concrete import COPY
from pipeline.text.cleaning import Cleaner
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.privacy import Masker
from pipeline.workflow.classifying import load_model

# beyond, comparing them would take longer than all else together; equal texts are one text all the same
MOST_COMPARED = 100_000


@dataclass(frozen=True, slots=True)
class Fresh:
    """Distinct raw cells that no worker has seen yet."""

    texts: Sequence[str] = ()
    notes: Sequence[str] = ()
    places: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Masked:
    """The same cells, masked (texts also cleaned), and what the model makes of the notes; empty without a model."""

    texts: Sequence[str]
    notes: Sequence[str]
    places: Sequence[str]
    note_categories: Sequence[str]
    note_causes: Sequence[str]


def text_reader(model: Path | None) -> Callable[[Fresh], Masked]:
    """Return the function that a worker calls; with a ``model`` folder it reads the closing notes as well."""
    cleaner, masker = Cleaner(), Masker()
    loaded = load_model(model) if model else None

    def read(fresh: Fresh) -> Masked:
        told = [note for note in fresh.notes if note]
        answers = dict(zip(told, loaded.predict(told), strict=True)) if loaded and told else {}
        return Masked(
            masker.mask_many(cleaner.clean_many(fresh.texts)),
            masker.mask_many(fresh.notes),
            masker.mask_many(fresh.places),
            [answers[note].category if note in answers else "" for note in fresh.notes],
            [answers[note].cause if note in answers else "" for note in fresh.notes],
        )

    return read


@dataclass(slots=True)
class DistinctCells:
    """A column of long texts: the place of each row's text among the distinct ones, in order of appearance."""

    _codes: list[NDArray[np.int64]] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)

    def add(self, cells: pd.Series) -> list[str]:
        """Take the cells of more rows; return those not seen before."""
        codes, found = pd.factorize(cells)
        # a hash and not the text itself, which would be held twice; two texts share one of 64 bits in no dump
        hashes = pd.util.hash_array(np.asarray(found, object)).tolist()
        fresh = []
        own = np.empty(len(hashes), np.int64)
        for number, key in enumerate(hashes):
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = len(self._places)
                fresh.append(str(found[number]))
            own[number] = place
        self._codes.append(own[codes])
        return fresh

    def codes(self) -> NDArray[np.int64]:
        """The place of every row's text."""
        return np.concatenate(self._codes) if self._codes else np.zeros(0, np.int64)


def first_copies(texts: Sequence[str], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For every row the first row with the same text, slightly edited copies included (up to ``MOST_COMPARED`` texts).

    ``texts`` are the distinct ones, ``codes`` the place of each row's text among them.
    """
    group = near_duplicates(texts, COPY).group[codes] if len(texts) <= MOST_COMPARED else codes
    _, first, place = np.unique(group, return_index=True, return_inverse=True)
    return first[place].astype(np.int64)
