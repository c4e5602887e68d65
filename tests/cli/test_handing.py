"""What goes out to owners and comes back, on the command line."""

import json

import openpyxl
import pytest

from pipeline.output.workbook import Workbook
from pipeline.register.store import open_register
from pipeline.taxonomy import load_taxonomy
from pipeline.workflow.review.meeting_sheet import SHEET, header, write_problems
from tests.cli.conftest import genyin_here
from tests.cli.kept import shown


@pytest.fixture
def filled(url, tmp_path):
    """Write the sheet of the register and type into the row of P-0001."""

    def fill(lang="en", **cells):
        path = tmp_path / "review.xlsx"
        with Workbook(path) as book, open_register(url) as register:
            problems = sorted(register.problems(), key=lambda one: one.id)
            write_problems(book, problems, load_taxonomy(), lang)
        book = openpyxl.load_workbook(path)
        headers = {cell.value: cell.column for cell in book[SHEET[lang]][1]}
        for name, value in cells.items():
            book[SHEET[lang]].cell(2, headers[header(name, lang)], value)
        book.save(path)
        return path

    return fill


def test_a_filled_in_review_arrives_and_can_be_taken_back(call, filled):
    done = call("review", "import", filled(owner="李工", measure="收押金"))
    assert "owner: — → 李工" in done.stdout
    assert "2 rows = 1 with answers + 1 unchanged + 0 not used" in done.stdout
    assert shown(call, "P-0001")["owner"] == "李工"
    undo = done.stdout.rsplit("Undo: genyin problems undo ", 1)[1].strip()
    call("problems", "undo", undo)
    assert shown(call, "P-0001")["owner"] == ""


def test_several_changes_are_taken_back_line_by_line(call, filled):
    done = call("review", "import", filled(decision="open", progress="已约谈", owner="李工"))
    head, _, commands = done.stdout.rpartition("Saved. To undo it, run these lines in this order:\n")
    assert head
    for line in commands.splitlines():
        call(*line.split()[1:])
    assert (shown(call, "P-0001")["state"], shown(call, "P-0001")["owner"]) == ("candidate", "")


def test_what_is_not_read_back_is_told_with_what_to_do(call, filled):
    done = call("review", "import", filled("zh", name="新名字", complaints=1), "--lang", "zh")
    assert "? review.xlsx, 问题清单!B2 问题名称：此列不读回，改动未使用；改名请用" in done.stdout
    assert "genyin problems rename P-0001" in done.stdout
    assert "投诉量：此列由软件填写，不读回，改动未使用" in done.stdout
    english = call("review", "import", filled(name="new"))
    assert "Problems!B2 name: not read back; to rename it: genyin problems rename P-0001" in english.stdout


def test_a_file_that_is_no_workbook_is_refused_in_words(call, tmp_path):
    path = tmp_path / "投诉.csv"
    path.write_text("投诉内容\n宽带断了\n", encoding="utf-8")
    done = call("review", "import", path, "--lang", "zh", code=1)
    assert "投诉.csv 无法作为 Excel 工作簿读取：它是别的格式，或已损坏。" in done.stderr
    assert "detect" not in done.stderr


def test_a_day_as_excel_writes_it_can_be_set(call):
    call("problems", "set", "P-0001", "计划完成时间=2026/12/31")
    assert shown(call, "P-0001")["due"] == "2026-12-31"
    call("problems", "set", "P-0001", "due=2027年3月1日")
    assert shown(call, "P-0001")["due"] == "2027-03-01"
    assert "cannot be '2026/13/31'" in call("problems", "set", "P-0001", "due=2026/13/31", code=1).stderr


def test_a_filled_in_list_is_not_written_over(call, tmp_path):
    path = tmp_path / "list.xlsx"
    call("review", "list", "-o", path)
    call("review", "list", "-o", path)
    openpyxl.load_workbook(path).save(path)
    refused = call("review", "list", "-o", path, code=1)
    assert "list.xlsx is there already and was saved by somebody since genyin wrote it" in refused.stderr
    call("review", "list", "-o", path, "--force")
    call("review", "list", "-o", path)


def test_a_filled_in_pack_stops_a_run_before_it_begins(call, tmp_path):
    pack = tmp_path / "out" / "review"
    pack.mkdir(parents=True)
    openpyxl.Workbook().save(pack / "review.xlsx")
    for command in (("classify", "nothing.csv", "-o", tmp_path / "out", "--review"), ("review", "-o", pack)):
        assert "review.xlsx is there already and was saved by somebody" in call(*command, code=1).stderr
    assert [one.name for one in pack.iterdir()] == ["review.xlsx"]


def test_a_dry_run_says_all_and_keeps_nothing(call, filled):
    done = call("review", "import", filled(owner="李工"), "--dry-run")
    assert "Dry run: nothing was saved." in done.stdout
    assert shown(call, "P-0001")["owner"] == ""


@pytest.mark.parametrize("more", [("--dry-run",), ()])
def test_what_nobody_filled_in_is_told_as_well(call, filled, more):
    watch = call("review", "import", filled(decision="keep watching"), *more)
    assert "decision: — → keep watching\n+ watch until: – → 20" in watch.stdout
    opened = call("review", "import", filled("zh", decision="立项", due="2026-01-31"), "--lang", "zh", *more)
    assert "决定: — → 立项" in opened.stdout
    assert "+ 触发投诉量: – → 4" in opened.stdout
    assert "+ 状态: 候选 → 新发起" in opened.stdout
    assert "! P-0001 的计划完成时间（2026-01-31）已经过去。" in opened.stdout
    found = json.loads(call("review", "import", filled(decision="open"), "--dry-run", "--json").stdout)
    assert [one["field"] for one in found["consequences"]] == ([] if not more else ["state", "trigger_count"])


def test_a_day_that_cannot_be_is_told_by_its_cell(call, filled):
    done = call("review", "import", filled(decision="keep watching", watch_until="2019-05-01"), code=1)
    assert "watch until: The field watch_until of P-0001 cannot be 2019-05-01, a day that has passed" in done.stdout
    zh = call("review", "import", filled("zh", owner="李工", fix_date="2019-05-01"), "--lang", "zh", code=1)
    assert "整改完成时间: P-0001 的整改完成时间不能是 2019-05-01：比台账中最早的投诉" in zh.stdout
    assert "未作任何修改" in zh.stdout


def test_a_mistake_is_told_by_its_cell_in_the_users_language(call, filled):
    done = call("review", "import", filled("zh", due="月底"), "--lang", "zh", code=1)
    assert "× review.xlsx, 问题清单!Y2 计划完成时间: '月底' 不是日期，请写成 2026-03-31" in done.stdout
    assert "有不能使用的单元格，未作任何修改" in done.stdout


def test_a_conflict_waits_for_a_person(call, filled):
    path = filled(owner="李工")
    call("problems", "set", "P-0001", "owner=赵工")
    done = call("review", "import", path, code=1)
    assert "the sheet says '李工', the register meanwhile '赵工'" in done.stdout
    assert "--prefer sheet" in done.stdout
    call("review", "import", path, "--prefer", "sheet")
    assert shown(call, "P-0001")["owner"] == "李工"


def test_it_speaks_json(call, filled):
    told = json.loads(call("review", "import", filled(owner="李工"), "--json").stdout)
    assert (told["applied"], told["changed"], told["unchanged"]) == (True, 1, 1)


@pytest.mark.parametrize("shape", ["tracing", "dispatch"])
def test_the_operators_list_goes_out(call, tmp_path, shape):
    path = tmp_path / "list.xlsx"
    assert "2 problems" in call("review", "list", "--shape", shape, "-o", path).stdout
    assert openpyxl.load_workbook(path).worksheets[0].max_row == 3


def test_a_file_that_is_no_review_is_refused_in_words(call, tmp_path):
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    book.save(path)
    done = call("review", "import", path, code=1)
    assert "other.xlsx lacks the columns genyin_id, genyin_version, genyin_prints" in done.stderr


def test_the_daily_sheet_of_a_dump(tmp_path):
    dump = tmp_path / "dump.csv"
    rows = [f"19912345678,江州市,2026-03-{day} 09:00:00,宽带断了第{day}天没人修" for day in (28, 31)]
    dump.write_text("\n".join(["受理号码,投诉地市,受理时间,投诉内容", *rows]), encoding="utf-8-sig")
    first = tmp_path / "31.xlsx"
    given = ("review", "daily", dump, "--day", "2026-03-31", "--key-file", tmp_path / "key")
    done = genyin_here(*given, "-o", first)
    assert done.returncode == 0, done.stderr
    assert "2026-03-31 (03-30 16:00 to 03-31 16:00): 1 complaints, 1 of them repeated;" in done.stdout
    assert "1 numbers complained again" in done.stdout
    assert "! The data begin on 2026-03-28, less than 30 days before" in done.stdout
    empty = genyin_here(*given[:4], "2026-05-31", *given[5:], "-o", tmp_path / "may.xlsx", "--lang", "zh")
    assert (
        "! 2026-05-30 16:00 至 2026-05-31 16:00 没有投诉；数据为 2026-03-28 至 2026-03-31，请核对 --day。"
        in empty.stdout
    )
    dump.with_name("bare.csv").write_text("投诉内容\n宽带断了\n", encoding="utf-8-sig")
    bare = genyin_here("review", "daily", tmp_path / "bare.csv", *given[3:], "-o", tmp_path / "no.xlsx", "--lang", "zh")
    assert "数据中没有所需的列（" in bare.stdout
    again = genyin_here(*given, "-o", tmp_path / "again.xlsx", "--previous", first)
    assert again.returncode == 1
    assert "the running table has 2026-03-31 already" in again.stderr
    assert not (tmp_path / "again.xlsx").exists()
