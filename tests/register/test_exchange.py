"""Export, import and backup lose nothing, and refuse what is not whole."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RegisterError
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.importing import import_register
from pipeline.register.schema import is_set_up
from pipeline.register.store import Options, open_register
from tests.register.conftest import Places
from tests.register.invented import picture, ticking


@pytest.fixture
def exported(two_problems, tmp_path):
    two_problems.set("P-0001", {"owner": "李工", "check_target": 0.5, "whys": ["一", "二"]})
    two_problems.undo(two_problems.merge(["P-0002"], "P-0001").event)
    two_problems.split("P-0001", phrase="断网")
    two_problems.export(tmp_path / "first.jsonl")
    return tmp_path / "first.jsonl"


def test_export_import_export_gives_the_same_bytes(two_problems, exported, places, tmp_path):
    with open_register(places.new(), Options(clock=ticking())) as other:
        assert other.import_(exported) == len(exported.read_text(encoding="utf-8").splitlines()) - 1
        other.export(tmp_path / "second.jsonl")
        assert picture(other) == picture(two_problems)
        assert other.check() == []
        assert other.split("P-0002", complaints=["TS1"]).problem.id == "P-0004"
    assert (tmp_path / "second.jsonl").read_bytes() == exported.read_bytes()


def test_a_register_that_is_not_empty_takes_no_import(two_problems, exported):
    with pytest.raises(RegisterError, match=r"The register is not empty\. Import into a new one\."):
        two_problems.import_(exported)


def spoilt_header(lines, **changes):
    return [json.dumps({**json.loads(lines[0]), **changes}), *lines[1:]]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda lines: lines[:-2], r"is incomplete: it announces \d+ rows and holds \d+\. Nothing was imported"),
        (lambda lines: spoilt_header(lines, format="x"), r"is not an export of a register\. Make one with"),
        (lambda lines: spoilt_header(lines, revision="0000"), r"is of revision 0000, this genyin reads \d+"),
        (lambda _: ["编号,投诉内容"], r"is not an export of a register\. Make one with genyin register export"),
        (lambda _: [], r"is not an export of a register\. Make one with genyin register export"),
        (lambda lines: [*lines[:3], "{}", *lines[3:]], r"line 4: this is no row of a register\. Nothing was imported"),
        (lambda lines: [*lines[:2], lines[2][:-9]], r"line 3: this is no row of a register"),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], r"among its rows of meta one stands there twice"),
        (lambda lines: [one.replace('"weight":1.0', '"weight":"1"') for one in lines], r"this is no row of a register"),
    ],
)
def test_a_damaged_export_is_refused_and_nothing_is_imported(exported, tmp_path, spoil, message):
    lines = exported.read_text(encoding="utf-8").splitlines()
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text("".join(line + "\n" for line in spoil(lines)), encoding="utf-8")
    with open_register(f"sqlite:///{tmp_path / 'other.db'}") as other:
        with pytest.raises(RegisterError, match=message):
            other.import_(damaged)
        assert (other.runs(), other.problems()) == ([], [])
        assert other.import_(exported) > 0


def test_an_import_into_a_new_register_leaves_nothing_behind_when_it_fails(exported, places, tmp_path):
    address = places.new()
    lines = exported.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(RegisterError, match=r"cut\.jsonl is incomplete"):
        import_register(address, tmp_path / "cut.jsonl")
    assert not is_set_up(address)
    if places.kind == "sqlite":
        assert not Path(address.removeprefix("sqlite:///")).exists()
    assert import_register(address, exported) == len(lines) - 1
    with pytest.raises(RegisterError, match="The register is not empty"):
        import_register(address, exported)
    with open_register(address) as register:
        assert register.check() == []


def test_files_that_cannot_be_read_or_written_are_explained(register, tmp_path):
    with pytest.raises(RegisterError, match=r"The export .*none\.jsonl cannot be read: No such file"):
        register.import_(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("投诉".encode("gbk"))
    with pytest.raises(RegisterError, match=r"gbk\.jsonl is not an export of a register: it is not UTF-8"):
        register.import_(tmp_path / "gbk.jsonl")
    with pytest.raises(RegisterError, match=r"x\.jsonl cannot be written: No such file or directory"):
        register.export(tmp_path / "none" / "x.jsonl")


def test_a_backup_is_a_register_or_an_export(two_problems, tmp_path, places):
    copy = tmp_path / "copy"
    two_problems.backup(copy)
    if places.kind == "sqlite":
        with open_register(f"sqlite:///{copy}", Options(create=False)) as other:
            assert picture(other) == picture(two_problems)
    else:
        with open_register(f"sqlite:///{tmp_path / 'other.db'}") as other:
            other.import_(copy)
            assert picture(other) == picture(two_problems)
    with pytest.raises(RegisterError, match=r"copy exists; give a new name for the backup"):
        two_problems.backup(copy)


anything = st.text(max_size=12)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=6,
)
arrivals = st.builds(Arrival, anything, anything, anything, anything, anything, anything, anything)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(arrivals, max_size=5), st.dictionaries(anything, values, max_size=3), anything)
def test_whatever_the_texts_hold_the_round_trip_is_exact(places, tmp_path, complaints, facts, name):
    found = Findings([FoundProblem("a", name, profile=facts)], {one.identity: {"a": 1.0} for one in complaints})
    with open_register(places.new(), Options(clock=ticking())) as register:
        loaded = register.add_run(facts, complaints, found)
        assert loaded.new + loaded.known + loaded.changed + loaded.repeated == len(complaints)
        assert register.add_run(facts, complaints, Findings()).changed == 0
        if loaded.created:
            register.set("P-0001", {"owner": "王工"}, note=name.replace(chr(0), ""))
        register.export(tmp_path / "a.jsonl")
    with open_register(Places("sqlite", tmp_path).new()) as other:
        other.import_(tmp_path / "a.jsonl")
        other.export(tmp_path / "b.jsonl")
        assert other.check() == []
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
