"""The order of the steps: each public function is one command, callable from Python as well.

The only room that knows the clock, the engine and which rooms follow which.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.model.evaluating import Evaluation
from pipeline.text.describing import Description
from pipeline.text.describing import describe as _describe
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.classify import ClassifyOptions, classify, classify_stream, load_model
from pipeline.workflow.explain import Explanation, explain, explanation_dict
from pipeline.workflow.learn import TrainOptions, TrainReport, evaluate, evaluation_json, train, training_json
from pipeline.workflow.mask import MaskOptions, mask
from pipeline.workflow.report import RunReport

__all__ = [
    "ClassifyOptions",
    "Description",
    "Evaluation",
    "Explanation",
    "MaskOptions",
    "ReadOptions",
    "RunReport",
    "TrainOptions",
    "TrainReport",
    "classify",
    "classify_stream",
    "describe",
    "evaluate",
    "evaluation_json",
    "explain",
    "explanation_dict",
    "load_model",
    "mask",
    "train",
    "training_json",
]


def describe(inputs: Sequence[str | Path], read: ReadOptions | None = None) -> Description:
    """Say how dumps are understood: encoding, header row and the role of every column; no row is classified."""
    return _describe(open_dump(inputs, read))
