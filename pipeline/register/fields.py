"""The fields that people fill in: what each holds, how it is checked, and its Chinese name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.errors import FieldError, RegisterError

CAUSE_CLASSES = ("人", "流程", "系统", "资源", "外包", "资费设计", "客户侧")
CHECKS = ("volume", "rate")
# as Excel and people write a day: 2026/3/31, 2026年3月31日, with the midnight that a copied cell may carry
_WRITTEN_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:\s+0{1,2}:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of ``rows.Problem``: its Chinese name, what it expects in words, and the function that reads a value."""

    chinese: str
    expected: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and "\0" not in value else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, (str, bytes)) or not isinstance(value, (list, tuple)):
        return None
    found = tuple(_text(one) for one in value)
    return None if None in found else found  # type: ignore[return-value]


def _day(value: Any) -> str | None:
    if value == "":
        return ""
    written = _WRITTEN_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if written:
            return date(*map(int, written.groups())).isoformat()
        return date.fromisoformat(value if isinstance(value, str) else value.isoformat()).isoformat()
    except (ValueError, AttributeError):
        return None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < float("inf") and not isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    number = _number(value)
    return None if number is None or number != int(number) else int(number)


def _choice(*allowed: str) -> Callable[[Any], str | None]:
    return lambda value: value if value in ("", *allowed) else None


def _facts(value: Any) -> Mapping[str, Any] | None:
    return dict(value) if isinstance(value, Mapping) else None


_TEXT, _TEXTS, _DAY = (_text, "a text"), (_texts, "a list of texts"), (_day, "a day such as 2026-03-01")
_NUMBER, _COUNT = (_number, "a number of 0 or more"), (_count, "a whole number of 0 or more")
_KINDS: Mapping[str, tuple[str, tuple[Callable[[Any], Any], str]]] = {
    "name": ("问题名称", _TEXT),
    "statement": ("具体问题点", _TEXT),
    "category": ("问题类别", _TEXT),
    "priority": ("优先级", _TEXT),
    "owner": ("责任人", _TEXT),
    "front_department": ("前端部门", _TEXT),
    "back_department": ("后端部门", _TEXT),
    "root_cause": ("问题原因", _TEXT),
    "cause_class": ("原因类别", (_choice(*CAUSE_CLASSES), f"one of {', '.join(CAUSE_CLASSES)}")),
    "whys": ("五个为什么", _TEXTS),
    "workaround": ("临时措施", _TEXT),
    "measure": ("整改措施", _TEXT),
    "due": ("计划完成时间", _DAY),
    "lead_department": ("主责部门", _TEXT),
    "supporting_department": ("辅责部门", _TEXT),
    "charged_unit": ("落实责任单位", _TEXT),
    "charged_department": ("落实责任部门", _TEXT),
    "charged_person": ("落实责任人", _TEXT),
    "scope": ("影响范围", _TEXT),
    "not_done_reason": ("未完成原因", _TEXT),
    "batch": ("批次号", _TEXT),
    "known_error_article": ("已知错误文章", _TEXT),
    "related": ("相关问题", _TEXTS),
    "evidence": ("证据", _TEXTS),
    "trigger_count": ("触发投诉量", _COUNT),
    "trigger_rate": ("触发万投比", _NUMBER),
    "accept_count": ("验收投诉量", _COUNT),
    "accept_rate": ("验证万投比", _NUMBER),
    "rate_facts": ("万投比依据", (_facts, "the facts of rates")),
    "check_by": ("验证方式", (_choice(*CHECKS), f"one of {', '.join(CHECKS)}")),
    "check_target": ("验证目标值", _NUMBER),
    "fix_date": ("整改完成时间", _DAY),
    "fix_regions": ("整改地区", _TEXTS),
    "verification": ("验证结果", (_facts, "the facts of a check")),
    "close_reason": ("关闭说明", _TEXT),
    "look_back": ("回头看发起时间", _DAY),
    "watch_until": ("继续观察至", _DAY),
}
FIELDS: Mapping[str, Field] = {
    name: Field(chinese, expected, read) for name, (chinese, (read, expected)) in _KINDS.items()
}
# what checks fill in, and no person
FOUND = frozenset({"rate_facts", "verification"})
# empty again means "not known", which these say with None
_OPTIONAL = frozenset({"trigger_count", "trigger_rate", "accept_count", "accept_rate", "check_target"})


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes as the register stores them; ``RegisterError`` names the unknown field or the bad value."""
    return {name: _checked(name, value) for name, value in changes.items()}


def _checked(name: str, value: Any) -> Any:
    if name not in FIELDS:
        settable = [one for one in FIELDS if one not in FOUND]
        raise RegisterError(f"There is no field {name!r}. Fields are: {', '.join(settable)}.")
    if name in _OPTIONAL and value in (None, ""):
        return None
    if isinstance(value, str) and value and not value.strip():
        raise FieldError(
            f"The field {name} was given nothing but spaces. Give a value, or nothing at all ({name}=) to empty it.",
            name,
        )
    found = FIELDS[name].read(value)
    if found is None:
        raise FieldError(f"The field {name} cannot be {value!r}; give {FIELDS[name].expected}.", name)
    return found
