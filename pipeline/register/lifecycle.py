"""The life of a problem: which state may follow which, and what must be known first. Pure.

The five stages are those operators count their problem lists by; a check that fails sends a problem from 待验证 back to
its owner as 整改中.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pipeline.errors import RegisterError
from pipeline.register.rows import Problem

LOOK_BACK_DAYS = 90


class State(StrEnum):
    """Where a problem stands."""

    CANDIDATE = "candidate"
    OPEN = "open"
    ANALYSING = "analysing"
    KNOWN_ERROR = "known_error"
    FIXING = "fixing"
    WATCHING = "watching"
    RECTIFYING = "rectifying"
    CLOSED = "closed"
    ACCEPTED_RISK = "accepted_risk"
    DUPLICATE = "duplicate"
    NOT_A_PROBLEM = "not_a_problem"


CHINESE = {
    State.CANDIDATE: "候选",
    State.OPEN: "新发起",
    State.ANALYSING: "分析中",
    State.KNOWN_ERROR: "已知错误",
    State.FIXING: "整改实施中",
    State.WATCHING: "待验证",
    State.RECTIFYING: "整改中",
    State.CLOSED: "已完成",
    State.ACCEPTED_RISK: "接受风险",
    State.DUPLICATE: "重复",
    State.NOT_A_PROBLEM: "不是问题",
}

# how the lists of operators count them
STAGES = {
    State.CANDIDATE: "新发起",
    State.OPEN: "新发起",
    State.ANALYSING: "处理中",
    State.KNOWN_ERROR: "处理中",
    State.FIXING: "处理中",
    State.WATCHING: "待验证",
    State.RECTIFYING: "整改中",
    State.CLOSED: "已完成",
    State.ACCEPTED_RISK: "已完成",
    State.DUPLICATE: "已完成",
    State.NOT_A_PROBLEM: "已完成",
}

_ANY_END = (State.ACCEPTED_RISK, State.DUPLICATE, State.NOT_A_PROBLEM)
TRANSITIONS: Mapping[State, tuple[State, ...]] = {
    State.CANDIDATE: (State.OPEN, State.ANALYSING, *_ANY_END),
    State.OPEN: (State.ANALYSING, State.KNOWN_ERROR, State.FIXING, State.CLOSED, *_ANY_END),
    State.ANALYSING: (State.OPEN, State.KNOWN_ERROR, State.FIXING, State.CLOSED, *_ANY_END),
    State.KNOWN_ERROR: (State.ANALYSING, State.FIXING, State.CLOSED, *_ANY_END),
    State.FIXING: (State.ANALYSING, State.KNOWN_ERROR, State.WATCHING, State.CLOSED, *_ANY_END),
    State.WATCHING: (State.RECTIFYING, State.CLOSED, *_ANY_END),
    State.RECTIFYING: (State.ANALYSING, State.FIXING, State.WATCHING, State.CLOSED, *_ANY_END),
    # a problem that comes back after it was closed
    State.CLOSED: (State.OPEN, State.ANALYSING, State.RECTIFYING),
    State.ACCEPTED_RISK: (State.OPEN, State.ANALYSING),
    State.DUPLICATE: (State.OPEN,),
    State.NOT_A_PROBLEM: (State.CANDIDATE, State.OPEN),
}

# how a fix is checked
GOAL = ("check_by", "check_target")

# all must be filled to enter a state; of an inner tuple one is enough
_NEEDED: Mapping[State, tuple[str | tuple[str, ...], ...]] = {
    State.KNOWN_ERROR: ("root_cause", "workaround"),
    State.FIXING: (*GOAL, "due"),
    State.WATCHING: ("fix_date",),
    State.CLOSED: (("verification", "close_reason"),),
    State.ACCEPTED_RISK: ("close_reason",),
    State.NOT_A_PROBLEM: ("close_reason",),
}


def transition(
    problem: Problem, to: str, today: date, changes: Mapping[str, Any], look_back_days: int = LOOK_BACK_DAYS
) -> dict[str, Any]:
    """Return the fields to write when ``problem`` goes to the state ``to`` with these further ``changes``.

    Closing sets the day to look back: so many days after the closing, or, where a check closes, after the last day
    that it looked at (``as_of``), for data may be loaded long after they came about. ``RegisterError`` names the
    allowed states, or what is missing.
    """
    wanted = state_named(to)
    allowed = TRANSITIONS[State(problem.state)]
    if wanted not in allowed:
        raise RegisterError(
            f"{problem.id} cannot go from {shown(problem.state)} to {shown(wanted)}. "
            f"Allowed are: {', '.join(map(shown, allowed))}."
        )
    missing = _missing(replace(problem, **changes), wanted)
    if missing:
        raise RegisterError(f"{problem.id} needs {', '.join(missing)} before it can be {shown(wanted)}.")
    fields = {**changes, "state": wanted.value, "since": today.isoformat()}
    if wanted is State.CLOSED and "look_back" not in changes:
        known = str(changes.get("verification", {}).get("as_of", ""))
        closed = date.fromisoformat(known) if known else today
        fields["look_back"] = (closed + timedelta(days=look_back_days)).isoformat()
    return fields


def check_goal(problem: Problem, changes: Mapping[str, Any]) -> None:
    """``RegisterError`` if ``changes`` move the goal of a fix that is done: it is set when the fix starts."""
    moved = [name for name in GOAL if name in changes and changes[name] != getattr(problem, name)]
    if moved and State(problem.state) in (State.WATCHING, State.CLOSED):
        raise RegisterError(
            f"{problem.id} is {shown(problem.state)}: how a fix is checked ({', '.join(moved)}) is set when it starts, "
            "and stays until another fix starts."
        )


def state_named(name: str) -> State:
    """Return the state with this name, English or Chinese (待验证); ``RegisterError`` lists the names.

    >>> state_named("待验证")
    <State.WATCHING: 'watching'>
    """
    for state, chinese in CHINESE.items():
        if name in (state.value, state.value.replace("_", " "), chinese):
            return state
    raise RegisterError(f"There is no state {name!r}. States are: {', '.join(map(shown, State))}.")


def shown(state: str) -> str:
    """Name a state in both languages.

    >>> shown("watching")
    'watching (待验证)'
    """
    return f"{state} ({CHINESE[State(state)]})"


def _missing(problem: Problem, wanted: State) -> list[str]:
    wanted_names = [(one,) if isinstance(one, str) else one for one in _NEEDED.get(wanted, ())]
    return [" / ".join(names) for names in wanted_names if not any(_filled(getattr(problem, one)) for one in names)]


def _filled(value: Any) -> bool:
    return value is not None and value != "" and bool(value != {})
