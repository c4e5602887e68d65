"""Near-duplicates: what is linked, and that the compiled loops link the same."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.near_duplicates import near_duplicates

# few characters, so that trigrams meet; blanks, marks, letters beyond the basic plane and a lone surrogate
CHARACTERS = "宽带断网修一二aA1 ，𠀀\ud800"
TEXTS = st.lists(st.text(CHARACTERS, max_size=90), max_size=40)
THRESHOLDS = st.sampled_from([0.2, 0.5, 0.85, 1.0]) | st.floats(0.05, 1.0)


def both_ways(texts, threshold):
    """The groups as the compiled loops find them and as Python does."""
    with pytest.MonkeyPatch.context() as patch:
        fast = near_duplicates(texts, threshold).group
        patch.setenv("GENYIN_COMPILED", "0")
        return fast, near_duplicates(texts, threshold).group


def long_texts(count):
    """Texts longer than a sketch, most of them made of a few others with some characters exchanged."""
    chance = random.Random(count)
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 300)]
    first = ["".join(chance.choices(characters, k=chance.randrange(30, 200))) for _ in range(count // 20)]
    texts = []
    for _ in range(count):
        text = list(chance.choice(first))
        for _ in range(chance.randrange(12)):
            text[chance.randrange(len(text))] = chance.choice(characters)
        texts.append("".join(text))
    return texts


@settings(deadline=None, max_examples=200)
@given(TEXTS, THRESHOLDS)
def test_compiled_and_python_link_the_same(texts, threshold):
    fast, slow = both_ways(texts, threshold)
    assert fast.dtype == slow.dtype
    assert fast.tolist() == slow.tolist()


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.85])
def test_compiled_and_python_link_the_same_long_texts(threshold):
    # more than one thread takes at a time, and buckets fuller than a text looks back
    fast, slow = both_ways(long_texts(6000), threshold)
    assert fast.tolist() == slow.tolist()
    assert 1 < len(np.unique(fast)) < 6000


@settings(deadline=None, max_examples=100)
@given(TEXTS, THRESHOLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_nothing(texts, threshold, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)
    group = near_duplicates(texts, threshold).group
    shuffled = near_duplicates([texts[place] for place in order], threshold).group
    pairs = {(order[place], order[first]) for place, first in enumerate(shuffled.tolist())}
    assert all(group[one] == group[other] for one, other in pairs)
    assert len(set(group.tolist())) == len(set(shuffled.tolist()))


def test_white_space_and_marks_tell_no_texts_apart():
    texts = ["宽带又断了，三天没人修！", "宽带又断了 三天没人修", "多扣了我二十块钱", "", "！！"]
    assert near_duplicates(texts).group.tolist() == [0, 0, 2, 3, 3]


def test_a_text_with_a_word_exchanged_is_the_same_and_half_a_text_is_not():
    text = "上周五下午三点多家里的宽带突然断了打了好几次客服电话都说会派人来修结果等到今天也没有人联系我"
    texts = [text, text.replace("周五", "周四"), text[: len(text) // 2]]
    assert near_duplicates(texts, 0.7).group.tolist() == [0, 0, 2]


def test_only_distinct_texts_count():
    assert near_duplicates(["断网三天了", "断网三天了", "乱扣费"]).groups == 2
    assert near_duplicates([]).groups == 0
