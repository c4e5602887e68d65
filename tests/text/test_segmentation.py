import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.segmentation import Segmentation
from pipeline.text.tokenising import Tokeniser

TOKENS = st.lists(st.lists(st.text(min_size=1, max_size=5), max_size=6), max_size=8)


@given(TOKENS)
def test_tokens_survive_as_lengths(tokens):
    made = Segmentation.of(tokens)
    assert made.tokens == list(made) == tokens
    assert len(made) == len(tokens)
    assert made.text == "".join(token for row in tokens for token in row)


def test_a_segmentation_describes_itself():
    made = Segmentation("宽带慢", np.array([2, 1]), np.array([2]))
    assert Segmentation.of(made) is made
    assert made[0] == ["宽带", "慢"]
    assert made[:1] == [["宽带", "慢"]]


def test_segmenting_makes_the_same_tokens_as_cutting_one_by_one():
    tokeniser = Tokeniser(["光猫"])
    texts = ["宽带断网三天", "", "光猫e-SIM坏了，㐀2020-01-02换", "\ud800", "咚咚咚咚咚", ""]
    assert tokeniser.segment(texts).tokens == list(map(tokeniser.cut, texts))
    assert tokeniser.segment([]).tokens == []
