"""What drives a problem: exact chances, false discoveries, redundancy, counter-examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from statsmodels.stats.multitest import multipletests

from pipeline.insights.cases import Missing
from pipeline.insights.drivers import DriversOptions, drivers
from pipeline.insights.overlap import adjusted, chance_of_overlap
from tests.insights.invented import cases_of
from tests.insights.sample_cases import planted, sample_cases

# the 15 tests of the heart attack trial in Benjamini & Hochberg 1995: at 5 % the first four are discoveries
TRIAL = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1,
]


def test_the_published_trial_has_four_discoveries():
    q = adjusted(np.array(TRIAL), 15)
    assert (q <= 0.05).sum() == 4
    np.testing.assert_allclose(q, multipletests(TRIAL, method="fdr_bh")[1])
    np.testing.assert_allclose(adjusted(np.array(TRIAL), 15, True), multipletests(TRIAL, method="fdr_by")[1])


def test_chances_left_out_because_they_are_large_change_nothing():
    np.testing.assert_allclose(adjusted(np.array(TRIAL[:9]), 15)[:4], adjusted(np.array(TRIAL), 15)[:4])


def test_chances_are_those_of_fisher_and_scipy():
    # Fisher 1935: all four cups of tea right, 1 in 70
    assert chance_of_overlap(4, 4, 4, 8)[0] == pytest.approx(1 / 70)
    found = chance_of_overlap([30, 5, 900], [100, 8, 2000], [200, 50, 30_000], [1500, 1500, 1_000_000])
    wanted = [
        hypergeom.sf(k - 1, *rest) for k, *rest in [(30, 1500, 100, 200), (5, 1500, 8, 50), (900, 10**6, 2000, 30_000)]
    ]
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


@given(st.integers(1, 400), st.data())
def test_chances_are_exact_wherever_they_are_asked_for(whole, data):
    one, other = (data.draw(st.integers(0, whole)) for _ in range(2))
    shared = data.draw(st.integers(0, min(one, other) + 1))
    assert chance_of_overlap(shared, one, other, whole)[0] == pytest.approx(
        hypergeom.sf(shared - 1, whole, one, other), rel=1e-8
    )


def some(count, problem="", **cells):
    return [{"problem": problem, **cells} for _ in range(count)]


PROBLEMS = [{"id": "P"}, {"id": "P1", "parent": "P"}]


def parts(found):
    return {one.parts: one for one in found.drivers}


def background():
    return [
        one
        for region in ("滨城", "北屯", "东港", "临江")
        for channel in ("热线", "营业厅")
        for one in some(50, region=region, channel=channel)
    ]


def test_figures_of_one_driver_worked_by_hand():
    rows = [
        *background(),
        *some(20, "P", region="滨城", channel="热线"),
        *some(20, "P", region="滨城", channel="营业厅"),
        *some(10, "P", region="北屯", channel="热线"),
    ]
    found = parts(drivers(cases_of(rows, PROBLEMS)))[("region", "滨城"),]
    # 450 complaints, 140 of the region, 50 of the problem, 40 of both
    assert (found.shared, found.problem_outside, found.without_problem) == (40, 10, 100)
    assert found.lift == pytest.approx((40 / 50) / (140 / 450))
    assert found.support == pytest.approx(40 / 450)
    assert found.chance == pytest.approx(hypergeom.sf(39, 450, 50, 140))
    assert len(found.examples_outside) == len(found.examples_without) == 3
    assert found.examples_without == ("KF0", "KF1", "KF2")
    assert found.examples_outside == ("KF440", "KF441", "KF442")


def test_tests_are_counted_whatever_they_find():
    rows = [*background(), *some(40, "P", region="滨城", channel="热线"), *some(4, "P1", region="北屯", channel="热线")]
    found = drivers(cases_of(rows, PROBLEMS))
    # P has 44 complaints; P1, with 4, can share 5 with nothing; 4 regions, 2 channels, 8 pairs
    assert found.tests == 4 + 2 + 8


def test_a_pair_that_says_no_more_than_its_part_is_left_out():
    # the channel is as usual within the region
    rows = [
        *background(),
        *some(30, "P", region="滨城", channel="热线"),
        *some(30, "P", region="滨城", channel="营业厅"),
    ]
    found = drivers(cases_of(rows, PROBLEMS))
    assert set(parts(found)) == {(("region", "滨城"),)}
    assert found.redundant == 2


def test_parts_that_only_stand_out_within_a_pair_are_left_out():
    rows = [
        *background(),
        *some(40, "P", region="滨城", channel="热线"),
        *some(10, "P", region="北屯", channel="营业厅"),
        *some(10, "P", region="东港", channel="营业厅"),
    ]
    found = drivers(cases_of(rows, PROBLEMS))
    assert set(parts(found)) == {(("region", "滨城"), ("channel", "热线"))}


def test_three_columns_together():
    rows = [one | {"tier": tier} for tier in (0, 5) for one in background()]
    rows += some(40, "P", region="滨城", channel="热线", tier=5)
    rows += [
        one
        for region in ("滨城", "北屯")
        for tier in (0, 5)
        for one in some(8, "P", region=region, channel="营业厅", tier=tier)
    ]
    found = drivers(cases_of(rows, PROBLEMS))
    assert (("region", "滨城"), ("channel", "热线"), ("tier", "5")) in parts(found)
    pairs = drivers(cases_of(rows, PROBLEMS), DriversOptions(size=2))
    assert max(len(one.parts) for one in pairs.drivers) == 2


def test_the_complaints_of_a_part_are_its_problems_own():
    rows = [
        *background(),
        *some(40, "P1", region="滨城", channel="热线"),
        *some(40, "P1", region="滨城", channel="营业厅"),
    ]
    found = drivers(cases_of(rows, PROBLEMS))
    assert [(one.problem, one.shared) for one in found.drivers] == [("P", 80), ("P1", 80)]
    assert found.of("P1") == found.drivers[1:]


def test_empty_cells_are_no_value_and_in_no_count():
    rows = [*background(), *some(40, "P", region="滨城", channel="热线"), *some(60, "P")]
    found = parts(drivers(cases_of(rows, PROBLEMS)))[("region", "滨城"), ("channel", "热线")]
    assert (found.shared, found.problem_outside, found.without_problem) == (40, 0, 50)


def test_nothing_stands_out_where_all_is_even():
    rows = [one | {"problem": "P" if i % 2 else ""} for i, one in enumerate(background())]
    found = drivers(cases_of(rows, PROBLEMS))
    assert (found.drivers, found.redundant) == ((), 0)


def test_few_false_drivers_where_columns_and_problems_have_nothing_to_do_with_each_other():
    rng = np.random.default_rng(5)
    ids = [f"P{i}" for i in range(60)]
    rows = [
        {
            "problem": ids[rng.integers(60)],
            "region": f"r{rng.integers(12)}",
            "channel": f"c{rng.integers(6)}",
            "product": f"p{rng.integers(20)}",
        }
        for _ in range(6000)
    ]
    found = drivers(cases_of(rows, [{"id": one} for one in ids]))
    assert found.tests > 20_000
    assert len(found.drivers) <= 1


def test_only_so_many_per_problem_the_surest_first():
    rows = [
        *background(),
        *[one for region in ("滨城", "北屯", "东港") for one in some(60, "P", region=region, channel=f"{region}店")],
    ]
    found = drivers(cases_of(rows, PROBLEMS), DriversOptions(most=2))
    assert len(found.drivers) == 2
    assert found.drivers[0].q <= found.drivers[1].q


def test_a_column_that_is_not_there_is_named_and_the_others_are_used():
    rows = [*background(), *some(60, "P", region="滨城", channel="热线")]
    found = drivers(cases_of(rows, PROBLEMS))
    assert found.missing == (Missing("drivers", ("product", "tier")),)
    assert found.drivers
    nothing = drivers(cases_of(some(3, "P"), PROBLEMS))
    assert (nothing.drivers, nothing.tests) == ((), 0)
    assert nothing.missing == (Missing("drivers", ("region", "channel", "product", "tier")),)


def test_the_fifteen_yuan_package_drives_the_auto_renewals_of_the_sample():
    cases = sample_cases()
    members = cases.frame[cases.frame["id"].isin(planted("autorenew"))]
    problem = members["problem"].astype(str).value_counts().index[0]
    found = drivers(cases).of(problem)
    assert found[0].parts == (("product", "流量月包15元"),)
    assert found[0].lift > 20
    assert found[0].problem_outside + found[0].shared == (cases.frame["problem"] == problem).sum()
