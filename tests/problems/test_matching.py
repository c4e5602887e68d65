"""Problems keep their identity: each kind of evidence, and what holds for every input."""

import re
import time
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.messages import translated
from pipeline.problems.likeness import likeness
from pipeline.problems.matching import Background, KnownProblem, RunGroup, Verdict, match, merge_profiles, profile
from pipeline.problems.profiles import cosine

ESTATE = {"翠湖花园": 3.0, "油烟": 2.0, "餐馆": 2.0, "排烟道": 1.0}
BILL = {"流量包": 3.0, "续订": 2.0, "扣费": 2.0, "退订": 1.0}
LAMPS = {"路灯": 3.0, "银杉路": 2.0, "夜里": 1.0}


def found(key, members="", terms=ESTATE, **more):
    return RunGroup(key, frozenset(members.split()), terms, **more)


def known(key, members="", terms=ESTATE, **more):
    return KnownProblem(key, frozenset(members.split()), terms, **more)


def verdicts(matches):
    return [(one.found, one.known, one.verdict.value) for one in matches]


def test_a_group_that_is_given_needs_no_evidence_and_leaves_its_problem_to_no_other():
    groups = [found("g1", "a b c", ESTATE), found("g2", "x", LAMPS)]
    matches = match(groups, [known("P-1", "a b c", ESTATE), known("P-2", terms=BILL)], given={"g2": "P-1"})
    assert verdicts(matches) == [("g1", "P-1", "split"), ("g2", "P-1", "same")]
    assert matches[1].certain


# -- shared complaints -------------------------------------------------------------------------------------------------


def test_shared_complaints_outweigh_what_the_texts_say():
    problems = [known("P-1", "a b c", BILL), known("P-2", "d e f", ESTATE)]
    (one,) = match([found("g", "a b c x", ESTATE)], problems)
    assert (one.known, one.verdict, one.certain) == ("P-1", Verdict.SAME, True)
    assert one.evidence == ("3 of its 4 complaints are among the 3 of the known problem",)


def test_without_complaint_ids_equal_texts_tell():
    (one,) = match([found("g", terms=BILL, texts=frozenset("abc"))], [known("P-1", texts=frozenset("ab"))])
    assert (one.known, one.certain) == ("P-1", True)
    assert one.evidence == ("2 of its 3 texts are among the 2 of the known problem",)


def test_growth_does_not_weaken_identity():
    new = " ".join(f"n{i}" for i in range(300))
    assert match([found("g", f"a b c {new}")], [known("P-1", "a b c")])[0].score == 1.0


def test_a_problem_in_two_groups_goes_on_in_the_larger_and_the_other_is_split_off():
    matches = match([found("big", "a b c d"), found("small", "e f g", LAMPS)], [known("P-1", "a b c d e f g")])
    assert verdicts(matches) == [("big", "P-1", "same"), ("small", "P-1", "split")]
    assert all(one.certain for one in matches)
    assert matches[1].evidence[-1] == "the known problem goes on in the group big"


def test_two_problems_in_one_group_merge_into_the_larger():
    matches = match([found("g", "a b c d e")], [known("P-1", "a b"), known("P-2", "c d e")])
    assert verdicts(matches) == [("g", "P-2", "same"), ("g", "P-1", "merged")]
    assert matches[1].evidence[-1] == "the problem P-2 goes on in the group"


def test_a_new_part_of_a_known_cause_names_it_although_the_cause_goes_on():
    cause = known("P-1", "a b c d e f g h", kind="cause", cause="基站")
    whole = found("whole", "a b c d e f g h i", kind="cause", cause="基站")
    part = found("part", "a b c i", kind="concentration", cause="基站", where="城东")
    assert verdicts(match([whole, part], [cause])) == [("part", "P-1", "split"), ("whole", "P-1", "same")]
    both = [cause, replace(cause, id="P-2", members=frozenset("abc"), kind="concentration", where="城东")]
    assert verdicts(match([whole, part], both)) == [("part", "P-2", "same"), ("whole", "P-1", "same")]


def test_one_stray_complaint_makes_no_identity():
    many = " ".join(f"n{i}" for i in range(50))
    problem = known("P-1", " ".join(f"m{i}" for i in range(100)))
    (one,) = match([found("g", f"m1 {many}", LAMPS)], [replace(problem, profile=BILL)])
    assert one.verdict is Verdict.NEW


def test_one_stray_of_a_small_problem_is_left_to_a_person():
    many = " ".join(f"n{i}" for i in range(50))
    (one,) = match([found("g", f"a {many}", LAMPS)], [known("P-1", "a b c", BILL)])
    assert (one.verdict, one.certain) == (Verdict.SAME, False)


def test_a_group_with_a_stray_of_a_problem_that_goes_on_elsewhere_is_no_part_of_it():
    many = " ".join(f"n{i}" for i in range(30))
    matches = match([found("big", f"a {many}", LAMPS), found("g", "b c", BILL)], [known("P-1", "a b c", BILL)])
    assert verdicts(matches) == [("big", "", "new"), ("g", "P-1", "same")]


def test_a_problem_that_mostly_went_nowhere_is_not_merged():
    vanished = known("P-2", " ".join(f"v{i}" for i in range(20)), BILL)
    matches = match([found("g", "a b c d e f v0 v1 v2 v3")], [known("P-1", "a b c d e f"), vanished])
    assert verdicts(matches) == [("g", "P-1", "same")]


# -- relapses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["closed", "verified"])
def test_complaints_after_the_end_of_a_problem_are_a_relapse(state):
    over = known("P-1", "a b c", state=state, last=date(2026, 3, 30))
    (one,) = match([found("g", "a b c d", last=date(2026, 6, 3))], [over])
    assert (one.known, one.verdict) == ("P-1", Verdict.REGRESSED)
    assert one.evidence[-1] == "the known problem was over, 1 further complaints have come"


def test_old_complaints_of_a_closed_problem_are_no_relapse():
    over = known("P-1", "a b c", state="closed", last=date(2026, 3, 30))
    same = found("g", "a b c", last=date(2026, 3, 30))
    late = found("g", "a b c d", last=date(2026, 3, 29))
    assert [match([one], [over])[0].verdict for one in (same, late)] == [Verdict.SAME, Verdict.SAME]


def test_a_dismissed_problem_stays_the_same():
    assert match([found("g", "a b c d")], [known("P-1", "a b c", state="dismissed")])[0].verdict is Verdict.SAME


# -- the same definition -----------------------------------------------------------------------------------------------


def test_the_same_cause_is_the_same_problem_in_whatever_words():
    (one,) = match(
        [found("g", "x", BILL, kind="cause", cause="装机爽约")], [known("P-1", "a", kind="cause", cause="装机爽约")]
    )
    assert (one.known, one.certain, one.evidence) == ("P-1", True, ("the same cause: 装机爽约",))


def test_the_same_cause_elsewhere_is_another_problem():
    problem = known("P-1", "a", LAMPS, kind="concentration", cause="弱覆盖", where="翠湖花园")
    here = found("here", "x", BILL, kind="concentration", cause="弱覆盖", where="翠湖花园")
    there = found("there", "y", ESTATE, kind="concentration", cause="弱覆盖", where="江湾城")
    assert verdicts(match([here, there], [problem])) == [("here", "P-1", "same"), ("there", "", "new")]


def test_a_cause_that_two_problems_share_is_proposed_only():
    problems = [known(key, key, kind="cause", cause="装机爽约") for key in ("P-1", "P-2")]
    (one,) = match([found("g", "x", LAMPS, kind="cause", cause="装机爽约")], problems)
    assert (one.verdict, one.certain) == (Verdict.SAME, False)
    assert one.evidence[-1] == "but others have them too"


@pytest.mark.parametrize("kind", [{"kind": "campaign", "where": "城东"}, {"kind": "concrete"}])
def test_neither_a_campaign_nor_a_trouble_without_a_place_is_defined_by_its_cause(kind):
    (one,) = match([found("g", "x", BILL, cause="漏费", **kind)], [known("P-1", "a", LAMPS, cause="漏费", **kind)])
    assert one.verdict is Verdict.NEW


def test_an_outage_months_later_is_another_incident():
    outage = {"kind": "incident", "cause": "片区断网", "where": "城东"}
    problem = known("P-1", "a", LAMPS, last=date(2026, 5, 4), **outage)
    soon = found("g", "x", BILL, first=date(2026, 5, 9), **outage)
    later = replace(soon, first=date(2026, 8, 1))
    assert match([soon], [problem])[0].known == "P-1"
    assert match([later], [problem])[0].verdict is Verdict.NEW
    alike = match([replace(later, profile=LAMPS)], [problem])[0]
    assert (alike.known, alike.certain) == ("P-1", False)
    assert "but the incidents lie too far apart" in alike.evidence


# -- texts -------------------------------------------------------------------------------------------------------------


def test_texts_that_speak_of_the_same_are_the_same_problem():
    problems = [known("P-1", "a", ESTATE), known("P-2", "b", BILL), known("P-3", "c", LAMPS)]
    (one,) = match([found("g", "x", {**ESTATE, "夜里": 1.0})], problems)
    assert (one.known, one.verdict, one.certain) == ("P-1", Verdict.SAME, True)
    assert "翠湖花园" in one.evidence[0]


def test_two_problems_alike_are_left_to_a_person():
    problems = [known("P-1", "a", {**ESTATE, "噪音": 1.0}), known("P-2", "b", {**ESTATE, "异味": 1.0})]
    (one,) = match([found("g", "x", ESTATE)], problems)
    assert (one.verdict, one.certain) == (Verdict.SAME, False)


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({"cause": "油烟"}, {"cause": "噪音"}, "but the causes differ: 油烟 against 噪音"),
        ({"where": "翠湖花园"}, {"where": "江湾城"}, "but the places differ: 翠湖花园 against 江湾城"),
    ],
)
def test_texts_alike_with_another_cause_or_place_are_left_to_a_person(mine, theirs, reason):
    (one,) = match([found("g", "x", **mine)], [known("P-1", "a", **theirs)])
    assert (one.known, one.certain, one.evidence[-1]) == ("P-1", False, reason)


def test_a_second_group_with_the_same_texts_is_proposed_as_a_part():
    groups = [found("one", "a b", ESTATE), found("two", "x y", ESTATE)]
    first, second = match(groups, [known("P-1", "a b", ESTATE), known("P-2", "c", BILL)])
    assert (first.verdict, first.certain) == (Verdict.SAME, True)
    assert (second.known, second.verdict, second.certain) == ("P-1", Verdict.SPLIT, False)


def test_what_is_like_a_problem_already_taken_is_not_given_to_a_lesser_likeness():
    lesser = known("P-2", "c", {**BILL, "翠湖花园": 3.0, "油烟": 1.0})
    matches = match([found("one", "a b"), found("two", "x y")], [known("P-1", "a b"), lesser])
    assert verdicts(matches) == [("one", "P-1", "same"), ("two", "P-1", "split")]


def test_a_word_of_every_tenth_problem_makes_no_likeness():
    problems = [known(f"P-{i:03}", f"a{i}", {"用户": 1.0} if i % 5 else {f"词{i}": 1.0}) for i in range(200)]
    (one,) = match([found("g", "x", {"用户": 1.0})], problems)
    assert one.verdict is Verdict.NEW


def test_a_cause_and_what_concentrates_in_it_are_not_one_for_their_words():
    concentration = known("P-1", "a", ESTATE, kind="concentration", cause="油烟", where="翠湖花园")
    assert match([found("g", "x", ESTATE, kind="cause", cause="油烟")], [concentration])[0].verdict is Verdict.NEW


def test_a_profile_counts_words_with_weight_on_titles():
    made = profile([["翠湖", "油烟", "油烟", "，", "的"], ["翠湖"]], [["油烟"]])
    assert list(made) == ["油烟", "翠湖"]
    assert made["翠湖"] == pytest.approx(2.0)
    assert made["油烟"] == pytest.approx(1 + 2.0794415416798357)  # ln(2 + 6)


def test_merged_profiles_keep_the_weightiest_terms():
    assert merge_profiles({"甲乙": 1.0, "丙丁": 3.0}, {"戊己": 2.0, "甲乙": 0.5}, kept=2) == {"丙丁": 3.0, "戊己": 2.0}


def test_a_background_gives_small_registers_the_eyes_of_large_ones():
    """What all texts speak of is no likeness, even where the register has two problems only."""
    everyday = {"用户": 3.0, "反映": 3.0, "处理": 3.0}
    background = Background.of([[*everyday, "翠湖", "银杉"][: 3 + (i == 0)] for i in range(1000)])
    group, problem = found("g", "x", {**everyday, "翠湖": 1.0}), known("P-1", "a", {**everyday, "银杉": 1.0})
    assert match([group], [problem])[0].verdict is Verdict.SAME
    assert match([group], [problem], background=background)[0].verdict is Verdict.NEW


PROFILES = st.dictionaries(st.sampled_from(list("甲乙丙丁戊己")), st.floats(0.1, 50), max_size=6)


@given(PROFILES, PROFILES, st.dictionaries(st.sampled_from(list("甲乙丙丁戊己")), st.integers(1, 99), max_size=6))
def test_two_profiles_alone_are_as_alike_as_among_many(one, other, holding):
    background = Background(100, holding)
    near = likeness([one], [other], 1e-6, background).score
    assert cosine(one, other, background) == pytest.approx(near[0] if len(near) else 0.0, abs=2e-9)


# -- what holds for every input ----------------------------------------------------------------------------------------

WORDS = [f"{one}{other}" for one in "甲乙丙丁" for other in "子丑寅卯"]
SIDES = st.lists(
    st.tuples(
        st.frozensets(st.integers(0, 30).map(str), max_size=8),
        st.dictionaries(st.sampled_from(WORDS), st.integers(1, 5).map(float), max_size=8),
        st.sampled_from(["", "cause", "concrete", "incident", "campaign"]),
        st.sampled_from(["", "漏费", "断网"]),
        st.sampled_from(["", "城东", "城西"]),
        st.sampled_from(["open", "closed"]),
    ),
    max_size=8,
)


def groups_of(sides):
    return [RunGroup(f"g{i}", m, p, kind=k, cause=c, where=w) for i, (m, p, k, c, w, _) in enumerate(sides)]


def problems_of(sides):
    return [
        KnownProblem(f"P-{i}", m, p, kind=k, cause=c, where=w, state=s) for i, (m, p, k, c, w, s) in enumerate(sides)
    ]


@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_the_order_of_groups_and_problems_changes_nothing(ours, theirs, random):
    groups, problems = groups_of(ours), problems_of(theirs)
    before = match(groups, problems)
    random.shuffle(groups)
    random.shuffle(problems)
    assert match(groups, problems) == before


@given(SIDES, SIDES)
def test_every_group_is_told_once_and_every_problem_goes_on_once_at_most(ours, theirs):
    groups, problems = groups_of(ours), problems_of(theirs)
    matches = match(groups, problems)
    told = [one.found for one in matches if one.verdict is not Verdict.MERGED]
    assert told == sorted(group.key for group in groups)
    goes_on = Counter(one.known for one in matches if one.verdict in (Verdict.SAME, Verdict.REGRESSED, Verdict.MERGED))
    assert all(number == 1 for number in goes_on.values())
    assert {one.known for one in matches if one.verdict is Verdict.SPLIT} <= goes_on.keys()
    for one in matches:
        assert (one.known == "") == (one.verdict is Verdict.NEW)
        assert 0 <= one.score <= 1
        assert one.evidence
        assert not re.search("[a-z]{2}", " ".join(translated(reason, "zh") for reason in one.evidence))


@given(SIDES)
def test_what_is_known_already_is_the_same(sides):
    disjoint = [(frozenset({f"{i}-1", f"{i}-2"}), *rest) for i, (_, *rest) in enumerate(sides)]
    matches = match(groups_of(disjoint), problems_of(disjoint))
    assert verdicts(matches) == [(f"g{i}", f"P-{i}", "same") for i in range(len(sides))]
    assert all(one.certain and one.score == 1 for one in matches)


@given(SIDES, SIDES)
def test_what_has_nothing_in_common_is_new(ours, theirs):
    groups = [replace(one, profile={f"今{t}": w for t, w in one.profile.items()}, cause="") for one in groups_of(ours)]
    problems = [replace(one, members=frozenset(f"old{m}" for m in one.members)) for one in problems_of(theirs)]
    assert {one.verdict for one in match(groups, problems)} <= {Verdict.NEW}


def test_a_key_twice_is_refused():
    with pytest.raises(ValueError, match="a key occurs twice"):
        match([found("g"), found("g")], [])
    with pytest.raises(ValueError, match="a key occurs twice"):
        match([], [known("P-1"), known("P-1")])


def test_five_thousand_groups_meet_five_thousand_problems_in_seconds():
    problems, groups = [], []
    for i in range(5000):
        terms = {f"词{(i * 7919 + j * j * 31) % 40_000}": 1.0 + j % 5 for j in range(80)}
        problems.append(KnownProblem(f"P-{i:05}", frozenset(f"c{i}-{j}" for j in range(30)), terms))
        ids = frozenset(f"{'c' if i % 2 else 'n'}{i}-{j}" for j in range(40))
        groups.append(RunGroup(f"g{i:05}", ids, dict(list(terms.items())[:60])))
    start = time.perf_counter()
    matches = match(groups, problems)
    assert time.perf_counter() - start < 30
    assert sum(one.found[1:] == one.known[2:] and one.verdict is Verdict.SAME for one in matches) == 5000
