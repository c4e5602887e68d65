"""Departments, attribution, gaps; phenomenon against cause; notes that say nothing. Figures counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.cases import make_cases
from pipeline.insights.phenomenon import PhenomenonOptions, phenomenon, says_nothing
from pipeline.insights.responsibility import responsibility
from pipeline.insights.tallying import tally
from pipeline.taxonomy import load_taxonomy
from tests.insights.sample_cases import sample_cases

CASES = make_cases(
    {
        "category": ["billing", "billing", "attitude", "other", "attitude", "strange"],
        "cause": ["套餐变更受限", "流量包自动续订", "营业员态度差", "表扬感谢", "", ""],
        "customer": ["a", "a", "b", "c", "", "d"],
        "problem": ["P1", "P2", "P3", "", "", ""],
        "department": ["营业部", "市场部一科", "营业部", "", "客户服务部", ""],
        "at_fault": [True, False, True, None, None, None],
    },
    [
        {"id": "P1", "cause": "套餐变更受限", "category": "billing"},
        {"id": "P2", "parent": "P1", "cause": "流量包自动续订", "category": "billing"},
        {"id": "P3", "category": "attitude", "back_department": "渠道运营部"},
    ],
)


def by_name(burdens):
    return {one.name: (one.complaints, one.customers, one.problems) for one in burdens}


def test_complaints_go_to_the_departments_of_their_cause_else_of_their_category():
    found = responsibility(CASES)
    taxonomy = load_taxonomy()
    attitude = next(one for one in taxonomy.categories if one.id == "attitude")
    clerk = taxonomy.causes["营业员态度差"]
    assert (found.attributed, found.no_problem, found.unknown) == (4, 1, 1)
    # two billing causes, both put right by 市场部, of one customer; the part P2 does not count beside P1
    assert by_name(found.back)["市场部"] == (2, 1, 1)
    assert (
        by_name(found.back)[clerk.back_department][:2]
        == (1 if clerk.back_department != attitude.back_department else 2,) * 2
    )
    assert sum(one.complaints for one in found.back) == sum(one.complaints for one in found.front) == 4
    assert sum(one.share for one in found.gaps) == pytest.approx(1.0)
    assert by_name(found.front)["营业厅"][0] >= 1


def test_attribution_by_what_the_operator_says_of_fault():
    found = {one.attribution: (one.at_fault, one.not_at_fault, one.unknown) for one in responsibility(CASES).faults}
    # 套餐变更受限 and 流量包自动续订 lie with the company, a rude clerk with the employee, the bare category as it says
    assert found == {"公司": (1, 1, 0), "员工": (1, 0, 1)}


def test_a_department_and_its_part_are_one_and_others_are_handed_over():
    found = responsibility(CASES)
    assert ("营业部", "市场部", 1, 1) in [
        (one.recorded, one.back_department, one.complaints, one.customers) for one in found.handovers
    ]
    assert "市场部一科" not in {one.recorded for one in found.handovers}
    assert by_name(found.recorded)["营业部"] == (2, 2, 2)


def test_sample_adds_up_and_reaches_the_back_end():
    cases = sample_cases()
    found = responsibility(cases)
    assert found.attributed + found.no_problem + found.unknown == len(cases)
    for side in (found.front, found.back, found.attributions, found.gaps):
        assert sum(one.complaints for one in side) == found.attributed
    assert found.back[0].name == "网络部"
    assert found.missing == ()


def test_without_columns_the_report_names_them():
    found = responsibility(make_cases({"text": ["网断了"]}))
    assert (found.attributed, found.back, found.faults) == (0, (), ())
    assert [one.needs for one in found.missing] == [("category",), ("at_fault",), ("department",)]


# --- phenomenon and cause


@pytest.mark.parametrize(
    "note", ["已解释，用户认可。", "核实后解释，客户无异议", "已处理，回访正常，结案。", "2026-03-01 已联系用户，致歉"]
)
def test_a_note_of_empty_words_says_nothing(note):
    assert says_nothing([note]).tolist() == [True]


@pytest.mark.parametrize(
    "note", ["", "  ", "更换光猫", "已退15元", "光缆挖断，已修复", "OK, reset the modem", "已解释" * 30]
)
def test_a_note_that_names_a_matter_says_something(note):
    assert says_nothing([note]).tolist() == [False]


@given(st.text(max_size=50))
def test_any_note_can_be_read(note):
    assert says_nothing([note]).tolist() in ([True], [False])


def test_text_against_closing_note_by_hand():
    cases = make_cases(
        {
            "id": ["1", "2", "3", "4", "5"],
            "customer": ["a", "a", "b", "c", "d"],
            "category": ["network", "network", "billing", "network", "billing"],
            "cause": ["手机上网慢", "手机上网慢", "合约违约金", "手机上网慢", "合约违约金"],
            "closing_note": ["光猫坏了", "光猫坏了", "违约金已退", "已解释，用户认可", ""],
            "closing_category": ["installation", "installation", "billing", "attitude", ""],
            "closing_cause": ["光猫老旧故障", "光猫老旧故障", "退费未到账", "投诉敷衍结案", ""],
            "department": ["网络部"] * 4 + [""],
        }
    )
    found = phenomenon(cases, PhenomenonOptions(listed=1))
    assert (found.boilerplate.count, found.boilerplate.of) == (1, 4)
    assert found.phrases == (("已解释，用户认可", 1),)
    # the boilerplate note compares with nothing
    assert (found.same_category.count, found.same_category.of) == (1, 3)
    assert (found.same_cause.count, found.same_cause.of) == (0, 3)
    assert [(one.phenomenon, one.cause, one.complaints, one.customers) for one in found.categories] == [
        ("network", "installation", 2, 1),
        ("billing", "billing", 1, 1),
    ]
    assert [(one.phenomenon, one.cause, one.complaints) for one in found.causes] == [
        ("手机上网慢", "光猫老旧故障", 2),
        ("合约违约金", "退费未到账", 1),
    ]
    assert [(one.row, one.id, one.closing_cause) for one in found.disagreements] == [(0, "1", "光猫老旧故障")]
    assert [(one.name, one.boilerplate.count, one.boilerplate.of) for one in found.boilerplate_by_department] == [
        ("网络部", 1, 4)
    ]


def test_without_closing_notes_the_report_names_them():
    found = phenomenon(make_cases({"category": ["network"]}))
    assert found.same_category.value is None
    assert found.boilerplate.of == 0
    assert [one.needs for one in found.missing] == [("closing_category",), ("closing_note",)]


def test_customers_count_once_and_unknown_ones_each():
    cases = make_cases({"category": ["x", "x", "x", "y"], "customer": ["a", "a", "", ""]})
    table = tally(cases, {"category": cases.frame["category"]})
    assert table.to_dict("list") == {"category": ["x", "y"], "complaints": [3, 1], "customers": [2, 1]}
