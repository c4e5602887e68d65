"""Problems that a person has taken on: no run gives them another name or another whole. Pure."""

from collections.abc import Collection, Iterable

from pipeline.register import rows
from pipeline.register.fields import FIELDS
from pipeline.register.lifecycle import State

# runs write these as well, so they do not tell that a person was here
_OF_RUNS = frozenset({"name", "category", "related"})
_OF_PEOPLE = tuple(name for name in FIELDS if name not in _OF_RUNS)
_NAMING = ("problem", "into", "to")


def decided_problems(decisions: Iterable[rows.Decision]) -> frozenset[str]:
    """Return the problems that decisions which count are about."""
    payloads = [one.payload for one in decisions if one.active]
    return frozenset(payload[name] for payload in payloads for name in _NAMING if name in payload)


def is_opened(problem: rows.Problem, decided: Collection[str]) -> bool:
    """Tell whether a person has taken the problem on.

    It is beyond a candidate, a decision is about it (``decided``), or somebody filled in a field or wrote a note.
    """
    if problem.state != State.CANDIDATE or problem.id in decided or problem.notes:
        return True
    return any(getattr(problem, name) not in ("", (), None, {}) for name in _OF_PEOPLE)
