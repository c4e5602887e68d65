"""Rates against published worked examples, against SciPy and statsmodels, and by what intervals promise."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.rates import test_poisson_2indep as two_rates

from pipeline.insights.rates import Tally, chance_of_fewer, chance_of_more, rate, rate_ratio, ratio_of_rate_ratios

COUNTS = st.integers(0, 80)
EXPOSURES = st.floats(0.5, 5000)
TALLIES = st.builds(Tally, COUNTS, EXPOSURES)


def limits(estimate):
    return pytest.approx((estimate.value, estimate.low, estimate.high), rel=1e-6)


@pytest.mark.parametrize(
    ("after", "before", "published"),
    [
        # breast cancer after fluoroscopy, person-years (Boice & Monson 1977; Stata manual, ir)
        (Tally(41, 28010), Tally(15, 19017), (1.855759, 1.005684, 3.6093)),
        # heart disease and hormones, person-years (Stampfer et al. 1985; StatsDirect manual)
        (Tally(30, 54308.7), Tally(60, 51477.5), (0.473934, 0.295128, 0.746416)),
    ],
)
def test_rate_ratios_are_those_of_published_examples(after, before, published):
    found = rate_ratio(after, before)
    assert (found.value, found.low, found.high) == pytest.approx(published, rel=1e-5)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        # the lady tasting tea and the convicted twins of Fisher 1935 with the limits R 4 prints for them; R stops
        # looking for a value at about 1e-4 (of its inverse above 1), hence the tolerances
        ((3, 1, 1, 3), (6.408309, 0.2117329, 621.9337505)),
        ((2, 10, 15, 3), (0.04693661, 0.003325764, 0.363182271)),
    ],
)
def test_ratios_of_rate_ratios_are_those_of_published_tables(table, published):
    one, other, third, fourth = (Tally(count, 1) for count in table)
    found = ratio_of_rate_ratios((one, other), (third, fourth))
    assert found.value == pytest.approx(published[0], rel=1e-5)
    assert (found.low, found.high) == pytest.approx(published[1:], rel=8e-3)


def test_the_interval_of_a_rate_is_that_of_statsmodels():
    for count in (0, 1, 7, 250):
        found = rate(Tally(count, 12.5))
        low, high = confint_poisson(count, 12.5, method="exact-c")
        assert (found.value, found.low, found.high) == pytest.approx((count / 12.5, np.nan_to_num(low), high))


@given(TALLIES, TALLIES)
def test_the_interval_of_a_rate_ratio_is_clopper_and_pearson_solved_for_the_ratio(after, before):
    found = rate_ratio(after, before)
    if after.count + before.count == 0:
        assert (found.value, found.low, found.high) == (None, 0.0, math.inf)
        return
    low, high = proportion_confint(after.count, after.count + before.count, method="beta")
    for limit, share in ((found.low, low), (found.high, high)):
        expected = math.inf if share == 1 else share / (1 - share) * before.exposure / after.exposure
        assert limit == pytest.approx(expected)


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")  # of statsmodels, where a count is 0
@given(TALLIES, TALLIES)
def test_an_interval_excludes_one_exactly_when_a_one_sided_test_rejects(after, before):
    found = rate_ratio(after, before)
    counts = after.count, after.exposure, before.count, before.exposure
    for alternative, outside in (("larger", found.low > 1), ("smaller", found.high < 1)):
        if after.count + before.count:
            chance = two_rates(*counts, method="exact-cond", alternative=alternative).pvalue
            assert outside == (chance < 0.025) or chance == pytest.approx(0.025)
            ours = chance_of_more(after, before) if alternative == "larger" else chance_of_fewer(after, before)
            assert ours == pytest.approx(chance, abs=1e-12)


@given(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS))
def test_the_ratio_of_rate_ratios_is_the_conditional_odds_ratio_of_scipy(table):
    one, other, third, fourth = (Tally(count, 1) for count in table)
    found = ratio_of_rate_ratios((one, other), (third, fourth))
    if 0 in (table[0] + table[1], table[2] + table[3], table[0] + table[2], table[1] + table[3]):
        assert (found.value, found.low, found.high) == (None, 0.0, math.inf)
        return
    expected = odds_ratio([table[:2], table[2:]])
    interval = expected.confidence_interval(0.95)
    assert (found.value, found.low, found.high) == pytest.approx((expected.statistic, *interval), rel=1e-5)


@given(TALLIES, TALLIES)
def test_swapping_before_and_after_inverts_the_ratio(after, before):
    one, other = rate_ratio(after, before), rate_ratio(before, after)
    if one.value is None:
        assert other == one
    else:
        assert one.low == pytest.approx(1 / other.high if other.high else math.inf)
        assert one.value == pytest.approx(1 / other.value if other.value else math.inf)


@given(st.tuples(*[st.integers(0, 40)] * 4), st.tuples(*[EXPOSURES] * 4))
def test_swapping_fixed_and_untouched_regions_inverts_the_ratio(counts, exposures):
    after, before, other_after, other_before = map(Tally, counts, exposures)
    one = ratio_of_rate_ratios((after, before), (other_after, other_before))
    other = ratio_of_rate_ratios((other_after, other_before), (after, before))
    if one.value is None:
        assert other == one
    else:
        assert (one.low, one.high) == pytest.approx(
            (1 / other.high if other.high else math.inf, 1 / other.low if other.low else math.inf)
        )


@given(TALLIES, TALLIES, st.integers(1, 30))
def test_more_complaints_after_raise_the_ratio_and_more_before_lower_it(after, before, further):
    found = rate_ratio(after, before)
    more_after = rate_ratio(after + Tally(further, 0), before)
    more_before = rate_ratio(after, before + Tally(further, 0))
    assert more_after.low > found.low
    assert more_after.high >= found.high
    assert more_before.low <= found.low
    assert more_before.high < found.high


@pytest.mark.parametrize(("change", "usual"), list(product((0.3, 1, 2.5), (1.5, 8, 25))))
def test_the_interval_holds_the_true_ratio_as_often_as_promised(change, usual):
    """Exactly, by summing over all pairs of counts that matter: three times the exposure before."""
    after, before = usual * change, 3 * usual
    most = int(stats.poisson.ppf(1 - 1e-7, max(after, before))) + 1
    shares = np.outer(stats.poisson.pmf(range(most), after), stats.poisson.pmf(range(most), before))
    held = sum(
        shares[x, y]
        for x, y in product(range(most), repeat=2)
        if shares[x, y] > 1e-12 and (found := rate_ratio(Tally(x, 1), Tally(y, 3))).low <= change <= found.high
    )
    assert held >= 0.95


def test_the_interval_against_untouched_regions_holds_the_truth_as_often_as_promised():
    random, tries, held = np.random.default_rng(7), 1500, 0
    expected = np.array([12 * 0.5, 30, 20, 25])  # a fall to half where fixed, exposures 40, 50, 40, 25
    true = (expected[0] / 40 / (expected[1] / 50)) / (expected[2] / 40 / (expected[3] / 25))
    for counts in random.poisson(expected, (tries, 4)):
        one, other, third, fourth = map(Tally, counts.tolist(), (40, 50, 40, 25))
        found = ratio_of_rate_ratios((one, other), (third, fourth))
        held += found.low <= true <= found.high
    # a true 95 % would fall below this once in 10,000 such tries
    assert held / tries >= stats.binom.ppf(1e-4, tries, 0.95) / tries


def test_without_exposure_nothing_is_known():
    assert rate(Tally(3, 0)).value is None
    assert rate_ratio(Tally(3, 0), Tally(5, 10)).value is None
    assert ratio_of_rate_ratios((Tally(3, 1), Tally(4, 1)), (Tally(1, 0), Tally(2, 1))).value is None


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="a tally cannot be negative: -1 in 3"):
        Tally(-1, 3)
