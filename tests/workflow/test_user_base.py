"""Rates per 10,000 users that genyin fills in: from a table of users, for the problem's own regions and days."""

import csv
from datetime import date

import pytest

from pipeline.errors import InputError, RegisterError
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.rows import Problem
from pipeline.register.store import open_register
from pipeline.workflow.register.checking_fixes import verify_problem
from pipeline.workflow.register.options import Surroundings, register_options
from pipeline.workflow.register.rate_words import rate_words
from pipeline.workflow.register.user_base import GivenUsers, RegionNames, UserTable
from pipeline.workflow.review.operator_lists import list_problems

HEADER = ("月份", "地市", "移动用户数", "宽带用户数")
ROWS = (
    ("2026-02", "临江市", 280_000, 30_000),
    ("2026-02", "平原", 100_000, 10_000),
    ("2026-03", "临江市", 310_000, 31_000),
    ("2026-03", "平原", 110_000, 11_000),
)
NETWORK = Problem("P-0001", category="network", cause="农村弱覆盖")
NO_BUSINESS = Problem("P-0001", category="network")


@pytest.fixture
def users(tmp_path):
    """Write a table of users."""

    def write(*rows):
        with (tmp_path / "users.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *(rows or ROWS)])
        return tmp_path / "users.csv"

    return write


def served(path, *regions, problem=NETWORK, first=date(2026, 3, 1), last=date(2026, 3, 30), **tables):
    return UserTable(path, RegionNames(), tables).served(problem, regions, first, last)


def test_the_users_of_days_are_those_of_their_months_weighted_with_their_days(users):
    found = served(users(), "临江", first=date(2026, 2, 27), last=date(2026, 3, 28))
    assert found.users == pytest.approx((2 * 280_000 + 28 * 310_000) / 30)
    assert found.months == {"2026-02": "2026-02", "2026-03": "2026-03"}
    assert (found.base, found.source) == ("mobile", "users.csv")


def test_all_regions_are_added_up(users):
    assert served(users()).users == 310_000 + 110_000
    assert served(users(), "临江", "平原").users == served(users()).users


@pytest.mark.parametrize(
    ("month", "used"), [("2026-04", "2026-03"), ("2027-01", "2026-03"), ("2026-01", "2026-02"), ("2026-03", "2026-03")]
)
def test_a_month_that_is_missing_has_the_users_of_the_nearest_before_it_else_after_it(users, month, used):
    first = date.fromisoformat(f"{month}-02")
    found = served(users(), "平原", first=first, last=first)
    assert found.months == {month: used}
    assert found.users == {"2026-02": 100_000, "2026-03": 110_000}[used]


@pytest.mark.parametrize(
    ("problem", "tables", "base"),
    [
        (Problem("P-1", category="network", cause="宽带频繁掉线"), {}, "broadband"),
        (Problem("P-1", category="installation", cause="上门爽约"), {}, "broadband"),
        (Problem("P-1", category="network", cause="IPTV卡顿"), {}, "mobile+broadband"),
        (NETWORK, {}, "mobile"),
        (Problem("P-1", category="billing"), {}, "mobile+broadband"),
        (Problem("P-1", category="billing"), {"user_rates": {"bases": {"billing": "mobile"}}}, "mobile"),
    ],
)
def test_the_base_is_that_of_the_problems_business_else_of_its_category(users, problem, tables, base):
    assert served(users(), problem=problem, **tables).base == base


def test_what_the_table_lacks_is_said_in_words(users):
    with pytest.raises(RegisterError, match=r"users\.csv has no users of 滨城 \(mobile\)\."):
        served(users(), "临江", "滨城")
    with pytest.raises(RegisterError, match=r"users\.csv has no users of the base tv\."):
        served(users(), problem=NO_BUSINESS, user_rates={"bases": {"network": "tv"}})
    with pytest.raises(RegisterError, match=r"users\.csv has no users of 平原 \(mobile\)\."):
        served(users(("2026-03", "平原", 0, 0)), "平原")
    path = users()
    path.write_text("月份,地市\n2026-03,平原\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column for users"):
        served(path)


def test_users_given_by_hand_are_taken_as_they_are():
    some = GivenUsers({"临江市": 3_000.0, "平原": 1_000.0}, RegionNames().name)
    assert some.served(NETWORK, ("临江",), date(2026, 1, 1), date(2026, 1, 2)).users == 3_000
    assert some.served(NETWORK, (), date(2026, 1, 1), date(2026, 1, 2)).users == 4_000
    with pytest.raises(RegisterError, match="The number of users is missing for: 滨城"):
        some.served(NETWORK, ("滨城",), date(2026, 1, 1), date(2026, 1, 2))
    with pytest.raises(RegisterError, match="The number of users must be above 0, not 0"):
        GivenUsers(0).served(NETWORK, (), date(2026, 1, 1), date(2026, 1, 2))


@pytest.fixture
def register(address, users):
    """P-0001: every third day of the first quarter to its end, two of three times in 临江市, else in 平原市."""
    days = [date.fromordinal(date(2026, 1, 3).toordinal() + 3 * i) for i in range(30)]
    complaints = [
        Arrival(
            f"A{i}",
            f"第{i}件",
            accepted=f"{day}T09:00:00",
            roles={"incident_region": "平原市" if i % 3 == 2 else "临江市"},
        )
        for i, day in enumerate(days)
    ]
    later = Arrival("B", "别的", accepted="2026-03-31T09:00:00")
    with open_register(address, register_options("王工", beside=Surroundings(users()))) as opened:
        found = Findings(
            [FoundProblem("one", "网络差", category="network")],
            {one.identity: {"one": 1.0} for one in complaints},
        )
        opened.add_run({}, [*complaints, later], found)
        yield opened


def test_opening_fills_in_count_and_rate_and_says_what_they_were_made_of(register):
    before = register.problem("P-0001")
    done = register.move("P-0001", "open")
    problem = done.problem
    # 2 to 31 March: ten complaints, 420,000 users with a telephone, 42,000 with broadband
    assert (problem.trigger_count, problem.trigger_rate) == (10, round(10 / 462_000 * 10_000, 6))
    facts = problem.rate_facts["trigger_rate"]
    assert (facts["from"], facts["to"], facts["users"]) == ("2026-03-02", "2026-03-31", 462_000)
    assert (facts["months"], facts["base"], facts["regions"]) == ({"2026-03": "2026-03"}, "mobile+broadband", [])
    said = rate_words(problem.rate_facts, "en")
    assert said == (
        "trigger rate: 10 complaints from 2026-03-02 to 2026-03-31 / 462,000 users on average x 10,000 "
        "(mobile+broadband users, users.csv: 2026-03)"
    )
    register.undo(done.event)
    assert register.problem("P-0001").rate_facts == before.rate_facts == {}
    assert register.check() == []


def test_a_scope_of_regions_limits_count_and_users(register):
    problem = register.move("P-0001", "open", {"scope": "平原市"}).problem
    assert (problem.trigger_count, problem.rate_facts["trigger_rate"]["users"]) == (4, 121_000)
    assert problem.trigger_rate == round(4 / 121_000 * 10_000, 6)
    assert "平原" in rate_words(problem.rate_facts, "zh")


@pytest.mark.parametrize("scope", ["全市", "平原和临江", "平原、火星"])
def test_a_scope_that_names_anything_else_means_all_regions(register, scope):
    assert register.move("P-0001", "open", {"scope": scope}).problem.rate_facts["trigger_rate"]["regions"] == []


def test_a_rate_that_somebody_gives_stays_and_has_no_grounds(register):
    given = register.move("P-0001", "open", {"trigger_rate": 1.5}).problem
    assert (given.trigger_count, given.trigger_rate, given.rate_facts) == (10, 1.5, {})


def test_a_rate_goes_with_the_count_that_somebody_gives(register):
    given = register.move("P-0001", "open", {"trigger_count": 40}).problem
    assert (given.trigger_count, given.trigger_rate) == (40, round(40 / 462_000 * 10_000, 6))
    later = register.set("P-0001", {"trigger_rate": 2}).problem
    assert (later.trigger_rate, later.rate_facts) == (2, {})


def test_without_users_of_a_region_the_rate_stays_empty_and_says_why(register, users):
    users(("2026-03", "平原", 110_000, 11_000))
    problem = register.move("P-0001", "open", {"scope": "临江"}).problem
    assert (problem.trigger_count, problem.trigger_rate) == (7, None)
    assert rate_words(problem.rate_facts, "zh") == "触发万投比：未知，users.csv 中没有 临江 (移动+宽带) 的用户数。"


def watch(register, **more):
    register.move("P-0001", "open")
    register.move("P-0001", "fixing", {"check_by": "rate", "check_target": 0.05, "due": "2026-02-01"})
    register.move("P-0001", "watching", {"fix_date": "2026-01-31", **more})


def test_a_check_by_rate_divides_each_window_by_its_own_users(register):
    watch(register)
    checked = verify_problem(register, "P-0001")
    # the days of January with the users of February, which stand in; 28 days of February and 31 of March
    assert checked.case.before.users == 420_000
    assert checked.case.after.users == pytest.approx((28 * 420_000 + 31 * 462_000) / 59)
    assert checked.verification.after == pytest.approx(
        checked.case.after.count / 59 * 30 / checked.case.after.users * 1e4
    )


def test_a_check_in_some_regions_is_held_against_the_users_of_the_others(register):
    watch(register, fix_regions=["临江"])
    after, before = verify_problem(register, "P-0001").case.controls
    assert (before.users, after.users) == (110_000, pytest.approx((28 * 110_000 + 31 * 121_000) / 59))
    assert before.count + after.count == 10


def test_a_judged_fix_has_its_second_rate_and_the_lists_show_both(register, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    watch(register)
    judged = register.move("P-0001", "rectifying").problem
    assert (judged.accept_count, judged.accept_rate) == (10, judged.trigger_rate)
    assert judged.rate_facts["accept_rate"] == judged.rate_facts["trigger_rate"]
    list_problems(tmp_path / "list.xlsx", "tracing", register)
    header, row = openpyxl.load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))
    assert (cells["触发万投比"], cells["验证万投比"]) == (judged.trigger_rate, judged.accept_rate)
    assert cells["备注"].startswith("触发万投比：2026-03-02 至 2026-03-31 投诉 10 件 ÷ 平均用户 462,000 户 × 10,000")


def test_a_table_that_cannot_be_used_stops_a_change_and_saves_nothing(register, users):
    users().write_text("月份,地市\n2026-03,平原\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"users\.csv has no column for users"):
        register.move("P-0001", "open")
    assert register.problem("P-0001").state == "candidate"
