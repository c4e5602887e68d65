"""Problems of an earlier run: who keeps what when this run would have it otherwise."""

import sys
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.problems.claims import Claim, settle
from pipeline.problems.concrete import distinct_texts
from pipeline.problems.grouping import GroupOptions, group
from pipeline.problems.keeping import (
    Kept,
    joining,
    kept_of,
    known_labels,
    only_with_news,
    remembered,
    seen_texts,
)
from pipeline.records import ProblemKind
from pipeline.text.tokenising import Tokeniser

sys.path.insert(0, str(Path(__file__).parent))

import cause_side
from town import complaints, town

CAUSES = ("续订", "漏水")
cut = Tokeniser().cut_many


def settled(known, *claims, kept=None, causes=None, min_size=2):
    """What becomes of claims beside the problems of an earlier run."""
    before = remembered(known, kept or {}, CAUSES)
    made = joining([claim if isinstance(claim, Claim) else concrete(claim) for claim in claims], before.settled)
    sure = np.full(len(known), -1) if causes is None else np.array(causes)
    return only_with_news(settle(made, sure, np.arange(len(known)), min_size, before.settled), known)


def concrete(members):
    return Claim(ProblemKind.CONCRETE, np.array(members))


def ids(found):
    """The known problem of every complaint, "new" for another one, "-" for none."""
    return [(found.claims[place].known or "new") if place >= 0 else "-" for place in found.problem]


def named(found):
    return [found.problems[place].id if place >= 0 else "" for place in found.problem.tolist()]


def test_the_claim_that_holds_most_of_a_known_problem_goes_on_it():
    found = settled(["P1", "P1", None, None, "", ""], [0, 1, 2, 3])
    assert ids(found) == ["P1"] * 4 + ["-"] * 2


def test_complaints_stay_with_their_problem_even_where_this_run_would_part_or_join_them():
    found = settled(["P1", "P1", "P2", "P2", "P1", None, None, None], [0, 1, 2], [3, 4, 5])
    assert ids(found) == ["P1", "P1", "P2", "P2", "P1", "P2", "-", "-"]


def test_two_known_problems_in_one_group_stay_two():
    found = settled(["P1", "P1", "P2", "P2", None], [0, 1, 2, 3, 4])
    assert ids(found)[:4] == ["P1", "P1", "P2", "P2"]
    assert ids(found)[4] in {"P1", "P2"}


def test_a_known_problem_that_this_run_does_not_see_stays_what_it_was():
    kept = {"P9": Kept(ProblemKind.CAMPAIGN, "P1", "续订"), "P1": Kept(ProblemKind.CAUSE, "", "续订")}
    found = settled(["", "", "P9", None, None], [3, 4], kept=kept)
    assert ids(found) == ["-", "-", "P9", "new", "new"]
    part = found.claims[found.problem[2]]
    whole = found.claims[found.parent[found.problem[2]]]
    assert (part.kind, part.cause, whole.known, whole.kind) == ("campaign", 0, "P1", "cause")


def test_new_complaints_of_a_cause_come_to_the_problem_that_is_this_cause():
    kept = {"P1": Kept(ProblemKind.CAUSE, "", "续订")}
    found = settled(["P1", "P1", None, None], kept=kept, causes=[-1, 1, 0, 0], min_size=3)
    assert ids(found) == ["P1"] * 4


def test_parts_found_in_a_known_cause_hang_below_it_and_too_small_ones_are_none():
    kept = {"P7": Kept(ProblemKind.CAUSE, "", "续订")}
    heaps = [Claim(ProblemKind.CONCENTRATION, np.array(rows), 0, "甲包") for rows in ([0, 1, 2], [3, 4])]
    found = settled(["P7", None, None, "P7", None], *heaps, kept=kept, causes=[0] * 5)
    assert ids(found) == ["P7", "new", "new", "P7", "P7"]
    assert found.claims[found.parent[found.problem[1]]].known == "P7"


def test_an_incident_goes_on_in_an_incident_and_not_in_what_its_texts_say():
    kept = {"P1": Kept(ProblemKind.INCIDENT, where="甲市")}
    found = settled(["P1", "P1", None, None, None], [0, 1, 2, 3, 4], kept=kept)
    assert ids(found) == ["P1", "P1", "new", "new", "new"]
    again = settled(["P1", "P1", None], Claim(ProblemKind.INCIDENT, np.array([1, 2]), where="甲市"), kept=kept)
    assert ids(again) == ["P1"] * 3


def test_complaints_that_were_alone_stay_so_where_no_new_one_is():
    found = settled(["", "", "", "", None, "P1", ""], [0, 1], [2, 3, 4], [5, 6])
    assert ids(found) == ["-", "-", "new", "new", "new", "P1", "-"]


def test_a_text_known_in_two_problems_goes_with_the_more_frequent_one():
    distinct = distinct_texts([""] * 4, ["宽带断了三天没人修"] * 3 + ["多扣了钱一直不退"])
    labels = known_labels(remembered(["B", "B", "A", ""], {}, ()), distinct)
    assert sorted(labels.tolist()) == [-1, 1]


def test_only_what_words_tell_is_looked_for_by_words():
    distinct = distinct_texts([""] * 2, ["宽带断了三天没人修", "多扣了钱一直不退"])
    kept = {"A": Kept(ProblemKind.CAUSE), "B": Kept(ProblemKind.CAMPAIGN)}
    assert known_labels(remembered(["A", "B"], kept, ()), distinct)[distinct.text].tolist() == [-1, 1]


def test_a_text_was_there_before_when_one_of_its_copies_was():
    distinct = distinct_texts([""] * 4, ["宽带断了三天没人修"] * 2 + ["多扣了钱一直不退", "师傅约了两次都不来"])
    seen = seen_texts([None, "", None, "A"], distinct)
    assert [bool(seen[text]) for text in distinct.text] == [True, True, False, True]


@cache
def dumps():
    """Two dumps: one of concrete troubles; one with causes, parts of causes, regions and wholes without own rows."""
    sample = cause_side.dump()
    return complaints(town(4, singles=40)), cause_side.taken(sample, np.arange(1, len(sample), 3))


@settings(max_examples=6, deadline=None)
@given(
    which=st.booleans(),
    share=st.floats(0.1, 0.7),
    late=st.floats(0, 0.4),
    seed=st.integers(0, 99),
    how=st.lists(st.sampled_from(["coarse", "normal", "fine"]), min_size=3, max_size=3),
)
def test_what_was_kept_is_kept_again_with_nothing_changed(which, share, late, seed, how):
    chance = np.random.default_rng(seed)
    dump = dumps()[which]
    rows = np.flatnonzero(chance.random(len(dump)) < share)
    held = cause_side.taken(dump, rows)
    old = np.flatnonzero(chance.random(len(rows)) >= late)
    first = group(cause_side.taken(held, old), cut, GroupOptions(granularity=how[0]))
    known = [None] * len(rows)
    for place, problem in zip(old.tolist(), named(first), strict=True):
        known[place] = problem
    found = group(held, cut, GroupOptions(granularity=how[1]), known, kept=kept_of(first))
    assert all(after == before for after, before in zip(named(found), known, strict=True) if before)
    assert kept_of(found).items() >= kept_of(first).items()
    assert all(one.rows >= 3 for one in found.problems if one.id not in kept_of(first))
    again = group(held, cut, GroupOptions(granularity=how[2]), named(found), kept=kept_of(found))
    assert again.problems == found.problems
    assert named(again) == named(found)


def test_what_problems_were_is_found_out_where_nobody_tells_it():
    held = dumps()[1]
    first = group(held, cut)
    assert {one.kind for one in first.problems} >= {ProblemKind.CAUSE, ProblemKind.CONCENTRATION}
    assert set(named(first)) < {one.id for one in first.problems} | {""}
    again = group(held, cut, known=named(first))
    assert again.problems == first.problems
    assert named(again) == named(first)
