"""Checks of fixes against complaints whose days are known."""

from datetime import date, timedelta

import pytest

from pipeline.errors import RegisterError
from pipeline.insights.verifying import Window
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.workflow.register.checking_fixes import verify_problem
from pipeline.workflow.review.telling import kept_of

FIXED = date(2026, 4, 1)


def days(start, count, step):
    return [start + timedelta(days=step * i) for i in range(count)]


@pytest.fixture
def watched(register):
    """Load complaints on some days (region by day) and put the problem they make up under watch."""

    def make(told, **more):
        complaints = [
            Arrival(f"A{i}", f"第{i}件", accepted=f"{day}T09:00:00", roles={"incident_region": region})
            for i, (day, region) in enumerate(told)
        ]
        # the data go on to the end of June, whatever the problem does
        others = [Arrival(f"B{i}", "别的", accepted=f"{day}T09:00:00") for i, day in enumerate(days(FIXED, 4, 30))]
        places = {one.identity: {"one": 1.0} for one in complaints}
        loaded = register.add_run({}, [*complaints, *others], Findings([FoundProblem("one", "自动续订")], places))
        problem = loaded.ids["one"]
        plan = {"check_by": "volume", "check_target": 2, "due": "2026-04-01"}
        register.move(problem, "analysing")
        register.move(problem, "fixing", {**plan, **more})
        register.move(problem, "watching", {"fix_date": FIXED})
        return register, problem

    return make


def test_a_fix_that_helped_closes_the_problem_with_the_facts(watched):
    before = [(day, "临江市") for day in days(date(2026, 1, 1), 30, 3)]
    register, problem = watched([*before, (FIXED, "临江市"), (date(2026, 5, 5), "临江市")])
    checked = verify_problem(register, problem, users=20_000)
    assert checked.moved == checked.problem.state == "closed"
    facts = checked.problem.verification
    assert facts["answer"] == "verified"
    # ninety days after the last day of the data, whenever they are loaded
    assert (facts["as_of"], checked.problem.look_back) == ("2026-06-30", "2026-09-28")
    # the day of the fix belongs to the time before it: January to March and one day
    assert (facts["before"]["complaints"], facts["before"]["days"]) == (31, 91)
    assert (facts["after"]["complaints"], facts["after"]["days"]) == (1, 90)
    assert (checked.problem.accept_count, checked.problem.accept_rate) == (0, 0.0)
    assert register.history(problem)[-1].who == "genyin"
    assert kept_of(register)[problem].fields["check"] == "verified"
    register.move(problem, "rectifying")
    assert "check" not in kept_of(register)[problem].fields


def test_a_fix_that_did_not_help_goes_back_to_its_owner(watched):
    register, problem = watched([(day, "临江市") for day in days(date(2026, 1, 1), 60, 3)])
    checked = verify_problem(register, problem)
    assert checked.moved == checked.problem.state == "rectifying"
    assert checked.problem.verification["answer"] == "no_change"
    again = verify_problem(register, problem)
    assert (again.moved, again.verification) == ("", checked.verification)


def test_a_relapse_goes_back_to_its_owner_and_is_told_first(watched):
    before = [(day, "临江市") for day in days(date(2026, 1, 1), 90, 1)]
    june = [(day, "临江市") for day in days(date(2026, 6, 8), 12, 2)]
    register, problem = watched([*before, (date(2026, 4, 20), "临江市"), *june], check_target=5)
    checked = verify_problem(register, problem)
    assert checked.verification.target_met
    assert checked.verification.answer.value == checked.problem.verification["answer"] == "relapsed"
    assert checked.moved == "rectifying"
    assert checked.verification.reasons[0].startswith("the problem came back: 12 complaints from 2026-06-0")
    assert "chance does not explain the fall" not in checked.verification.reasons
    # before June nobody could know
    assert verify_problem(register, problem, as_of=date(2026, 5, 31)).verification.answer.value == "verified"


def test_too_early_changes_nothing(watched):
    register, problem = watched([(day, "临江市") for day in days(date(2026, 1, 1), 30, 3)])
    checked = verify_problem(register, problem, as_of=FIXED + timedelta(days=2))
    assert (checked.moved, checked.problem.verification) == ("", {})
    assert checked.problem == register.problem(problem)
    assert checked.verification.more_weeks


def test_untouched_regions_tell_a_fix_from_a_season(watched):
    season = [(day, region) for day in days(date(2026, 1, 1), 45, 2) for region in ("临江市", "滨城市")]
    fall = [(day, region) for day in days(date(2026, 4, 10), 4, 20) for region in ("临江市", "滨城市")]
    register, problem = watched([*season, *fall], fix_regions=["临江市"], check_target=4)
    checked = verify_problem(register, problem)
    assert "untouched regions" in checked.verification.reasons[0]
    assert checked.verification.answer.value != "verified"
    register.set(problem, {"fix_regions": []})
    assert verify_problem(register, problem).verification.answer.value == "verified"


def test_a_target_by_rate_needs_users(watched):
    told = [(day, "临江市") for day in days(date(2026, 1, 1), 30, 3)]
    register, problem = watched(told, check_by="rate", fix_regions=["临江市"])
    with pytest.raises(RegisterError, match="give a table of users"):
        verify_problem(register, problem)
    with pytest.raises(RegisterError, match="users is missing for: 临江市"):
        verify_problem(register, problem, users={"滨城市": 10_000})
    checked = verify_problem(register, problem, users={"临江市": 10_000, "滨城市": 90_000})
    assert checked.verification.before == pytest.approx(30 / 91 * 30)


def test_without_a_fix_date_there_is_nothing_to_check(register):
    loaded = register.add_run(
        {}, [Arrival("A", "甲")], Findings([FoundProblem("a", "甲")], {Arrival("A", "").identity: {"a": 1.0}})
    )
    with pytest.raises(RegisterError, match="P-0001 has no fix date"):
        verify_problem(register, loaded.ids["a"])
    register.set(loaded.ids["a"], {"fix_date": "2026-01-01"})
    with pytest.raises(RegisterError, match="No complaint of the register has a time"):
        verify_problem(register, loaded.ids["a"])


def test_months_that_were_never_loaded_are_no_calm(watched, register):
    january = [(day, "临江市") for day in days(date(2026, 1, 1), 60, 1) for _ in range(2)]
    register, problem = watched(january, fix_date=FIXED)
    # of April nothing is loaded but the other things that people complain of every month
    assert verify_problem(register, problem).moved == "closed"
    late = [
        Arrival(f"C{i}", "别的", accepted=f"{day}T09:00:00") for i, day in enumerate(days(date(2026, 12, 1), 20, 1))
    ]
    register.add_run({}, late, Findings([], {}))
    checked = verify_problem(register, problem)
    assert checked.case.after.days == 90 + 20
    assert "the register has no data of 2026-07-01 to 2026-11-30; these days are not counted" in (
        checked.verification.reasons
    )


def of_region(name, told, region):
    """Other complaints of a region."""
    return [
        Arrival(f"{name}{i}", "别的", accepted=f"{day}T09:00:00", roles={"incident_region": region})
        for i, day in enumerate(told)
    ]


def test_weeks_that_were_not_loaded_of_a_region_are_no_calm_there(watched, register):
    """Three complaints in four come from a region of which nothing is loaded after the fix: it did not help."""
    before = [(day, "滨城市") for day in days(date(2026, 1, 1), 90, 1) for _ in range(3)]
    before += [(day, "临江市") for day in days(date(2026, 1, 1), 90, 1)]
    after = [(day, "临江市") for day in days(FIXED + timedelta(days=1), 90, 1)]
    register, problem = watched([*before, *after], check_target=40)
    span = days(date(2026, 1, 1), 181, 1)
    here = [*of_region("C", span, "临江市"), *of_region("D", span[:60], "滨城市")]
    register.add_run({}, here, Findings([], {}))
    checked = verify_problem(register, problem, as_of=date(2026, 6, 30))
    # the share of the region that was loaded
    here = (90 / 91) / (90 / 91 + 3)
    assert checked.case.after == Window(90, pytest.approx(90 * here, abs=1e-5))
    assert checked.case.before == Window(360, pytest.approx(91 * here + 90 * (1 - here), abs=1e-5))
    assert checked.verification.answer.value != "verified"
    assert checked.moved == "rectifying"
    assert "the register has no data of 滨城市 from 2026-04-01 to 2026-06-30; these days are not counted there" in (
        checked.verification.reasons
    )


def test_a_region_that_is_loaded_and_calm_is_verified(watched, register):
    before = [(day, "滨城市") for day in days(date(2026, 1, 1), 90, 1)]
    register, problem = watched(before)
    register.add_run({}, of_region("C", days(date(2026, 1, 1), 60, 3), "滨城市"), Findings([], {}))
    checked = verify_problem(register, problem)
    assert (checked.moved, checked.case.after.days) == ("closed", 90)


def test_without_data_of_its_region_after_the_fix_it_is_too_early(watched, register):
    register, problem = watched([(day, "滨城市") for day in days(date(2026, 1, 1), 90, 1)])
    span = days(date(2026, 1, 1), 181, 1)
    others = [*of_region("C", span, "临江市"), *of_region("D", span[:90], "滨城市")]
    register.add_run({}, others, Findings([], {}))
    checked = verify_problem(register, problem)
    assert (checked.moved, checked.verification.answer.value) == ("", "too_early")
    assert checked.verification.reasons == (
        "the register holds no complaints of the days after the fix (2026-04-01) from the regions of the problem; load "
        "those days first",
        "the register has no data of 滨城市 from 2026-04-01 to 2026-06-30; these days are not counted there",
    )


def test_without_data_after_the_fix_it_is_too_early(register):
    told = [Arrival(f"A{i}", f"第{i}件", accepted=f"{day}T09:00:00") for i, day in enumerate(days(FIXED, 40, -1))]
    found = Findings([FoundProblem("one", "自动续订")], {one.identity: {"one": 1.0} for one in told})
    problem = register.add_run({}, told, found).ids["one"]
    register.set(problem, {"fix_date": FIXED})
    checked = verify_problem(register, problem, as_of=date(2026, 9, 1))
    assert checked.verification.answer.value == "too_early"
    assert checked.verification.reasons == (
        "the register holds no complaints of the days after the fix (2026-04-01), its data end on 2026-04-01; load "
        "those days first",
    )
    with pytest.raises(RegisterError, match="2026-04-01 is not after the fix of P-0001"):
        verify_problem(register, problem, as_of=FIXED)
