"""Priority = impact x urgency: the matrix, the points, the person's word, the reasons."""

from dataclasses import replace

import pytest

from pipeline.insights.cases import Missing
from pipeline.insights.priority import PriorityOptions, priority, read_priority
from pipeline.insights.urgency import Reason, Urgency
from pipeline.insights.weighing import Weights
from tests.insights.invented import cases_of, day


def steady(problem, weeks=30, each=1, start=0, **cells):
    return [
        {"problem": problem, "accepted": day(start + 7 * week), "customer": f"{problem}-{week}-{i}", **cells}
        for week in range(weeks)
        for i in range(each)
    ]


def only(cases, options=None):
    return {one.problem: one for one in priority(cases, options or PriorityOptions()).problems}


def test_impact_is_the_share_of_weighted_customers():
    rows = [
        {"problem": "A", "customer": "h1", "tier": 7},
        {"problem": "A", "customer": "h1", "tier": 7},
        {"problem": "B", "customer": "h2", "contact_role": "决策人"},
        *[{"problem": "C", "customer": f"c{i}"} for i in range(87)],
    ]
    found = only(cases_of(rows, [{"id": one} for one in "ABC"]))
    # h1 weighs 3, h2 10, the others 1 each: 100 in all
    assert {one: found[one].weighted_customers for one in found} == {"A": 3.0, "B": 10.0, "C": 87.0}
    assert found["A"].impact_share == pytest.approx(0.03)
    assert [found[one].impact for one in "ABC"] == ["high", "high", "high"]
    assert (found["A"].customers, found["A"].complaints) == (1, 2)
    assert Reason("enterprise", 1.0) in found["B"].reasons
    assert Reason("high_tier", 1.0) in found["A"].reasons


def test_levels_of_impact_begin_where_the_options_say():
    rows = [
        *[{"problem": "A", "customer": f"a{i}"} for i in range(3)],
        *[{"problem": "B", "customer": "b"}],
        *[{"customer": f"c{i}"} for i in range(96)],
    ]
    cases = cases_of(rows, [{"id": "A"}, {"id": "B"}])
    assert [only(cases)[one].impact for one in "AB"] == ["high", "medium"]
    stricter = PriorityOptions(high_impact=0.05, medium_impact=0.02)
    assert [only(cases, stricter)[one].impact for one in "AB"] == ["medium", "low"]


def test_the_matrix_joins_impact_and_urgency():
    customers = {"high": 50, "medium": 20, "low": 5}
    marks = {"high": ("regressed",), "medium": ("new",), "low": ()}
    rows = [
        {"problem": f"{impact}-{urgency}", "customer": f"{impact}-{urgency}-{i}"}
        for impact, count in customers.items()
        for urgency in marks
        for i in range(count)
    ]
    rows += [{"customer": f"other-{i}"} for i in range(1000 - len(rows))]
    problems = [{"id": f"{impact}-{urgency}", "marks": marks[urgency]} for impact in customers for urgency in marks]
    found = only(cases_of(rows, problems))
    assert all(one.problem == f"{one.impact}-{one.urgency}" for one in found.values())
    assert {one: found[one].priority for one in found} == {
        "high-high": 1,
        "high-medium": 2,
        "medium-high": 2,
        "high-low": 3,
        "medium-medium": 3,
        "low-high": 3,
        "medium-low": 4,
        "low-medium": 4,
        "low-low": 5,
    }
    assert [found[one].rank for one in ("high-high", "low-low")] == [1, 9]


def test_marks_of_the_register_give_points():
    problems = [{"id": "A", "marks": ("regressed",)}, {"id": "B", "marks": ("growing", "new")}, {"id": "C"}]
    rows = [{"problem": one, "customer": one} for one in "ABC"]
    found = only(cases_of(rows, problems))
    assert [(one, found[one].urgency_points, found[one].urgency) for one in "ABC"] == [
        ("A", 3.0, "high"),
        ("B", 3.0, "high"),
        ("C", 0.0, "low"),
    ]
    assert [one.code for one in found["B"].reasons if one.points] == ["growing", "new"]


def test_without_a_register_growth_is_read_off_the_dump():
    rows = [*steady("A", each=2), *steady("A", weeks=4, each=8, start=7 * 26), *steady("B", each=2)]
    found = only(cases_of(rows, [{"id": "A"}, {"id": "B"}]))
    growing = [one for one in found["A"].reasons if one.code == "growing"]
    assert growing[0].points == 2.0
    assert growing[0].figure > 3
    assert not [one for one in found["B"].reasons if one.points]


def test_escalation_counts_more_when_it_is_frequent_beyond_chance():
    rows = [
        *[{"problem": "A", "customer": f"a{i}", "escalated": i < 8} for i in range(10)],
        *[{"problem": "B", "customer": f"b{i}", "escalated": i < 2} for i in range(90)],
        *[{"problem": "C", "customer": f"c{i}", "escalated": i < 1} for i in range(20)],
    ]
    found = only(cases_of(rows, [{"id": one} for one in "ABC"]))
    signs = {one: [(sign.code, sign.points) for sign in found[one].reasons if sign.points] for one in "ABC"}
    assert signs == {"A": [("escalated_often", 2.0)], "B": [("escalated", 1.0)], "C": []}
    share = next(one.figure for one in found["A"].reasons if one.code == "escalated_often")
    assert share == pytest.approx(0.8)


def test_customers_who_say_that_they_will_leave_are_a_sign_but_not_those_who_say_they_will_not():
    rows = [
        *[{"problem": "A", "customer": f"a{i}", "text": "再修不好就转网"} for i in range(3)],
        *[{"problem": "B", "customer": f"b{i}", "text": "不想转网,只想修好"} for i in range(3)],
        *[{"customer": f"c{i}", "text": "宽带断了"} for i in range(60)],
    ]
    found = only(cases_of(rows, [{"id": "A"}, {"id": "B"}]))
    assert [one.code for one in found["A"].reasons if one.points] == ["leaving_often"]
    assert [one.code for one in found["B"].reasons if one.points] == []


def test_a_persons_priority_wins_and_is_shown_as_such():
    rows = [*[{"problem": "A", "customer": f"a{i}"} for i in range(50)], {"problem": "B", "customer": "b"}]
    found = priority(cases_of(rows, [{"id": "A"}, {"id": "B", "priority": "P1"}])).problems
    assert [(one.rank, one.problem, one.priority, one.overridden) for one in found] == [
        (1, "B", 1, True),
        (2, "A", 3, False),
    ]
    assert (found[0].override, found[0].computed) == ("P1", 4)


def test_a_word_without_a_number_is_kept_beside_the_computed_priority():
    (one,) = priority(cases_of([{"problem": "A"}], [{"id": "A", "priority": "see minutes"}])).problems
    assert (one.overridden, one.override, one.priority == one.computed) == (True, "see minutes", True)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("P2", 2),
        ("p 3", 3),
        ("高", 2),
        ("高优先级", 2),
        ("紧急", 1),
        ("5级", 5),
        ("２", 2),
        ("12", None),
        ("下周", None),
    ],
)
def test_priorities_as_people_write_them(words, wanted):
    assert read_priority(words) == wanted


def test_parts_are_counted_in_their_problem_and_not_ranked_beside_it():
    rows = [{"problem": "A", "customer": "a"}, {"problem": "A1", "customer": "b"}, {"problem": "A1", "customer": "a"}]
    (one,) = priority(cases_of(rows, [{"id": "A"}, {"id": "A1", "parent": "A", "priority": "P1"}])).problems
    assert (one.problem, one.customers, one.complaints, one.overridden) == ("A", 2, 3, False)


def test_weights_and_points_are_options():
    cases = cases_of([{"problem": "A", "customer": "a", "tier": 7}], [{"id": "A", "marks": ("new",)}])
    heavy = PriorityOptions(weights=replace(Weights(), tiers=(1.0,) * 7 + (9.0,)), urgency=Urgency(new=5.0))
    found = only(cases, heavy)["A"]
    assert (found.weighted_customers, found.urgency_points, found.urgency) == (9.0, 5.0, "high")


def test_what_a_dump_does_not_have_is_named():
    found = priority(cases_of([{"problem": "A"}], [{"id": "A"}]))
    assert found.missing == (
        Missing("impact", ("customer", "tier", "contact_role", "product")),
        Missing("urgency", ("accepted", "escalated", "text")),
    )
