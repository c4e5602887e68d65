"""Workbooks for people, as openpyxl, python-calamine and LibreOffice read them."""

from datetime import date, datetime

import numpy as np
import openpyxl
import pytest
import python_calamine as calamine
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GenyinError
from pipeline.output import workbook as module
from pipeline.output.workbook import EXCEL_CELL, Column, Sheet, Workbook, cut
from tests.office import saved_by_office

LONG_LIST = tuple(f"很长的类别名称{i}" for i in range(130))
COLUMNS = (
    Column("编号", hidden=True),
    Column("投诉内容", 60, wrap=True),
    Column("份额", number_format="0.0%"),
    Column("标签", 20, to_fill=True, choices=LONG_LIST, hint="多个用 | 分开"),
    Column("状态", to_fill=True, choices=("开", "关"), strict=True),
    Column("备注", 30, to_fill=True, hint="可不填"),
)
ROWS = [("a1", "=1+1", 0.5, None, "开", ""), ("a2", "http://x.y", 0.25, "很长的类别名称1", None, "001")]


def written(path, sheet, rows, **more):
    with Workbook(path, **more) as book:
        book.sheet(sheet, rows)
    return path


@pytest.fixture
def book(tmp_path):
    return written(tmp_path / "book.xlsx", Sheet("复核", COLUMNS, spare_rows=3), ROWS)


def checked_look(path):
    found = openpyxl.load_workbook(path)
    sheet = found["复核"]
    assert found["_lists"].sheet_state == "hidden"
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet.column_dimensions["A"].hidden
    assert not sheet.column_dimensions["B"].hidden
    assert 55 < sheet.column_dimensions["B"].width < 65
    locked = {cell.column_letter: cell.protection.locked for cell in sheet[2]}
    assert locked == {"A": True, "B": True, "C": True, "D": False, "E": False, "F": False}
    assert sheet.protection.sheet
    assert {cell.data_type for row in sheet.iter_rows(2, 3) for cell in row} <= {"s", "n", "inlineStr"}
    assert sheet["B2"].value == "=1+1"
    assert sheet["F3"].value == "001"
    assert sheet["B3"].hyperlink is None
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["D"].formula1.replace("$", "") == "_lists!A1:A130"
    assert rules["E"].formula1.replace("$", "") == "_lists!B1:B2"
    # any other label may be typed, any other state not
    assert (bool(rules["D"].showErrorMessage), bool(rules["E"].showErrorMessage)) == (False, True)
    assert rules["D"].prompt == "多个用 | 分开"
    assert str(rules["D"].sqref) == "D2:D6"
    assert [row[0].value for row in found["_lists"].iter_rows(1, 130)] == list(LONG_LIST)


def test_what_excel_is_told(book):
    checked_look(book)
    assert openpyxl.load_workbook(book)["复核"].freeze_panes == "A2"


def test_what_libreoffice_makes_of_it(book, tmp_path):
    saved = saved_by_office(book, tmp_path / "office")
    checked_look(saved)
    assert openpyxl.load_workbook(saved)["复核"].max_row >= 2


def test_protection_by_typing_leaves_rows_free_to_sort(tmp_path):
    path = written(tmp_path / "book.xlsx", Sheet("复核", COLUMNS, "typing", refusal="请勿修改"), ROWS)
    sheet = openpyxl.load_workbook(path)["复核"]
    assert not sheet.protection.sheet
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    assert (rules["B"].type, rules["B"].formula1, rules["B"].error) == ("custom", "FALSE", "请勿修改")
    assert not any(cell.protection.locked for cell in sheet[2])


def test_values_by_their_type(tmp_path):
    row = (
        True,
        12,
        10**17,
        float("nan"),
        np.int64(3),
        np.float64(0.5),
        date(2026, 3, 1),
        datetime(2026, 3, 1, 8),
        None,
    )
    columns = tuple(Column(f"c{i}", number_format="yyyy-mm-dd" if i in (6, 7) else "") for i in range(len(row)))
    path = written(tmp_path / "book.xlsx", Sheet("s", columns), [row])
    sheet = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert sheet[1] == [True, 12, "100000000000000000", "", 3, 0.5, date(2026, 3, 1), datetime(2026, 3, 1, 8), ""]


def test_excels_limits(tmp_path, monkeypatch):
    long = "长" * 40_000 + "😀"
    names = ("a" * 40, "A" * 40, "带/斜杠?", "_lists", "")
    with Workbook(tmp_path / "book.xlsx") as book:
        for name in names:
            book.sheet(Sheet(name, (Column("投诉内容", hint="提" * 300, to_fill=True),)), [[long]])
    found = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert found.sheetnames == ["a" * 31, "A" * 29 + " 2", "带_斜杠_", "_lists 2", "Sheet"]
    assert len(found.worksheets[0]["A2"].value) == EXCEL_CELL
    assert len(found.worksheets[0].data_validations.dataValidation[0].prompt) == 255
    monkeypatch.setattr(module, "EXCEL_ROWS", 3)
    with pytest.raises(GenyinError, match=r"An Excel sheet holds 3 rows and there are more\."):
        written(tmp_path / "more.xlsx", Sheet("s", (Column("a"),)), [["1"], ["2"], ["3"]])
    assert not (tmp_path / "more.xlsx").exists()


def test_emoji_count_twice_as_in_excel():
    assert cut("😀" * 4, 5) == "😀😀…"
    assert cut("a\ud800", 20) == "a\\ud800"


@given(st.lists(st.text(alphabet=st.characters(), max_size=30), min_size=1, max_size=5))
def test_any_text_comes_back_as_text(tmp_path_factory, texts):
    """Nothing is a formula; what XML cannot hold (control characters) goes by Excel's own escapes."""
    path = tmp_path_factory.mktemp("any") / "book.xlsx"
    kept = [text for text in texts if text.strip() and text == text.strip() and "\r" not in text]
    written(path, Sheet("s", (Column("投诉内容"),)), [[text] for text in kept])
    sheet = openpyxl.load_workbook(path)["s"]
    assert [row[0].data_type for row in sheet.iter_rows(2)] == ["s"] * len(kept)
    plain = [text for text in kept if all(ord(char) > 31 and char not in "\ufffe\uffff" for char in text)]
    assert {cut(text, EXCEL_CELL) for text in plain} <= {row[0].value for row in sheet.iter_rows(2)} | {""}


def test_the_same_content_is_the_same_bytes(tmp_path):
    sheet = Sheet("复核", COLUMNS)
    first = written(tmp_path / "1.xlsx", sheet, ROWS).read_bytes()
    assert written(tmp_path / "2.xlsx", sheet, ROWS).read_bytes() == first
    assert written(tmp_path / "3.xlsx", sheet, ROWS, created=datetime(2026, 3, 1)).read_bytes() != first


def test_low_memory_holds_the_same_cells(tmp_path, book):
    low = written(tmp_path / "low.xlsx", Sheet("复核", COLUMNS, spare_rows=3), ROWS, low_memory=True)
    cells = [[[c.value for c in row] for row in openpyxl.load_workbook(one)["复核"].iter_rows()] for one in (book, low)]
    assert cells[0] == cells[1]


def test_charts_and_lines_find_their_place(tmp_path):
    with Workbook(tmp_path / "book.xlsx") as book:
        placed = book.sheet(Sheet("趋势", (Column("月"), Column("件"))), [["1", 3], ["2", 4]])
        chart = book.book.add_chart({"type": "column"})
        chart.add_series({"values": ["趋势", 1, 1, placed.last_row, 1]})
        placed.worksheet.insert_chart("D2", chart)
        book.lines("说明", ["怎样读：", "=1+1"])
    found = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert placed.rows == 2
    assert [cell.value for cell in found["说明"]["A"]] == ["怎样读：", "=1+1"]
    assert found["说明"]["A1"].font.bold
    assert not found["说明"]["A2"].font.bold
