"""The life of a problem: what may follow what, and what has to be known first."""

from datetime import date

import pytest

from pipeline.errors import RegisterError
from pipeline.register.lifecycle import CHINESE, STAGES, TRANSITIONS, State, state_named, transition
from pipeline.register.rows import Problem

TODAY = date(2026, 3, 1)
FULL = {
    "root_cause": "分光器老化",
    "workaround": "临时扩容",
    "check_by": "rate",
    "check_target": 0.5,
    "due": "2026-04-01",
    "fix_date": "2026-02-20",
    "close_reason": "已验证",
}


def test_every_state_has_its_chinese_name_its_stage_and_a_way_on():
    assert CHINESE.keys() == STAGES.keys() == TRANSITIONS.keys() == set(State)
    assert set(STAGES.values()) == {"新发起", "处理中", "待验证", "整改中", "已完成"}
    assert all(TRANSITIONS.values())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", State)
def test_the_table_alone_tells_which_state_may_follow(state, wanted):
    problem = Problem("P-0001", state=state.value)
    if wanted in TRANSITIONS[state]:
        assert transition(problem, wanted, TODAY, FULL)["state"] == wanted
    else:
        allowed = ", ".join(f"{one} ({CHINESE[one]})" for one in TRANSITIONS[state])
        with pytest.raises(RegisterError) as refused:
            transition(problem, wanted, TODAY, FULL)
        assert str(refused.value) == (
            f"P-0001 cannot go from {state} ({CHINESE[state]}) to {wanted} ({CHINESE[wanted]}). Allowed are: {allowed}."
        )


@pytest.mark.parametrize(
    ("state", "wanted", "needs"),
    [
        ("analysing", "known_error", "root_cause, workaround before it can be known_error (已知错误)"),
        ("analysing", "fixing", "check_by, check_target, due before it can be fixing (整改实施中)"),
        ("fixing", "watching", "fix_date before it can be watching (待验证)"),
        ("watching", "closed", "verification / close_reason before it can be closed (已完成)"),
        ("open", "accepted_risk", "close_reason before it can be accepted_risk (接受风险)"),
        ("open", "not_a_problem", "close_reason before it can be not_a_problem (不是问题)"),
    ],
)
def test_a_state_asks_for_what_it_needs(state, wanted, needs):
    with pytest.raises(RegisterError) as refused:
        transition(Problem("P-0001", state=state), wanted, TODAY, {})
    assert str(refused.value) == f"P-0001 needs {needs}."


def test_closing_sets_the_day_to_look_back_unless_one_is_given():
    problem = Problem("P-0001", state="watching", verification={"answer": "verified"})
    assert transition(problem, "closed", TODAY, {})["look_back"] == "2026-05-30"
    assert transition(problem, "closed", TODAY, {}, look_back_days=30)["look_back"] == "2026-03-31"
    assert transition(problem, "closed", TODAY, {"look_back": "2026-12-01"})["look_back"] == "2026-12-01"


def test_a_check_that_closes_looks_back_from_the_last_day_of_its_data():
    facts = {"answer": "verified", "as_of": "2025-05-31"}
    watched = Problem("P-0001", state="watching")
    closed = transition(watched, "closed", TODAY, {"verification": facts})
    assert (closed["look_back"], closed["since"]) == ("2025-08-29", "2026-03-01")
    # whoever closes it himself, with a check of long ago, does so today
    known = Problem("P-0001", state="rectifying", verification=facts)
    assert transition(known, "closed", TODAY, {})["look_back"] == "2026-05-30"


def test_states_are_known_by_both_names():
    assert [state_named(name) for name in ("整改中", "known error", "known_error")] == [
        State.RECTIFYING,
        State.KNOWN_ERROR,
        State.KNOWN_ERROR,
    ]
    with pytest.raises(RegisterError, match=r"There is no state 'done'\. States are: candidate \(候选\), "):
        state_named("done")


def test_a_problem_goes_round_until_its_fix_holds(two_problems):
    def go(state, **fields):
        return two_problems.move("P-0001", state, fields).problem

    go("open")
    go("analysing")
    go("known_error", root_cause="分光器老化", workaround="临时扩容", cause_class="资源")
    go("fixing", check_by="rate", check_target=0.5, due="2026-04-01")
    go("watching", fix_date="2026-02-20")
    go("rectifying")
    assert go("watching", fix_date="2026-02-27").since == "2026-03-01"
    closed = go("closed", verification={"answer": "verified", "ratio": 0.4})
    assert (closed.look_back, closed.verification["ratio"], closed.root_cause) == ("2026-05-30", 0.4, "分光器老化")
    assert [one.what for one in two_problems.history("P-0001")] == ["found"] + ["state"] * 8
    assert two_problems.check() == []


def test_the_goal_of_a_fix_stays_once_the_fix_is_done(two_problems):
    two_problems.move("P-0001", "open", {})
    goal = {"check_by": "volume", "check_target": 5, "due": "2026-04-01"}
    two_problems.move("P-0001", "fixing", goal)
    two_problems.set("P-0001", {"check_target": 4})
    two_problems.move("P-0001", "watching", {"fix_date": "2026-02-20", "check_target": 4})
    refused = r"P-0001 is watching \(待验证\): how a fix is checked \(check_target\) is set when it starts"
    with pytest.raises(RegisterError, match=refused):
        two_problems.set("P-0001", {"check_target": 9})
    with pytest.raises(RegisterError, match=refused):
        two_problems.move("P-0001", "closed", {"close_reason": "好了", "check_target": 9})
    two_problems.move("P-0001", "rectifying", {})
    assert two_problems.move("P-0001", "fixing", {"check_target": 9}).problem.check_target == 9


def test_moving_to_not_a_problem_is_the_decision_and_moving_on_ends_it(two_problems):
    two_problems.move("P-0001", "不是问题", {"close_reason": "测试单"})
    assert [(one.kind, one.payload["limit"]) for one in two_problems.decisions()] == [("not_a_problem", 12)]
    two_problems.move("P-0001", "open")
    assert two_problems.decisions() == []
    with pytest.raises(RegisterError, match=r"P-0001 needs root_cause, workaround before"):
        two_problems.move("P-0001", "known_error")


def test_a_closed_problem_is_not_dismissed(two_problems):
    two_problems.move("P-0001", "open")
    two_problems.move("P-0001", "closed", {"close_reason": "已解释"})
    with pytest.raises(RegisterError, match=r"P-0001 cannot go from closed \(已完成\) to not_a_problem \(不是问题\)"):
        two_problems.dismiss("P-0001", "测试单")
