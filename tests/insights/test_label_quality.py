"""The operator's label against ours: the table of labels, agreement and kappa, parked labels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from pipeline.errors import SettingsError
from pipeline.insights.agreement import kappa
from pipeline.insights.cases import make_cases
from pipeline.insights.label_map import read_label_map, shipped_map
from pipeline.insights.label_quality import LabelQualityOptions, label_quality
from tests.insights.sample_cases import sample_cases

READINGS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=2, max_size=60)


@given(READINGS)
def test_kappa_is_that_of_scikit_learn_and_its_interval_that_of_statsmodels(pairs):
    one, other = (pd.Series(column) for column in zip(*pairs, strict=True))
    found = kappa(one, other)
    if len(set(one) | set(other)) == 1:
        assert found.value is None
        return
    assert found.value == pytest.approx(cohen_kappa_score(one, other))
    labels = sorted(set(one) | set(other))
    counts = pd.crosstab(one, other).reindex(index=labels, columns=labels, fill_value=0).to_numpy()
    with np.errstate(all="ignore"):
        reference = cohens_kappa(counts)
    # of a table without variance statsmodels takes the root of a rounding error
    limits = np.clip(np.nan_to_num([reference.kappa_low, reference.kappa_upp], nan=found.value), -1, 1)
    assert (found.low, found.high) == pytest.approx(tuple(limits), abs=1e-6)


@pytest.mark.parametrize(
    ("system", "path", "cause"),
    [
        ("L", "服务请求→家庭业务→网络质量→家庭宽带→功能使用→网速慢", "宽带晚高峰慢"),
        ("L", "移动业务 > 手机上网 > 全国流量 > 费用质疑", "流量用量不认可"),  # levels need not be neighbours
        ("L", "移动业务 > 停车 > 费用质疑", "账单扣费不明"),
        ("J", "移网>>语音>>语音质差", "通话断续杂音"),
        ("Z", "专线->电路中断", "专线中断"),
    ],
)
def test_the_rule_that_says_most_names_a_path(system, path, cause):
    assert shipped_map(system).rule(path).cause == cause


def test_a_path_in_another_order_or_of_other_words_has_no_rule():
    assert shipped_map("L").rule("费用质疑的反馈") is None
    assert shipped_map("J").rule("语音质差 > 语音 > 移网") is None


def test_a_table_without_its_columns_is_refused(tmp_path):
    (tmp_path / "labels.csv").write_text("leaf,label\n网速慢,network\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"is no table of labels; its columns must be operator_system, pattern"):
        read_label_map(tmp_path / "labels.csv")


def test_an_own_table_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"The table .*labels\.csv cannot be read: No such file"):
        label_quality(CASES, LabelQualityOptions(table=str(tmp_path / "labels.csv")))


def test_an_own_table_names_the_labels(tmp_path):
    table = "operator_system,pattern,category,cause,note\n我司,谁也不知道,network,手机上网慢,\n"
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8-sig")
    found = label_quality(CASES, LabelQualityOptions(table=str(tmp_path / "labels.csv")))
    assert (found.system, found.mapped, found.by_cause.agreeing.count) == ("我司", 1, 1)


def test_an_own_table_in_gbk_is_refused(tmp_path):
    (tmp_path / "labels.csv").write_text("operator_system,pattern\n我司,网速慢\n", encoding="gb18030")
    with pytest.raises(SettingsError, match=r"is not UTF-8 text\. Save it as UTF-8 \(in Excel: CSV UTF-8\)"):
        read_label_map(tmp_path / "labels.csv")


CASES = make_cases(
    {
        "id": list("123456"),
        "label_path": [
            "根 > 移动 > 垃圾短信",
            "根 > 移动 > 不知情定制",
            "根 > 移动 > 全局流转",
            "根 > 家庭 > 其他",
            "根 > 家庭 > 谁也不知道",
            "",
        ],
        "category": ["other", "other", "network", "billing", "network", "network"],
        "cause": ["垃圾短信", "骚扰诈骗电话", "手机上网慢", "合约违约金", "手机上网慢", "手机上网慢"],
        "needs_review": [False, False, False, True, False, False],
    }
)


def test_labels_by_hand():
    found = label_quality(CASES)
    assert (found.system, found.labelled, found.mapped, found.parked.count, found.unmapped) == ("L", 5, 2, 2, 1)
    assert found.unmapped_labels == (("根 > 家庭 > 谁也不知道", 1),)
    assert (found.by_category.agreeing.count, found.by_category.agreeing.of) == (1, 2)
    assert [(one.operator, one.ours, one.complaints) for one in found.disagreements] == [
        ("增值业务不知情定制", "骚扰诈骗电话", 1)
    ]
    assert [(one.name, one.parked.count, one.parked.of) for one in found.parked_by_level] == [("3", 2, 5)]
    # 根 stands above all and says nothing; a branch is two levels of what is left
    assert [
        (one.name, one.parked.count, one.parked.of)
        for one in label_quality(CASES, LabelQualityOptions(branch=1)).parked_by_branch
    ] == [("家庭", 1, 2), ("移动", 1, 3)]
    assert [(one.cause, one.complaints, one.sure) for one in found.belongs] == [
        ("合约违约金", 1, 0),
        ("手机上网慢", 1, 1),
    ]
    assert [(one.id, one.cause) for one in found.reassigned] == [("3", "手机上网慢")]


def test_an_unknown_system_is_refused():
    with pytest.raises(SettingsError, match=r"The table of labels has no operator system 'X'; there are L, U, J"):
        label_quality(CASES, LabelQualityOptions(system="X"))


def test_sample_adds_up():
    cases = sample_cases()
    found = label_quality(cases)
    assert found.labelled == len(cases) == found.mapped + found.parked.count + found.unmapped
    assert found.system == "L"
    assert sum(one.parked.count for one in found.parked_by_level) == found.parked.count
    assert found.by_category.kappa.value > 0.6


def test_without_labels_the_report_names_them():
    found = label_quality(make_cases({"text": ["网断了"]}))
    assert found.labelled == 0
    assert found.by_category.kappa.value is None
    assert [one.needs for one in found.missing] == [("label_path", "category")]
