"""Whether complaints stay where they are when a tenth more of them comes.

usage: python benchmarks/stability.py [--real FOLDER] > benchmarks/stability.md

FOLDER, which is not part of the project, holds civic_messages.csv, civic_labelled.csv and river_complaints.csv (id,
title, text). Without it only the sample dump is measured.
"""

import argparse
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from dumps import grouped, read, take, understood
from scoring import table, verdict

from pipeline.problems.keeping import kept_of
from pipeline.resources import data_file

NEW_ROWS = 1.1
DRAWS = 20
WANTED = 0.02
LETTERS = 3000
SAMPLE = "sample_complaints.csv"
TEXTS = ("工单号", "主题", "业务内容")
PLAIN = ("id", "title", "text")


@dataclass(frozen=True)
class Changes:
    """Shares of the old rows.

    ``moved``: were in a problem and are not in the one that goes on it. Were alone and joined one: ``founded`` a new
    problem that has new rows, ``followed`` new rows into an earlier problem, ``drifted`` into one without a new row.
    ``lost``: those that moved as a share of the rows that were in a problem.
    """

    lost: float
    moved: float
    founded: float
    followed: float
    drifted: float

    @property
    def all(self):
        """Every old row that is not where it was."""
        return self.moved + self.founded + self.followed + self.drifted


def dumps(folder):
    """Names and complaints of the dumps."""
    if folder:
        letters = read(folder / "civic_messages.csv")
        yield "messages to authorities, with titles", understood(letters).complaints
        untitled = [header for header in letters[0] if header != "title"]
        yield "messages to authorities, titles withheld", understood(letters, untitled).complaints
        rows = read(folder / "civic_labelled.csv")
        some = np.sort(np.random.default_rng(0).choice(len(rows), LETTERS, replace=False))
        yield f"{LETTERS:,} older messages of a whole province", understood([rows[i] for i in some], PLAIN).complaints
        rivers = read(folder / "river_complaints.csv")
        yield "complaints about the rivers of one city", understood(rivers, PLAIN).complaints
    rows = read(data_file(SAMPLE))
    yield "sample dump, text only", understood(rows, TEXTS).complaints
    yield "sample dump, all columns", understood(rows).complaints


def changed(complaints, seed):
    """What a tenth more rows changes, without the problems of the old rows and with them."""
    count = len(complaints)
    old = np.sort(np.random.default_rng(seed).choice(count, round(count / NEW_ROWS), replace=False))
    first = grouped(take(complaints, old))
    known = [None] * count
    for place, label in zip(old.tolist(), first.problem.tolist(), strict=True):
        known[place] = first.problems[label].id if label >= 0 else ""
    alone, kept = grouped(complaints), grouped(complaints, known=known, kept=kept_of(first))
    return [compared(first.problem, found.problem, old) for found in (alone, kept)]


def compared(before, second, old):
    """The changes of old rows from a run to the second one."""
    after = second[old]
    # -1 is alone: its counts come last and are not asked for
    fresh = np.bincount(np.delete(second, old) + 1, minlength=second.max() + 2)[after + 1]
    earlier = np.bincount(after[before >= 0] + 1, minlength=second.max() + 2)[after + 1]
    joined = (before < 0) & (after >= 0)
    moved = (before >= 0) & (after != successors(before, after)[before])
    return Changes(
        lost=moved.sum() / max((before >= 0).sum(), 1),
        moved=moved.mean(),
        founded=(joined & (fresh > 0) & (earlier == 0)).mean(),
        followed=(joined & (fresh > 0) & (earlier > 0)).mean(),
        drifted=(joined & (fresh == 0)).mean(),
    )


def successors(before, after):
    """For every old group the new one that goes on it: most shared rows first, each new group for one old group."""
    shared = Counter(pair for pair in zip(before.tolist(), after.tolist(), strict=True) if min(pair) >= 0)
    goes_on, taken = np.full(before.max(initial=-1) + 2, -2), set()
    for (old, new), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if goes_on[old] < -1 and new not in taken:
            goes_on[old] = new
            taken.add(new)
    return goes_on


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    folder = parser.parse_args().real
    print("# Stability: one row more for every ten\n")
    print(f"Means of {DRAWS} draws of the rows that come later: share of the old rows that *moved* (were in a problem")
    print("and are not in the one that goes on it) or, having been alone, joined one: *founded* a new problem together")
    print("with new rows, *followed* new rows into an earlier problem, or *drifted* into one where no new row is. *Of")
    print(
        "the grouped* counts those that moved among the old rows that were in a problem. What is founded is found: the"
    )
    print(
        "more problems of three complaints a dump has, the more of them a tenth completes. That they take more evidence"
    )
    print(
        "than among new rows alone was tried and left out: it would make a difference whether three complaints come in"
    )
    print("one dump or in two, and no problem read by hand became purer. In brackets: twice the standard error of the")
    print("mean.\n")
    names = [field.name for field in fields(Changes)]
    table("dump", "earlier problems given", "of the grouped", *names[1:], "all", "worst draw", "wanted: at most 2 %")
    for name, complaints in dumps(folder):
        draws = [changed(complaints, seed) for seed in range(DRAWS)]
        for kind, found in zip(("no", "yes"), zip(*draws, strict=True), strict=True):
            every = np.array([one.all for one in found])
            cells = [f"{np.mean([getattr(one, part) for one in found]):.2%}" for part in names]
            spread = 2 * every.std(ddof=1) / np.sqrt(DRAWS)
            cells += [f"{every.mean():.2%} [±{spread:.2%}]", f"{every.max():.2%}", verdict(every.mean() <= WANTED)]
            print(f"| {name} ({len(complaints):,}) | {kind} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
