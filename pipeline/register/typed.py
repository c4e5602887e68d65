"""What people type into the register: personal data are masked before anything is stored.

Colleagues may be named: in the fields for them anybody, elsewhere those who stand in such a field of any problem.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pipeline.register.tables import problems

# text and the names that may stand there (None: any) -> the text without personal data, and what was masked in words
Guard = Callable[[str, Collection[str] | None], tuple[str, Sequence[str]]]

COLLEAGUES = (
    "owner",
    "front_department",
    "back_department",
    "lead_department",
    "supporting_department",
    "charged_unit",
    "charged_department",
    "charged_person",
)
# words of a list, days, and references of our own making
_PLAIN = frozenset(
    {"category", "cause_class", "check_by", "due", "fix_date", "look_back", "watch_until"}
    | {"batch", "related", "known_error_article", "fix_regions", "verification", "rate_facts"}
)


def unguarded(text: str, names: Collection[str] | None) -> tuple[str, Sequence[str]]:
    """Let a text stand as it is: for registers of programs that mask before."""
    return text, ()


@dataclass(frozen=True, slots=True)
class Masked:
    """A field in which something was masked, and what it was: ``kinds`` such as 手机号."""

    field: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """Texts that may be stored, by field, and what was masked in them."""

    values: Mapping[str, Any]
    masked: tuple[Masked, ...] = ()


def masked_texts(connection: Connection, guard: Guard, who: str, values: Mapping[str, Any]) -> Typed:
    """Mask what ``who`` typed; values that are no texts stay as they are."""
    if guard is unguarded:
        return Typed(values)
    names = {who.strip(), *_colleagues(connection)}
    names |= {str(values[name]).strip() for name in COLLEAGUES if name in values}
    kept, masked = dict(values), []
    for name, value in values.items():
        kept[name], kinds = masked_value(name, value, guard, names)
        if kinds:
            masked.append(Masked(name, tuple(dict.fromkeys(kinds))))
    return Typed(kept, tuple(masked))


def masked_value(name: str, value: Any, guard: Guard, names: Collection[str]) -> tuple[Any, Sequence[str]]:
    """Return what may be stored in a field, and what was masked; ``names`` are those of colleagues."""
    if name in _PLAIN:
        return value, ()
    return _plain(value, guard, None if name in COLLEAGUES else names)


def _plain(value: Any, guard: Guard, names: Collection[str] | None) -> tuple[Any, Sequence[str]]:
    if isinstance(value, str):
        return guard(value, names)
    if isinstance(value, (list, tuple)):
        pairs = [_plain(one, guard, names) for one in value]
        return tuple(one for one, _ in pairs), [kind for _, kinds in pairs for kind in kinds]
    return value, ()


def _colleagues(connection: Connection) -> set[str]:
    columns = [problems.c[name] for name in COLLEAGUES]
    return {name.strip() for row in connection.execute(select(*columns).distinct()) for name in row}
