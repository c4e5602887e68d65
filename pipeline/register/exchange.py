"""The register as JSON Lines: a header line, then one line per row, the same bytes for the same register.

Made for moving between databases and for keeping; it holds the masked texts of customers, so the file is the owner's
alone.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, TextIO

from sqlalchemy import Boolean, Column, Connection, Float, Integer, Table, Text, func, select
from sqlalchemy.exc import DataError, IntegrityError

from pipeline.errors import RegisterError
from pipeline.register import rows, tables
from pipeline.register.journal import chunks
from pipeline.register.queries import whole_table
from pipeline.register.schema import REVISIONS

FORMAT = "genyin-register"
_VERSION = 1
_BATCH = 2000


def export(connection: Connection, path: Path) -> int:
    """Write everything to ``path`` and return the number of rows; a file there is replaced at the end."""
    counts = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables.RECORDS}
    header = {"format": FORMAT, "version": _VERSION, "revision": REVISIONS[-1], "rows": counts}
    with _private_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(tables.json_text(header) + "\n")
        for table in tables.RECORDS:
            for row in whole_table(connection, table):
                file.write(tables.json_text({"table": table.name, "row": rows.values_of(row)}) + "\n")
    return sum(counts.values())


def import_(connection: Connection, path: Path) -> int:
    """Read an export into an empty register and return the number of rows; ``RegisterError`` names the bad line."""
    for table in (tables.runs, tables.problems, tables.events, tables.labels):
        if connection.scalar(select(func.count()).select_from(table)):
            raise RegisterError("The register is not empty. Import into a new one.")
    connection.execute(tables.meta.delete())
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            return _import_lines(connection, path, file)
    except OSError as error:
        raise RegisterError(f"The export {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path} is not an export of a register: it is not UTF-8 ({error.reason}).") from None


def _import_lines(connection: Connection, path: Path, file: TextIO) -> int:
    expected = _checked_header(path, file.readline())
    by_name = {table.name: table for table in tables.RECORDS}
    counts = dict.fromkeys(by_name, 0)
    batch: list[tuple[Table, dict[str, Any]]] = []
    for number, line in enumerate(file, start=2):
        table, row = _checked_row(path, number, line, by_name)
        if batch and (batch[0][0] is not table or len(batch) == _BATCH):
            _insert(connection, path, batch)
        batch.append((table, row))
        counts[table.name] += 1
    _insert(connection, path, batch)
    if counts != expected:
        raise RegisterError(
            f"{path} is incomplete: it announces {sum(expected.values())} rows and holds {sum(counts.values())}. "
            "Nothing was imported; export again or copy the whole file."
        )
    return sum(counts.values())


def _insert(connection: Connection, path: Path, batch: list[tuple[Table, dict[str, Any]]]) -> None:
    try:
        for part in chunks(batch, _BATCH):
            connection.execute(part[0][0].insert(), [row for _, row in part])
    except (IntegrityError, DataError):
        raise RegisterError(
            f"{path} is damaged: among its rows of {batch[0][0].name} one stands there twice or speaks of another that "
            "is missing. Nothing was imported; export again or copy the whole file."
        ) from None
    batch.clear()


def _checked_header(path: Path, line: str) -> dict[str, int]:
    try:
        header = json.loads(line)
        known = (header["format"], header["version"]) == (FORMAT, _VERSION)
        revision, counts = header["revision"], dict(header["rows"])
    except (ValueError, TypeError, KeyError):
        known, revision, counts = False, "", {}
    if not known or not all(isinstance(count, int) for count in counts.values()):
        raise RegisterError(f"{path} is not an export of a register. Make one with genyin register export.")
    if revision != REVISIONS[-1]:
        raise RegisterError(
            f"{path} is of revision {revision}, this genyin reads {REVISIONS[-1]}. "
            "Bring the register it came from to the same version with genyin register migrate, and export again."
        )
    return counts


def _checked_row(path: Path, number: int, line: str, by_name: dict[str, Table]) -> tuple[Table, dict[str, Any]]:
    try:
        found = json.loads(line)
        table, row = by_name[found["table"]], found["row"]
        complete = row.keys() == _kinds(table).keys() and all(
            isinstance(row[name], kind) for name, kind in _kinds(table).items()
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        complete = False
    if not complete:
        raise RegisterError(f"{path}, line {number}: this is no row of a register. Nothing was imported.")
    return table, row


@cache
def _kinds(table: Table) -> dict[str, tuple[type, ...]]:
    """The types that the values of a table's columns have in an export."""
    return {column.name: _kind(column) for column in table.columns}


def _kind(column: Column[Any]) -> tuple[type, ...]:
    plain: dict[type, tuple[type, ...]] = {Integer: (int,), Float: (int, float), Text: (str,), Boolean: (bool,)}
    found = plain.get(type(column.type), (object,))
    return (*found, NoneType) if column.nullable else found


def backup_sqlite(source: Path, path: Path) -> None:
    """Copy a SQLite register as it stands now, while others may go on using it; ``path`` must be new."""
    refuse_existing(path)
    with _private_file(path) as part, closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(part)) as there:
        here.backup(there)


def refuse_existing(path: Path) -> None:
    """``RegisterError`` for the name of a file that is there: a backup replaces nothing."""
    if path.exists():
        raise RegisterError(f"{path} exists; give a new name for the backup.")


@contextmanager
def _private_file(path: Path) -> Iterator[Path]:
    """Hand out a path beside ``path`` for a file that only its owner reads; it gets its name when all went well."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        yield part
        part.replace(path)
    except OSError as error:
        raise RegisterError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
