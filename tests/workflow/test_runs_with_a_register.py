"""Finding problems and loading them into a register in one go."""

import csv
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pipeline.errors import RegisterError, SettingsError
from pipeline.records import Complaints
from pipeline.register.store import open_register
from pipeline.settings import Settings, load_settings
from pipeline.workflow.problems import FindOptions, Found, find_problems, group_complaints
from pipeline.workflow.registering import register_run
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


def test_a_dry_run_writes_its_result_but_nothing_into_the_register(dump, options, tmp_path):
    open_register(options.register).close()
    found = find_problems([dump], tmp_path / "out", replace(options, dry_run=True))
    assert found.change.loaded == 24
    assert (tmp_path / "out" / "problems.csv").exists()
    with open_register(options.register) as register:
        assert (list(register.complaints()), register.problems(), register.runs()) == ([], [], [])


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
        change = register_run(register, Found(None, group_complaints(complaints), complaints), {})
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
