from datetime import date, datetime

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.records import Role
from pipeline.text.reading import ReadOptions, open_dump


def workbook(path, sheets):
    """Write ``{sheet name: rows}``; returns the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def all_rows(path, **options):
    return [row for chunk in open_dump([path], ReadOptions(**options)).chunks() for row in chunk.rows]


def test_cells_become_the_text_a_person_sees(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Sheet_0": [
                ["编号", "投诉内容", "受理时间", "结单时间", "联系电话", "处理时长", "是否升级"],
                [12, "断网_x000d_\n两天_x000D_", datetime(2019, 3, 7, 17, 18, 50), date(2020, 1, 1), "0012", 1.5, True],
            ]
        },
    )
    assert all_rows(path) == [["12", "断网\n两天", "2019-03-07 17:18:50", "2020-01-01", "0012", "1.5", "TRUE"]]


def test_every_sheet_with_a_table_is_read_and_the_rest_is_said(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "明细": [["id", "内容"], ["1", "断网"]],
            "说明": [["渠道", "数量"], ["电话", 3]],
            "Sheet2": [["id", "内容"], ["2", "慢"]],
        },
    )
    dump = open_dump([path])
    assert [source.sheet for source in dump.sources] == ["明细", "Sheet2"]
    assert any("the sheet 说明 was left out" in note for note in dump.sources[0].notes)
    assert all_rows(path, sheet="Sheet2") == [["2", "慢"]]
    with pytest.raises(InputError, match=r"has no sheet '甲'; its sheets are: 明细, 说明, Sheet2"):
        open_dump([path], ReadOptions(sheet="甲"))


def test_hidden_sheets_are_left_out_unless_named(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"明细": [["id", "内容"], ["1", "断网"]], "藏": [["id", "内容"], ["9", "x"]]})
    book = openpyxl.load_workbook(path)
    book["藏"].sheet_state = "hidden"
    book.save(path)
    assert all_rows(path) == [["1", "断网"]]
    assert "hidden sheets were left out: 藏" in open_dump([path]).sources[0].notes[0]
    assert all_rows(path, sheet="藏") == [["9", "x"]]


def merged_survey(path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["2024年满意度调查", None, None, None, None],
        ["流水号", "客户信息", None, "投诉内容", "工单信息"],
        [None, "号码", "姓名", None, "渠道"],
        ["K1", "00100", "甲", "断网", "电话"],
        [None, "00101", "乙", "慢", "网站"],
        [None, None, None, None, None],
        ["K2", "00102", "丙", "卡", "电话"],
    ):
        sheet.append(row)
    for block in ("A1:E1", "A2:A3", "B2:C2", "D2:D3", "A4:A5"):
        sheet.merge_cells(block)
    book.save(path)
    return path


def test_two_row_merged_header_below_a_title_and_merged_data(tmp_path):
    path = merged_survey(tmp_path / "a.xlsx")
    dump = open_dump([path])
    source = dump.sources[0]
    assert source.headers == ("流水号", "客户信息-号码", "客户信息-姓名", "投诉内容", "工单信息-渠道")
    assert source.roles[Role.CUSTOMER_NUMBER] == ("客户信息-号码",)
    assert source.roles[Role.CUSTOMER_NAME] == ("客户信息-姓名",)
    reading = dump.read()
    (chunk,) = reading
    assert [row[:2] for row in chunk.rows] == [["K1", "00100"], ["K2", "00102"]]
    # the merged id covers both rows: one complaint twice
    assert [(r.row, r.reason) for r in chunk.rejects] == [(5, "the complaint id stands already in row 4")]
    assert (chunk.numbers, reading.counts.empty) == ([4, 7], 1)


def test_two_row_header_saved_as_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("流水号,客户信息,,投诉内容\n,号码,姓名,\nK1,00100,甲,断网\n", encoding="gbk")
    dump = open_dump([path])
    assert dump.headers == ("流水号", "客户信息-号码", "客户信息-姓名", "投诉内容")
    assert [chunk.rows for chunk in dump.chunks()] == [[["K1", "00100", "甲", "断网"]]]


@pytest.mark.parametrize("first", ['"01,"断,",,套餐', "甲,断网,好,,套餐"])
def test_a_first_row_with_a_known_word_is_no_second_header_row(tmp_path, first):
    path = tmp_path / "a.csv"
    path.write_text(f"编号,投诉内容,渠道,备注\n{first}\n02,断,,\n", encoding="utf-8")
    assert open_dump([path]).headers == ("编号", "投诉内容", "渠道", "备注")


def test_a_table_that_begins_further_down_and_right(tmp_path):
    book = openpyxl.Workbook()
    for cell, value in {"B3": "编号", "C3": "内容", "B4": 1, "C4": "断网"}.items():
        book.active[cell] = value
    book.save(tmp_path / "a.xlsx")
    (chunk,) = open_dump([tmp_path / "a.xlsx"]).chunks()
    assert (chunk.headers, chunk.rows, chunk.numbers) == (("列1", "编号", "内容"), [["", "1", "断网"]], [4])


def test_long_ids_cut_by_excel_are_noted_and_no_repeats(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"s": [["id", "内容"], [2019030712345678901, "断网"], [2019030712345678902, "慢"]]}
    )
    assert [row[0] for row in all_rows(path)] == ["2019030712345680000", "2019030712345680000"]
    assert "more than 15 digits that Excel" in open_dump([path]).sources[0].notes[0]


def test_an_xls_that_is_html(tmp_path):
    path = tmp_path / "a.xls"
    page = (
        "<html><head><style>td{color:red}</style></head><table>"
        "<tr><td rowspan=2>流水号<th colspan=2>客户信息<th rowspan=2>投诉内容</tr>"
        "<tr><td>号码<td>姓名</tr><tr><td>001</td><td>5</td><td>甲&amp;乙</td><td>断网<br>两天</td></tr></table></html>"
    )
    path.write_text(page, encoding="gbk")
    dump = open_dump([path])
    assert dump.sources[0].format == "html"
    assert dump.headers == ("流水号", "客户信息-号码", "客户信息-姓名", "投诉内容")
    assert [chunk.rows for chunk in dump.chunks()] == [[["001", "5", "甲&乙", "断网\n两天"]]]


def test_an_xls_with_nested_tables_is_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<table><tr><td><table><tr><td>x</table></table>", encoding="utf-8")
    with pytest.raises(InputError, match="tables inside tables; open it in Excel and save it"):
        open_dump([path])


def test_an_xls_that_is_excel_2003_xml(tmp_path):
    path = tmp_path / "a.xls"
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join(f"<Row>{cell.format(a)}{cell.format(b)}</Row>" for a, b in (("id", "内容"), ("01", "断网")))
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns:ss="urn:x"><Worksheet ss:Name="明细"><Table>{rows}</Table></Worksheet>'
        "</Workbook>",
        encoding="utf-8",
    )
    assert all_rows(path) == [["01", "断网"]]


def test_an_xls_that_is_tab_separated_text(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("id\t内容\n01\t断网\n", encoding="gbk")
    assert all_rows(path) == [["01", "断网"]]


def test_an_xlsx_called_csv(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"s": [["id", "内容"], ["01", "断网"]]}).rename(tmp_path / "a.csv")
    assert all_rows(path) == [["01", "断网"]]


def test_big_workbooks_are_parsed_again_and_read_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.text.reading._KEEP_PARSED", 0)
    path = merged_survey(tmp_path / "a.xlsx")
    assert [row[0] for row in all_rows(path)] == ["K1", "K2"]
