"""Messages for people in Chinese: the code speaks English, and this looks the Chinese up.

``data/messages_zh.toml`` pairs each English message with its Chinese; ``{}`` stands for whatever a message carries. A
message without a pair stays English rather than failing; a test holds the table against the messages in the code.
Where a message carries names of fields, states or events (``names`` lists these holes), each goes by its Chinese name;
a role of a column (``roles``) by its Chinese name with its id, which ``--column`` takes.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.resources import data_file

_HOLE = re.compile(r"\{(\d*)\}")
_NAME = re.compile("[a-z][a-z_]*")
# a name beside its Chinese one, as messages carry states: known_error (已知错误)
_BOTH = re.compile(r"[a-z][a-z_]* \(([\u4e00-\u9fff]+)\)")


def translated(message: str, lang: str) -> str:
    """Return ``message`` in ``lang``; parts that a message carries (names, reasons) are looked up as well."""
    # no message of ours is a single word, so that names of columns and files stay what they are
    if lang != "zh" or " " not in message:
        return message
    for pair in _pairs():
        found = template_pattern(pair.english).fullmatch(message) if pair.landmark in message else None
        if found:
            return _filled(pair, found.groups())
    return message


def role_name(name: str, lang: str) -> str:
    """Return what people call a role of a column, with the id that ``--column`` takes; unused kinds have none.

    >>> role_name("complaint_id", "zh"), role_name("serial", "zh"), role_name("serial", "en")
    ('投诉编号（complaint_id）', '序号', 'serial')
    """
    if lang != "zh":
        return name
    chinese = _table()["roles"].get(name)
    return f"{chinese}（{name}）" if chinese else _table()["unused"].get(name, name)


def role_called(name: str) -> str:
    """Return the id of the role of this Chinese name; any other name as it is.

    >>> role_called("投诉编号"), role_called("complaint_id")
    ('complaint_id', 'complaint_id')
    """
    return next((one for one, chinese in _table()["roles"].items() if chinese == name), name)


def _filled(pair: "_Pair", parts: tuple[str, ...]) -> str:
    numbered = iter(range(len(parts)))

    def part(hole: re.Match[str]) -> str:
        place = int(hole.group(1)) if hole.group(1) else next(numbered)
        told = translated(parts[place], "zh")
        if place in pair.roles:
            return _NAME.sub(lambda name: role_name(name[0], "zh"), told)
        return _chinese_names(told) if place in pair.names else told

    return _HOLE.sub(part, pair.chinese)


def _chinese_names(told: str) -> str:
    return _NAME.sub(lambda name: _names().get(name[0], name[0]), _BOTH.sub(r"\1", told))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A message: its longest fixed part (a quick first look), the two wordings, the holes with names and with roles."""

    landmark: str
    english: str
    chinese: str
    names: frozenset[int]
    roles: frozenset[int]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))


@cache
def _pairs() -> tuple[_Pair, ...]:
    # longer messages first: a short one may be the beginning of another with more holes
    entries = sorted(_table()["message"], key=lambda entry: -len(entry["en"]))
    return tuple(_pair(**entry) for entry in entries)


def _pair(en: str, zh: str, names: Sequence[int] = (), roles: Sequence[int] = (), **_: Any) -> _Pair:
    landmark = max(_HOLE.sub("\0", en).split("\0"), key=len)
    return _Pair(landmark, en, zh, frozenset(names), frozenset(roles))


def _names() -> Mapping[str, str]:
    return _table()["names"]


@cache
def template_pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of all messages that fill the holes of ``template``.

    Made when it is first asked for: a command says few of the hundreds of messages.

    >>> template_pattern("{} rows of {}").fullmatch("7 rows of a.csv").groups()
    ('7', 'a.csv')
    """
    fixed = [re.escape(part) for part in re.split(r"\{\d*\}", template)]
    return re.compile("(.*?)".join(fixed), re.DOTALL)
