"""The real command line in real processes, on files as users have them."""

import csv
import json
import re
import signal
import subprocess
import sys
import time

import openpyxl
import pytest
import xlsxwriter

from tests.conftest import ROOT

ROWS = [
    ("0013", "宽带", "晚上八点以后宽带慢得网页都打不开，天天如此"),
    ("0014", "爽约", "师傅约好上午来装，等到晚上也没来，电话不接"),
    ("0015", "流量包", "送的流量包到期自动续订扣了我三十块，没人通知"),
    ("0016", "信号", "地下车库和电梯里一点信号都没有，电话打不出去"),
    ("0016", "信号", "重复的编号"),
    ("0017", "空", ""),
]
HEADERS = ("客服流水号", "工单标题", "投诉内容")


@pytest.fixture
def dump(tmp_path):
    return save(tmp_path / "dump.csv", "utf-8-sig")


def save(path, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(HEADERS)
        writer.writerows((row[0], "", row[2]) for row in ROWS)
    return path


def save_xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("明细")
        sheet.write_string(0, 0, "2026年6月投诉明细")
        for r, row in enumerate([HEADERS, *((row[0], "", row[2]) for row in ROWS)], start=1):
            for c, cell in enumerate(row):
                sheet.write_string(r, c, cell)
    return path


def save_jsonl(path):
    lines = (json.dumps(dict(zip(HEADERS, (row[0], "", row[2]), strict=True)), ensure_ascii=False) for row in ROWS)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_classify_answers_every_row_and_rejects_the_rest(run_genyin, small_model, dump, tmp_path):
    done = run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    rows = read(tmp_path / "out" / "classified.csv")
    assert [row["客服流水号"] for row in rows] == ["0013", "0014", "0015", "0016"]
    assert [row["category"] for row in rows] == ["network", "installation", "billing", "network"]
    assert [row["cause"] for row in rows[1:]] == ["上门爽约", "流量包自动续订", "地下室电梯弱覆盖"]
    assert list(rows[0]) == [
        *HEADERS,
        "category",
        "confidence",
        "categories",
        "cause",
        "cause_confidence",
        "needs_review",
        "reason",
        "problem_id",
        "problem_name",
    ]
    assert [row["投诉内容"] for row in rows] == [row[2] for row in ROWS[:4]]
    assert all(
        0 < float(row["confidence"]) <= 1 and row["needs_review"] in "01" and "(" in row["reason"] for row in rows
    )
    rejected = read(tmp_path / "out" / "rejected.csv")
    assert [(row["row"], row["file"]) for row in rejected] == [("6", str(dump)), ("7", str(dump))]
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (run["rows"], run["used"], run["rejected"]) == (6, 4, 2)
    assert sum(run["categories"].values()) == 4
    assert len(run["sources"][0]["sha256"]) == 64
    assert "6 rows = 4 classified + 2 rejected" in done.stdout


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("gbk.csv", lambda path: save(path, "gbk")),
        ("u16.csv", lambda path: save(path, "utf-16")),
        ("tabs.tsv", lambda path: save(path, "gb18030", "\t")),
        ("book.xlsx", save_xlsx),
        ("lines.jsonl", save_jsonl),
    ],
)
def test_the_same_table_in_any_file_gives_the_same_answers(run_genyin, small_model, dump, tmp_path, name, make):
    run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "one")
    done = run_genyin("classify", make(tmp_path / name), "--model", small_model, "-o", tmp_path / "two")
    assert done.returncode == 0, done.stderr
    keys = ("客服流水号", "category", "confidence", "cause", "needs_review", "reason")
    answers = [
        [[row[key] for key in keys] for row in read(tmp_path / out / "classified.csv")] for out in ("one", "two")
    ]
    assert answers[0] == answers[1]


def test_several_files_and_a_pattern(run_genyin, small_model, tmp_path):
    save(tmp_path / "a.csv")
    save_xlsx(tmp_path / "b.xlsx")
    done = run_genyin(
        "classify",
        tmp_path / "*.csv",
        tmp_path / "b.xlsx",
        "--model",
        small_model,
        "-o",
        tmp_path / "o",
        "--format",
        "xlsx",
    )
    assert done.returncode == 0, done.stderr
    sheet = openpyxl.load_workbook(tmp_path / "o" / "classified.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    assert heads[3] == "source_file"
    # the second file repeats the ids of the first under the same headers
    assert sheet.max_row - 1 + len(read(tmp_path / "o" / "rejected.csv")) == 12


def test_one_or_two_processes_write_the_same_bytes(run_genyin, small_model, corpus, tmp_path):
    with (tmp_path / "many.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows((i, row["text"]) for i, row in enumerate(corpus * 2))
    for jobs in ("1", "2"):
        done = run_genyin(
            "classify", tmp_path / "many.csv", "--model", small_model, "-o", tmp_path / jobs, "--jobs", jobs, "-q"
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
    assert (tmp_path / "1" / "classified.csv").read_bytes() == (tmp_path / "2" / "classified.csv").read_bytes()


def test_a_pipe_of_plain_lines(run_genyin, small_model):
    done = run_genyin("classify", "-", "--model", small_model, stdin="宽带太慢\n\n师傅又爽约了\n".encode())
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["text"] for line in lines] == ["宽带太慢", "师傅又爽约了"]
    assert all(line["category"] for line in lines)
    # which line got no answer is said beside the answers
    assert done.stderr == "Empty lines passed over: 1.\n"
    nothing = run_genyin("classify", "-", "--model", small_model, stdin=b"")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert nothing.stderr == "There was no text on the standard input.\n"


def test_a_run_says_why_rows_were_not_used_and_what_it_wrote_over(run_genyin, small_model, dump, tmp_path):
    asked = ("classify", dump, "--model", small_model, "-o", tmp_path / "out", "--no-problems")
    first = run_genyin(*asked).stdout
    assert "Rejected because: repeated complaint id (1); text is empty (1)" in first
    assert "Written over" not in first
    again = run_genyin(*asked, "--lang", "zh").stdout
    assert "未用的原因：投诉编号重复 1 行；投诉文本为空 1 行" in again
    assert "已覆盖原有的 classified.csv、rejected.csv、run.json" in again


def test_a_run_that_fails_leaves_no_folder(run_genyin, small_model, tmp_path):
    (tmp_path / "empty.csv").write_text("投诉内容,编号\n", encoding="utf-8")
    done = run_genyin("classify", "empty.csv", "--model", small_model, "-o", "new/deep", "--no-problems", cwd=tmp_path)
    assert done.returncode == 1
    assert not (tmp_path / "new").exists()
    kept = tmp_path / "kept"
    kept.mkdir()
    assert run_genyin("classify", "empty.csv", "--model", small_model, "-o", kept, cwd=tmp_path).returncode == 1
    assert kept.is_dir()


def test_a_pipe_of_json_lines_in_gbk(run_genyin, small_model):
    line = json.dumps({"编号": "007", "投诉内容": "电梯里没信号"}, ensure_ascii=False)
    done = run_genyin("classify", "-", "--model", small_model, stdin=f"{line}\n".encode("gbk"))
    answer = json.loads(done.stdout)
    assert (answer["编号"], answer["category"]) == ("007", "network")


def test_stopped_by_ctrl_c_leaves_no_half_file(small_model, corpus, tmp_path):
    with (tmp_path / "big.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows((i, row["text"]) for i, row in enumerate(corpus * 40))
    code = "from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "classify", "big.csv", "--model", str(small_model), "-o", "out"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "GENYIN_LANG": "en"}, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").glob(".classified.csv*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert b"Stopped; no half-written file was left." in error
    assert not (tmp_path / "out").exists()


def test_dry_run_writes_nothing(run_genyin, small_model, dump, tmp_path):
    done = run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "out", "--dry-run")
    assert done.returncode == 0
    assert "Nothing was written." in done.stdout
    assert not (tmp_path / "out").exists()


def test_columns_shows_roles_and_no_cells(run_genyin, dump):
    done = run_genyin("columns", dump)
    assert "complaint_id" in done.stdout
    assert "utf-8-sig" in done.stdout
    assert not any(row[2] and row[2] in done.stdout for row in ROWS)
    described = json.loads(run_genyin("columns", dump, "--json").stdout)
    assert described["sources"][0]["columns"][2]["role"] == "text"


def test_explain_counts_for_and_against(run_genyin, small_model):
    done = run_genyin("explain", "宽带晚上慢得要命，师傅态度倒是好", "--model", small_model, "--json")
    found = json.loads(done.stdout)
    assert found["labels"][0]["label"] == found["prediction"]["category"] == "network"
    assert sum(cause["share"] for cause in found["causes"]) <= 1.0001
    shares = {word["word"]: word["share"] for word in found["words"]}
    assert shares["宽带"] > 0
    likely = [label["share"] for label in found["labels"]]
    assert likely == sorted(likely, reverse=True)
    assert likely[0] == found["prediction"]["confidence"]
    assert sum(likely) <= 1.0001
    assert found["explained"] in {cause["cause"] for cause in found["causes"] if cause["category"] == "network"}
    shown = run_genyin("explain", "宽带慢", "--model", small_model).stdout
    first, _, best = shown.splitlines()[:3]
    # the headline and the first bar say the same
    assert re.search(r"confidence ([\d.]+%)", first)[1] in best
    assert re.search(r"^Words against .+:", shown, re.MULTILINE)


def test_explain_gives_no_figures_for_a_text_it_does_not_know(run_genyin, small_model):
    found = json.loads(run_genyin("explain", "hello wifi", "--model", small_model, "--json").stdout)
    assert {one["share"] for one in found["labels"]} == {one["probability"] for one in found["labels"]} == {0.0}
    assert (found["prediction"]["confidence"], found["prediction"]["cause"]) == (0.0, "")
    assert found["causes"] == found["words"] == []
    shown = run_genyin("explain", "hello wifi", "--model", small_model).stdout
    assert "confidence —, needs review" in shown
    assert "%" not in shown


def test_evaluate_measures_on_other_rows(run_genyin, small_model, few_examples, tmp_path):
    with (tmp_path / "l.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows((e.text, e.labels[0]) for e in few_examples[:60])
    found = json.loads(run_genyin("evaluate", tmp_path / "l.csv", "--model", small_model, "--json").stdout)
    assert found["rows"] == 60
    assert found["accuracy"]["value"] > 0.9
    assert "macro-F1" in run_genyin("evaluate", tmp_path / "l.csv", "--model", small_model).stdout


def test_mask_keeps_customers_countable(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "客服流水号,受理号码,投诉内容\nA1,13800138000,张伟先生电话13800138000扣了129元\n"
        "A2,+86 13800138000,又来投诉\nA3,13900139000,住阳光花园3栋2单元501室\n",
        encoding="gbk",
    )
    done = run_genyin("mask", path, "-o", tmp_path / "m", "--key-file", tmp_path / "k")
    assert done.returncode == 0, done.stderr
    rows = read(tmp_path / "m" / "masked.csv")
    assert rows[0]["受理号码"] == rows[1]["受理号码"] != rows[2]["受理号码"]
    text = (tmp_path / "m" / "masked.csv").read_text(encoding="utf-8-sig")
    assert "13800138000" not in text
    assert "张伟" not in text
    assert "501室" not in text
    assert "129元" in text
    assert len({row["客服流水号"] for row in rows}) == 3
    again = run_genyin("mask", path, "-o", tmp_path / "n", "--key-file", tmp_path / "k")
    assert again.returncode == 0
    assert read(tmp_path / "n" / "masked.csv") == rows


def test_columns_in_chinese_name_the_roles_with_the_id_to_type(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("序号,受理单,诉求,业务类型,用户套餐\n1,A1,宽带天天掉线没人管,宽带,畅享\n", encoding="utf-8")
    chosen = ("--column", "投诉编号=受理单", "--column", "text=诉求")
    shown = run_genyin("columns", path, *chosen, "--lang", "zh").stdout
    rows = {cells[0]: cells[1] for cells in map(str.split, shown.splitlines()[2:]) if len(cells) > 1}
    assert (rows["序号"], rows["受理单"], rows["诉求"]) == ("(序号)", "投诉编号（complaint_id）", "投诉内容（text）")
    assert "套餐（product）：使用 用户套餐 列；另有可用的列：业务类型" in shown
    english = run_genyin("columns", path, *chosen, "--lang", "en").stdout
    assert "complaint_id" in english
    assert "投诉编号" not in english


def test_training_in_chinese_names_the_column_that_is_missing(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("编号,投诉内容\n1,宽带天天掉线没人管\n", encoding="utf-8")
    no_label = run_genyin("train", path, "--model", tmp_path / "m", "--lang", "zh")
    assert f"{path} 中没有类别标签（label）列。" in no_label.stderr
    wrong = run_genyin("train", path, "--model", tmp_path / "m", "--column", "lable=编号", "--lang", "zh")
    assert "投诉编号（complaint_id）, 工单号（order_id）, " in wrong.stderr


def masked(run_genyin, folder, *inputs):
    done = run_genyin("mask", *inputs, "-o", folder / "m", "--key-file", folder / "k")
    assert done.returncode == 0, done.stderr
    return read(folder / "m" / "masked.csv")


def test_mask_gives_every_id_a_pseudonym_that_stays_the_same(run_genyin, tmp_path):
    headers = ["序号", "工单流水号", "工单编号", "工单号", "呼叫流水号", "录音流水号"]
    headers += ["受理时间", "处理时长", "投诉内容", "problem_id"]
    ids = [(f"KF20260101{i}", f"TS771{i}", f"GD01015{i % 2}0063", f"HJ81995682{i}", f"LY550{i}") for i in (1, 2, 3)]
    rows = [
        [f"{i + 30910}", *some, f"2026-01-0{i} 08:00", "30572", "宽带慢", "P-0001"]
        for i, some in enumerate(ids, start=1)
    ]
    path = tmp_path / "d.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    told = masked(run_genyin, tmp_path, path)
    same = ("序号", *headers[6:])
    assert [[row[name] for name in same] for row in told] == [[row[0], *row[6:]] for row in rows]
    for name in ("工单流水号", "工单编号", "呼叫流水号", "录音流水号"):
        assert len({row[name] for row in told}) == 3, name
    assert told[0]["工单号"] == told[2]["工单号"] != told[1]["工单号"]
    assert all(re.fullmatch("[0-9a-f]{16}", row[name]) for row in told for name in headers[1:6])


@pytest.mark.parametrize(
    ("parts", "stays"),
    [
        ([[1, 2, 3]], True),
        ([[3, 4], [1, 2]], True),
        ([[4101, 4102, 4103]], False),
        ([[1, 3, 2]], False),
        ([[1, 2], ["TS1", "TS2"]], False),
    ],
)
def test_mask_leaves_running_numbers_as_they_are(run_genyin, tmp_path, parts, stays):
    paths = [tmp_path / f"{number}.csv" for number in range(len(parts))]
    for path, ids in zip(paths, parts, strict=True):
        path.write_text("编号,投诉内容\n" + "".join(f"{one},宽带{one}天天掉线\n" for one in ids), encoding="utf-8")
    told = [row["编号"] for row in masked(run_genyin, tmp_path, *paths)]
    assert (told == [str(one) for ids in parts for one in ids]) is stays
    assert len(set(told)) == sum(map(len, parts))


def test_mask_leaves_counts_but_not_a_telephone_among_them(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("序号,投诉内容\n30911,宽带慢\n13800138000,没信号\n", encoding="utf-8")
    assert [row["序号"] for row in masked(run_genyin, tmp_path, path)] == ["30911", "[手机号]"]


def test_mask_finds_the_name_of_the_row_in_its_text(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "编号,用户姓名,投诉内容\n1,阿依古丽,报修人阿依古丽说宽带断了\n2,无名,无名小区没信号\n", encoding="utf-8"
    )
    done = run_genyin("mask", path, "-o", tmp_path / "m", "--key-file", tmp_path / "k")
    assert done.returncode == 0, done.stderr
    assert read(tmp_path / "m" / "masked.csv")[0]["投诉内容"] == "报修人[姓名]说宽带断了"


def test_planted_personal_data_is_in_no_output_of_ours(run_genyin, small_model, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("id,投诉内容\n1,联系人王小明电话13912345678宽带慢得打不开网页\n", encoding="utf-8")
    done = run_genyin("classify", path, "--model", small_model, "-o", tmp_path / "o")
    ours = read(tmp_path / "o" / "classified.csv")[0]
    added = " ".join(ours[key] for key in ("category", "categories", "cause", "reason"))
    written = added + done.stdout + done.stderr + (tmp_path / "o" / "run.json").read_text(encoding="utf-8")
    assert "13912345678" not in written
    assert "王小明" not in written


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("classify", "none.csv"), 1, "none.csv"),
        (("classify", "dump.csv", "--model", "nowhere"), 1, "nowhere is not a genyin model"),
        (("classify", "dump.csv", "--text", "无此列"), 1, "无此列"),
        (("classify", "dump.csv", "--column", "text:投诉内容"), 2, "write ROLE=HEADER"),
        (("classify", "dump.csv", "--jobs", "0"), 2, "--jobs 0 cannot be used"),
        (("classify", "dump.csv", "--settings", "bad.toml"), 2, "unknown setting 'modell'"),
        (("classify",), 2, "Missing argument"),
        (("classify", "dump.csv", "--format", "doc"), 2, "doc"),
        (("train", "dump.csv", "--model", "m"), 1, "has no label column"),
        (("train", "one.csv", "--model", "m"), 1, "same label"),
        (("evaluate", "one.csv", "--model", "MODEL"), 1, "does not know the label 'x'"),
        (("explain", " "), 2, "The text is empty"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_bad_calls_end_with_a_sentence_and_a_code(run_genyin, small_model, dump, args, code, message):
    (dump.parent / "bad.toml").write_text('modell = "x"\n', encoding="utf-8")
    (dump.parent / "one.csv").write_text("text,label\n宽带慢,x\n宽带断,x\n", encoding="utf-8")
    args = [str(small_model) if arg == "MODEL" else arg for arg in args]
    done = run_genyin(*args, cwd=dump.parent)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (dump.parent / "genyin-out").exists()


def test_messages_are_chinese_where_asked(run_genyin, small_model, dump, tmp_path):
    done = run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "o", "--lang", "zh")
    assert "共 6 行 = 已分类 4 + 未用 2" in done.stdout
    assert {row["reason"] for row in read(tmp_path / "o" / "rejected.csv")} >= {"投诉文本为空"}
    failed = run_genyin("classify", "none.csv", "--lang", "zh")
    assert failed.stderr.startswith("错误: ")
    assert "结果文件夹" in run_genyin("classify", "--help", GENYIN_LANG="zh").stdout


@pytest.mark.parametrize("group", ["", "problems", "models", "label", "review", "register"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_is_listed_in_a_line_of_its_own(run_genyin, group, language):
    from rich.cells import cell_len

    from pipeline.cli.help.short import SHORT_TEXTS

    # the language may stand before the command too
    called = [group, "--lang", language] if group else ["--lang", language]
    lines = run_genyin(*called, "--help", COLUMNS="80").stdout.splitlines()
    assert lines[0].startswith("用法：genyin " if language == "zh" else "Usage: genyin ")
    heading = "命令：" if language == "zh" else "Commands:"
    listed = dict(line.split(maxsplit=1) for line in lines[lines.index(heading) + 1 :])
    within = {name: both for name, both in SHORT_TEXTS.items() if name.rpartition(" ")[0] == group}
    assert listed == {name.rpartition(" ")[2]: both[language == "en"] for name, both in within.items()}
    assert all(cell_len(line) < 80 for line in lines)


def test_help_is_chinese_to_the_last_word(run_genyin):
    page = run_genyin("--help", GENYIN_LANG="zh").stdout
    assert {"选项：", "命令："} < set(page.splitlines())
    assert "显示本说明并退出。" in page
    assert run_genyin("problems", "list", "--help", GENYIN_LANG="zh").stdout.startswith("用法：genyin problems list ")
    page = run_genyin("train", "--help", GENYIN_LANG="zh").stdout
    assert "[必填]" in page
    assert "[默认 5; 2<=x<=50]" in page
    assert "用法：genyin train [选项] INPUT..." in page
    assert not re.search(r"required|default:|RANGE|OPTIONS|--encoding TEXT", page)


def test_a_run_over_chinese_data_speaks_chinese_to_the_end(run_genyin, dump, small_model, tmp_path):
    args = ("classify", dump, "--model", small_model, "-o", tmp_path / "out")
    # nobody asked for a language, and the system's is English
    done = run_genyin(*args, GENYIN_LANG="", LC_ALL="C")
    assert "0 个问题，含投诉 0 行；4 行不属于任何问题" in done.stdout
    rehearsed = run_genyin(*args, "--dry-run", GENYIN_LANG="", LC_ALL="C")
    assert rehearsed.stdout.endswith("未写任何文件。\n")


def test_the_language_may_stand_before_the_command(run_genyin):
    assert run_genyin("--lang", "zh", "classify", "none.csv").stderr.startswith("错误: ")
    assert run_genyin("problems", "--lang=en", "none.csv").stderr.startswith("Error: ")


def test_the_data_decides_the_language_where_nobody_asked(run_genyin, small_model, dump, tmp_path):
    done = run_genyin("classify", dump, "--model", small_model, "-o", tmp_path / "o", GENYIN_LANG="", LANG="C.UTF-8")
    assert "已分类 4" in done.stdout


def test_settings_file_is_used(run_genyin, small_model, dump, tmp_path):
    (tmp_path / "genyin.toml").write_text(
        f'model = "{small_model}"\nformat = "jsonl"\ntext = ["工单标题", "投诉内容"]\n', encoding="utf-8"
    )
    done = run_genyin("classify", dump.name, "-o", "o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "o" / "classified.jsonl").read_text(encoding="utf-8").splitlines()) == 4


def test_a_column_of_ours_in_the_input_keeps_its_place(run_genyin, small_model, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("id,text,category\n1,宽带慢,old\n", encoding="utf-8")
    run_genyin("classify", path, "--model", small_model, "-o", tmp_path / "o")
    (row,) = read(tmp_path / "o" / "classified.csv")
    assert (row["category (input)"], row["category"]) == ("old", "network")


def test_an_empty_table_is_a_sentence(run_genyin, small_model, tmp_path):
    (tmp_path / "e.csv").write_text("id,投诉内容\n", encoding="utf-8")
    done = run_genyin("classify", tmp_path / "e.csv", "--model", small_model, "-o", tmp_path / "o")
    assert done.returncode == 1
    assert "There is no row" in done.stderr
    assert not (tmp_path / "o").exists()


def test_mask_never_shows_more_for_a_column_that_is_named(run_genyin, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "编号,投诉人姓名,紧急联系人,客户微信,护照号,出生日期,投诉内容\n"
        "1,温馨,海燕,lihua_1990,E12345678,1991-05-06,宽带断了三天\n",
        encoding="utf-8",
    )
    done = run_genyin(
        "mask", path, "-o", tmp_path / "m", "--key-file", tmp_path / "k", "--column", "customer_name=紧急联系人"
    )
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "m" / "masked.csv").read_text(encoding="utf-8-sig")
    for value in ("温馨", "海燕", "lihua_1990", "E12345678", "1991-05-06"):
        assert value not in written
    assert "宽带断了三天" in written
