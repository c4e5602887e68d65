"""Whether a dump is still what the model was trained on, and what in it nobody trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.model.drift import measure_drift
from pipeline.model.shifts import Drift
from pipeline.model.unfamiliar import new_topics
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.classifying import load_model
from pipeline.workflow.models.lineage import masked

# more tell nothing new: a share measured on so many rows is right to a third of a percent
_MOST_ROWS = 20_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """Texts the model is unsure of that are like each other: a candidate for a new category.

    ``rows`` among those looked at, ``texts`` without copies, telling ``words``, masked ``examples``.
    """

    rows: int
    texts: int
    words: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The drift of a dump of ``rows``, of which ``looked_at`` evenly spaced ones were measured."""

    model: str
    rows: int
    looked_at: int
    drift: Drift
    topics: tuple[Topic, ...]


def drift(
    inputs: Sequence[str | Path], model: str | Path | None = None, read: ReadOptions | None = None
) -> DriftReport:
    """Compare a dump with what the model was trained on."""
    used = load_model(model)
    texts = [text for chunk in open_dump(inputs, read).chunks() for text in chunk.texts]
    if not texts:
        raise InputError(f"There is no row in {', '.join(map(str, inputs))}.")
    some = texts[:: max(-(-len(texts) // _MOST_ROWS), 1)]
    measured, unsure = measure_drift(used, some)
    found = new_topics(some, unsure, used.preparer)
    topics = tuple(
        Topic(
            len(one.members),
            one.texts,
            one.words,
            tuple(masked([some[i] for i in one.members[:_EXAMPLES]], used.preparer)),
        )
        for one in found
    )
    return DriftReport(Path(used.name).name, len(texts), len(some), measured, topics)
