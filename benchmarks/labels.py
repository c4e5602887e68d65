"""How many labels the review queue saves, on real complaints to authorities with an oracle that answers it.

usage: python benchmarks/labels.py FOLDER [--seeds 5] > benchmarks/labels.md

FOLDER holds civic_labelled.csv, real texts that are not part of the project.

1. The queue. A quarter of the texts, whole groups of near-twins, is kept to measure on. Everybody starts from the same
100 random labels and asks for 100 more a round; the model (a linear SVM per class on genyin's features) is then trained
anew.

- queue: genyin's own choice with its defaults, a tenth of it a random control sample
- uncertainty: the smallest lead of the best over the second class, which is what small-text's BreakingTies picks
- ranked batch: modAL's uncertainty_batch_sampling (Cardoso et al. 2017): far from what is labelled, and uncertain. Its
  code recomputes all distances for every text; here they are kept up to date, and where modAL is installed its choice
  is compared with ours on a small pool.
- random

2. Suspected label errors: a twentieth of the labels is flipped on purpose and looked for.
"""

import argparse
import csv
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from pipeline.labels.queue import Pool, QueueOptions, choose
from pipeline.labels.signals import unit_rows
from pipeline.labels.suspects import find_suspects
from pipeline.model.examples import Example
from pipeline.model.fitting import Learner, fit_head
from pipeline.model.vectorising import Documents, Vectoriser
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

START = STEP = 100
MOST = 2000
RANDOM_GOAL = 3000


@dataclass(frozen=True)
class Month:
    """One simulated month: the texts that may be asked for, and those to measure on (places in all texts)."""

    texts: list
    rows: object
    truth: np.ndarray
    names: list
    copy_of: np.ndarray
    pool: np.ndarray
    test: np.ndarray


def read(folder):
    with (folder / "civic_labelled.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    prepared = Preparer().prepare([f"{row['title']}\n{row['text']}" for row in rows])
    documents = Documents(prepared.texts, prepared.tokens)
    names = sorted({row["label"] for row in rows})
    truth = np.array([names.index(row["label"]) for row in rows])
    features = Vectoriser().fit(documents).transform(documents)
    return prepared.texts, features, truth, names, near_duplicates(prepared.texts)


def month(data, seed):
    texts, rows, truth, names, twins = data
    random = np.random.default_rng(seed)
    groups = random.permutation(np.unique(twins.group))
    is_test = np.isin(twins.group, groups[: len(groups) // 4])
    pool = random.permutation(np.flatnonzero(~is_test))
    first = {}
    copy_of = np.array([first.setdefault(group, place) for place, group in enumerate(twins.group[pool])])
    return Month(texts, rows, truth, names, copy_of, pool, np.flatnonzero(is_test))


def margins(one, labelled, asked):
    """Margins (asked, classes) after learning from the labelled places of the pool."""
    seen = one.pool[labelled]
    signs = np.where(one.truth[seen][:, None] == np.arange(len(one.names)), 1.0, -1.0)
    present = (signs > 0).any(axis=0)
    found = np.full((len(asked), len(one.names)), -2.0)
    found[:, present] = fit_head(one.rows[seen], signs[:, present], Learner("svm", 1)).margins(one.rows[asked])
    return found


def shares(scores):
    odds = np.exp(3 * (scores - scores.max(axis=1, keepdims=True)))
    return odds / odds.sum(axis=1, keepdims=True)


def queue(one, labelled, scores):
    known = [""] * len(one.pool)
    for place in labelled:
        known[place] = one.names[one.truth[one.pool[place]]]
    pool = Pool([one.texts[i] for i in one.pool], one.names, shares(scores), one.rows[one.pool], known, one.copy_of)
    return [choice.place for choice in choose(pool, QueueOptions(rows=STEP))]


def uncertainty(one, labelled, scores):
    free = np.setdiff1d(np.arange(len(one.pool)), labelled)
    second, first = np.partition(shares(scores)[free], -2, axis=1)[:, -2:].T
    return free[np.argsort(first - second, kind="stable")[:STEP]].tolist()


def ranked_batch(one, labelled, scores, count=STEP):
    """What modAL's uncertainty_batch_sampling picks with the cosine distance."""
    rows = unit_rows(one.rows[one.pool])
    doubt = 1 - shares(scores).max(axis=1)
    free = np.ones(len(one.pool), bool)
    free[labelled] = False
    distance = np.full(len(one.pool), 2.0)
    for start in range(0, len(labelled), 500):
        likeness = (rows @ rows[np.asarray(labelled)[start : start + 500]].T).toarray()
        distance = np.minimum(distance, 1 - likeness.max(axis=1))
    taken = []
    for known in range(len(labelled), len(labelled) + count):
        weight = free.sum() / (free.sum() + known)
        worth = np.where(free, weight * (1 - 1 / (1 + distance)) + (1 - weight) * doubt, -1.0)
        taken.append(int(worth.argmax()))
        free[taken[-1]] = False
        distance = np.minimum(distance, 1 - (rows @ rows[[taken[-1]]].T).toarray().ravel())
    return taken


def at_random(one, labelled, scores):
    return [place for place in range(len(one.pool)) if place not in set(labelled)][:STEP]


STRATEGIES = {"queue": queue, "uncertainty": uncertainty, "ranked batch": ranked_batch, "random": at_random}


def score(one, labelled):
    return f1_score(one.truth[one.test], margins(one, labelled, one.test).argmax(axis=1), average="macro")


def curve(one, strategy):
    labelled, found = list(range(START)), []
    while True:
        both = margins(one, labelled, np.concatenate([one.test, one.pool]))
        guess = both[: len(one.test)].argmax(axis=1)
        found.append(f1_score(one.truth[one.test], guess, average="macro"))
        if len(labelled) >= MOST:
            return np.array(found)
        labelled += strategy(one, np.array(labelled), both[len(one.test) :])


def reached(found, goal):
    """Labels at which a curve first reaches the goal; infinity where it does not."""
    places = np.flatnonzero(found >= goal)
    return START + STEP * int(places[0]) if len(places) else np.inf


def spread(values):
    """Mean and its 95 % t interval over seeds."""
    from scipy.stats import t

    values = np.asarray(values, float)
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.4f} ± {half:.4f}"


def agrees_with_modal(one):
    """Whether modAL picks the same texts from a pool of 300; None where it is not installed."""
    try:
        from modAL.batch import ranked_batch as theirs
        from modAL.models import ActiveLearner
    except ImportError:
        return None
    small = Month(one.texts, one.rows, one.truth, one.names, one.copy_of, one.pool[:300], one.test)
    labelled = np.arange(60)
    scores = margins(small, labelled, small.pool)
    rows = unit_rows(small.rows[small.pool]).tocsr()

    class Fixed:
        def fit(self, *_):
            return self

    learner = ActiveLearner(Fixed(), X_training=rows[:60].toarray(), y_training=small.truth[small.pool[:60]])
    doubt = 1 - shares(scores).max(axis=1)
    picked = theirs(learner, rows[60:].toarray(), doubt[60:], 20, "cosine", None)
    # some releases give the worth of the picked texts as well
    picked = picked[0] if isinstance(picked, tuple) else picked
    return (60 + np.asarray(picked)).tolist() == ranked_batch(small, labelled, scores, 20)


def report(data, seeds):
    months = [month(data, seed) for seed in range(seeds)]
    goals = [score(one, np.arange(RANDOM_GOAL)) for one in months]
    found = {}
    for name, strategy in STRATEGIES.items():
        found[name] = np.array([curve(one, strategy) for one in months])
        print(name, found[name].mean(axis=0).round(4), file=sys.stderr, flush=True)
    print("# Labels needed\n")
    print(f"{len(data[0]):,} real complaints to authorities, 7 classes, a quarter kept to measure on; {seeds} seeds.")
    print(f"{RANDOM_GOAL:,} random labels give macro-F1 {spread(goals)} (95 % t interval over seeds).\n")
    print("| labels | " + " | ".join(STRATEGIES) + " |\n|---" * 1 + "|---" * len(STRATEGIES) + "|")
    for place in range(0, len(found["queue"][0]), 2):
        cells = " | ".join(spread(found[name][:, place]) for name in STRATEGIES)
        print(f"| {START + STEP * place:,} | {cells} |")
    print("\n| | labels to reach it, mean curve | by seed |\n|---|---|---|")
    for name, curves in found.items():
        mean = reached(curves.mean(axis=0), float(np.mean(goals)))
        each = [reached(one, goal) for one, goal in zip(curves, goals, strict=True)]
        print(f"| {name} | {told(mean)} | {', '.join(map(told, each))} |")
    versus(found)
    agrees = agrees_with_modal(months[0])
    checked = {True: "picks the same 20 of 300 texts as modAL", False: "DIFFERS from modAL", None: "modAL is absent"}
    print(f"\nranked batch: {checked[agrees]}.")


def flipped(examples, labels, seed):
    """The examples with a twentieth of the labels turned into another one, and which those are."""
    random = np.random.default_rng(seed)
    wrong = random.choice(len(examples), round(0.05 * len(examples)), replace=False)
    turned = list(examples)
    for place in wrong.tolist():
        others = [label for label in labels if label != examples[place].labels[0]]
        turned[place] = replace(examples[place], labels=(str(random.choice(others)),))
    return turned, set(wrong.tolist())


def suspects(data, seeds):
    texts, _, truth, names, _ = data
    examples = [Example(text, (names[label],)) for text, label in zip(texts, truth.tolist(), strict=True)]
    first = round(0.075 * len(examples))
    print("\n## Labels flipped on purpose\n")
    print(f"5 % of the {len(examples):,} labels turned into another; share of them among the first 7.5 % suspects:\n")
    for seed in range(seeds):
        turned, wrong = flipped(examples, names, seed)
        ranked = find_suspects(turned, Preparer(), explained=0).ranked[:first]
        found = sum(one.place in wrong for one in ranked) / len(wrong)
        right = sum(one.place in wrong and one.suggested == examples[one.place].labels[0] for one in ranked) / len(
            wrong
        )
        print(f"- seed {seed}: {found:.1%}, with the right label suggested {right:.1%}", flush=True)


def told(labels):
    return f"{labels:,}" if np.isfinite(labels) else f"more than {MOST:,}"


def versus(found):
    print("\nThe queue against the others, mean macro-F1 over all rounds from 300 labels on, paired by seed:\n")
    for name in list(STRATEGIES)[1:]:
        print(f"- {name}: {spread((found['queue'] - found[name])[:, 2:].mean(axis=1))}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    data = read(options.folder)
    report(data, options.seeds)
    suspects(data, options.seeds)


if __name__ == "__main__":
    main()
