"""Texts to TF-IDF: words, opening words, characters and character bigrams, each block a field of its own.

Every block equals scikit-learn's ``TfidfVectorizer`` (sublinear tf, smooth idf, l2) on the same tokens; the way there
is shorter: tokens become ids with one dictionary look-up each, characters with one array look-up, all blocks are
counted by a single sort, and nothing passes through Python objects after that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.model.key_table import KeyTable
from pipeline.model.sparse_rows import AnyInts, Counts, SparseRows, counted
from pipeline.model.word_table import WordTable
from pipeline.text.segmentation import Segmentation, codes_of, lengths_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Kind = Literal["words", "opening", "chars", "bigrams"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CODE_POINTS = 0x110000
_SYMBOL_BITS = 21


@dataclass(frozen=True, slots=True)
class Block:
    """One field of features: ``min_df`` documents at least hold a feature; ``weight`` scales the block's unit rows.

    ``opening`` counts the words among the first ``first`` tokens of a text once more: people name the trouble first.
    """

    kind: Kind
    weight: float = 1.0
    min_df: int = 2
    first: int = 16


BLOCKS = (Block("words"), Block("opening", weight=0.5), Block("chars", weight=0.5), Block("bigrams"))


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


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Feature ids (-1: none) as they occur, and how many stand in each document."""

    ids: NDArray[np.int32]
    counts: Ints


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
    _lookup: "_Lookup | None" = None

    def fit(self, documents: Documents) -> "Vectoriser":
        """Learn vocabularies and idf; return self."""
        candidates = _candidates(documents, self.stop_words)
        self.features_ = tuple(_frequent(documents, block, candidates) for block in self.blocks)
        self._lookup = None
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
        return np.cumsum([0, *map(len, self.features_)])

    def names(self) -> list[str]:
        """All feature names in column order."""
        return list(chain.from_iterable(self.features_))

    def transform(self, documents: Documents) -> "csr_array":
        """Return TF-IDF, shape (documents, width): each block an l2 unit row times the block's weight."""
        return self.rows(documents).csr()

    def rows(self, documents: Documents) -> SparseRows:
        """Return what ``transform`` does, without loading scipy."""
        counts = self._count(documents)
        rows = counts.rows
        values = 1 + np.log(rows.data)
        values *= self.idf_.take(rows.indices)
        lengths = np.diff(counts.fields, prepend=0)
        cells = np.repeat(np.arange(len(lengths)), lengths)
        norms = np.sqrt(np.bincount(cells, weights=values * values, minlength=len(lengths)))
        weights = np.tile([block.weight for block in self.blocks], len(documents))
        # blocks of which a document holds nothing have no length to divide by
        values *= np.repeat(weights / np.where(norms > 0, norms, 1.0), lengths)
        return SparseRows(values, rows.indices, rows.indptr, rows.shape)

    def _count(self, documents: Documents) -> Counts:
        if self._lookup is None:
            self._lookup = _Lookup.build(self.blocks, self.features_)
        return counted(self._lookup.find(documents, self.width), len(documents), self.offsets)


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Dictionaries and tables that turn tokens and characters into column ids."""

    blocks: tuple[Block, ...]
    offsets: Ints
    words: WordTable
    openings: NDArray[np.int32]
    chars: NDArray[np.int32]
    char_columns: NDArray[np.int32]
    bigrams: KeyTable

    @classmethod
    def build(cls, blocks: tuple[Block, ...], features: tuple[list[str], ...]) -> "_Lookup":
        by_kind = {block.kind: names for block, names in zip(blocks, features, strict=True)}
        words = sorted({*by_kind.get("words", ()), *by_kind.get("opening", ())})
        alphabet = sorted({*by_kind.get("chars", ()), *"".join(by_kind.get("bigrams", ()))})
        # 0 is a character that stands in no feature, and so does no pair with it
        table = np.zeros(_CODE_POINTS, np.int32)
        table[codes_of("".join(alphabet))] = np.arange(1, len(alphabet) + 1)
        pairs = table[codes_of("".join(by_kind.get("bigrams", ())))]
        offsets = np.cumsum([0, *map(len, features)])
        return cls(
            blocks,
            offsets,
            WordTable.build(words),
            _columns(words, by_kind.get("opening", [])),
            table,
            np.append(-1, _columns(alphabet, by_kind.get("chars", []))).astype(np.int32),
            KeyTable.build(_pair_keys(pairs[::2], pairs[1::2])),
        )

    def find(self, documents: Documents, width: int) -> AnyInts:
        """Return a key ``row * width + column`` for every known feature as it occurs, in no order."""
        nothing = _Occurrences(np.zeros(0, np.int32), np.zeros(len(documents), np.int64))
        tokens = _token_ids(documents, self.words) if len(self.words) else nothing
        spelled = any(block.kind in ("chars", "bigrams") for block in self.blocks)
        symbols = _symbols(documents, self.chars) if spelled else nothing
        # short integers are sorted and moved in half the time
        kind = np.int32 if len(documents) * width < 1 << 31 else np.int64
        begins = np.arange(len(documents), dtype=kind) * width
        of_tokens, of_symbols = np.repeat(begins, tokens.counts), np.repeat(begins, symbols.counts)
        keys = [begins[:0]]
        for block, offset, names in zip(self.blocks, self.offsets.tolist(), np.diff(self.offsets), strict=False):
            if not names:
                continue
            ids = self._block(block, tokens, symbols)
            rows = of_tokens if block.kind in ("words", "opening") else of_symbols
            keys.append((rows[: len(ids)] + (ids + offset)).compress(ids >= 0))
        return np.concatenate(keys)

    def _block(self, block: Block, tokens: _Occurrences, symbols: _Occurrences) -> NDArray[np.int32]:
        """The ids in a block of what stands at each place, -1 where there is none; of pairs, at their first."""
        match block.kind:
            case "words":
                return tokens.ids
            case "opening":
                return _opening(tokens, self.openings, block.first)
            case "chars":
                return self.char_columns.take(symbols.ids)
            case "bigrams":
                return self.bigrams.places(_pair_keys(symbols.ids[:-1], symbols.ids[1:]))


def _columns(everything: list[str], chosen: list[str]) -> NDArray[np.int32]:
    """For each entry of ``everything`` its place in ``chosen``, or -1."""
    places = {name: i for i, name in enumerate(chosen)}
    return np.array([places.get(name, -1) for name in everything], np.int32)


def _token_ids(documents: Documents, words: WordTable) -> _Occurrences:
    tokens = Segmentation.of(documents.tokens)
    return _Occurrences(words.places(tokens), tokens.counts)


def _opening(tokens: _Occurrences, columns: NDArray[np.int32], first: int) -> NDArray[np.int32]:
    place = np.arange(len(tokens.ids)) - np.repeat(tokens.counts.cumsum() - tokens.counts, tokens.counts)
    ids = np.full(len(tokens.ids), -1, np.int32)
    early = np.flatnonzero((place < first) & (tokens.ids >= 0))
    ids[early] = columns.take(tokens.ids.take(early))
    return ids


def _symbols(documents: Documents, table: NDArray[np.int32]) -> _Occurrences:
    """One entry per character, with a break (0) behind every text so that no bigram spans two complaints."""
    joined = "\n".join(documents.texts) + "\n" if len(documents) else ""
    return _Occurrences(table.take(codes_of(joined)), lengths_of(documents.texts) + 1)


def _pair_keys(firsts: NDArray[np.int32], seconds: NDArray[np.int32]) -> Ints:
    return firsts.astype(np.int64) << _SYMBOL_BITS | seconds


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
