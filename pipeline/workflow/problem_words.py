"""What kinds of problems and grades of quality are called in tables and on the screen."""

from pipeline.messages import translated
from pipeline.records import ProblemKind

_KINDS = {
    "cause": "same cause",
    "concrete": "same concrete trouble",
    "concentration": "part of a cause",
    "incident": "mass incident",
    "campaign": "campaign text",
}
_QUALITIES = {"tight": "closely alike", "fair": "fairly alike", "loose": "loosely alike"}


def kind_name(kind: str, lang: str) -> str:
    """Name of a kind of problem for people."""
    return translated(_KINDS[kind], lang)


def kind_of(name: str) -> ProblemKind | None:
    """Return the kind that people call so, in any language; None for any other word."""
    return next((ProblemKind(kind) for kind in _KINDS if name in (kind_name(kind, "en"), kind_name(kind, "zh"))), None)


def quality_name(quality: str, lang: str) -> str:
    """Name of a grade of quality for people."""
    return translated(_QUALITIES[quality], lang)
