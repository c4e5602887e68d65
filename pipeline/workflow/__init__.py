"""The order of the steps: each public function is one command, callable from Python as well.

The only room that knows the clock, the engine and which rooms follow which. Names load on first use, so that a command
pays for what it needs and no more.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.model.evaluating import Evaluation
    from pipeline.text.describing import Description
    from pipeline.text.reading import ReadOptions
    from pipeline.workflow.classifying import ClassifyOptions, classify, classify_stream, load_model
    from pipeline.workflow.describing import describe
    from pipeline.workflow.explaining import Explanation, explain, explanation_dict
    from pipeline.workflow.learning import TrainOptions, TrainReport, evaluate, evaluation_json, train, training_json
    from pipeline.workflow.masking import MaskOptions, mask
    from pipeline.workflow.problems import FindOptions, Found, ProblemOptions, find_problems, problems_json
    from pipeline.workflow.report import RunReport

_HOMES = {
    "pipeline.model.evaluating": ("Evaluation",),
    "pipeline.text.describing": ("Description",),
    "pipeline.text.reading": ("ReadOptions",),
    "pipeline.workflow.classifying": ("ClassifyOptions", "classify", "classify_stream", "load_model"),
    "pipeline.workflow.describing": ("describe",),
    "pipeline.workflow.explaining": ("Explanation", "explain", "explanation_dict"),
    "pipeline.workflow.learning": (
        "TrainOptions",
        "TrainReport",
        "evaluate",
        "evaluation_json",
        "train",
        "training_json",
    ),
    "pipeline.workflow.masking": ("MaskOptions", "mask"),
    "pipeline.workflow.problems": ("FindOptions", "Found", "ProblemOptions", "find_problems", "problems_json"),
    "pipeline.workflow.report": ("RunReport",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ClassifyOptions",
    "Description",
    "Evaluation",
    "Explanation",
    "FindOptions",
    "Found",
    "MaskOptions",
    "ProblemOptions",
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
    "find_problems",
    "load_model",
    "mask",
    "problems_json",
    "train",
    "training_json",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        found = getattr(import_module(_HOME_OF[name]), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'pipeline.workflow' has no attribute {name!r}")
