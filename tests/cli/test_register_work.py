"""The register as a whole on the real command line: runs are kept, fixes checked, copies made, damage found."""

import csv
import json
import sqlite3
import sys
from contextlib import closing

import pytest

from pipeline.register.store import open_register
from tests.cli.kept import exported, shown
from tests.conftest import ROOT
from tests.register.conftest import Places, reached_server
from tests.register.invented import complaint, findings


@pytest.fixture
def watched(url):
    """P-0001 is being watched: forty complaints in the eight weeks before the fix of 1 March, two in the six after."""
    days = [f"2026-01-{1 + i % 28:02d}T10:00:00" for i in range(20)]
    days += [f"2026-02-{1 + i % 28:02d}T10:00:00" for i in range(20)] + ["2026-03-20T10:00:00", "2026-04-12T10:00:00"]
    arrivals = [complaint(100 + i, f"晚高峰卡顿第{i}次", accepted=day) for i, day in enumerate(days)]
    found = findings(arrivals, keys="a", a="P-0001")
    with open_register(url) as register:
        register.separate([f"TS{i}" for i in range(0, 12, 2)], "P-0001")
        register.add_run({}, arrivals, found)
        register.move("P-0001", "analysing")
        register.move("P-0001", "fixing", {"check_by": "volume", "check_target": 2, "due": "2026-03-01"})
        register.move("P-0001", "watching", {"fix_date": "2026-03-01"})
    return url


def fix_again(url, **goal):
    """Another fix of the same day, checked in another way: the goal of a fix that is done stays."""
    with open_register(url) as register:
        register.move("P-0001", "rectifying")
        register.move("P-0001", "fixing", goal)
        register.move("P-0001", "watching", {"fix_date": "2026-03-01"})


def test_a_fix_that_helped_closes_the_problem(call, watched, tmp_path):
    early = call("problems", "verify", "P-0001", "--as-of", "2026-03-03")
    assert "too early to tell" in early.stdout
    assert early.stdout.splitlines()[-1] == "The state stays as it is."
    before = exported(watched, tmp_path)
    told = call("problems", "verify", "P-0001", "--dry-run").stdout
    assert "the fix helped" in told
    assert told.splitlines()[-1] == "Dry run: nothing was saved."
    assert exported(watched, tmp_path) == before
    found = json.loads(call("problems", "verify", "P-0001", "--json").stdout)
    assert (found["saved"], found["moved"], found["verification"]["answer"]) == (True, "closed", "verified")
    assert shown(call, "P-0001")["verification"]["after"]["complaints"] == 2
    text = call("problems", "show", "P-0001", "--lang", "zh").stdout
    assert "验证结果        整改见效（截至 2026-04-12）：整改后投诉率是整改前的" in text


@pytest.mark.parametrize(
    ("users", "code", "message"),
    [
        ((), 1, "P-0001 is checked by the rate per 10,000 users; give a table of users"),
        (("many",), 2, "--users 'many' cannot be used"),
        (("0",), 2, "--users takes one number above 0"),
        (("5000", "临江市=10"), 2, "--users takes one number above 0"),
        (("50,000",), 0, ""),
        (("临江市=30000", "平原市=20000"), 0, ""),
    ],
)
def test_a_check_by_rate_needs_the_number_of_users(call, watched, users, code, message):
    fix_again(watched, check_by="rate", check_target=0.3)
    given = [word for one in users for word in ("--users", one)]
    done = call("problems", "verify", "P-0001", "--dry-run", *given, code=code)
    assert message in done.stderr
    assert code or "after     0.286 per 10,000 users in 30 days" in done.stdout


@pytest.fixture
def users(tmp_path):
    """A table of users of April alone, which stands in for all other months."""
    path = tmp_path / "users.csv"
    path.write_text("月份,移动用户数,宽带用户数\n2026-04,400000,100000\n", encoding="utf-8")
    return path


def test_a_check_by_rate_takes_the_users_of_a_table_named_by_option_or_settings(call, watched, users, tmp_path):
    fix_again(watched, check_by="rate", check_target=0.3)
    told = call("problems", "verify", "P-0001", "--dry-run", "--subscribers", users).stdout
    assert "after     0.0286 per 10,000 users in 30 days" in told
    assert "users     before 500,000, after 500,000" in told
    settings = tmp_path / "genyin.toml"
    settings.write_text(f'subscribers = "{users.as_posix()}"\n', encoding="utf-8")
    found = json.loads(call("problems", "verify", "P-0001", "--json", "--settings", settings).stdout)
    assert found["users"] == {"before": 500_000, "after": 500_000}
    assert found["problem"]["accept_rate"] == round(found["problem"]["accept_count"] / 500_000 * 10_000, 6)
    text = call("problems", "show", "P-0001").stdout
    assert "users.csv: 2026-03 as in 2026-04, 2026-04" in text
    assert "2026-03 用 2026-04 的" in call("problems", "history", "P-0001", "--lang", "zh").stdout


def test_opening_takes_the_rate_from_the_table(call, url, users):
    told = call("problems", "set", "P-0001", "--state", "open", "--subscribers", users).stdout
    assert "trigger rate: – → " in told
    facts = shown(call, "P-0001")["rate_facts"]["trigger_rate"]
    assert (facts["users"], facts["source"], facts["base"]) == (500_000, "users.csv", "mobile+broadband")
    lost = call("problems", "set", "P-0002", "--state", "open", "--subscribers", "none.csv", code=1)
    assert "none.csv" in lost.stderr
    assert shown(call, "P-0002")["state"] == "candidate"


def test_personal_data_that_somebody_types_are_masked_and_told(call, url):
    told = call("problems", "set", "P-0001", "measure=客户张伟13800138000已回访", "owner=张伟工").stdout
    assert "! measure: personal data (姓名、手机号) were masked before saving." in told
    assert shown(call, "P-0001")["measure"] == "客户[姓名][手机号]已回访"
    told = call("problems", "note", "P-0001", "回访王建国", "--lang", "zh").stdout
    assert "王建国" not in told
    assert "! 月度进展：含个人信息（姓名），已遮盖后保存。" in told
    found = json.loads(call("problems", "dismiss", "P-0001", "--reason", "13800138000 打错", "--json").stdout)
    assert found["masked"] == [{"field": "close_reason", "kinds": ["手机号"]}]


def test_a_fix_that_did_not_help_goes_back_to_its_owner(call, watched):
    more = [complaint(200 + i, f"又卡了{i}", accepted=f"2026-03-{10 + i % 20:02d}T10:00:00") for i in range(60)]
    with open_register(watched) as register:
        register.add_run({}, more, findings(more, keys="a", a="P-0001"))
    assert "The state is now: rectifying" in call("problems", "verify", "P-0001").stdout
    assert "整改中" in call("problems", "list", "--state", "整改中", "--lang", "zh").stdout


def test_a_run_is_kept_and_says_what_it_changed(run_genyin, small_model, tmp_path):
    sys.path.insert(0, str(ROOT / "tests" / "problems"))
    from town import town

    rows = [
        (f"T{i:04d}", title, text, f"2026-03-{i % 28 + 1:02d} 10:00:00") for i, (title, text, _) in enumerate(town(11))
    ]
    with (tmp_path / "dump.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("投诉编号", "工单标题", "投诉内容", "受理时间"), *rows])

    def run(*args):
        done = run_genyin(*args, "--register", "sqlite:///genyin.db", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rehearsed = run("classify", "dump.csv", "--model", small_model, "-o", "out", "--dry-run")
    assert rehearsed.splitlines()[-1] == "Dry run: nothing was saved."
    assert not {"out", "genyin.db", "genyin.key"} & {path.name for path in tmp_path.iterdir()}
    first = run("classify", "dump.csv", "--model", small_model, "-o", "out", "--who", "王工")
    assert [line for line in rehearsed.splitlines() if line.startswith("Register: new ")] == first.splitlines()[-1:]
    kept = json.loads(run("problems", "list", "--json"))
    assert f"Register: new {len(kept)}" in first
    assert kept
    with (tmp_path / "out" / "classified.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["problem_id"] for row in csv.DictReader(file)} - {""} <= {one["id"] for one in kept}
    again = run("problems", "dump.csv", "--model", small_model, "-o", "out")
    assert again.splitlines()[-1] == "Register: unchanged"
    assert [one["id"] for one in json.loads(run("problems", "list", "--json"))] == [one["id"] for one in kept]
    assert {event["who"] for event in json.loads(run("problems", "history", "P-0001", "--json"))} == {"王工"}
    alike = json.loads(run("problems", "similar", kept[0]["profile"]["quotes"][0], "--json"))
    assert kept[0]["id"] in {one["id"] for one in alike}
    assert "words of both" in run("problems", "similar", kept[0]["profile"]["quotes"][0], "--limit", 1)
    assert run("problems", "similar", "zzz") == "No problem of the register is like it.\n"


@pytest.fixture
def postgres(tmp_path):
    """The address of an empty PostgreSQL database, cleared away at the end."""
    reached_server().close()
    places = Places("postgresql", tmp_path)
    yield places.new()
    places.clear()


def test_a_team_works_in_postgresql_and_moves_there_and_back(call, url, postgres, tmp_path):
    call("register", "export", tmp_path / "a.jsonl")
    call("register", "import", tmp_path / "a.jsonl", "--register", postgres)
    call("problems", "assign", "P-0001", "--owner", "李工", "--dry-run", "--register", postgres)
    call("register", "backup", tmp_path / "b.jsonl", "--register", postgres)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    for address in (url, postgres):
        call("problems", "assign", "P-0001", "--owner", "李工", "--register", address)
        call("problems", "merge", "P-0002", "--into", "P-0001", "--register", address)
    assert shown(call, "P-0002", "--register", postgres) == shown(call, "P-0002")


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_is_like_nothing(call, nothing):
    told = "There is nothing to look for: give the text of a complaint, or the id of a problem (P-0001)."
    assert told in call("problems", "similar", nothing, code=2).stderr
    assert "没有要查找的内容" in call("problems", "similar", nothing, "--lang", "zh", code=2).stderr


@pytest.mark.parametrize("args", [("--no-problems", "dump.csv"), ("-",)])
def test_a_run_without_problems_has_nothing_to_keep(run_genyin, tmp_path, args):
    done = run_genyin("classify", *args, "--register", "sqlite:///genyin.db", cwd=tmp_path)
    assert done.returncode == 2
    assert "--register keeps problems, which are not looked for here" in done.stderr
    assert not (tmp_path / "genyin.db").exists()


def test_copies_hold_the_whole_register(run_genyin, call, url, tmp_path):
    call("problems", "merge", "P-0002", "--into", "P-0001")
    call("register", "export", tmp_path / "a.jsonl")
    other = f"sqlite:///{tmp_path}/other.db"
    checked = call("register", "import", tmp_path / "a.jsonl", "--register", other, "--dry-run")
    assert "Dry run: nothing was saved." in checked.stdout
    assert not (tmp_path / "other.db").exists()
    call("register", "import", tmp_path / "a.jsonl", "--register", other)
    call("register", "export", tmp_path / "b.jsonl", "--register", other)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    call("register", "backup", tmp_path / "copy.db")
    assert exported(f"sqlite:///{tmp_path}/copy.db", tmp_path) == (tmp_path / "a.jsonl").read_bytes()
    assert "exists; give a new name" in call("register", "backup", tmp_path / "copy.db", code=1).stderr
    again = call("register", "import", tmp_path / "a.jsonl", "--register", other, code=1)
    assert "The register is not empty." in again.stderr
    told = call("register", "migrate", "--dry-run").stdout.splitlines()
    assert told[0].startswith("It is of revision")
    assert told[1] == "Dry run: nothing was saved."


def test_check_finds_what_was_changed_behind_the_registers_back(call, url):
    assert "The register is sound" in call("register", "check").stdout
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        database.execute("UPDATE problems SET name = '偷改' WHERE id = 'P-0001'")
        database.commit()
    assert call("register", "check", code=1).stdout == "problems P-0001: the table says otherwise than the events.\n"
    assert "表中的内容与事件记录不符" in call("register", "check", "--lang", "zh", code=1).stdout


def test_the_register_is_found_in_option_settings_and_environment_in_this_order(run_genyin, url, tmp_path):
    for name in ("settings", "environment"):
        with open_register(f"sqlite:///{tmp_path}/{name}.db") as register:
            register.add_run({}, [complaint(1)], findings([complaint(1)], keys="c"))
            register.rename("P-0001", name)

    def name(*args, **env):
        done = run_genyin("problems", "show", "P-0001", "--json", *args, cwd=tmp_path, **env)
        return json.loads(done.stdout)["name"] if done.returncode == 0 else done.stderr

    lost = name(GENYIN_REGISTER="")
    assert lost.startswith("Error: No register was named. Give --register sqlite:///genyin.db")
    assert name(GENYIN_REGISTER="sqlite:///environment.db") == "environment"
    (tmp_path / "genyin.toml").write_text('register = "sqlite:///settings.db"\n', encoding="utf-8")
    assert name(GENYIN_REGISTER="sqlite:///environment.db") == "settings"
    assert name("--register", url) == "晚高峰网速慢"


def test_a_table_of_users_that_is_not_there_stops_the_start_of_a_fix(call, url):
    call("problems", "set", "P-0001", "--state", "open")
    how = ("--check", "rate", "--target", "0.05", "--due", "2026-04-10", "--measure", "扩容")
    lost = call("problems", "fix", "P-0001", *how, "--subscribers", "nothere.csv", code=1)
    assert "nothere.csv" in lost.stderr
    assert shown(call, "P-0001")["state"] == "open"


def test_a_number_typed_as_ones_name_is_masked(call, url):
    call("problems", "set", "P-0001", "--state", "open", "--who", "李工 13800138000")
    history = call("problems", "history", "P-0001").stdout
    assert "李工 [手机号]" in history
    assert "13800138000" not in history


def test_a_former_owner_may_stand_in_the_pack(call, url, tmp_path):
    call("problems", "set", "P-0001", "--state", "open")
    call("problems", "assign", "P-0001", "--owner", "欧阳建国")
    call("problems", "assign", "P-0001", "--owner", "陈小明")
    call("review", "-o", tmp_path / "pack")
    page = (tmp_path / "pack" / "review.html").read_text(encoding="utf-8")
    assert "陈小明" in page
