"""Chains from the first complaint to the regulator, by hand and in the sample dump."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.cases import make_cases
from pipeline.insights.chains import ChainsOptions, chains
from pipeline.insights.links import linked, matter_of
from pipeline.insights.solving import Solved, solved_of, solved_shares
from tests.insights.sample_cases import planted, sample_cases


def test_the_planted_chain_to_the_regulator_is_found_whole():
    found = chains(sample_cases())
    first = found.chains[0]
    assert {step.id for step in first.steps} == planted("chain")
    assert [step.stage for step in first.steps] == ["first", "repeat", "repeat", "escalated", "escalated"]
    assert [step.channel for step in first.steps][-2:] == ["12345转办", "12300网站"]
    assert first.escalated
    assert first.days == pytest.approx((first.steps[-1].accepted - first.steps[0].accepted).total_seconds() / 86_400)


def test_four_unlike_complaints_of_a_customer_are_no_chain():
    ids = planted("four_in_thirty")
    assert not [one for one in chains(sample_cases()).chains if {step.id for step in one.steps} & ids]


CASES = make_cases(
    {
        "id": list("abcdefg"),
        "customer": ["x", "x", "x", "y", "y", "z", ""],
        "accepted": [
            "2026-03-01 08:00",
            "2026-03-03 08:00",
            "2026-03-20 08:00",
            "2026-03-01 08:00",
            "2026-05-01 08:00",
            "2026-03-01 08:00",
            "2026-03-01 08:00",
        ],
        "text": ["网慢", "网还慢", "反映三次没人管", "网慢", "网慢", "退费", "退费"],
        "problem": ["P2", "P1", "", "P1", "P1", "", ""],
        "cause": ["手机上网慢", "手机上网慢", "推诿转接", "手机上网慢", "手机上网慢", "退费未到账", "退费未到账"],
        "channel": ["热线", "热线", "12300电话", "热线", "12345", "12300网站", "热线"],
        "solved": ["未解决", "部分解决", "已解决", "已解决", "未解决", "部分解决", "已解决"],
    },
    [{"id": "P1"}, {"id": "P2", "parent": "P1"}],
)


def test_chains_by_hand():
    found = chains(CASES)
    # x: a-b-c (c speaks of the others); y: d and e lie 61 days apart; z: f; g has no customer
    assert [[step.id for step in one.steps] for one in found.chains] == [["a", "b", "c"]]
    assert [step.days for step in found.chains[0].steps] == [None, 2.0, 17.0]
    assert found.chains[0].steps[0].accepted == datetime(2026, 3, 1, 8)
    assert (found.all.repeated.count, found.all.repeated.of) == (1, 4)
    # the chains of x, of e (a first complaint to 12345) and of f
    assert (found.all.escalated.count, found.all.escalated.of) == (3, 4)
    assert (found.all.to_repeat.count, found.all.to_repeat.median) == (1, 2.0)
    # e and f were escalated from the start: no way to it
    assert (found.all.to_escalation.count, found.all.to_escalation.median) == (1, 19.0)
    avoidable = found.all.avoidable
    assert (avoidable.later, avoidable.after_unsolved, avoidable.after_not_fully_solved) == (2, 2, 2)
    assert (avoidable.solved_yet_again.count, avoidable.solved_yet_again.of) == (0, 1)
    assert (found.same_problem_only, found.left_out) == (1, 1)
    assert [(one.problem, one.repeated.count, one.repeated.of) for one in found.by_problem] == [("P1", 1, 3)]


def test_lenient_and_strict_reading_of_the_first_complaint():
    columns = {
        "customer": ["x", "x", "y", "y"],
        "accepted": ["2026-03-01", "2026-03-02", "2026-03-01", "2026-03-02"],
        "cause": ["手机上网慢"] * 4,
        "solved": ["部分解决", "", "已解决", ""],
    }
    avoidable = chains(make_cases(columns)).all.avoidable
    assert (avoidable.later, avoidable.after_unsolved, avoidable.after_not_fully_solved) == (2, 0, 1)
    assert (avoidable.solved_yet_again.count, avoidable.solved_yet_again.of) == (1, 1)


def test_words_of_an_earlier_complaint_can_be_left_aside():
    found = chains(CASES, ChainsOptions(carried_on=False))
    assert [[step.id for step in one.steps] for one in found.chains] == [["a", "b"]]


def test_escalated_in_the_dump_counts_without_a_channel():
    columns = {
        "customer": ["x"],
        "accepted": ["2026-03-01"],
        "category": ["network"],
        "escalated": [True],
    }
    assert chains(make_cases(columns)).all.escalated.count == 1


@given(st.lists(st.tuples(st.sampled_from("ab "), st.integers(0, 60), st.sampled_from("pq ")), min_size=1, max_size=14))
def test_chains_are_what_a_walk_through_the_complaints_finds(rows):
    cases = make_cases(
        {
            "customer": [customer.strip() for customer, _, _ in rows],
            "accepted": [np.datetime64("2026-01-01") + np.timedelta64(day, "D") for _, day, _ in rows],
            "cause": [cause.strip() for _, _, cause in rows],
        }
    )
    found = linked(cases, matter_of(cases).code, np.zeros(len(rows), bool), 10)
    last, walked = {}, {}
    for place, (customer, day, cause) in sorted(enumerate(rows), key=lambda row: row[1][1]):
        if customer == " ":
            continue
        chain, when = last.get((customer, cause), (place, -99)) if cause != " " else (place, -99)
        walked[place] = chain if day - when <= 10 else place
        last[customer, cause] = (walked[place], day)
    assert [chain >= 0 for chain in found] == [place in walked for place in range(len(rows))]
    pairs = [(one, other) for one in walked for other in walked]
    assert all((found[one] == found[other]) == (walked[one] == walked[other]) for one, other in pairs)


@pytest.mark.parametrize(
    ("cell", "solved"),
    [
        ("已解决", Solved.SOLVED),
        ("是", Solved.SOLVED),
        ("部分解决", Solved.PARTLY),
        ("未完全解决", Solved.PARTLY),
        ("未解决", Solved.UNSOLVED),
        ("否", Solved.UNSOLVED),
        ("无法解决", Solved.UNSOLVED),
        ("1", Solved.UNKNOWN),
        ("", Solved.UNKNOWN),
    ],
)
def test_what_a_cell_says_of_solving(cell, solved):
    assert solved_of(make_cases({"solved": [cell]}).frame["solved"]).tolist() == [solved]


def test_solved_in_both_readings():
    found = solved_shares(np.array([2, 2, 1, 0, -1], np.int8))
    assert (found.lenient.count, found.strict.count, found.lenient.of, found.unknown) == (3, 2, 4, 1)


def test_without_columns_the_report_names_them():
    found = chains(make_cases({"text": ["网断了"]}))
    assert (found.all.repeated.of, found.chains, found.left_out) == (0, (), 1)
    assert [one.needs for one in found.missing] == [("customer", "accepted"), ("escalated", "channel"), ("solved",)]
