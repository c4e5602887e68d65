"""The register's revision: an empty database is set up at once, an older one only when asked, a newer one never."""

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from pipeline import __version__
from pipeline.errors import RegisterError
from pipeline.register.connecting import connect, missing_register, parsed_url, reading, shown, writing
from pipeline.register.tables import meta

VERSION_TABLE = "genyin_revision"
FOLDER = Path(__file__).parent / "migrations"
# every revision there is, oldest first: opening a register needs no Alembic
REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004")


def migrate(address: str, rehearse: bool = False) -> tuple[str, str]:
    """Bring the register at ``address`` to this version's revision; return the revision before and after.

    With ``rehearse`` it is brought there and back again, so that what would fail fails now.
    """
    engine = connect(parsed_url(address), create=False)
    try:
        with writing(engine, keep=not rehearse) as connection:
            before = _known_revision(connection, engine)
            if before != REVISIONS[-1]:
                _upgrade(connection)
        return before, REVISIONS[-1]
    finally:
        engine.dispose()


def is_set_up(address: str) -> bool:
    """Tell whether there is a register at ``address``; nothing is made. ``RegisterError`` as when opening it."""
    url = parsed_url(address)
    if url.drivername == "sqlite" and not Path(str(url.database)).exists():
        return False
    engine = connect(url, create=False)
    try:
        with reading(engine) as connection:
            return bool(_known_revision(connection, engine))
    finally:
        engine.dispose()


def ensure_current(engine: Engine, create: bool = True) -> None:
    """Set an empty database up, if wanted; ``RegisterError`` when it holds something else, or another revision."""
    with reading(engine) as connection:
        revision = _known_revision(connection, engine)
    if not revision and not create:
        raise missing_register(shown(engine.url))
    if not revision:
        with writing(engine) as connection:
            # somebody else may have been quicker
            set_up(connection, engine)
    elif revision != REVISIONS[-1]:
        raise _older(engine, revision)


def set_up(connection: Connection, engine: Engine) -> None:
    """Make the tables in an empty database, within a transaction; ``RegisterError`` as with ``ensure_current``."""
    revision = _known_revision(connection, engine)
    if not revision:
        _upgrade(connection)
    elif revision != REVISIONS[-1]:
        raise _older(engine, revision)


def _older(engine: Engine, revision: str) -> RegisterError:
    if engine.dialect.name == "sqlite":
        return RegisterError(
            f"The register {shown(engine.url)} is of the older revision {revision}; this genyin needs "
            f"{REVISIONS[-1]}. Make a copy with genyin register backup, then run genyin register migrate."
        )
    return RegisterError(
        f"The register {shown(engine.url)} is of the older revision {revision}; this genyin needs "
        f"{REVISIONS[-1]}. Make a copy with pg_dump, then run genyin register migrate."
    )


def _known_revision(connection: Connection, engine: Engine) -> str:
    """Return the database's revision, empty for an empty database."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return ""
    where = shown(engine.url)
    if VERSION_TABLE not in tables:
        raise RegisterError(
            f"{where} holds tables of something else ({', '.join(sorted(tables)[:3])}). "
            "Give the register a database of its own."
        )
    revision = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE))) or ""
    if revision not in REVISIONS:
        raise RegisterError(
            f"The register {where} is of revision {revision or 'none'}, written by a newer genyin; this is genyin "
            f"{__version__}, which knows revisions up to {REVISIONS[-1]}. Update genyin."
        )
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # a percent sign in the folder's name would be read as a placeholder
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    is_new = not inspect(connection).has_table(meta.name)
    command.upgrade(config, "head")
    if is_new:
        connection.execute(meta.insert(), [{"name": "next_problem", "value": "1"}])
