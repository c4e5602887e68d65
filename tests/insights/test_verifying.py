"""Checks of fixes: the five answers, the outlook, targets, untouched regions."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.rates import rate_ratio
from pipeline.insights.verifying import Answer, Case, Check, Measure, Target, Window, verify
from pipeline.messages import translated

WINDOWS = st.builds(Window, st.integers(0, 60), st.integers(7, 200), st.sampled_from([1.0, 5000.0]))


def volume(value):
    return Target(Measure.VOLUME, value)


@pytest.mark.parametrize(
    ("after", "before", "answer"),
    [
        (Window(3, 28), Window(60, 90), Answer.VERIFIED),
        (Window(30, 28), Window(30, 90), Answer.WORSE),
        (Window(60, 60), Window(90, 90), Answer.NO_CHANGE),
        (Window(1, 7), Window(20, 90), Answer.TOO_EARLY),
        (Window(0, 0), Window(20, 90), Answer.TOO_EARLY),
        (Window(0, 30), Window(0, 90), Answer.TOO_EARLY),
    ],
)
def test_the_numbers_decide_the_answer(after, before, answer):
    assert verify(Case(after, before)).answer is answer


def test_growth_of_the_customer_base_is_no_failure():
    before, after = Window(40, 60, users=10_000), Window(60, 60, users=15_000)
    assert verify(Case(after, before)).ratio.value == pytest.approx(1)
    assert verify(Case(replace(after, users=80_000), before)).answer is Answer.VERIFIED


def test_a_fall_that_untouched_regions_show_as_well_is_not_the_fix():
    fixed = {"after": Window(20, 30), "before": Window(60, 30)}
    assert verify(Case(**fixed)).answer is Answer.VERIFIED
    season = verify(Case(**fixed, controls=(Window(70, 30), Window(210, 30))))
    assert season.answer is not Answer.VERIFIED
    assert season.ratio.value == pytest.approx(1, rel=0.01)
    steady = verify(Case(**fixed, controls=(Window(200, 30), Window(210, 30))))
    assert steady.answer is Answer.VERIFIED


def test_a_rise_everywhere_hides_no_fix():
    assert verify(Case(Window(50, 30), Window(60, 30))).answer is not Answer.VERIFIED
    others = Window(500, 30), Window(200, 30)
    assert verify(Case(Window(50, 30), Window(60, 30), others)).answer is Answer.VERIFIED


def test_too_early_says_when_it_will_be_time():
    case = Case(Window(0, 7), Window(20, 90))
    early = verify(case)
    assert early.more_weeks is not None
    later = [verify(case.later(weeks)).answer for weeks in range(early.more_weeks + 1)]
    assert set(later[:-1]) == {Answer.TOO_EARLY}
    assert later[-1] is not Answer.TOO_EARLY
    assert f"further weeks that would tell at the present rates: {early.more_weeks}" in early.reasons


def test_a_window_grows_at_its_own_rate_in_whole_complaints():
    assert Window(3, 14, 50.0).longer(1) == Window(5, 21, 50.0)  # four and a half


def test_a_rare_problem_may_need_more_than_a_year():
    rare = verify(Case(Window(0, 7), Window(2, 90)))
    assert (rare.answer, rare.more_weeks) == (Answer.TOO_EARLY, None)
    assert "at the present rates not even 52 more weeks would tell" in rare.reasons


@pytest.mark.parametrize(
    ("target", "answer", "met"),
    [
        (volume(12), Answer.VERIFIED, True),  # 10 complaints in 30 days
        (volume(9), Answer.TOO_EARLY, False),  # so near the target that chance may have done it
        (volume(4), Answer.MISSED, False),
        (Target(Measure.RATE, 25), Answer.VERIFIED, True),  # 20 per 10,000 users
        (Target(Measure.RATE, 8), Answer.MISSED, False),
    ],
)
def test_the_target_set_with_the_fix_is_honoured(target, answer, met):
    found = verify(Case(Window(10, 30, 5000), Window(90, 90, 5000), target=target))
    assert (found.answer, found.target_met) == (answer, met)
    assert found.after == pytest.approx(10 if target.measure is Measure.VOLUME else 20)


def test_after_three_months_a_figure_above_the_target_is_a_miss():
    case = Case(Window(30, 89), Window(90, 90), target=volume(9.9))
    assert verify(case).answer is Answer.TOO_EARLY
    assert verify(case).more_weeks == 1
    assert verify(replace(case, after=Window(31, 90))).answer is Answer.MISSED


def test_a_target_alone_proves_nothing():
    assert verify(Case(Window(2, 30), Window(6, 90), target=volume(5))).answer is Answer.TOO_EARLY


@given(WINDOWS, WINDOWS)
def test_verified_and_worse_are_what_the_interval_says(after, before):
    found = verify(Case(after, before))
    ratio = rate_ratio(after.tally, before.tally)
    assert (found.answer is Answer.VERIFIED) == (ratio.high < 1)
    assert (found.answer is Answer.WORSE) == (ratio.low > 1)
    assert found.answer is not Answer.NO_CHANGE or ratio.low > Check().worthwhile


@given(WINDOWS, WINDOWS, st.integers(1, 20))
def test_fewer_complaints_after_never_make_an_answer_worse(after, before, fewer):
    order = [Answer.VERIFIED, Answer.TOO_EARLY, Answer.NO_CHANGE, Answer.WORSE]
    better = replace(after, count=max(0, after.count - fewer))
    found = [order.index(verify(Case(one, before)).answer) for one in (better, after)]
    assert found[0] <= found[1]


@given(WINDOWS, WINDOWS, st.none() | st.tuples(WINDOWS, WINDOWS), st.none() | st.builds(volume, st.floats(0, 40)))
def test_every_reason_has_its_chinese(after, before, controls, target):
    for reason in verify(Case(after, before, controls, target)).reasons:
        assert not re.search("[a-z]{2}", translated(reason, "zh"))
