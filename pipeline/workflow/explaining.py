"""Explain one text: every label's probability, and the words for and against the best one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import UsageError
from pipeline.model.classifying import Model, leaf_shares
from pipeline.model.explaining import Word, word_shares
from pipeline.records import Prediction
from pipeline.workflow.classifying import load_model

_CAUSES = 5


@dataclass(frozen=True, slots=True)
class LabelView:
    """One label: how likely it is the right one, its own probability, and its margin.

    ``share`` of the best label is the confidence of the answer; the others share what is left of one by how likely
    their causes are, none more than the best. ``probability`` is that of the label by itself, as if it were the only
    question: a text can belong to several, so these need not sum to one.
    """

    label: str
    share: float
    probability: float
    margin: float


@dataclass(frozen=True, slots=True)
class CauseView:
    """One of the likeliest root causes, its category, and its ``share`` of the belief in all causes (in sum one)."""

    cause: str
    category: str
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is classified as it is; ``text`` is what the model saw: cleaned and masked.

    ``labels`` and ``causes`` come the likeliest first. ``words`` are in the order of the text; ``share`` is a word's
    part of the lead of ``explained``, the best cause of the best category (the category itself, where it has no
    causes), over the mean of all: above 0 speaks for it, below 0 against it.

    Of a text in which the model knows nothing, or without the language it learned (no Chinese), every share and
    probability is 0, and there are no causes and no words: whatever the model computes there is chance.
    """

    text: str
    prediction: Prediction
    labels: Sequence[LabelView]
    causes: Sequence[CauseView]
    explained: str
    words: Sequence[Word]


def explain(text: str, model: Model | str | Path | None = None) -> Explanation:
    """Classify one text and account for it word by word; ``UsageError`` where it is empty."""
    if not text.strip():
        raise UsageError("The text is empty. Give the words of a complaint.")
    used = model if isinstance(model, Model) else load_model(model)
    prepared = used.preparer.prepare([text])
    leaf_margins = used.head.margins(used.vectorise([text]))
    margins = used.leaves.pooled(leaf_margins)
    answer = used.predict([text])[0]
    probabilities = used.calibration.probabilities(margins)[0]
    shares = _shares(used, leaf_margins, used.labels.index(answer.category), answer.confidence)
    order = np.lexsort((-margins[0], -shares, np.array(used.labels) != answer.category))
    known = answer.confidence > 0
    probabilities *= known
    labels = [LabelView(used.labels[i], float(shares[i]), float(probabilities[i]), float(margins[0, i])) for i in order]
    if not known:
        return Explanation(prepared.texts[0], answer, labels, (), answer.category, ())
    leaf = int(used.leaves.best(leaf_margins, order[:1])[0])
    owner = {cause: used.labels[place] for cause, place in zip(used.leaves.causes, used.leaves.owners, strict=True)}
    causes = [CauseView(cause, owner[cause], share) for cause, share in used.rank_causes([text], _CAUSES)[0]]
    explained = used.leaves.causes[leaf] or answer.category
    return Explanation(prepared.texts[0], answer, labels, causes, explained, word_shares(used, prepared, leaf))


def _shares(model: Model, leaf_margins: NDArray[np.floating], best: int, confidence: float) -> NDArray[np.float64]:
    """How likely each category is the right one: the best by the confidence, the rest of one by their causes."""
    beliefs = leaf_shares(leaf_margins, model.calibration)[0]
    shares: NDArray[np.float64] = np.bincount(model.leaves.owners, beliefs, len(model.labels)).astype(np.float64)
    shares[best] = 0
    shares *= (1 - confidence) / max(shares.sum(), np.finfo(np.float64).tiny)
    shares = np.minimum(shares, confidence)
    shares[best] = confidence
    return shares


def explanation_dict(found: Explanation) -> dict[str, Any]:
    """The explanation as plain values for JSON."""
    return asdict(found)
