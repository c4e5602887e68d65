"""A register from an export: set up and filled in one transaction, so that a bad file leaves nothing behind."""

from pathlib import Path

from pipeline.register import exchange
from pipeline.register.connecting import connect, parsed_url, writing
from pipeline.register.schema import set_up


def import_register(address: str, path: Path) -> int:
    """Read an export into the register at ``address``, which is new or empty; return the number of rows.

    Raises ``RegisterError`` for a file that is no whole export and a register that is not empty; a database that was
    not there before is not there then.
    """
    url = parsed_url(address)
    file = Path(str(url.database)) if url.drivername == "sqlite" else None
    is_new = file is not None and not file.exists()
    engine = connect(url, create=True)
    try:
        with writing(engine) as connection:
            set_up(connection, engine)
            rows = exchange.import_(connection, path)
        is_new = False
        return rows
    finally:
        engine.dispose()
        if file is not None and is_new:
            file.unlink(missing_ok=True)
