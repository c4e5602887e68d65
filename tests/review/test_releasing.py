"""The last look: in any kind of file, what would show personal data is named with its place, and nothing is kept."""

import json

import pytest
import xlsxwriter

from pipeline.errors import LeakError
from pipeline.output.folder import result_folder
from pipeline.review.page import render_page
from pipeline.workflow.review.releasing import check_release, pieces_of
from tests.review.invented import invented_summary, only_cards

NUMBER = "13800138000"


def test_a_number_in_the_page_is_named_by_its_line(tmp_path):
    path = tmp_path / "page.part"
    path.write_text(render_page(only_cards(invented_summary(f"请回电{NUMBER}")), "zh"), encoding="utf-8")
    with pytest.raises(LeakError, match=r"review\.html, line \d+.*\[手机号\]") as failure:
        check_release({"review.html": path})
    assert NUMBER not in str(failure.value)


def test_a_number_in_json_is_named_by_its_key(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"problems": [{"quotes": ["好", f"电话{NUMBER}"]}]}), encoding="utf-8")
    with pytest.raises(LeakError, match=r"problems\.json, problems\[0\]\.quotes\[1\]"):
        check_release({"problems.json": path})


def test_a_number_in_a_workbook_is_named_by_its_cell(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("明细")
        sheet.write_row(0, 0, ["投诉编号", "投诉内容"])
        sheet.write_row(1, 0, ["KF202601010014523741", f"电话{NUMBER}"])
    with pytest.raises(LeakError, match=r"review\.xlsx, 明细!B2"):
        check_release({"review.xlsx": path})


def test_a_number_in_a_table_or_mail_is_named_by_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"id,note\n1,电话{NUMBER}\n", encoding="utf-8")
    with pytest.raises(LeakError, match=r"jira_issues\.csv, line 2"):
        check_release({"jira_issues.csv": path})


def test_ids_of_complaints_and_hashes_of_ours_are_no_leak(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("sha256 d115c4897835 机主[姓名]，号码[手机号]", encoding="utf-8")
    check_release({"review.md": path}, ("d115c4897835",))


def test_scripts_and_styles_are_not_read_but_attributes_are(tmp_path):
    path = tmp_path / "a.html"
    path.write_text('<style>x</style><script>y</script><p title="题">文</p><b data-text="搜"></b>', encoding="utf-8")
    assert [piece.text for piece in pieces_of(path, ".html")] == ["题", "文", "搜"]


def hand_out(folder):
    with result_folder(folder) as results:
        path = results.path("review.md")
        path.write_text(f"电话{NUMBER}", encoding="utf-8")
        check_release({"review.md": path})


def test_a_leak_stops_the_run_and_leaves_the_folder_as_it_was(tmp_path):
    (tmp_path / "review.md").write_text("before", encoding="utf-8")
    with pytest.raises(LeakError, match=r"review\.md, line 1"):
        hand_out(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["review.md"]
    assert (tmp_path / "review.md").read_text(encoding="utf-8") == "before"
