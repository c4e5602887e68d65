"""Candidates for a mass outage: the planted one, its hours, and what is none."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from pipeline.insights.bursts import Burst, bursts
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.outages import OutagesOptions, apart, outages
from pipeline.insights.regions import load_regions
from tests.insights.invented import cases_of
from tests.insights.sample_cases import planted, sample_cases

START = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def sample():
    cases, table = sample_cases(), load_regions()
    names = cases.frame["region"].astype(str).map(table.name).astype("category")
    return Cases(cases.frame.assign(region=names), cases.problems, cases.given)


def test_the_planted_outage_is_the_only_candidate_and_found_within_two_hours(sample):
    found = outages(sample)
    (one,) = found.outages
    members = sample.frame[sample.frame["id"].isin(planted("outage"))]
    assert one.region == "滨城"
    assert one.start == members["accepted"].min().to_pydatetime()
    assert one.hours_to_find < 2
    assert one.complaints >= 30
    assert one.in_problem / one.complaints > 0.9
    assert one.share > 0.8
    assert set(one.examples) <= planted("outage")
    assert found.missing == ()


def test_the_outage_is_listed_apart_from_the_other_bursts(sample):
    of_outages, others = apart(bursts(sample).bursts, outages(sample).outages)
    assert {one.start.month for one in of_outages} == {5}
    assert "network" in {one.id for one in of_outages}
    assert "network" not in {one.id for one in others}
    assert len(of_outages) + len(others) == len(bursts(sample).bursts)


def usual(days=40, per_day=2, region="滨城"):
    return [
        {
            "accepted": START + timedelta(days=number, hours=(5 * number + 7 * part) % 24),
            "category": "network",
            "region": region,
        }
        for number in range(days)
        for part in range(per_day)
    ]


def wave(count, hour=0.0, minutes=6, region="滨城", **cells):
    begin = START + timedelta(days=39, hours=10 + hour)
    return [
        {"accepted": begin + timedelta(minutes=minutes * i), "category": "network", "region": region, **cells}
        for i in range(count)
    ]


def test_figures_of_a_candidate():
    rows = [
        *usual(),
        *usual(region="北屯"),
        *wave(20, customer="", problem="P1", cause="片区断网故障"),
        *wave(2, region="北屯"),
    ]
    (one,) = outages(cases_of(rows, [{"id": "P1"}])).outages
    assert (one.region, one.problem, one.in_problem, one.cause) == ("滨城", "P1", 20, "片区断网故障")
    assert one.start == START + timedelta(days=39, hours=10)
    assert one.end >= one.start + timedelta(minutes=114)
    assert one.complaints == one.customers
    assert one.found < one.end
    # two a day are usual, an hour of it is a twelfth
    assert one.expected < 0.5


def test_one_customer_calling_often_is_one_customer():
    rows = [*usual(), *wave(20, customer="h1")]
    (one,) = outages(cases_of(rows)).outages
    assert one.customers < one.complaints
    assert one.customers <= 2


@pytest.mark.parametrize(
    "rows",
    [
        [*usual(), *wave(6)],  # too few
        [*usual(per_day=5), *wave(7, minutes=240)],  # spread over a day and more
        [*usual(), *[{**one, "category": "billing"} for one in wave(20)]],  # no network complaints
        [*usual(days=1), *[{**one, "accepted": START + timedelta(hours=12)} for one in wave(20)]],  # nothing before
    ],
)
def test_what_is_no_candidate(rows):
    assert outages(cases_of(rows)).outages == ()


def test_two_waves_a_week_apart_are_two_candidates():
    rows = [*usual(days=60), *wave(25), *wave(25, hour=24 * 10)]
    assert len(outages(cases_of(rows)).outages) == 2


def billing():
    return [{**one, "category": "billing"} for one in usual(days=1)]


def test_complaints_without_a_region_are_counted_apart():
    rows = [*usual(), *wave(25), *[{**one, "region": ""} for one in usual(days=3)]]
    found = outages(cases_of(rows))
    assert (len(found.outages), found.complaints, found.without_region) == (1, 105, 6)
    nowhere = outages(
        cases_of([{**one, "region": "滨城" if one["category"] == "billing" else ""} for one in [*usual(), *billing()]])
    )
    assert (nowhere.outages, nowhere.complaints, nowhere.without_region) == ((), 0, 80)


def test_without_regions_the_whole_dump_is_one_and_the_report_says_so():
    rows = [{name: value for name, value in one.items() if name != "region"} for one in [*usual(), *wave(25)]]
    found = outages(cases_of(rows))
    assert [one.region for one in found.outages] == [""]
    assert found.missing == (Missing("outages", ("region",)),)


def test_without_times_there_are_none():
    found = outages(cases_of([{"category": "network", "region": "滨城"}]))
    assert found.outages == ()
    assert found.missing == (Missing("outages", ("accepted",)),)


def test_a_quiet_year_of_ten_regions_has_no_candidate():
    rng = np.random.default_rng(11)
    times = np.sort(rng.integers(0, 365 * 86400, 10 * 365 * 2))
    rows = [
        {"accepted": START + timedelta(seconds=int(at)), "category": "network", "region": f"r{place}"}
        for at, place in zip(times, rng.integers(0, 10, len(times)), strict=True)
    ]
    assert outages(cases_of(rows)).outages == ()
    assert outages(cases_of(rows), OutagesOptions(false_alarms=1000.0, times=1.5, minimum=3)).outages


def test_only_bursts_of_the_outages_days_and_problem_are_its_own(sample):
    (candidate,) = outages(sample).outages
    on = candidate.start.date()
    burst = Burst("category", "network", on, on, on, 40, 2.0, on, 40, 9, 1e-9, "day")
    assert apart([burst], [candidate]) == ((), (burst,))
