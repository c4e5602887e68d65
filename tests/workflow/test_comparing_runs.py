"""Two result folders of the real program, compared: every part is one that really happened."""

import json

import pytest

from pipeline.errors import InputError
from pipeline.register.store import Options, open_register
from pipeline.workflow.classifying import ClassifyOptions, classify
from pipeline.workflow.insights.comparing_runs import (
    between_runs,
    compare_runs,
    decided_between,
    read_run,
    run_facts_of,
)
from tests.register.invented import complaint, findings, ticking

HEADER = "工单流水号,工单号,受理时间,受理号码,业务内容"
MARCH = [
    "K1,G1,2026-03-01 08:00:00,19900000001,流量包到期自动续订扣了二十块",
    "K2,G2,2026-03-02 08:00:00,19900000002,家里宽带从昨晚断到现在",
    "K2,G3,2026-03-02 08:00:00,19900000002,家里宽带从昨晚断到现在",
    "K3,G4,2026-03-30 08:00:00,19900000003,约好师傅上门装宽带没人来",
]
APRIL = [
    MARCH[0],
    MARCH[1].replace("家里宽带从昨晚断到现在", "流量包自动续订没人通知我"),
    "K4,G5,2026-03-20 08:00:00,19900000004,流量包又给我续订了",
    "K5,G6,2026-04-02 08:00:00,19900000001,流量包续订扣费不认",
]


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    folder = tmp_path_factory.mktemp("months")
    for name, rows in (("march", MARCH), ("april", APRIL)):
        dump = folder / f"{name}.csv"
        dump.write_text("\n".join([HEADER, *rows]) + "\n", encoding="gbk")
        classify([dump], folder / name, ClassifyOptions(problems=False))
    return folder


def test_a_result_folder_is_read_as_it_was_written(months):
    march = read_run(months / "march")
    assert march.frame["counted"].tolist() == [True, True, False, True]
    assert march.frame["category"].tolist() == ["billing", "network", "network", "installation"]
    assert str(march.end) == "2026-03-30T08:00:00"
    assert march.facts.model


def test_what_changed_from_march_to_april(months):
    found = compare_runs(months / "march", months / "april")
    assert found.turned == ()
    assert dict(found.rows) == {"same": 1, "left": 2, "new": 1, "late": 1, "corrected": 1}
    assert dict(found.find("category", "billing").parts) == {"new": 1, "late": 1, "corrected": 1}
    assert dict(found.find("category", "network").parts) == {"corrected": -1}
    assert dict(found.find("all").parts) == {"left": -1, "new": 1, "late": 1}
    customers = found.find("category", "billing", "customers")
    assert (customers.before, customers.after) == (1, 3)


def test_other_settings_are_told_apart(months):
    record = json.loads((months / "march" / "run.json").read_text(encoding="utf-8"))
    facts = run_facts_of(record)
    assert run_facts_of({**record, "settings": {**record["settings"], "jobs": 7}}) == facts
    assert run_facts_of({**record, "settings": {**record["settings"], "min_size": 9}}).grouping != facts.grouping
    assert run_facts_of({**record, "settings": {**record["settings"], "encoding": "gbk"}}).reading != facts.reading
    assert run_facts_of({**record, "versions": {"genyin": "9"}}).software != facts.software


def test_permanent_ids_take_the_place_of_those_of_the_run(tmp_path):
    (tmp_path / "classified.csv").write_text("编号,业务内容,category,problem_id\nA,断网,network,G1\n", encoding="utf-8")
    record = {
        "outputs": {"classified": "classified.csv"},
        "sources": [{"roles": {"complaint_id": ["编号"]}, "text": ["业务内容"]}],
        "register": {"ids": {"G1": "P-0007"}},
    }
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    run = read_run(tmp_path)
    assert run.frame["problem"].tolist() == ["P-0007"]
    assert run.facts.permanent


def test_only_decisions_of_people_that_move_complaints_count(tmp_path):
    complaints = [complaint(number) for number in range(4)]
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(clock=ticking())) as register:
        register.add_run({}, complaints, findings(complaints, "abc"))
        register.rename("P-0003", "改名不移动投诉")
        start = max(event.at for event in register.history("P-0003"))
        assert decided_between(register, "", start) == frozenset()
        register.merge(["P-0002"], "P-0001")
        end = max(event.at for event in register.history("P-0001"))
        register.merge(["P-0003"], "P-0001")
        assert decided_between(register, start, end) == {"P-0001", "P-0002"}


def test_what_the_register_knows_of_the_time_between_is_taken(tmp_path):
    for name, started in (("march", "2026-03-01T08:00:30+00:00"), ("april", "2026-04-01T08:00:00+00:00")):
        (tmp_path / name).mkdir()
        record = {"outputs": {}, "sources": [], "started": started}
        (tmp_path / name / "run.json").write_text(json.dumps(record), encoding="utf-8")
    complaints = [complaint(number) for number in range(4)]
    address = f"sqlite:///{tmp_path / 'register.db'}"
    with open_register(address, Options(clock=ticking())) as register:
        register.add_run({}, complaints, findings(complaints, "abc"))
        register.merge(["P-0002"], "P-0001")
    assert between_runs(tmp_path / "march", tmp_path / "april", address).decided_problems == {"P-0001", "P-0002"}
    assert between_runs(tmp_path / "april", tmp_path / "april", address).decided_problems == frozenset()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"is no result folder: there is no run\.json"),
        ({"run.json": "{"}, r"run\.json cannot be read"),
        ({"run.json": "[]"}, "is no run record of genyin"),
        ({"run.json": '{"outputs": {}, "sources": []}'}, r"holds no table of complaints \(classified\.csv\)"),
    ],
)
def test_what_is_no_result_folder_is_told(tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_run(tmp_path)
