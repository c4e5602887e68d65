"""Every figure of the pack is computed once, adds up, and says when it cannot be had."""

from dataclasses import replace

import pytest

from pipeline.insights.cases import make_cases
from pipeline.insights.report import Beside, InsightOptions, make_insights
from pipeline.insights.subscribers import Subscribers
from pipeline.review.building import build_summary
from pipeline.review.material import Kept, Material
from pipeline.review.sections_rates import rates
from pipeline.review.writing import Writer
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


def test_what_came_back_is_talked_about_first_and_is_not_put_right():
    material = invented_material()
    material = replace(material, kept={**material.kept, "G003": Kept({"check": "verified"})})
    found = build_summary(material).headline
    assert "G003" not in dict(found.marked)["verified"]
    assert found.talk[0].problem == "G003"


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


def test_problems_and_their_wholes_are_both_counted_where_they_differ():
    parts = [{"id": f"G{n}", "name": f"{n}号楼", "parent": "G1"} for n in (2, 3)]
    problems = [{"id": "G1", "name": "宽带断网"}, *parts]
    columns = {"text": ["宽带断了"] * 4, "problem": ["G1", "G2", "G2", "G3"]}
    cases = make_cases(columns, problems)
    about = replace(ABOUT, span=None, period=None, before=None, counted=4, problems=3)
    summary = build_summary(Material(about, cases, make_insights(cases)))
    told = Writer(summary, "zh").sentence(summary.section("pareto").findings[0])
    assert told == "3 个问题（子问题并入上级后为 1 个）中，前 1 个占全部投诉的 100.0%"


def test_regions_that_differ_throughout_are_not_called_even():
    # complaints of one month at 10,000 users each: far more spread than chance, and nobody outstanding beyond it
    counts = {"甲": 100, "乙": 100, "丙": 200}
    columns = {
        "text": ["宽带断了"] * 400,
        "accepted": ["2026-05-01", *["2026-05-31"] * 399],
        "region": [region for region, count in counts.items() for _ in range(count)],
    }
    cases = make_cases(columns)
    users = Subscribers({("2026-05", region, "mobile"): 10_000 for region in counts})
    found = make_insights(cases, InsightOptions(), Beside(users))
    material = Material(replace(ABOUT, span=None, period=None, before=None), cases, found)
    section = rates(material)
    assert section.table("rates").column("region_or_all")[0] == "all_regions"
    assert section.table("rates").column("rows") == (400, 100, 100, 200)
    points = section.table("funnel")
    assert (points.column("position")[0], set(points.column("adjusted"))) == ("high", {"within"})
    outside = sum(one != "within" for one in points.column("position"))
    told = Writer(build_summary(material), "zh").sentence(section.findings[0])
    assert told == (
        f"各地区的投诉率普遍相差大于随机波动；计入这种过度离散后没有地区特别高（按普通控制限有 {outside} 个地区在限外）"
    )
