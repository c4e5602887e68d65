"""The compiled loops of naming against their twins in Python: the same bytes, on one processor or on several."""

import os
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.problems.finding import Search
from pipeline.problems.naming import Nameable, name_problems
from pipeline.problems.naming_arrays import native_problems
from pipeline.problems.offers import offer_words
from pipeline.problems.quoting import typical_complaints
from pipeline.problems.wording import read_wording
from tests.problems.naming_side import CUT

pytestmark = pytest.mark.skipif(compiled("naming") is None, reason="the compiled loops are not built")

# words that meet, numbers, negations, a name with 之, edge words, masked values, quotes, other scripts, a surrogate
PIECES = [
    *[
        "小区",
        "停车费",
        "油烟",
        "油烟机",
        "宽带",
        "掉线",
        "的",
        "了",
        "不",
        "没有",
        "之",
        "城",
        "魅力",
        "元",
        "请问",
        "区",
        "涨",
        "价",
    ],
    *[
        "188",
        "9",
        "3.5",
        "ab",
        "AB",
        "VoLTE",
        "[电话]",
        "[地址]",
        "“",
        "”",
        "，",
        "。",
        "；",
        " ",
        "哈哈哈",
        "𠀀",
        "\ud800",
        "ß",
    ],
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.integers(0, 3)), min_size=1, max_size=24)
WHERE = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)


def groups_of(rows):
    numbers = np.array([row[2] for row in rows])
    return [np.flatnonzero(numbers == number) for number in sorted({*numbers.tolist()})]


def invented(count):
    """Rows of problems of all sizes: many words that meet, long ones, copies, rows without any word."""
    chance = random.Random(count)
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 300)]
    words = PIECES + ["".join(chance.choices(characters, k=chance.randrange(1, 4))) for _ in range(300)] + ["y" * 150]
    rows = []
    for _ in range(count):
        own = "".join(chance.choices(words, k=chance.choice([0, 3, 20, 90])))
        title = "".join(chance.choices(words, k=3)) if chance.random() < 0.6 else ""
        rows.append((title, own, int(chance.random() ** 3 * 60)))
    return rows + rows[: count // 10]


def found(rows, where, *, native):
    """All that is found of the problems of some rows, on the way to their names, too."""
    titles, texts = [title for title, _, _ in rows], [text for _, text, _ in rows]
    wording = read_wording(groups_of(rows), texts, titles, CUT)
    told = [where] * len(wording.groups)
    problems = native_problems(told, wording) if native else None
    assert (problems is not None) == native
    offers = [
        (list(offer.fragments), list(offer.sound), offer.phrases) for offer in offer_words(told, wording, problems)
    ]
    names = name_problems([Nameable(members, where=where) for members in groups_of(rows)], texts, titles, CUT)
    return offers, typical_complaints(wording, problems), names


def both(rows, where):
    """What the compiled loops find and what their twins find."""
    with pytest.MonkeyPatch.context() as patch:
        fast = found(rows, where, native=True)
        patch.setenv("GENYIN_COMPILED", "0")
        return fast, found(rows, where, native=False)


@settings(deadline=None, max_examples=100)
@given(ROWS, WHERE)
def test_compiled_and_python_find_the_same_names(rows, where):
    fast, slow = both(rows, where)
    assert fast == slow


@pytest.mark.parametrize("where", ["", "魅力之城小区"])
def test_compiled_and_python_find_the_same_names_in_large_problems(where):
    # up to 200 texts of a problem, words beyond 64 letters, more fragments and phrases than are kept
    fast, slow = both(invented(1000), where)
    assert fast == slow
    assert max(len(fragments) for fragments, _, _ in fast[0]) == 40
    assert max(len(phrases) for _, _, phrases in fast[0]) == 12


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen here")
def test_the_number_of_processors_changes_no_name():
    rows = [(title, text, place // 3) for place, (title, text, _) in enumerate(invented(1200))]
    several, allowed = found(rows, "", native=True), os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert found(rows, "", native=True) == several
    finally:
        os.sched_setaffinity(0, allowed)


def test_compiled_and_python_search_alike():
    rows = [row for row in invented(400) if row[1]]
    texts = [text for _, text, _ in rows]
    wording = read_wording(groups_of(rows), texts, [""] * len(texts), CUT)
    names = [word for word in PIECES if word.strip()]
    pieces = [names for _ in wording.groups]
    causes = ["", "宽带"] * len(wording.groups)
    with pytest.MonkeyPatch.context() as patch:
        problems = native_problems([""] * len(wording.groups), wording)
        fast = Search(wording, CUT, pieces, causes[: len(pieces)], problems)
        patch.setenv("GENYIN_COMPILED", "0")
        slow = Search(wording, CUT, pieces, causes[: len(pieces)])
    asked = [(place, f"{one} {other}") for place in range(len(pieces)) for one, other in pairwise(names)]
    leads = [fast.lead(*each) for each in asked]
    assert leads == [slow.lead(*each) for each in asked]
    assert max(leads) > 1.0 > min(leads)
