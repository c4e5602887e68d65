"""A problem that a person has taken on keeps its name and its whole, whatever later runs find."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.register.arriving import Findings, FoundProblem, Guess
from pipeline.register.store import Options, open_register
from tests.register.invented import complaint, picture, ticking

TOUCHES = {
    "an owner": lambda one: one.set("P-0001", {"owner": "李工"}),
    "a state": lambda one: one.move("P-0001", "open"),
    "a cause": lambda one: one.set("P-0001", {"root_cause": "到期不提醒"}),
    "a note": lambda one: one.note("P-0001", "已约谈"),
    "a name": lambda one: one.rename("P-0001", "晚高峰网速慢"),
    "a linked complaint": lambda one: one.link(["TS2"], "P-0001"),
    "a dismissal": lambda one: one.dismiss("P-0001", "测试单"),
}


def broader(register, name="网速慢 全市"):
    """A run that finds a broader problem and, below it, P-0001 under another name; as a run says it again."""
    more = [complaint(i) for i in range(30, 36)]
    known = "P-0003" if len(register.problems()) > 2 else "whole"
    found = [
        FoundProblem("P-0001", name, parent=known),
        FoundProblem(known, "网速慢", related=() if known == "P-0003" else ("P-0001",)),
    ]
    places = {one.identity: {("P-0001", known)[i % 2]: 1.0} for i, one in enumerate(more)}
    return register.add_run({}, more, Findings(found, places, [Guess("part", "P-0001", known, 0.0, ("更大的问题",))]))


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_what_a_person_has_opened_is_neither_renamed_nor_made_a_part(two_problems, touch):
    touch(two_problems)
    broader(two_problems)
    kept, whole = two_problems.problem("P-0001"), two_problems.problem("P-0003")
    assert (kept.name, kept.parent) == ("晚高峰网速慢", "")
    assert (whole.name, whole.parent, whole.state, whole.related) == ("网速慢", "", "candidate", ("P-0001",))
    assert broader(two_problems).run is None
    assert two_problems.check() == []


def test_a_candidate_follows_the_runs(two_problems):
    two_problems.set("P-0002", {"owner": "李工"})
    broader(two_problems)
    assert (two_problems.problem("P-0001").name, two_problems.problem("P-0001").parent) == ("网速慢 全市", "P-0003")


def test_a_person_may_accept_what_a_run_may_not_do(two_problems):
    two_problems.move("P-0001", "open")
    broader(two_problems)
    before = picture(two_problems)
    (asked,) = two_problems.proposals()
    assert (asked.kind, asked.problem, asked.other) == ("part", "P-0001", "P-0003")
    done = two_problems.answer(asked.id, accept=True)
    assert two_problems.problem("P-0001").parent == "P-0003"
    assert broader(two_problems, "再改名").run is None
    assert two_problems.problem("P-0001").name == "晚高峰网速慢"
    two_problems.undo(done.event)
    assert picture(two_problems) == before
    two_problems.answer(asked.id, accept=False)
    broader(two_problems)
    assert two_problems.proposals() == []


def test_what_a_run_puts_below_an_opened_part_comes_below_its_whole(two_problems):
    two_problems.add_run(
        {}, [], Findings([FoundProblem("P-0001", "慢", parent="P-0002"), FoundProblem("P-0002", "网")])
    )
    two_problems.move("P-0001", "open")
    more = [complaint(i) for i in range(40, 43)]
    found = [FoundProblem("P-0001", "慢"), FoundProblem("piece", "某小区", parent="P-0001")]
    two_problems.add_run({}, more, Findings(found, {one.identity: {"piece": 1.0} for one in more}))
    assert [two_problems.problem(f"P-000{i}").parent for i in (1, 2, 3)] == ["P-0002", "", "P-0002"]


@pytest.mark.parametrize(
    ("first", "again", "asked"),
    [
        (("same", "P-0002", "P-0001"), ("merged", "P-0001", "P-0002"), 1),
        (("merged", "P-0002", "P-0001"), ("same", "P-0002", "P-0001"), 1),
        (("split", "P-0002", "P-0001"), ("part", "P-0002", "P-0001"), 1),
        (("split", "P-0002", "P-0001"), ("part", "P-0001", "P-0002"), 2),
        (("same", "P-0002", "P-0001"), ("part", "P-0002", "P-0001"), 2),
    ],
)
def test_the_same_question_is_asked_once_whichever_way_a_run_puts_it(two_problems, first, again, asked):
    for guess in (first, again):
        two_problems.add_run({}, [], Findings((), {}, [Guess(*guess, 0.4)]))
    assert len(two_problems.proposals()) == asked


NAMES = st.sampled_from(["断网", "网速慢", "续订", "上门爽约"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("touch"), st.sampled_from(sorted(TOUCHES))),
        st.tuples(st.just("undo"), st.integers(1, 9)),
        st.tuples(st.just("run"), st.tuples(NAMES, NAMES, st.sampled_from(["", "P-0002", "new"]))),
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_from_the_first_touch_of_a_person_to_its_undoing_name_and_whole_stay(tmp_path_factory, steps):
    """Whatever people do and runs find, in any order, and every run twice."""
    address = f"sqlite:///{tmp_path_factory.mktemp('opened')}/register.db"
    with open_register(address, Options(who="王工", clock=ticking())) as register:
        complaints = [complaint(i) for i in range(6)]
        register.add_run({}, complaints, Findings([FoundProblem(key, key) for key in "ab"], in_turn(complaints, "ab")))
        made, number = [], count(10)
        for what, how in steps:
            if what == "touch":
                made += [event] if (event := touched(register, how)) else []
            elif what == "undo" and made:
                register.undo(made.pop())
            elif what == "run":
                before = register.problem("P-0001")
                run_twice(register, how, next(number))
                now = register.problem("P-0001")
                assert not made or (now.name, now.parent) == (before.name, before.parent)
        assert register.check() == []


def touched(register, how):
    """The number of the event, where the state of the problem allows the touch and it changes something."""
    if how in ("a state", "a dismissal") and register.problem("P-0001").state != "candidate":
        return None
    return TOUCHES[how](register).event


def in_turn(complaints, keys):
    return {one.identity: {keys[i % len(keys)]: 1.0} for i, one in enumerate(complaints)}


def run_twice(register, how, number):
    name, other, parent = how
    complaints = [complaint(i) for i in (number, number + 100)]
    keys = ["P-0001", "P-0002", *(["new"] if parent == "new" else [])]
    found = [FoundProblem("P-0001", name, parent=parent), FoundProblem("P-0002", other)]
    found += [FoundProblem("new", "新的")] if parent == "new" else []
    register.add_run({}, complaints, Findings(found, in_turn(complaints, keys)))
    known = [one for one in found if one.key != "new" and one.parent != "new"]
    register.add_run({}, complaints, Findings(known, {}))
    before = picture(register)
    assert register.add_run({}, complaints, Findings(known, {})).run is None
    assert picture(register) == before
