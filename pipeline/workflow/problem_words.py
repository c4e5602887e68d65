"""What kinds of problems and grades of quality are called in tables and on the screen."""

from pipeline.messages import translated

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


def quality_name(quality: str, lang: str) -> str:
    """Name of a grade of quality for people."""
    return translated(_QUALITIES[quality], lang)
