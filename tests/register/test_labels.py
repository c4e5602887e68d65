"""Labels in the register: appended to, carried by export and backup, and there after a migration."""

import pytest
from alembic import command
from alembic.config import Config

from pipeline.errors import RegisterError
from pipeline.label_entries import answer
from pipeline.labels.label_store import LabelFile
from pipeline.register.connecting import connect, parsed_url, writing
from pipeline.register.schema import FOLDER, REVISIONS, VERSION_TABLE, migrate
from pipeline.register.store import Options, open_register


def said(text, *labels, who="王", **more):
    return answer(text, labels, who, queue="q-1", at="2026-03-01T08:00:00Z", **more)


ANSWERS = [
    said("宽带断了\x00", "network", "attitude", cause="断网", comment="'=1+1"),
    said("多扣了钱", "billing", is_control=True, suggested="network"),
    said("多扣了钱", "network", who="李"),
]


def test_the_register_keeps_what_the_file_keeps(address, tmp_path):
    file = LabelFile(tmp_path / "labels.jsonl")
    with open_register(address) as register:
        assert register.labels() == []
        added = register.add_labels(ANSWERS)
        assert [one.revision for one in added] == [1, 1, 1]
        assert register.add_labels(ANSWERS) == []
        (changed,) = register.add_labels([said("多扣了钱", "billing", who="李")])
        assert changed.revision == 2
        file.add(ANSWERS)
        file.add([said("多扣了钱", "billing", who="李")])
        assert [one.id for one in register.labels()] == [one.id for one in file.entries()]
        assert register.labels()[0].labels in {("network", "attitude"), ("billing",), ("network",)}
        assert register.check() == []


def test_a_rehearsal_keeps_nothing(address):
    open_register(address).close()
    with open_register(address, Options(rehearse=True)) as register:
        assert len(register.add_labels(ANSWERS)) == 3
        assert register.labels() == []


def test_labels_travel_with_export_and_import(places, tmp_path):
    first, second = places.new(), places.new()
    with open_register(first) as register:
        register.add_labels(ANSWERS)
        register.export(tmp_path / "a.jsonl")
        with open_register(second) as other:
            other.import_(tmp_path / "a.jsonl")
            assert other.labels() == register.labels()
            other.export(tmp_path / "b.jsonl")
            with pytest.raises(RegisterError, match=r"The register is not empty\. Import into a new one\."):
                other.import_(tmp_path / "a.jsonl")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_register_of_the_first_revision_gets_the_table(places):
    address = places.new()
    engine = connect(parsed_url(address), create=True)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with writing(engine) as connection:
        config.attributes.update(connection=connection, version_table=VERSION_TABLE)
        command.upgrade(config, "0001")
    engine.dispose()
    with pytest.raises(RegisterError, match="is of the older revision 0001; this genyin needs"):
        open_register(address)
    assert migrate(address) == ("0001", REVISIONS[-1])
    with open_register(address) as register:
        assert len(register.add_labels(ANSWERS)) == 3
