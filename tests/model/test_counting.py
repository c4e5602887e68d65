"""The compiled loops beside their twins in Python: the same bytes on every text."""

import os
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import load_model
from pipeline.model.classifying import Head
from pipeline.model.reasons import deciding_words, merged
from pipeline.model.sparse_rows import SparseRows
from pipeline.model.vectorising import Block, Documents, Vectoriser
from pipeline.text.segmentation import Segmentation

for loops in ("counting", "scoring"):
    pytest.importorskip(f"pipeline.native.{loops}", reason="the compiled loops are not built")

LETTERS = "宽带慢网速没信号我的5gab 12，\n\x00\U00020000\ud800"
TOKENS = st.lists(st.text(LETTERS, max_size=6), max_size=12)
# tokens need not be those of the text, as those of a test or of another program are not
TEXTS = st.lists(st.tuples(st.text(LETTERS, max_size=40), TOKENS), max_size=12)
BLOCKS = (Block("words", 1.0, 2), Block("opening", 0.5, 1, 3), Block("chars", 0.5, 1), Block("bigrams", 2.0, 1))


def by_hand():
    return mock.patch.dict(os.environ, {"GENYIN_COMPILED": "0"})


def documents(pairs):
    return Documents([text for text, _ in pairs], [tokens for _, tokens in pairs])


def same(ours, theirs):
    for one, other in ((ours.data, theirs.data), (ours.indices, theirs.indices), (ours.indptr, theirs.indptr)):
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()
    assert ours.shape == theirs.shape


@given(learned=TEXTS, seen=TEXTS, blocks=st.permutations(BLOCKS), count=st.integers(1, 4))
def test_rows_are_those_of_the_twin(learned, seen, blocks, count):
    fitted = Vectoriser(tuple(blocks[:count])).fit(documents(learned))
    for texts in (learned, seen, []):
        with by_hand():
            expected = fitted.rows(documents(texts))
        same(fitted.rows(documents(texts)), expected)


def test_rows_of_real_sized_texts_are_those_of_the_twin(corpus):
    model = load_model()
    texts = [row["text"] for row in corpus[:300]]
    made = model.preparer.prepare([*texts, " ".join(texts), "慢" * 3000])
    fed = Documents(made.texts, made.segmentation)
    with by_hand():
        expected = model.vectoriser.rows(fed)
    same(model.vectoriser.rows(fed), expected)


@st.composite
def scored(draw):
    """Rows with a linear layer of few or many outputs, in either precision."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from([np.float32, np.float64]))
    height, width, outputs = draw(st.integers(0, 6)), draw(st.integers(1, 40)), draw(st.integers(1, 40))
    present = random.random((height, width)) < draw(st.floats(0, 1))
    indptr = np.append(0, present.sum(axis=1).cumsum()).astype(np.int32)
    rows = SparseRows(random.normal(size=indptr[-1]), np.nonzero(present)[1].astype(np.int32), indptr, present.shape)
    weights, bias, scale = (random.normal(size=size).astype(kind) for size in ((width, outputs), outputs, width))
    return rows, Head(weights, bias, scale)


@given(scored(), st.data())
def test_scores_and_reasons_are_those_of_the_twin(made, data):
    rows, head = made
    alphabet = st.text("宽带慢网", min_size=1, max_size=3)
    names = data.draw(st.lists(alphabet, min_size=rows.shape[1], max_size=rows.shape[1]))
    usual = head.weights.mean(axis=1)
    usual[data.draw(st.integers(0, rows.shape[1])) :] = np.nan
    answers = []
    for way in (mock.patch.dict(os.environ), by_hand()):
        with way:
            norms = head.norms(rows)
            margins = head.margins(rows, norms)
            leaf = margins.argmax(axis=1)
            answers.append((norms, margins, deciding_words(rows, norms, head.weights, usual, leaf, names)))
    (norms, margins, reasons), (other_norms, other_margins, other_reasons) = answers
    assert norms.tobytes() == other_norms.tobytes()
    assert margins.tobytes() == other_margins.tobytes()
    assert reasons == other_reasons


@given(st.lists(st.tuples(st.text("宽带慢网", min_size=1, max_size=3), st.integers(1, 64)), min_size=1, max_size=10))
def test_joined_words_keep_every_share(pairs):
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    joined = merged([word for word, _ in ordered], [share / 64 for _, share in ordered])
    if len({word for word, _ in ordered}) <= 5:
        assert sum(share for _, share in joined) == sum(share for _, share in ordered) / 64


def test_a_longer_word_that_stands_there_already_keeps_its_share():
    words = ["带慢", "宽带", "宽带慢", "宽带慢"]
    assert merged(words, [0.5, 0.25, 0.125, 0.0625]) == (("宽带慢", 0.9375),)


@pytest.mark.parametrize("lengths", [[5], [-1, 5], [2, 1]])
def test_lengths_that_lead_out_of_the_text_are_refused(lengths):
    fitted = Vectoriser(BLOCKS).fit(documents([("宽带慢网", ["宽带", "慢网"])] * 2))
    wrong = Segmentation("宽带慢网", np.array(lengths, np.int64), np.array([len(lengths)], np.int64))
    with pytest.raises(ValueError, match="lengths, texts and tables do not fit together"):
        fitted.rows(Documents(["宽带慢网"], wrong))


@pytest.mark.parametrize("columns", [[0, 3], [-1, 0]])
def test_columns_beyond_the_weights_are_refused(columns):
    rows = SparseRows(np.ones(2), np.array(columns, np.int32), np.array([0, 2], np.int32), (1, 3))
    head = Head(np.ones((3, 2), np.float32), np.ones(2, np.float32), np.ones(3, np.float32))
    with pytest.raises(ValueError, match="lengths, texts and tables do not fit together"):
        head.norms(rows)
    with pytest.raises(ValueError, match="lengths, texts and tables do not fit together"):
        head.margins(rows, np.ones(1))
