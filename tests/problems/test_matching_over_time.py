"""Problems keep their identity over months: invented stories, the sample dump, real problems."""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.problems.matching import (
    Background,
    KnownProblem,
    Match,
    RunGroup,
    Verdict,
    match,
    merge_profiles,
    profile,
)
from pipeline.text.tokenising import Tokeniser

DATA = Path(__file__).resolve().parents[2] / "data"


def verdicts(matches):
    return [(one.found, one.known, one.verdict.value) for one in matches]


class Register:
    """The least a register does: new groups get an id, certain matches add what they bring, merged problems end."""

    def __init__(self, background=None):
        self.problems: dict[str, KnownProblem] = {}
        self.background = background

    def load(self, groups) -> list[Match]:
        matches = match(groups, list(self.problems.values()), background=self.background)
        by_key = {group.key: group for group in groups}
        for one in matches:
            group = by_key[one.found]
            if one.verdict is Verdict.MERGED:
                del self.problems[one.known]
            elif one.verdict in (Verdict.NEW, Verdict.SPLIT) or not one.certain:
                new = f"P-{len(self.problems):04}-{one.found}"
                self.problems[new] = KnownProblem(new, group.members, group.profile, kind=group.kind, cause=group.cause)
            else:
                old = self.problems[one.known]
                self.problems[one.known] = replace(
                    old, members=old.members | group.members, profile=merge_profiles(old.profile, group.profile)
                )
        return matches


def month_of(number, name, *, words, size=6, carried=0):
    """A group of a month: complaints of this month and of ``carried`` months before, with the words of its texts."""
    ids = frozenset(f"{name}-{m}-{i}" for m in range(number - carried, number + 1) for i in range(size))
    return RunGroup(name, ids, profile([words] * size))


def test_problems_that_drift_keep_their_id_through_half_a_year():
    register = Register()
    for month in range(6):
        drifting = [f"词{j}" for j in range(month, month + 6)]  # two terms of five change in two months
        steady = ["翠湖", "油烟", "餐馆"]
        matches = register.load([month_of(month, "drifting", words=drifting), month_of(month, "steady", words=steady)])
        expected = "new" if month == 0 else "same"
        assert [one.verdict.value for one in matches] == [expected] * 2
    assert len(register.problems) == 2


def test_a_story_of_splitting_and_merging_is_told_as_it_was():
    estate, bill, lamps = ["翠湖", "油烟"], ["流量包", "续订"], ["路灯", "银杉路"]
    register = Register()
    register.load([month_of(0, "estate", words=estate), month_of(0, "bill", words=bill)])
    first = dict(register.problems)
    matches = register.load(
        [month_of(1, "bill", words=bill, carried=1), month_of(1, "estate", words=estate, carried=1)]
    )
    assert verdicts(matches) == [("bill", "P-0000-bill", "same"), ("estate", "P-0001-estate", "same")]
    assert register.problems.keys() == first.keys()

    whole = sorted(register.problems["P-0001-estate"].members)
    part, rest = RunGroup("smell", frozenset(whole[:4]), profile([lamps])), RunGroup("oil", frozenset(whole[4:]), {})
    matches = register.load([part, rest, month_of(1, "bill", words=bill, carried=1)])
    assert verdicts(matches) == [
        ("bill", "P-0000-bill", "same"),
        ("oil", "P-0001-estate", "same"),
        ("smell", "P-0001-estate", "split"),
    ]

    everything = frozenset(whole) | register.problems["P-0000-bill"].members
    matches = register.load([RunGroup("all", everything, profile([estate, bill]))])
    assert matches[0].verdict is Verdict.SAME
    assert {one.known for one in matches[1:]} | {matches[0].known} == {"P-0000-bill", "P-0001-estate", "P-0002-smell"}
    assert {one.verdict for one in matches[1:]} == {Verdict.MERGED}
    assert len(register.problems) == 1


def tokens_of(rows, key, text, title):
    tokeniser = Tokeniser()
    return {row[key]: (tokeniser.cut(row[text][:1500]), tokeniser.cut(row[title])) for row in rows}


def group_of(key, ids, tokens, **more):
    texts, titles = zip(*(tokens[one] for one in ids), strict=True)
    return RunGroup(key, frozenset(ids), profile(texts, titles), **more)


@pytest.mark.parametrize("slice_of", [lambda day: day[:7], lambda day: date.fromisoformat(day[:10]).isocalendar()[1]])
def test_the_causes_of_the_sample_dump_keep_their_id_by_month_and_by_week(slice_of):
    with (DATA / "sample_complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (DATA / "sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        cause = {row["order_id"]: row["cause"] for row in csv.DictReader(file)}
    tokens = tokens_of(rows, "工单号", "业务内容", "主题")
    slices = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if cause[row["工单号"]]:
            slices[slice_of(row["受理时间"])][cause[row["工单号"]]].append(row["工单号"])
    register, first_id, changed, repeated = Register(), {}, 0, 0
    for of_slice in slices.values():
        groups = [group_of(name, ids, tokens, kind="cause", cause=name) for name, ids in sorted(of_slice.items())]
        register.load(groups)
        owner = {member: problem.id for problem in register.problems.values() for member in problem.members}
        for name, ids in of_slice.items():
            repeated += name in first_id
            changed += owner[ids[0]] != first_id.setdefault(name, owner[ids[0]])
    assert repeated > 300
    assert changed == 0


@pytest.fixture(scope="module")
def civic(real_data):
    """Messages, and the hand-read problems with their look-alikes."""
    with (real_data / "civic_messages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (real_data / "civic_problems.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    members = {row["message_id"]: row["group_id"] for row in listed if row["role"] == "member"}
    lookalikes = {row["message_id"] for row in listed if row["role"] == "negative"} - members.keys()
    months = defaultdict(lambda: defaultdict(list))
    for row in rows:
        name = members.get(row["id"]) or (f"-{row['id']}" if row["id"] in lookalikes else "")
        if name:
            year, month = re.match(r"(\d{4})\D(\d+)", row["time"]).groups()
            months[int(year), int(month)][name].append(row["id"])
    tokens = tokens_of(rows, "id", "text", "title")
    background = Background.of([*text, *title] for text, title in tokens.values())
    return [dict(sorted(months[month].items())) for month in sorted(months)], tokens, background


@pytest.mark.real_data
def test_real_problems_by_month_are_never_confused_and_half_of_them_recognised_for_certain(civic):
    """No shared complaints, one or two messages a month, look-alikes among them: the text must do it alone."""
    months, tokens, background = civic
    register, truth, seen = Register(background), {}, Counter()
    for names in months:
        before = set(truth.values())
        matches = register.load([group_of(name, ids, tokens) for name, ids in names.items()])
        for one in matches:
            name = one.found
            right = one.known and truth.get(one.known) == name
            seen["again"] += name in before
            seen["certain", bool(right)] += bool(one.known) and one.certain
            seen["proposed", bool(right)] += bool(one.known) and not one.certain
        truth |= {key: key.split("-", 2)[2] for key in register.problems if key not in truth}
    assert seen["certain", True] >= 0.5 * seen["again"]
    assert seen["certain", True] / (seen["certain", True] + seen["certain", False]) >= 0.8


@pytest.mark.real_data
def test_real_problems_keep_their_id_while_the_data_grow(civic):
    months, tokens, _ = civic
    register, owners, ids = Register(), {}, defaultdict(list)
    for names in months:
        for name, new in names.items():
            ids[name] += new
        register.load([group_of(name, all_ids, tokens) for name, all_ids in sorted(ids.items())])
        owner = {member: problem.id for problem in register.problems.values() for member in problem.members}
        assert all(owner[ids[name][0]] == owners.setdefault(name, owner[ids[name][0]]) for name in ids)
