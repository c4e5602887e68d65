"""Grouping through its one public function: what must come together, what must stay apart, and in which order."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.problems.grouping import GroupOptions, group
from pipeline.records import ProblemKind
from pipeline.text.tokenising import Tokeniser

sys.path.insert(0, str(Path(__file__).parent))

from town import b_cubed, complaints, town

cut = Tokeniser().cut_many


def grouped(rows, options=None, known=None, **columns):
    return group(complaints(rows, **columns), cut, options, known)


def partition(grouping, order=None):
    """Groups as sets of original places, so that numbering does not matter."""
    places = range(len(grouping.problem)) if order is None else order
    groups = {}
    for place, label in zip(places, grouping.problem, strict=True):
        if label >= 0:
            groups.setdefault(label, set()).add(place)
    return sorted(map(sorted, groups.values()))


def described(grouping):
    return [(p.name, p.rows, p.customers, p.texts, p.phrases, p.quotes, p.first) for p in grouping.problems]


def left_behind(before, after):
    """Complaints that did not go where most of their group went."""
    groups = [np.flatnonzero(before == label) for label in range(before.max() + 1)]
    return sum(len(group) - Counter(after[group].tolist()).most_common(1)[0][1] for group in groups)


@pytest.mark.parametrize("seed", range(3))
def test_complaints_about_the_same_trouble_at_the_same_place_come_together(seed):
    rows = town(seed)
    precision, recall, f1 = b_cubed(grouped(rows).problem, [row[2] for row in rows])
    assert precision > 0.9
    assert recall > 0.8
    assert f1 > 0.88


def test_without_titles_the_first_clause_takes_their_place():
    rows = [("", text, truth) for _, text, truth in town(1)]
    assert b_cubed(grouped(rows).problem, [row[2] for row in rows])[2] > 0.8


def test_the_order_of_rows_changes_nothing():
    rows = town(2)
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    straight, shuffled = grouped(rows), grouped([rows[place] for place in order])
    assert partition(straight) == partition(shuffled, order)
    assert described(straight) == described(shuffled)


def test_two_processes_with_other_hash_seeds_say_the_same():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from town import town, complaints; from pipeline.problems.grouping import group;"
        "from pipeline.text.tokenising import Tokeniser;"
        "g = group(complaints(town(3)), Tokeniser().cut_many); print(g.problems, g.problem.tolist())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            capture_output=True, check=True, cwd=Path(__file__).parents[2], env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_a_tenth_more_rows_moves_hardly_any_old_one_and_known_problems_none():
    rows = town(4, singles=200)
    more = rows + town(5, singles=15, cases=1)
    before, after = grouped(rows), grouped(more)
    assert left_behind(before.problem, after.problem[: len(rows)]) <= 0.02 * len(rows)
    known = [before.problems[label].id if label >= 0 else "" for label in before.problem]
    known += [None] * (len(more) - len(rows))
    kept = grouped(more, known=known)
    assert [kept.problems[kept.problem[i]].id for i, name in enumerate(known) if name] == [n for n in known if n]


def test_a_new_complaint_joins_a_known_problem_and_two_known_ones_stay_apart():
    same = [("云栖花苑小区油烟扰民", f"云栖花苑楼下烧烤店油烟直排，{word}。", "") for word in "甲乙丙丁戊己"]
    rows = same + [row for row in town(6) if not row[2]]
    known = ["P-1", "P-1", "P-1", "P-2", "P-2", None] + [""] * (len(rows) - 6)
    found = grouped(rows, known=known)
    ids = [found.problems[label].id if label >= 0 else "" for label in found.problem]
    assert ids[:5] == known[:5]
    assert ids[5] in {"P-1", "P-2"}


@pytest.mark.parametrize("seed", [1, 16, 27, 30, 39])
def test_a_complaint_that_was_alone_joins_another_one_only_when_a_new_one_says_so(seed):
    rows = town(seed, singles=20, cases=12)
    old = len(rows) * 5 // 6
    before = grouped(rows[:old])
    known = [before.problems[label].id if label >= 0 else "" for label in before.problem]
    after = grouped(rows, known=[*known, *[None] * (len(rows) - old)]).problem
    joined = set(after[:old][(before.problem < 0) & (after[:old] >= 0)].tolist())
    assert joined
    assert joined <= set(after[old:].tolist())


def test_an_earlier_run_of_few_complaints_does_not_say_how_much_alike_the_many_new_ones_are():
    rows = town(3)
    known = ["P-1" if truth else "" for _, _, truth in rows[:5]]
    assert any(known)
    found = grouped(rows, known=[*known, *[None] * (len(rows) - 5)])
    assert {found.problems[label].id for label, name in zip(found.problem[:5], known, strict=True) if name} == {"P-1"}
    assert b_cubed(found.problem[5:], [truth for _, _, truth in rows[5:]])[2] > 0.85


def test_granularity_coarse_groups_more_complaints_than_fine():
    rows = town(7)
    counts = [
        len(rows) - grouped(rows, GroupOptions(granularity=how)).ungrouped for how in ("coarse", "normal", "fine")
    ]
    assert counts[0] >= counts[1] >= counts[2]
    assert counts[0] > counts[2]


def test_a_problem_needs_its_least_number_of_complaints():
    rows = town(8)
    assert min(problem.rows for problem in grouped(rows, GroupOptions(min_size=5)).problems) >= 5


def test_copies_count_as_one_text_and_a_text_of_many_customers_is_a_campaign():
    text = "本人从未被告知该号码有最低消费，要求解除协议并退还多收的费用，依据消费者权益保护法该条款无效。"
    rows = [("", text, "")] * 12 + [row for row in town(9, cases=1) if not row[2]]
    customers = [f"c{number}" for number in range(12)] + [""] * (len(rows) - 12)
    found = grouped(rows, customers=customers)
    campaign = found.problems[found.problem[0]]
    assert (campaign.kind, campaign.rows, campaign.customers, campaign.texts) == (ProblemKind.CAMPAIGN, 12, 12, 1)
    assert set(found.copy_of[:12]) == {0}
    resent = grouped(rows, customers=["one"] * 12 + [""] * (len(rows) - 12))
    assert (resent.problems[resent.problem[0]].kind, resent.problems[resent.problem[0]].customers) == (
        ProblemKind.CONCRETE, 1,
    )  # fmt: skip


def two_causes(rows_a=10, rows_b=6):
    """Texts without common words; a model is sure of their causes."""
    names = [chr(0x4E00 + 37 * place) * 3 for place in range(rows_a + rows_b)]
    rows = [("", f"{name}{place}", "") for place, name in enumerate(names)]
    shares = np.zeros((rows_a + rows_b, 2), np.float32)
    shares[:rows_a, 0] = 0.9
    shares[rows_a:, 1] = 0.8
    return rows, shares


def test_the_same_cause_is_one_problem_whatever_the_words():
    rows, shares = two_causes()
    found = grouped(rows, causes=("续订", "漏水"), cause_shares=shares)
    assert [(p.kind, p.cause, p.rows) for p in found.problems] == [("cause", "续订", 10), ("cause", "漏水", 6)]


def test_a_cause_that_is_no_problem_leaves_its_complaints_alone():
    rows, shares = two_causes()
    found = grouped(rows, GroupOptions(no_problem=frozenset({"漏水"})), causes=("续订", "漏水"), cause_shares=shares)
    assert [p.cause for p in found.problems] == ["续订"]
    assert (found.problem[10:] == -1).all()


def test_a_model_that_does_not_know_the_trade_is_not_believed():
    rows, shares = two_causes()
    found = grouped(rows, causes=("续订", "漏水"), cause_shares=shares * 0.3)
    assert found.problems == ()


def test_the_operators_own_causes_count_where_the_model_has_none():
    from pipeline.records import Role

    rows, shares = two_causes()
    stated = ["业务>>流量包>>续订"] * 10 + ["漏水"] * 5 + ["其他"]
    for causes, told in (((), np.zeros((16, 0), np.float32)), (("甲", "乙"), shares * 0.3)):
        found = grouped(rows, causes=causes, cause_shares=told, **{Role.CAUSE: stated})
        assert [(p.kind, p.cause, p.rows) for p in found.problems] == [("cause", "续订", 10), ("cause", "漏水", 5)]


def test_a_complaint_about_two_things_counts_for_both_in_parts_that_sum_to_one():
    rows, shares = two_causes()
    shares[0] = (0.5, 0.45)
    found = grouped(rows, causes=("续订", "漏水"), cause_shares=shares)
    first, other = found.problems
    assert found.problems[found.second[0]] == other
    assert first.weight + other.weight == pytest.approx(16)
    assert first.weight == pytest.approx(10 - 0.45 / 0.95, abs=1e-3)


def test_dates_trend_and_values_of_a_problem_are_those_of_its_complaints():
    from pipeline.records import Role

    rows, shares = two_causes(4, 3)
    days = ["2026-01-05T10:00", "2026-02-05", "2026-03-05", "NaT", "2026-01-01", "2026-03-31", "2026-03-30"]
    columns = {"times": np.array(days, "M8[s]"), Role.CHANNEL: ["热线", "热线", "厅", "", "厅", "厅", "厅"]}
    first = grouped(rows, causes=("续订", "漏水"), cause_shares=shares, **columns).problems[0]
    assert (f"{first.first:%F %T}", f"{first.last:%F}") == ("2026-01-05 10:00:00", "2026-03-05")
    assert sum(first.trend) == 3
    assert first.values[Role.CHANNEL] == (("热线", 2), ("厅", 1))


def test_inside_category_keeps_categories_apart():
    same = [("云栖花苑小区油烟扰民", f"云栖花苑楼下烧烤店油烟直排，{word}。", "") for word in "甲乙丙丁戊己"]
    rows = same + [row for row in town(6) if not row[2]]
    held = complaints(rows)
    from dataclasses import replace

    split = replace(held, categories=["a"] * 3 + ["b"] * 3 + ["c"] * (len(rows) - 6))
    assert partition(group(split, cut, GroupOptions(inside_category=True)))[:2] == [[0, 1, 2], [3, 4, 5]]
    assert partition(group(split, cut))[0] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ([], []),
        (["宽带断了"], []),
        (["宽带断了三天没人修"] * 20, [20]),
        (["宽带断了三天没人修，投诉无门。"] * 10_000, [10_000]),
        (["宽带断了" * 50_000, "网络很慢", "别的事情"], []),
        (["the line is dead", "no internet again", "x y z", "12345"], []),
        (["", "", "", "", " "], []),
    ],
    ids=["empty", "one", "identical", "ten thousand copies", "200,000 characters", "no Chinese", "blank"],
)
def test_unusual_dumps_give_a_sensible_result(texts, groups):
    found = grouped([("", text, "") for text in texts])
    assert [problem.rows for problem in found.problems] == groups
    assert len(found.problem) == len(texts)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="宽带断网没人修多扣费 abc12。", max_size=30), max_size=25), st.randoms())
def test_any_texts_in_any_order_are_each_in_one_group_or_none(texts, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)
    found = grouped([("", text, "") for text in texts])
    assert partition(found) == partition(grouped([("", texts[place], "") for place in order]), order)
    for place, problem in enumerate(found.problems):
        assert list(problem.members) == np.flatnonzero(found.problem == place).tolist()
        assert problem.texts <= problem.customers <= problem.rows == len(problem.members)
    names = [problem.name for problem in found.problems]
    assert len(set(names)) == len(names)
