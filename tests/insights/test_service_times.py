"""Service in time, with and without nights, the late step; value and the call-on list. All by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.cases import make_cases
from pipeline.insights.service_times import ServiceTimesOptions, day_hours, service_times
from pipeline.insights.value import ValueOptions, value
from tests.insights.sample_cases import planted, sample_cases

MOMENTS = st.integers(0, 10 * 24 * 4).map(
    lambda quarters: np.datetime64("2026-03-01T00:00") + quarters * np.timedelta64(15, "m")
)


@given(MOMENTS, MOMENTS)
def test_hours_of_the_day_are_those_a_clock_by_quarters_counts(one, other):
    start, end = sorted([one, other])
    quarters = np.arange(start, end, np.timedelta64(15, "m"))
    hours = (quarters - quarters.astype("datetime64[D]")).astype("timedelta64[m]").astype(int) / 60
    counted = ((hours >= 8) & (hours < 22)).sum() / 4
    moments = np.array([start, end], "datetime64[s]")
    assert day_hours(moments[:1], moments[1:])[0] == pytest.approx(counted)


def test_unknown_moments_give_no_hours():
    moments = np.array(["2026-03-01", "NaT"], "datetime64[s]")
    assert np.isnan(day_hours(moments[:1], moments[1:])).tolist() == [True]


CASES = make_cases(
    {
        "accepted": ["2026-03-01 20:00"] * 4 + ["2026-03-05 10:00", "2026-03-05 10:00"],
        "dispatched": ["2026-03-01 21:00"] * 3 + ["2026-03-02 20:00", "", ""],
        "first_contact": ["2026-03-01 22:00", "2026-03-01 22:30", "", "2026-03-02 20:30", "", ""],
        "closed": [
            "2026-03-02 10:00",
            "2026-03-02 20:00",
            "2026-03-04 20:00",
            "2026-03-03 20:00",
            "",
            "2026-03-04 10:00",
        ],
        "due": ["2026-03-02 20:00"] * 4 + ["2026-03-05 09:00", "2026-03-06 10:00"],
        "region": ["N", "N", "S", "S", "S", "S"],
        "solved": ["已解决", "部分解决", "未解决", "已解决", "", ""],
    }
)


def test_in_time_by_due_time_and_limits():
    found = service_times(CASES)
    rates = {
        (one.rule, one.hours): (one.with_nights.count, one.with_nights.of, one.day_only and one.day_only.count)
        for one in found.on_time
    }
    # hours with nights: 14, 24, 72, 48; without (22 to 8): 4, 14, 42, 28
    assert rates == {
        ("due", None): (2, 4, None),
        ("contact", 2.0): (1, 3, 2),
        ("closing", 24.0): (2, 4, 2),
        ("closing", 48.0): (3, 4, 4),
    }
    assert (found.rule, found.closed, found.open, found.odd) == ("due", 4, 1, 1)
    # the open one was due before the last moment of the dump
    assert (found.strict.count, found.strict.of) == (2, 5)
    assert (found.with_nights.mean, found.with_nights.median, found.day_only.median) == (39.5, 36.0, 21.0)


def test_late_step_is_the_one_furthest_above_the_usual():
    cases = make_cases(
        {
            "accepted": ["2026-03-01 08:00"] * 4,
            "dispatched": ["2026-03-01 09:00", "2026-03-01 09:00", "2026-03-02 09:00", "2026-03-01 10:00"],
            "closed": ["2026-03-01 12:00", "2026-03-01 12:00", "2026-03-02 12:00", "2026-03-03 10:00"],
            "due": ["2026-03-01 18:00"] * 4,
        }
    )
    found = service_times(cases)
    assert [(one.start, one.end, one.count, one.median) for one in found.steps] == [
        ("accepted", "dispatched", 4, 1.5),
        ("dispatched", "closed", 4, 3.0),
    ]
    # usual: 1 hour, then 3; the third lost 24 hours before, the fourth 45 after it was dispatched
    assert [(one.start, one.late.count, one.late.of, one.median_excess) for one in found.late_steps] == [
        ("accepted", 1, 2, 24.0),
        ("dispatched", 1, 2, 45.0),
    ]


def test_units_and_both_readings_of_solved():
    found = service_times(CASES, ServiceTimesOptions(units=("region",)))
    assert (found.solved.lenient.count, found.solved.strict.count, found.solved.strict.of) == (3, 2, 4)
    assert [(one.name, one.in_time.count, one.in_time.of, one.median_hours) for one in found.by_unit] == [
        ("N", 2, 2, 19.0),
        ("S", 0, 2, 60.0),
    ]


def test_without_a_due_time_the_longest_limit_counts():
    columns = {"accepted": ["2026-03-01"] * 2, "closed": ["2026-03-02", "2026-03-04"], "region": ["N", "N"]}
    found = service_times(make_cases(columns))
    assert (found.rule, found.strict) == ("closing:48h", None)
    assert (found.by_unit[0].in_time.count, found.by_unit[0].in_time.of) == (1, 2)
    assert ("due",) in [one.needs for one in found.missing]


def test_a_night_that_ends_after_it_begins_is_refused():
    with pytest.raises(ValueError, match="a night goes from an evening to a morning hour, not 6 to 8"):
        ServiceTimesOptions(night_from=6)


def test_without_columns_the_report_names_them():
    found = service_times(make_cases({"text": ["网断了"]}))
    assert (found.on_time, found.closed, found.by_unit, found.late_steps) == ((), 0, (), ())
    assert found.missing[0].needs == ("accepted", "closed")


# --- value


VALUED = make_cases(
    {
        "id": list("abcdef"),
        "customer": ["x", "x", "y", "z", "", "v"],
        "tier": [5, 5, 2, None, 7, 7],
        "contact_role": ["", "", "决策人", "", "", ""],
        "text": ["再不修就转网", "要去工信部告你们", "态度恶劣", "态度恶劣", "网慢", "网慢"],
        "satisfaction": ["不满意", "拒评", "", "拒评", "拒评", "满意"],
        "channel": ["热线", "热线", "12300", "12300", "热线", "热线"],
        "problem": ["P2", "P1", "P1", "P1", "", "P1"],
    },
    [{"id": "P1"}, {"id": "P2", "parent": "P1"}],
)


def test_whom_to_call_and_why():
    found = value(VALUED)
    assert [(one.customer, one.tier, one.ids, one.reasons) for one in found.call_on] == [
        ("x", 5, ("a", "b"), ("beyond", "leaving", "refused_score")),
        ("y", 2, ("c",), ("escalated", "anger")),
        ("", 7, ("e",), ("refused_score",)),
    ]
    assert found.call_on[0].problems == ("P2", "P1")
    assert found.to_call == 3
    assert {one.reason: one.complaints for one in found.reasons}["refused_score"] == 2
    # x, y, the unknown one and v of five customers
    assert (found.valuable.count, found.valuable.of) == (4, 5)


def test_only_the_reasons_asked_for_put_on_the_list():
    found = value(VALUED, ValueOptions(reasons=("leaving",), least_tier=6))
    assert (found.to_call, found.call_on) == (0, ())
    with pytest.raises(ValueError, match="unknown reasons: angry; there are escalated"):
        ValueOptions(reasons=("angry",))


def test_problems_by_tier_with_their_parts():
    found = value(VALUED)
    assert [(one.tier, one.complaints, one.customers) for one in found.tiers] == [
        (7, 2, 2),
        (5, 2, 1),
        (2, 1, 1),
        (None, 1, 1),
    ]
    whole, part = found.problems
    assert (whole.problem, whole.complaints, whole.customers) == ("P1", 5, 4)
    assert [(one.tier, one.customers) for one in whole.tiers] == [(7, 1), (5, 1), (2, 1), (None, 1)]
    # 3 of 4 customers against 4 of 5
    assert (whole.valuable.count, whole.lift) == (3, pytest.approx(0.75 / 0.8))
    assert (part.problem, part.complaints) == ("P2", 1)


def test_the_gold_customer_who_refused_a_score_is_on_the_list():
    found = value(sample_cases())
    called = {id_ for one in found.call_on for id_ in one.ids}
    # of the ten furious customers who refused a score one has four stars
    assert len(called & planted("furious_refused")) == 1
    assert found.call_on[0].reasons[0] == "escalated"
    assert all(len(set(one.ids)) == len(one.rows) for one in found.call_on)


def test_without_tiers_the_report_names_them():
    found = value(make_cases({"text": ["网断了"]}))
    assert (found.call_on, found.problems, found.valuable.count) == ((), (), 0)
    assert found.missing[0].needs == ("tier",)
