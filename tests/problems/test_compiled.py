"""The compiled loops of grouping against their twins in Python: the same bytes, on one processor or on several."""

import os
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.problems.concrete import concrete_groups, distinct_texts
from pipeline.problems.facets import split_facets
from pipeline.problems.linking import link
from pipeline.problems.terms import read_terms

# few characters, so that terms meet; marks, a masked value, a region code, letters beyond the basic plane, a surrogate
PIECES = [*"小区车位油烟漏水电梯停一二ab12", "，", "。", " ", "[电话]", "A3市", "*", "𠀀", "\ud800", "你好"]
TEXT = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ROWS = st.lists(st.tuples(TEXT, TEXT), max_size=30)


def found(rows):
    """Every array on the way from texts to links, as bytes."""
    titles, texts = [title for title, _ in rows], [text for _, text in rows]
    terms = read_terms(titles, texts)
    facets = split_facets(terms)
    links = link(facets)
    arrays = [terms.document, terms.term, terms.in_title, terms.in_body, terms.occurrence, terms.place, terms.run]
    arrays += [facets.names.data, facets.issues.data, links.left, links.right, links.weight]
    return [(array.dtype, array.tobytes()) for array in arrays]


def invented(count):
    """Titles and texts of a few places and troubles each, some without a title, some long."""
    chance = random.Random(count)
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 400)]
    words = ["".join(chance.choices(characters, k=chance.randrange(2, 5))) for _ in range(600)]
    rows = []
    for _ in range(count):
        title = "".join(chance.choices(words, k=3)) if chance.random() < 0.7 else ""
        rows.append((title, "，".join(chance.choices(words, k=chance.choice([4, 15, 60, 600])))))
    return rows


@settings(deadline=None, max_examples=200)
@given(ROWS)
def test_compiled_and_python_find_the_same_links(rows):
    with pytest.MonkeyPatch.context() as patch:
        fast = found(rows)
        patch.setenv("GENYIN_COMPILED", "0")
        assert fast == found(rows)


def test_compiled_and_python_find_the_same_links_among_thousands():
    # several blocks, rows with more terms than are indexed, complaints with more neighbours than are kept
    rows = invented(5500)
    with pytest.MonkeyPatch.context() as patch:
        fast = found(rows)
        assert all(data for _, data in fast)
        patch.setenv("GENYIN_COMPILED", "0")
        assert fast == found(rows)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen here")
def test_the_number_of_processors_changes_nothing():
    rows = invented(5500)
    several, allowed = found(rows), os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert found(rows) == several
    finally:
        os.sched_setaffinity(0, allowed)


def test_the_order_of_the_rows_changes_nothing():
    rows = invented(3000)
    order = list(range(len(rows)))
    random.Random(0).shuffle(order)

    def groups(rows):
        titles, texts = [title for title, _ in rows], [text for _, text in rows]
        distinct = distinct_texts(titles, texts)
        return concrete_groups(distinct, titles, texts)[distinct.text]

    straight, shuffled = groups(rows), groups([rows[place] for place in order])
    assert np.array_equal(straight[order], shuffled)


def test_progress_is_told_up_to_the_end():
    rows = invented(4500)
    told = []
    link(split_facets(read_terms([title for title, _ in rows], [text for _, text in rows])), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.skipif(compiled("similarity") is None, reason="the compiled loops are not built")
def test_letters_and_digits_are_what_python_takes_for_them():
    every = [chr(code) for code in range(0x110000)]
    kept = compiled("similarity").letters_and_digits(["".join(every), "", "好"])
    assert kept == ["".join(filter(str.isalnum, every)), "", "好"]
