"""The table of the insights: the same from a raw dump and from the table classified from it; columns by hand."""

import csv
import os
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import InputError
from pipeline.insights.cases import COLUMNS
from pipeline.insights.report import make_insights
from pipeline.records import Role
from pipeline.text.reading import ReadOptions
from pipeline.workflow.insights.case_columns import Columns, joined, times_of
from pipeline.workflow.insights.case_texts import DistinctCells, first_copies
from pipeline.workflow.insights.cases import CaseOptions, build_cases
from pipeline.workflow.problems import FindOptions, find_problems

HEADERS = (
    "投诉编号",
    "工单号",
    "工单标题",
    "投诉内容",
    "处理意见",
    "受理号码",
    "联系电话",
    "受理时间",
    "结单时间",
    "派单时间",
    "用户星级",
    "投诉地市",
    "用户归属地",
    "受理渠道",
    "受理路径",
    "解决程度",
    "是否升级投诉",
    "是否退单",
    "工单状态",
    "工单类型",
    "投诉地址",
)
TEXTS = (
    ("流量包", "流量包到期自动续订扣了三十元，没有任何提醒，要求退费"),
    ("", "宽带一到晚上七八点就慢，看视频一直转圈，报修三次没人管"),
    ("", "地下室没有信号，电话打不出去，电梯里也一样"),
)


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    """Twelve complaints with the quirks of an export: four copies of three texts, mixed times and regions."""
    folder = tmp_path_factory.mktemp("cases")
    rows = []
    for number in range(12):
        title, text = TEXTS[number % 3]
        phone = f"1390000{number % 5:04d}"
        rows.append(
            {
                "投诉编号": f"T{number:03d}",
                "工单号": f"G{number:03d}" if number else "",
                "工单标题": title,
                "投诉内容": text,
                "处理意见": "已退还三十元，用户认可。" if number % 2 else "",
                "受理号码": phone,
                "联系电话": phone,
                "受理时间": f"2026-03-{number + 1:02d} 10:00:00" if number % 2 else f"2026/3/{number + 1} 10:00",
                "结单时间": "2026年3月20日 9时",
                "派单时间": "2026-03-15 08:00" if number == 3 else "",
                "用户星级": ("5星白金", "银卡", "")[number % 3],
                "投诉地市": ("滨城市", "滨城", "")[number % 3],
                "用户归属地": "临江市",
                "受理渠道": "12300网站" if number == 4 else "10000热线",
                "受理路径": "移网>>资费→流量包",
                "解决程度": ("已解决", "部分解决", "未解决")[number % 3],
                "是否升级投诉": "是" if number == 5 else "",
                "是否退单": "是" if number == 6 else "否",
                "工单状态": "已归档",
                "工单类型": "咨询单" if number == 7 else "投诉单",
                "投诉地址": "临江区文三路138号3栋2单元501室",
            }
        )
    path = folder / "dump.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "key").write_bytes(b"k" * 32)
    return path


@pytest.fixture(scope="module")
def options(dump, small_model):
    return CaseOptions(model=small_model, jobs=1, key_file=dump.parent / "key")


@pytest.fixture(scope="module")
def raw(dump, options):
    return build_cases([dump], options)


@pytest.fixture(scope="module")
def classified(dump, small_model):
    out = dump.parent / "out"
    find_problems([dump], out, FindOptions(model=small_model, jobs=1, answers=True))
    return out / "classified.csv"


def test_cells_become_typed_columns(raw):
    frame = raw.cases.frame
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == dict(COLUMNS)
    assert frame["accepted"].iloc[[0, 1]].tolist() == [datetime(2026, 3, 1, 10), datetime(2026, 3, 2, 10)]
    assert frame["closed"].iloc[0] == datetime(2026, 3, 20, 9)
    assert frame["dispatched"].notna().tolist().index(True) == 3
    assert frame["tier"].iloc[:3].tolist() == [5, 3, pd.NA]
    assert frame["label_path"].iloc[0] == "移网 > 资费 > 流量包"
    assert frame["solved"].iloc[:3].tolist() == ["已解决", "部分解决", "未解决"]
    assert frame["has_order"].tolist() == [False] + [True] * 11


def test_regions_get_one_name_and_the_home_fills_gaps(raw):
    assert raw.cases.frame["region"].iloc[:3].tolist() == ["滨城", "滨城", "临江"]
    assert set(raw.cases.frame["home_region"]) == {"临江"}


def test_escalations_are_those_the_dump_names_and_else_those_of_the_channel(raw):
    assert np.flatnonzero(raw.cases.frame["escalated"]).tolist() == [4, 5]


def test_orders_tell_what_became_of_them(raw):
    assert raw.cases.frame["order_state"].iloc[[5, 6]].tolist() == ["已归档", "退单 已归档"]
    assert np.flatnonzero(raw.cases.frame["is_complaint"].eq(False)).tolist() == [7]


def test_customers_are_pseudonyms_and_texts_are_masked(raw):
    frame = raw.cases.frame
    assert frame["customer"].nunique() == 5
    assert (frame["customer"] == frame["contact"]).all()
    assert not frame.astype(str).apply(lambda column: column.str.contains("1390000")).any().any()
    assert "501室" not in frame["place"].iloc[0]


def test_copies_lead_to_the_first(raw):
    assert raw.cases.frame["copy_of"].tolist() == [0, 1, 2] * 4


def test_a_title_that_says_more_is_part_of_the_text(raw):
    first, second = raw.cases.frame["text"].iloc[:2]
    assert first.startswith("流量包到期")
    assert second.startswith("宽带")


def test_the_model_reads_the_closing_notes_too(raw, options, dump):
    notes = raw.cases.frame["closing_category"]
    assert [bool(one) for one in notes] == [False, True] * 6
    without = build_cases([dump], CaseOptions(model=options.model, jobs=1, closing_notes=False))
    assert "closing_category" not in without.cases.given


def test_a_classified_table_gives_the_same_without_model_and_grouping(raw, classified, options):
    found = build_cases([classified], options)
    assert (found.classified, raw.classified) == (True, False)
    # the table has no second problem, and its name stands in another file
    apart = ["second_problem", "second_weight", "source"]
    ours, theirs = (one.cases.frame.drop(columns=apart).astype(str) for one in (found, raw))
    pd.testing.assert_frame_equal(ours.drop(columns="confidence"), theirs.drop(columns="confidence"))
    assert found.cases.problems["kind"].tolist() == raw.cases.problems["kind"].tolist()
    assert found.cases.problems["name"].tolist() == raw.cases.problems["name"].tolist()


def test_a_classified_workbook_reads_like_the_csv(classified, options, tmp_path, small_model, dump):
    find_problems([dump], tmp_path, FindOptions(model=small_model, jobs=1, answers=True, format="xlsx"))
    by_book, by_csv = (build_cases([one], options).cases for one in (tmp_path / "classified.xlsx", classified))
    kept = ["accepted", "category", "problem", "region", "customer", "text", "tier"]
    pd.testing.assert_frame_equal(by_book.frame[kept].astype(str), by_csv.frame[kept].astype(str))


def test_problems_of_several_runs_are_told_apart(classified, options, tmp_path):
    for run in ("may", "june"):
        (tmp_path / run).mkdir()
        for name in ("classified.csv", "problems.csv"):
            os.link(classified.parent / name, tmp_path / run / name)
    found = build_cases([tmp_path / run / "classified.csv" for run in ("may", "june")], options).cases
    assert len(found) == 24
    assert {one.partition("/")[0] for one in found.problems["id"]} <= {"1", "2"}
    assert set(found.frame["problem"]) - {""} <= set(found.problems["id"])
    assert found.frame["source"].nunique() == 2


def test_a_raw_dump_beside_a_classified_one_is_refused(dump, classified, options):
    with pytest.raises(InputError, match=r"Some of the inputs are classified already, .*dump\.csv is not"):
        build_cases([dump, classified], options)


@pytest.mark.parametrize("row", [b"a,b\r\n", b"x," * 99 + b"\r\n"])
def test_a_table_damaged_after_it_was_written_is_named(classified, options, tmp_path, row):
    broken = tmp_path / "classified.csv"
    broken.write_bytes(classified.read_bytes() + row)
    with pytest.raises(InputError, match=r"classified\.csv was changed after genyin wrote it and cannot be read"):
        build_cases([broken], options)


@pytest.mark.parametrize(
    "cell", ["2026-03-07 17:18:50", "2026/3/7 17:18", "2026-03-07", "2026年3月7日", "46088.72", "20260307", "", "昨天"]
)
def test_times_are_read_at_once_as_one_by_one(cell):
    from pipeline.text.files.values import parse_time

    wanted = parse_time(cell) if cell else None
    (found,) = times_of(pd.Series([cell], dtype=object))
    assert found == np.datetime64(wanted or "NaT", "s") or (wanted is None and np.isnat(found))


def test_several_columns_of_a_role_are_joined_or_the_first_filled_counts():
    part = pd.DataFrame({"a": ["x", "", "x"], "b": ["y", "y", ""]}, dtype=object)
    assert joined(part, Role.CLOSING_NOTE, ("a", "b")).tolist() == ["x\ny", "y", "x"]
    assert joined(part, Role.CUSTOMER_NUMBER, ("a", "b")).tolist() == ["x", "y", "x"]


def test_a_column_that_counts_tells_yes_from_no():
    columns = Columns({Role.ESCALATED: ("升级投诉次数",)}, ("升级投诉次数",), b"k")
    columns.add(pd.DataFrame({"升级投诉次数": ["0", "2", ""]}, dtype=object))
    assert columns.finished()["escalated"].tolist() == [False, True, pd.NA]


def test_polarity_that_is_not_clear_is_not_guessed():
    columns = Columns({Role.IS_COMPLAINT: ("是否投诉",)}, ("是否投诉",), b"k")
    columns.add(pd.DataFrame({"是否投诉": ["0", "1"]}, dtype=object))
    assert columns.finished()["is_complaint"].isna().all()


def test_distinct_cells_are_handed_out_once():
    cells = DistinctCells()
    assert cells.add(pd.Series(["a", "b", "a"], dtype=object)) == ["a", "b"]
    assert cells.add(pd.Series(["b", "c"], dtype=object)) == ["c"]
    assert cells.codes().tolist() == [0, 1, 0, 1, 2]
    texts = ["宽带又断了三天没人来修", "多扣了我二十块钱要求退还", "宽带又断了三天，没人来修！"]
    assert first_copies(texts, cells.codes()).tolist() == [0, 1, 0, 1, 0]


def test_reading_can_be_told_which_column_is_the_text(tmp_path, options):
    plain = tmp_path / "plain.csv"
    plain.write_text("a,b\n宽带断了三天没有人来修,1\n流量包自动续订扣费三十元,2\n", "utf-8")
    read = ReadOptions(columns={Role.TEXT: ("a",)})
    found = build_cases([plain], CaseOptions(model=options.model, read=read, jobs=1)).cases
    assert found.given >= {"text", "category"}
    assert not found.given & {"accepted", "customer", "region", "channel", "closing_category"}


def test_a_survey_needs_no_text(tmp_path):
    survey = tmp_path / "survey.csv"
    survey.write_text("受理时间,投诉地市,满意度\n2026-03-01,滨城市,满意\n2026-03-02,临江,不满意\n", "gbk")
    found = build_cases([survey], CaseOptions(jobs=1)).cases
    assert found.given == {"accepted", "region", "satisfaction", "source"}
    made = make_insights(found)
    assert (made.survey.whole.answered, made.survey.whole.satisfied) == (2, 1)
    assert made.pareto.by_rows.problems == ()


def test_a_table_without_text_that_is_no_survey_is_refused(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("受理时间,投诉地市\n2026-03-01,滨城市\n", "utf-8")
    with pytest.raises(InputError, match="has no column that is known to hold the complaint text"):
        build_cases([other], CaseOptions(jobs=1))
