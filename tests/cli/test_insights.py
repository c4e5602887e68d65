"""The insights of the shipped sample on the command line: the planted story, the files, the summary."""

import csv
import json
import re
from collections import Counter
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from pipeline.insights.report import Insights
from tests.cli.conftest import genyin_here
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "sample_complaints.csv"


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def classified(tmp_path_factory):
    """The sample as ``genyin classify`` writes it, with the shipped model."""
    out = tmp_path_factory.mktemp("classified")
    done = genyin_here("classify", SAMPLE, "-o", out, "--jobs", 1, "-q")
    assert done.returncode == 0, done.stderr
    return out / "classified.csv"


@pytest.fixture(scope="session")
def told(classified, tmp_path_factory):
    """What the command says of the sample, in English, and the folder it wrote."""
    out = tmp_path_factory.mktemp("insights")
    done = genyin_here("insights", classified, "-o", out, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    return done, out


@pytest.fixture(scope="session")
def found(told):
    return json.loads((told[1] / "insights.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def planted():
    """Complaint ids of the members of every planted problem."""
    members = {}
    for row in read(ROOT / "data" / "sample_problems.csv"):
        if row["role"] == "member":
            members.setdefault(row["problem"], set()).add(row["工单流水号"])
    return members


@pytest.fixture(scope="session")
def problem_of(classified, planted):
    """The found problem that holds most of a planted one, by its name."""
    place = {row["工单流水号"]: row["problem_id"] for row in read(classified)}
    return {name: Counter(place[one] for one in ids).most_common(1)[0][0] for name, ids in planted.items()}


# --- the story of the sample


def test_the_outage_is_found_within_its_first_day_and_nothing_else_in_its_month(found, problem_of):
    (outage,) = found["outages"]["outages"]
    assert outage["start"][:10] == outage["found"][:10] == "2026-05-13"
    assert (outage["region"], outage["problem"]) == ("滨城", problem_of["outage"])
    (alarm,) = [
        one for one in found["bursts"]["bursts"] if one["id"] == "network" and one["start"].startswith("2026-05")
    ]
    assert (alarm["found"], alarm["explained_by"]) == ("2026-05-13", [problem_of["outage"]])


def test_the_construction_problem_leads_by_effect_although_not_by_rows(found, problem_of):
    rank = {
        name: [one["problem"] for one in found["pareto"][name]["problems"]].index(problem_of["construction"]) + 1
        for name in ("by_rows", "by_effect")
    }
    assert rank["by_effect"] <= 3
    assert rank["by_rows"] > 20


def test_the_chain_to_12300_is_found_whole(found, planted):
    (chain,) = [one for one in found["chains"]["chains"] if {step["id"] for step in one["steps"]} & planted["chain"]]
    assert {step["id"] for step in chain["steps"]} == planted["chain"]
    assert chain["steps"][0]["stage"] == "first"
    assert (chain["steps"][-1]["stage"], chain["steps"][-1]["channel"]) == ("escalated", "12300网站")
    assert chain["escalated"]


def test_the_twelve_satisfied_texts_with_a_bad_score_are_exempted_and_no_other(found, planted):
    listed = {one["id"] for one in found["exemptions"]["listed"] if one["kind"] == "satisfied_text"}
    assert listed == planted["praise"]
    assert len(listed) == 12


def test_the_campaign_counts_as_one_text_and_its_customers_apart(classified, found, planted, problem_of):
    figures = {one["rule"]: one["value"] for one in found["counting"]["figures"]}
    # its forty copies are one text, the complaint that owns two orders another
    assert figures["rows"] - figures["texts"] == len(planted["campaign"]) - 1 + 2
    (row,) = [one for one in read(classified.parent / "problems.csv") if one["id"] == problem_of["campaign"]]
    assert (row["texts"], row["customers"]) == ("1", "40")
    top = dict(found["pareto"]["parts"]).get(problem_of["campaign"], problem_of["campaign"])
    (counted,) = [one for one in found["pareto"]["by_customers"]["problems"] if one["problem"] == top]
    assert counted["value"] >= 40


def test_one_complaint_with_two_orders_counts_once(found):
    figures = {one["rule"]: one["value"] for one in found["counting"]["figures"]}
    assert (figures["rows"], figures["complaints"]) == (1523, 1522)
    assert found["counting"]["escalated"] == 97


# --- what is written and shown


def test_every_section_is_in_the_json(found):
    assert set(Insights.__dataclass_fields__) <= set(found)
    assert "NaN" not in json.dumps(found)


def test_every_table_opens_in_excel_and_holds_no_formula(told):
    _, out = told
    tables = sorted(out.glob("*.csv"))
    assert len(tables) > 50
    for table in tables:
        assert table.read_bytes().startswith(b"\xef\xbb\xbf"), table.name
        for row in read(table):
            assert not [cell for cell in row.values() if re.match("[=@\t]", cell or "")], table.name


def test_missing_figures_are_named_with_what_would_give_them(told):
    rows = {row["figure"]: row["needs"] for row in read(told[1] / "missing.csv")}
    assert rows["rates per users"] == "subscribers CSV (--subscribers)"
    assert rows["returned and void orders"] == "state of the order"


def test_the_summary_leads_with_figures_and_ends_with_what_is_missing(told):
    lines = told[0].stdout.splitlines()
    assert lines[0] == "2026-01-01 – 2026-06-30 (181 days)"
    assert re.fullmatch(r"complaints +1,522", lines[4])
    said = told[0].stdout
    assert "possible outage in 滨城 from 2026-05-13 06:42: 35 complaints" in said
    assert "Figures that could not be made, and what would give them" in said
    assert lines[-1].startswith("Results: ")


def test_in_chinese_everything_is_chinese(classified, tmp_path):
    done = genyin_here("insights", classified, "-o", tmp_path, "--jobs", 1, GENYIN_LANG="zh")
    assert done.returncode == 0, done.stderr
    assert "没有算出的指标，以及需要的列" in done.stdout
    words = re.sub(r"IPTV|--\w+|\[insights.*?\] \w+|结果: .*", "", done.stdout)
    assert re.findall("[A-Za-z]{4,}", words) == []
    headers = list(read(tmp_path / "outages_outages.csv")[0])
    assert headers[:4] == ["投诉地市", "开始", "结束", "发现日"]
    assert (tmp_path / "brief.txt").read_text("utf-8-sig").startswith("2026年6月30日受理投诉10件")


def test_every_field_section_and_column_has_its_chinese():
    from pipeline.insights.cases import COLUMNS
    from pipeline.insights.report import InsightOptions
    from pipeline.workflow.insights.words import header, word

    latin = re.compile("[a-z]{3}")
    untold = {
        name for name in fields_below(Insights, set()) if latin.search(header(name, "zh").replace("problem_id", ""))
    }
    untold |= {name for name in Insights.__dataclass_fields__ if latin.search(word("sections", name, "zh"))}
    untold |= {name for name in COLUMNS if latin.search(word("columns", name, "zh").replace("problem_id", ""))}
    shared = {"calendar", "channels", "regions"}
    assert untold | (set(InsightOptions.__dataclass_fields__) - set(Insights.__dataclass_fields__) - shared) == set()


def test_cells_of_chinese_tables_are_chinese(classified, tmp_path):
    users, changes = tmp_path / "users.csv", tmp_path / "changes.csv"
    users.write_text("月份,地区,口径,用户数\n2026-06,滨城市,mobile,200000\n", "utf-8")
    changes.write_text("日期,事项,地区\n2026-05-12,西海岸地铁施工,滨城市\n", "utf-8")
    beside = ("--subscribers", users, "--changes", changes, "--before", classified.parent)
    done = genyin_here("insights", classified, "-o", tmp_path / "o", *beside, "--jobs", 1, GENYIN_LANG="zh")
    assert done.returncode == 0, done.stderr
    cells = {cell for file in (tmp_path / "o").glob("*.csv") for row in read(file) for cell in row.values() if cell}
    parts = {part.strip() for cell in cells for piece in cell.split(" | ") for part in piece.split(": ")}
    assert len(parts) > 1000
    assert {part for part in parts if re.fullmatch(r"[A-Za-z_+/]{3,}|\d{4}-\d\d-\d\dT.*", part)} <= {
        "VoLTE",
        "IPTV",
        "APP",
    }
    assert {"是", "否", "资费账务", "已升级", "类别"} <= parts


def test_every_code_of_a_result_has_its_chinese():
    from pipeline.workflow.insights.words import cell

    codes = codes_below(Insights, set())
    assert len(codes) > 15
    assert {code for code in codes if cell(code, "zh") == code} <= {"C1", "C2", "C3"}


def codes_below(kind, seen):
    """The values of all enumerations and literals that a result, or a result within it, may hold."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str(one.value) for one in kind}
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    if not is_dataclass(kind):
        return {code for part in get_args(kind) for code in codes_below(part, seen)}
    if kind in seen:
        return set()
    seen.add(kind)
    return {code for hint in get_type_hints(kind).values() for code in codes_below(hint, seen)}


def fields_below(kind, seen):
    """Names of all fields of a result and of the results within it."""
    if not is_dataclass(kind):
        return {name for part in get_args(kind) for name in fields_below(part, seen)}
    if kind in seen:
        return set()
    seen.add(kind)
    hints = get_type_hints(kind)
    own = {one.name for one in fields(kind) if one.name != "missing"}
    return own | {name for field in own for name in fields_below(hints[field], seen)}


# --- periods, tables beside, mistakes


def test_a_period_is_cut_out(classified):
    done = genyin_here("insights", classified, "--since", "2026-05-01", "--until", "2026-05-31", "--jobs", 1, "--json")
    found = json.loads(done.stdout)
    assert found["period"] == {"start": "2026-05-01", "end": "2026-05-31"}
    rows = [row for row in read(classified) if row["受理时间"].startswith("2026-05")]
    assert found["counting"]["rows"] == len(rows)


def test_tables_beside_the_complaints_give_rates_and_candidates(classified, tmp_path):
    users, changes = tmp_path / "users.csv", tmp_path / "changes.csv"
    lines = [f"2026-{month:02},滨城市,mobile,200000" for month in range(1, 7)]
    users.write_text("\n".join(["月份,地区,口径,用户数", *lines]), "gbk")
    changes.write_text("日期,事项,地区\n2026-05-12,西海岸地铁施工,滨城市\n没有日期,别的,\n", "gbk")
    done = genyin_here("insights", classified, "--subscribers", users, "--changes", changes, "--jobs", 1, "--json")
    found = json.loads(done.stdout)
    assert [one for one in found["user_rates"]["rates"] if one["region"] == "滨城" and one["users"] == 200_000]
    told = [one["change"]["what"] for onset in found["change_calendar"]["onsets"] for one in onset["candidates"]]
    assert "西海岸地铁施工" in told
    words = genyin_here("insights", classified, "--changes", changes, "--jobs", 1).stdout
    assert re.search(r"! .*changes\.csv:3: ", words)


def test_settings_reach_the_sections(classified, tmp_path):
    settings = tmp_path / "genyin.toml"
    settings.write_text('[insights.counting]\nexcluded_channels = ["12300"]\n[insights.brief]\ndays = 7\n', "utf-8")
    done = genyin_here("insights", classified, "--settings", settings, "--jobs", 1, "--json")
    found = json.loads(done.stdout)
    assert found["counting"]["left_out"] == [{"reason": "excluded_channel", "rows": 61}]
    assert found["brief"]["period"] == {"start": "2026-06-24", "end": "2026-06-30"}


def test_the_last_run_is_compared(classified):
    done = genyin_here("insights", classified, "--before", classified.parent, "--jobs", 1, "--json")
    found = json.loads(done.stdout)["since_last_run"]
    assert found["turned"] == []
    assert {one["parts"] == [] for one in found["changes"]} == {True}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["insights"], "There is nothing to look at: give an INPUT, or a register with --register."),
        (["insights", "nowhere.csv"], "nowhere.csv"),
        (["insights", SAMPLE, "--since", "gestern"], "'gestern' is not a day"),
        (
            ["insights", SAMPLE, "--since", "2026-05-01", "--until", "2026-04-01"],
            "The period ends on 2026-04-01 before it begins on 2026-05-01.",
        ),
        (["insights", SAMPLE, "--subscribers", "nowhere.csv"], "File 'nowhere.csv' does not exist"),
        (["insights", SAMPLE, "--before", ROOT], "--before compares result folders"),
    ],
)
def test_bad_calls_are_told_in_words(args, message):
    done = genyin_here(*args)
    assert done.returncode in (1, 2)
    assert message in done.stderr


def test_a_period_without_complaints_is_an_error(classified):
    done = genyin_here("insights", classified, "--since", "2030-01-01", "--jobs", 1)
    assert done.returncode == 1
    assert "There is no complaint since 2030-01-01. Check the period." in done.stderr


def test_an_unknown_section_of_the_settings_is_an_error(classified, tmp_path):
    settings = tmp_path / "genyin.toml"
    settings.write_text("[insights.trned]\nstep = 1\n", "utf-8")
    done = genyin_here("insights", classified, "--settings", settings)
    assert done.returncode == 2
    assert "there is no section [insights.trned]" in done.stderr


@pytest.mark.real_data
def test_real_messages_with_only_text_and_time_give_what_they_can(real_data, small_model, tmp_path):
    with (real_data / "civic_messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text"], row["time"]) for row in csv.DictReader(file)][:600]
    with (tmp_path / "few.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "time"), *rows])
    done = genyin_here("insights", tmp_path / "few.csv", "-o", tmp_path, "--model", small_model, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "insights.json").read_text("utf-8"))
    assert found["counting"]["counted"] > 550
    assert found["pareto"]["by_rows"]["problems"]
    assert found["trend"]["lines"]
    assert found["brief"]["period"]
    needs = " ".join(row["needs"] for row in read(tmp_path / "missing.csv"))
    for column in ("channel", "region", "satisfaction", "customer tier", "solved"):
        assert column in needs, column


# --- the page of the docs

PAGE = (ROOT / "docs" / "insights.md").read_text("utf-8")


def test_the_example_of_the_page_goes_as_written(classified, told):
    (block,) = re.findall(r"<!-- run -->\n```console\n(.*?)```", PAGE, re.DOTALL)
    commands = [line[2:].split() for line in block.splitlines() if line.startswith("$")]
    assert [one[:2] for one in commands] == [["genyin", "classify"], ["genyin", "insights"]]
    said = told[0].stdout.replace(str(told[1]), "review")
    for line in block.splitlines()[2:]:
        pattern = ".*".join(map(re.escape, line.split("…")))
        assert re.search(f"^{pattern}", said, re.MULTILINE), line


def test_the_settings_of_the_page_are_settings(tmp_path):
    from pipeline.settings import load_settings
    from pipeline.workflow.insights.making import insight_options

    (block,) = re.findall(r"<!-- settings -->\n```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "genyin.toml").write_text(block, "utf-8")
    found = insight_options(load_settings(tmp_path / "genyin.toml").insights)
    assert found.bursts.calendar.day_cut == 16
    assert found.pareto.weights.enterprise == 5.0


def test_the_page_tells_of_every_section_and_of_settings_that_exist():
    from pipeline.insights.report import InsightOptions

    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", PAGE, re.MULTILINE)
    sections = {name for name, _ in rows} - {"official_narrow"}
    assert sections == set(Insights.__dataclass_fields__) - {"period"}
    for name, settings in rows:
        if name in InsightOptions.__dataclass_fields__:
            kind = InsightOptions.__dataclass_fields__[name].default_factory
            assert set(re.findall(r"`(\w+)`", settings)) <= set(kind.__dataclass_fields__), name


def test_the_library_example_of_the_page_runs(classified, tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    code = block.replace("out/classified.csv", str(classified)).replace('"review"', repr(str(tmp_path)))
    exec(compile(code, "insights.md", "exec"), {})
    assert (tmp_path / "insights.json").is_file()
