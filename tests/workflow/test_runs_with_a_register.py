"""Finding problems and loading them into a register in one go."""

import csv
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pipeline.errors import GenyinError, RegisterError, SettingsError
from pipeline.records import Complaints
from pipeline.register.arriving import identity_of
from pipeline.register.store import open_register
from pipeline.settings import Settings, load_settings
from pipeline.workflow.problems import FindOptions, ProblemRun, find_problems, group_complaints
from pipeline.workflow.register.registering import register_run
from tests.conftest import ROOT

STORIES = ("宽带晚上特别慢，看视频老是卡住", "流量包到期自动续订，多扣了十五元", "约好装机的师傅没有来")


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "dump.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["工单流水号", "主题", "业务内容", "受理号码", "受理时间", "投诉地市"])
        for i in range(24):
            text = f"{STORIES[i % 3]}，用户来电{'催问' if i % 2 else '要求处理'}第{i // 6 + 1}回"
            writer.writerow([f"TS{i:04}", "", text, f"1990000{i % 9:04}", f"2026-03-{i + 1:02} 09:00:00", "临江市"])
    return path


@pytest.fixture
def options(tmp_path, small_model):
    address = f"sqlite:///{tmp_path / 'register.db'}"
    return FindOptions(small_model, jobs=1, register=address, key_file=tmp_path / "customers.key", who="王工")


def test_a_run_with_a_register_stores_its_complaints_and_says_so(dump, options, tmp_path):
    found = find_problems([dump], tmp_path / "out", options)
    assert (found.change.loaded, found.change.known) == (24, 0)
    kept = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["register"]
    assert (kept["loaded"], kept["new"]) == (24, list(found.change.new))
    with open_register(options.register) as register:
        stored = list(register.complaints())
        (run,) = register.runs()
        assert {one.id for one in register.problems()} >= set(found.change.new)
    assert len({one.customer for one in stored}) == 9
    assert (run.who, run.facts["inputs"][0]["file"]) == ("王工", str(dump))
    assert [number for one in stored for number in (f"1990000{i:04}" for i in range(9)) if number in repr(one)] == []


def test_customers_are_the_same_in_every_run_with_one_key(dump, options, tmp_path):
    first = find_problems([dump], tmp_path / "first", options)
    again = find_problems([dump], tmp_path / "again", options)
    assert first.complaints.customers == again.complaints.customers
    assert (again.change.run, again.change.line()) == (None, "unchanged")
    assert options.key_file.stat().st_size == 32


def test_a_register_that_refuses_the_run_leaves_no_result(dump, options, tmp_path):
    (tmp_path / "register.db").write_text("this is no database, but a note that is long enough to be read as one " * 9)
    with pytest.raises(RegisterError, match=r"register\.db"):
        find_problems([dump], tmp_path / "out", options)
    assert not (tmp_path / "out").exists()


def test_a_run_that_the_register_refuses_at_the_end_leaves_no_result(dump, options, tmp_path):
    find_problems([dump], tmp_path / "out", replace(options, format="jsonl"))
    with sqlite3.connect(tmp_path / "register.db") as register:
        register.execute("CREATE TRIGGER full BEFORE INSERT ON complaints BEGIN SELECT RAISE(ABORT, 'full'); END")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*")}
    dump.write_text(dump.read_text(encoding="utf-8").replace("TS00", "TT00"), encoding="utf-8")
    with pytest.raises(RegisterError, match="cannot be used: full"):
        find_problems([dump], tmp_path / "out", options)
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*")} == before


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_speak_of_the_registers_problems(dump, options, tmp_path):
    find_problems([dump], tmp_path / "out", options)
    rows, listed = rows_of(tmp_path / "out" / "grouped.csv"), rows_of(tmp_path / "out" / "problems.csv")
    with open_register(options.register) as register:
        kept = {one.id: one for one in register.problems()}
        homes = {member.complaint.identity: one.id for one in kept.values() for member in register.members(one.id)}
        register.rename(listed[0]["id"], "晚上看视频卡")
        merged = [one["id"] for one in listed[1:]]
        register.merge(merged, listed[0]["id"])
    assert {one["id"]: (one["name"], int(one["rows"])) for one in listed} == {
        one.id: (one.name, one.complaints) for one in kept.values()
    }
    assert [row["problem_id"] for row in rows] == [homes.get(identity_of(row["工单流水号"]), "") for row in rows]
    again = find_problems([dump], tmp_path / "out", options)
    assert (again.change.new, again.change.moved) == ((), 0)
    rows, listed = rows_of(tmp_path / "out" / "grouped.csv"), rows_of(tmp_path / "out" / "problems.csv")
    (one,) = listed
    assert (one["id"], one["name"], one["parent"], int(one["rows"])) == ("P-0001", "晚上看视频卡", "", len(homes))
    assert {(row["problem_id"], row["problem_name"]) for row in rows} == {("P-0001", "晚上看视频卡")}
    assert find_problems([dump], tmp_path / "out", options).change.run is None


def test_a_table_with_the_registers_ids_can_be_fed_again(dump, options, tmp_path):
    find_problems([dump], tmp_path / "out", options)
    table = tmp_path / "out" / "grouped.csv"
    rows = rows_of(table)
    here, there = sorted({row["problem_id"] for row in rows} - {""})[:2]
    moved = next(row for row in rows if row["problem_id"] == here)
    text = table.read_text(encoding="utf-8-sig").replace(f"{here},{moved['problem_name']}", f"{there},", 1)
    new = "TS0100,,约好装机的师傅没有来，第五回了,19900000001,2026-04-01 09:00:00,临江市"
    table.write_text(f"{text}{new},{there},\n{new.replace('0100', '0101')},P-9999,\n", encoding="utf-8-sig")
    problems = replace(options.problems, keep=True)
    change = find_problems([table], tmp_path / "again", replace(options, problems=problems)).change
    assert (change.loaded, change.known) == (2, 24)
    fed = {row["工单流水号"]: row["problem_id"] for row in rows_of(tmp_path / "again" / "grouped.csv")}
    expected = {row["工单流水号"]: row["problem_id"] for row in rows}
    assert fed == {**expected, moved["工单流水号"]: there, "TS0100": there, "TS0101": fed["TS0101"]}
    assert fed["TS0101"] != "P-9999"


def test_a_small_dump_is_told_under_the_problems_that_the_register_remembers(dump, options, tmp_path):
    first = find_problems([dump], tmp_path / "out", options)
    names = {one.id: one.name for one in first.grouping.problems}
    lines = dump.read_text(encoding="utf-8").splitlines()
    few = [line.replace("TS00", "TS99").replace("2026-03", "2026-04") for line in lines[1:7]]
    (tmp_path / "few.csv").write_text("\n".join([lines[0], *few]), encoding="utf-8")
    found = find_problems([tmp_path / "few.csv"], tmp_path / "few", options)
    assert (found.change.loaded, found.change.new, found.grouping.ungrouped) == (6, (), 0)
    assert {one.id: one.name for one in found.grouping.problems}.items() <= names.items()
    rows, listed = rows_of(tmp_path / "few" / "grouped.csv"), rows_of(tmp_path / "few" / "problems.csv")
    here = {one["id"]: int(one["rows"]) for one in listed}
    assert sum(here[one["id"]] for one in listed if not one["parent"]) == len(rows) == 6
    assert {(row["problem_id"], row["problem_name"]) for row in rows} <= names.items()
    assert all(one["first"] >= "2026-04" and one["quote_1"] for one in listed)


def test_a_result_that_cannot_be_put_in_place_can_be_repeated(dump, options, tmp_path):
    (tmp_path / "out" / "problems.csv").mkdir(parents=True)
    with pytest.raises(GenyinError, match=r"Writing to .* failed"):
        find_problems([dump], tmp_path / "out", options)
    (tmp_path / "out" / "problems.csv").rmdir()
    again = find_problems([dump], tmp_path / "out", options)
    assert (again.change.run, again.change.known) == (None, 24)
    assert {one["id"] for one in rows_of(tmp_path / "out" / "problems.csv")} == set(again.change.ids.values())


def test_a_dry_run_says_what_would_change_and_writes_nothing(dump, options, tmp_path):
    before = set(tmp_path.rglob("*"))
    first = find_problems([dump], tmp_path / "out", replace(options, dry_run=True))
    assert (first.change.loaded, first.change.new[0]) == (24, "P-0001")
    assert first.report.problems["problems"] == len(first.change.new)
    assert set(tmp_path.rglob("*")) == before
    find_problems([dump], tmp_path / "out", options)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    dump.write_text(dump.read_text(encoding="utf-8").replace("TS000", "TT000"), encoding="utf-8")
    found = find_problems([dump], tmp_path / "out", replace(options, dry_run=True))
    assert (found.change.loaded, found.change.new) == (10, ())
    changed = [path for path in kept if path != dump and path.read_bytes() != kept[path]]
    assert changed == []


def test_what_is_left_of_personal_data_is_masked_before_it_is_stored(tmp_path):
    texts = [f"宽带晚上很慢，请回电13800138{i:03}" for i in range(5)]
    # texts that no masking has seen, as if it had failed
    complaints = Complaints(
        [f"T{i}" for i in range(5)],
        texts,
        [""] * 5,
        [f"c{i}" for i in range(5)],
        np.array(["2026-03-01T09:00:00"] * 5, "datetime64[s]"),
        ["network"] * 5,
        (),
        np.zeros((5, 0), np.float32),
    )
    address = f"sqlite:///{tmp_path / 'register.db'}"
    with open_register(address) as register:
        change = register_run(register, ProblemRun(None, group_complaints(complaints), complaints), {})
        assert change.masked_again == 5
        assert all("[手机号]" in one.text for one in register.complaints())
        register.export(tmp_path / "export.jsonl")
    assert "13800138" not in (tmp_path / "export.jsonl").read_text(encoding="utf-8")


def test_the_database_is_loaded_only_where_there_is_a_register():
    code = "import sys, pipeline.workflow.problems, pipeline.workflow.report; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


def test_the_register_can_stand_in_the_settings(tmp_path):
    path = tmp_path / "genyin.toml"
    path.write_text('register = "sqlite:///genyin.db"\n', encoding="utf-8")
    assert load_settings(path).register == "sqlite:///genyin.db"
    assert Settings().register == ""
    path.write_text("register = 5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="register = 5 cannot be used; give an address as text"):
        load_settings(path)
