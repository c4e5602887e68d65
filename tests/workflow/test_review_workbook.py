"""review.xlsx: the sheets a meeting expects, charts in them, nothing in them that runs."""

import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.insights.cases import make_cases
from pipeline.insights.report import make_insights
from pipeline.review.building import build_summary
from pipeline.review.material import Material
from pipeline.review.summary import About, Source, Span
from pipeline.workflow.review.workbook import WorkbookOptions, write_review_workbook
from tests.office import saved_by_office

ROWS = 120
SHEETS = ["概览", "问题清单", "问题明细", "排序", "趋势", "部门", "客户价值", "投诉链", "满意度"]
SHEETS += ["口径与质量", "待复核", "说明"]
HOSTILE = '=HYPERLINK("http://example.com","点我") <script>alert(1)</script>\u202e\x07'


def invented():
    """A hundred and twenty complaints of two months in three problems; one text would run if it could."""
    start = datetime(2026, 3, 1, 9)
    problems = [
        {
            "id": f"G00{n}",
            "name": name,
            "kind": "cause",
            "category": category,
            "cause": name,
            "back_department": "网络部",
        }
        for n, (name, category) in enumerate(
            (("宽带晚高峰慢", "network"), ("流量包自动续订", "billing"), ("上门爽约", "installation"))
        )
    ]
    kinds = [problems[i % 7 % 3] for i in range(ROWS)]
    return make_cases(
        {
            "id": [f"TS{i}" for i in range(ROWS)],
            "accepted": [start + timedelta(hours=12 * i) for i in range(ROWS)],
            "customer": [f"c{i % 90}" for i in range(ROWS)],
            "text": [HOSTILE if i == 5 else f"第{i}件投诉" for i in range(ROWS)],
            "category": [one["category"] for one in kinds],
            "cause": [one["cause"] for one in kinds],
            "problem": [one["id"] for one in kinds],
            "region": [("江州", "滨城", "临江")[i % 3] for i in range(ROWS)],
            "channel": [("10000热线", "12300")[i % 9 == 0] for i in range(ROWS)],
            "tier": [i % 8 for i in range(ROWS)],
            "satisfaction": [("满意", "不满意", "")[i % 3] for i in range(ROWS)],
            "solved": [("已解决", "未解决")[i % 4 == 0] for i in range(ROWS)],
            "confidence": [0.9] * ROWS,
            "needs_review": [i % 10 == 0 for i in range(ROWS)],
        },
        problems,
    )


@cache
def summarised():
    cases = invented()
    span = Span(date(2026, 3, 1), date(2026, 4, 29))
    about = About(
        "R-1", "2026-05-01 09:00", "0.1.0", "default", (Source("march.csv"),), span, None, None,
        rows=ROWS, used=ROWS, rejected=0, counted=ROWS, problems=3, grouped=ROWS, needs_review=12, register=False,
    )  # fmt: skip
    return build_summary(Material(about, cases, make_insights(cases))), cases


@pytest.fixture(scope="module")
def made():
    return summarised()


@pytest.fixture(scope="module")
def path(made, tmp_path_factory):
    summary, cases = made
    written = tmp_path_factory.mktemp("pack") / "review.xlsx"
    write_review_workbook(written, summary, cases)
    return written


def cells(path, sheet):
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_sheets_a_meeting_expects_with_charts(path):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == SHEETS
    charts = {sheet.title: len(sheet._charts) for sheet in book}
    assert min(charts[name] for name in ("排序", "趋势", "部门", "满意度")) >= 1
    assert len(cells(path, "问题清单")) == 1 + 3
    assert len(cells(path, "问题明细")) == 1 + ROWS
    assert len(cells(path, "待复核")) == 1 + 12


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_no_formula_no_link_and_the_text_is_there(path):
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    told = [row[-1] for row in cells(path, "问题明细") if row[2] == "TS5"]
    assert told[0].startswith("=HYPERLINK")
    with zipfile.ZipFile(path) as packed:
        assert not any("hyperlink" in packed.read(name).decode("utf-8", "replace").split("sharedStrings")[0].lower()
                       for name in packed.namelist() if name.startswith("xl/worksheets/"))  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_what_is_left_out_is_said(made, tmp_path):
    summary, cases = made
    path = tmp_path / "short.xlsx"
    write_review_workbook(path, summary, cases, options=WorkbookOptions("en", each=5, most=12, unsure=3))
    listed = cells(path, "Complaints")[1:]
    assert len(listed) == 12
    assert [row[0] for row in listed[:5]] == [summary.lines[0].id] * 5
    newest = max(row[3] for row in listed[:5])
    assert listed[0][3] == newest
    assert any(f"{ROWS - 12} are left out" in str(row[0]) for row in cells(path, "About"))
    assert len(cells(path, "To review")) == 1 + 3
    assert any("The first 3 of 12 rows that need review" in str(row[0]) for row in cells(path, "About"))


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_libreoffice_opens_it_and_keeps_charts(path, tmp_path):
    saved = openpyxl.load_workbook(saved_by_office(path, tmp_path))
    assert saved.sheetnames == SHEETS
    assert sum(len(sheet._charts) for sheet in saved) >= 5


def test_the_same_bytes_for_the_same_summary(made, path, tmp_path):
    again = tmp_path / "again.xlsx"
    write_review_workbook(again, *made)
    assert again.read_bytes() == path.read_bytes()


@given(st.lists(st.text(max_size=60) | st.sampled_from([HOSTILE, "@SUM(1)", "-1+1", "\t=1", "a" * 40_000]), max_size=6))
@settings(max_examples=15)
def test_any_text_can_be_opened_again(texts):
    """Texts reach a workbook cleaned and masked, but whatever they are, the file opens and shows them as text."""
    summary, cases = summarised()
    frame = cases.frame.copy()
    frame.loc[: len(texts) - 1, "text"] = texts
    frame["problem"] = frame["problem"].cat.categories[0]
    frame["problem"] = frame["problem"].astype("category")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "review.xlsx"
        write_review_workbook(path, summary, replace(cases, frame=frame), options=WorkbookOptions(each=ROWS))
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("问题明细").to_python()
    by_id = {row[2]: row[-1] for row in sheet[1:]}
    for place, text in enumerate(texts):
        assert str(by_id[f"TS{place}"])[:5] == text[:5] or not text.isprintable() or not text.strip()
