"""Labels people gave, in the register: added to, never changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from pipeline.label_entries import LabelEntry, following
from pipeline.register import tables
from pipeline.register.journal import Journal, chunks
from pipeline.register.queries import read
from pipeline.register.rows import storable

_TEXTS = ("text", "cause", "who", "queue", "source", "suggested", "comment")


def add_labels(journal: Journal, given: Sequence[LabelEntry]) -> list[LabelEntry]:
    """Append what is new among ``given`` (see ``label_entries.following``) and return it."""
    plain = [_storable(entry) for entry in given]
    added = following(_known(journal.connection, plain), plain)
    journal.insert(tables.labels, added)
    return added


def _known(connection: Connection, given: Sequence[LabelEntry]) -> list[LabelEntry]:
    table = tables.labels
    hashes = sorted({entry.text_hash for entry in given})
    return [
        entry
        for part in chunks(hashes)
        for entry in read(connection, LabelEntry, select(table).where(table.c.text_hash.in_(part)))
    ]


def _storable(entry: LabelEntry) -> LabelEntry:
    """As every database takes it; the text keeps its hash, for hashing looks at letters and digits only."""
    labels = tuple(map(storable, entry.labels))
    texts: dict[str, Any] = {name: storable(getattr(entry, name)) for name in _TEXTS}
    return replace(entry, **texts, labels=labels)
