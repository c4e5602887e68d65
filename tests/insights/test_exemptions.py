"""Bad scores that should not count: every kind by hand, the planted ones of the sample whole and alone."""

import pytest

from pipeline.insights.answers import AnswerMap
from pipeline.insights.cases import make_cases
from pipeline.insights.exemptions import ExemptionsOptions, exemptions
from pipeline.insights.rating_words import praise_of, rating_remarks
from tests.insights.sample_cases import planted, sample_cases


def evidence(found, kind):
    return {one.row: one.evidence for one in found.listed if one.kind == kind}


def test_the_twelve_praises_with_a_bad_score_and_no_other():
    found = exemptions(sample_cases())
    listed = [one.id for one in found.listed if one.kind == "satisfied_text"]
    assert len(listed) == 12
    assert set(listed) == planted("praise")
    assert {one.kind: one.complaints for one in found.kinds}["satisfied_text"] == 12
    assert all(one.evidence for one in found.listed)


@pytest.mark.parametrize(
    "text", ["师傅太周到了，点赞", "要给客服小李送锦旗", "师傅态度好，修得快，非常感谢", "坐席又耐心又热心，给五星"]
)
def test_praise_is_seen(text):
    assert praise_of([text], [""], [()])[0][0].startswith("text:")


@pytest.mark.parametrize(
    "text",
    [
        "师傅态度好，可是网还没修好",
        "不是很满意",
        "处理结果不满意，要求写感谢信的人回电",
        "人没来就让我打五星，要求重修",
        "服务态度好差",
        "还让我点满意",
    ],
)
def test_a_demand_or_a_denial_is_no_praise(text):
    assert praise_of([text], [""], [()]) == [()]


def test_a_demand_outweighs_labels_and_closing_note():
    assert praise_of(["要求重修"], ["已登记表扬"], [("cause:表扬感谢",)]) == [()]


@pytest.mark.parametrize(
    ("text", "key", "seen"),
    [
        ("评价时不小心点错了", "slip", True),
        ("客户把号码最后一位按错了，钱充到别人号上", "slip", False),
        ("客户以为1分最好，所以评分打了1分", "reversed", True),
        ("箭头方向反了", "reversed", False),
        ("二次回访客户改为满意", "corrected", True),
        ("二次回访仍不满意，未改评", "corrected", False),
    ],
)
def test_remarks_about_the_rating(text, key, seen):
    assert bool(rating_remarks({"closing_note": [text]}, key)[0]) is seen


def test_every_kind_by_hand():
    cases = make_cases(
        {
            "id": ["1", "2", "3", "4", "5", "6", "7", "6"],
            "text": ["网慢", "网慢", "网慢", "网慢", "网慢", "网慢", "营业员骂人", "网慢"],
            "closing_note": ["评分理解反了", "", "", "", "", "", "", ""],
            "category": ["network"] * 6 + ["attitude", "network"],
            "cause": ["手机上网慢"] * 6 + ["营业员态度差", "手机上网慢"],
            "satisfaction": ["不满意"] * 7 + ["满意"],
            "dissatisfaction_reason": ["态度", "态度", "信号不好", "服务差", "", "态度", "", ""],
            "at_fault": [True, True, True, False, False, True, True, True],
            "closed": ["2026-03-01"] * 7 + ["2026-03-05"],
            "rated": ["2026-03-01", "2026-03-09", "", "", "", "", "", ""],
        }
    )
    found = exemptions(cases)
    assert evidence(found, "reversed_scale") == {0: ("closing_note:评分理解反了",)}
    assert evidence(found, "late_rating") == {1: ("days:8.0",)}
    # row 3: its reason names the service; row 6: a rude clerk
    assert evidence(found, "outside_employee") == {
        2: ("cause:手机上网慢/公司",),
        4: ("cause:手机上网慢/公司", "at_fault:no"),
    }
    assert evidence(found, "corrected") == {5: ("later_score:2026-03-05T00:00:00",)}
    assert (found.exempted.count, found.exempted.of) == (5, 7)
    assert (found.satisfied.count, found.satisfied.of) == (1, 8)
    assert (found.satisfied_without.count, found.satisfied_without.of) == (1, 3)


def test_an_employee_in_the_closing_note_keeps_the_score():
    columns = {"cause": ["手机上网慢"], "satisfaction": ["不满意"], "closing_cause": ["业务解释不清"]}
    assert exemptions(make_cases(columns)).exempted.count == 0


def test_what_is_listed_is_cut_but_counted():
    cases = make_cases({"cause": ["手机上网慢"] * 5, "satisfaction": ["不满意"] * 5})
    found = exemptions(cases, ExemptionsOptions(listed=2))
    assert len(found.listed) == 2
    assert {one.kind: one.complaints for one in found.kinds}["outside_employee"] == 5


def test_codes_are_read_by_the_map_only():
    cases = make_cases({"cause": ["手机上网慢"] * 2, "satisfaction": ["1", "5"]})
    assert exemptions(cases).exempted.of == 0
    assert exemptions(cases, answers=AnswerMap(scheme="five_points")).exempted.of == 1


def test_without_scores_the_report_names_the_column():
    found = exemptions(make_cases({"text": ["感谢师傅"]}))
    assert (found.exempted.of, found.listed) == (0, ())
    assert found.missing[0].needs == ("satisfaction",)
