"""Which problem is a part of which, after a run: what it may decide, and what it may propose only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.register.arriving import FoundProblem
from pipeline.register.rows import Problem
from pipeline.workflow.register.families import Families


def settled(found, known=(), opened=(), heirs=(), split_off=None):
    families = Families({one.id: one for one in known}, frozenset(opened), frozenset(heirs))
    split = {one.key: "" for one in found} | (split_off or {})
    problems, guesses = families.settle(found, split)
    return {one.key: one for one in problems}, guesses


def test_a_run_hangs_a_candidate_below_a_broader_one():
    found, guesses = settled(
        [FoundProblem("P-0001", "续订", parent="new"), FoundProblem("new", "资费")], [Problem("P-0001")]
    )
    assert (found["P-0001"].parent, found["new"].parent, found["new"].related, guesses) == ("new", "", (), [])


def test_what_a_person_has_opened_is_proposed_as_a_part_and_named_by_the_broader_one():
    told = [FoundProblem("P-0001", "续订", parent="new"), FoundProblem("new", "资费")]
    found, (guess,) = settled(told, [Problem("P-0001", state="open")], opened=["P-0001"])
    assert (found["P-0001"].parent, found["new"].related) == ("", ("P-0001",))
    assert (guess.kind, guess.problem, guess.other) == ("part", "P-0001", "new")
    assert "a person has opened it" in guess.evidence[0]


def test_nothing_is_proposed_where_the_opened_one_stands_below_it_already():
    told = [FoundProblem("P-0001", "续订", parent="P-0002"), FoundProblem("P-0002", "资费")]
    found, guesses = settled(told, [Problem("P-0001", parent="P-0002"), Problem("P-0002")], opened=["P-0001"])
    assert (found["P-0001"].parent, found["P-0002"].related, guesses) == ("P-0002", (), [])


def test_what_split_off_an_opened_part_comes_below_its_whole():
    told = [FoundProblem("P-0001", "续订"), FoundProblem("new", "某包续订", parent="P-0001")]
    found, _ = settled(told, [Problem("P-0001", parent="P-0002"), Problem("P-0002")], opened=["P-0001"])
    assert (found["new"].parent, found["P-0001"].parent) == ("P-0002", "P-0002")


@pytest.mark.parametrize("heirs", [(), ("P-0001",)])
def test_a_problem_that_others_were_merged_into_stays_where_it_is(heirs):
    told = [FoundProblem("P-0001", "续订", parent="P-0002"), FoundProblem("P-0002", "资费")]
    found, guesses = settled(told, [Problem("P-0001"), Problem("P-0002")], heirs=heirs)
    assert (found["P-0001"].parent, guesses) == ("" if heirs else "P-0002", [])


KEYS = ("P-0001", "P-0002", "P-0003", "new")


@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(("", *KEYS)), min_size=4),
    st.sampled_from(["", "P-0002", "P-0003"]),
    st.frozensets(st.sampled_from(KEYS[:3])),
)
def test_there_are_two_levels_and_the_opened_stay_whatever_a_run_says(named, stored, opened):
    known = [Problem("P-0001", parent=stored), Problem("P-0002"), Problem("P-0003")]
    told = [FoundProblem(key, key, parent="" if parent == key else parent) for key, parent in named.items()]
    found, guesses = settled(told, known, opened)
    wholes = {one.parent for one in found.values()} - {""}
    assert all(found[whole].parent == "" for whole in wholes)
    before = {one.id: one.parent for one in known}
    assert all(found[one].parent == before[one] for one in opened)
    assert {one.problem for one in guesses} <= opened
