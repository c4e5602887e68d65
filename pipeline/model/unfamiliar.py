"""What nobody trained on: texts the model is unsure of that are like each other, as candidates for a new category.

Sphere exclusion (Taylor 1995; Butina 1999, "Unsupervised data base clustering based on Daylight's fingerprint and
Tanimoto similarity") on the cosine of TF-IDF rows: the text with most neighbours takes them along, then the next one.
Copies count once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.model.vectorising import Block, Documents, Vectoriser
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

Ints = NDArray[np.integer]
_BLOCKS = (Block("words"), Block("bigrams", weight=0.5))
_MOST = 4000
_WORDS = 6


@dataclass(frozen=True, slots=True)
class NewTopic:
    """Texts that may be a category of their own: ``members`` (places, the most typical first) and telling ``words``."""

    members: tuple[int, ...]
    texts: int
    words: tuple[str, ...]


def new_topics(
    texts: Sequence[str], unsure: Sequence[int], preparer: Preparer, least: int = 5, likeness: float = 0.25
) -> tuple[NewTopic, ...]:
    """Find groups of at least ``least`` different texts among the ``unsure`` ones (places in ``texts``), largest first.

    All ``texts`` say which words are common. ``likeness`` is the least cosine with the middle of a group.
    """
    prepared = preparer.prepare(texts)
    twins = near_duplicates([prepared.texts[place] for place in unsure]).group
    firsts = np.flatnonzero(twins == np.arange(len(unsure)))[:_MOST]
    if len(firsts) < least:
        return ()
    documents = Documents(prepared.texts, prepared.tokens)
    vectoriser = Vectoriser(_BLOCKS).fit(documents)
    places = np.asarray(unsure)[firsts]
    rows = _unit(vectoriser.transform(documents.take(places.tolist())))
    copies = [np.flatnonzero(twins == first) for first in firsts]
    found = []
    for inside in _spheres(rows, likeness):
        if len(inside) < least:
            break
        members = [int(unsure[copy]) for one in inside for copy in copies[one]]
        found.append(NewTopic(tuple(members), len(inside), _telling(prepared.tokens, places[inside].tolist())))
    return tuple(found)


def _unit(rows: csr_array) -> csr_array:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scale = np.repeat(1 / np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr))
    return csr_array((rows.data * scale, rows.indices, rows.indptr), shape=rows.shape)


def _spheres(rows: csr_array, likeness: float) -> list[Ints]:
    """Groups of rows, largest first; the first row of each is its middle."""
    near = (rows @ rows.T).toarray() >= likeness
    free = np.ones(len(near), bool)
    groups = []
    while free.any():
        sizes = (near & free).sum(axis=1) * free
        middle = int(sizes.argmax())
        if not sizes[middle]:
            break
        inside = np.flatnonzero(near[middle] & free)
        groups.append(np.concatenate([[middle], inside[inside != middle]]))
        free[groups[-1]] = False
    return groups


def _telling(tokens: Sequence[Sequence[str]], members: Sequence[int]) -> tuple[str, ...]:
    """Words of many members and of few other texts."""
    from collections import Counter

    inside = Counter(word for place in members for word in set(tokens[place]))
    common = Counter(word for words in tokens for word in set(words))
    worth = {
        word: count * np.log(len(tokens) / common[word])
        for word, count in inside.items()
        if len(word) > 1 and count > 1
    }
    return tuple(sorted(worth, key=lambda word: (-round(float(worth[word]), 9), word))[:_WORDS])
