"""Complaints per users by hand, exact intervals, funnel limits against SciPy, and what is said where users lack."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.insights.cases import Missing, make_cases
from pipeline.insights.funnel import funnel, poisson_limit
from pipeline.insights.subscribers import Subscribers
from pipeline.insights.user_rates import UserRatesOptions, user_rates

BOTH = {"mobile": 90_000, "broadband": 10_000}


def table(**more):
    """Users of two regions in two months; the second region is small."""
    found = {}
    for month in ("2026-05", "2026-06"):
        for base, users in BOTH.items():
            found[month, "甲", base] = users
        found[month, "乙", "mobile"], found[month, "乙", "broadband"] = 50, 40
    return Subscribers({**found, **more})


def rows(found, **wanted):
    return [one for one in found.rates if all(getattr(one, name) == value for name, value in wanted.items())]


@pytest.fixture(scope="module")
def cases():
    """甲: 10 in May (2 of them appeals), 20 in June; 乙: 1 in June; one in a region that no table has, one undated."""
    dates = ["2026-05-01"] + ["2026-05-20"] * 9 + ["2026-06-30"] * 20 + ["2026-06-03", "2026-06-09", None]
    return make_cases(
        {
            "accepted": dates,
            "region": ["甲"] * 30 + ["乙", "异地", "甲"],
            "category": ["installation"] * 5 + ["network"] * 28,
            "cause": ["上门爽约"] * 5 + ["宽带频繁掉线"] * 10 + ["5G信号差回落"] * 18,
            "escalated": [True, True] + [False] * 31,
        }
    )


def test_a_month_by_hand(cases):
    found = user_rates(cases, subscribers=table())
    may = rows(found, what="complaints", level="all", region="甲", month="2026-05")[0]
    assert (may.count, may.users, may.base, may.per) == (10, 100_000, "mobile+broadband", 10_000)
    assert may.rate.value == pytest.approx(1.0)
    # Garwood's interval of 10
    assert (may.rate.low, may.rate.high) == pytest.approx((0.4795, 1.8390), abs=1e-4)
    assert (may.small_base, may.partial) == (False, False)


def test_several_months_are_a_mean_month(cases):
    whole = rows(user_rates(cases, subscribers=table()), what="complaints", level="all", region="甲", month="")[0]
    assert (whole.count, whole.users, whole.user_months) == (30, 100_000, 200_000)
    assert whole.rate.value == pytest.approx(1.5)


def test_appeals_are_per_million(cases):
    may = rows(user_rates(cases, subscribers=table()), what="appeals", level="all", region="甲", month="2026-05")[0]
    assert (may.count, may.per, may.rate.value) == (2, 1_000_000, pytest.approx(20.0))


def test_bases_go_with_labels(cases):
    found = user_rates(cases, subscribers=table())
    assert rows(found, level="category", label="installation", region="甲", month="2026-05")[0].users == 10_000
    business = {
        one.label: (one.base, one.count)
        for one in rows(found, what="complaints", level="business", region="", month="")
    }
    assert business == {"": ("mobile+broadband", 5), "broadband": ("broadband", 10), "lte": ("mobile", 17)}
    own = UserRatesOptions(bases={"installation": "mobile"})
    assert rows(user_rates(cases, own, table()), label="installation", region="甲", month="2026-05")[0].base == "mobile"


def test_small_bases_regions_outside_and_undated_are_told(cases):
    found = user_rates(cases, subscribers=table())
    assert rows(found, what="complaints", level="all", region="乙", month="2026-06")[0].users == 90
    small = rows(found, what="complaints", level="category", label="installation", region="乙", month="")[0]
    assert (small.users, small.small_base) == (40, True)
    assert found.outside == (("异地", 1),)
    assert found.undated == 1
    everywhere = rows(found, what="complaints", level="all", region="", month="")[0]
    assert (everywhere.count, everywhere.users) == (32, 100_090)


def test_own_categories_beside_the_regulators(cases):
    found = user_rates(cases)
    assert sum(count for _, _, count in found.classes) == len(cases)
    assert ("network", "网络质量", 28) in found.classes
    assert found.missing == (Missing("rates", ("subscribers",)),)


def test_a_month_without_users_is_named_or_says_whose_it_has(cases):
    short = Subscribers({key: users for key, users in table().counts.items() if key[0] == "2026-05"})
    found = user_rates(cases, subscribers=short)
    assert Missing("rates of 2026-06", ("subscribers",)) in found.missing
    assert ("2026-06", "甲", "mobile+broadband") in found.absent
    assert rows(found, what="complaints", level="all", region="甲")[0].count == 10
    late = user_rates(cases, UserRatesOptions(missing_month="latest"), short)
    june = rows(late, what="complaints", level="all", region="甲", month="2026-06")[0]
    assert (june.users_from, june.count, late.absent) == ("2026-05", 20, ())


def test_a_month_that_the_data_do_not_fill_is_marked():
    cases = make_cases({"accepted": ["2026-05-10", "2026-06-12"], "region": ["甲", "甲"]})
    found = user_rates(cases, subscribers=table())
    assert all(one.partial for one in rows(found, what="complaints", level="all", region="甲"))


def test_months_without_complaints_count_as_well():
    users = Subscribers({(f"2026-0{month}", "甲", "total"): 1000 for month in (4, 5, 6)})
    cases = make_cases({"accepted": ["2026-04-01", "2026-06-30"], "region": ["甲", "甲"]})
    found = user_rates(cases, subscribers=users)
    assert rows(found, region="甲", level="all", month="2026-05")[0].rate.value == 0
    assert rows(found, region="甲", level="all", month="")[0].user_months == 3000


def test_the_row_for_all_is_taken_before_the_sum():
    whole = table(**{}).counts | {("2026-05", "", "mobile"): 7, ("2026-05", "", "broadband"): 1}
    found = Subscribers(whole)
    assert found.users("2026-05", "", ("mobile", "broadband")).count == 8
    assert found.users("2026-06", "", ("mobile", "broadband")).count == 100_090
    assert found.users("2026-07", "", ("mobile",)) is None
    with pytest.raises(ValueError, match="users of 2026-05 甲 tv is negative"):
        Subscribers({("2026-05", "甲", "tv"): -1})
    with pytest.raises(ValueError, match="leave_out or latest, not 'x'"):
        UserRatesOptions(missing_month="x")


@given(st.floats(0.01, 500), st.sampled_from([0.001, 0.025, 0.975, 0.999]))
def test_the_limit_lies_between_the_quantile_and_the_count_before(mean, chance):
    whole = stats.poisson.ppf(chance, mean)
    limit = float(poisson_limit(mean, chance))
    assert max(whole - 1, 0) - 1e-6 <= limit <= whole + 1e-6
    above, below = stats.poisson.cdf(whole, mean), stats.poisson.cdf(whole - 1, mean)
    assert limit == pytest.approx(max(whole - (above - chance) / (above - below), 0), abs=1e-6)


def test_a_funnel_by_hand():
    plot = funnel(["a", "b", "c"], [100, 100, 200], [1000.0, 1000.0, 1000.0], 10)
    assert plot.target == pytest.approx(400 / 3000 * 10)
    worst = plot.points[0]
    assert (worst.region, worst.position) == ("c", "high")
    assert worst.z == pytest.approx(2 * (math.sqrt(200) - math.sqrt(400 / 3)))
    z = 2 * (np.sqrt([100, 100, 200]) - math.sqrt(400 / 3))
    assert plot.dispersion == pytest.approx(float(np.mean(z**2)))
    assert plot.overdispersed
    assert worst.adjusted_position == "within"
    assert funnel(["a"], [1], [9.0], 1) is None


def test_a_funnel_of_chance_is_not_overdispersed():
    draw = np.random.default_rng(7)
    sizes = np.linspace(2_000, 90_000, 40)
    plot = funnel([str(at) for at in range(40)], draw.poisson(sizes * 0.002).tolist(), sizes.tolist(), 10_000)
    assert not plot.overdispersed
    assert {point.position for point in plot.points} == {"within"}
    assert [one.exposure for one in plot.curve] == sorted(one.exposure for one in plot.curve)
    assert all(one.low_outer <= one.low_inner < plot.target < one.high_inner < one.high_outer for one in plot.curve)
