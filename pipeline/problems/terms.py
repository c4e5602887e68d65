"""Character bigrams of titles and bodies: which complaint has which term how often, and where in the title.

Bigrams need no segmenter, which breaks names that no dictionary knows. Only bigrams that some title holds become
terms: titles say what a complaint is about, bodies say everything else as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled
from pipeline.native.blocks import in_blocks
from pipeline.text.segmentation import codes_of, lengths_of

# a letter with digits before 市, 区 or 县 stands for a region in anonymised dumps; it tells no complaint from another
_REGION_CODE = re.compile(r"[A-Z]\d{0,3}(?=[市区县])[市区县]")
_PLACEHOLDER = re.compile(r"\[[^\[\]]{1,8}\]")
_GREETING = re.compile(
    r"^(?:\s|[:,，：!！。、]|尊敬的?|各位|您好|你好|领导|书记|市长|局长|客服|同志|先生|女士|[你您]们好?|好|请问|咨询)+"
)
_CLAUSE_END = re.compile(r"[。！？!?;；,，\n]")
_LEAD_LEAST, _LEAD_MOST = 20, 45
# so much of a body counts, found in so much of it as it is written
_BODY_MOST, _BODY_READ = 1500, 3000
_BLOCK = 2500

# document, term, count in the title and count in the body, by document and term
_Counts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Terms:
    """Counts of terms: entry ``j`` says that complaint ``document[j]`` has term ``term[j]`` so many times.

    ``in_title`` and ``in_body`` are counts; ``positions`` are the occurrences in titles, in reading order:
    ``occurrence`` is the term, ``place`` its relative place in the title (0 first, 1 last) and ``run`` numbers
    stretches without punctuation.
    """

    documents: int
    size: int
    document: NDArray[np.int64]
    term: NDArray[np.int64]
    in_title: NDArray[np.float32]
    in_body: NDArray[np.float32]
    occurrence: NDArray[np.int64]
    place: NDArray[np.float64]
    run: NDArray[np.int64]


def read_terms(titles: Sequence[str], texts: Sequence[str]) -> Terms:
    """Count the terms of every complaint; a complaint without a title is read as if its first clause were one."""
    read = [_plain(text[:_BODY_READ]) for text in texts]
    heads = [
        _plain(title) if title.strip() else _lead(plain) if len(text) <= _BODY_READ else lead(text)
        for title, text, plain in zip(titles, texts, read, strict=True)
    ]
    bodies = [plain[:_BODY_MOST] for plain in read]
    head = _bigrams(heads)
    vocabulary = _Vocabulary.of(head.code)
    known = vocabulary.find(head.code)
    length = np.array([max(len(text) - 2, 1) for text in heads], np.float64)
    place = np.minimum(head.offset / length[head.document], 1.0) if len(known) else np.zeros(0)
    return Terms(len(texts), vocabulary.size, *_counted(heads, bodies, vocabulary), known, place, head.run)


def lead(text: str) -> str:
    """The clause a text begins with, greetings aside: what stands for a title where there is none.

    >>> lead("尊敬的领导您好：魅力小区一楼的夜宵摊油烟很大影响居民休息，希望处理")
    '魅力小区一楼的夜宵摊油烟很大影响居民休息'
    """
    return _lead(_plain(text))


def _lead(plain: str) -> str:
    body = _GREETING.sub("", plain)
    end = _CLAUSE_END.search(body, _LEAD_LEAST)
    return body[: min(_LEAD_MOST, end.start() if end else _LEAD_MOST)]


def _plain(text: str) -> str:
    """The text without white space and stars, with a break where a region code or a masked value stood."""
    bare = "".join(text.replace("*", "").split())
    return _REGION_CODE.sub(" ", _PLACEHOLDER.sub(" ", bare)).strip()


@dataclass(frozen=True, slots=True)
class _Bigrams:
    document: NDArray[np.int64]
    code: NDArray[np.int64]
    offset: NDArray[np.int64]
    run: NDArray[np.int64]


def _bigrams(texts: Sequence[str]) -> _Bigrams:
    """All pairs of neighbouring letters, digits or characters, with their document and offset."""
    lengths, codes = lengths_of(texts), codes_of("".join(texts))
    if len(codes) < 2:
        none = np.zeros(0, np.int64)
        return _Bigrams(none, none, none, none)
    document = np.repeat(np.arange(len(texts)), lengths)
    word = _is_word(codes)
    whole = word[:-1] & word[1:] & (document[:-1] == document[1:])
    spot = np.flatnonzero(whole)
    start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    code = (codes[spot].astype(np.int64) << 21) | codes[spot + 1]
    run = np.cumsum(np.concatenate([[True], np.diff(spot) > 1])) if len(spot) else spot
    return _Bigrams(document[spot], code, spot - start[document[spot]], run)


def _is_word(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    used = np.flatnonzero(np.bincount(codes))
    table = np.zeros(int(used.max()) + 1, bool)
    table[used] = [chr(code).isalnum() for code in used]
    return table[codes]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Numbers bigrams by a table over the characters that occur in them, so that looking up is one step."""

    character: NDArray[np.int32]
    table: NDArray[np.int32]
    size: int

    @classmethod
    def of(cls, codes: NDArray[np.int64]) -> "_Vocabulary":
        distinct = sorted_distinct(codes)
        first, second = distinct >> 21, distinct & 0x1FFFFF
        used = np.union1d(first, second)
        character = np.full(int(used.max(initial=0)) + 2, -1, np.int32)
        character[used] = np.arange(len(used))
        table = np.full((len(used), len(used)), -1, np.int32)
        table[character[first], character[second]] = np.arange(len(distinct))
        return cls(character, table, len(distinct))

    def find(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of each bigram, -1 for those outside the vocabulary."""
        if not self.size:
            return np.full(len(codes), -1, np.int64)
        last = len(self.character) - 1
        first = self.character[np.minimum(codes >> 21, last)]
        second = self.character[np.minimum(codes & 0x1FFFFF, last)]
        return np.where((first >= 0) & (second >= 0), self.table[first, second], -1).astype(np.int64)


def _counted(heads: Sequence[str], bodies: Sequence[str], vocabulary: _Vocabulary) -> _Counts:
    native = compiled("similarity")
    count = _count_block if native is None else partial(_count_natively, native)
    parts = list(in_blocks(partial(count, vocabulary, heads, bodies), len(heads), _BLOCK))
    if not parts:
        none, never = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return none, none, never, never
    document, term, in_title, in_body = map(np.concatenate, zip(*parts, strict=True))
    return document, term, in_title, in_body


def _count_block(vocabulary: _Vocabulary, heads: Sequence[str], bodies: Sequence[str], begin: int, end: int) -> _Counts:
    parts = [_tallied(_known(texts[begin:end], vocabulary)) for texts in (heads, bodies)]
    keys = sorted_distinct(np.concatenate([own for own, _ in parts]))
    counts = np.zeros((2, len(keys)), np.float32)
    for row, (own, times) in zip(counts, parts, strict=True):
        row[np.searchsorted(keys, own)] = times
    document, term = np.divmod(keys, max(vocabulary.size, 1))
    return document + begin, term, counts[0], counts[1]


def _known(texts: Sequence[str], vocabulary: _Vocabulary) -> NDArray[np.int64]:
    """The terms in texts, every occurrence, as ``document * terms + term``."""
    found = _bigrams(texts)
    term = vocabulary.find(found.code)
    inside = term >= 0
    return found.document[inside] * vocabulary.size + term[inside]


def _count_natively(
    native: ModuleType, vocabulary: _Vocabulary, heads: Sequence[str], bodies: Sequence[str], begin: int, end: int
) -> _Counts:
    read = [(codes_of("".join(texts[begin:end])), np.cumsum(lengths_of(texts[begin:end]))) for texts in (heads, bodies)]
    most = sum(len(codes) for codes, _ in read)
    seen = np.zeros((2, max(vocabulary.size, 1)), np.int32)
    term, counts, size = np.empty(most, np.int32), np.empty((2, most), np.float32), np.empty(end - begin, np.int64)
    filled = native.count_terms(*read[0], *read[1], vocabulary.character, vocabulary.table, seen, term, counts, size)
    document = np.repeat(np.arange(begin, end, dtype=np.int64), size)
    # copies, for what is not filled is the larger part
    return document, term[:filled].astype(np.int64), counts[0, :filled].copy(), counts[1, :filled].copy()


def _tallied(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys, ascending, and how often each occurs."""
    ordered = np.sort(keys)
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    return ordered[first], np.diff(np.concatenate([first, [len(ordered)]]))


def sorted_distinct(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct keys, ascending; by sorting, which for millions of keys is several times faster than hashing."""
    return _tallied(keys)[0]
