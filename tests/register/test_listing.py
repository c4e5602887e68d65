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


def test_a_period_keeps_what_has_a_complaint_in_it_even_if_only_a_part_has(register):
    """a goes on all the time, b has nothing in March, its part b1 has; c is gone by then, d has no day."""
    days = {"a": "01 03 05", "b": "01 05", "b1": "03", "c": "01 02", "d": ""}
    told = [(key, f"2026-{month}-31T23:59:59") for key, months in days.items() for month in months.split()]
    told += [("d", "")]
    complaints = [complaint(i, accepted=moment) for i, (_, moment) in enumerate(told)]
    places = {one.identity: {key: 1.0} for one, (key, _) in zip(complaints, told, strict=True)}
    found = [FoundProblem(key, f"问题{key}", parent=key[0] if len(key) > 1 else "") for key in days]
    ids = register.add_run({}, complaints, Findings(found, places)).ids
    keys = {problem: key for key, problem in ids.items()}

    def kept(since="", until=""):
        wanted = ProblemFilter(since=since, until=until)
        page = first_page(register, wanted, None)
        assert page.total == len(page.shown)
        return sorted(keys[one.id] for one, _ in page.shown)

    assert kept("2026-03-01", "2026-03-31") == ["a", "b", "b1"]
    assert kept("2026-04-01", "2026-04-30") == []
    assert kept("2026-02-01", "2026-02-28") == []
    assert kept("2026-01-31", "2026-02-28") == ["a", "b", "c"]
    assert kept(since="2026-04-01") == ["a", "b"]
    assert kept(until="2026-02-28") == ["a", "b", "c"]
    assert kept(until="2026-01-30") == []


@pytest.mark.parametrize("wanted", [ProblemFilter(), ProblemFilter(text="b"), ProblemFilter(merged=True)])
def test_the_whole_page_holds_what_the_list_holds(families, wanted):
    register, _ = families
    everything = register.problems(wanted)
    page = first_page(register, wanted, None)
    assert sorted(one.id for one, _ in page.shown) == sorted(one.id for one in everything)
    assert page.states == Counter(one.state for one in everything)
