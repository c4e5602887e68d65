"""What changed since the last run: the parts add up, and each is what was really changed."""

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.changes import LEVELS, Between, Part, changes
from pipeline.insights.run_tables import RunFacts, make_run

LABELS = ["billing", "network", "other", ""]
IDS = [f"K{number}" for number in range(12)]
ROW = st.fixed_dictionaries(
    {
        "accepted": st.sampled_from(["2026-01-05", "2026-02-05", "2026-03-05", None]),
        "customer": st.sampled_from(["a", "b", "c", ""]),
        "content": st.sampled_from(["one", "two"]),
        "category": st.sampled_from(LABELS),
        "cause": st.sampled_from(["x", "y", ""]),
        "problem": st.sampled_from(["G1", "G2", "G3", ""]),
        "needs_review": st.booleans(),
        "counted": st.booleans(),
    }
)
FACTS = st.builds(
    RunFacts,
    model=st.sampled_from("mn"),
    reading=st.sampled_from("rs"),
    grouping=st.sampled_from("gh"),
    software=st.sampled_from("12"),
    end=st.sampled_from([None, datetime(2026, 2, 1)]),
    permanent=st.booleans(),
)


def table(rows, facts=None):
    columns = {name: [row[name] for row in rows.values()] for name in next(iter(rows.values()), {})}
    return make_run({"id": list(rows), **columns}, facts)


RUNS = st.builds(table, st.dictionaries(st.sampled_from(IDS), ROW), FACTS)
ASKED = st.none() | st.dictionaries(
    st.sampled_from(IDS), st.fixed_dictionaries({"category": st.sampled_from(LABELS), "problem": st.just("G1")})
).map(
    lambda rows: pd.DataFrame([{"id": one, **row} for one, row in rows.items()], columns=["id", "category", "problem"])
)


@given(RUNS, RUNS, st.frozensets(st.sampled_from(IDS)), ASKED)
def test_the_parts_always_add_up(before, after, decided, as_before):
    found = changes(before, after, Between(decided, frozenset({"G1"}), as_before))
    for one in found.changes:
        assert sum(part for _, part in one.parts) == pytest.approx(one.after - one.before, abs=1e-12)
    assert sum(count for _, count in found.rows) == len(set(before.frame["id"]) | set(after.frame["id"]))
    counted = after.frame[after.frame["counted"]]
    for level in LEVELS[1:3]:
        told = {one.label: one.after for one in found.changes if (one.level, one.measure) == (level, "rows")}
        real = counted[level][counted[level] != ""].value_counts().to_dict()
        assert {label: count for label, count in told.items() if count} == real


@given(RUNS)
def test_the_same_run_again_changes_nothing(run):
    found = changes(run, run)
    assert all(one.parts == () and one.before == one.after for one in found.changes)


def run_of(rows, facts=None):
    """A run of (id, accepted, category); one customer each."""
    ids, accepted, category = (list(one) for one in zip(*rows, strict=True))
    return make_run(
        {"id": ids, "accepted": accepted, "category": category, "customer": [one.lower() for one in ids]}, facts
    )


LAST = [("A", "2026-01-01", "billing"), ("B", "2026-01-31", "billing"), ("C", "2026-01-15", "network")]


def parts(found, label, measure="rows"):
    return dict(found.find("category", label, measure).parts)


def test_new_late_and_lost_rows():
    after = [*LAST[:2], ("D", "2026-02-03", "billing"), ("E", "2026-01-20", "network"), ("F", None, "network")]
    found = changes(run_of(LAST), run_of(after))
    assert parts(found, "billing") == {"new": 1}
    assert parts(found, "network") == {"left": -1, "new": 1, "late": 1}
    assert found.undated == 1
    assert dict(found.rows) == {"same": 2, "left": 1, "new": 2, "late": 1, "corrected": 0}
    # 2 of 3; without C 2 of 2; with D and F 3 of 4; with E 3 of 5
    assert parts(found, "billing", "share") == pytest.approx({"left": 1 / 3, "new": -1 / 4, "late": 3 / 5 - 3 / 4})


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        (RunFacts(model="n"), Part.MODEL),
        (RunFacts(reading="r"), Part.SETTINGS),
        (RunFacts(software="2"), Part.SOFTWARE),
        (RunFacts(model="n", software="2"), Part.MIXED),
        (RunFacts(grouping="fine"), Part.UNEXPLAINED),
        (RunFacts(), Part.UNEXPLAINED),
    ],
)
def test_another_label_for_the_same_complaint(facts, part):
    after = [("A", "2026-01-01", "network"), *LAST[1:]]
    found = changes(run_of(LAST), run_of(after, facts))
    assert parts(found, "billing") == {part.value: -1}
    assert parts(found, "network") == {part.value: 1}
    assert parts(changes(run_of(LAST), run_of(after, facts), Between(frozenset("A"))), "network") == {"decisions": 1}


def test_what_the_last_model_would_have_said_parts_data_from_model():
    after = run_of([*LAST, ("D", "2026-02-03", "network")], RunFacts(model="n"))
    asked = pd.DataFrame({"id": ["D"], "category": ["billing"]})
    found = changes(run_of(LAST), after, Between(as_before=asked))
    assert parts(found, "billing") == {"new": 1, "model": -1}
    assert parts(found, "network") == {"model": 1}


def test_a_corrected_text_and_a_counting_rule():
    before = make_run({"id": ["A", "B"], "content": ["1", "2"], "category": ["billing", "billing"]})
    after = make_run(
        {"id": ["A", "B"], "content": ["1!", "2"], "category": ["network", "billing"], "counted": [True, False]}
    )
    found = changes(before, after)
    assert parts(found, "billing") == {"corrected": -1, "settings": -1}
    assert dict(found.find("all").parts) == {"settings": -1}


def test_problems_are_matched_by_their_complaints():
    before = make_run({"id": list("ABCDEF"), "problem": ["G1", "G1", "G1", "G2", "G2", ""]})
    after = make_run({"id": list("ABCDEFG"), "problem": ["G7", "G7", "G7", "", "", "G7", "G7"]})
    found = changes(before, after)
    assert found.matched == (("G1", "G7"),)
    assert dict(found.find("problem", "G7").parts) == {"new": 1, "regrouped": 1}
    assert dict(found.find("problem", "previous:G2").parts) == {"regrouped": -2}
    merged = changes(
        make_run({"id": list("AB"), "problem": ["P-1", "P-2"]}, RunFacts(permanent=True)),
        make_run({"id": list("AB"), "problem": ["P-1", "P-1"]}, RunFacts(permanent=True)),
        Between(decided_problems=frozenset({"P-2"})),
    )
    assert dict(merged.find("problem", "P-1").parts) == {"decisions": 1}


def test_distinct_customers_follow_the_documented_order():
    before = make_run({"id": ["A"], "accepted": ["2026-01-09"], "customer": ["x"], "category": ["billing"]})
    after = make_run(
        {
            "id": ["A", "B", "C"],
            "accepted": ["2026-01-09", "2026-02-01", "2026-01-01"],
            "customer": ["x", "y", "y"],
            "category": ["billing"] * 3,
        }
    )
    # the customer of both new rows counts where the earlier part, the new data, brings them
    assert parts(changes(before, after), "billing", "customers") == {"new": 1}


def test_wrong_tables_are_refused():
    with pytest.raises(ValueError, match="the id 'A' stands in a run twice"):
        make_run({"id": ["A", "A"]})
    with pytest.raises(ValueError, match="wrong: color"):
        make_run({"id": ["A"], "color": ["red"]})
    with pytest.raises(KeyError, match="problem"):
        changes(run_of(LAST), run_of(LAST)).find("problem", "G1")
