"""The complaint most like the others, typical quotes, and what of a text is shown."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.problems.naming import quote
from pipeline.problems.quoting import typical_complaints
from pipeline.problems.vocabulary import FUNCTION_WORD
from pipeline.problems.wording import read_wording
from pipeline.text.masking.shapes import PLACEHOLDER
from tests.problems.naming_side import CUT, blocks, names_of


def test_quotes_are_typical_and_differ():
    texts = [
        "宽带晚上掉线要重启光猫",
        "宽带晚上掉线要重启光猫。",
        "宽带晚上天天掉线",
        "夜里宽带掉线打不了游戏",
        "今天吃了一碗面",
    ]
    [naming] = names_of([range(5)], texts)
    assert naming.medoid in (0, 1)
    assert len(naming.quotes) == 3
    assert naming.quotes[0] == naming.medoid
    assert not {0, 1} <= set(naming.quotes)
    assert 4 not in naming.quotes
    assert 0.0 < naming.cohesion < 1.0


def test_alike_complaints_have_more_cohesion_than_mixed_ones():
    groups, texts = blocks(
        ["座机没有声音", "座机拿起来没有声音", "家里座机没有声音"],
        ["账单多扣二十元", "窗口排队两个小时", "师傅约了没来"],
        ["短信轰炸"] * 4,
        ["积分兑换不了"],
    )
    alike, mixed, copies, alone = (naming.cohesion for naming in names_of(groups, texts))
    assert copies == alone == 1.0
    assert 1.0 > alike > 0.3 > 0.1 > mixed


def test_copies_count_as_often_as_they_occur():
    texts = ["合同到期没人对接"] * 6 + ["网页打不开", "网页一直打不开", "网页打不开了"]
    [naming] = names_of([range(9)], texts)
    assert texts[naming.medoid] == "合同到期没人对接"
    assert naming.cohesion == pytest.approx(5 / 8)


@pytest.mark.parametrize("count", [3, 24, 25, 120])
def test_the_medoid_has_the_highest_mean_cosine_to_the_others(count):
    chance = random.Random(count)
    words = [
        "宽带",
        "掉线",
        "光猫",
        "闪红灯",
        "师傅",
        "没来",
        "账单",
        "多扣",
        "客服",
        "电话",
        "打不通",
        "夜里",
        "重启",
        "换了",
        "套餐",
        "积分",
    ]
    texts = sorted({"，".join(chance.sample(words, 7)) for _ in range(count)})
    wording = read_wording([np.arange(len(texts))], texts, [""] * len(texts), CUT)
    [typical] = typical_complaints(wording)
    vectors = np.zeros((len(texts), len(wording.vocabulary.spellings)))
    for text in wording.groups[0]:
        for clause in text.clauses:
            np.add.at(vectors[text.places[0]], list(clause), 1.0)
    function_words = np.array(wording.vocabulary.traits) & FUNCTION_WORD == FUNCTION_WORD
    vectors = np.log1p(vectors) * np.where(function_words, 0.0, wording.usage.telling)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    mean = ((vectors @ vectors.T).sum(axis=1) - 1) / (len(texts) - 1)
    assert typical.cohesion == pytest.approx(mean.max())
    assert mean[typical.medoid] == pytest.approx(mean.max())
    # a sum of whole billionths is the same in whatever order a machine adds up
    parts = (len(texts) - 1) * 1e9
    assert typical.cohesion == round(typical.cohesion * parts) / parts


def test_a_quote_is_the_text_itself_where_it_is_short():
    assert quote("光猫闪红灯，没网。", ["光猫"]) == "光猫闪红灯，没网。"


def test_a_quote_shows_whole_clauses_around_the_phrases():
    text = (
        "本人在这里住了十几年，一直很满意。" * 5
        + "可是上个月起楼下夜宵摊的油烟直往家里灌，窗户都不敢开。"
        + "望尽快处理为盼。" * 9
    )
    shown = quote(text, ["夜宵摊", "油烟"])
    assert "楼下夜宵摊的油烟直往家里灌，" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 62
    assert shown.strip("…") in text
    before = text.index(shown.strip("…"))
    assert text[before - 1] in "，。"


def test_a_claim_at_the_end_is_quoted_with_what_leads_to_it():
    text = "看到门口贴的新单子，" * 9 + "想给自己的号也弄一个，回答仅限新户"
    shown = quote(text, ["仅限"])
    assert shown.endswith("想给自己的号也弄一个，回答仅限新户")
    assert 45 <= len(shown) <= 62


def test_a_quote_cuts_an_endless_clause_between_words_and_keeps_masked_values_whole():
    text = "喂你好我想问一下我家宽带最近老是断师傅来了也没修好" * 2 + "打[手机号]没人接" * 8
    shown = quote(text, ["没人接"])
    assert shown.count("[") == shown.count("]") == len(PLACEHOLDER.findall(shown)) > 0
    assert len(shown) <= 62
    assert quote("好" * 200_000, []).rstrip("…") in "好" * 60
    assert len(quote("x" * 200_000, ["y"])) <= 62


@given(
    st.text("宽带掉线，。[手机号]a1 \n", max_size=400),
    st.lists(st.text("宽带掉线", min_size=1, max_size=4), max_size=3),
)
def test_any_quote_is_short_and_part_of_the_text(text, phrases):
    shown = quote(text, phrases)
    assert len(shown) <= 62
    assert shown.strip("…") in " ".join(text.split())
