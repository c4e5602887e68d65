"""The register as a problem manager uses it, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from pipeline.errors import RegisterError
from pipeline.records import Role
from pipeline.register.arriving import Findings, FoundProblem, Guess, identity_of
from pipeline.register.queries import ProblemFilter
from pipeline.register.store import Options, open_register
from tests.register.invented import complaint, findings, picture, ticking


def ids(register, **wanted):
    return [one.id for one in register.problems(ProblemFilter(**wanted))]


def test_new_problems_get_short_ids_that_are_never_used_again(two_problems):
    assert ids(two_problems) == ["P-0001", "P-0002"]
    two_problems.merge(["P-0002"], "P-0001")
    more = [complaint(i) for i in range(50, 54)]
    loaded = two_problems.add_run({}, more, findings(more, "c"))
    assert loaded.created == ("P-0003",)
    assert two_problems.problem("P-0002").id == "P-0001"


def test_a_problem_counts_rows_customers_texts_and_dates(two_problems):
    problem = two_problems.problem("P-0001")
    counted = (problem.complaints, problem.customers, problem.texts, problem.weight, problem.first, problem.last)
    assert counted == (6, 6, 6, 6.0, "2026-01-05T10:00:00", "2026-03-05T10:00:00")
    assert problem.state == "candidate"
    assert problem.created == "2026-03-01T08:00:00Z"


def test_a_parent_counts_the_complaints_of_its_parts_once(register):
    complaints = [complaint(i, customer="") for i in range(3)]
    found = [FoundProblem("cause", "网速慢"), FoundProblem("part", "某小区网速慢", parent="cause")]
    places = {complaints[0].identity: {"cause": 1.0}, complaints[1].identity: {"part": 1.0}}
    places[complaints[2].identity] = {"cause": 0.5, "part": 0.5}
    register.add_run({}, complaints, Findings(found, places))
    counts = [(one.id, one.parent, one.complaints, one.customers, one.weight) for one in register.problems()]
    assert counts == [("P-0001", "", 3, 3, 3.0), ("P-0002", "P-0001", 1, 1, 1.5)]


def test_the_same_dump_twice_changes_nothing(two_problems, tmp_path):
    complaints = [complaint(i, f"第{i}件投诉{'断网' if i % 4 == 0 else '变慢'}") for i in range(12)]
    two_problems.export(tmp_path / "once.jsonl")
    loaded = two_problems.add_run({}, complaints, findings(complaints, a="P-0001", b="P-0002"))
    two_problems.export(tmp_path / "twice.jsonl")
    assert (loaded.run, loaded.new, loaded.known, loaded.moved) == (None, 0, 12, 0)
    assert (tmp_path / "once.jsonl").read_bytes() == (tmp_path / "twice.jsonl").read_bytes()


def test_complaints_without_an_id_are_known_by_content_customer_and_time(register):
    complaints = [replace(complaint(i), id="") for i in (1, 2)]
    assert register.add_run({}, complaints, Findings()).new == 2
    again = [complaints[0], replace(complaints[1], customer="somebody else")]
    loaded = register.add_run({}, again, Findings())
    assert (loaded.new, loaded.known) == (1, 1)


def test_every_row_of_a_run_is_counted_once(two_problems):
    rows = [
        complaint(0, "第0件投诉断网"),
        complaint(1, "第1件投诉的新内容"),
        replace(complaint(2, "第2件投诉变慢"), category="billing"),
        complaint(70),
        complaint(70),
    ]
    loaded = two_problems.add_run({}, rows, Findings())
    counts = (loaded.new, loaded.known, loaded.changed, loaded.repeated, loaded.relabelled)
    assert counts == (1, 2, 1, 1, 1)
    run = two_problems.runs()[-1]
    assert run.new + run.known + run.changed + run.repeated == run.rows == len(rows)


def test_a_changed_complaint_keeps_its_place_and_the_former_text_in_the_events(two_problems):
    two_problems.add_run({}, [complaint(1, "第1件投诉的新内容")], Findings())
    member = next(one for one in two_problems.members("P-0002") if one.complaint.identity == identity_of("TS1"))
    assert member.complaint.text == "第1件投诉的新内容"
    assert two_problems.check() == []


def test_roles_that_name_a_person_are_not_stored(register):
    roles = {Role.CUSTOMER_NUMBER: "1380013", Role.CUSTOMER_NAME: "张某", Role.STAFF: "李某", Role.CHANNEL: "热线"}
    register.add_run({}, [complaint(1, roles=roles)], Findings())
    (stored,) = register.complaints()
    assert stored.roles == {"channel": "热线"}


def test_texts_that_databases_refuse_are_spelt_out(register):
    rows = [complaint(1, "断网" + chr(0) + chr(0xD800))]
    assert register.add_run({"inputs": [chr(0xD800)]}, rows, Findings()).new == 1
    assert register.add_run({}, rows, Findings()).known == 1
    assert next(iter(register.complaints())).text == "断网\\ud800"


def test_a_run_that_speaks_of_unknown_problems_is_refused(register):
    one = complaint(1)
    with pytest.raises(RegisterError, match="speaks of problems that it does not describe: P-0099"):
        register.add_run({}, [one], Findings((), {one.identity: {"P-0099": 1.0}}))
    assert register.runs() == []


def test_a_run_renames_a_problem_until_a_person_does(two_problems):
    complaints = [complaint(i) for i in range(12)]
    again = findings(complaints, a="P-0001", b="P-0002")
    named = replace(again, problems=[replace(one, name=one.name + "!") for one in again.problems])
    two_problems.rename("P-0001", "小区断网")
    two_problems.add_run({}, complaints, named)
    assert [one.name for one in two_problems.problems()] == ["小区断网", "流量包自动续订!"]
    two_problems.rename("P-0001", "")
    two_problems.add_run({}, complaints, again)
    assert two_problems.problem("P-0001").name == "晚高峰网速慢"


def test_a_run_matched_with_an_older_state_is_refused(register):
    first, second = [complaint(1)], [complaint(2)]
    seen = register.snapshot().event
    register.add_run({}, first, replace(findings(first, "a"), seen=seen))
    register.set("P-0001", {"owner": "李工"})
    message = r"王工 loaded another run at 2026-03-01T08:00:00Z, while this one was being matched .* run it again\."
    with pytest.raises(RegisterError, match=message):
        register.add_run({}, second, replace(findings(second, "a"), seen=seen))
    later = register.snapshot().event
    register.rename("P-0001", "断网")
    assert register.add_run({}, second, replace(findings(second, "a", a="P-0001"), seen=later)).new == 1


def test_filters_find_problems_by_what_people_know_of_them(two_problems):
    two_problems.set("P-0002", {"owner": "李工", "lead_department": "市场部", "statement": "100% 自动续订"})
    two_problems.move("P-0002", "新发起")
    two_problems.mark({"P-0001": ["growing"]})
    assert ids(two_problems, owner="李工") == ["P-0002"]
    assert ids(two_problems, department="市场部") == ["P-0002"]
    assert ids(two_problems, states=("open",)) == ["P-0002"]
    assert ids(two_problems, text="100%") == ["P-0002"]
    assert ids(two_problems, text="%") == ["P-0002"]
    assert ids(two_problems, category="network", since="2026-03-01") == ["P-0001", "P-0002"]
    assert ids(two_problems, since="2026-04-01") == []
    assert ids(two_problems, mark="growing") == ["P-0001"]


def test_two_people_at_once_do_not_overwrite_each_other(two_problems, address):
    seen = two_problems.problem("P-0001").version
    with open_register(address, Options(who="李工", clock=ticking())) as other:
        other.set("P-0001", {"owner": "李工"}, expect=seen)
        other.note("P-0001", "已到货", expect=seen + 1)
        other.move("P-0001", "open", {"check_target": 2.0, "whys": ["涨了", "没扩"]}, expect=seen + 2)
    note = r"P-0001 was changed after you read version 2\. 李工 2026-03-01 \d\d:\d\d note \(notes: 已到货\); "
    state = r"李工 \S+ \S+ state \(check_target: – → 2, state: candidate → open, .*, whys: – → 涨了、没扩\)\. Nothing"
    with pytest.raises(RegisterError, match=note + state):
        two_problems.set("P-0001", {"owner": "王工"}, expect=seen + 1)
    with pytest.raises(RegisterError, match=r"P-0001 has version 4, not 9\. Read it again"):
        two_problems.set("P-0001", {"owner": "王工"}, expect=9)
    assert two_problems.problem("P-0001").owner == "李工"


def test_a_value_that_does_not_fit_its_field_is_refused_in_words(two_problems):
    with pytest.raises(RegisterError, match=r"The field due cannot be 'soon'; give a day such as 2026-03-01\."):
        two_problems.set("P-0001", {"due": "soon"})
    with pytest.raises(RegisterError, match=r"There is no field 'colour'\. Fields are: name, statement, "):
        two_problems.set("P-0001", {"colour": "red"})
    with pytest.raises(RegisterError, match=r"There is no problem P-0009\. List them"):
        two_problems.set("P-0009", {"owner": "王工"})


def test_notes_are_added_and_never_replaced(two_problems):
    two_problems.note("P-0001", "已约厂家", month="2026-03")
    two_problems.note("P-0001", "厂家已到场")
    notes = two_problems.problem("P-0001").notes
    assert [(one["who"], one["month"], one["text"]) for one in notes] == [
        ("王工", "2026-03", "已约厂家"),
        ("王工", "2026-03", "厂家已到场"),
    ]


def test_a_rehearsal_tells_what_would_happen_and_changes_nothing(two_problems, address):
    before = picture(two_problems)
    with open_register(address, Options(rehearse=True)) as rehearsal:
        done = rehearsal.merge(["P-0002"], "P-0001")
        assert (done.moved, done.problem.complaints) == (6, 12)
    assert picture(two_problems) == before
    assert two_problems.history("P-0002")[-1].what == "found"


def test_a_rehearsal_makes_no_register(tmp_path):
    with pytest.raises(RegisterError, match="There is no register at"):
        open_register(f"sqlite:///{tmp_path / 'x.db'}", Options(rehearse=True))
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_holds_what_matching_needs(two_problems):
    snapshot = two_problems.snapshot()
    first = snapshot.problems[0]
    assert (first.problem.id, len(first.members)) == ("P-0001", 6)
    assert first.members[identity_of("TS0")] == 1.0
    assert snapshot.event == two_problems.history("P-0002")[-1].id


def test_history_tells_who_did_what_under_both_ids(two_problems):
    two_problems.set("P-0002", {"owner": "李工"}, note="按会议决定")
    two_problems.merge(["P-0002"], "P-0001")
    events = [(one.what, one.who, one.note) for one in two_problems.history("P-0002")]
    assert events == [("found", "王工", ""), ("set", "王工", "按会议决定"), ("merge", "王工", "")]
    assert [one.what for one in two_problems.history("P-0001")] == ["found", "merge"]
    assert [one.what for one in two_problems.history("P-0001", limit=1)] == ["merge"]


def test_an_accepted_proposal_is_a_merge_and_a_refused_one_is_not_made_again(two_problems):
    guesses = [
        Guess("same", "P-0002", "P-0001", 0.6, ("7 complaints in common",)),
        Guess("split", "P-0001", "P-0002", 0.5),
    ]
    two_problems.add_run({}, [], Findings((), {}, guesses))
    first, second = two_problems.proposals()
    assert (first.problem, first.other, first.evidence) == ("P-0002", "P-0001", ("7 complaints in common",))
    two_problems.answer(second.id, accept=False)
    assert two_problems.add_run({}, [], Findings((), {}, guesses)).run is None
    assert two_problems.answer(first.id, accept=True).problem.complaints == 12
    assert two_problems.proposals() == []
    with pytest.raises(RegisterError, match=f"There is no open proposal {first.id}"):
        two_problems.answer(first.id, accept=True)
    assert two_problems.check() == []
