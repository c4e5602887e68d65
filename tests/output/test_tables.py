import csv
import json

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GenyinError, UsageError
from pipeline.output.folder import result_folder
from pipeline.output.tables import guarded, open_table

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40)
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=8)
HEADERS = ["编号", "投诉内容"]


def write(path, rows, kind):
    with open_table(path, HEADERS, kind) as table:
        table.write(rows)


@given(rows=ROWS)
def test_csv_gives_every_cell_back_but_formulas(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    write(path, rows, "csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found == [HEADERS, *([guarded(cell) for cell in row] for row in rows)]


def test_csv_opens_in_excel(tmp_path):
    write(tmp_path / "t.csv", [("007", "宽带慢")], "csv")
    assert (tmp_path / "t.csv").read_bytes() == b"\xef\xbb\xbf" + "编号,投诉内容\r\n007,宽带慢\r\n".encode()


@given(rows=ROWS)
def test_json_lines_give_every_cell_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.jsonl"
    write(path, rows, "jsonl")
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == [dict(zip(HEADERS, row, strict=True)) for row in rows]


@given(rows=ROWS)
def test_parquet_gives_every_cell_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.parquet"
    write(path, rows, "parquet")
    assert pyarrow.parquet.read_table(path).to_pylist() == [dict(zip(HEADERS, row, strict=True)) for row in rows]


FORMULAS = [
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "http://example.com",
]


def test_excel_holds_texts_never_formulas_or_links(tmp_path):
    write(tmp_path / "t.xlsx", [("0", cell) for cell in FORMULAS], "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == FORMULAS
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


@pytest.mark.parametrize("cell", FORMULAS[:6])
def test_csv_guards_what_would_run(tmp_path, cell):
    write(tmp_path / "t.csv", [("0", cell)], "csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][1] == "'" + cell


@pytest.mark.parametrize(
    "cell", ["-5", "+8613800000000", "-12.5%", "+86 138 0000 0000", "2020-01-01", "宽带=慢", "--", ""]
)
def test_plain_cells_stay(cell):
    assert guarded(cell) == cell


def test_an_unknown_format_is_named(tmp_path):
    with pytest.raises(UsageError, match="Unknown format 'doc'; there are csv, xlsx, jsonl, parquet"):
        open_table(tmp_path / "t", HEADERS, "doc")


def test_a_long_cell_is_cut_for_excel_only(tmp_path):
    long = "长" * 40_000
    write(tmp_path / "t.xlsx", [("1", long)], "xlsx")
    held = openpyxl.load_workbook(tmp_path / "t.xlsx").active["B2"].value
    assert (len(held), held[-1]) == (32_767, "…")
    write(tmp_path / "t.csv", [("1", long)], "csv")
    assert long in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")


def test_results_appear_together_or_not_at_all(tmp_path):
    out = tmp_path / "out"

    def interrupted():
        with result_folder(out) as results:
            results.path("a.txt").write_text("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        interrupted()
    assert not out.exists()
    with result_folder(out) as results:
        results.path("a.txt").write_text("whole")
        assert not (out / "a.txt").exists()
    assert [path.name for path in out.iterdir()] == ["a.txt"]


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="is a file; give a folder"), result_folder(tmp_path / "out"):
        pass


def test_a_full_disk_is_a_plain_sentence(tmp_path):
    with pytest.raises(GenyinError, match="Check the free space"), result_folder(tmp_path / "out"):
        raise OSError(28, "No space left on device")
