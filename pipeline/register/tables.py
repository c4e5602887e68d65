"""The tables, made from the dataclasses in ``rows``: a field is a column, so that neither can drift from the other."""

import json
from dataclasses import fields
from typing import Any, get_origin

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pipeline.label_entries import LabelEntry
from pipeline.register import rows
from pipeline.register.rows import storable


class JsonText(TypeDecorator[Any]):
    """JSON as text with sorted keys: the same value is the same text on every database; lists come back as tuples."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Write the value as JSON."""
        return json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the JSON."""
        # most cells are empty, and a register has tens of thousands of them
        if value == "[]":
            return ()
        found = json.loads(value)
        return tuple(found) if isinstance(found, list) else found


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)


def json_text(value: Any) -> str:
    """Return ``value`` as JSON with sorted keys.

    >>> json_text({"b": 1, "a": ("宽带",)})
    '{"a":["宽带"],"b":1}'
    """
    # a broken half of a character has the same escape there as in JSON
    return storable(_ENCODER.encode(value))


metadata = MetaData()


def _table(name: str, record: type, keys: tuple[str, ...], links: dict[str, str] | None = None) -> Table:
    """Make the table of a dataclass; ``links`` names the column of another table that a column points to."""
    columns = []
    for one in fields(record):
        kind, optional = _column_type(one.type)
        link = [ForeignKey(links[one.name])] if links and one.name in links else []
        is_key = one.name in keys
        # numbers are handed out by the register itself, so that an import keeps them
        columns.append(
            Column(one.name, kind, *link, primary_key=is_key, nullable=optional, autoincrement=False)  # type: ignore[arg-type]
        )
    return Table(name, metadata, *columns)


def _column_type(annotation: Any) -> tuple[Any, bool]:
    text = str(annotation)
    simple = {"int": Integer, "float": Float, "str": Text, "bool": Boolean}
    name = annotation.__name__ if get_origin(annotation) is None and isinstance(annotation, type) else text
    bare = name.removesuffix(" | None")
    return simple.get(bare, JsonText), name != bare


runs = _table("runs", rows.Run, ("id",))
complaints = _table("complaints", rows.Complaint, ("id",), {"run": "runs.id"})
problems = _table("problems", rows.Problem, ("id",))
memberships = _table(
    "memberships",
    rows.Membership,
    ("problem", "complaint"),
    {"problem": "problems.id", "complaint": "complaints.id", "run": "runs.id"},
)
events = _table("events", rows.Event, ("id",), {"run": "runs.id"})
touches = _table("touches", rows.Touch, ("problem", "event"), {"event": "events.id"})
decisions = _table("decisions", rows.Decision, ("id",))
proposals = _table("proposals", rows.Proposal, ("id",))
labels = _table("labels", LabelEntry, ("id",))
meta = _table("meta", rows.Meta, ("name",))

Index("complaints_identity", complaints.c.identity, unique=True)
Index("complaints_content", complaints.c.content)
Index("memberships_complaint", memberships.c.complaint)
Index("problems_parent", problems.c.parent)
Index("labels_text_hash", labels.c.text_hash)

# in the order in which rows may be put back
RECORDS: dict[Table, type] = {
    meta: rows.Meta,
    runs: rows.Run,
    complaints: rows.Complaint,
    problems: rows.Problem,
    memberships: rows.Membership,
    events: rows.Event,
    touches: rows.Touch,
    decisions: rows.Decision,
    proposals: rows.Proposal,
    labels: LabelEntry,
}
