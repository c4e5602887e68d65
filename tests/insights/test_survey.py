"""The survey: answers by their map, rates with Wilson's interval, the decision chain, peers, weak items, the loop."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pipeline.insights.answers import Answer, AnswerMap
from pipeline.insights.cases import Missing, make_cases
from pipeline.insights.proportions import chance_of_no_difference, difference, false_discovery, wilson
from pipeline.insights.survey import survey
from pipeline.insights.survey_options import SurveyOptions
from pipeline.insights.weak_items import closed_loop, during, weak_items

PAIRS = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(PAIRS)
def test_wilson_is_that_of_statsmodels(pair):
    found = wilson(*pair)[0]
    assert (found.low, found.high) == pytest.approx(proportion_confint(*pair, method="wilson"), abs=1e-12)
    assert found.value == pair[0] / pair[1]


def test_wilson_is_that_of_newcombes_table():
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I
    found = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(found.low, 4).tolist() == [0.2553, 0.0624, 0, 0.0061]
    assert np.round(found.high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


@given(PAIRS, PAIRS)
def test_the_difference_is_that_of_statsmodels(one, other):
    found = difference(one, other)[0]
    reference = confint_proportions_2indep(*one, *other, compare="diff", method="newcomb")
    assert (found.low, found.high) == pytest.approx(reference, abs=1e-9)


def test_nothing_answered_says_nothing():
    assert wilson(0, 0)[0].value is None
    assert (wilson(0, 0)[0].low, wilson(0, 0)[0].high) == (0, 1)
    assert (difference((0, 0), (3, 5))[0].low, difference((0, 0), (3, 5))[0].high) == (-1, 1)
    assert chance_of_no_difference((0, 0), (3, 5)).tolist() == [1.0]


def test_chances_and_false_discovery_are_those_of_scipy():
    chance = chance_of_no_difference((56, 70), (48, 80))[0]
    assert chance == pytest.approx(chi2_contingency([[56, 14], [48, 32]], correction=False).pvalue)
    chances = [0.01, 0.04, 0.03, 0.005, 0.5]
    assert false_discovery(chances) == pytest.approx(false_discovery_control(chances))


@pytest.mark.parametrize(
    ("cell", "scheme", "meaning"),
    [
        ("非常满意", "words", Answer.SATISFIED),
        ("一般", "words", Answer.NEUTRAL),
        ("否", "words", Answer.DISSATISFIED),
        ("拒评", "words", Answer.REFUSED),
        (" ", "words", Answer.UNANSWERED),
        ("1", "words", Answer.UNKNOWN),
        ("1", "first_of_three", Answer.SATISFIED),
        ("1", "asked_and_answered", Answer.UNANSWERED),
        ("3", "asked_and_answered", Answer.DISSATISFIED),
        ("10分", "ten_points", Answer.SATISFIED),
        ("5.0", "five_points", Answer.SATISFIED),
        ("满意得不得了", "words", Answer.UNKNOWN),
    ],
)
def test_a_cell_means_what_the_map_says(cell, scheme, meaning):
    assert AnswerMap(scheme=scheme).meaning(cell) is meaning


def test_what_cannot_be_set_is_refused():
    with pytest.raises(ValueError, match="two lists: 一般"):
        SurveyOptions(satisfied=("一般",), dissatisfied=("一般",))
    with pytest.raises(ValueError, match="no scheme 'x'"):
        SurveyOptions(scheme="x")
    with pytest.raises(ValueError, match="customer cannot be an item or a unit"):
        SurveyOptions(units=("customer",))
    with pytest.raises(ValueError, match="no period 'week'"):
        SurveyOptions(period="week")


@pytest.fixture(scope="module")
def asked():
    """Eight rows: 4 answered, 1 refused, 1 not answered, 1 with a cell nobody knows, 1 without a time."""
    return make_cases(
        {
            "satisfaction": ["满意", "非常满意", "一般", "不满意", "拒评", "", "七成", "满意"],
            "region": ["甲", "甲", "乙", "乙", "甲", "乙", "甲", ""],
            "accepted": [
                "2026-01-02",
                "2026-01-31",
                "2026-02-01",
                "2026-02-03",
                "2026-01-05",
                "2026-02-01",
                "2026-01-04",
                None,
            ],
            "dissatisfaction_reason": ["", "", "处理慢", "处理慢", "", "", "", ""],
        }
    )


def test_the_whole_by_hand(asked):
    whole = survey(asked).whole
    assert (whole.rows, whole.answered, whole.satisfied, whole.neutral, whole.dissatisfied) == (8, 5, 3, 1, 1)
    assert (whole.refused, whole.unanswered, whole.unknown) == (1, 1, 1)
    assert whole.share.value == 3 / 5
    assert whole.response.value == 5 / 7
    assert whole.small
    assert survey(asked).unread == (("七成", 1),)


def test_units_and_periods_by_hand(asked):
    found = survey(asked)
    by_period = [(one.period.start.month, one.rows, one.satisfied, one.answered) for one in found.periods]
    assert by_period == [(1, 4, 2, 2), (2, 3, 0, 2)]
    regions = [(one.unit, one.rows, one.satisfied, one.answered) for one in found.units if one.period is None]
    assert regions == [("甲", 4, 2, 2), ("乙", 3, 0, 2)]
    assert [(one.unit, one.period.end.day) for one in found.units if one.period] == [("甲", 31), ("乙", 28)]
    assert [(one.reason, one.count, one.share.value) for one in found.reasons] == [("处理慢", 2, 1.0)]


def test_the_units_not_listed_are_one_row(asked):
    found = survey(asked, SurveyOptions(most_units=1, period="whole"))
    assert [(one.unit, one.rows) for one in found.units] == [("甲", 4), ("", 3)]
    assert found.periods == ()


def test_what_cannot_be_counted_is_named():
    found = survey(make_cases({"region": ["甲"]}))
    assert found.whole is None
    assert Missing("satisfaction", ("satisfaction",)) in found.missing
    assert Missing("coverage of the decision chain", ("account", "contact_role")) in found.missing


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(["满意", "一般", "不满意", "拒评", "", "?"]), st.sampled_from("甲乙丙"))))
def test_every_row_is_counted_once(rows):
    cases = make_cases(
        {"satisfaction": [*(one for one, _ in rows), "满意"], "region": [*(two for _, two in rows), "甲"]}
    )
    found = survey(cases, SurveyOptions(period="whole"))
    parts = [*(one for one in found.units), found.whole]
    for one in parts:
        assert one.answered == one.satisfied + one.neutral + one.dissatisfied
        assert one.rows == one.answered + one.refused + one.unanswered + one.unknown
    assert sum(one.rows for one in found.units) == found.whole.rows == len(cases)


def test_the_decision_chain():
    cases = make_cases(
        {
            "account": ["A", "A", "A", "B", "B", "C", ""],
            "contact_role": ["决策人", "经办人", "使用人", "经办人", "经办人", "财务", "决策人"],
            "contact": ["1", "2", "3", "4", "4", "5", "6"],
            "satisfaction": ["满意", "", "", "不满意", "", "", ""],
        }
    )
    reach = survey(cases).coverage
    assert reach.accounts == 3
    assert reach.by_roles == ((1, 2), (3, 1))
    assert (reach.one_contact, reach.complete) == (2, 1)
    roles = [(one.role, one.accounts, one.answered) for one in reach.roles]
    assert roles == [("决策人", 1, 1), ("经办人", 2, 1), ("使用人", 1, 0), ("财务", 1, 0)]


def test_peers_are_ranked_only_where_the_column_says_who_is_rated():
    rows = [("甲", "", 6, 10), ("甲", "城通", 9, 10), ("乙", "", 9, 10), ("乙", "城通", 3, 10), ("丙", "", 5, 10)]
    cells = [(a, b, "满意" if n < good else "不满意") for a, b, good, of in rows for n in range(of)]
    region, competitor, answer = (list(one) for one in zip(*cells, strict=True))
    cases = make_cases({"region": region, "competitor": competitor, "satisfaction": answer})
    assert Missing("place among competitors", ("competitor", "survey.peers")) in survey(cases).missing
    found = survey(cases, SurveyOptions(peers=True))
    # own: 20 of 30; the other: 12 of 20; where only the own one is rated no place is given
    assert (found.place.place, found.place.operators, found.place.regions) == (1, 2, 2)
    assert (found.place.not_first, found.place.share_not_first) == (1, 0.5)
    last = next(one for one in found.peers if (one.region, one.operator) == ("乙", "城通"))
    assert last.place == 2
    assert last.behind.value == pytest.approx(0.6)
    assert last.clear


def graded(*items):
    """Cases of (cause, satisfied, answered)."""
    cells = [(cause, "满意" if n < good else "不满意") for cause, good, of in items for n in range(of)]
    cause, answer = (list(one) for one in zip(*cells, strict=True))
    return make_cases({"cause": cause, "satisfaction": answer})


def test_the_weakest_item_and_what_it_costs():
    found = weak_items(graded(("上门爽约", 10, 40), ("装机排期慢", 48, 60), ("其他", 20, 25)))
    worst = found[0]
    # 30 of 40 unsatisfied against 17 of 85: 22 answers more than at the rate of the rest, of 125 in all
    assert (worst.item, worst.unsatisfied, worst.answered, worst.place) == ("上门爽约", 30, 40, 1)
    assert worst.excess == pytest.approx(30 - 40 * 17 / 85)
    assert worst.points == pytest.approx(100 * 22 / 125)
    assert worst.difference.value == pytest.approx(0.75 - 0.2)
    assert worst.weak
    assert [one.item for one in found if one.weak] == ["上门爽约"]


def test_a_cause_and_the_problem_that_it_is_are_told_once():
    cells = {
        "cause": ["上门爽约"] * 4 + ["装机排期慢"] * 4,
        "problem": ["P1"] * 4 + ["P2"] * 3 + [""],
        "satisfaction": ["不满意"] * 8,
    }
    same_answers = weak_items(make_cases(cells, [{"id": "P1", "name": "约好不来"}, {"id": "P2", "name": "等装机"}]))
    assert {one.item for one in same_answers} == {"P1", "P2", "装机排期慢"}
    cells["problem"][7] = "P2"
    cells["problem"][0] = ""
    named = [{"id": "P1", "name": "上门爽约"}, {"id": "P2", "name": "等装机"}]
    assert {one.item for one in weak_items(make_cases(cells, named))} == {"P2", "上门爽约", "P1"}
    cells["cause"] += ["上门爽约"] * 2
    cells["problem"] += ["P1"] * 2
    cells["satisfaction"] += ["满意"] * 2
    # five of six answers of the same name
    assert {one.item for one in weak_items(make_cases(cells, named))} == {"P1", "P2"}


def test_a_problem_counts_its_parts():
    cases = make_cases(
        {"problem": ["P2"] * 3 + ["P1"], "satisfaction": ["不满意"] * 4},
        [{"id": "P1", "parent": ""}, {"id": "P2", "parent": "P1"}],
    )
    assert {one.item: one.answered for one in weak_items(cases)} == {"P1": 4, "P2": 3}


def test_the_closed_loop_tells_what_became_of_a_weak_item():
    before = graded(("上门爽约", 10, 40), ("装机排期慢", 48, 60), ("旧", 1, 1))
    after = graded(("上门爽约", 36, 40), ("装机排期慢", 30, 60), ("新", 1, 1))
    rows = {(one.kind, one.item): one for one in closed_loop(before, after, SurveyOptions(target=0.8)).rows}
    repaired, fallen = rows["cause", "上门爽约"], rows["cause", "装机排期慢"]
    assert (repaired.weak, repaired.still_weak, repaired.verdict) == (True, False, "improved")
    assert (repaired.met, repaired.met_again) == (False, True)
    assert repaired.change.value == pytest.approx(0.9 - 0.25)
    assert (fallen.weak, fallen.still_weak, fallen.verdict) == (False, True, "worse")
    assert (rows["cause", "旧"].verdict, rows["cause", "新"].verdict) == ("gone", "new")
    assert rows["whole", ""].answered == 101
    assert closed_loop(before, make_cases({"cause": ["旧"]})).missing == (Missing("closed loop", ("satisfaction",)),)


def test_two_periods_of_one_survey(asked):
    times = asked.frame["accepted"].to_numpy()
    january, february = (
        during(asked, times.astype("M8[M]") == np.datetime64(month)) for month in ("2026-01", "2026-02")
    )
    assert (len(january), len(february)) == (4, 3)
    rows = closed_loop(january, february, SurveyOptions(small_base=1)).rows
    assert (rows[0].kind, rows[0].first.value, rows[0].second.value) == ("whole", 1.0, 0.0)


def test_the_complaint_that_nobody_scored():
    columns = {
        "text": ["宽带一直掉线", "宽带一直掉线", "师傅人很好", "装了一个月没人来", "不知道说什么"],
        "copy_of": [0, 0, 2, 3, 4],
        "category": ["network", "network", "other", "installation", "other"],
        "cause": ["宽带频繁掉线", "宽带频繁掉线", "表扬感谢", "上门爽约", "空泛不满"],
        "confidence": [0.9, 0.9, 0.9, 0.95, 0.5],
        "needs_review": [False, False, False, False, True],
        "satisfaction": ["满意", "非常满意", "满意", "", "拒评"],
    }
    found = survey(make_cases(columns)).unscored
    assert (found.written, found.satisfied, found.without_score, found.copies) == (5, 2, 1, 1)
    assert [(one.row, one.answer) for one in found.listed] == [(3, "unanswered"), (0, "satisfied")]
    handled = make_cases({**columns, "solved": ["已解决"] * 5})
    assert survey(handled).unscored is None
    assert survey(handled, replace(SurveyOptions(), is_survey="yes")).unscored == found
