"""Problems that people read, true causes, the sample dump's story: how much of them is found, and whether it stays.

usage: python benchmarks/problems.py [--real FOLDER] > benchmarks/problems.md

FOLDER, which is not part of the project, holds civic_messages.csv (id, user, title, text, time) and civic_problems.csv
(message_id, group_id, role: member or negative). Without it those sections are left out.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from ablation import margins, variants
from dumps import grouped, no_problem, read, roots, take, understood
from planted import planted, stable
from scoring import b_cubed, compare, read_problems, table, verdict

from pipeline.model.classifying import leaf_shares
from pipeline.model.examples import Example, make_targets, parse_labels
from pipeline.model.folding import grouped_folds
from pipeline.model.vectorising import Documents
from pipeline.problems import concrete
from pipeline.records import Complaints
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner
from pipeline.text.privacy import Masker
from pipeline.workflow.classifying import load_model

CURVE = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0)
DRAWS, DRAWN, DRAWN_CAUSES, DRAWN_LEAST = 20, 320, 60, 3
WORDS_AND_CAUSES = "words and causes"


def civic(folder):
    """Print how the hand-read problems are found at every threshold."""
    gold = read_problems(folder / "civic_problems.csv")
    rows = read(folder / "civic_messages.csv")
    print(f"## {len(gold.members)} problems that people read in {len(rows):,} real messages to authorities\n")
    print("In brackets: 95 % bootstrap intervals over the problems. Below the granularities: the curve over the")
    print("threshold, as a multiple of that at normal.\n")
    everything = len(gold.members)
    for name, left_out, wanted in (
        ("with titles", (), (0.96, everything, 0.05, 0.05)),
        ("titles withheld", ("title",), (0.90, 0, 0.07, 0.07)),
    ):
        complaints = understood(rows, [header for header in rows[0] if header not in left_out]).complaints
        assert len(complaints) == len(rows)
        print(f"### Messages {name}\n")
        table(
            "granularity", "F1", "precision", "recall", "recovered", "over-merge", "contamination", "problems", "rows"
        )
        scores = {how: against(complaints, gold, how, shown=how) for how in concrete.GRANULARITIES}
        for times in CURVE:
            with patch.dict(concrete._ABOVE_NOISE, curve=concrete._ABOVE_NOISE["normal"] * times):
                against(complaints, gold, "curve", shown=f"threshold × {times:g}")
        f1, _, _, recovered, over, foreign = scores["normal"].figures()
        kept = f1 >= wanted[0], recovered >= wanted[1], over <= wanted[2], foreign <= wanted[3]
        all_of_them = f"{everything} of {everything} recovered, " if wanted[1] else ""
        print(f"\nWanted at normal: F1 at least {wanted[0]:.2f}, {all_of_them}", end="")
        print(f"over-merge at most {wanted[2]:.2f}, ", end="")
        print(f"contamination at most {wanted[3]:.2f}: {verdict(*kept)}.\n", flush=True)


def against(complaints, gold, granularity, shown):
    """Group, score against the hand-read problems, print a line."""
    found = grouped(complaints, granularity)
    labels = [place if place >= 0 else None for place in found.problem.tolist()]
    scored = compare(dict(zip(complaints.ids, labels, strict=True)), gold)
    cells = [f"{value:.3f}" for value in scored.figures()]
    cells[3] = f"{scored.figures()[3]:.0f}"
    for place in (0, 4, 5) if granularity in concrete.GRANULARITIES else ():
        low, high = scored.interval(place)
        cells[place] += f" [{low:.3f}, {high:.3f}]"
    print(f"| {shown} | {' | '.join(cells)} | {scored.groups} | {scored.grouped} |", flush=True)
    return scored


def causes():
    """Print how well problems match the true causes of texts whose pens the model never saw."""
    complaints, truth = corpus()
    print("## The same cause in other words\n")
    print(f"{len(truth):,} shipped texts of {len(set(truth))} causes; the cause of a text is predicted by a model that")
    print("learned from other pens (four folds). B-cubed F1 of problems (parts count as their cause) against true")
    print("causes. What is no problem (praise, plain inquiries) is truly alone; last column: as if it were a cause.\n")
    table("texts", "grouped by", "F1", "precision", "recall", "praise and inquiries as causes")
    for name, found in ways(complaints):
        own = b_cubed(found, alone(truth))
        print(f"| all | {name} | {own} | {own.precision.mean():.3f} | {own.recall.mean():.3f} | ", end="")
        print(f"{b_cubed(found, truth).f1:.3f} |", flush=True)
    best = draws(complaints, truth)
    print("\nAll: bootstrap interval over true causes.", end=" ")
    print(f"{DRAWN}: mean of {DRAWS} random draws of {DRAWN} texts of {DRAWN_CAUSES} causes,")
    print("at least three of each; in brackets the range that 95 % of the draws lie in.")
    print(f"Wanted: at least .60 on draws: {verdict(np.mean(best) >= 0.6)}", end="; ")
    print(f"draws below it: {sum(f1 < 0.6 for f1 in best)} of {DRAWS}.\n", flush=True)


def draws(complaints, truth):
    """Print the same for small draws; return the F1 of problems in every draw."""
    scores = {}
    for seed in range(DRAWS):
        drawn = draw(truth, np.random.default_rng(seed))
        some = [truth[place] for place in drawn]
        for name, found in ways(take(complaints, drawn)):
            own = b_cubed(found, alone(some))
            figures = own.f1, own.precision.mean(), own.recall.mean(), b_cubed(found, some).f1
            scores.setdefault(name, []).append(figures)
    for name, figures in scores.items():
        f1, precision, recall, plain = np.mean(figures, axis=0)
        low, high = np.quantile([each[0] for each in figures], [0.025, 0.975])
        print(f"| {DRAWN} | {name} | {f1:.3f} [{low:.3f}, {high:.3f}] | {precision:.3f} | {recall:.3f} | {plain:.3f} |")
    return [each[0] for each in scores[WORDS_AND_CAUSES]]


def corpus():
    """The shipped texts with causes from models that never saw the pen, and the true causes."""
    rows = read(data_file("complaints.csv"))
    examples = [Example(row["text"], parse_labels(row["label"])[0], row["cause"], row["pen"]) for row in rows]
    targets, shipped = make_targets(examples, 5), next(variants())
    leaves = targets.leaves
    prepared = shipped.preparer.prepare([example.text for example in examples])
    documents = Documents(prepared.texts, prepared.segmentation)
    pens = np.unique([example.group for example in examples], return_inverse=True)[1]
    folds = grouped_folds(targets.primary, pens, 4, 0)
    unseen = np.zeros((len(rows), len(leaves.causes)))
    for held in (folds == number for number in range(int(folds.max()) + 1)):
        asked = documents.take(np.flatnonzero(held))
        unseen[held] = margins(shipped, documents, targets, np.flatnonzero(~held), asked)
    named = [place for place, cause in enumerate(leaves.causes) if cause]
    complaints = Complaints(
        ids=[row["id"] for row in rows],
        texts=Masker().mask_many(Cleaner().clean_many([row["text"] for row in rows])),
        titles=[""] * len(rows),
        customers=[""] * len(rows),
        times=np.full(len(rows), "NaT", "M8[s]"),
        categories=[leaves.categories[place] for place in leaves.pooled(unseen).argmax(axis=1)],
        causes=[leaves.causes[place] for place in named],
        cause_shares=leaf_shares(unseen, load_model().calibration)[:, named].astype(np.float32),
    )
    return complaints, [row["cause"] for row in rows]


def ways(complaints):
    """Names of ways to group, and the label of every text (None: alone)."""
    yield WORDS_AND_CAUSES, roots(grouped(complaints))
    withheld = replace(complaints, causes=(), cause_shares=np.zeros((len(complaints), 0), np.float32))
    yield "words alone (causes withheld)", roots(grouped(withheld))
    yield "nothing: every text alone", [None] * len(complaints)


def alone(truth):
    """True causes, None for what is no problem."""
    left = no_problem()
    return [None if cause in left else cause for cause in truth]


def draw(truth, chance):
    """Places of texts: some of each of the drawn causes, then any of these causes."""
    true = np.array(truth)
    chosen = chance.choice(np.unique(true), DRAWN_CAUSES, replace=False)
    first = [chance.choice(np.flatnonzero(true == cause), DRAWN_LEAST, replace=False) for cause in chosen]
    rest = np.setdiff1d(np.flatnonzero(np.isin(true, chosen)), first)
    return np.concatenate([*first, chance.choice(rest, DRAWN - DRAWN_LEAST * DRAWN_CAUSES, replace=False)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    folder = parser.parse_args().real
    print("# Problems: what is found, and whether it stays\n")
    if folder and (folder / "civic_problems.csv").is_file():
        civic(folder)
    causes()
    planted()
    stable()


if __name__ == "__main__":
    main()
