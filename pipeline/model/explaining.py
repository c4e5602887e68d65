"""One text word by word: which words spoke for the answer, and which against it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model.classifying import Model
from pipeline.model.vectorising import Documents
from pipeline.text.preparing import Prepared


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the prepared text and its share in the lead of the best label (negative: it spoke against it)."""

    word: str
    share: float


def word_shares(model: Model, prepared: Prepared, leaf: int) -> list[Word]:
    """Share out every feature's part of the margin to the tokens that carry it.

    A word's share sums its own weight, that of its place among the opening words, its characters, and half of each
    bigram that touches it; the shares of all words sum to the leaf's margin above the mean of all leaves, less bias.
    """
    tfidf = model.vectoriser.transform(Documents(prepared.texts, prepared.tokens))
    weights = model.head.weights
    parts = tfidf.data * (weights[tfidf.indices, leaf] - weights.mean(axis=1)[tfidf.indices])
    worth = dict(zip(tfidf.indices.tolist(), (parts / model.head.norms(tfidf)[0]).tolist(), strict=True))
    tokens = prepared.tokens[0]
    placed = list(_occurrences(model, tokens))
    counts = Counter(column for column, _ in placed)
    shares = [0.0] * len(tokens)
    for column, owners in placed:
        for owner in owners:
            shares[owner] += worth.get(column, 0.0) / counts[column] / len(owners)
    return [Word(token, share) for token, share in zip(tokens, shares, strict=True)]


def _occurrences(model: Model, tokens: Sequence[str]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every feature as it occurs: its column, and the tokens (places) that carry it."""
    text = "".join(tokens)
    owner = [place for place, token in enumerate(tokens) for _ in token]
    blocks = zip(model.vectoriser.blocks, model.vectoriser.features_, model.vectoriser.offsets, strict=False)
    for block, names, offset in blocks:
        spans: dict[str, Sequence[tuple[str, tuple[int, ...]]]] = {
            "words": [(token, (place,)) for place, token in enumerate(tokens)],
            "opening": [(token, (place,)) for place, token in enumerate(tokens[: block.first])],
            "chars": [(char, (owner[i],)) for i, char in enumerate(text)],
            "bigrams": [(text[i : i + 2], (owner[i], owner[i + 1])) for i in range(len(text) - 1)],
        }
        for name, owners in spans[block.kind]:
            place = bisect_left(names, name)
            if place < len(names) and names[place] == name:
                yield int(offset) + place, owners
