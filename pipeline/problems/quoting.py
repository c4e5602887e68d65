"""What to quote of a problem: the complaint most like the others, and typical ones that differ from each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.wording import FUNCTION_WORD, Text, Wording
from pipeline.text.privacy import PLACEHOLDER
from pipeline.text.tokenising import Tokeniser

_QUOTES = 3
# how much being typical counts beside being unlike the quotes already chosen
_TYPICAL = 0.6
_THE_SAME = 0.9
_LENGTH = 60
_CLAUSE = re.compile(r"[^,，。!！?？;；\n]+[,，。!！?？;；\n]*|[,，。!！?？;；\n]+")
_EDGE_MARKS = ",，;；、:：\n "


@dataclass(frozen=True, slots=True)
class Typical:
    """The medoid and the quotes of a problem as places of complaints, and the mean similarity to the medoid."""

    medoid: int
    quotes: tuple[int, ...]
    cohesion: float


def typical_complaints(wording: Wording) -> list[Typical]:
    """Choose the medoid and up to three quotes of every problem.

    Similarity is the cosine of TF-IDF vectors; words of titles count twice. Copies of a text count as often as they
    occur. ``cohesion`` leaves out the medoid itself and is 1 for a problem of one complaint.
    """
    traits = np.array(wording.vocabulary.traits)
    telling = np.where(traits & FUNCTION_WORD == FUNCTION_WORD, 0.0, wording.usage.telling)
    return [_typical(texts, telling) for texts in wording.groups]


def _typical(texts: Sequence[Text], telling: NDArray[np.float64]) -> Typical:
    similarity = _similarities(texts, telling)
    copies = np.array([len(text.places) for text in texts], np.float64)
    # a complaint is not compared with itself, but with the copies of its text
    typicality = (similarity @ copies - np.diag(similarity)) / max(1.0, copies.sum() - 1)
    medoid = int(typicality.argmax())
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
    alone = copies.sum() == 1
    cohesion = 1.0 if alone else float(typicality[medoid]) if similarity[medoid, medoid] else _share_of_copies(copies, medoid)
    return Typical(texts[medoid].places[0], tuple(texts[one].places[0] for one in chosen), min(cohesion, 1.0))


def _share_of_copies(copies: NDArray[np.float64], medoid: int) -> float:
    """What a text without words has in common with others: nothing but its copies."""
    return float((copies[medoid] - 1) / max(1.0, copies.sum() - 1))


def _similarities(texts: Sequence[Text], telling: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine of every text with every other; zero for texts without words, themselves included."""
    words = [[token for clause in (*text.title, *text.clauses) for token in clause] for text in texts]
    flat = np.fromiter(chain.from_iterable(words), np.int64)
    known, column = np.unique(flat, return_inverse=True)
    row = np.repeat(np.arange(len(texts)), [len(held) for held in words])
    counts = np.bincount(row * len(known) + column, minlength=len(texts) * len(known)).reshape(len(texts), -1)
    vectors = np.log1p(counts) * telling[known]
    norms = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    vectors /= np.where(norms > 0.0, norms, 1.0)
    similarity: NDArray[np.float64] = vectors @ vectors.T
    return np.clip(similarity, 0.0, 1.0)


def quote(text: str, phrases: Sequence[str]) -> str:
    """Return about 60 characters of a masked text around its claim: whole clauses, as many phrases as possible.

    >>> quote("你好。我家在三楼。楼下夜宵摊的油烟天天往上飘，窗户都不敢开，老人小孩咳嗽了一个夏天，社区来过两次没有用，请管一管，谢谢", ["油烟"])
    '你好。我家在三楼。楼下夜宵摊的油烟天天往上飘，窗户都不敢开，老人小孩咳嗽了一个夏天，社区来过两次没有用…'
    """
    whole = " ".join(text.split())
    if len(whole) <= _LENGTH:
        return whole
    clauses = [piece for clause in _CLAUSE.findall(whole) for piece in _short_pieces(clause)]
    hits = [sum(phrase.lower() in clause.lower() for phrase in phrases) for clause in clauses]
    start, end = _best_window([len(clause) for clause in clauses], hits)
    cut = "".join(clauses[start:end]).strip(_EDGE_MARKS)
    return f"{'…' if start else ''}{cut}{'…' if end < len(clauses) else ''}"


def _best_window(lengths: Sequence[int], hits: Sequence[int]) -> tuple[int, int]:
    """The stretch of clauses within the length that holds most hits; of equal ones the first, and the longest."""
    best, window = (-1, 0), (0, 1)
    for start in range(len(lengths)):
        length = found = 0
        for end in range(start, len(lengths)):
            length += lengths[end]
            if length > _LENGTH and end > start:
                break
            found += hits[end]
            if (found, length if start == window[0] else 0) > best:
                best, window = (found, length), (start, end + 1)
    return window


def _short_pieces(clause: str) -> list[str]:
    """A clause of its own length, or cut between words where it is too long for a quote; masked values stay whole."""
    if len(clause) <= _LENGTH:
        return [clause]
    pieces = [""]
    for word in _words(clause):
        if len(pieces[-1]) + len(word) > _LENGTH // 2:
            pieces.append("")
        pieces[-1] += word
    return pieces


def _words(clause: str) -> list[str]:
    words: list[str] = []
    done = 0
    for found in PLACEHOLDER.finditer(clause):
        words += [*_tokeniser().cut(clause[done : found.start()]), found[0]]
        done = found.end()
    return words + _tokeniser().cut(clause[done:])


@cache
def _tokeniser() -> Tokeniser:
    return Tokeniser()
