import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.key_table import KeyTable
from pipeline.model.word_table import WordTable
from pipeline.text.segmentation import Segmentation

WORDS = st.text(st.sampled_from("宽带a\x00\U0010ffff\ud800"), min_size=1, max_size=5)


@given(st.lists(WORDS, unique=True, max_size=30), st.lists(st.lists(WORDS, max_size=8), max_size=5))
def test_every_token_finds_its_place_and_no_other(words, tokens):
    places = {word: place for place, word in enumerate(words)}
    expected = [places.get(token, -1) for row in tokens for token in row]
    assert WordTable.build(words).places(Segmentation.of(tokens)).tolist() == expected


def test_an_empty_token_is_no_word():
    assert WordTable.build(["宽带"]).places(Segmentation.of([["", "宽带", ""]])).tolist() == [-1, 0, -1]


@given(st.lists(st.integers(0, 2**63 - 1), unique=True, max_size=60), st.lists(st.integers(0, 200), max_size=30))
def test_keys_have_the_places_they_were_given(keys, others):
    places = {key: place for place, key in enumerate(keys)}
    wanted = np.array(keys + others, np.int64)
    assert KeyTable.build(np.array(keys, np.int64)).values_of(wanted).tolist() == [
        places.get(key, -1) for key in keys + others
    ]
