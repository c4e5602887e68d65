"""Where a stretch of a title or clause may be cut, so that what is left says the same and reads well."""

import re

import numpy as np
import pytest

from pipeline.problems.fragments import fragments, weigh
from pipeline.problems.phrases import key_phrases
from pipeline.problems.wording import read_wording
from tests.problems.naming_side import CUT

TEXTS = [
    "投诉魅影之城小区停车费每月不低于188元，物业没有公示，不给解释，不让进，不合理，不行",
    "魅影之城小区停车费每月不低于188元也没有公示，不给发票，不能退，不合理，不行",
    "魅影之城小区物业把停车费涨到每月不低于188元，没有公示，不给商量，不管，不理，不听",
    "请问魅影之城小区停车费不低于188元合理吗，没有公示，不给票，不讲理，不接电话，不回",
]
# of the same run: here 不, 元 and 之 stand beside other words, so that being neighbours ties nothing together
OTHERS = [f"不甜不咸不辣{number}元，山之南，水之北" for number in range(60)]


@pytest.fixture(scope="module")
def cut():
    """All stretches that are tried for a name, and all key phrases, as written."""
    run = [*TEXTS, *OTHERS]
    wording = read_wording([np.arange(len(TEXTS))], run, [""] * len(run), CUT)
    [texts] = wording.groups
    weights = weigh(texts, wording)
    spell = wording.vocabulary.text
    tried = [spell(one.tokens) for one in fragments(texts, wording, weights)]
    phrases = [spell(gram) for gram in key_phrases(texts, wording, weights)]
    assert len(tried) > 10
    assert len(phrases) > 2
    return tried, phrases


def test_a_name_with_a_literary_of_stays_whole(cut):
    for said in (*cut[0], *cut[1]):
        assert not re.search("^之|之$|魅影$|^城", said)
    assert any("魅影之城小区" in said for said in cut[0])
    assert "魅影之城小区" in " ".join(cut[1])


def test_a_number_keeps_its_unit(cut):
    assert any("188元" in said for said in cut[0])
    assert not any(re.search("188(?!元)", said) for said in (*cut[0], *cut[1]))


def test_nothing_begins_behind_its_negation(cut):
    assert any("不低于" in said for said in cut[0])
    assert not any(re.search("^低于|^公示", said) for said in (*cut[0], *cut[1]))


def test_function_words_stand_at_no_edge(cut):
    assert not any(re.search("^(请问|投诉|把|的|也)|(没有|不|把|也|吗)$", said) for said in (*cut[0], *cut[1]))
