"""What the queue asks for, on pools small enough to see through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.errors import UsageError
from pipeline.labels.queue import Pool, QueueOptions, choose, random_order

SURE, UNSURE = (0.98, 0.02), (0.5, 0.5)


def pool_of(rows, labels=None, **more):
    """A pool of (text, shares, words); every word is a feature."""
    texts, shares, words = zip(*rows, strict=True)
    alphabet = sorted({word for text in words for word in text})
    features = csr_array(np.array([[float(word in text) for word in alphabet] for text in words]))
    labels = labels or [""] * len(rows)
    copy_of = more.pop("copy_of", range(len(rows)))
    return Pool(texts, ("a", "b"), np.array(shares), features, labels, np.array(copy_of), **more)


def chosen(pool, **options):
    return [pool.texts[one.place] for one in choose(pool, QueueOptions(**{"control": 0.0, **options}))]


def test_the_unsure_come_first():
    pool = pool_of([("1", SURE, "pq"), ("2", UNSURE, "rs"), ("3", (0.7, 0.3), "tu")])
    assert chosen(pool, rows=3) == ["2", "3", "1"]


def test_shares_of_any_scale_say_the_same():
    pool = pool_of([("1", (0.098, 0.002), "pq"), ("2", (0.3, 0.3), "rs"), ("3", (0.0, 0.0), "tu")])
    assert chosen(pool, rows=2) == ["3", "2"] or chosen(pool, rows=2) == ["2", "3"]


def test_no_forty_copies_of_one_doubt():
    doubts = [(f"{i}", UNSURE, "pqrstuvw" + chr(ord("a") + i)) for i in range(5)]
    other = ("other", (0.6, 0.4), "xyz")
    assert "other" in chosen(pool_of([*doubts, other]), rows=2)
    assert "other" not in chosen(pool_of([*doubts, other]), rows=2, diversity=0.0, density=1.0)


def test_copies_are_asked_once_and_never_when_one_is_labelled():
    rows = [("1", UNSURE, "pq"), ("1 again", UNSURE, "pq"), ("2", UNSURE, "rs"), ("2 again", UNSURE, "rs")]
    pool = pool_of(rows, labels=["", "", "", "a"], copy_of=[0, 0, 2, 2])
    assert chosen(pool, rows=10) == ["1"]


def test_the_text_of_many_goes_before_an_equal_of_one():
    rows = [(f"{i}", UNSURE, "pq") for i in range(4)] + [("single", UNSURE, "rs")]
    pool = pool_of(rows, copy_of=[0, 0, 0, 0, 4])
    assert chosen(pool, rows=1, density=0.0) == ["0"]


def test_what_labelled_neighbours_deny_is_asked():
    rows = [("near", (0.8, 0.2), "pqr"), ("far", (0.8, 0.2), "stu"), ("told", SURE, "pqx"), ("far told", SURE, "sty")]
    pool = pool_of(rows, labels=["", "", "b", "a"])
    (first, _) = choose(pool, QueueOptions(rows=2, control=0.0))
    assert (pool.texts[first.place], first.why) == ("near", "neighbours_disagree")


def test_words_the_model_does_not_know_are_asked():
    rows = [(f"{i}", (0.8, 0.2), "pq" + chr(ord("a") + i)) for i in range(5)]
    (first, *_) = choose(pool_of(rows, unknown=[0, 0, 0, 0.9, 0]), QueueOptions(rows=3, control=0.0))
    assert (first.place, first.why) == (3, "new_words")


def test_a_category_with_few_labels_goes_before_one_with_many():
    rows = [("rare", (0.2, 0.8), "pq"), ("common", (0.8, 0.2), "rs"), *((f"{i}", SURE, "xy") for i in range(20))]
    pool = pool_of(rows, labels=["", "", *["a"] * 20], copy_of=range(22))
    assert chosen(pool, rows=1, density=0.0, neighbours=0.0) == ["rare"]


def test_the_control_sample_is_part_of_the_queue_and_spread_over_it():
    pool = pool_of([(f"text {i}", UNSURE if i % 2 else SURE, f"{i}") for i in range(100)])
    queue = choose(pool, QueueOptions(rows=40, control=0.25))
    assert len({one.place for one in queue}) == 40
    assert sum(one.is_control for one in queue[:20]) == sum(one.is_control for one in queue[20:]) == 5
    assert {one.why for one in queue if one.is_control} == {"control"}
    other = choose(pool, QueueOptions(rows=40, control=0.25, seed="again"))
    assert {one.place for one in queue if one.is_control} != {one.place for one in other if one.is_control}


def test_the_control_sample_is_even():
    """Any text comes first about as often as any other when the seed changes: 2,000 draws of one in ten."""
    texts = [f"text {i}" for i in range(10)]
    first = [random_order(texts, range(10), f"{seed}")[0] for seed in range(2000)]
    counts = np.bincount(first, minlength=10)
    # chi-square with 9 degrees of freedom: 27.9 is passed once in a thousand
    assert ((counts - 200) ** 2 / 200).sum() < 27.9


@given(st.permutations(range(12)), st.integers(1, 15))
def test_the_order_of_the_rows_means_nothing(order, count):
    rows = [(f"text {i}", (0.5 + i / 40, 0.5 - i / 40), "ab"[i % 2] + "cdefgh"[i % 6] + f"{i}") for i in range(12)]
    as_it_is, mixed = pool_of(rows), pool_of([rows[i] for i in order])
    assert chosen(mixed, rows=count, control=0.2) == chosen(as_it_is, rows=count, control=0.2)


def test_a_queue_ends_where_the_texts_end():
    assert len(choose(pool_of([("1", UNSURE, "p"), ("2", SURE, "q")]), QueueOptions(rows=50))) == 2
    assert choose(pool_of([("1", UNSURE, "p")], labels=["a"]), QueueOptions(rows=50)) == ()


def test_numbers_that_cannot_be():
    with pytest.raises(UsageError, match=r"A queue needs at least one row, not 0\."):
        chosen(pool_of([("1", UNSURE, "p")]), rows=0)
    with pytest.raises(UsageError, match=r"The share of the control sample is 1\.5; it must lie between 0 and 1\."):
        chosen(pool_of([("1", UNSURE, "p")]), control=1.5)
