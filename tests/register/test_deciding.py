"""What people decide takes effect at once, holds against later runs, and can be taken back exactly."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import GenyinError, RegisterError
from pipeline.register.arriving import Findings, FoundProblem, identity_of
from pipeline.register.store import Options, open_register
from tests.register.conftest import Places
from tests.register.invented import complaint, findings, picture, ticking


def where(register):
    """Complaint number → ids of its problems."""
    numbers = {identity_of(f"TS{i}"): i for i in range(100)}
    known = register.snapshot().problems
    return {
        i: [one.problem.id for one in known if identity in one.members]
        for identity, i in numbers.items()
        if any(identity in one.members for one in known)
    }


def run_again(register, count=12, **known):
    """The run of ``two_problems`` with as many complaints, put into the problems it found first."""
    complaints = [complaint(i, f"第{i}件投诉{'断网' if i % 4 == 0 else '变慢'}") for i in range(count)]
    return register.add_run({}, complaints, findings(complaints, **(known or {"a": "P-0001", "b": "P-0002"})))


def test_a_merge_moves_the_complaints_and_holds_in_the_next_run(two_problems):
    done = two_problems.merge(["P-0002"], "P-0001")
    assert (done.moved, done.problem.complaints, done.conflicts) == (6, 12, ())
    loaded = run_again(two_problems, 14)
    assert loaded.moved == 2
    assert set(map(tuple, where(two_problems).values())) == {("P-0001",)}
    assert two_problems.problem("p-0002").id == "P-0001"


def test_a_problem_cannot_be_merged_into_itself(two_problems):
    two_problems.merge(["P-0002"], "P-0001")
    with pytest.raises(RegisterError, match=r"P-0001 cannot be merged into itself; a merged id stands for where it"):
        two_problems.merge(["P-0002"], "P-0001")


def test_parts_of_a_merged_problem_go_with_it(register):
    complaints = [complaint(i) for i in range(3)]
    found = [FoundProblem("a", "甲"), FoundProblem("part", "甲的一处", parent="a"), FoundProblem("b", "乙")]
    places = {one.identity: {key: 1.0} for one, key in zip(complaints, ("a", "part", "b"), strict=True)}
    register.add_run({}, complaints, Findings(found, places))
    register.merge(["P-0001"], "P-0003")
    assert [(one.id, one.parent, one.complaints) for one in register.problems()] == [
        ("P-0003", "", 3),
        ("P-0002", "P-0003", 1),
    ]
    assert register.check() == []


def test_a_split_by_phrase_takes_later_complaints_as_well(two_problems):
    done = two_problems.split("P-0001", phrase="断网", name="断网")
    assert (done.problem.id, done.problem.name, done.moved, done.problem.related) == ("P-0003", "断网", 3, ("P-0001",))
    run_again(two_problems, 20)
    assert {i: ids for i, ids in where(two_problems).items() if ids == ["P-0003"]}.keys() == {0, 4, 8, 12, 16}


def test_a_split_by_list_takes_these_and_no_others(two_problems):
    two_problems.split("P-0001", complaints=["TS2", identity_of("TS4"), "TS1"])
    run_again(two_problems)
    assert {i for i, ids in where(two_problems).items() if ids == ["P-0003"]} == {2, 4}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "A split needs either complaints or a phrase"),
        ({"complaints": ["TS2"], "phrase": "断网"}, "A split needs either complaints or a phrase"),
        ({"phrase": "彩铃"}, "0 of the 6 complaints of P-0001 would go to the new problem"),
        ({"phrase": "投诉"}, "6 of the 6 complaints of P-0001 would go to the new problem"),
        ({"complaints": ["TS99"]}, "There is no complaint TS99 in the register"),
        ({"complaints": ["p-0001"]}, "p-0001 is a problem, and ids of complaints are needed here"),
    ],
)
def test_a_split_that_parts_nothing_is_refused(two_problems, arguments, message):
    with pytest.raises(RegisterError, match=message):
        two_problems.split("P-0001", **arguments)


def test_a_dismissed_problem_stays_away_until_it_grows_past_its_limit(two_problems):
    two_problems.dismiss("P-0001", "测试单", limit=8)
    assert run_again(two_problems, 16).returned == ()
    assert two_problems.problem("P-0001").state == "not_a_problem"
    assert run_again(two_problems, 18).returned == ("P-0001",)
    assert two_problems.problem("P-0001").state == "candidate"
    two_problems.dismiss("P-0001", "仍是测试单")
    (decision,) = two_problems.decisions()
    assert decision.payload == {"problem": "P-0001", "reason": "仍是测试单", "limit": 18}
    with pytest.raises(RegisterError, match="Say why this is not a problem"):
        two_problems.dismiss("P-0002", " ")


def test_linked_and_separated_complaints_stay_so_in_every_run(two_problems):
    two_problems.link(["TS1"], "P-0001")
    two_problems.separate(["TS2", "TS4"])
    two_problems.separate(["TS3"], "P-0002")
    two_problems.link(["TS6", "TS8", "TS5"])
    expected = where(two_problems)
    assert (expected[1], expected[2], expected[5]) == (["P-0001"], ["P-0001"], ["P-0001"])
    assert not {3, 4} & expected.keys()
    assert run_again(two_problems).moved == 0
    assert where(two_problems) == expected


def test_a_run_with_one_of_two_linked_complaints_keeps_them_together(two_problems):
    two_problems.link(["TS0", "TS2"])
    one = complaint(2, "第2件投诉变慢")
    loaded = two_problems.add_run({}, [one], findings([one], "b", b="P-0002"))
    # the run alone would have moved one of them; which problem they share is decided by the smaller id
    assert (loaded.moved, where(two_problems)[0]) == (0, where(two_problems)[2])


@pytest.mark.parametrize("complaints", [["TS1"], ["TS1", "TS1"]])
def test_a_link_of_one_complaint_with_nothing_is_refused(two_problems, complaints):
    with pytest.raises(RegisterError, match="Name a problem, or two different complaints"):
        two_problems.link(complaints)


def test_conflicts_between_decisions_and_data_are_told(two_problems):
    two_problems.link(["TS0", "TS2"])
    assert two_problems.separate(["TS0", "TS2"]).conflicts[0].endswith("are linked and kept apart; they stay together.")
    assert len(run_again(two_problems, 13).conflicts) == 1


def test_an_owner_and_a_priority_outlive_runs_and_the_latest_counts(two_problems):
    two_problems.set("P-0001", {"owner": "李工", "priority": "高"})
    two_problems.set("P-0001", {"owner": "赵工"})
    assert two_problems.set("P-0001", {"owner": "赵工"}).event is None
    run_again(two_problems, 14)
    assert two_problems.problem("P-0001").owner == "赵工"
    assert {one.kind: one.payload["value"] for one in two_problems.decisions()} == {"priority": "高", "owner": "赵工"}


def test_undo_brings_back_exactly_what_was(two_problems):
    two_problems.set("P-0001", {"owner": "李工"})
    steps = [
        lambda: two_problems.set("P-0001", {"owner": "赵工", "whys": ["一", "二"]}),
        lambda: two_problems.merge(["P-0002"], "P-0001"),
        lambda: two_problems.split("P-0001", phrase="断网"),
        lambda: two_problems.dismiss("P-0002", "测试单"),
        lambda: two_problems.link(["TS1"], "P-0001"),
        lambda: two_problems.separate(["TS0", "TS2"]),
        lambda: two_problems.rename("P-0001", "断网"),
        lambda: two_problems.move("P-0001", "analysing"),
    ]
    for step in steps:
        before = picture(two_problems)
        event = step().event
        after = picture(two_problems)
        assert after != before
        undone = two_problems.undo(event)
        assert (picture(two_problems), undone.left) == (before, 0)
        two_problems.undo(undone.event)
        assert picture(two_problems) == after
        two_problems.undo(undone.event + 1)
    assert two_problems.check() == []


def test_what_came_after_a_split_goes_back_with_it(two_problems):
    event = two_problems.split("P-0001", phrase="断网").event
    run_again(two_problems, 20)
    two_problems.undo(event)
    assert two_problems.problem("P-0003").id == "P-0001"
    assert {ids[0] for i, ids in where(two_problems).items() if i % 2 == 0} == {"P-0001"}
    assert run_again(two_problems, 20).moved == 0
    assert two_problems.check() == []


def test_complaints_that_moved_on_since_stay_where_they_are(two_problems):
    event = two_problems.merge(["P-0002"], "P-0001").event
    two_problems.split("P-0001", complaints=["TS1", "TS2"])
    assert two_problems.undo(event).left == 1
    assert where(two_problems)[1] == ["P-0003"]
    assert where(two_problems)[3] == ["P-0002"]
    assert two_problems.check() == []


def test_an_event_that_others_stand_on_is_not_undone(two_problems):
    first = two_problems.set("P-0001", {"owner": "李工"}).event
    second = two_problems.set("P-0001", {"owner": "赵工"}).event
    message = rf"Event {first} cannot be taken back: 王工 changed owner of P-0001 at .* \(event {second}, set\)\. Take"
    with pytest.raises(RegisterError, match=message):
        two_problems.undo(first)
    two_problems.undo(second)
    two_problems.undo(first)
    with pytest.raises(RegisterError, match=rf"Event {first} was taken back already, by event {second + 2}"):
        two_problems.undo(first)
    with pytest.raises(RegisterError, match=r"Event 1 was written by a run and cannot be taken back"):
        two_problems.undo(1)
    with pytest.raises(RegisterError, match=r"There is no event 999"):
        two_problems.undo(999)


number = st.integers(0, 11).map(lambda i: f"TS{i}")
problem = st.integers(1, 5).map(lambda i: f"P-{i:04d}")
acts = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.lists(problem, min_size=1, max_size=2), problem),
        st.tuples(st.just("split"), problem, st.just(()), st.sampled_from(["断网", "1", "变慢"])),
        st.tuples(st.just("split"), problem, st.lists(number, min_size=1, max_size=3)),
        st.tuples(st.just("link"), st.lists(number, min_size=1, max_size=3), problem),
        st.tuples(st.just("link"), st.lists(number, min_size=2, max_size=3)),
        st.tuples(st.just("separate"), st.lists(number, min_size=2, max_size=2)),
        st.tuples(st.just("separate"), st.lists(number, min_size=1, max_size=1), problem),
        st.tuples(st.just("rename"), problem, st.sampled_from(["甲", "乙", ""])),
        st.tuples(st.just("dismiss"), problem, st.just("测试单"), st.integers(1, 20)),
        st.tuples(st.just("undo"), st.integers(3, 20)),
    ),
    min_size=1,
    max_size=6,
)


def acted(register, act):
    """Do it, and tell its event; what the register refuses does not happen."""
    try:
        return getattr(register, act[0])(*act[1:]).event
    except GenyinError:
        return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_decisions_outlive_runs_events_tell_everything_and_undo_is_exact(tmp_path, sequence):
    with open_register(Places("sqlite", tmp_path).new(), Options(who="王工", clock=ticking())) as register:
        run_again(register, a="a", b="b")
        for act in sequence:
            before = picture(register)
            event = acted(register, act)
            if event is not None and act[0] != "undo":
                undone = register.undo(event)
                assert picture(register) == before
                register.undo(undone.event)
        decided = register.decisions()
        run_again(register)
        settled = where(register)
        assert run_again(register).run is None
        assert (where(register), register.decisions()) == (settled, decided)
        assert register.check() == []
