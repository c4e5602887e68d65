"""Connections: one code path for SQLite and PostgreSQL, one writer at a time on both, plain sentences on failure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.errors import RegisterError, missing_extra

PATIENCE = 60
_BEGIN = "genyin_begin"
_LOCKED = ("SQLITE_BUSY", "55P03")


def parsed_url(address: str) -> URL:
    """Read a register's address; PostgreSQL without a driver gets psycopg 3. ``RegisterError`` for anything else."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise _no_address(address) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    # a register in memory would be gone before anybody could look at it
    if url.drivername not in ("sqlite", "postgresql+psycopg") or url.database in (None, "", ":memory:"):
        raise _no_address(shown(url))
    return url


def _no_address(given: str) -> RegisterError:
    return RegisterError(
        f"{given} is not the address of a register. Give one such as sqlite:///genyin.db or "
        "postgresql+psycopg://user@host/database."
    )


def shown(url: URL) -> str:
    """Return the address without its password."""
    return url.render_as_string(hide_password=True)


def connect(url: URL, create: bool) -> Engine:
    """Return an engine; a new SQLite file belongs to its owner alone, because it will hold customers' words."""
    if url.drivername == "sqlite":
        _prepare_file(Path(str(url.database)), create)
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url)
    except ImportError:
        raise missing_extra("psycopg", "postgres", "Registers in PostgreSQL") from None


def _prepare_file(path: Path, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise missing_register(str(path))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise RegisterError(f"The register {path} cannot be made: {error.strerror}.") from None


def missing_register(where: str) -> RegisterError:
    """Build the message for a register that does not exist."""
    return RegisterError(f"There is no register at {where}. Load complaints into it first, with --register.")


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", f"busy_timeout = {PATIENCE * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the register throughout."""
    with failures_in_words(engine.url), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, keep: bool = True) -> Iterator[Connection]:
    """Open the only writing transaction: others wait their turn, so that nothing is lost and nothing deadlocks.

    With ``keep=False`` everything is done and taken back at the end (a rehearsal).
    """
    with failures_in_words(engine.url), engine.connect() as connection:
        transaction = connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}).begin()
        try:
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.set_config("lock_timeout", f"{PATIENCE}s", True)))
                name = func.hashtext(func.concat("genyin", func.current_schema()))
                connection.execute(select(func.pg_advisory_xact_lock(name)))
            yield connection
        except BaseException:
            transaction.rollback()
            raise
        if keep:
            transaction.commit()
        else:
            transaction.rollback()


@contextmanager
def failures_in_words(url: URL) -> Iterator[None]:
    """Turn what the database refuses into ``RegisterError``."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        sign = str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None))
        if sign.startswith(_LOCKED):
            raise RegisterError(
                f"Another program has been writing to the register {shown(url)} for more than {PATIENCE} s. "
                "Wait until it has finished and try again; nothing was changed."
            ) from error
        raise RegisterError(
            f"The register {shown(url)} cannot be used: {reason}. Check the address and the permissions."
        ) from error
