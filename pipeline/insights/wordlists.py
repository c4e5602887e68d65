"""Finding words in many texts quickly: every distinct text once, a whole block of texts at a time."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases
from pipeline.resources import data_file

# texts joined for one search; bounds the memory, not the answer
_BLOCK = 50_000
# all letters of Unicode, and the bits one of them takes
_LETTERS, _SHIFT = 0x110000, 21


@cache
def words_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """Read a shipped list of words, e.g. ``words_of("churn.toml")["leave"]``."""
    with data_file(name).open("rb") as file:
        return {key: tuple(words) for key, words in tomllib.load(file).items()}


def distinct_texts(cases: Cases, column: str = "text") -> tuple[list[str], NDArray[np.int64]]:
    """The distinct texts of a column, and for every complaint its text's place among them.

    Texts are told apart letter by letter, not by ``copy_of``: a near-copy may differ in the very word looked for.
    """
    places, texts = pd.factorize(cases.frame[column])
    return texts.to_numpy(dtype=object).tolist(), np.asarray(places, dtype=np.int64)


def holding(texts: Sequence[str], words: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each text holds one of ``words``.

    Texts are searched joined together, as numbers of letters: a word can only stand where its first two letters do.
    A hundred words so cost hardly more than one.

    >>> holding(["我要转网", "话费多了", ""], ["转网", "销户手续", "骂"]).tolist()
    [True, False, False]
    """
    if not words or not len(texts):
        return np.zeros(len(texts), bool)
    beginnings = _Beginnings.of(words)
    return np.concatenate([_holding(block, beginnings) for block in _blocks(texts)])


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """Words by their first two letters; ``first`` marks the first letters, ``alone`` words of one letter."""

    first: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    pairs: NDArray[np.uint64]
    words: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, words: Sequence[str]) -> "_Beginnings":
        first, alone = np.zeros(_LETTERS, bool), np.zeros(_LETTERS, bool)
        by_pair: dict[int, tuple[str, ...]] = {}
        for word in filter(None, dict.fromkeys(words)):
            if len(word) == 1:
                alone[ord(word)] = True
                continue
            first[ord(word[0])] = True
            pair = (ord(word[0]) << _SHIFT) + ord(word[1])
            by_pair[pair] = (*by_pair.get(pair, ()), word)
        return cls(first, alone, np.array(sorted(by_pair), np.uint64), by_pair)


def _blocks(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + _BLOCK] for start in range(0, len(texts), _BLOCK)]


def _holding(texts: Sequence[str], beginnings: _Beginnings) -> NDArray[np.bool_]:
    # NUL parts the texts: no cell can hold one, so that no word is found across two texts
    joined = "\0".join(texts) + "\0"
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    text_of = _text_of(texts)
    held = np.zeros(len(texts), bool)
    held[text_of(np.flatnonzero(beginnings.alone[letters]))] = True
    places = np.flatnonzero(beginnings.first[letters])
    pairs = (letters[places].astype(np.uint64) << np.uint64(_SHIFT)) + letters[places + 1]
    likely = np.isin(pairs, beginnings.pairs)
    places, pairs = places[likely], pairs[likely]
    for text, place, pair in zip(text_of(places).tolist(), places.tolist(), pairs.tolist(), strict=True):
        if not held[text]:
            held[text] = any(joined.startswith(word, place) for word in beginnings.words[pair])
    return held


def _text_of(texts: Sequence[str]) -> Callable[[NDArray[np.int64]], NDArray[np.int64]]:
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    return lambda places: np.searchsorted(ends, places, side="right")
