"""What helped the last time, found by the words of a new complaint."""

from itertools import chain

import numpy as np
import pytest

from pipeline.errors import RegisterError
from pipeline.records import Complaints
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.register.knowledge import similar
from pipeline.workflow.register.terms import Words, packed, unpacked

TOLD = {
    "renewal": "赠送的流量包到期以后自动续订，每个月扣十五块钱",
    "evening": "晚上七点以后宽带很慢，打游戏一直掉线",
    "visit": "约好上午上门装宽带，师傅一直没有来，电话也打不通",
}


@pytest.fixture
def cases(register):
    tokens = Tokeniser()
    profiles = {}
    for key, text in TOLD.items():
        terms = {term: 2.0 for term in tokens.cut(text) if len(term) > 1 and term[0].isalnum()}
        profiles[key] = {**packed(terms), "phrases": []}
    complaints = [Arrival(f"{key}{i}", text) for key, text in TOLD.items() for i in range(3)]
    places = {one.identity: {one.id[:-1]: 1.0} for one in complaints}
    loaded = register.add_run(
        {}, complaints, Findings([FoundProblem(key, key, profile=profiles[key]) for key in TOLD], places)
    )
    return register, loaded.ids


def test_the_problem_that_speaks_of_the_same_comes_first_with_the_words_they_share(cases):
    register, ids = cases
    found = similar(register, "流量包不是我续订的，怎么自动扣了钱")
    assert found[0].id == ids["renewal"]
    assert {"流量", "自动"} & set(found[0].terms)
    assert 0 < found[0].score <= 1


def test_a_case_with_a_lesson_comes_before_one_that_is_more_alike(cases):
    register, ids = cases
    register.move(ids["visit"], "analysing")
    register.move(ids["visit"], "known_error", {"root_cause": "派单没有核对时间", "workaround": "人工改约"})
    found = similar(register, "晚上宽带很慢，师傅没有来")
    assert [one.id for one in found][:2] == [ids["visit"], ids["evening"]]
    assert (found[0].root_cause, found[0].workaround) == ("派单没有核对时间", "人工改约")
    assert [one.id for one in similar(register, "晚上宽带很慢，师傅没有来", limit=1)] == [ids["visit"]]


def test_a_lesson_that_is_hardly_alike_does_not_come_before_what_is_the_same(cases):
    register, ids = cases
    register.move(ids["visit"], "analysing")
    register.move(ids["visit"], "known_error", {"root_cause": "派单没有核对时间", "workaround": "改约"})
    found = similar(register, f"{TOLD['evening']}，师傅也没办法")
    assert [one.id for one in found][:2] == [ids["evening"], ids["visit"]]
    assert found[0].score > 2 * found[1].score


def test_what_stands_in_place_of_personal_data_is_no_word_of_both(register):
    """Neither the profiles of a run nor the text that is asked about hold it."""
    told = [
        f"约好上午装宽带，师傅{when}没有来，请打[手机号]找[姓名]"
        for when in ("一直", "今天", "又", "还是", "昨天", "也")
    ]
    none, nothing = [""] * len(told), np.zeros((len(told), 0), np.float32)
    times = np.full(len(told), "NaT", "datetime64[s]")
    words = Words(Complaints(none, told, none, none, times, none, [], nothing))
    terms = words.profile(range(len(told)))
    assert {"师傅", "宽带"} <= terms.keys()
    assert not {"手机号", "姓名"} & {*terms, *chain(*words.texts()), *words.of_names([["[姓名]装宽带"]])[0]}
    loaded = register.add_run(
        {},
        [Arrival("a", told[0])],
        Findings([FoundProblem("x", "x", profile=packed(terms))], {Arrival("a", told[0]).identity: {"x": 1.0}}),
    )
    (found,) = similar(register, "师傅没有来装宽带，我是[姓名]，请打[手机号]")
    assert found.id == loaded.ids["x"]
    assert "宽带" in found.terms
    assert not {"手机号", "姓名"} & set(found.terms)


def test_what_is_no_problem_or_shares_no_word_is_not_shown(cases):
    register, ids = cases
    register.dismiss(ids["renewal"], "活动规则如此")
    assert ids["renewal"] not in {one.id for one in similar(register, TOLD["renewal"])}
    assert similar(register, "完全无关") == []
    assert similar(register, "") == []


def test_the_id_of_a_problem_asks_for_others_like_it(cases):
    register, ids = cases
    more = [Arrival(f"again{i}", "流量包自动续订") for i in range(2)]
    terms = {"profile": register.problem(ids["renewal"]).profile}
    loaded = register.add_run({}, more, Findings([FoundProblem("x", "x", **terms)], {more[0].identity: {"x": 1.0}}))
    found = similar(register, loaded.ids["x"].lower())
    assert (found[0].id, found[0].score) == (ids["renewal"], pytest.approx(1))
    assert loaded.ids["x"] not in {one.id for one in found}
    with pytest.raises(RegisterError, match="There is no problem P-9999"):
        similar(register, "P-9999")


def test_terms_come_back_as_they_were_kept():
    terms = {"流量": 3.14159, "自动": 2.0, "two words": 1.0}
    assert unpacked(packed(terms)) == {"流量": 3.142, "自动": 2.0}
    assert unpacked({}) == {}
