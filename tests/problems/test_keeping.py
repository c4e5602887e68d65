"""Problems of an earlier run: who keeps what when this run would have it otherwise."""

import numpy as np

from pipeline.problems.claims import Claim, settle
from pipeline.problems.concrete import distinct_texts
from pipeline.problems.keeping import keep_known, known_labels, seen_texts
from pipeline.records import ProblemKind


def settled(*groups, size=8):
    claims = [Claim(ProblemKind.CONCRETE, np.array(group)) for group in groups]
    return settle(claims, np.full(size, -1), np.arange(size), min_size=2)


def ids(kept):
    return [kept.claims[place].known if place >= 0 else "-" for place in kept.problem]


def test_the_claim_that_holds_most_of_a_known_problem_takes_its_id():
    kept = keep_known(settled([0, 1, 2, 3]), ["P1", "P1", "", "", "", "", "", ""])
    assert ids(kept) == ["P1"] * 4 + ["-"] * 4


def test_complaints_stay_with_their_problem_even_where_this_run_would_part_or_join_them():
    kept = keep_known(settled([0, 1, 2], [3, 4, 5]), ["P1", "P1", "P2", "P2", "P1", "", "", ""])
    assert ids(kept)[:5] == ["P1", "P1", "P2", "P2", "P1"]
    assert ids(kept)[5] == "P2"


def test_a_known_problem_that_this_run_does_not_see_stays_a_problem():
    kept = keep_known(settled([0, 1]), ["P1", "P1", "", "", "P9", "", "", ""])
    assert ids(kept) == ["P1", "P1", "-", "-", "P9", "-", "-", "-"]


def test_two_known_problems_in_one_group_stay_two():
    kept = keep_known(settled([0, 1, 2, 3, 4]), ["P1", "P1", "P2", "P2", "", "", "", ""])
    assert ids(kept)[:4] == ["P1", "P1", "P2", "P2"]
    assert ids(kept)[4] in {"P1", "P2"}


def test_parts_of_a_cause_keep_their_parent():
    claims = [Claim(ProblemKind.CONCENTRATION, np.array([0, 1]), cause=0, where="甲包")]
    found = settle(claims, np.array([0, 0, 0, 0, -1, -1, -1, -1]), np.arange(8), min_size=2)
    kept = keep_known(found, ["", "", "P7", "P7", "", "", "", ""])
    part = kept.problem[0]
    assert kept.claims[kept.parent[part]].known == "P7"


def test_a_text_known_in_two_problems_goes_with_the_more_frequent_one():
    distinct = distinct_texts([""] * 4, ["宽带断了三天没人修"] * 3 + ["多扣了钱一直不退"])
    labels = known_labels(["B", "B", "A", ""], distinct)
    assert sorted(labels.tolist()) == [-1, 1]


def test_a_text_was_there_before_when_one_of_its_copies_was():
    distinct = distinct_texts([""] * 4, ["宽带断了三天没人修"] * 2 + ["多扣了钱一直不退", "师傅约了两次都不来"])
    seen = seen_texts([None, "", None, "A"], distinct)
    assert [bool(seen[text]) for text in distinct.text] == [True, True, False, True]
    assert known_labels([None, "", None, "A"], distinct)[distinct.text].tolist() == [-1, -1, -1, 0]
