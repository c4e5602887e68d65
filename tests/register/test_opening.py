"""Opening: a new database is set up, everything else is left alone and explained."""

import os
import re
import shutil
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pipeline.errors import MissingExtraError, RegisterError
from pipeline.register import schema
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.connecting import connect, parsed_url, reading, writing
from pipeline.register.store import Options, backup_register, open_register
from pipeline.register.tables import metadata


@pytest.fixture
def address(places):
    """The address of an empty database."""
    return places.new()


def change(address, *statements):
    engine = connect(parsed_url(address), create=True)
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_code(address):
    open_register(address).close()
    engine = connect(parsed_url(address), create=False)
    with reading(engine) as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_the_code_lists_the_revisions_that_travel_with_it():
    found = [one.revision for one in ScriptDirectory(str(schema.FOLDER)).walk_revisions()]
    assert tuple(reversed(found)) == schema.REVISIONS


def test_opening_again_changes_nothing(address):
    open_register(address).close()
    with open_register(address, Options(create=False)) as register:
        assert (register.problems(), register.check()) == ([], [])
    assert schema.migrate(address) == (schema.REVISIONS[-1],) * 2


def test_a_register_of_before_the_rates_is_brought_up_to_date_with_its_problems(address):
    arrival = Arrival("TS1", "断网", accepted="2026-03-01T10:00:00")
    with open_register(address) as register:
        register.add_run({}, [arrival], Findings([FoundProblem("a", "断网")], {arrival.identity: {"a": 1.0}}))
        register.move("P-0001", "open")
        before = register.problems()
    change(
        address,
        "ALTER TABLE problems DROP COLUMN rate_facts",
        "ALTER TABLE problems DROP COLUMN watch_until",
        "ALTER TABLE complaints DROP COLUMN confidence",
        "ALTER TABLE complaints DROP COLUMN needs_review",
        "UPDATE genyin_revision SET version_num = '0002'",
    )
    with pytest.raises(RegisterError, match="is of the older revision 0002; this genyin needs"):
        open_register(address)
    assert schema.migrate(address) == ("0002", schema.REVISIONS[-1])
    with open_register(address) as register:
        assert (register.problems(), register.check()) == (before, [])
        assert register.set("P-0001", {"watch_until": "2026-05-31"}).problem.watch_until == "2026-05-31"


def test_loading_again_tells_a_register_of_before_how_sure_the_model_was(address):
    arrivals = [Arrival(f"TS{i}", "断网", category="network", confidence=0.5, needs_review=True) for i in range(2)]
    with open_register(address) as register:
        register.add_run({}, arrivals, Findings())
    change(
        address,
        "ALTER TABLE complaints DROP COLUMN confidence",
        "ALTER TABLE complaints DROP COLUMN needs_review",
        "UPDATE genyin_revision SET version_num = '0003'",
    )
    assert schema.migrate(address) == ("0003", schema.REVISIONS[-1])

    def told(register):
        return [(one.confidence, one.needs_review) for one in register.complaints()]

    with open_register(address) as register:
        assert told(register) == [(None, None)] * 2
        # who does not know it takes nothing away, nor makes a change
        assert register.add_run({}, [Arrival("TS0", "断网", category="network")], Findings()).relabelled == 0
        assert register.add_run({}, arrivals, Findings()).relabelled == 2
        assert told(register) == [(0.5, True)] * 2
        assert register.add_run({}, arrivals, Findings()).run is None
        # by itself a confidence that is slightly other with another model is no change
        assert register.add_run({}, [replace(one, confidence=0.6) for one in arrivals], Findings()).run is None
        unknown = register.add_run({}, [Arrival("TS0", "断网", category="network")], Findings())
        assert (unknown.run, told(register)) == (None, [(0.5, True)] * 2)
        other = register.add_run({}, [Arrival("TS0", "断网", category="billing")], Findings())
        assert (other.relabelled, told(register)[0]) == (1, (None, None))
        assert register.check() == []


def test_a_newer_register_is_left_alone(address):
    open_register(address).close()
    change(address, "UPDATE genyin_revision SET version_num = '9999'")
    message = r"is of revision 9999, written by a newer genyin; this is genyin .* up to \d+\. Update genyin\."
    with pytest.raises(RegisterError, match=message):
        open_register(address)
    with pytest.raises(RegisterError, match=message):
        schema.migrate(address)


def test_an_older_register_waits_for_the_word_to_migrate(address, tmp_path, monkeypatch):
    open_register(address).close()
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "r9999_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = {schema.REVISIONS[-1]!r}\n"
        "def upgrade():\n    op.add_column('meta', sa.Column('more', sa.Text))\n",
        encoding="utf-8",
    )
    former = schema.REVISIONS[-1]
    monkeypatch.setattr(schema, "FOLDER", folder)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    copy = "pg_dump" if "postgresql" in address else "genyin register backup"
    message = f"is of the older revision {former}; this genyin needs 9999. Make a copy with {copy}, then run genyin"
    with pytest.raises(RegisterError, match=re.escape(message)):
        open_register(address)
    if copy == "pg_dump":
        with pytest.raises(RegisterError, match=re.escape(message)):
            backup_register(address, tmp_path / "copy.db")
    else:
        backup_register(address, tmp_path / "copy.db")
        with pytest.raises(RegisterError, match=r"copy\.db exists; give a new name for the backup"):
            backup_register(address, tmp_path / "copy.db")
        assert schema.migrate(f"sqlite:///{tmp_path / 'copy.db'}", rehearse=True) == (former, "9999")
    assert schema.migrate(address, rehearse=True) == (former, "9999")
    assert schema.migrate(address) == (former, "9999")
    assert schema.migrate(address) == ("9999", "9999")
    open_register(address).close()


def test_a_database_of_something_else_is_left_alone(address):
    change(address, "CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(RegisterError, match=r"holds tables of something else \(invoices\)\. Give the register a"):
        open_register(address)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("genyin.db", "genyin.db"),
        ("mysql://me:secret@host/db", "mysql://me:***@host/db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///%3Amemory%3A"),
        ("postgresql://host", "postgresql+psycopg://host"),
    ],
)
def test_an_address_that_is_none_is_explained(given, shown):
    with pytest.raises(RegisterError, match=re.escape(f"{shown} is not the address of a register. Give one such as")):
        open_register(given)


def test_a_password_is_never_shown():
    with pytest.raises(
        RegisterError, match=r"postgresql\+psycopg://me:\*\*\*@127\.0\.0\.1:1/x cannot be used: "
    ) as told:
        open_register("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in str(told.value)


def test_postgresql_without_its_driver_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r'Registers in PostgreSQL need .* pip install "genyin\[postgres\]"'):
        open_register("postgresql://me@127.0.0.1/x")


def test_a_file_that_is_no_database_is_explained(tmp_path):
    (tmp_path / "x.db").write_text("编号,投诉内容\n" * 100, encoding="utf-8")
    with pytest.raises(RegisterError, match=r"x\.db cannot be used: file is not a database\. Check the address"):
        open_register(f"sqlite:///{tmp_path / 'x.db'}")


def test_a_missing_register_is_not_made_by_looking_at_it(tmp_path):
    with pytest.raises(RegisterError, match=r"There is no register at .*x\.db\. Load complaints into it first"):
        open_register(f"sqlite:///{tmp_path / 'x.db'}", Options(create=False))
    with pytest.raises(RegisterError, match=r"The register .*x\.db cannot be made: No such file or directory"):
        open_register(f"sqlite:///{tmp_path / 'none' / 'x.db'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_register_in_a_file_belongs_to_its_owner_alone(tmp_path):
    with open_register(f"sqlite:///{tmp_path / 'x.db'}") as register:
        register.add_run({}, [Arrival("TS1", "断网")], Findings())
        register.export(tmp_path / "x.jsonl")
        register.backup(tmp_path / "copy.db")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path(tmp_path).iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"x.db", "x.jsonl", "copy.db"} <= modes.keys()


def test_a_writer_that_waits_too_long_is_told_so(address, monkeypatch):
    open_register(address).close()
    monkeypatch.setattr("pipeline.register.connecting.PATIENCE", 1)
    engine = connect(parsed_url(address), create=False)
    told = r"Another program has been writing to the register .* for more than 1 s"
    with writing(engine), open_register(address) as other, pytest.raises(RegisterError, match=told):
        other.mark({})
    engine.dispose()
