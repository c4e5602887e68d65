"""Agreement against published examples and against scikit-learn, statsmodels and hand calculation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from pipeline.labels.agreement import (
    agreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    masi_distance,
    nominal_distance,
)

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: 4 observers, 12 units, gaps
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# Fleiss (1971) as quoted in the literature: 10 subjects, 14 raters, 5 categories, kappa 0.210
FOURTEEN_RATERS = (
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
)


def test_krippendorffs_own_example():
    units = [[frozenset(value) for value in unit if value != "."] for unit in zip(*FOUR_OBSERVERS, strict=True)]
    assert krippendorff_alpha(units, nominal_distance) == pytest.approx(0.743, abs=5e-4)


def test_fleiss_own_example_and_statsmodels():
    units = [[place for place, count in enumerate(row) for _ in range(count)] for row in FOURTEEN_RATERS]
    assert fleiss_kappa(units) == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa(units) == pytest.approx(inter_rater.fleiss_kappa(FOURTEEN_RATERS))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40))
def test_cohens_kappa_is_scikit_learns(pairs):
    mine, yours = zip(*pairs, strict=True)
    found = cohen_kappa(mine, yours)
    if found is None:
        assert len(set(mine) | set(yours)) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(mine, yours))


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=2), min_size=1, max_size=30))
def test_alpha_of_two_people_is_fleiss_kappa_but_for_the_small_sample(units):
    """With n values alpha's chance is drawn without replacement: 1 - alpha = (1 - kappa) (n - 1) / n."""
    kappa = fleiss_kappa(units)
    alpha = krippendorff_alpha([[frozenset(one) for one in unit] for unit in units], nominal_distance)
    if kappa is None:
        assert alpha is None
    else:
        values = 2 * len(units)
        assert 1 - alpha == pytest.approx((1 - kappa) * (values - 1) / values)


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("ab", "ab", 0), ("a", "b", 1), ("ab", "a", 1 - 1 / 2 * 2 / 3), ("ab", "bc", 1 - 1 / 3 * 1 / 3), ("", "", 0)],
)
def test_masi(first, second, distance):
    assert masi_distance(frozenset(first), frozenset(second)) == pytest.approx(distance)


def test_nothing_can_be_said_of_nothing():
    assert cohen_kappa([], []) is None
    assert fleiss_kappa([]) is None
    assert krippendorff_alpha([[frozenset("a")]], nominal_distance) is None
    found = agreement({"t1": {"王": ("billing",)}})
    assert (found.texts, found.alpha, found.fleiss, found.pairs) == (0, None, None, ())


def test_where_people_disagree_is_told_by_label_and_pair():
    found = agreement(
        {
            "t1": {"王": ("billing",), "李": ("billing", "attitude")},
            "t2": {"王": ("network",), "李": ("network",)},
            "t3": {"王": ("network",), "李": ("billing",)},
            "t4": {"王": ("billing",)},
        }
    )
    assert (found.people, found.texts) == (("李", "王"), 3)
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.texts, pair.same) == ("李", "王", 3, 2)
    # po 2/3; pe (2/3 x 1/3) + (1/3 x 2/3) = 4/9
    assert pair.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    labels = {one.label: one for one in found.labels}
    assert {name: one.texts for name, one in labels.items()} == {"attitude": 1, "billing": 2, "network": 2}
    # attitude: values 0,1 | 0,0 | 0,0: Do = 2/6, De = 2 x 1 x 5 / (6 x 5) = 1/3
    assert labels["attitude"].alpha == pytest.approx(0)
    assert labels["network"].alpha == pytest.approx(1 - (2 / 6) / (2 * 3 * 3 / 30))
