"""Filled-in workbooks: columns by header, rows with their addresses, whatever was done in between."""

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.text.files.filled_in import Field, read_filled_in

FIELDS = (Field("id", ("编号", "id")), Field("label", ("标签", "label")), Field("note", ("备注",), needed=False))


def saved(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_headers_are_found_wherever_they_stand(tmp_path):
    rows = [
        [],
        ["三月复核"],
        [None, " 备 注", "标签 *", "新增", "编号"],
        [None, "急", "计费", 1, "x1"],
        [],
        [None, None, None, 2],
    ]
    path = saved(tmp_path / "q.xlsx", {"说明": [["标签"]], "改过名": [*rows, [None, None, None, None, "x2"]]})
    found = read_filled_in(path, FIELDS)
    assert (found.file, found.sheet, found.header_row) == ("q.xlsx", "改过名", 3)
    assert found.columns == {"note": "B", "label": "C", "id": "E"}
    first, second = found.rows
    assert (first.number, first.text("id"), first.text("label"), first.text("note")) == (4, "x1", "计费", "急")
    assert first.cells["label"].address == "q.xlsx, 改过名!C4"
    # the row in which only a foreign column is filled is none of ours
    assert (second.number, second.text("id"), second.text("label")) == (7, "x2", "")


def test_a_column_that_need_not_be_there_has_no_cell(tmp_path):
    (row,) = read_filled_in(saved(tmp_path / "q.xlsx", {"s": [["ID", "Label"], ["1", "a"]]}), FIELDS).rows
    assert "note" not in row.cells
    assert row.text("note") == ""


def test_numbers_days_and_errors_arrive_as_people_see_them(tmp_path):
    path = saved(tmp_path / "q.xlsx", {"s": [["编号", "标签", "备注"], [12, 0.5, "#N/A"], ["b", True, "=1/0"]]})
    first, second = read_filled_in(path, FIELDS).rows
    assert (first.text("id"), first.text("label"), first.cells["note"].is_error) == ("12", "0.5", True)
    assert second.text("label") == "TRUE"


def test_a_missing_column_is_named_with_what_is_there(tmp_path):
    path = saved(tmp_path / "q.xlsx", {"s": [["编号", "标志", "备注"], ["1", "a", ""]]})
    message = r"q\.xlsx lacks the columns 标签\. The sheet that comes nearest, s, has: 编号, 标志, 备注\. Hand back"
    with pytest.raises(InputError, match=message):
        read_filled_in(path, FIELDS)


def test_a_header_twice_is_named_with_both_cells(tmp_path):
    path = saved(tmp_path / "q.xlsx", {"s": [["编号", "标签", "标签"], ["1", "a", "b"]]})
    with pytest.raises(InputError, match=r"q\.xlsx, sheet s: the header '标签' stands in B1 and in C1\. Rename"):
        read_filled_in(path, FIELDS)


def test_files_that_are_no_workbooks(tmp_path):
    with pytest.raises(InputError, match=r"none\.xlsx does not exist\. Check the path\."):
        read_filled_in(tmp_path / "none.xlsx", FIELDS)
    (tmp_path / "text.xlsx").write_text("no workbook")
    with pytest.raises(InputError, match=r"text\.xlsx cannot be read as an Excel workbook"):
        read_filled_in(tmp_path / "text.xlsx", FIELDS)
    with pytest.raises(InputError, match=r"lacks the columns 编号, 标签\."):
        read_filled_in(saved(tmp_path / "empty.xlsx", {"s": []}), FIELDS)
