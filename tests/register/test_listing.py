"""The first page of a list: what is shown is what the whole list begins with, the rest is counted."""

from collections import Counter

import pytest

from pipeline.register.arriving import Findings, FoundProblem
from pipeline.register.listing import first_page
from pipeline.register.queries import ProblemFilter
from tests.register.invented import complaint

SIZES = {"a": 5, "b": 4, "a1": 2, "b1": 3, "b2": 1, "c": 2}


@pytest.fixture
def families(register):
    """Six problems, some of them parts of a or b; b has become known, and c is merged into a."""
    complaints = [complaint(i) for i in range(sum(SIZES.values()))]
    keys = [key for key, size in SIZES.items() for _ in range(size)]
    places = {one.identity: {key: 1.0} for one, key in zip(complaints, keys, strict=True)}
    found = [FoundProblem(key, f"问题{key}", parent=key[0] if len(key) > 1 else "") for key in SIZES]
    ids = register.add_run({}, complaints, Findings(found, places)).ids
    register.move(ids["b"], "open")
    register.merge([ids["c"]], ids["a"])
    return register, ids


def told(page, ids):
    keys = {problem: key for key, problem in ids.items()}
    return [(keys[one.id], is_part) for one, is_part in page.shown]


def test_parts_stand_below_their_problem_and_the_rest_is_counted(families):
    register, ids = families
    page = first_page(register, ProblemFilter(), 3)
    # with what was merged in and its part a has nine complaints, b with its parts has eight
    assert told(page, ids) == [("a", False), ("a1", True), ("b", False)]
    assert page.states == {"candidate": 4, "open": 1}
    assert page.total == 5
    assert [one for one, _ in page.shown] == [register.problem(ids[key]) for key in ("a", "a1", "b")]


def test_a_part_whose_problem_does_not_fit_stands_alone(families):
    register, ids = families
    page = first_page(register, ProblemFilter(states=("candidate",)), None)
    assert told(page, ids) == [("a", False), ("a1", True), ("b1", False), ("b2", False)]
    assert first_page(register, ProblemFilter(text="没有的"), 5).states == {}


@pytest.mark.parametrize("wanted", [ProblemFilter(), ProblemFilter(text="b"), ProblemFilter(merged=True)])
def test_the_whole_page_holds_what_the_list_holds(families, wanted):
    register, _ = families
    everything = register.problems(wanted)
    page = first_page(register, wanted, None)
    assert sorted(one.id for one, _ in page.shown) == sorted(one.id for one in everything)
    assert page.states == Counter(one.state for one in everything)
