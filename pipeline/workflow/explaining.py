"""Explain one text: every label's probability, and the words for and against the best one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import UsageError
from pipeline.model.classifying import Model
from pipeline.model.explaining import Word, word_shares
from pipeline.records import Prediction
from pipeline.workflow.classifying import load_model


@dataclass(frozen=True, slots=True)
class LabelView:
    """One label: its own probability (labels need not sum to one) and its margin."""

    label: str
    probability: float
    margin: float


@dataclass(frozen=True, slots=True)
class CauseView:
    """One of the likeliest root causes; ``share`` of the belief in all causes (they sum to one)."""

    cause: str
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is classified as it is; ``text`` is what the model saw: cleaned and masked.

    ``words`` are in the order of the text; ``share`` is a word's part of the lead of the best cause (the best
    category, where there are no causes) over the mean of all: above 0 speaks for it, below 0 against it.
    """

    text: str
    prediction: Prediction
    labels: Sequence[LabelView]
    causes: Sequence[CauseView]
    words: Sequence[Word]


def explain(text: str, model: Model | str | Path | None = None) -> Explanation:
    """Classify one text and account for it word by word; ``UsageError`` where it is empty."""
    if not text.strip():
        raise UsageError("The text is empty. Give the words of a complaint.")
    used = model if isinstance(model, Model) else load_model(model)
    prepared = used.preparer.prepare([text])
    leaf_margins = used.head.margins(used.vectorise([text]))
    margins = used.leaves.pooled(leaf_margins)
    probabilities = used.calibration.probabilities(margins)[0]
    order = np.argsort(-margins[0], kind="stable")
    labels = [LabelView(used.labels[i], float(probabilities[i]), float(margins[0, i])) for i in order]
    leaf = int(used.leaves.best(leaf_margins, order[:1])[0])
    causes = [CauseView(cause, share) for cause, share in used.rank_causes([text], 5)[0]]
    words = word_shares(used, prepared, leaf)
    return Explanation(prepared.texts[0], used.predict([text])[0], labels, causes, words)


def explanation_dict(found: Explanation) -> dict[str, Any]:
    """The explanation as plain values for JSON."""
    return asdict(found)
