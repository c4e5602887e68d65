"""Dumps that come month by month or week by week, and the problems that live on from one to the next."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.register.arriving import identity_of
from pipeline.register.store import Options, open_register
from pipeline.workflow.problems import ProblemOptions, group_complaints
from pipeline.workflow.register.checking_fixes import verify_problem
from tests.register.invented import picture
from tests.workflow.conftest import groups_by_id, pairs, part

MONTHS = np.arange("2026-01", "2026-07", dtype="datetime64[M]")


def owners(register):
    """The problems of each complaint."""
    found = {}
    for known in register.snapshot().problems:
        for identity in known.members:
            found.setdefault(identity, set()).add(known.problem.id)
    return found


def home(register, members):
    """The problem that most of these complaints belong to, and how many of them."""
    of = owners(register)
    votes = Counter(problem for one in members for problem in of.get(identity_of(one), ()))
    return votes.most_common(1)[0] if votes else ("", 0)


def at(address, day):
    clock = lambda: datetime.combine(day, datetime.min.time(), UTC)  # noqa: E731
    return open_register(address, Options(who="王工", clock=clock))


@pytest.fixture(scope="module")
def by_month(sample, story, tmp_path_factory):
    """The sample loaded month by month, the automatic renewals being fixed at the end of March; what was seen."""
    address = f"sqlite:///{tmp_path_factory.mktemp('by_month') / 'register.db'}"
    months = sample.complaints.times.astype("datetime64[M]")
    seen = []
    for month in MONTHS:
        with at(address, (month + 1).astype("datetime64[D]").item()) as register:
            change = sample.load(register, months == month)
            homes = {name: home(register, members) for name, members in story.items()}
            renewals = homes["autorenew"][0]
            seen.append(SimpleNamespace(change=change, homes=homes, renewals=register.problem(renewals)))
            if month == MONTHS[2]:
                plan = {"check_by": "volume", "check_target": 3, "due": "2026-04-01", "measure": "到期提醒并停扣"}
                register.move(renewals, "analysing")
                register.move(renewals, "fixing", plan)
                register.move(renewals, "watching", {"fix_date": "2026-03-31"})
    return SimpleNamespace(address=address, seen=seen)


@pytest.mark.parametrize(
    ("planted", "from_month", "least"),
    [("autorenew", 0, 0.8), ("outage", 4, 0.9), ("campaign", 2, 1.0), ("construction", 3, 0.8)],
)
def test_every_planted_problem_keeps_one_id_from_its_first_month_to_the_last(
    by_month, story, planted, from_month, least
):
    homes = [one.homes[planted] for one in by_month.seen]
    (problem,) = {name for name, _ in homes[from_month:]}
    assert problem
    assert [count for _, count in homes[:from_month]] == [0] * from_month
    assert homes[-1][1] >= least * len(story[planted])


def test_the_renewals_are_fixed_watched_verified_and_come_back_in_the_right_months(by_month):
    states = [one.renewals.state for one in by_month.seen]
    assert states == ["candidate", "candidate", "candidate", "closed", "closed", "closed"]
    problem = by_month.seen[0].renewals.id
    assert [problem in one.change.verified for one in by_month.seen] == [False, False, False, True, False, False]
    assert [problem in one.change.regressed for one in by_month.seen] == [False] * 5 + [True]
    assert by_month.seen[-1].renewals.marks == ("regressed",)
    facts = by_month.seen[3].renewals.verification
    assert (facts["answer"], facts["as_of"], facts["fix_date"]) == ("verified", "2026-04-30", "2026-03-31")
    assert facts["target"] == {"by": "volume", "value": 3, "met": True}
    assert by_month.seen[3].renewals.accept_count <= 3


def test_the_move_after_a_check_is_told_as_done_by_the_machine(by_month):
    with open_register(by_month.address, Options(create=False)) as register:
        events = register.history(by_month.seen[0].renewals.id)
        moves = [(one.who, one.after["problems"][one.problem]["state"]) for one in events if one.what == "state"]
    assert moves == [("王工", "analysing"), ("王工", "fixing"), ("王工", "watching"), ("genyin", "closed")]


def test_what_changed_is_told_in_one_line(by_month):
    lines = [one.change.line("en") for one in by_month.seen]
    assert "verified 1" in lines[3]
    assert "regressed 1" in lines[5]
    assert "验证通过 1" in by_month.seen[3].change.line("zh")
    assert all(one.change.loaded == one.change.rows - one.change.repeated for one in by_month.seen)


def test_the_same_dump_again_changes_nothing(by_month, sample):
    months = sample.complaints.times.astype("datetime64[M]")
    with open_register(by_month.address, Options(create=False)) as register:
        before = picture(register), register.proposals(), len(register.runs())
        for month in (MONTHS[5], MONTHS[1]):
            change = sample.load(register, months == month)
            assert (change.run, change.line()) == (None, "unchanged")
        assert (picture(register), register.proposals(), len(register.runs())) == before
        assert register.check() == []


def test_where_slices_end_makes_no_difference(by_month, sample, story, tmp_path):
    """Three and four weeks in turn instead of months."""
    days = sample.complaints.times.astype("datetime64[D]")
    ends = np.datetime64("2025-12-29") + 7 * np.cumsum([3, 4] * 4).astype("timedelta64[D]")
    slice_of = np.searchsorted(ends, days, side="right")
    homes = []
    with open_register(f"sqlite:///{tmp_path / 'weeks.db'}", Options(who="王工")) as weekly:
        for number in np.unique(slice_of):
            sample.load(weekly, slice_of == number)
            homes.append({name: home(weekly, members) for name, members in story.items()})
        of_weeks = owners(weekly)
    for name in story:
        ids = [one[name][0] for one in homes if one[name][1] >= 3]
        assert len(set(ids)) == 1, name
    with open_register(by_month.address, Options(create=False)) as monthly:
        of_months = owners(monthly)
    for name, members in story.items():
        problem = by_month.seen[-1].homes[name][0]
        here = [problem in of_months.get(identity_of(one), ()) for one in members]
        there = [homes[-1][name][0] in of_weeks.get(identity_of(one), ()) for one in members]
        assert sum(a == b for a, b in zip(here, there, strict=True)) >= 0.9 * len(members), name


def test_two_registers_of_the_same_month_are_alike_on_every_database(register, sample):
    january = sample.complaints.times < np.datetime64("2026-01-15")
    first = sample.load(register, january)
    assert len(first.new) == len(register.problems())
    assert sample.load(register, january).run is None
    assert register.check() == []
    assert all(problem.profile["terms"] for problem in register.problems() if problem.complaints)


def test_a_rehearsed_run_writes_nothing(sample, tmp_path):
    address = f"sqlite:///{tmp_path / 'register.db'}"
    half = sample.complaints.times < np.datetime64("2026-01-15")
    with open_register(address, Options(who="王工")) as register:
        sample.load(register, half)
        before = picture(register), len(register.runs())
    with open_register(address, Options(who="王工", rehearse=True)) as register:
        change = sample.load(register, sample.complaints.times < np.datetime64("2026-02-01"))
        assert change.new
        assert (picture(register), len(register.runs())) == before


def test_two_people_who_load_at_once_do_not_make_the_same_problem_twice(address, sample):
    """The second to write notices that the register has changed since it was matched, and matches again."""
    days = sample.complaints.times.astype("datetime64[D]")
    halves = [days < np.datetime64("2026-01-20"), (days >= np.datetime64("2026-01-20")) & (days < MONTHS[1])]
    open_register(address).close()

    def load(where):
        with open_register(address, Options(who="王工")) as register:
            return sample.load(register, where, grouping=group_complaints(part(sample.complaints, where)))

    with ThreadPoolExecutor(2) as pool:
        changes = list(pool.map(load, halves))
    assert [one.loaded for one in changes] == [int(half.sum()) for half in halves]
    with open_register(address) as register:
        # a cause is one problem; a part of it that the first to write has found may stand below it
        causes = Counter(one.cause for one in register.problems() if one.kind == "cause" and not one.parent)
        assert causes.total() > 10
        assert set(causes.values()) == {1}
        assert register.check() == []


def test_merged_problems_stay_merged_and_parts_stay_apart_on_later_runs(sample, tmp_path):
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as register:
        january = sample.complaints.times < np.datetime64("2026-02-01")
        sample.load(register, january)
        first, second, third = [one for one in register.problems() if not one.parent][:3]
        register.merge([second.id], first.id)
        ids = {one.complaint.identity for one in register.members(first.id)}
        sizes = len(register.problems())
        phrase = most_telling(register, third)
        apart = register.split(third.id, phrase=phrase, name="分出来的").problem
        parted = {one.complaint.identity for one in register.members(apart.id)}
        sample.load(register, sample.complaints.times < np.datetime64("2026-02-08"))
        assert register.problem(second.id).id == first.id
        # a week more may make another cause likelier for one of them; what was merged does not come apart
        assert len(ids - {one.complaint.identity for one in register.members(first.id)}) <= 1
        assert second.cause not in {one.cause for one in register.problems() if one.id != first.id}
        assert parted <= {one.complaint.identity for one in register.members(apart.id)}
        assert register.problem(apart.id).name == "分出来的"
        assert not [one for one in register.proposals() if {one.problem, one.other} == {third.id, apart.id}]
        assert sizes <= len(register.problems())


def most_telling(register, problem):
    """Two characters that some, but not all, of a problem's complaints hold."""
    texts = [one.complaint.text for one in register.members(problem.id)]
    pairs = Counter(pair for text in texts for pair in {text[i : i + 2] for i in range(len(text) - 1)})
    return min(pair for pair, count in pairs.items() if count == len(texts) // 2 and pair.isalnum())


def test_what_somebody_has_opened_keeps_name_and_whole_while_the_sample_comes_in(sample, tmp_path):
    """Half the problems of each month are taken on."""
    months = sample.complaints.times.astype("datetime64[M]")
    opened = {}
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as register:
        for month in MONTHS[:3]:
            sample.load(register, months == month)
            for number, one in enumerate(sorted(register.problems(), key=lambda one: one.id)):
                if number % 2 == 0 and one.id not in opened:
                    register.set(one.id, {"owner": "李工"})
                    opened[one.id] = one.name, one.parent
            assert {one: kept(register, one) for one in opened} == opened
        asked = [one for one in register.proposals() if one.kind == "part"]
        assert all(one.problem in opened and opened[one.problem][1] != one.other for one in asked)
        before = picture(register), register.proposals()
        assert sample.load(register, months == MONTHS[1]).run is None
        assert (picture(register), register.proposals()) == before
        assert register.check() == []


def kept(register, problem):
    found = register.problem(problem)
    return found.name, found.parent


@pytest.mark.real_data
def test_real_problems_keep_their_id_while_data_come_in_and_split_when_told_finely(civic, tmp_path):
    months = civic.complaints.times.astype("datetime64[M]")
    ends = np.unique(months)[3::4]
    kept, before = Counter(), {}
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as register:
        for end in [*ends, months.max()]:
            after = groups_by_id(civic, register, months <= end)
            kept.update(one == other for one, other in pairs(before, after))
            before = after
        assert kept[True] >= 0.95 * kept.total() > 100
        fine = groups_by_id(civic, register, months <= months.max(), ProblemOptions(granularity="fine"))
        found = Counter(one == other for one, other in pairs(before, fine))
        assert found[True] >= 0.95 * found.total() > 50
        grouped = set().union(*before.values())
        # what comes out of a known problem names it; what was in none is a find
        fresh = {one for one in fine.keys() - before.keys() if fine[one] & grouped}
        assert fresh
        assert all(register.problem(one).parent for one in fresh)


@pytest.mark.real_data
def test_real_problems_keep_their_id_when_a_third_more_messages_come(civic, tmp_path):
    third = np.random.default_rng(1).random(len(civic.complaints)) < 1 / 3
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as register:
        before = groups_by_id(civic, register, ~third)
        after = groups_by_id(civic, register, third | ~third)
    kept = Counter(one == other for one, other in pairs(before, after))
    assert kept[True] >= 0.95 * kept.total() > 40


def test_a_fix_in_some_regions_is_held_against_the_others(sample, tmp_path):
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as register:
        sample.load(register, sample.complaints.times < np.datetime64("2026-02-01"))
        problem = register.problems()[0]
        regions = {one.complaint.roles.get("incident_region", "") for one in register.members(problem.id)}
        register.set(problem.id, {"fix_date": "2026-01-20", "fix_regions": [min(regions - {""})]})
        checked = verify_problem(register, problem.id, as_of=date(2026, 1, 31))
        assert checked.moved == ""
        assert checked.problem.state == "candidate"
        everywhere = verify_problem(register, problem.id, users={min(regions - {""}): 5_000.0})
        assert everywhere.verification.before == checked.verification.before
        shorter = verify_problem(register, problem.id, as_of=date(2026, 1, 20) + timedelta(days=2))
        assert shorter.verification.answer.value == "too_early"
