"""The figures of the daily brief, by hand."""

from datetime import date

import pytest

from pipeline.insights.brief import BriefOptions, Concentration, Part, brief
from pipeline.insights.bursts import Bursts, bursts
from pipeline.insights.calendar import Calendar, Period
from pipeline.insights.cases import make_cases
from pipeline.insights.outages import Outages, outages

DAY = Period(date(2026, 3, 31), date(2026, 3, 31))


def of(columns, **options):
    cases = make_cases({"category": ["billing"] * len(columns["accepted"]), **columns})
    options = BriefOptions(**options)
    return brief(cases, bursts(cases), outages(cases), options)


@pytest.fixture
def columns():
    """Thirty quiet days, then a day with a repeater, one with three complaints, and a complaint with two orders."""
    days = [f"2026-03-{day:02d} 10:00" for day in range(1, 31)]
    last = [f"2026-03-31 {hour:02d}:00" for hour in (8, 9, 9, 10)]
    early = [None] * 30
    early[0:3] = ["a", "b", "b"]
    return {
        "id": [f"K{number}" for number in range(30)] + ["L1", "L2", "L2", "L3"],
        "accepted": days + last,
        "customer": [*early, "a", "b", "b", "c"],
        "region": ["滨城"] * 30 + ["临江", "滨城", "滨城", "滨城"],
        "channel": ["10000热线"] * 30 + ["10000热线", "12300网站", "12300网站", "微信客服"],
    }


def test_the_last_day_is_told_with_channels_and_repeats(columns):
    found = of(columns)
    assert (found.period, found.complaints) == (DAY, 3)
    assert found.channels == (Part("12300", 1), Part("热线", 1), Part("线上", 1))
    # b complained on the 2nd, the 3rd and today, a in another region on the 1st
    assert [(one.region, one.twice, one.thrice, one.more) for one in found.repeats] == [("滨城", 0, 1, 0)]
    assert found.judged
    assert found.concentrations == ()


def test_the_window_of_repeats_can_be_shorter(columns):
    (found,) = of(columns, window=28).repeats
    assert (found.region, found.twice, found.thrice) == ("滨城", 1, 0)
    assert of(columns, window=5).repeats == ()


def test_busy_cities_are_named_from_the_limit_on(columns):
    assert of(columns, busy=1).cities == (Part("滨城", 2),)
    assert of(columns, busy=0, cities=1).cities == (Part("滨城", 2),)
    assert of(columns).cities == ()


def test_the_day_may_end_at_16():
    times = ["2026-03-05 15:00", "2026-03-05 17:00", "2026-03-06 15:00"]
    found = of({"accepted": times}, calendar=Calendar(day_cut=16))
    assert (found.period, found.complaints) == (Period(date(2026, 3, 6), date(2026, 3, 6)), 2)


def test_a_burst_is_told_with_its_evidence(columns):
    columns = {"accepted": columns["accepted"][:30] + ["2026-03-31 08:00"] * 40, "category": ["billing"] * 70}
    (found,) = of(columns).concentrations
    assert isinstance(found, Concentration)
    assert (found.kind, found.id, found.start, found.complaints) == ("category", "billing", date(2026, 3, 31), 40)
    assert 0.5 < found.expected < 2


def test_too_short_a_history_is_not_judged():
    assert not of({"accepted": ["2026-03-05 15:00", "2026-03-06 15:00"]}).judged


def test_without_times_there_is_no_brief():
    found = brief(make_cases({"text": ["断网"]}), Bursts((), 0, None), Outages(()))
    assert (found.period, found.complaints) == (None, 0)
    assert [one.figure for one in found.missing] == ["brief", "brief_channels", "brief_cities", "brief_repeats"]
