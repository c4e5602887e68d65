import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.errors import ModelError
from pipeline.model.vectorising import BLOCKS, Block, Documents, Vectoriser, is_word
from pipeline.text.tokenising import Tokeniser

TEXTS = st.lists(st.text("宽带慢网速差没信号扣费了我的5gab 12，。", max_size=30), min_size=2, max_size=25)


def documents(texts):
    return Documents(texts, Tokeniser().cut_many(texts))


def peer(kind, documents, block):
    """scikit-learn's vectoriser on the same features, spelled out the long way round."""

    def bigrams(text):
        return [
            text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalpha() and len(text[i : i + 2]) == 2
        ]

    spelled = {
        "words": [[t for t in tokens if is_word(t)] for tokens in documents.tokens],
        "opening": [[t for t in tokens[: block.first] if is_word(t)] for tokens in documents.tokens],
        "chars": [[c for c in text if c.isalpha()] for text in documents.texts],
        "bigrams": [bigrams(text) for text in documents.texts],
    }[kind]
    fitted = TfidfVectorizer(analyzer=lambda d: d, min_df=block.min_df, sublinear_tf=True).fit(spelled)
    return fitted, fitted.transform(spelled)


@pytest.mark.parametrize("kind", ["words", "opening", "chars", "bigrams"])
@given(texts=TEXTS)
def test_every_block_equals_scikit_learn(kind, texts):
    block = Block(kind, min_df=2, first=4)
    made = documents(texts)
    # opening words are looked up among the words, as in the shipped order of blocks
    blocks = (Block("words"), block) if kind == "opening" else (block,)
    ours = Vectoriser(blocks).fit(made)
    if not ours.features_[-1]:
        return
    fitted, expected = peer(kind, made, block)
    assert ours.features_[-1] == fitted.get_feature_names_out().tolist()
    assert abs(ours.transform(made)[:, int(ours.offsets[-2]) :] - expected).max() < 1e-6


def test_real_sized_texts_equal_scikit_learn(corpus):
    made = documents([row["text"].lower() for row in corpus[:600]])
    for block in BLOCKS:
        blocks = (Block("words"), block) if block.kind == "opening" else (block,)
        ours = Vectoriser(blocks).fit(made)
        _, expected = peer(block.kind, made, block)
        got = ours.transform(made)[:, int(ours.offsets[-2]) :]
        assert abs(got - expected * block.weight).max() < 1e-6


def test_blocks_stand_side_by_side_with_their_weights():
    made = documents(["宽带太慢了", "宽带断了三天", "多扣了话费", "话费扣错了"])
    blocks = (Block("words", weight=2.0), Block("chars", weight=0.5))
    both = Vectoriser(blocks).fit(made)
    got = both.transform(made).toarray()
    cut = both.offsets[1]
    assert np.allclose(np.linalg.norm(got[:, :cut], axis=1), 2.0)
    assert np.allclose(np.linalg.norm(got[:, cut:], axis=1), 0.5)


def test_unknown_and_empty_texts_are_empty_rows():
    fitted = Vectoriser().fit(documents(["宽带慢", "宽带快", "宽带断"]))
    got = fitted.transform(documents(["", "zzz", "宽带"]))
    assert np.diff(got.indptr).tolist()[:2] == [0, 0]
    assert got.shape == (3, fitted.width)


def test_stop_words_and_digit_runs_are_no_features():
    made = documents(["号码13812345678宽带的慢", "号码13812345678宽带的断"])
    fitted = Vectoriser((Block("words"),), stop_words=frozenset({"的"})).fit(made)
    assert fitted.names() == ["号码", "宽带"]


def test_restore_gives_the_same_rows():
    made = documents(["宽带慢得很", "宽带快得很", "扣费扣费了"])
    fitted = Vectoriser().fit(made)
    again = Vectoriser.restore(fitted.blocks, fitted.features_, fitted.idf_)
    assert (again.transform(made) != fitted.transform(made)).nnz == 0


def test_restore_refuses_a_vocabulary_of_another_size():
    with pytest.raises(ModelError, match="has 1 features but the weights were made for 2"):
        Vectoriser.restore((Block("words"),), (["宽带"],), np.ones(2))
