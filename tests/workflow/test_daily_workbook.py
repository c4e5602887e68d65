"""The daily workbook of repeated complaints, read back cell by cell."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.insights.cases import make_cases
from pipeline.workflow.review.daily_workbook import DailyOptions, daily_of_dump, write_daily

DAY = date(2026, 3, 31)
ROWS = [
    ("aaaaaaaaaaaa1111", "江州", "2026-03-05 09:00:00", "宽带又断了。师傅没来。"),
    ("aaaaaaaaaaaa1111", "江州", "2026-03-31 10:00:00", "=宽带第二次断了"),
    ("bbbbbbbbbbbb2222", "滨城", "2026-03-31 11:00:00", "多扣二十元"),
]


@pytest.fixture
def cases():
    customers, regions, times, texts = zip(*ROWS, strict=True)
    at = [datetime.fromisoformat(one) for one in times]
    return make_cases({"customer": customers, "region": regions, "accepted": at, "text": texts})


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_its_five_sheets_hold_the_day(cases, tmp_path):
    path = tmp_path / "daily.xlsx"
    write_daily(path, cases, DailyOptions(DAY, order=("滨城", "江州")))
    assert openpyxl.load_workbook(path).sheetnames == [
        "原始数据", "重复投诉结果", "重复投诉文本", "重复投诉统计", "重复投诉日报总表",
    ]  # fmt: skip
    assert [row[1] for row in cells(path, "原始数据")[1:]] == ["江州", "滨城"]
    assert [row[:4] for row in cells(path, "重复投诉结果")[1:]] == [
        ("江州", "aaaaaaaaaaaa", 2, "2026-03-05 09:00:00"),
        ("江州", "aaaaaaaaaaaa", 2, "2026-03-31 10:00:00"),
    ]
    assert [row[0] for row in cells(path, "重复投诉文本")] == [
        "03月30日16:00至03月31日16:00共受理投诉2件，其中滨城1件，江州1件。",
        "江州-aaaaaaaaaaaa（2次）",
        "　03-05 09:00 用户反映宽带又断了",
        "　03-31 10:00 用户反映=宽带第二次断了",
    ]
    assert [row[:5] for row in cells(path, "重复投诉统计")[1:]] == [
        ("滨城", None, None, None, None),
        ("江州", 1, None, None, 1),
        ("总计", 1, None, None, 1),
    ]
    assert cells(path, "重复投诉日报总表")[1:] == [("aaaaaaaaaaaa", "2026-03-31", "2026-03")]


def test_the_running_table_goes_on_and_takes_no_day_twice(cases, tmp_path):
    first, second = tmp_path / "30.xlsx", tmp_path / "31.xlsx"
    write_daily(first, cases, DailyOptions(date(2026, 3, 30)))
    write_daily(second, cases, DailyOptions(DAY, previous=first))
    assert len(cells(second, "重复投诉日报总表")) == 2
    with pytest.raises(InputError, match=r"31\.xlsx, 重复投诉日报总表!B2: the running table has 2026-03-31 already"):
        write_daily(tmp_path / "again.xlsx", cases, DailyOptions(DAY, previous=second))
    assert not (tmp_path / "again.xlsx").exists()


def test_a_dump_becomes_a_workbook_without_a_number_of_its_own(tmp_path):
    from pipeline.workflow.insights.cases import CaseOptions

    dump = tmp_path / "dump.csv"
    number = "19912345678"
    lines = ["受理号码,投诉地市,受理时间,投诉内容"]
    lines += [f"{number},江州市,2026-03-{day} 09:00:00,宽带断了第{day}天没人修" for day in (28, 31)]
    dump.write_text("\n".join(lines), encoding="gb18030")
    options = DailyOptions(DAY, cases=CaseOptions(jobs=1, key_file=tmp_path / "key"))
    found = daily_of_dump([dump], tmp_path / "daily.xlsx", options)
    assert (found.complaints, found.of_repeaters, [one.region for one in found.repeaters]) == (1, 1, ["江州"])
    book = openpyxl.load_workbook(tmp_path / "daily.xlsx")
    told = "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "宽带断了" in told
    assert number not in told
