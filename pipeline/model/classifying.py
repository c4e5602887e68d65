"""Rows of TF-IDF to categories and causes: linear scores, calibrated confidence, abstention, deciding words.

Needs numpy and a single loop of scipy's. There is one linear layer, and it scores *leaves*: root causes, or a category
itself where it has none. A category scores what its best causes score (a smooth maximum), because a cause is a narrow
topic that a linear layer learns well, and a category is a wide one that it does not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.model.reasons import deciding_words
from pipeline.model.sparse_rows import AnyRows, SparseRows, lengths_of_rows, loops_for, times
from pipeline.model.vectorising import Documents, Vectoriser
from pipeline.records import Prediction, Predictions
from pipeline.text.chinese import lack_chinese
from pipeline.text.preparing import Prepared, Preparer, portions

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Leaves:
    """What the linear layer scores: ``causes`` (empty for a bare category) and the place of each one's category.

    ``sharpness`` is that of the smooth maximum by which a category takes the score of its leaves.
    """

    categories: tuple[str, ...]
    causes: tuple[str, ...]
    owners: Ints
    sharpness: float = 8.0

    def pooled(self, margins: Floats) -> Floats:
        """Margins of the categories, shape (rows, categories): log-sum-exp of their leaves over the sharpness."""
        pooled = np.empty((len(margins), len(self.categories)))
        for category in range(len(self.categories)):
            own = margins[:, self.owners == category]
            highest = own.max(axis=1)
            spread = np.exp(self.sharpness * (own - highest[:, None])).sum(axis=1)
            pooled[:, category] = highest + np.log(spread) / self.sharpness
        return pooled

    def best(self, margins: Floats, category: Ints) -> Ints:
        """The best leaf of each row's category, as places among the leaves."""
        inside = self.owners[None, :] == category[:, None]
        return np.where(inside, margins, -np.inf).argmax(axis=1)


@dataclass(frozen=True, slots=True)
class Head:
    """A one-versus-rest linear layer.

    ``scale`` (features,) is each feature's training weight (entropy weights, or ones); a row is scaled by it and
    brought to unit length before it meets ``weights`` (features, leaves), into which the scale is multiplied already.
    """

    weights: Floats
    bias: Floats
    scale: Floats

    def norms(self, tfidf: AnyRows) -> Floats:
        """Length of every scaled row; 1 for an empty row, so that it scores the bias alone."""
        return lengths_of_rows(tfidf, self.scale)

    def margins(self, tfidf: AnyRows, norms: Floats | None = None) -> Floats:
        """Signed distances, shape (rows, leaves); ``norms`` if they are known already."""
        norms = self.norms(tfidf) if norms is None else norms
        native = loops_for(tfidf, self.weights, self.bias)
        if native is None:
            return times(tfidf, self.weights).astype(np.float64) / norms[:, None] + self.bias
        found: Floats = native.margins(tfidf.indptr, tfidf.indices, tfidf.data, self.weights, norms, self.bias)
        return found


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns margins into probabilities.

    ``slopes``, ``intercepts`` (categories,) give each category's own probability (Platt 1999); ``top`` and ``cause`` =
    (constant, weight of the lead, weight of the margin) give the probability that the best category, and the cause
    named with it, are right.
    """

    slopes: Floats
    intercepts: Floats
    top: Floats
    cause: Floats

    def probabilities(self, margins: Floats) -> Floats:
        """Probability of every category by itself, shape (rows, categories); rows need not sum to one."""
        return sigmoid(margins * self.slopes + self.intercepts)

    def confidence(self, margins: Floats) -> Floats:
        """Probability that the category with the largest margin is right, shape (rows,)."""
        return sigmoid(lead_evidence(margins, margins.argmax(axis=1)) @ self.top)

    def cause_confidence(self, leaf_margins: Floats, leaf: Ints) -> Floats:
        """Probability that the cause at place ``leaf`` is right, shape (rows,)."""
        return sigmoid(lead_evidence(leaf_margins, leaf) @ self.cause)


def sigmoid(values: Floats) -> Floats:
    """Logistic function, safe for large values."""
    return 1 / (1 + np.exp(-np.clip(values, -500, 500)))


def lead_evidence(margins: Floats, chosen: Ints) -> Floats:
    """Per row: 1, the chosen margin's lead over the best other one, the chosen margin; shape (rows, 3)."""
    rows = np.arange(len(margins))
    own = margins[rows, chosen]
    others = margins.copy()
    others[rows, chosen] = -np.inf
    best = others.max(axis=1) if margins.shape[1] > 1 else own
    return np.column_stack([np.ones(len(margins)), own - best, own])


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the model stops answering.

    ``answer`` (categories,): least confidence in a best category of that name; ``assign`` (categories,): least
    probability to list a category behind another best one; ``cause``: least confidence to name a cause;
    ``novel``: least margin of the best leaf, below which a text is unlike anything learned and goes to review.
    """

    answer: Floats
    assign: Floats
    cause: float
    novel: float


@dataclass(frozen=True)
class Model:
    """A trained model; ``predict`` is the whole use of it.

    ``info`` is the readable part of the manifest (training data, metrics, settings); ``name`` the folder it came from.
    """

    preparer: Preparer
    vectoriser: Vectoriser
    leaves: Leaves
    head: Head
    calibration: Calibration
    thresholds: Thresholds
    info: Mapping[str, object] = field(default_factory=dict)
    name: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Category ids in the order of every per-category array."""
        return self.leaves.categories

    @property
    def causes(self) -> dict[str, tuple[str, ...]]:
        """The root causes the model knows, by category; categories without causes are left out."""
        return {
            label: names
            for place, label in enumerate(self.labels)
            if (
                names := tuple(
                    c for c, o in zip(self.leaves.causes, self.leaves.owners, strict=True) if c and o == place
                )
            )
        }

    def vectorise(self, texts: Sequence[str]) -> SparseRows:
        """Prepare raw texts and return their TF-IDF rows."""
        prepared = self.preparer.prepare(texts)
        return self.vectoriser.rows(Documents(prepared.texts, prepared.segmentation))

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Every category's own probability, shape (texts, categories)."""
        return self.calibration.probabilities(self.leaves.pooled(self.head.margins(self.vectorise(texts))))

    def rank_causes(self, texts: Sequence[str], first: int = 3) -> list[list[tuple[str, float]]]:
        """The likeliest causes of each text over all categories, best first, with shares that sum to one over all."""
        if not any(self.leaves.causes) or not len(texts):
            return [[] for _ in texts]
        shares = leaf_shares(self.head.margins(self.vectorise(texts)), self.calibration)
        order = np.argsort(-shares, axis=1, kind="stable")
        names = self.leaves.causes
        return [
            [(names[i], float(row[i])) for i in places if names[i]][:first]
            for places, row in zip(order, shares, strict=True)
        ]

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Classify raw texts; the answer has one entry per text, in order."""
        return [answer for found in self.predict_columns(texts) for answer in found.rows()]

    def predict_columns(self, texts: Sequence[str]) -> Iterator[Predictions]:
        """Yield what ``predict`` returns by column, for one portion of the texts after the other."""
        return (found for _, _, found in self.predict_prepared(texts))

    def predict_prepared(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[str], Prepared, Predictions]]:
        """Yield each portion of the texts, how it was prepared, and what ``predict_columns`` says of it."""
        for portion in portions(texts):
            prepared = self.preparer.prepare(portion)
            yield portion, prepared, self._predict(portion, prepared)

    def _predict(self, texts: Sequence[str], prepared: Prepared) -> Predictions:
        tfidf = self.vectoriser.rows(Documents(prepared.texts, prepared.segmentation))
        norms = self.head.norms(tfidf)
        leaf_margins = self.head.margins(tfidf, norms)
        margins = self.leaves.pooled(leaf_margins)
        best = margins.argmax(axis=1)
        leaf = self.leaves.best(leaf_margins, best)
        # a text without a single known feature says nothing: its margins are the bias, those of a foreign one chance
        known = (np.diff(tfidf.indptr) > 0) & ~self._foreign(texts)
        confidence = np.where(known, self.calibration.confidence(margins), 0.0)
        novel = leaf_margins.max(axis=1) < self.thresholds.novel
        review = ~known | novel | (confidence < self.thresholds.answer[best])
        labels = self.labels
        reasons = deciding_words(tfidf, norms, self.head.weights, self._usual, leaf, self._names)
        return Predictions(
            [labels[place] for place in best.tolist()],
            confidence.tolist(),
            self._listed(margins, best, known),
            *self._causes(leaf_margins, leaf, known),
            review.tolist(),
            [reason if sure else () for reason, sure in zip(reasons, known.tolist(), strict=True)],
            leaf_margins,
        )

    def cause_shares(self, found: Iterable[Predictions]) -> NDArray[np.float32]:
        """Probability of every cause, shape (complaints, causes), of what ``predict_columns`` yielded.

        Categories without causes keep what is missing to one.
        """
        named = [place for place, cause in enumerate(self.leaves.causes) if cause]
        shares = [leaf_shares(one.leaf_margins, self.calibration)[:, named] for one in found]
        return np.concatenate([np.zeros((0, len(named))), *shares]).astype(np.float32)

    def _foreign(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts hold no Chinese character although the model learned from Chinese: its features are chance."""
        return np.array(lack_chinese(texts), bool) & self._chinese

    @cached_property
    def _chinese(self) -> bool:
        """Whether most of the features are Chinese; a sample of their names tells."""
        lacking = lack_chinese(self._names[:: len(self._names) // 1_000 + 1])
        return 2 * sum(lacking) < len(lacking)

    def _listed(self, margins: Floats, best: Ints, known: NDArray[np.bool_]) -> list[tuple[str, ...]]:
        """The best category, and behind it those of a known text that reach their threshold beside another."""
        shown = (self.calibration.probabilities(margins) >= self.thresholds.assign) & known[:, None]
        shown[np.arange(len(best)), best] = False
        single = [(label,) for label in self.labels]
        listed = [single[place] for place in best.tolist()]
        for row in np.flatnonzero(shown.any(axis=1)).tolist():
            order = np.argsort(-margins[row], kind="stable").tolist()
            listed[row] += tuple(self.labels[place] for place in order if shown[row, place])
        return listed

    def _causes(self, margins: Floats, leaf: Ints, known: NDArray[np.bool_]) -> tuple[list[str], list[float | None]]:
        """The cause of each row and how sure it is; empty and None where there is none or it is not sure enough."""
        sure = np.where(known, self.calibration.cause_confidence(margins, leaf), 0.0)
        answered = (sure >= self.thresholds.cause).tolist()
        causes = self.leaves.causes
        named = [causes[i] if answer else "" for i, answer in zip(leaf.tolist(), answered, strict=True)]
        return named, [value if name else None for name, value in zip(named, sure.tolist(), strict=True)]

    @cached_property
    def _usual(self) -> Floats:
        """Mean weight of each feature over the leaves: what speaks for every leaf speaks for none.

        Not a number for single characters: words and bigrams may stand as a reason, they may not.
        """
        kinds = [block.kind != "chars" for block in self.vectoriser.blocks]
        means = self.head.weights.mean(axis=1)
        means[~np.repeat(kinds, np.diff(self.vectoriser.offsets))] = np.nan
        return means

    @cached_property
    def _names(self) -> list[str]:
        return self.vectoriser.names()


def leaf_shares(margins: Floats, calibration: Calibration) -> Floats:
    """Belief in every leaf: a softmax, as sharp as calibration found a lead to be worth; rows sum to one."""
    scores = margins * max(float(calibration.cause[1]), 1.0)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
