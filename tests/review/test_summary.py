"""Every figure of the pack is computed once, adds up, and says when it cannot be had."""

from dataclasses import replace

import pytest

from pipeline.insights.cases import make_cases
from pipeline.insights.report import make_insights
from pipeline.review.building import build_summary
from pipeline.review.material import Material
from tests.review.invented import ABOUT, ROWS, invented_cases, invented_material


def test_the_lines_count_every_complaint_of_a_problem_once(summary):
    # of 120 rows those with row % 7 % 3 == 0 (0, 3, 6 of seven) belong to the first problem
    expected = {
        "G001": sum(row % 7 % 3 == 0 for row in range(ROWS)),
        "G002": sum(row % 7 % 3 == 1 for row in range(ROWS)),
    }
    counted = {line.id: line.rows for line in summary.lines}
    assert counted == {**expected, "G003": ROWS - sum(expected.values())}
    assert sum(line.share for line in summary.lines) == pytest.approx(1.0)


def test_the_marks_of_the_register_stand_in_the_headline(summary):
    assert dict(summary.headline.marked) == {
        "new": ("G002",),
        "growing": ("G001",),
        "regressed": ("G003",),
        "verified": ("G001",),
    }


def test_what_the_meeting_is_asked_follows_the_state(summary):
    asks = {line.id: line.asks for line in summary.lines}
    assert asks == {"G001": ("close",), "G002": ("confirm",), "G003": ("reopen",)}


def test_parts_of_a_problem_follow_their_whole_and_count_in_it():
    cases = invented_cases()
    cases.problems.loc[1, "parent"] = "G001"
    summary = build_summary(replace(invented_material(cases=cases), kept={}))
    ids = [line.id for line in summary.lines]
    assert ids.index("G002") == ids.index("G001") + 1
    rows = {line.id: line.rows for line in summary.lines}
    assert rows["G001"] == sum(row % 7 % 3 < 2 for row in range(ROWS))
    assert all(not line.asks for line in summary.lines if line.parent)


def test_counts_of_the_map_add_up_to_the_complaints_with_a_region(summary):
    table = summary.section("heat").table("heat")
    assert sum(table.column("rows")) == ROWS
    assert all(sum(row[2:]) == row[1] for row in table.rows)


def test_the_sum_of_the_trend_is_all_complaints(summary):
    table = summary.section("trend").table("trend")
    assert sum(table.column("rows")) == ROWS
    assert len(table.rows) == len(summary.starts) == len(summary.lines[0].series)


def test_a_dump_with_only_texts_gives_what_can_be_had_and_names_what_cannot():
    columns = {
        "text": ["宽带断了", "没人来装"],
        "category": ["network", "installation"],
        "problem": ["G1", ""],
    }
    cases = make_cases(columns, [{"id": "G1", "name": "断网", "category": "network"}])
    summary = build_summary(Material(replace(ABOUT, span=None, period=None, before=None), cases, make_insights(cases)))
    assert [line.id for line in summary.lines] == ["G1"]
    lacking = {(section, need) for section, lack in summary.lacks() for need in lack.needs}
    assert {("trend", "accepted"), ("heat", "region"), ("survey", "satisfaction"), ("churn", "fee_change")} <= lacking
    assert not summary.section("heat").tables


def test_no_complaint_at_all_gives_an_empty_summary():
    cases = make_cases({}, rows=0)
    summary = build_summary(Material(replace(ABOUT, span=None, period=None, before=None), cases, make_insights(cases)))
    assert summary.lines == ()
    assert summary.cards == ()


def test_the_story_of_the_sample_is_told(sample_review):
    summary = sample_review[0].summary
    outages = summary.section("trend").table("outages")
    assert [str(day) for day in outages.column("first")] == ["2026-05-13"]
    bursts = summary.section("trend").table("bursts")
    assert {"2026-05-13", "2026-03-09"} <= {str(day) for day in bursts.column("first")}
    longest = summary.section("chains").table("longest")
    assert longest.rows[0][2] == 5
    assert longest.rows[0][4].endswith("12300网站")
    assert dict(summary.section("exemptions").table("exempted").rows)["satisfied_text"] == 12
    about = summary.about
    assert (about.rows, about.used + about.rejected) == (1523, 1523)
    assert about.counted + about.not_counted == about.used
    assert len(summary.headline.talk) == 5
    assert len(summary.cards) == 50
    assert all(card.quotes and card.phrases for card in summary.cards)
