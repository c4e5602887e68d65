"""Several changes as one, what a move decides, what genyin fills in, and the versions that people expect."""

import pytest

from pipeline.errors import RegisterError
from pipeline.register.arriving import Findings, FoundProblem, Guess
from pipeline.register.schema import is_set_up
from pipeline.register.store import Options, open_register
from tests.register.invented import complaint, findings, picture, ticking


def test_changes_made_together_are_kept_together_or_not_at_all(two_problems):
    before = picture(two_problems)

    def fail_late():
        with two_problems.together() as one:
            one.set("P-0001", {"owner": "李工"})
            one.merge(["P-0002"], "P-0001")
            assert one.problem("P-0001").complaints == 12
            one.move("P-0001", "analysing")
            one.move("P-0001", "known_error")

    with pytest.raises(RegisterError, match="P-0001 needs root_cause, workaround"):
        fail_late()
    assert picture(two_problems) == before
    with two_problems.together() as one:
        one.set("P-0001", {"owner": "李工"})
        with pytest.raises(RegisterError, match="There is no complaint TS99"):
            one.split("P-0001", complaints=["TS99"])
        one.rename("P-0002", "续订")
    assert [(one.owner, one.name) for one in two_problems.problems()] == [("李工", "晚高峰网速慢"), ("", "续订")]
    numbers = [one.id for one in two_problems.history("P-0001") + two_problems.history("P-0002")]
    assert numbers == [2, 4, 3, 5]
    assert two_problems.check() == []


def test_a_rehearsal_together_sees_its_own_changes(two_problems, address):
    before = picture(two_problems)
    with open_register(address, Options(rehearse=True)) as rehearsal, rehearsal.together() as one:
        more = [complaint(i) for i in range(20, 24)]
        assert one.add_run({}, more, findings(more, a="P-0001", b="P-0002")).new == 4
        one.mark({"P-0001": ["growing"]})
        assert (one.problem("P-0001").complaints, one.problem("P-0001").marks) == (8, ("growing",))
    assert picture(two_problems) == before


def test_what_a_move_fills_in_holds_like_any_other_decision(two_problems):
    two_problems.set("P-0001", {"owner": "李工"})
    done = two_problems.move("P-0001", "analysing", {"owner": "赵工", "name": "晚上慢", "root_cause": "扩容滞后"})
    assert {(one.kind, one.payload["value"]) for one in two_problems.decisions()} == {
        ("owner", "赵工"),
        ("rename", "晚上慢"),
    }
    again = [complaint(i) for i in range(14)]
    two_problems.add_run({}, again, findings(again, a="P-0001", b="P-0002"))
    kept = two_problems.problem("P-0001")
    assert (kept.owner, kept.name, kept.root_cause, kept.state) == ("赵工", "晚上慢", "扩容滞后", "analysing")
    two_problems.undo(done.event)
    assert [(one.kind, one.payload["value"]) for one in two_problems.decisions()] == [("owner", "李工")]


def test_dismissing_by_a_move_keeps_what_was_filled_in(two_problems):
    two_problems.move("P-0001", "not_a_problem", {"close_reason": "测试单", "owner": "李工", "scope": "全市"})
    kept = two_problems.problem("P-0001")
    assert (kept.state, kept.close_reason, kept.owner, kept.scope) == ("not_a_problem", "测试单", "李工", "全市")
    assert {one.kind for one in two_problems.decisions()} == {"not_a_problem", "owner"}


@pytest.fixture
def opened(register):
    """P-0001 with a part, P-0002: five complaints in the last thirty days (two of the part), three before."""
    days = [
        "2026-01-01",
        "2026-01-30",
        "2026-02-28",
        "2026-03-01",
        "2026-03-10",
        "2026-03-15",
        "2026-03-29",
        "2026-03-30",
    ]
    regions = ["临江市", "平原市"] * 4
    complaints = [
        complaint(i, accepted=f"{day}T10:00:00", roles={"incident_region": region})
        for i, (day, region) in enumerate(zip(days, regions, strict=True))
    ]
    found = [FoundProblem("whole", "网速慢"), FoundProblem("part", "某小区网速慢", parent="whole")]
    places = {one.identity: {"part" if i % 3 == 1 else "whole": 1.0} for i, one in enumerate(complaints)}
    register.add_run({}, complaints, Findings(found, places))
    return register


def test_opening_a_problem_counts_its_complaints_of_thirty_days(opened):
    assert opened.problem("P-0001").trigger_count is None
    first = opened.move("P-0001", "open").problem
    assert (first.trigger_count, first.trigger_rate) == (5, None)
    assert opened.move("P-0002", "analysing").problem.trigger_count == 2
    more = complaint(90, accepted="2026-04-05T10:00:00")
    opened.add_run({}, [more], Findings((), {more.identity: {"P-0001": 1.0}}))
    assert opened.move("P-0001", "analysing").problem.trigger_count == 5
    assert opened.check() == []


def test_a_problem_that_is_over_is_counted_up_to_its_last_complaint(opened):
    more = complaint(90, accepted="2026-06-05T10:00:00")
    opened.add_run({}, [more], findings([more], "a"))
    assert opened.move("P-0001", "open").problem.trigger_count == 5
    assert opened.move("P-0002", "open").problem.trigger_count == 2


def test_a_count_that_somebody_gives_is_left_as_it_is(opened):
    given = opened.move("P-0001", "open", {"trigger_count": 40, "trigger_rate": 1.5}).problem
    assert (given.trigger_count, given.trigger_rate) == (40, 1.5)


def test_a_watched_problem_that_is_judged_by_hand_gets_its_second_count(opened):
    opened.move("P-0001", "open")
    opened.move("P-0001", "fixing", {"check_by": "volume", "check_target": 2, "due": "2026-03-31"})
    opened.move("P-0001", "watching", {"fix_date": "2026-03-02", "fix_regions": ["平原市"]})
    judged = opened.move("P-0001", "rectifying").problem
    assert (judged.accept_count, judged.accept_rate) == (3, None)


def test_where_no_complaint_has_a_day_nothing_is_counted(register):
    undated = [complaint(i, accepted="") for i in range(3)]
    register.add_run({}, undated, findings(undated, "a"))
    assert register.move("P-0001", "open").problem.trigger_count is None


def test_an_accepted_split_hangs_the_part_below_its_whole(two_problems):
    more = [complaint(i) for i in range(50, 54)]
    found = [FoundProblem("new", "新的"), FoundProblem("piece", "新的一处", parent="new")]
    places = {one.identity: {"new" if i else "piece": 1.0} for i, one in enumerate(more)}
    two_problems.add_run({}, more, Findings(found, places, [Guess("split", "new", "P-0001", 0.4)]))
    before = picture(two_problems), two_problems.proposals()
    done = two_problems.answer(1, accept=True)
    assert {one.id: one.parent for one in two_problems.problems()} == {
        "P-0001": "",
        "P-0002": "",
        "P-0003": "P-0001",
        "P-0004": "P-0001",
    }
    assert (done.problem.id, two_problems.problem("P-0001").complaints) == ("P-0003", 10)
    two_problems.undo(done.event)
    assert (picture(two_problems), two_problems.proposals()) == before
    again = two_problems.answer(1, accept=False)
    assert (again.problem.parent, two_problems.proposals()) == ("", [])
    assert two_problems.check() == []


def test_an_accepted_merge_is_one_change_and_undo_opens_the_proposal_again(two_problems):
    two_problems.add_run({}, [], Findings((), {}, [Guess("same", "P-0002", "P-0001", 0.6)]))
    before = picture(two_problems), two_problems.proposals()
    done = two_problems.answer(1, accept=True)
    assert [one.what for one in two_problems.history("P-0002")][-1] == "accepted"
    undone = two_problems.undo(done.event)
    assert (undone.moved, undone.changes["P-0002"]["merged_into"]) == (6, ("P-0001", ""))
    assert (picture(two_problems), two_problems.proposals()) == before
    two_problems.answer(1, accept=False)
    with pytest.raises(RegisterError, match=rf"Event {undone.event} cannot be taken back: proposal 1 was answered"):
        two_problems.undo(undone.event)


@pytest.mark.parametrize(
    "change",
    [
        lambda one, seen: one.note("P-0001", "进展", expect=seen),
        lambda one, seen: one.split("P-0001", phrase="断网", expect=seen),
        lambda one, seen: one.link(["TS1"], "P-0001", expect=seen),
        lambda one, seen: one.separate(["TS0"], "P-0001", expect=seen),
    ],
)
def test_a_change_that_expects_another_version_is_refused(two_problems, change):
    seen = two_problems.problem("P-0001").version
    two_problems.set("P-0001", {"owner": "李工"})
    before = picture(two_problems)
    with pytest.raises(RegisterError, match=r"P-0001 was changed after .* 王工 .* set \(owner: – → 李工\)"):
        change(two_problems, seen)
    assert picture(two_problems) == before
    assert change(two_problems, seen + 1).event is not None
    with pytest.raises(RegisterError, match="A version belongs to a problem: name the problem that you read"):
        two_problems.link(["TS1", "TS3"], expect=1)


def test_looking_for_a_register_makes_none(places):
    address = places.new()
    assert not is_set_up(address)
    for options in (Options(create=False), Options(rehearse=True)):
        with pytest.raises(RegisterError, match=r"There is no register at .* Load complaints into it first"):
            open_register(address, options)
    assert not is_set_up(address)
    open_register(address, Options(clock=ticking())).close()
    assert is_set_up(address)
