"""The history of labels: nothing is lost, nothing counts twice, and the order of imports does not matter."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.label_entries import answer, following, hash_of, in_order
from pipeline.labels.control import control_errors, error_share
from pipeline.labels.label_store import LabelFile, settle

LABELS = st.lists(st.sampled_from(["billing", "network", "attitude"]), min_size=1, max_size=2, unique=True)
# a person's workbooks in the order of their import: per import the queue and what is said of some of four texts
WORKBOOKS = st.lists(
    st.tuples(st.sampled_from(["q-1", "q-2"]), st.dictionaries(st.integers(0, 3), LABELS, min_size=1)), max_size=5
)


def said(text, *labels, who="王", queue="q-1", at="2026-03-01T08:00:00Z", **more):
    return answer(text, labels, who, queue=queue, at=at, **more)


def imports_of(who, workbooks):
    return [
        [
            said(f"text {text}", *labels, who=who, queue=queue, at=f"2026-03-{day:02d}T00:00:00Z")
            for text, labels in found.items()
        ]
        for day, (queue, found) in enumerate(workbooks, start=1)
    ]


def stored(imports):
    history = []
    for entries in imports:
        history += following(history, entries)
    return history


@given(WORKBOOKS, WORKBOOKS, st.randoms(use_true_random=False))
def test_any_interleaving_of_two_peoples_imports_gives_the_same_store(mine, yours, random):
    mine, yours = imports_of("王", mine), imports_of("李", yours)
    one_after_the_other = stored([*mine, *yours])
    turns = [True] * len(mine) + [False] * len(yours)
    random.shuffle(turns)
    first, second = iter(mine), iter(yours)
    interleaved = stored([next(first if turn else second) for turn in turns])
    assert set(interleaved) == set(one_after_the_other)
    assert settle(interleaved) == settle(one_after_the_other)


@given(WORKBOOKS)
def test_nothing_is_ever_lost(workbooks):
    imports = imports_of("王", workbooks)
    history, told = [], {}
    for entries in imports:
        before = list(history)
        history += following(history, entries)
        assert history[: len(before)] == before
        for entry in entries:
            told[entry.thread] = entry.labels
    # what was said last in each queue is the last entry of its thread
    assert {entry.thread: entry.labels for entry in history} == told
    assert len({entry.id for entry in history}) == len(history)


@given(WORKBOOKS)
def test_the_same_workbooks_again_change_nothing(workbooks):
    latest = {queue: (queue, found) for queue, found in workbooks}
    imports = imports_of("王", list(latest.values()))
    history = stored(imports)
    assert following(history, [entry for entries in imports for entry in entries]) == []


def test_a_correction_is_a_new_entry_behind_the_old_one():
    first = following([], [said("宽带断了", "network")])
    second = following(first, [said("宽带断了", "billing", at="2026-03-02T08:00:00Z")])
    assert [(one.revision, one.labels) for one in (*first, *second)] == [(1, ("network",)), (2, ("billing",))]
    (settled,) = settle([*second, *first]).values()
    assert (settled.entry.labels, settled.how, len(settled.answers)) == (("billing",), "agreed", 1)


@pytest.mark.parametrize(
    ("answers", "label", "how"),
    [
        ([("王", "a"), ("李", "a")], "a", "agreed"),
        ([("王", "a"), ("李", "b"), ("张", "a")], "a", "majority"),
        ([("王", "a"), ("李", "b")], "b", "contested"),
        ([("王", "a"), ("李", "b"), ("张", "b"), ("周", "a")], "b", "contested"),
    ],
)
def test_what_counts(answers, label, how):
    entries = [said("x", name, who=who, at=f"2026-03-0{day}") for day, (who, name) in enumerate(answers, start=1)]
    entries.sort(key=lambda one: one.labels)
    (settled,) = settle(following([], entries)).values()
    assert settled.how == how
    if how != "contested":
        assert settled.entry.labels == (label,)


def test_a_decision_outranks_a_majority():
    entries = [said("x", "a", who=who) for who in "王李张"] + [said("x", "b", who="组长", source="decision")]
    (settled,) = settle(following([], entries)).values()
    assert (settled.entry.labels, settled.how, len(settled.answers)) == (("b",), "decided", 3)


def test_the_same_answers_again_do_not_take_a_decision_back():
    once = [said("x", "a", who="王"), said("x", "b", who="李", at="2026-03-02")]
    history = following([], once)
    history += following(history, [said("x", "b", who="李", at="2026-03-03", source="decision")])
    assert following(history, once) == []
    (settled,) = settle(history).values()
    assert (settled.entry.labels, settled.how, len(settled.answers)) == (("b",), "decided", 2)


def test_the_cause_may_come_from_one_person_only():
    entries = [said("x", "a", who="王", cause="断网"), said("x", "a", who="李", at="2026-03-09")]
    (settled,) = settle(following([], entries)).values()
    assert settled.entry.cause == "断网"


def test_the_file_keeps_every_entry_and_every_character(tmp_path):
    store = LabelFile(tmp_path / "new" / "labels.jsonl")
    assert store.entries() == []
    odd = said('=1+1 "引号"\n换行 \ud800 \x00', "network", comment="a|b\r\n")
    added = store.add([odd, said("另一条", "billing")])
    assert len(added) == 2
    assert store.add([odd]) == []
    found = store.entries()
    assert {one.id for one in found} == {one.id for one in added}
    assert {one.comment for one in found} == {"a|b\r\n", ""}
    lines = (tmp_path / "new" / "labels.jsonl").read_bytes()
    store.add([replace(odd, labels=("billing",))])
    assert (tmp_path / "new" / "labels.jsonl").read_bytes().startswith(lines)


def test_a_file_changed_by_hand_is_refused_with_its_line(tmp_path):
    path = tmp_path / "labels.jsonl"
    LabelFile(path).add([said("宽带断了", "network"), said("多扣了钱", "billing")])
    path.write_text(path.read_text(encoding="utf-8").replace("王", "李", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.jsonl, line 1: this is no entry, or it was changed by hand\."):
        LabelFile(path).entries()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"The label store .* cannot be read \("):
        LabelFile(path).entries()


def test_people_who_import_at_once_lose_nothing(tmp_path):
    store = LabelFile(tmp_path / "labels.jsonl")
    people = [[said(f"text {i}", "a", who=who) for i in range(20)] for who in "王李张周"]
    threads = [threading.Thread(target=store.add, args=(entries,)) for entries in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.entries()) == set(stored(people))
    assert not list(tmp_path.glob(".*lock"))


def test_the_hash_looks_at_letters_and_digits_only():
    assert hash_of("AB 12，断网。") == hash_of("ab12断网")
    assert hash_of("断网一") != hash_of("断网二")
    assert in_order([said("b", "x", at="2"), said("a", "x", at="1")])[0].text == "a"


def test_the_control_sample_tells_the_errors_of_the_rest():
    """Two of four are wrong, one contested is left out, one was no control text."""
    asked = {"source": "queue", "is_control": True}
    entries = [
        said("1", "a", suggested="a", **asked),
        said("2", "b", suggested="a", **asked),
        said("3", "b", "a", suggested="a", **asked),
        said("4", "a", suggested="a", **asked),
        said("5", "a", suggested="b", **asked),
        said("5", "b", who="李", suggested="b", **asked),
        said("6", "a", suggested="b", source="queue"),
    ]
    found = control_errors(settle(following([], entries)).values())
    assert (found.wrong, found.asked, found.share) == (2, 4, 0.5)
    # Clopper & Pearson's exact interval of 2 of 4, as in their table
    assert (found.low, found.high) == pytest.approx((0.0676, 0.9324), abs=1e-4)
    nothing = error_share(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (None, 0.0, 1.0)
