"""What to quote of a problem: the complaint most like the others, and typical ones that differ from each other."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.native.blocks import in_blocks
from pipeline.problems.naming_arrays import BLOCK
from pipeline.problems.vocabulary import FUNCTION_WORD
from pipeline.problems.wording import Text, Wording
from pipeline.text.masking.shapes import PLACEHOLDER
from pipeline.text.tokenising import Tokeniser

_QUOTES = 3
# how much being typical counts beside being unlike the quotes already chosen
_TYPICAL = 0.6
_THE_SAME = 0.9
_FEW = 24
# similarities are counted in such parts of one
_PARTS = 1e9
_LENGTH, _WORD = 60, 30
# the claim stands at the beginning, not behind this many characters
_SEARCHED = 2000
_CLAUSE = re.compile(r"[^,，。!！?？;；\n]+[,，。!！?？;；\n]*|[,，。!！?？;；\n]+")
_EDGE_MARKS = ",，。;；、:： "


@dataclass(frozen=True, slots=True)
class Typical:
    """The medoid and the quotes of a problem as places of complaints, and the mean similarity to the medoid."""

    medoid: int
    quotes: tuple[int, ...]
    cohesion: float


def typical_complaints(wording: Wording, problems: Any = None) -> list[Typical]:
    """Choose the medoid and up to three quotes of every problem.

    Similarity is the cosine of TF-IDF vectors; words of titles count twice. Copies of a text count as often as they
    occur. ``cohesion`` leaves out the medoid itself and is 1 for a problem of one complaint.
    ``problems`` are the compiled ones, if there are any.
    """
    traits = np.array(wording.vocabulary.traits)
    telling = np.where(traits & FUNCTION_WORD == FUNCTION_WORD, 0.0, wording.usage.telling)
    # a word of a title counts twice, so that no text has one more often
    logarithms = np.log1p(np.arange(2 * wording.contents.longest + 1))
    if problems is None:
        return [_typical(texts, telling, logarithms) for texts in wording.groups]
    count = len(wording.groups)
    quotes, found, cohesion = np.empty((count, _QUOTES), np.int32), np.empty(count, np.int32), np.empty(count)
    limits = np.array([_TYPICAL, _THE_SAME])

    def read(begin: int, end: int) -> None:
        problems.typical(begin, end, telling, logarithms, limits, quotes, found, cohesion)

    for _ in in_blocks(read, count, BLOCK):
        pass
    return [
        _told(texts, own[:some], alike)
        for texts, own, some, alike in zip(
            wording.groups, quotes.tolist(), found.tolist(), cohesion.tolist(), strict=True
        )
    ]


def _told(texts: Sequence[Text], chosen: Sequence[int], cohesion: float) -> Typical:
    return Typical(texts[chosen[0]].places[0], tuple(texts[one].places[0] for one in chosen), cohesion)


def _typical(texts: Sequence[Text], telling: NDArray[np.float64], logarithms: NDArray[np.float64]) -> Typical:
    similarity = _similarities(texts, telling, logarithms)
    copies = np.array([len(text.places) for text in texts], np.float64)
    others = max(1.0, copies.sum() - 1)
    # a complaint is not compared with itself, but with the copies of its text
    typicality = (similarity @ copies - np.diag(similarity)) / (others * _PARTS)
    medoid = int(typicality.argmax())
    if not similarity[medoid, medoid]:
        # no text has words: what they have in common is being copies
        medoid = int(copies.argmax())
        typicality[medoid] = (copies[medoid] - 1) / others
    cohesion = float(typicality[medoid]) if copies.sum() > 1 else 1.0
    return _told(texts, _different(similarity / _PARTS, typicality, medoid), min(cohesion, 1.0))


def _different(similarity: NDArray[np.float64], typicality: NDArray[np.float64], medoid: int) -> list[int]:
    """The medoid and further texts that are typical and unlike the chosen ones (maximal marginal relevance)."""
    chosen = [medoid]
    nearest = similarity[medoid].copy()
    scale = max(float(typicality.max()), 1e-9)
    while len(chosen) < _QUOTES:
        value = _TYPICAL * typicality / scale - (1 - _TYPICAL) * nearest
        value[(nearest > _THE_SAME) | (np.diag(similarity) == 0.0)] = -np.inf
        best = int(value.argmax())
        if np.isneginf(value[best]):
            break
        chosen.append(best)
        nearest = np.maximum(nearest, similarity[best])
    return chosen


def _similarities(
    texts: Sequence[Text], telling: NDArray[np.float64], logarithms: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cosine of every text with every other in whole billionths; zero for texts without words, themselves included.

    Whole numbers add up to the same sum in whatever order a machine adds.
    """
    words = [[token for clause in (*text.title, *text.clauses) for token in clause] for text in texts]
    flat = np.fromiter(chain.from_iterable(words), np.int64)
    known, first, number = np.unique(flat, return_index=True, return_inverse=True)
    # words in the order of their first occurrence, in which the compiled twin adds, too
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    row = np.repeat(np.arange(len(texts)), [len(held) for held in words])
    counts = np.bincount(row * len(known) + place[number], minlength=len(texts) * len(known)).reshape(len(texts), -1)
    vectors = logarithms[counts] * telling[known[order]]
    norms = np.sqrt(_sums(vectors**2))[:, np.newaxis]
    vectors /= np.where(norms > 0.0, norms, 1.0)
    return np.clip(np.rint(_products(vectors) * _PARTS), 0.0, _PARTS)


def _sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums of the last axis, added up from the first value to the last."""
    sums: NDArray[np.float64] = np.add.accumulate(values, axis=-1)[..., -1] if values.shape[-1] else values.sum(axis=-1)
    return sums


def _products(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of every row with every other, added up from the first column to the last."""
    if len(rows) <= _FEW:
        return np.stack([_sums(rows * row) for row in rows])
    # here and not above: a few complaints do without, and it takes its time to load
    from scipy.sparse import csr_array

    # most texts have few of the words; scipy adds up in the order of the columns
    sparse = csr_array(rows)
    found: NDArray[np.float64] = (sparse @ sparse.T).toarray()
    return found


def quote(text: str, phrases: Sequence[str]) -> str:
    """Return about 60 characters of a masked text around its claim: whole clauses, as many phrases as possible.

    >>> quote("我家在三楼，" * 9 + "楼下夜宵摊的油烟往上飘，窗户不敢开。" + "请管一管。" * 9, ["夜宵摊"])
    '…我家在三楼，我家在三楼，我家在三楼，我家在三楼，楼下夜宵摊的油烟往上飘，窗户不敢开。请管一管。请管一管。请管一管…'
    """
    whole = " ".join(text[: 2 * _SEARCHED].split())
    if len(whole) <= _LENGTH:
        return whole
    clauses = [piece for clause in _CLAUSE.findall(whole[:_SEARCHED]) for piece in _short_pieces(clause)]
    start, end = _best_window(clauses, [phrase.lower() for phrase in phrases])
    cut = "".join(clauses[start:end]).strip(_EDGE_MARKS)
    complete = end == len(clauses) and len(whole) <= _SEARCHED
    return f"{'…' if start else ''}{cut}{'' if complete else '…'}"


def _best_window(clauses: Sequence[str], phrases: Sequence[str]) -> tuple[int, int]:
    """The stretch of clauses within the length that names most phrases, with these in the middle if possible."""
    ends = list(accumulate(map(len, clauses)))
    said = [sum(phrase in clause.lower() for phrase in phrases) for clause in clauses]
    best, window = (-1, 0.0), (0, 1)
    for start, clause in enumerate(clauses):
        left = ends[start] - len(clause)
        end = max(start + 1, bisect_right(ends, left + _LENGTH))
        hits = sum(said[start:end])
        claim = sum(said[place] * (ends[place] - len(clauses[place]) / 2) for place in range(start, end))
        off_centre = abs(claim / hits - (left + ends[end - 1]) / 2) if hits else left
        if (hits, -off_centre) > best:
            best, window = (hits, -off_centre), (start, end)
        if end == len(clauses):
            # what begins later is only shorter
            break
    return window


def _short_pieces(clause: str) -> list[str]:
    """A clause of its own length, or cut between words where it is too long for a quote; masked values stay whole."""
    if len(clause) <= _LENGTH:
        return [clause]
    pieces = [""]
    for word in _words(clause):
        if len(pieces[-1]) + len(word) > _WORD:
            pieces.append("")
        pieces[-1] += word
    return pieces


def _words(clause: str) -> list[str]:
    words: list[str] = []
    done = 0
    for found in PLACEHOLDER.finditer(clause):
        words += [*_tokeniser().cut(clause[done : found.start()]), found[0]]
        done = found.end()
    words += _tokeniser().cut(clause[done:])
    # what has no end is no word
    return [word[start : start + _WORD] for word in words for start in range(0, len(word), _WORD)]


@cache
def _tokeniser() -> Tokeniser:
    return Tokeniser()
