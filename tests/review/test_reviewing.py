"""The workflow of the pack: periods, what is held against what, and the register's part in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import InputError
from pipeline.review.mail import render_mail
from pipeline.review.writing import Writer
from pipeline.workflow.insights.cases import Built, CaseOptions
from pipeline.workflow.insights.making import InsightRun
from pipeline.workflow.review.reviewing import ReviewRun, review, review_of
from tests.review.invented import invented_cases


def reviewed(**how):
    built = Built(invented_cases(), 5, True, ("invented.csv",))
    return review_of(built, ReviewRun(InsightRun(**how), made="2026-05-02T08:30:00Z")).summary


def test_a_period_counts_its_own_complaints_and_looks_back_at_the_one_before():
    whole, april = reviewed(), reviewed(since=date(2026, 4, 1), until=date(2026, 4, 29))
    # two a day: 31 days of March and 29 of April
    assert (whole.about.counted, april.about.counted) == (120, 58)
    assert (april.about.span.start, april.about.span.end) == (date(2026, 4, 1), date(2026, 4, 29))
    assert april.about.before.end == date(2026, 3, 31)
    assert april.about.rows == 125
    assert sum(line.rows for line in april.lines) == 58
    assert april.starts == whole.starts
    (recent,) = [one for one in april.headline.figures if one.id == "recent"]
    assert (recent.value, recent.before) == (58, 58)


def test_the_compared_days_are_named_where_they_are_not_all_that_is_reviewed():
    whole, april = reviewed(), reviewed(since=date(2026, 4, 1), until=date(2026, 4, 29))
    # of March and April the last week is held against the one before
    assert [one.id for one in whole.headline.figures][:2] == ["complaints", "recent"]
    assert Writer(whole, "zh").figure_name("recent") == "本期投诉（4月20日—4月26日）"
    assert Writer(whole, "en").figure_name("recent") == "Complaints, recent (20 April – 26 April)"
    assert Writer(april, "zh").figure_name("recent") == "本期投诉"
    assert "- 本期投诉（4月20日—4月26日）：**14**（上期 14）" in render_mail(whole, "zh")


def test_the_run_id_is_that_of_input_model_and_settings():
    first, again = reviewed(), reviewed()
    assert first.about.run == again.about.run
    assert first.about.run != reviewed(since=date(2026, 4, 1)).about.run


def test_a_dump_of_texts_and_nothing_else_is_reviewed(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("投诉内容\n宽带断了三天没人修\n装机约了三次没人来\n", encoding="utf-8-sig")
    made = review([path], tmp_path / "out", ReviewRun(InsightRun(CaseOptions(jobs=1))))
    assert made.summary.about.counted == 2
    told = {finding.code for section in made.summary.sections for finding in section.findings}
    assert not told & {"valuable", "chains", "satisfied", "bursts"}
    assert "需要「受理时间」列" in (tmp_path / "out" / "review.html").read_text(encoding="utf-8")


def test_a_period_without_complaints_is_refused():
    with pytest.raises(InputError, match=r"There is no complaint since 2031-01-01"):
        reviewed(since=date(2031, 1, 1))


def test_a_week_is_held_against_the_week_before():
    week = reviewed(since=date(2026, 4, 6), until=date(2026, 4, 12))
    assert week.about.before == replace(week.about.span, start=date(2026, 3, 30), end=date(2026, 4, 5))
    assert week.about.span.end - week.about.span.start == timedelta(days=6)


def test_rows_of_no_use_are_told_with_their_reasons(tmp_path, small_model):
    from tests.cli.conftest import genyin_here

    dump = tmp_path / "half.csv"
    dump.write_bytes("工单号,投诉内容,受理时间\nA1,宽带断了三天没人修,2026-03-01\nA2,,\n".encode("gbk"))
    for command, out in (("review", tmp_path / "pack"), ("insights", tmp_path / "figures")):
        done = genyin_here(command, dump, "-o", out, "--model", small_model, "--jobs", "1", "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert "2 rows = 1 used + 1 rejected" in done.stdout
        header, row = (out / "rejected.csv").read_text("utf-8-sig").splitlines()
        assert header == "file,sheet,row,reason"
        assert row.startswith(f"{dump},,3,")
    genyin_here("insights", dump, "-o", tmp_path / "zh", "--model", small_model, "--jobs", "1", "--lang", "zh")
    header, row = (tmp_path / "zh" / "rejected.csv").read_text("utf-8-sig").splitlines()
    assert header == "文件,工作表,行,原因"
    assert row.endswith(",3,投诉文本为空")
