"""The table of users, in the forms people have it, and what is said where it cannot be read."""

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.insights.regions import load_regions
from pipeline.workflow.insights.subscribers import read_subscribers

LONG = '月份,地市,口径,用户数\n2026-05,滨城市,移动,1200000\n2026年5月,滨城,宽带,"350,000"\n202605,全省,移网用户,500万\n'
WIDE = "统计月份,地市,移动用户数（万）,宽带用户数,IPTV用户\n2026-05,滨城,120,350000,\n"
ENGLISH = "month,region,base,users\n2026-05,Bay,mobile,12\n2026-05,Bay,lte,9\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_one_row_per_base(tmp_path, encoding):
    path = tmp_path / "users.csv"
    path.write_text(LONG, encoding=encoding)
    found = read_subscribers(path, load_regions().name)
    assert found.counts == {
        ("2026-05", "滨城", "mobile"): 1_200_000,
        ("2026-05", "滨城", "broadband"): 350_000,
        ("2026-05", "", "mobile"): 5_000_000,
    }
    assert found.source == "users.csv"


def test_one_column_per_base_in_ten_thousands(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text(WIDE, encoding="utf-8")
    assert read_subscribers(path).counts == {
        ("2026-05", "滨城", "mobile"): 1_200_000,
        ("2026-05", "滨城", "broadband"): 350_000,
    }


def test_english_and_without_base_or_region(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    assert read_subscribers(path).bases == ("mobile", "lte")
    path.write_text("月份,用户数\n2026-05,100\n", encoding="utf-8")
    assert read_subscribers(path).counts == {("2026-05", "", "total"): 100}


def test_a_workbook_with_dates(tmp_path):
    book = openpyxl.Workbook()
    for row in (["账期", "区域", "口径", "在网用户数"], ["2026-05-31", "滨城", "政企", 800]):
        book.active.append(row)
    book.save(tmp_path / "users.xlsx")
    assert read_subscribers(tmp_path / "users.xlsx").counts == {("2026-05", "滨城", "enterprise"): 800}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("月份,地市,口径,用户数\n五月,滨城,移动,1\n", r"users\.csv, row 2: '五月' is no month\. Write it like 2026-05"),
        ("月份,地市,口径,用户数\n2026-05,滨城,移动,很多\n", r"row 2: '很多' is no number of users"),
        ("月份,地市,口径,用户数\n2026-05,滨城,电报,1\n", r"row 2: '电报' is no base of users\. Bases are: total"),
        (
            "月份,地市,口径,用户数\n2026-05,滨城,移动,1\n2026/05,滨城,mobile,2\n",
            r"row 3: the users of 2026-05 滨城 mobile stand already in row 2",
        ),
        ("月份,地市\n2026-05,滨城\n", r"has no column for users \(用户数\)\. Columns seen: 月份, 地市"),
        ("地市,用户数\n滨城,7\n", r"has no column for the month \(月份\)"),
        ("月份,用户数\n2026-05,\n", "holds no users"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path, text, message):
    path = tmp_path / "users.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_subscribers(path)
