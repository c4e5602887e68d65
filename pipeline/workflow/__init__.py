"""The order of the steps: each public function is one command, callable from Python as well.

The only room that knows the clock, the engine and which rooms follow which. Names load on first use, so that a command
pays for what it needs and no more.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.labels.agreement import Agreement
    from pipeline.labels.control import ErrorShare
    from pipeline.model.evaluating import Evaluation
    from pipeline.model.registry import active_model, find_model
    from pipeline.model.shifts import Drift
    from pipeline.register.importing import import_register
    from pipeline.register.listing import Page, first_page
    from pipeline.register.make_up import MakeUp, make_up
    from pipeline.register.plans import Done
    from pipeline.register.queries import Member, ProblemFilter
    from pipeline.register.rows import Event, Proposal
    from pipeline.register.rows import Problem as KeptProblem
    from pipeline.register.schema import migrate
    from pipeline.register.store import Options as RegisterOptions
    from pipeline.register.store import Register, backup_register, open_register
    from pipeline.register.typed import Masked
    from pipeline.register.undoing import Undone
    from pipeline.resources import default_model
    from pipeline.text.files.describing import Description
    from pipeline.text.reading import ReadOptions
    from pipeline.workflow.classifying import ClassifyOptions, classify, classify_stream, drift_from, load_model
    from pipeline.workflow.describing import describe
    from pipeline.workflow.explaining import Explanation, explain, explanation_dict
    from pipeline.workflow.insights.cases import CaseOptions, build_cases
    from pipeline.workflow.insights.making import (
        InsightReport,
        InsightRun,
        insight_options,
        insights_json,
        write_insights,
    )
    from pipeline.workflow.insights.making import insights as find_insights
    from pipeline.workflow.labels.answers import Answered
    from pipeline.workflow.labels.importing import ImportOptions, ImportReport, import_labels
    from pipeline.workflow.labels.importing import report_json as import_json
    from pipeline.workflow.labels.label_sets import LabelSetOptions, RelabelReport, SeedReport, relabel_files, seed
    from pipeline.workflow.labels.labelling import QueueReport, QueueRequest, export_queue
    from pipeline.workflow.labels.stopping import LabellingWorth, WorthOptions, labelling_worth
    from pipeline.workflow.labels.stores import LabelStore, ListReport, label_store, list_labels
    from pipeline.workflow.labels.suspects import SuspectReport, export_suspects
    from pipeline.workflow.masking import MaskOptions, mask
    from pipeline.workflow.models.choosing import (
        Activation,
        CompareOptions,
        Grounds,
        ModelComparison,
        activate,
        compare_models,
        rollback,
    )
    from pipeline.workflow.models.drifting import DriftReport, drift
    from pipeline.workflow.models.learning import (
        TrainOptions,
        TrainReport,
        evaluate,
        evaluation_json,
        train,
        training_json,
    )
    from pipeline.workflow.models.listing import ModelEntry, list_models, model_history
    from pipeline.workflow.problems import FindOptions, ProblemOptions, ProblemRun, find_problems, problems_json
    from pipeline.workflow.register.change import RegisterChange
    from pipeline.workflow.register.checking_fixes import Checked, verify_problem
    from pipeline.workflow.register.knowledge import Similar, similar
    from pipeline.workflow.register.registering import register_run
    from pipeline.workflow.report import RunReport
    from pipeline.workflow.review.handing_back import HandedBack, hand_back
    from pipeline.workflow.review.reviewing import Review, ReviewRun
    from pipeline.workflow.review.reviewing import review as make_review

_HOMES = {
    "pipeline.workflow.labels.stopping": ("LabellingWorth", "WorthOptions", "labelling_worth"),
    "pipeline.workflow.labels.label_sets": ("LabelSetOptions", "RelabelReport", "SeedReport", "relabel_files", "seed"),
    "pipeline.workflow.models.drifting": ("DriftReport", "drift"),
    "pipeline.workflow.models.listing": ("ModelEntry", "list_models", "model_history"),
    "pipeline.workflow.models.choosing": (
        "Activation",
        "CompareOptions",
        "Grounds",
        "ModelComparison",
        "activate",
        "compare_models",
        "rollback",
    ),
    "pipeline.resources": ("default_model",),
    "pipeline.model.registry": ("active_model", "find_model"),
    "pipeline.model.shifts": ("Drift",),
    "pipeline.labels.agreement": ("Agreement",),
    "pipeline.labels.control": ("ErrorShare",),
    "pipeline.model.evaluating": ("Evaluation",),
    "pipeline.register.listing": ("Page", "first_page"),
    "pipeline.register.importing": ("import_register",),
    "pipeline.register.make_up": ("MakeUp", "make_up"),
    "pipeline.register.plans": ("Done",),
    "pipeline.register.queries": ("Member", "ProblemFilter"),
    "pipeline.register.rows": ("Event", "Proposal"),
    "pipeline.register.schema": ("migrate",),
    "pipeline.register.store": ("Register", "backup_register", "open_register"),
    "pipeline.register.typed": ("Masked",),
    "pipeline.register.undoing": ("Undone",),
    "pipeline.text.files.describing": ("Description",),
    "pipeline.text.reading": ("ReadOptions",),
    "pipeline.workflow.insights.cases": ("CaseOptions", "build_cases"),
    "pipeline.workflow.register.checking_fixes": ("Checked", "verify_problem"),
    "pipeline.workflow.classifying": ("ClassifyOptions", "classify", "classify_stream", "drift_from", "load_model"),
    "pipeline.workflow.describing": ("describe",),
    "pipeline.workflow.explaining": ("Explanation", "explain", "explanation_dict"),
    "pipeline.workflow.insights.making": (
        "InsightReport",
        "InsightRun",
        "insight_options",
        "insights_json",
        "write_insights",
    ),
    "pipeline.workflow.register.knowledge": ("Similar", "similar"),
    "pipeline.workflow.labels.answers": ("Answered",),
    "pipeline.workflow.labels.importing": ("ImportOptions", "ImportReport", "import_labels"),
    "pipeline.workflow.labels.stores": ("LabelStore", "ListReport", "label_store", "list_labels"),
    "pipeline.workflow.labels.suspects": ("SuspectReport", "export_suspects"),
    "pipeline.workflow.labels.labelling": ("QueueReport", "QueueRequest", "export_queue"),
    "pipeline.workflow.models.learning": (
        "TrainOptions",
        "TrainReport",
        "evaluate",
        "evaluation_json",
        "train",
        "training_json",
    ),
    "pipeline.workflow.masking": ("MaskOptions", "mask"),
    "pipeline.workflow.problems": ("FindOptions", "ProblemRun", "ProblemOptions", "find_problems", "problems_json"),
    "pipeline.workflow.register.change": ("RegisterChange",),
    "pipeline.workflow.register.registering": ("register_run",),
    "pipeline.workflow.report": ("RunReport",),
    "pipeline.workflow.review.handing_back": ("HandedBack", "hand_back"),
    "pipeline.workflow.review.reviewing": ("Review", "ReviewRun"),
}
_HOME_OF = {
    **{name: (home, name) for home, names in _HOMES.items() for name in names},
    # names that say too little outside their own room
    "import_json": ("pipeline.workflow.labels.importing", "report_json"),
    "KeptProblem": ("pipeline.register.rows", "Problem"),
    "RegisterOptions": ("pipeline.register.store", "Options"),
    # names that packages bear already
    "find_insights": ("pipeline.workflow.insights.making", "insights"),
    "make_review": ("pipeline.workflow.review.reviewing", "review"),
}

__all__ = [
    "Activation",
    "Agreement",
    "Answered",
    "CaseOptions",
    "Checked",
    "ClassifyOptions",
    "CompareOptions",
    "Description",
    "Done",
    "Drift",
    "DriftReport",
    "ErrorShare",
    "Evaluation",
    "Event",
    "Explanation",
    "FindOptions",
    "Grounds",
    "HandedBack",
    "ImportOptions",
    "ImportReport",
    "InsightReport",
    "InsightRun",
    "KeptProblem",
    "LabelSetOptions",
    "LabelStore",
    "LabellingWorth",
    "ListReport",
    "MakeUp",
    "MaskOptions",
    "Masked",
    "Member",
    "ModelComparison",
    "ModelEntry",
    "Page",
    "ProblemFilter",
    "ProblemOptions",
    "ProblemRun",
    "Proposal",
    "QueueReport",
    "QueueRequest",
    "ReadOptions",
    "Register",
    "RegisterChange",
    "RegisterOptions",
    "RelabelReport",
    "Review",
    "ReviewRun",
    "RunReport",
    "SeedReport",
    "Similar",
    "SuspectReport",
    "TrainOptions",
    "TrainReport",
    "Undone",
    "WorthOptions",
    "activate",
    "active_model",
    "backup_register",
    "build_cases",
    "classify",
    "classify_stream",
    "compare_models",
    "default_model",
    "describe",
    "drift",
    "drift_from",
    "evaluate",
    "evaluation_json",
    "explain",
    "explanation_dict",
    "export_queue",
    "export_suspects",
    "find_insights",
    "find_model",
    "find_problems",
    "first_page",
    "hand_back",
    "import_json",
    "import_labels",
    "import_register",
    "insight_options",
    "insights_json",
    "label_store",
    "labelling_worth",
    "list_labels",
    "list_models",
    "load_model",
    "make_review",
    "make_up",
    "mask",
    "migrate",
    "model_history",
    "open_register",
    "problems_json",
    "register_run",
    "relabel_files",
    "rollback",
    "seed",
    "similar",
    "train",
    "training_json",
    "verify_problem",
    "write_insights",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        home, called = _HOME_OF[name]
        found = getattr(import_module(home), called)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'pipeline.workflow' has no attribute {name!r}")
