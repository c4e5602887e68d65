"""The commands about labels as an analyst types them."""

import csv
import json

import openpyxl
import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory, corpus):
    made = tmp_path_factory.mktemp("labels")
    with (made / "march.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["投诉内容"], *([row["text"]] for row in corpus[::100])])
    return made


def fill(path, target, rows, **wrong):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in rows:
        sheet.cell(row, columns["标签"]).value = sheet.cell(row, columns["建议标签"]).value
    for header, value in wrong.items():
        sheet.cell(rows[0], columns[header]).value = value
    book.save(target)


def test_from_the_queue_to_the_table_of_labels(folder, run_genyin):
    done = run_genyin("label", "export", "march.csv", "-o", "待标注.xlsx", "--rows", "12", "--lang", "zh", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "选出 12 行：" in done.stdout
    assert "  随机抽样 1" in done.stdout

    fill(folder / "待标注.xlsx", folder / "王.xlsx", range(2, 10), 标签="资费帐务")
    # written again it would be the same; what somebody filled in stays
    kept = (folder / "王.xlsx").read_bytes()
    refused = run_genyin("label", "export", "march.csv", "-o", "王.xlsx", "--rows", "12", "--lang", "zh", cwd=folder)
    assert (refused.returncode, (folder / "王.xlsx").read_bytes()) == (1, kept)
    assert "错误: 王.xlsx 已存在，并且在 genyin 写出之后有人保存过" in refused.stderr

    again = ("label", "import", "王.xlsx", "--labeller", "王", "--lang", "zh")
    done = run_genyin(*again, "--dry-run", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "王.xlsx: 12 行 = 已答 7 + 未答 4 + 有错 1；已删 0" in done.stdout
    assert "  王.xlsx, 复核!K2: 没有标签 '资费帐务'。" in done.stdout
    assert "最接近的是 资费账务" in done.stdout
    assert "试运行：未保存任何内容。" in done.stdout
    assert not (folder / "labels.jsonl").exists()

    done = run_genyin(*again, "--new-label", "资费帐务", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["added"], told["known"], told["files"][0]["answers"]) == (8, 0, 8)

    done = run_genyin("label", "list", "-o", "labels.csv", cwd=folder)
    assert "8 entries on 8 texts = 8 listed + 0 contested" in done.stdout
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["who"] for row in csv.DictReader(file)} == {"王"}


def test_what_is_no_queue_is_said_plainly(folder, run_genyin):
    openpyxl.Workbook().save(folder / "other.xlsx")
    done = run_genyin("label", "import", "other.xlsx", cwd=folder)
    assert done.returncode == 1
    assert "other.xlsx lacks the columns 编号, 投诉内容, 标签." in done.stderr
    assert "Traceback" not in done.stderr


def test_few_labels_are_not_counted_as_wrong(run_genyin, few_examples, tmp_path):
    with (tmp_path / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *((one.text, one.labels[0]) for one in few_examples[::5])])
    asked = ("label", "suspects", "labels.csv", "-o", "s.xlsx", "--force")
    done = run_genyin(*asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "too few rows (under 50 a label)" in done.stdout
    assert "wrong labels;" not in done.stdout
    assert "估计错标" not in run_genyin(*asked, "--lang", "zh", cwd=tmp_path).stdout
