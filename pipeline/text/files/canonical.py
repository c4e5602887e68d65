"""Chunks of text cells as one typed pandas frame with a column per role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.records import Chunk, Role
from pipeline.text.files.values import parse_flag, parse_tier, parse_time

if TYPE_CHECKING:
    import pandas

_TIMES = (
    Role.ACCEPT_TIME,
    Role.CLOSE_TIME,
    Role.DUE_TIME,
    Role.DISPATCH_TIME,
    Role.CONTACT_TIME,
    Role.REPLY_TIME,
    Role.RATING_TIME,
)
_FLAGS = (Role.AT_FAULT, Role.SOLVED, Role.ESCALATION_THREATENED, Role.ESCALATED, Role.TEMPLATE, Role.IS_COMPLAINT)
_JOINED = {Role.CLOSING_NOTE: "\n", Role.TEXT: "\n", Role.LABEL_PATH: " > ", Role.CAUSE: " > "}
_EXAMPLES = 3
_EXAMPLE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Remark:
    """Cells of one role that could not be typed: how many, and the first different ones (cut to 20 characters)."""

    role: Role
    header: str
    problem: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """One list of values per role, ``None`` where a cell says nothing, and what could not be typed."""

    columns: Mapping[Role, Sequence[Any]]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """The frame (one column per role, called like the role) and what could not be typed."""

    frame: "pandas.DataFrame"
    remarks: tuple[Remark, ...]


def typed_columns(chunks: Chunk | Iterable[Chunk], roles: Mapping[Role, Sequence[str]]) -> TypedColumns:
    """Return the rows as lists by role, without pandas, which takes its time to load.

    Ids and words are ``str``; times ``datetime``; tiers ``int`` 0 to 7; yes/no columns ``bool`` where their polarity is
    clear, else left as text. What cannot be read is ``None`` and remarked. Columns that a chunk lacks are empty.
    """
    held = [chunks] if isinstance(chunks, Chunk) else list(chunks)
    columns: dict[Role, Sequence[Any]] = {}
    remarks: list[Remark] = []
    for role, headers in roles.items():
        cells = [cell for chunk in held for cell in _cells(chunk, role, headers)]
        columns[role] = _values(role, headers[0], cells, remarks)
    return TypedColumns(columns, tuple(remarks))


def to_typed(chunks: Chunk | Iterable[Chunk], roles: Mapping[Role, Sequence[str]]) -> Typed:
    """Return :func:`typed_columns` as a typed frame.

    Ids and words are ``object``; times ``datetime64[s]``; tiers ``Int64``; yes/no columns ``boolean`` where their
    polarity is clear, else text.
    """
    import pandas

    found = typed_columns(chunks, roles)
    made = {role.value: _series(role, values) for role, values in found.columns.items()}
    return Typed(pandas.DataFrame(made), found.remarks)


def to_frame(chunks: Chunk | Iterable[Chunk], roles: Mapping[Role, Sequence[str]]) -> "pandas.DataFrame":
    """Return :func:`to_typed` without its remarks."""
    return to_typed(chunks, roles).frame


def _cells(chunk: Chunk, role: Role, headers: Sequence[str]) -> list[str]:
    """Return one cell per row: several headers are joined, or the first that is filled counts."""
    places = [chunk.headers.index(header) for header in headers if header in chunk.headers]
    if not places:
        return [""] * len(chunk)
    if len(places) == 1:
        return [row[places[0]].strip() for row in chunk.rows]
    glue = _JOINED.get(role)
    if glue is not None:
        return [glue.join(filter(None, (row[place].strip() for place in places))) for row in chunk.rows]
    # several that are known to belong together, or that the user named
    return [next(filter(None, (row[place].strip() for place in places)), "") for row in chunk.rows]


def _values(role: Role, header: str, cells: list[str], remarks: list[Remark]) -> Sequence[Any]:
    if role in _TIMES:
        times = [parse_time(cell) if cell else None for cell in cells]
        _remark_failures(role, header, "the time cannot be read", cells, times, remarks)
        return times
    if role is Role.TIER:
        tiers = [parse_tier(cell) if cell else None for cell in cells]
        _remark_failures(role, header, "the tier is not known", cells, tiers, remarks)
        return tiers
    if role in _FLAGS:
        flag = parse_flag(header, set(cells))
        if flag.clear:
            return [flag.read(cell) for cell in cells]
        if any(cells):
            examples = tuple(value[:_EXAMPLE_LENGTH] for value in flag.unknown[:_EXAMPLES])
            remarks.append(Remark(role, header, "which value means yes is not clear", len(cells), examples))
    return cells


def _series(role: Role, values: Sequence[Any]) -> Any:
    import pandas

    if role in _TIMES:
        return pandas.to_datetime(pandas.Series(values, dtype="object")).astype("datetime64[s]")
    if role is Role.TIER:
        return pandas.array(values, dtype="Int64")
    if role in _FLAGS and not any(isinstance(value, str) for value in values):
        return pandas.array(values, dtype="boolean")
    return pandas.Series(values, dtype="object")


def _remark_failures(
    role: Role, header: str, problem: str, cells: Sequence[str], values: Sequence[Any], remarks: list[Remark]
) -> None:
    failed = [cell for cell, value in zip(cells, values, strict=True) if cell and value is None]
    if failed:
        examples = tuple(cell[:_EXAMPLE_LENGTH] for cell in list(dict.fromkeys(failed))[:_EXAMPLES])
        remarks.append(Remark(role, header, problem, len(failed), examples))
