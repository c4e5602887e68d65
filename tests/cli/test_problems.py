"""Problems on the real command line: what is written, that it adds up, and that it is the same every time."""

import csv
import json
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import genyin_here
from tests.conftest import ROOT

sys.path.insert(0, str(Path(__file__).parents[1] / "problems"))

from town import town

SAMPLE = ROOT / "data" / "sample_complaints.csv"
HEADERS = ("投诉编号", "工单标题", "投诉内容", "受理号码", "受理时间")


def save(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def rows():
    return [
        (f"T{number:04d}", title, text, f"1380000{number % 90:04d}", f"2026-03-{number % 28 + 1:02d} 10:00:00")
        for number, (title, text, _) in enumerate(town(11))
    ]


@pytest.fixture
def dump(tmp_path, rows):
    return save(tmp_path / "dump.csv", rows)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_classify_writes_problems_that_add_up(run_genyin, small_model, dump, rows, tmp_path):
    done = run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    table, problems = read(tmp_path / "out" / "classified.csv"), read(tmp_path / "out" / "problems.csv")
    assert [row["投诉编号"] for row in table] == [row[0] for row in rows]
    counted = Counter(row["problem_id"] for row in table)
    head = {one["id"]: one["parent"] or one["id"] for one in problems}
    of_heads = Counter(head[name] for name in counted.elements() if name)
    assert {one["id"]: int(one["rows"]) for one in problems if not one["parent"]} == of_heads
    assert {row["problem_name"] for row in table} - {""} <= {one["name"] for one in problems}
    counts = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["problems"]
    drift = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["drift"]
    assert drift["rows"] == drift["looked_at"] == len(rows)
    names = ["category", "confidence", "review", "length", "unknown_words"]
    assert [one["name"] for one in drift["shifts"]] == names
    assert all(one["psi"] >= 0 and one["level"] in ("steady", "watch", "shifted") for one in drift["shifts"])
    assert counts == {"problems": len(problems), "grouped": len(rows) - counted[""], "ungrouped": counted[""]}
    assert f"{len(problems)} problems with {counts['grouped']} rows" in done.stdout
    assert all(int(one["texts"]) <= int(one["rows"]) >= int(one["customers"]) for one in problems)


def test_dumps_with_other_columns_go_together(run_genyin, small_model, dump, rows, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("投诉内容,用户星级\n宽带晚上慢得打不开网页,5星\n师傅约了不来,\n", encoding="utf-8-sig")
    done = run_genyin("classify", dump, other, "--model", small_model, "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert len(read(tmp_path / "out" / "classified.csv")) == len(rows) + 2


def test_no_problems_leaves_them_out(run_genyin, small_model, dump, tmp_path):
    assert run_genyin("classify", dump, "--model", small_model, "-o", tmp_path, "--no-problems").returncode == 0
    assert not (tmp_path / "problems.csv").exists()
    assert "problem_id" not in read(tmp_path / "classified.csv")[0]


def test_problems_alone_answers_nothing_else_and_speaks_json(run_genyin, small_model, dump, tmp_path):
    done = run_genyin("problems", dump, "--model", small_model, "-o", tmp_path, "--json")
    said = json.loads(done.stdout)
    assert said["grouped"] + said["ungrouped"] == len(read(tmp_path / "grouped.csv"))
    assert {one["id"] for one in said["problems"]} == {one["id"] for one in read(tmp_path / "problems.csv")}
    assert "category" not in read(tmp_path / "grouped.csv")[0]


def test_shuffled_rows_and_other_numbers_of_processes_say_the_same(run_genyin, small_model, dump, rows, tmp_path):
    shuffled = random.Random(3).sample(rows, len(rows))
    save(tmp_path / "shuffled.csv", shuffled)
    run_genyin("problems", dump, "--model", small_model, "-o", tmp_path / "a", "--jobs", 1)
    run_genyin("problems", dump, "--model", small_model, "-o", tmp_path / "b", "--jobs", 2)
    run_genyin("problems", tmp_path / "shuffled.csv", "--model", small_model, "-o", tmp_path / "c")
    for name in ("grouped.csv", "problems.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "problems.csv").read_bytes() == (tmp_path / "c" / "problems.csv").read_bytes()
    by_id = {row["投诉编号"]: row for row in read(tmp_path / "a" / "grouped.csv")}
    assert by_id == {row["投诉编号"]: row for row in read(tmp_path / "c" / "grouped.csv")}


def test_kept_problems_keep_id_and_complaints(run_genyin, small_model, dump, rows, tmp_path):
    run_genyin("problems", dump, "--model", small_model, "-o", tmp_path / "may")
    before = {row["投诉编号"]: row["problem_id"] for row in read(tmp_path / "may" / "grouped.csv")}
    fresh = [(f"N{number:04d}", title, text, "", "") for number, (title, text, _) in enumerate(town(12, singles=9))]
    save(tmp_path / "june.csv", fresh)
    inputs = (tmp_path / "may" / "grouped.csv", tmp_path / "june.csv")
    run_genyin("problems", *inputs, "--model", small_model, "-o", tmp_path / "june", "--keep-problems")
    after = {row["投诉编号"]: row["problem_id"] for row in read(tmp_path / "june" / "grouped.csv")}
    assert {name: after[name] for name, problem in before.items() if problem} == {n: p for n, p in before.items() if p}
    assert len(after) == len(rows) + len(fresh)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Two dumps with causes and their parts: a month of the shipped sample, and some rows of the next one."""
    folder = tmp_path_factory.mktemp("parts")
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        headers, *rows = csv.reader(file)
    time = headers.index("受理时间")
    of_month = {month: [row for row in rows if row[time].startswith(month)] for month in ("2026-03", "2026-04")}
    for name, some in (("may.csv", of_month["2026-03"]), ("june.csv", of_month["2026-04"][::6])):
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([headers, *some])
    return folder


def same_tables(one, other):
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in ("grouped.csv", "problems.csv"))


def test_kept_problems_without_a_new_row_stay_all_that_they_were(parts, tmp_path):
    genyin_here("problems", parts / "may.csv", "-o", tmp_path / "may", "--lang", "zh")
    may = {one["id"]: one for one in read(tmp_path / "may" / "problems.csv")}
    assert {one["kind"] for one in may.values()} >= {"同一根因", "根因集中点"}
    grown = (tmp_path / "may" / "grouped.csv", parts / "june.csv", "--keep-problems")
    genyin_here("problems", *grown, "-o", tmp_path / "june", "--lang", "zh")
    june = {one["id"]: one for one in read(tmp_path / "june" / "problems.csv")}
    what = ("parent", "kind", "cause", "where")
    assert {one: [june[one][name] for name in what] for one in may} == {
        one: [row[name] for name in what] for one, row in may.items()
    }
    again = ("problems", tmp_path / "june" / "grouped.csv", "--granularity", "fine", "--lang", "zh")
    assert genyin_here(*again, "-o", tmp_path / "again", "--keep-problems").returncode == 0
    assert same_tables(tmp_path / "june", tmp_path / "again")
    # only the table of complaints was handed on: what the problems were is found out from their complaints
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "grouped.csv").write_bytes((tmp_path / "may" / "grouped.csv").read_bytes())
    genyin_here(
        "problems", tmp_path / "alone" / "grouped.csv", "-o", tmp_path / "guessed", "--keep-problems", "--lang", "zh"
    )
    assert same_tables(tmp_path / "may", tmp_path / "guessed")


@pytest.fixture(scope="module")
def two_runs(parts, tmp_path_factory):
    """Two months run apart, which name other problems by the same ids."""
    folder = tmp_path_factory.mktemp("apart")
    april = april_of(parts, folder)
    for name, dump in (("march", parts / "may.csv"), ("april", april)):
        assert genyin_here("problems", dump, "-o", folder / name, "--lang", "zh").returncode == 0
    return folder


def april_of(parts, folder):
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        headers, *rows = csv.reader(file)
    time = headers.index("受理时间")
    with (folder / "april.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headers, *(row for row in rows if row[time].startswith("2026-04"))])
    return folder / "april.csv"


def problem_of(table):
    return {row["工单流水号"]: row["problem_id"] for row in read(table)}


def test_ids_of_two_unrelated_runs_stay_different_problems_and_it_is_said(two_runs, tmp_path):
    tables = [two_runs / name / "grouped.csv" for name in ("march", "april")]
    march, april = map(problem_of, tables)
    assert set(march.values()) & set(april.values()) - {""}
    done = genyin_here("problems", *tables, "--keep-problems", "-o", tmp_path / "both", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert f"{tables[1]} 与 {tables[0]} 不是同一次运行的结果" in done.stdout
    both = problem_of(tmp_path / "both" / "grouped.csv")
    assert {one: both[one] for one in march} == march
    # those of April are together as they were, under ids of their own
    pairs = {(april[one], both[one]) for one in april}
    assert len(pairs) == len(set(april.values())) == len({new for _, new in pairs})
    assert not {new for _, new in pairs} & set(march.values()) - {""}
    told = {one["id"]: one for one in read(tmp_path / "both" / "problems.csv")}
    before = {one["id"]: one for one in read(two_runs / "april" / "problems.csv")}
    new = dict(pairs)
    for old, one in before.items():
        # a whole may have no complaint of its own, and then none that tells its new id
        if old in new:
            kept = told[new[old]]
            assert (kept["kind"], kept["cause"], kept["rows"]) == (one["kind"], one["cause"], one["rows"])
            assert bool(kept["parent"]) == bool(one["parent"])
    again = genyin_here(
        "problems", tmp_path / "both" / "grouped.csv", "--keep-problems", "-o", tmp_path / "again", "--lang", "zh"
    )
    assert "不是同一次运行" not in again.stdout
    assert same_tables(tmp_path / "both", tmp_path / "again")


def test_tables_of_one_run_and_of_the_run_after_it_keep_their_ids(two_runs, tmp_path):
    whole = read(two_runs / "march" / "grouped.csv")
    for name, some in (("one", whole[::2]), ("other", whole[1::2])):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(whole[0]))
            writer.writeheader()
            writer.writerows(some)
    halves = (tmp_path / "one.csv", tmp_path / "other.csv", "--keep-problems", "--lang", "en")
    done = genyin_here("problems", *halves, "-o", tmp_path / "joined")
    assert "of another run" not in done.stdout
    ids = problem_of(two_runs / "march" / "grouped.csv")
    assert problem_of(tmp_path / "joined" / "grouped.csv") == ids
    march = two_runs / "march" / "grouped.csv"
    genyin_here("problems", march, two_runs / "april.csv", "--keep-problems", "-o", tmp_path / "next", "--lang", "zh")
    following = (march, tmp_path / "next" / "grouped.csv", "--keep-problems", "--lang", "en")
    done = genyin_here("problems", *following, "-o", tmp_path / "third")
    assert "of another run" not in done.stdout
    third = problem_of(tmp_path / "third" / "grouped.csv")
    # what was alone in March may have joined a problem in April
    assert {one: third[one] for one, problem in ids.items() if problem} == {one: p for one, p in ids.items() if p}


def test_a_third_table_goes_with_the_run_that_it_belongs_to():
    from pipeline.workflow.kept_problems import earlier_problems

    march = {"G001": "流量包自动续订", "G002": "宽带晚高峰慢"}
    april = {"G001": "上门爽约", "G002": "发票开具问题", "G003": "营业员态度差"}
    found = earlier_problems({"march/a.csv": march, "april/a.csv": april, "april/b.csv": {"G001": "上门爽约 未联系"}})
    assert found.changed == {
        "march/a.csv": {},
        "april/a.csv": {"G001": "G004", "G002": "G005"},
        "april/b.csv": {"G001": "G004", "G002": "G005"},
    }
    assert (found.known("april/b.csv", "G001"), found.known("march/a.csv", "G001")) == ("G004", "G001")
    assert len(found.notes) == 1
    # tables without names are taken at their word
    assert not earlier_problems({"a.csv": march, "b.csv": dict.fromkeys(april, "")}).notes


def test_kept_problems_without_a_new_row_change_nothing_in_the_register(parts, tmp_path):
    register = ("--register", f"sqlite:///{tmp_path / 'genyin.db'}", "--lang", "en")
    genyin_here("problems", parts / "may.csv", "-o", tmp_path / "may", *register)
    done = genyin_here(
        "problems", tmp_path / "may" / "grouped.csv", "-o", tmp_path / "kept", "--keep-problems", *register
    )
    assert done.returncode == 0, done.stderr
    assert "Register: unchanged" in done.stdout
    assert same_tables(tmp_path / "may", tmp_path / "kept")
    both = (tmp_path / "may" / "grouped.csv", parts / "june.csv", "--keep-problems", *register)
    genyin_here("problems", *both, "-o", tmp_path / "june")
    assert "Register: unchanged" in genyin_here("problems", *both, "-o", tmp_path / "june again").stdout
    assert same_tables(tmp_path / "june", tmp_path / "june again")


def test_complaints_that_were_alone_join_only_new_ones(tmp_path):
    from pipeline.workflow import FindOptions, ProblemOptions, find_problems

    told = [(f"T{number:04d}", *row[:2], "", "") for number, row in enumerate(town(19, singles=20, cases=12))]
    may, june = save(tmp_path / "may.csv", told[:79]), save(tmp_path / "june.csv", told[79:])
    find_problems([may], tmp_path / "may", FindOptions(jobs=1))
    before = {row["投诉编号"]: row["problem_id"] for row in read(tmp_path / "may" / "grouped.csv")}
    kept = FindOptions(jobs=1, problems=ProblemOptions(keep=True))
    find_problems([tmp_path / "may" / "grouped.csv", june], tmp_path / "june", kept)
    after = {row["投诉编号"]: row["problem_id"] for row in read(tmp_path / "june" / "grouped.csv")}
    joined = {after[name] for name, problem in before.items() if not problem and after[name]}
    assert joined
    assert joined <= {problem for name, problem in after.items() if name not in before}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["problems"], "Missing argument 'INPUT...'"),
        (["problems", "x.csv", "--min-size", "1"], "1 is not in the range x>=2"),
        (["problems", "x.csv", "--granularity", "huge"], "'huge' is not one of 'coarse', 'normal', 'fine'"),
        (["problems", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_bad_calls_are_told_in_words(run_genyin, args, message):
    done = run_genyin(*args, "--lang", "en")
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The shipped sample with the shipped model, and the story that was planted in it."""
    from pipeline.workflow import FindOptions, find_problems

    out = tmp_path_factory.mktemp("sample")
    find_problems([SAMPLE], out, FindOptions(answers=True))
    story = {row["工单流水号"]: row for row in read(ROOT / "data" / "sample_problems.csv")}
    table = [{**row, **story[row["工单流水号"]]} for row in read(out / "classified.csv")]
    return table, {one["id"]: one for one in read(out / "problems.csv")}


def test_a_new_register_gives_the_problems_that_are_found_without(sample, tmp_path):
    table, problems = sample
    found = genyin_here("classify", SAMPLE, "-o", tmp_path / "out", "--register", f"sqlite:///{tmp_path}/new.db")
    assert found.returncode == 0, found.stderr
    kept = [row["problem_id"] for row in read(tmp_path / "out" / "classified.csv")]
    pairs = set(zip((row["problem_id"] for row in table), kept, strict=True))
    # one id for one id, and nothing for nothing
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
    assert ("", "") in pairs
    permanent = dict(pairs)
    told = {one["id"]: (one["parent"], one["rows"], one["weight"]) for one in read(tmp_path / "out" / "problems.csv")}
    assert told == {
        permanent[one["id"]]: (permanent[one["parent"]], one["rows"], one["weight"])
        for one in problems.values()
        if one["id"] in permanent
    }


@pytest.mark.parametrize("planted", ["autorenew", "construction", "outage", "campaign"])
def test_the_planted_problems_of_the_sample_are_found(sample, planted):
    table, _ = sample
    members = [row for row in table if row["problem"] == planted and row["role"] == "member"]
    (problem, most), *_ = Counter(row["problem_id"] for row in members).most_common(1)
    inside = [row for row in table if row["problem_id"] == problem]
    assert problem
    assert most >= 0.8 * len(members)
    assert len([row for row in inside if row in members]) >= 0.9 * len(inside)
    assert not [row for row in inside if row["problem"] == planted and row["role"] == "negative"]


def test_the_campaign_of_the_sample_is_marked_and_counted_as_one_text(sample):
    table, problems = sample
    (found,) = {row["problem_id"] for row in table if row["problem"] == "campaign"}
    assert (problems[found]["kind"], problems[found]["rows"], problems[found]["customers"]) == ("模板投诉", "40", "40")
    assert problems[found]["texts"] == "1"


def test_the_praise_of_the_sample_is_in_no_problem(sample):
    table, _ = sample
    assert [row["problem_name"] for row in table if row["problem"] == "praise" and row["problem_id"]] == []
