"""Who says that he will leave; fees that fell; and both counted together."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pipeline.insights.cases import make_cases
from pipeline.insights.churn import binomial_tail, churn
from pipeline.insights.fees import read_fee_change
from pipeline.insights.leaving import said_of_leaving
from pipeline.insights.wordlists import holding


@pytest.mark.parametrize(
    ("text", "leaving"),
    [
        ("再修不好我就转网", "threat"),
        ("要求销户并退还余额", "threat"),
        ("不给优惠就换别家", "threat"),
        ("逼得客户不得不转网", "threat"),
        ("要求销户后退还余额", "threat"),
        ("想携号转走，说宽带没拆", "threat"),
        ("申请携转被拒绝", "asked"),
        ("查询携转资格提示有合约", "asked"),
        ("营业厅不给办理销户", "asked"),
        ("因绑了宽带不能携出", "asked"),
        ("三月已销户，四月仍出账", "left"),
        ("退网两个月了盒子没人收", "left"),
        ("不想转网，只想把网修好", None),
        ("我没说要销户，是你们给停的", None),
        ("没有申请过携号转网", None),
        ("客户并未要求销户", None),
        ("转网过来前账户里剩83元", None),
        ("公司注销了，要退预存款", None),
        ("已转网络侧处理", None),
        ("网速慢", None),
    ],
)
def test_what_a_text_says_of_leaving(text, leaving):
    said = said_of_leaving([text])[0]
    assert (said and said.leaving.value) == leaving


def test_a_threat_counts_before_the_past():
    said = said_of_leaving(["去年已销户一张卡，再这样我就把这张也转网"])[0]
    assert (said.leaving.value, said.clause) == ("threat", "再这样我就把这张也转网")


@given(st.lists(st.text(alphabet="转网销户骂a😂", max_size=8), max_size=12))
def test_words_are_found_as_the_operator_in_finds_them(texts):
    words = ["转网", "销户", "骂", "网销a"]
    assert holding(texts, words).tolist() == [any(word in text for word in words) for text in texts]


@pytest.mark.parametrize(
    ("cell", "change"),
    [
        ("-20", -20.0),
        ("−20元", -20.0),
        ("(20)", -20.0),
        ("下降 20 元", -20.0),
        ("减少20", -20.0),
        ("59→39元", -20.0),
        ("59元变更为39元", -20.0),
        ("每月从129降至99", -30.0),
        ("+15", 15.0),
        ("涨了10元", 10.0),
        ("1,200", 1200.0),
        ("不变", 0.0),
        ("降档", -math.inf),
        ("降20%", -math.inf),
    ],
)
def test_what_a_cell_says_of_the_fee(cell, change):
    assert read_fee_change(cell) == change


@pytest.mark.parametrize("cell", ["", "见备注", "2026-03-01"])
def test_a_cell_that_gives_no_direction_is_unknown(cell):
    assert math.isnan(read_fee_change(cell))


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), st.floats(0.01, 0.99))
def test_tail_of_the_binomial_is_that_of_scipy(pair, chance):
    count, of = pair
    found = binomial_tail(np.array([count]), np.array([of]), chance)[0]
    assert found == pytest.approx(binom.sf(count - 1, of, chance), abs=1e-12)


def test_shares_by_hand():
    cases = make_cases(
        {
            "text": ["再不修就转网", "申请销户被拒", "销户后仍扣费", "网慢", "网慢"],
            "customer": ["a", "a", "b", "c", ""],
            "category": ["network", "other", "other", "network", "network"],
            "cause": ["手机上网慢", "销户离网难", "停机销户后仍收费", "手机上网慢", "手机上网慢"],
            "fee_change": ["-20", "", "-10", "5", "看账单"],
        }
    )
    found = churn(cases)
    assert (found.leaving.count, found.leaving.of) == (2, 5)
    # customers: a, b, c and one unknown
    assert (found.customers_leaving.count, found.customers_leaving.of) == (1, 4)
    assert [(one.leaving, one.complaints, one.customers) for one in found.said] == [
        ("threat", 1, 1),
        ("asked", 1, 1),
        ("left", 1, 1),
    ]
    assert (found.fell.count, found.fell.of) == (2, 3)
    assert (found.either.count, found.either.of) == (3, 5)
    assert [(one.name, one.leaving.count, one.leaving.of) for one in found.by_category] == [
        ("network", 1, 3),
        ("other", 1, 2),
    ]
    slow = next(one for one in found.fees_by_cause if one.name == "手机上网慢")
    # one of two with a known change fell, by 20; over all it is two of three
    assert (slow.fell.count, slow.fell.of, slow.lift, slow.mean_fall) == (1, 2, 0.75, 20.0)
    assert not slow.service
    assert next(one for one in found.fees_by_category if one.name == "other").service
    assert found.unread == (("看账单", 1),)
    assert [(goer.row, goer.words, goer.fee_fell) for goer in found.goers] == [
        (0, "再不修就转网", True),
        (1, "申请销户被拒", None),
    ]
    assert found.missing == ()


def test_a_cause_with_many_falls_stands_out():
    causes = ["客服态度差"] * 20 + ["手机上网慢"] * 100
    falls = ["-5"] * 18 + ["5"] * 2 + ["-5"] * 20 + ["5"] * 80
    found = churn(make_cases({"cause": causes, "fee_change": falls}))
    assert {one.name: (one.service, one.stands_out) for one in found.fees_by_cause} == {
        "客服态度差": (True, True),
        "手机上网慢": (False, False),
    }


def test_without_columns_the_report_names_them():
    found = churn(make_cases({"category": ["network"]}))
    assert [one.needs for one in found.missing] == [("text",), ("fee_change",)]
    assert (found.leaving.count, found.fell.value, found.goers) == (0, None, ())
