"""The model card: what a model is good and bad at, for people, in Markdown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.model.evaluating import Truth, evaluate
from pipeline.model.examples import Example

if TYPE_CHECKING:
    from pipeline.model.training import Trained

_FEW = 20


def write_card(trained: "Trained", examples: Sequence[Example], info: Mapping[str, Any]) -> str:
    """Return the model card; every figure is measured on rows held out in cross-validation."""
    parts = [
        _head(trained, info),
        _labels(trained),
        _coverage(trained),
        _confusion(trained),
        _splits(trained, examples),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(trained: "Trained", info: Mapping[str, Any]) -> Iterator[str]:
    e, made = trained.evaluation, info["trained"]
    yield "# Model card"
    yield ""
    yield f"Trained on {made['rows']:,} rows of {', '.join(made['files'])} ({made['at']}); learner {trained.learner}."
    yield "All figures: out-of-fold answers of a cross-validation that keeps near-duplicates (and named groups)"
    yield "together, with 95 % bootstrap intervals. They hold for complaints like these; measure again on your own."
    yield ""
    yield f"- macro-F1 {e.macro_f1}; accuracy {e.accuracy}; main or secondary label {e.either}"
    yield f"- calibration error (ECE, 15 bins) {e.ece:.3f}"
    if e.causes:
        c = e.causes
        yield f"- root causes ({c.causes}, {c.rows:,} rows): first {c.top1}, first three {c.top3}"
    yield ""


def _labels(trained: "Trained") -> Iterator[str]:
    yield "## Labels"
    yield ""
    yield "| label | rows | precision | recall | F1 |"
    yield "|---|---|---|---|---|"
    for score in trained.evaluation.labels:
        yield f"| {score.label} | {score.support} | {score.precision} | {score.recall} | {score.f1} |"
    yield ""


def _coverage(trained: "Trained") -> Iterator[str]:
    yield "## Coverage: rows answered when the answers shall reach a precision"
    yield ""
    yield "| target precision | rows answered | least confidence |"
    yield "|---|---|---|"
    for one in trained.evaluation.coverage:
        yield f"| {one.target:.2f} | {one.coverage:.1%} | {one.threshold:.3f} |"
    yield ""
    yield "| label | answers from confidence |"
    yield "|---|---|"
    for label, threshold in zip(trained.model.labels, trained.model.thresholds.answer, strict=True):
        yield f"| {label} | {'never (always review)' if threshold > 1 else f'{threshold:.3f}'} |"
    yield ""


def _confusion(trained: "Trained") -> Iterator[str]:
    labels = trained.model.labels
    yield "## Confusion (rows: labelled; columns: called)"
    yield ""
    yield "| | " + " | ".join(labels) + " |"
    yield "|---" * (len(labels) + 1) + "|"
    for label, row in zip(labels, trained.evaluation.confusion, strict=True):
        yield f"| {label} | " + " | ".join(map(str, row)) + " |"
    yield ""


def _splits(trained: "Trained", examples: Sequence[Example]) -> Iterator[str]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, example in enumerate(examples):
        for split in example.splits:
            rows[split].append(row)
    if not rows:
        return
    yield "## By part of the data"
    yield ""
    yield "| part | rows | macro-F1 | accuracy | main or secondary |"
    yield "|---|---|---|---|---|"
    place = {label: i for i, label in enumerate(trained.model.labels)}
    for name, members in sorted(rows.items()):
        if len(members) < _FEW:
            yield f"| {name} | {len(members)} | too few | | |"
            continue
        sets = [tuple(place[label] for label in examples[row].labels) for row in members]
        some = np.array(members)
        e = evaluate(Truth(trained.model.labels, sets), trained.guesses[some], trained.confidence[some])
        yield f"| {name} | {e.rows} | {e.macro_f1} | {e.accuracy} | {e.either} |"
    yield ""
