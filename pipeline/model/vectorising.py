"""Texts to TF-IDF: words, opening words, characters and character bigrams, each block a field of its own.

Every block equals scikit-learn's ``TfidfVectorizer`` (sublinear tf, smooth idf, l2) on the same tokens; the way there
is shorter: tokens become ids with one dictionary look-up each, characters with one array look-up, all blocks are
counted by a single sort, and nothing passes through Python objects after that.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from types import ModuleType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.model.feature_tables import FeatureTables
from pipeline.model.sparse_rows import Counts, SparseRows, counted
from pipeline.native import compiled
from pipeline.text.segmentation import Segmentation, codes_of, lengths_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Kind = Literal["words", "opening", "chars", "bigrams"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Block:
    """One field of features: ``min_df`` documents at least hold a feature; ``weight`` scales the block's unit rows.

    ``opening`` counts the words among the first ``first`` tokens of a text once more: people name the trouble first.
    """

    kind: Kind
    weight: float = 1.0
    min_df: int = 2
    first: int = 16


# characters weigh as much as words, pairs of them more: other authors have other words for it, of the same characters
BLOCKS = (Block("words"), Block("opening", weight=0.5), Block("chars"), Block("bigrams", weight=1.25))


@dataclass(frozen=True, slots=True)
class Documents:
    """Prepared texts and their tokens, one entry per complaint; what every method here takes.

    ``tokens`` are best a ``Segmentation``, which needs no strings to be looked up.
    """

    texts: Sequence[str]
    tokens: Sequence[Sequence[str]]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, places: Iterable[int]) -> "Documents":
        """Return the documents at ``places``, in that order."""
        chosen = list(places)
        return Documents([self.texts[i] for i in chosen], [self.tokens[i] for i in chosen])


def is_word(token: str) -> bool:
    """Say whether a token may become a feature: no bare punctuation, and no run of digits that could be personal data.

    >>> [is_word(t) for t in ("宽带", "5g", "，", "1380", "a12")]
    [True, True, False, False, False]
    """
    digits = 0
    letters = False
    for char in token:
        digits = digits + 1 if char.isdigit() else 0
        if digits > 1:
            return False
        letters = letters or char.isalpha()
    return letters


@dataclass(slots=True)
class Vectoriser:
    """Learns the vocabularies and idf of its blocks from documents, then turns documents into rows of TF-IDF.

    Fitted attributes: ``features_`` (one sorted list of names per block, in block order) and ``idf_`` (all blocks end
    to end, the column order of ``transform``).
    """

    blocks: tuple[Block, ...] = BLOCKS
    stop_words: frozenset[str] = frozenset()
    features_: tuple[list[str], ...] = ()
    idf_: Floats = field(default_factory=lambda: np.zeros(0))
    _tables: FeatureTables | None = None

    def fit(self, documents: Documents) -> "Vectoriser":
        """Learn vocabularies and idf; return self."""
        candidates = _candidates(documents, self.stop_words)
        self.features_ = tuple(_frequent(documents, block, candidates) for block in self.blocks)
        self._tables = None
        counts = self._count(documents)
        frequency = np.bincount(counts.rows.indices, minlength=self.width)
        self.idf_ = np.log((1 + len(documents)) / (1 + frequency)) + 1
        return self

    @classmethod
    def restore(cls, blocks: tuple[Block, ...], features: tuple[list[str], ...], idf: Floats) -> "Vectoriser":
        """Rebuild a fitted vectoriser from what ``features_`` and ``idf_`` gave; ``ModelError`` if they do not fit."""
        made = cls(blocks, features_=features, idf_=idf)
        if len(features) != len(blocks) or made.width != len(idf):
            raise ModelError(f"The vocabulary has {made.width} features but the weights were made for {len(idf)}.")
        return made

    @property
    def width(self) -> int:
        """Number of features over all blocks."""
        return sum(map(len, self.features_))

    @property
    def offsets(self) -> Ints:
        """First column of every block, and the width as the last entry."""
        return np.cumsum([0, *map(len, self.features_)], dtype=np.int64)

    def names(self) -> list[str]:
        """All feature names in column order."""
        return list(chain.from_iterable(self.features_))

    def transform(self, documents: Documents) -> "csr_array":
        """Return TF-IDF, shape (documents, width): each block an l2 unit row times the block's weight."""
        return self.rows(documents).csr()

    def rows(self, documents: Documents) -> SparseRows:
        """Return what ``transform`` does, without loading scipy."""
        native = compiled("counting")
        return self._python_rows(documents) if native is None else self._compiled_rows(native, documents)

    def _compiled_rows(self, native: ModuleType, documents: Documents) -> SparseRows:
        joined, tokens = "".join(documents.texts), Segmentation.of(documents.tokens)
        letters, sizes = codes_of(joined), lengths_of(documents.texts)
        spelled = letters if tokens.text == joined else codes_of(tokens.text)
        weights = np.array([block.weight for block in self.blocks], np.float64)
        tables, ends = self._known(), self.offsets[1:]
        data, columns, indptr = native.tfidf(tokens, spelled, letters, sizes, tables, self.idf_, ends, weights)
        return SparseRows(data, columns, indptr, (len(documents), self.width))

    def _python_rows(self, documents: Documents) -> SparseRows:
        counts = self._count(documents)
        rows = counts.rows
        values = _damped(rows.data)
        values *= self.idf_.take(rows.indices)
        lengths = np.diff(counts.fields, prepend=0)
        cells = np.repeat(np.arange(len(lengths)), lengths)
        norms = np.sqrt(np.bincount(cells, weights=values * values, minlength=len(lengths)))
        weights = np.tile([block.weight for block in self.blocks], len(documents))
        # blocks of which a document holds nothing have no length to divide by
        values *= np.repeat(weights / np.where(norms > 0, norms, 1.0), lengths)
        return SparseRows(values, rows.indices, rows.indptr, rows.shape)

    def _count(self, documents: Documents) -> Counts:
        keys = self._known().find(documents.texts, Segmentation.of(documents.tokens), self.width)
        return counted(keys, len(documents), self.offsets)

    def _known(self) -> FeatureTables:
        if self._tables is None:
            names = {str(block.kind): found for block, found in zip(self.blocks, self.features_, strict=True)}
            first = max((block.first for block in self.blocks if block.kind == "opening"), default=0)
            self._tables = FeatureTables.build(names, first)
        return self._tables


def _damped(counts: NDArray[np.floating]) -> Floats:
    """1 + log(tf), by the logarithm of the C library as in the compiled loop: numpy has another on some machines."""
    most = int(counts.max(initial=1))
    return np.array([1 + math.log(count) for count in range(1, most + 1)]).take(counts.astype(np.int64) - 1)


def _candidates(documents: Documents, stop_words: frozenset[str]) -> set[str]:
    seen = set(chain.from_iterable(documents.tokens))
    return {token for token in seen if token not in stop_words and is_word(token)}


def _frequent(documents: Documents, block: Block, candidates: set[str]) -> list[str]:
    """Names of the features that at least ``min_df`` documents hold, sorted so that vocabularies are reproducible."""
    spell = _SPELLERS[block.kind]
    frequency: dict[str, int] = {}
    for text, tokens in zip(documents.texts, documents.tokens, strict=True):
        shown = tokens[: block.first] if block.kind == "opening" else tokens
        for name in spell(text, shown, candidates):
            frequency[name] = frequency.get(name, 0) + 1
    return sorted(name for name, df in frequency.items() if df >= block.min_df)


def _words_of(_: str, tokens: Sequence[str], candidates: set[str]) -> set[str]:
    return candidates.intersection(tokens)


def _chars_of(text: str, _tokens: Sequence[str], _candidates: set[str]) -> set[str]:
    return {char for char in text if char.isalpha()}


def _bigrams_of(text: str, _tokens: Sequence[str], _candidates: set[str]) -> set[str]:
    return {a + b for a, b in pairwise(text) if a.isalpha() and b.isalpha()}


_SPELLERS: dict[Kind, Callable[[str, Sequence[str], set[str]], set[str]]] = {
    "words": _words_of,
    "opening": _words_of,
    "chars": _chars_of,
    "bigrams": _bigrams_of,
}
