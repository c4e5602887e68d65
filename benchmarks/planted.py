"""Whether the story planted in the sample dump is found, and stays the same whatever order its rows come in."""

import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dumps import no_problem, read, roots, understood, write
from scoring import b_cubed, harmonic, table, verdict

from pipeline.records import ProblemKind
from pipeline.resources import data_file
from pipeline.workflow.problems import FindOptions, find_problems

KEY, TEXTS = "工单号", ("工单号", "主题", "业务内容")
PLANTED = ("autorenew", "construction", "outage", "campaign")


@dataclass(frozen=True)
class Plant:
    """The rows of a planted problem, the look-alikes beside it, and the rows whose true cause is one of its causes."""

    members: frozenset[int]
    lookalikes: frozenset[int]
    causes: frozenset[int]


def plant(truth, name):
    """Read one planted problem out of the truth."""
    rows = dict(enumerate(truth))
    members = frozenset(i for i, row in rows.items() if (row["problem"], row["role"]) == (name, "member"))
    told = {truth[i]["cause"] for i in members}
    lookalikes = frozenset(i for i, row in rows.items() if (row["problem"], row["role"]) == (name, "negative"))
    return Plant(members, lookalikes, frozenset(i for i, row in rows.items() if row["cause"] in told))


def planted():
    """Print how much of the story is found, from the texts alone and from all columns."""
    rows, truth = read(data_file("sample_complaints.csv")), read(data_file("sample_problems.csv"))
    assert [row[KEY] for row in rows] == [row["order_id"] for row in truth]
    print(f"## The sample dump: {len(rows):,} complaints by authors who wrote none of the corpus\n")
    print("Each planted problem and the group that fits it best (harmonic mean of the share of the plant's rows that")
    print("it holds and of its purity). Purity: its rows that are the plant's; in brackets: whose true cause is one of")
    print("the plant's, which counts where the group is a cause. Look-alikes: rows that resemble the plant and are in")
    print("the group.\n")
    for name, headers in (("text only", TEXTS), ("all columns", None)):
        found = understood(rows, headers)
        assert len(found.complaints) == len(rows)
        print(f"### {name}\n")
        table("planted", "rows", "share in one group", "purity", "look-alikes", "group", "kind")
        kept = [report(plant(truth, one), one, found.grouping.problems) for one in PLANTED]
        kept.append(nothing_found_in_praise(truth, found.grouping))
        labels = roots(found.grouping)
        left = no_problem()
        true = [None if row["cause"] in left else row["cause"] for row in truth]
        print(f"B-cubed F1 of problems (parts count as their cause) against the true causes: {b_cubed(labels, true)};")
        print(f"praise and inquiries taken for causes: {b_cubed(labels, [row['cause'] for row in truth])}.\n")
        if headers is None:
            print("Wanted: at least 80 % of each plant in one group that is at least 90 % pure, ", end="")
            print(f"the campaign marked, no praise in a problem: {verdict(*kept)}.\n", flush=True)


def report(one, name, problems):
    """Print the group that fits a plant best; tell whether it is found."""
    shares = [
        (len(one.members & {*p.members}) / len(one.members), len(one.members & {*p.members}) / p.rows) for p in problems
    ]
    place = max(range(len(problems)), key=lambda i: (harmonic(*shares[i]), -i))
    best, (share, purity) = problems[place], shares[place]
    held = {*best.members}
    by_cause = len(one.causes & held) / best.rows
    swallowed = f"{len(one.lookalikes & held)} of {len(one.lookalikes)}"
    title = f"{best.name} ({best.rows} rows)"
    # a group that is a whole cause is not impure for the cause's other rows
    pure = by_cause if best.kind == ProblemKind.CAUSE else purity
    kept = share >= 0.8 and pure >= 0.9 and (name != "campaign" or best.kind == ProblemKind.CAMPAIGN)
    note = "" if kept else " **missed**"
    cells = len(one.members), f"{share:.1%}", f"{purity:.1%} ({by_cause:.1%})", swallowed, title, f"{best.kind}{note}"
    print(f"| {name} | {' | '.join(map(str, cells))} |")
    return kept


def nothing_found_in_praise(truth, found):
    """Print how many rows of praise are in a problem; tell whether there is none."""
    inside = found.problem >= 0
    praise = np.array([row["problem"] == "praise" for row in truth])
    everything = np.array([row["cause"] in no_problem() for row in truth])
    causes = Counter(row["cause"] for row, held in zip(truth, inside & everything, strict=True) if held)
    print(f"\nPlanted praise in a problem: {(praise & inside).sum()} of {praise.sum()}; ", end="")
    print("of all that is no problem: ", end="")
    print(f"{(everything & inside).sum()} of {everything.sum()} ({dict(causes)}). ", end="")
    print(f"Complaints in no problem: {(~inside & ~everything).sum()} of {(~everything).sum()}.\n")
    return not (praise & inside).any()


def stable():
    """Print what shuffling and processes change; what new rows change stands in stability.md."""
    print("## Stability\n")
    same, runs = same_bytes()
    print(f"The sample dump as it is and shuffled, with one process and with two, {runs} runs: grouped.csv (sorted by")
    print(f"{KEY}) and problems.csv are {'the same bytes' if same else 'NOT the same'}: {verdict(same)}.", flush=True)


def same_bytes():
    """Whether every order of rows and number of processes gives the same files, and the number of runs compared."""
    rows = read(data_file("sample_complaints.csv"))
    seen, runs = set(), 0
    for seed, jobs in ((None, 1), (None, 2), (1, 1), (2, 2)):
        moved = rows if seed is None else random.Random(seed).sample(rows, len(rows))
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            write(place / "dump.csv", moved)
            find_problems([place / "dump.csv"], place / "out", FindOptions(jobs=jobs))
            table = sorted(read(place / "out" / "grouped.csv"), key=lambda row: row[KEY])
            write(place / "sorted.csv", table)
            seen.add(((place / "sorted.csv").read_bytes(), (place / "out" / "problems.csv").read_bytes()))
        runs += 1
    return len(seen) == 1, runs
