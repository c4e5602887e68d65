"""Which column of a table plays which role: the user's word first, then the header table, then the content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import InputError
from pipeline.records import Role
from pipeline.text.files.headers import assign_roles, meaning_of, normalise_header

_HAN = re.compile("[\u3400-\u9fff]")
# A column of long Chinese text: mean length of its cells, share of Han characters, share of distinct cells.
_LONG, _HAN_SHARE, _DISTINCT_SHARE = 10, 0.4, 0.3
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Columns:
    """The roles of a table's headers; ``texts`` are the headers whose cells make the complaint text, in order."""

    roles: Mapping[Role, tuple[str, ...]]
    texts: tuple[str, ...]
    alternates: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose_columns(
    headers: Sequence[str], sample: Sequence[Sequence[str]], wanted: Mapping[Role, Sequence[str]], where: str
) -> Columns:
    """Give every header its role; ``wanted`` are the user's overrides and ``where`` names the table in messages.

    Raises ``InputError`` if a wanted header is not there or if several columns could equally be the text. Columns
    without any text have empty ``texts``.
    """
    assignment = assign_roles(headers)
    roles, alternates = dict(assignment.roles), dict(assignment.alternates)
    why = {header: "synonym" for chosen in roles.values() for header in chosen}
    notes: list[str] = []
    for role, names in wanted.items():
        chosen = tuple(_find(name, headers, role, where) for name in names)
        _take(roles, chosen)
        roles[role] = chosen
        alternates.pop(role, None)
        why.update(dict.fromkeys(chosen, "override"))
    _let_order_id_serve(roles, notes)
    if Role.TEXT not in roles:
        _find_text(roles, headers, sample, where, why, notes)
    notes += [
        f"{role.value}: {', '.join(roles[role])} is used; also possible: {', '.join(rest)}"
        for role, rest in alternates.items()
        if role in roles
    ]
    return Columns(roles, _texts(roles, wanted), alternates, why, tuple(notes))


def missing_text(headers: Sequence[str], where: str) -> InputError:
    """Build the error for a table in which no column is the complaint text."""
    return InputError(
        f"{where} has no column that is known to hold the complaint text. Columns seen: {_listed(headers)}. "
        "Name it with --text COLUMN or --column text=HEADER"
    )


def _find(name: str, headers: Sequence[str], role: Role, where: str) -> str:
    if name in headers:
        return name
    alike = [header for header in headers if normalise_header(header) == normalise_header(name)]
    if len(alike) == 1:
        return alike[0]
    problem = "is not in" if not alike else f"fits several columns ({', '.join(alike)}) of"
    raise InputError(
        f"the column {name!r} (wanted as {role.value}) {problem} {where}. Columns seen: {_listed(headers)}. "
        f"Name one of them with --column {role.value}=HEADER"
    )


def _take(roles: dict[Role, tuple[str, ...]], chosen: Sequence[str]) -> None:
    """Remove headers the user gave to another role."""
    for role, headers in list(roles.items()):
        left = tuple(header for header in headers if header not in chosen)
        if left:
            roles[role] = left
        else:
            del roles[role]


def _let_order_id_serve(roles: dict[Role, tuple[str, ...]], notes: list[str]) -> None:
    if Role.COMPLAINT_ID not in roles and Role.ORDER_ID in roles:
        roles[Role.COMPLAINT_ID] = roles.pop(Role.ORDER_ID)
        notes.append(
            f"{roles[Role.COMPLAINT_ID][0]} is a work-order number; it serves as the complaint id, as there is no other"
        )


def _find_text(
    roles: dict[Role, tuple[str, ...]],
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    where: str,
    why: dict[str, str],
    notes: list[str],
) -> None:
    """Without a known text header: the only column of long Chinese text, or a single Chinese one, else the title."""
    long = [
        header
        for place, header in enumerate(headers)
        if header not in why and meaning_of(header) is None and _is_long_chinese(sample, place)
    ]
    if len(long) > 1:
        raise InputError(
            f"{where}: several columns could be the complaint text ({', '.join(long)}). Columns seen: "
            f"{_listed(headers)}. Name the right one with --text COLUMN or --column text=HEADER"
        )
    if long:
        roles[Role.TEXT] = (long[0],)
        why[long[0]] = "content"
        notes.append(f"{long[0]} is taken as the text: it is the only column of long Chinese text")
    elif len(headers) == 1 and headers[0] not in why and meaning_of(headers[0]) is None and _is_chinese(sample, 0):
        roles[Role.TEXT] = (headers[0],)
        why[headers[0]] = "content"
        notes.append(f"{headers[0]} is taken as the text: it is the only column, and it is Chinese")
    elif Role.TITLE in roles:
        roles[Role.TEXT] = roles.pop(Role.TITLE)
        notes.append(f"{roles[Role.TEXT][0]} is a title; it serves as the text because there is no other")


def _is_long_chinese(sample: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place].strip() for row in sample if place < len(row) and row[place].strip()]
    total = sum(map(len, cells))
    if not cells or total < _LONG * len(cells) or len(set(cells)) < _DISTINCT_SHARE * len(cells):
        return False
    return _is_chinese(sample, place)


def _is_chinese(sample: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place].strip() for row in sample if place < len(row)]
    han = sum(len(_HAN.findall(cell)) for cell in cells)
    return han > 0 and han >= _HAN_SHARE * sum(map(len, cells))


def _texts(roles: Mapping[Role, tuple[str, ...]], wanted: Mapping[Role, Sequence[str]]) -> tuple[str, ...]:
    text = roles.get(Role.TEXT, ())
    # who names the text columns means exactly these, unless a title is named as well
    if Role.TEXT in wanted and Role.TITLE not in wanted:
        return text
    return (*roles.get(Role.TITLE, ()), *text) if text else ()


def _listed(headers: Sequence[str]) -> str:
    more = f" … and {len(headers) - _SHOWN} more" if len(headers) > _SHOWN else ""
    return (", ".join(headers[:_SHOWN]) or "none") + more
