"""Damaged files as they come by mail and from half a download: what is wrong is said in words of ours."""

import gzip
import random
import zipfile

import pytest
import xlsxwriter

CHANCE = random.Random(7)
CSV = "编号,投诉内容\n" + "".join(f"{i},宽带{CHANCE.random()}\n" for i in range(2000))
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("明细")
        for place, line in enumerate(CSV.splitlines()):
            sheet.write_row(place, 0, line.split(","))
    return path


def repacked(workbook, path, drop="", cut=""):
    """The workbook without a part, or with half of one."""
    with zipfile.ZipFile(workbook) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name != drop:
                archive.writestr(name, content[: len(content) // 2] if name == cut else content)
    return path


def spoiled(content, begin, end):
    return content[:begin] + bytes(byte ^ 0x5A for byte in content[begin:end]) + content[end:]


def packed(method=zipfile.ZIP_DEFLATED):
    from io import BytesIO

    with zipfile.ZipFile(file := BytesIO(), "w", method) as archive:
        archive.writestr("b.csv", CSV)
    return file.getvalue()


def of_unknown_method():
    content = bytearray(packed())
    content[8] = content[content.find(b"PK\x01\x02") + 10] = 9  # Deflate64, as Windows packs large files
    return bytes(content)


CUT, PACKED = "文件不完整，可能没有复制或下载完", "其中的压缩数据已损坏"
AGAIN, AS_XLSX = "；请重新复制或下载。", "。请用 Excel 打开后另存为 .xlsx，或重新导出。"
FILES = {
    "half.zip": (lambda: packed()[:4000], f"{{0}} 无法解压：{CUT}{AGAIN}"),
    "spoiled.zip": (lambda: spoiled(packed(), 1000, 1100), f"{{0}}/b.csv 无法解压：{PACKED}{AGAIN}"),
    "spoiled bz2.zip": (
        lambda: spoiled(packed(zipfile.ZIP_BZIP2), 1000, 1100),
        f"{{0}}/b.csv 无法解压：{PACKED}{AGAIN}",
    ),
    "spoiled lzma.zip": (
        lambda: spoiled(packed(zipfile.ZIP_LZMA), 1000, 1100),
        f"{{0}}/b.csv 无法解压：{PACKED}{AGAIN}",
    ),
    "unknown.zip": (
        of_unknown_method,
        "{0}/b.csv 的压缩方式这里无法读取；请先解压，或用普通 zip 方式重新压缩。",
    ),
    "half.csv.gz": (lambda: gzip.compress(CSV.encode())[:4000], f"{{0}} 无法解压：{CUT}{AGAIN}"),
    "sum.csv.gz": (lambda: spoiled(gzip.compress(CSV.encode()), -8, -7), f"{{0}} 无法解压：{PACKED}{AGAIN}"),
    "method.csv.gz": (
        lambda: spoiled(gzip.compress(CSV.encode()), 2, 3),
        f"{{0}} 无法解压：压缩方式无法识别{AGAIN}",
    ),
    "old.xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000),
        f"{{0}} 无法作为 Excel 工作簿读取：文件已损坏，或不是旧版 Excel（.xls）工作簿{AS_XLSX}",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_damage_is_told_in_words_of_ours(name, tmp_path, run_genyin):
    make, expected = FILES[name]
    (tmp_path / name).write_bytes(make())
    done = run_genyin("mask", name, "-o", "out", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"错误: {expected.format(name)}\n"


WORKBOOKS = {
    "no sheet": ({"drop": SHEET}, "a.xlsx 的工作表 '明细' 无法读取：缺少其中的一部分"),
    "half a sheet": ({"cut": SHEET}, "a.xlsx 的工作表 '明细' 无法读取：其中的一部分写法不对"),
    "half the texts": ({"cut": TEXTS}, "a.xlsx 无法作为 Excel 工作簿读取：其中的一部分写法不对"),
    "no links": ({"drop": "xl/_rels/workbook.xml.rels"}, "a.xlsx 无法作为 Excel 工作簿读取：缺少其中的一部分"),
}


@pytest.mark.parametrize("what", WORKBOOKS)
def test_damage_of_a_workbook_is_told_in_words_of_ours(what, workbook, tmp_path, run_genyin):
    how, expected = WORKBOOKS[what]
    repacked(workbook, tmp_path / "a.xlsx", **how)
    done = run_genyin("mask", "a.xlsx", "-o", "out", "--lang", "zh", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, f"错误: {expected}{AS_XLSX}\n")
    english = run_genyin("mask", "a.xlsx", "-o", "out", "--lang", "en", cwd=tmp_path)
    assert "Open it in Excel and save it as .xlsx, or export it again" in english.stderr


def test_a_workbook_that_was_copied_by_half_is_no_zip_to_its_reader(workbook, tmp_path, run_genyin):
    (tmp_path / "a.xlsx").write_bytes(workbook.read_bytes()[:5000])
    done = run_genyin("mask", "a.xlsx", "-o", "out", "--lang", "zh", cwd=tmp_path)
    assert done.stderr == f"错误: a.xlsx 无法解压：{CUT}{AGAIN}\n"
    assert "zip" not in done.stderr
