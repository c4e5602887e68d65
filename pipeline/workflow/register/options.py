"""How a register is opened for people and runs: with the table of users, the names of regions, and the masking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.register.measuring import Scale
from pipeline.register.store import Options
from pipeline.workflow.register.typed_texts import mask_typed
from pipeline.workflow.register.user_base import RegionNames, UserTable

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside a register: ``subscribers``, a table of users, and the tables ``[insights.…]`` of settings."""

    subscribers: Path | None = None
    insights: Tables = field(default_factory=dict)


def register_options(
    who: str = "", create: bool = True, rehearse: bool = False, beside: Surroundings = Surroundings()
) -> Options:
    """Return the options to open a register with; the table of users is read at the first question."""
    names = RegionNames(beside.insights)
    users = UserTable(beside.subscribers, names, beside.insights) if beside.subscribers else None
    return Options(said_by(who), create, rehearse, scale=Scale(users, names.name), guard=mask_typed)


def said_by(who: str) -> str:
    """Return who does something as it may be stored: any name, but no number or address.

    >>> said_by("李工 13800138000")
    '李工 [手机号]'
    """
    # without digits or an @ there is nothing but a name, and the masker need not be loaded
    return mask_typed(who, None)[0] if any(one.isdigit() or one == "@" for one in who) else who


def check_users(options: Options) -> None:
    """Read the table of users now: what is wrong with it is told before the work."""
    if isinstance(options.scale.users, UserTable):
        options.scale.users.others(())
