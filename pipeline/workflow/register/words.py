"""What people read and type for the states, fields and marks of the problem register."""

from collections.abc import Sequence
from typing import Any

from pipeline.errors import UsageError
from pipeline.register import rows
from pipeline.register.fields import FIELDS, FOUND, checked
from pipeline.register.lifecycle import CHINESE, STAGES, TRANSITIONS, State, state_named

# what nobody reads as a change
_SILENT = {"version", "profile", "weight", "texts", "notes", "since"}
_COLUMNS = {
    "created": "建立时间",
    "merged_into": "并入",
    "kind": "类型",
    "parent": "上级问题",
    "cause": "根因标签",
    "place": "对象",
    "marks": "标记",
    "complaints": "投诉量",
    "customers": "客户数",
    "first": "首次投诉",
    "last": "末次投诉",
    "state": "状态",
    "since": "状态日期",
    "notes": "月度进展",
}
_MARKS = {
    "new": "新出现",
    "growing": "上升",
    "steady": "平稳",
    "fading": "下降",
    "quiet": "沉寂",
    "regressed": "复发",
}


def state_name(state: str, lang: str) -> str:
    """Name of a state for people.

    >>> state_name("known_error", "zh"), state_name("known_error", "en")
    ('已知错误', 'known error')
    """
    return CHINESE[State(state)] if lang == "zh" else state.replace("_", " ")


def stage_name(state: str) -> str:
    """Chinese name of the stage by which lists of problems are counted.

    >>> stage_name("fixing")
    '处理中'
    """
    return STAGES[State(state)]


def mark_name(mark: str, lang: str) -> str:
    """Name of an automatic mark for people."""
    return _MARKS.get(mark, mark) if lang == "zh" else mark


def field_name(field: str, lang: str) -> str:
    """Name of a column of a problem for people.

    >>> field_name("root_cause", "zh"), field_name("root_cause", "en")
    ('问题原因', 'root cause')
    """
    chinese = FIELDS[field].chinese if field in FIELDS else _COLUMNS.get(field, field)
    return chinese if lang == "zh" else field.replace("_", " ")


def following_states(state: str) -> tuple[str, ...]:
    """Return the states that may follow this one."""
    return tuple(one.value for one in TRANSITIONS[State(state)])


def states_asked(names: Sequence[str]) -> tuple[str, ...]:
    """Return the states that were asked for by name, English or Chinese, or by stage (处理中 stands for three states).

    Raises ``RegisterError`` for a name that is neither.

    >>> states_asked(["处理中", "closed"])
    ('analysing', 'known_error', 'fixing', 'closed')
    """
    found: dict[str, None] = {}
    for name in names:
        stage = [state for state, one in STAGES.items() if one == name]
        of_one_name = name in CHINESE.values() or not stage
        found.update(dict.fromkeys([state_named(name).value] if of_one_name else [state.value for state in stage]))
    return tuple(found)


def mark_asked(name: str) -> str:
    """Return the mark with this name, English or Chinese; ``UsageError`` lists the names."""
    found = {**{chinese: mark for mark, chinese in _MARKS.items()}, **{mark: mark for mark in _MARKS}}
    if name and name not in found:
        shown = ", ".join(f"{mark} ({chinese})" for mark, chinese in _MARKS.items())
        raise UsageError(f"There is no mark {name!r}. Marks are: {shown}.")
    return found.get(name, "")


def fields_given(entries: Sequence[str]) -> dict[str, Any]:
    """Turn ``FIELD=VALUE`` entries into checked changes; a field goes by its English or its Chinese name.

    A list takes several entries of its field, or values parted by ``|``. Raises ``UsageError`` for an entry without
    ``=`` or a field given twice, ``RegisterError`` for an unknown field or a value that cannot be.
    """
    names = {one.chinese: name for name, one in FIELDS.items()}
    found: dict[str, Any] = {}
    for entry in entries:
        given, sign, value = entry.partition("=")
        if not sign:
            raise UsageError(f"{entry!r} cannot be used: write FIELD=VALUE, for example owner=李工.")
        name = names.get(given.strip(), given.strip())
        if name in ("state", _COLUMNS["state"]):
            raise UsageError(f"The state is no field: give --state {value.strip() or 'STATE'} instead.")
        if name in FOUND:
            raise UsageError(f"The field {name} cannot be set: checks fill it in (genyin problems verify).")
        if _is_list(name):
            found[name] = [*found.get(name, ()), *(one.strip() for one in value.split("|") if one.strip())]
        elif name in found:
            raise UsageError(f"The field {name} is given twice.")
        else:
            found[name] = value
    return checked(found)


def _is_list(name: str) -> bool:
    return name in FIELDS and isinstance(getattr(rows.blank_problem(""), name), tuple)


def changed_fields(before: rows.Problem, after: rows.Problem) -> dict[str, tuple[Any, Any]]:
    """Return what a person would call a change: per field its value before and after."""
    was, became = rows.differing(before, after)
    return {name: (was[name], became[name]) for name in became if name not in _SILENT}


def filled_fields(problem: rows.Problem) -> dict[str, Any]:
    """Return the fields for people that hold something, in the order of the form."""
    blank = rows.blank_problem(problem.id)
    return {name: getattr(problem, name) for name in FIELDS if getattr(problem, name) != getattr(blank, name)}
