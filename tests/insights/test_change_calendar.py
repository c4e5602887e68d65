"""Changes before the onset of problems, and reading them from files."""

from datetime import date, timedelta

import pytest

from pipeline.errors import InputError
from pipeline.insights.cases import Missing
from pipeline.insights.change_calendar import Candidate, Change, ChangeCalendarOptions, change_calendar
from pipeline.records import Reject
from pipeline.workflow.insights.change_calendar import read_changes
from tests.insights.invented import cases_of, day

PROBLEMS = [{"id": "old"}, {"id": "new"}, {"id": "part", "parent": "new"}]


def steady(problem, first, last, every=3, **cells):
    return [
        {"problem": problem, "accepted": day(number), "category": "billing", **cells}
        for number in range(first, last, every)
    ]


def cases():
    return cases_of([*steady("old", 0, 100, region="滨城"), *steady("new", 60, 100, region="北屯")], PROBLEMS)


def test_a_change_before_the_first_complaint_is_a_candidate_with_its_distance():
    launch = Change(day(57), "5G 新套餐上线", kind="资费")
    found = change_calendar(cases(), changes=[launch])
    (onset,) = found.onsets
    assert (onset.problem, onset.day, onset.how, onset.complaints_after) == ("new", day(60), "first_complaint", 10)
    # 4 of 100 days have a change at most 3 days before
    assert onset.candidates == (Candidate(launch, 3, None, 0.04),)


def test_the_closest_change_comes_first_and_later_ones_are_none():
    changes = [
        Change(day(40), "a"),
        Change(day(58), "b"),
        Change(day(60), "c"),
        Change(day(61), "after"),
        Change(day(2), "long ago"),
    ]
    (onset,) = change_calendar(cases(), changes=changes).onsets
    assert [(one.change.what, one.days_before) for one in onset.candidates] == [("c", 0), ("b", 2), ("a", 20)]
    (fewer,) = change_calendar(cases(), ChangeCalendarOptions(most=1), changes=changes).onsets
    assert [one.change.what for one in fewer.candidates] == ["c"]


def test_a_change_of_a_region_needs_complaints_there():
    changes = [Change(day(58), "割接", "滨城"), Change(day(57), "割接", "北屯")]
    (onset,) = change_calendar(cases(), changes=changes).onsets
    assert [(one.change.region, one.in_region) for one in onset.candidates] == [("北屯", 1.0)]


def test_without_regions_in_the_dump_any_change_may_be_asked_about():
    rows = [*steady("old", 0, 100), *steady("new", 60, 100)]
    found = change_calendar(cases_of(rows, PROBLEMS), changes=[Change(day(58), "割接", "滨城")])
    assert found.onsets[0].candidates[0].in_region is None
    assert found.missing == (Missing("change_regions", ("region",)),)


def test_a_burst_of_an_old_problem_is_an_onset_too():
    rows = [
        *steady("old", 0, 100),
        *[{"problem": "old", "accepted": day(70), "category": "billing"} for _ in range(15)],
    ]
    found = change_calendar(cases_of(rows, PROBLEMS), changes=[Change(day(69), "账单改版")])
    assert [(one.problem, one.day, one.how) for one in found.onsets] == [("old", day(70), "burst")]
    assert found.onsets[0].candidates[0].days_before == 1


def test_a_problem_as_old_as_the_data_or_with_few_complaints_has_no_onset():
    rows = [*steady("old", 0, 100), *steady("new", 90, 96)]
    assert change_calendar(cases_of(rows, PROBLEMS), changes=[Change(day(89), "x")]).onsets == ()


def test_a_silence_that_chance_explains_is_no_onset():
    # 5 complaints on the last 60 of 100 days: 0.6^5 = 0.078; 6 of them: 0.047
    few, more = (cases_of([*steady("old", 0, 100), *steady("new", 40, 100, every)], PROBLEMS) for every in (12, 10))
    assert change_calendar(few, changes=[Change(day(39), "x")]).onsets == ()
    assert [one.problem for one in change_calendar(more, changes=[Change(day(39), "x")]).onsets] == ["new"]


def test_parts_are_not_listed_beside_their_problem():
    rows = [*steady("old", 0, 100), *steady("part", 60, 100)]
    found = change_calendar(cases_of(rows, PROBLEMS), changes=[Change(day(58), "x")])
    assert [one.problem for one in found.onsets] == ["new"]


def test_changes_beyond_the_reach_of_the_data_are_counted():
    found = change_calendar(
        cases(), changes=[Change(day(-46), "before"), Change(day(-45), "just"), Change(day(120), "after")]
    )
    assert (found.changes, found.outside) == (3, 2)


def test_without_changes_the_file_is_asked_for():
    assert change_calendar(cases()).missing == (Missing("change_calendar", ("changes",)),)


def test_without_times_there_are_no_onsets():
    found = change_calendar(cases_of([{"problem": "new"}], PROBLEMS), changes=[Change(day(1), "x")])
    assert (found.onsets, found.missing) == ((), (Missing("change_calendar", ("accepted",)),))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_as_people_write_it(tmp_path, encoding):
    path = tmp_path / "changes.csv"
    path.write_text(
        "2026年变更日历,,,\n生效日期,变更内容,地市,变更类型\n2026/3/1,靓号协议改版,,资费\n2026年2月11日,城域网割接,滨城市,割接\n,,,\n下周,换代维公司,,\n2026-04-01,,北屯市,\n",
        encoding=encoding,
    )
    found = read_changes(path)
    assert found.changes == (
        Change(date(2026, 2, 11), "城域网割接", "滨城", "割接"),
        Change(date(2026, 3, 1), "靓号协议改版", "", "资费"),
    )
    assert [(one.row, one.reason) for one in found.rejects] == [
        (6, "the date of the change cannot be read"),
        (7, "it is not said what was changed"),
    ]
    assert all(isinstance(one, Reject) for one in found.rejects)


def test_a_workbook_with_the_columns_in_another_order(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["事项", "备注", "日期"])
    book.active.append(["迎新活动", "", date(2026, 5, 1)])
    book.save(tmp_path / "changes.xlsx")
    assert read_changes(tmp_path / "changes.xlsx").changes == (Change(date(2026, 5, 1), "迎新活动"),)


def test_a_file_without_the_columns_says_what_it_needs(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("姓名,年龄\n张三,30\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"has no columns for a change calendar. Columns seen: 姓名, 年龄. It needs 日期"
    ):
        read_changes(path)


def test_a_pattern_of_several_files_is_refused(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("日期,内容\n2026-01-01,x\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"stands for several files. Give one change calendar"):
        read_changes(tmp_path / "*.csv")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"nowhere.csv"):
        read_changes(tmp_path / "nowhere.csv")


def test_the_reach_is_an_option():
    changes = [Change(day(60) - timedelta(days=50), "x")]
    assert change_calendar(cases(), changes=changes).onsets[0].candidates == ()
    longer = change_calendar(cases(), ChangeCalendarOptions(reach=50), changes=changes)
    assert longer.onsets[0].candidates[0].days_before == 50
