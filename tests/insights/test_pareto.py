"""Rankings by rows, customers and effect, worked by hand; nothing counts twice; the story of the sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.cases import Missing
from pipeline.insights.pareto import MEASURES, ParetoOptions, pareto
from pipeline.insights.weighing import Weights, weigh
from tests.insights.invented import cases_of
from tests.insights.sample_cases import planted, sample_cases

PROBLEMS = [{"id": "A"}, {"id": "A1", "parent": "A"}, {"id": "B"}, {"id": "C"}]


def small():
    rows = [
        {"problem": "A", "customer": "h1", "tier": 0},
        {"problem": "A1", "customer": "h1", "tier": 0, "solved": "未解决"},
        {"problem": "A1", "customer": "h2", "tier": 7},
        {"problem": "B", "customer": "h2", "tier": 7, "satisfaction": "非常不满意", "escalated": True},
        {"problem": "B", "customer": "", "contact_role": "决策人", "tier": 5},
        {"problem": "", "customer": "h3"},
    ]
    return cases_of(rows, PROBLEMS)


def table(ranking):
    return [(one.rank, one.problem, one.value) for one in ranking.problems]


def test_every_complaint_counts_in_the_topmost_problem_only():
    found = pareto(small())
    assert table(found.by_rows) == [(1, "A", 3), (2, "B", 2)]
    assert (found.by_rows.total, found.by_rows.outside) == (6, 1)
    assert [one.share for one in found.by_rows.problems] == pytest.approx([3 / 6, 2 / 6])
    assert [one.cumulative for one in found.by_rows.problems] == pytest.approx([3 / 6, 5 / 6])
    assert found.parts == (("A1", "A"),)


def test_the_most_specific_problems_can_be_ranked_instead():
    found = pareto(small(), ParetoOptions(level="own"))
    assert table(found.by_rows) == [(1, "A1", 2), (2, "B", 2), (3, "A", 1)]
    assert found.parts == ()


def test_customers_count_once_per_problem_and_unknown_ones_each_for_themselves():
    found = pareto(small()).by_customers
    assert table(found) == [(1, "A", 2), (2, "B", 2)]
    # h1, h2, h3 and the unknown one
    assert (found.total, found.outside) == (4, 1)


def test_effect_is_the_worst_complaint_of_every_customer_times_its_weight():
    found = pareto(small()).by_effect
    # A: h1 weighs 1, its worst harm 2 (unsolved); h2 weighs 3. B: h2 3 x (1 + 1 + 1); the firm of 5 stars 2 x 10
    assert table(found) == [(1, "B", 29.0), (2, "A", 5.0)]
    # over all complaints h2 counts once, with its worst: 2 + 9 + 20 + 1
    assert (found.total, found.outside) == (32.0, 1.0)


def test_the_weights_are_options():
    even = Weights(tiers=(1.0,) * 8, enterprise=1.0, unsolved=0, unsatisfied=0, escalated=0)
    assert table(pareto(small(), ParetoOptions(weights=even)).by_effect) == [(1, "A", 2.0), (2, "B", 2.0)]


def test_an_enterprise_is_told_by_the_role_or_by_the_product():
    cases = cases_of(
        [{"product": "企业专线"}, {"product": "5G畅享99元"}, {"contact_role": "经办人"}, {"contact_role": "机主"}]
    )
    assert weigh(cases).enterprise.tolist() == [True, False, True, False]


def test_the_vital_few_reach_the_wanted_share_of_what_is_in_problems():
    rows = [{"problem": problem} for problem, count in (("A", 8), ("B", 1), ("C", 1)) for _ in range(count)]
    assert pareto(cases_of(rows, PROBLEMS)).by_rows.vital == 1
    assert pareto(cases_of(rows, PROBLEMS), ParetoOptions(vital=0.85)).by_rows.vital == 2


def test_what_a_dump_does_not_have_is_named():
    found = pareto(cases_of([{"problem": "A"}], PROBLEMS))
    assert Missing("customers", ("customer",)) in found.missing
    assert Missing("effect", ("tier", "solved", "satisfaction", "escalated")) in found.missing
    assert table(found.by_effect) == [(1, "A", 1.0)]


def test_an_empty_table_has_empty_rankings():
    found = pareto(cases_of([{"problem": ""}]))
    assert all(getattr(found, f"by_{one}").problems == () for one in MEASURES)
    assert found.by_rows.vital == 0


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "problem": st.sampled_from(["", "A", "A1", "B", "C"]),
            "customer": st.sampled_from(["", "h1", "h2", "h3"]),
            "tier": st.sampled_from([None, 0, 5, 7]),
            "escalated": st.booleans(),
        }
    ),
    min_size=1,
    max_size=30,
)


@given(ROWS, st.sampled_from(["top", "own"]))
def test_rows_add_up_and_shares_of_rows_to_one(rows, level):
    found = pareto(cases_of(rows, PROBLEMS), ParetoOptions(level=level))
    assert sum(one.value for one in found.by_rows.problems) + found.by_rows.outside == len(rows)
    for ranking in (found.by_rows, found.by_customers, found.by_effect):
        values = [one.value for one in ranking.problems]
        assert values == sorted(values, reverse=True)
        assert sum(values) + ranking.outside >= ranking.total - 1e-9


def test_the_construction_problem_is_in_the_top_three_by_effect_although_not_by_rows():
    cases = sample_cases()
    members = cases.frame[cases.frame["id"].isin(planted("construction"))]
    construction = members["problem"].astype(str).value_counts().index[0]
    found = pareto(cases)
    assert construction in [one.problem for one in found.by_effect.problems[:3]]
    place = next(one.rank for one in found.by_rows.problems if one.problem == construction)
    assert place > 20
    # 1,522 complaints, each in one problem or none
    assert sum(one.value for one in found.by_rows.problems) + found.by_rows.outside == len(cases) == 1522
