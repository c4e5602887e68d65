"""Decisions of people, replayed on whatever a run proposes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.register.decisions import outgrown, replay
from pipeline.register.rows import Decision

PROBLEMS = ["P-0001", "P-0002", "P-0003", "P-0004"]
COMPLAINTS = ["aa", "bb", "cc", "dd", "ee", "ff"]
TEXTS = {"aa": "宽带断网", "bb": "宽带慢", "cc": "断网三天", "dd": "扣费", "ee": "慢", "ff": "宽带断网慢"}


def decided(number, kind, **payload):
    return Decision(number, kind, payload, active=True, event=number)


def placed(result):
    return {complaint: "+".join(sorted(shares)) for complaint, shares in result.places.items()}


def test_a_merge_sends_the_complaints_of_one_problem_to_the_other():
    result = replay(
        {"aa": {"P-0001": 1.0}, "bb": {"P-0002": 1.0}}, [decided(1, "merge", problem="P-0002", into="P-0001")], {}
    )
    assert placed(result) == {"aa": "P-0001", "bb": "P-0001"}


def test_shares_in_two_problems_become_one_when_these_are_merged():
    merge = decided(1, "merge", problem="P-0002", into="P-0001")
    assert replay({"aa": {"P-0001": 0.75, "P-0002": 0.25}}, [merge], {}).places == {"aa": {"P-0001": 1.0}}


def test_a_split_takes_the_listed_complaints_and_those_with_the_phrase():
    listed = decided(1, "split", problem="P-0001", to="P-0002", complaints=["dd"])
    phrase = decided(2, "split", problem="P-0001", to="P-0003", phrase="断网")
    result = replay({one: {"P-0001": 1.0} for one in COMPLAINTS}, [listed, phrase], TEXTS)
    assert placed(result) == {
        "aa": "P-0003",
        "bb": "P-0001",
        "cc": "P-0003",
        "dd": "P-0002",
        "ee": "P-0001",
        "ff": "P-0003",
    }


def test_a_part_that_was_merged_back_is_no_part_any_more():
    split = decided(1, "split", problem="P-0001", to="P-0002", phrase="断网")
    merge = decided(2, "merge", problem="P-0002", into="P-0001")
    other = decided(3, "split", problem="P-0001", to="P-0003", phrase="宽带")
    proposed = {"aa": {"P-0001": 1.0}, "cc": {"P-0002": 1.0}}
    assert placed(replay(proposed, [split, merge, other], TEXTS)) == {"aa": "P-0003", "cc": "P-0001"}


def test_linked_complaints_go_where_most_of_them_are():
    link = decided(1, "must_link", complaints=["aa", "bb", "cc"])
    proposed = {"aa": {"P-0002": 1.0}, "bb": {"P-0001": 1.0}, "cc": {"P-0002": 1.0}}
    assert set(placed(replay(proposed, [link], {})).values()) == {"P-0002"}


def test_a_complaint_that_was_put_somewhere_stays_there():
    put = decided(1, "must_link", complaint="aa", problem="P-0003")
    assert placed(replay({"aa": {"P-0001": 1.0}, "bb": {}}, [put], {})) == {"aa": "P-0003", "bb": ""}


def test_of_two_complaints_kept_apart_the_second_leaves():
    apart = decided(1, "cannot_link", complaints=["aa", "bb"])
    assert placed(replay({"aa": {"P-0001": 1.0}, "bb": {"P-0001": 1.0}}, [apart], {})) == {"aa": "P-0001", "bb": ""}


def test_a_complaint_kept_out_of_a_problem_keeps_its_other_share_whole():
    barred = decided(1, "cannot_link", complaint="aa", problem="P-0001")
    assert replay({"aa": {"P-0001": 0.5, "P-0002": 0.5}}, [barred], {}).places == {"aa": {"P-0002": 1.0}}


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        (
            [
                decided(1, "merge", problem="P-0001", into="P-0002"),
                decided(2, "merge", problem="P-0001", into="P-0003"),
            ],
            "P-0001 was merged into P-0002 and into P-0003; the later decision counts.",
        ),
        (
            [
                decided(1, "must_link", complaint="aa", problem="P-0001"),
                decided(2, "must_link", complaint="aa", problem="P-0002"),
            ],
            "Complaint aa was put into P-0001 and into P-0002; the later decision counts.",
        ),
        (
            [
                decided(1, "must_link", complaint="aa", problem="P-0001"),
                decided(2, "cannot_link", complaint="aa", problem="P-0001"),
            ],
            "Complaint aa was put into P-0001 and kept out of it; the later decision counts.",
        ),
        (
            [decided(1, "must_link", complaints=["aa", "bb"]), decided(2, "cannot_link", complaints=["aa", "bb"])],
            "The complaints aa, bb are linked and kept apart; they stay together.",
        ),
        (
            [
                decided(1, "must_link", complaint="aa", problem="P-0001"),
                decided(2, "must_link", complaint="bb", problem="P-0001"),
                decided(3, "cannot_link", complaints=["aa", "bb"]),
            ],
            "The complaints aa, bb are kept apart but were put into one problem.",
        ),
        (
            [decided(1, "must_link", complaints=["dd", "ee"])],
            "The linked complaints dd, ee belong to no problem yet.",
        ),
        (
            [
                decided(1, "must_link", complaints=["aa", "bb"]),
                decided(2, "split", problem="P-0001", to="P-0002", complaints=["aa"]),
            ],
            "The split of P-0001 into P-0002 would part linked complaints; they go together.",
        ),
        (
            [
                decided(1, "rename", problem="P-0001", value="断网"),
                decided(2, "rename", problem="P-0001", value="宽带断网"),
            ],
            "P-0001 has two decisions on its name; the later one counts.",
        ),
    ],
)
def test_a_contradiction_is_said_in_words(decisions, message):
    proposed = {"aa": {"P-0001": 1.0}, "bb": {"P-0001": 1.0}, "dd": {}, "ee": {}}
    assert message in replay(proposed, decisions, TEXTS).conflicts


def test_a_decision_that_is_not_active_does_nothing():
    merge = Decision(1, "merge", {"problem": "P-0001", "into": "P-0002"}, active=False, event=1)
    assert placed(replay({"aa": {"P-0001": 1.0}}, [merge], {})) == {"aa": "P-0001"}


def test_the_latest_name_and_owner_are_held_fast():
    decisions = [
        decided(2, "owner", problem="P-0001", value="李工"),
        decided(1, "owner", problem="P-0001", value="王工"),
        decided(3, "rename", problem="P-0001", value="断网"),
    ]
    assert replay({}, decisions, {}).fields == {"P-0001": {"owner": "李工", "name": "断网"}}


def test_a_dismissed_problem_comes_back_when_it_outgrows_its_limit():
    dismissed = decided(1, "not_a_problem", problem="P-0001", reason="测试单", limit=10)
    assert outgrown([dismissed], {"P-0001": 10}) == []
    assert outgrown([dismissed], {"P-0001": 11}) == ["P-0001"]


problem, complaint = st.sampled_from(PROBLEMS), st.sampled_from(COMPLAINTS)
pair = st.lists(complaint, min_size=2, max_size=2, unique=True)
payloads = st.one_of(
    st.tuples(st.just("merge"), st.fixed_dictionaries({"problem": problem, "into": problem})),
    st.tuples(st.just("split"), st.fixed_dictionaries({"problem": problem, "to": problem, "complaints": pair})),
    st.tuples(
        st.just("split"),
        st.fixed_dictionaries({"problem": problem, "to": problem, "phrase": st.sampled_from(["断网", "慢", "宽带"])}),
    ),
    st.tuples(st.just("must_link"), st.fixed_dictionaries({"complaints": pair})),
    st.tuples(st.just("must_link"), st.fixed_dictionaries({"complaint": complaint, "problem": problem})),
    st.tuples(st.just("cannot_link"), st.fixed_dictionaries({"complaints": pair})),
    st.tuples(st.just("cannot_link"), st.fixed_dictionaries({"complaint": complaint, "problem": problem})),
    st.tuples(st.just("rename"), st.fixed_dictionaries({"problem": problem, "value": st.sampled_from(["甲", "乙"])})),
)
decision_lists = st.lists(payloads, max_size=8).map(
    lambda found: [Decision(i, kind, payload, True, i) for i, (kind, payload) in enumerate(found, start=1)]
)
shares = st.one_of(
    st.just({}),
    problem.map(lambda one: {one: 1.0}),
    pair.map(lambda _: {"P-0001": 0.75, "P-0003": 0.25}),
)
proposals = st.fixed_dictionaries(dict.fromkeys(COMPLAINTS, shares))


@given(proposals, decision_lists, st.randoms(use_true_random=False))
def test_the_order_of_decisions_and_complaints_does_not_matter(proposed, decisions, random):
    shuffled, keys = list(decisions), list(proposed)
    random.shuffle(shuffled)
    random.shuffle(keys)
    again = replay({key: proposed[key] for key in keys}, shuffled, TEXTS)
    assert again.places == replay(proposed, decisions, TEXTS).places


@given(proposals, decision_lists)
def test_replaying_twice_changes_nothing_more(proposed, decisions):
    once = replay(proposed, decisions, TEXTS)
    assert replay(once.places, decisions, TEXTS).places == once.places


@given(proposals, decision_lists)
def test_no_complaint_is_lost_and_no_share_counts_twice(proposed, decisions):
    result = replay(proposed, decisions, TEXTS)
    assert result.places.keys() == proposed.keys()
    for shares in result.places.values():
        assert not shares or sum(shares.values()) == pytest.approx(1.0)
