"""The order of the steps: each public function is one command, callable from Python as well.

The only room that knows the clock, the engine and which rooms follow which. Names load on first use, so that a command
pays for what it needs and no more.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.model.evaluating import Evaluation
    from pipeline.register.deciding import Done
    from pipeline.register.queries import Member, ProblemFilter
    from pipeline.register.rows import Event, Proposal
    from pipeline.register.rows import Problem as KeptProblem
    from pipeline.register.schema import migrate
    from pipeline.register.store import Options as RegisterOptions
    from pipeline.register.store import Register, open_register
    from pipeline.register.undoing import Undone
    from pipeline.text.describing import Description
    from pipeline.text.reading import ReadOptions
    from pipeline.workflow.checking_fixes import Checked, verify_problem
    from pipeline.workflow.classifying import ClassifyOptions, classify, classify_stream, load_model
    from pipeline.workflow.describing import describe
    from pipeline.workflow.explaining import Explanation, explain, explanation_dict
    from pipeline.workflow.knowledge import Similar, similar
    from pipeline.workflow.learning import TrainOptions, TrainReport, evaluate, evaluation_json, train, training_json
    from pipeline.workflow.masking import MaskOptions, mask
    from pipeline.workflow.problems import FindOptions, Found, ProblemOptions, find_problems, problems_json
    from pipeline.workflow.registering import RegisterChange, register_run
    from pipeline.workflow.report import RunReport

_HOMES = {
    "pipeline.model.evaluating": ("Evaluation",),
    "pipeline.register.deciding": ("Done",),
    "pipeline.register.queries": ("Member", "ProblemFilter"),
    "pipeline.register.rows": ("Event", "Proposal"),
    "pipeline.register.schema": ("migrate",),
    "pipeline.register.store": ("Register", "open_register"),
    "pipeline.register.undoing": ("Undone",),
    "pipeline.text.describing": ("Description",),
    "pipeline.text.reading": ("ReadOptions",),
    "pipeline.workflow.checking_fixes": ("Checked", "verify_problem"),
    "pipeline.workflow.classifying": ("ClassifyOptions", "classify", "classify_stream", "load_model"),
    "pipeline.workflow.describing": ("describe",),
    "pipeline.workflow.explaining": ("Explanation", "explain", "explanation_dict"),
    "pipeline.workflow.knowledge": ("Similar", "similar"),
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
    "pipeline.workflow.registering": ("RegisterChange", "register_run"),
    "pipeline.workflow.report": ("RunReport",),
}
_HOME_OF = {
    **{name: (home, name) for home, names in _HOMES.items() for name in names},
    # names that say too little outside their own room
    "KeptProblem": ("pipeline.register.rows", "Problem"),
    "RegisterOptions": ("pipeline.register.store", "Options"),
}

__all__ = [
    "Checked",
    "ClassifyOptions",
    "Description",
    "Done",
    "Evaluation",
    "Event",
    "Explanation",
    "FindOptions",
    "Found",
    "KeptProblem",
    "MaskOptions",
    "Member",
    "ProblemFilter",
    "ProblemOptions",
    "Proposal",
    "ReadOptions",
    "Register",
    "RegisterChange",
    "RegisterOptions",
    "RunReport",
    "Similar",
    "TrainOptions",
    "TrainReport",
    "Undone",
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
    "migrate",
    "open_register",
    "problems_json",
    "register_run",
    "similar",
    "train",
    "training_json",
    "verify_problem",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        home, called = _HOME_OF[name]
        found = getattr(import_module(home), called)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'pipeline.workflow' has no attribute {name!r}")
