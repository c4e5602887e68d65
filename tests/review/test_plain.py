"""The files for other systems: JSON as its schema says, a mail that reads, imports that no spreadsheet executes."""

import csv
import io
import json

import jsonschema
import pytest

from pipeline.review.itsm import jira_rows, servicenow_rows
from pipeline.review.mail import render_mail
from pipeline.review.plain import problems_json
from tests.conftest import ROOT
from tests.review.invented import invented_summary

SCHEMA = ROOT / "docs" / "problems.schema.json"


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="session")
def check():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).validate


def test_problems_json_is_as_the_schema_says(check, sample_review, summary):
    found = json.loads((sample_review[1] / "problems.json").read_text(encoding="utf-8"))
    check(found)
    check(json.loads(problems_json(summary)))
    assert [one["id"] for one in found["problems"]] == [one.id for one in sample_review[0].summary.lines]
    assert found["about"]["rows"] == 1523


def test_the_schema_knows_every_field(check, summary):
    found = json.loads(problems_json(summary))
    found["problems"][0]["unheard_of"] = 1
    with pytest.raises(jsonschema.ValidationError, match="unheard_of"):
        check(found)


def test_the_mail_tells_the_answer_in_a_page(sample_review):
    text = (sample_review[1] / "review.md").read_text(encoding="utf-8")
    assert text.startswith("# 客户投诉问题评审 2026年1月1日—6月30日")
    assert "新出现：" in text
    assert "5. **" in text
    assert len(text) < 6000


def test_names_cannot_format_the_mail():
    text = render_mail(invented_summary("**粗体** [链接](http://example.com) <b>x</b>\n# 标题"), "zh")
    assert "\n# 标题" not in text
    assert r"\[链接\]" in text
    assert r"\<b\>" in text


def test_every_whole_problem_is_in_the_import_files(summary):
    for made, key in ((servicenow_rows(summary, "zh"), "correlation_id"), (jira_rows(summary, "zh"), "External ID")):
        assert [row[key] for row in rows_of(made)] == [line.id for line in summary.lines if not line.parent]


def test_state_priority_and_fields_are_mapped(summary):
    by_id = {row["correlation_id"]: row for row in rows_of(servicenow_rows(summary, "zh"))}
    assert by_id["G001"]["problem_state"] == "104"
    assert by_id["G003"]["problem_state"] == "107"
    assert by_id["G001"]["due_date"] == "2026-06-01"
    assert by_id["G001"]["cause_notes"] == "网速慢得像蜗牛"
    jira = {row["External ID"]: row for row in rows_of(jira_rows(summary, "zh"))}
    assert jira["G002"]["Labels"] == "genyin billing new"
    assert jira["G001"]["Priority"] in ("Highest", "High", "Medium", "Low", "Lowest")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_begins_like_a_formula(start):
    made = invented_summary(start)
    cells = [
        cell
        for text in (servicenow_rows(made, "zh"), jira_rows(made, "zh"))
        for row in rows_of(text)
        for cell in row.values()
    ]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
