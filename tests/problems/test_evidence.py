"""Columns as witnesses of the cause: heard as far as they tell something, and not at all where they do not."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.problems.evidence import weigh
from pipeline.records import Role
from tests.problems.cause_side import complaints, dump, planted, story, taken, with_columns

CAUSES = ("甲", "乙", "丙", "丁")
RARE = "企业施工不规范"


def uncertain(count=600, vague=0.5, seed=0):
    """Complaints of four causes whose texts tell them as surely as their shares say."""
    chance = np.random.default_rng(seed)
    shares = chance.dirichlet([vague] * 4, count)
    true = np.array([chance.choice(4, p=row) for row in shares])
    return complaints(count, causes=CAUSES, cause_shares=shares.astype(np.float32)), true


def accuracy(shares, true):
    return float((shares.argmax(axis=1) == true).mean())


def told(true, right, seed, words):
    """A column that tells the cause in a share of the rows, in words of its own."""
    chance = np.random.default_rng(seed)
    return [words[cause] if chance.random() < right else words[chance.integers(4)] for cause in true.tolist()]


def test_without_columns_the_model_alone_is_heard():
    held, _ = uncertain()
    found = weigh(held)
    assert np.array_equal(found, held.cause_shares)
    assert found is not held.cause_shares
    assert weigh(complaints(5, columns={Role.PRODUCT: list("aabbb")})).shape == (5, 0)
    assert weigh(complaints(0, causes=CAUSES, cause_shares=np.zeros((0, 4), np.float32))).shape == (0, 4)


def test_a_column_that_goes_with_the_causes_is_heard():
    """As well as if one knew how often the column is right."""
    held, true = uncertain()
    words = ["east desk", "west desk", "north desk", "south desk"]
    column = told(true, 0.8, 1, words)
    found = weigh(with_columns(held, {Role.HANDLER_GROUP: column}))
    known = np.where(np.array(column)[:, None] == words, 0.85, 0.05) * held.cause_shares
    assert accuracy(held.cause_shares, true) < 0.65
    assert accuracy(known, true) > 0.85
    assert accuracy(found, true) >= accuracy(known, true) - 0.02


def test_the_words_of_the_column_do_not_matter():
    held, true = uncertain()
    one, other = (told(true, 0.8, 1, words) for words in (["a", "b", "c", "d"], ["z", "y", "x", "w"]))
    found = [weigh(with_columns(held, {Role.DEPARTMENT: column})) for column in (one, other)]
    assert found[0] == pytest.approx(found[1], abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_a_column_without_information_is_not_heard(seed):
    held, _ = uncertain()
    column = np.random.default_rng(100 + seed).choice(["a", "b", "c", "d", "e"], len(held)).tolist()
    found = weigh(with_columns(held, {Role.CHANNEL: column}))
    assert np.array_equal(found, held.cause_shares)


def test_no_row_testifies_for_itself():
    held, _ = uncertain()
    alone = {Role.PRODUCT: [f"product {row}" for row in range(len(held))]}
    assert np.array_equal(weigh(with_columns(held, alone)), held.cause_shares)


def test_a_column_told_twice_does_not_count_twice():
    held, true = uncertain()
    once = told(true, 0.8, 1, ["a", "b", "c", "d"])
    # the same again but for one cell, so that it is not simply the same column
    twice = [*once[:-1], "a" if once[-1] != "a" else "b"]
    one = weigh(with_columns(held, {Role.HANDLER_GROUP: once}))
    both = weigh(with_columns(held, {Role.HANDLER_GROUP: once, Role.DEPARTMENT: twice}))
    assert both.max(axis=1).mean() == pytest.approx(one.max(axis=1).mean(), abs=0.02)


def test_a_leaf_that_names_a_cause_is_believed_before_the_texts_confirm_it():
    held, true = uncertain()
    named = [CAUSES[cause] if row % 2 else "其他" for row, cause in enumerate(true.tolist())]
    # three more, of a cause that no text has ever told
    shares = np.hstack([held.cause_shares, np.full((len(held), 1), 0.001, np.float32)])
    shares[:3] = (0.24, 0.24, 0.24, 0.24, 0.04)
    paths = [f"投诉→产品→{leaf}" for leaf in ["戊"] * 3 + named[3:]]
    with_rare = complaints(len(held), causes=(*CAUSES, "戊"), cause_shares=shares, columns={Role.CAUSE: paths})
    found = weigh(with_rare)
    assert found[:3].argmax(axis=1).tolist() == [4, 4, 4]
    assert accuracy(found[3:], true[3:]) > 0.75


def test_names_that_the_texts_contradict_are_not_believed():
    held, true = uncertain(vague=0.1)
    wrong = [CAUSES[number] for number in np.random.default_rng(3).integers(4, size=len(held))]
    found = weigh(with_columns(held, {Role.CAUSE: wrong}))
    assert accuracy(found, true) >= accuracy(held.cause_shares, true) - 0.01


def test_regions_with_and_without_their_sign_are_one():
    held, true = uncertain()
    plain = told(true, 0.8, 1, ["滨城", "临江", "东港", "柳河"])
    signed = [name + "市" * (row % 2) for row, name in enumerate(plain)]
    found = [weigh(with_columns(held, {Role.INCIDENT_REGION: column})) for column in (plain, signed)]
    assert found[0] == pytest.approx(found[1], abs=1e-6)


@given(
    cells=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x→y", "x→z", "", "甲"])), min_size=1, max_size=40
    ),
    seed=st.integers(0, 99),
)
def test_rows_keep_their_sums_and_their_order_does_not_matter(cells, seed):
    chance = np.random.default_rng(seed)
    shares = (chance.dirichlet([0.3] * 4, len(cells)) * chance.random((len(cells), 1))).astype(np.float32)
    shares[0] = 0
    columns = {Role.PRODUCT: [a for a, _ in cells], Role.LABEL_PATH: [b for _, b in cells]}
    held = complaints(len(cells), causes=CAUSES, cause_shares=shares, columns=columns)
    found = weigh(held)
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.sum(axis=1) == pytest.approx(shares.sum(axis=1), abs=1e-5)
    order = chance.permutation(len(cells))
    assert np.array_equal(weigh(taken(held, order)), found[order])


# --- the sample dump


@pytest.fixture(scope="module")
def weighed():
    return weigh(dump())


@pytest.fixture(scope="module")
def true_causes():
    return np.array([dump().causes.index(row["cause"]) for row in story()])


def b_cubed_f1(shares, true):
    """A complaint's group is its cause where that has a share of one half, else it stands alone."""
    groups = np.where(shares.max(axis=1) >= 0.5, shares.argmax(axis=1), -1 - np.arange(len(true))).tolist()
    pairs, sizes, truths = (Counter(x) for x in (list(zip(groups, true.tolist(), strict=True)), groups, true.tolist()))
    precision = sum(n * n / sizes[group] for (group, _), n in pairs.items()) / len(true)
    recall = sum(n * n / truths[cause] for (_, cause), n in pairs.items()) / len(true)
    return 2 * precision * recall / (precision + recall)


def test_columns_of_the_sample_dump_tell_causes_that_texts_do_not(weighed, true_causes):
    before, after = dump().cause_shares, weighed
    figures = [(accuracy(shares, true_causes), b_cubed_f1(shares, true_causes)) for shares in (before, after)]
    print("\naccuracy and B-cubed F1 by text, by text and columns:", np.round(figures, 3).tolist())
    assert figures[0][0] < 0.8
    assert figures[1][0] >= 0.9
    assert figures[1][1] >= 0.83


def test_the_construction_problem_comes_together_under_its_cause(weighed):
    place = dump().causes.index(RARE)
    members = sorted(planted("construction"))
    sure = [row for row in members if weighed[row].argmax() == place and weighed[row, place] >= 0.4]
    by_text = [row for row in members if dump().cause_shares[row].argmax() == place]
    assert len(members) == 9
    assert len(by_text) <= 5
    assert len(sure) >= 8
    assert not planted("construction", "negative") & set(np.flatnonzero(weighed.argmax(axis=1) == place))


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_columns_of_the_sample_dump_do_no_harm(true_causes, seed):
    chance = np.random.default_rng(seed)
    mixed = {role: [column[row] for row in chance.permutation(len(column))] for role, column in dump().columns.items()}
    found = weigh(with_columns(dump(), mixed))
    before = dump().cause_shares
    assert accuracy(found, true_causes) >= accuracy(before, true_causes) - 0.01
    assert b_cubed_f1(found, true_causes) >= b_cubed_f1(before, true_causes) - 0.01


def test_half_of_the_operators_causes_wrong_do_no_harm(true_causes):
    chance = np.random.default_rng(0)
    causes = dump().causes
    column = [
        causes[chance.integers(len(causes))] if cell in causes and chance.random() < 0.5 else cell
        for cell in dump().columns[Role.CAUSE]
    ]
    others = {role: cells for role, cells in dump().columns.items() if role is not Role.CAUSE}
    without = weigh(with_columns(dump(), others))
    found = weigh(with_columns(dump(), {**others, Role.CAUSE: column}))
    assert accuracy(found, true_causes) >= accuracy(without, true_causes)


def test_most_causes_of_another_systems_dump_stay(weighed):
    held = dump("sample_network_orders.csv")
    found = weigh(held)
    assert np.isfinite(found).all()
    assert 0.7 <= (found.argmax(axis=1) == held.cause_shares.argmax(axis=1)).mean() < 1
    assert found.max(axis=1).mean() > held.cause_shares.max(axis=1).mean()
