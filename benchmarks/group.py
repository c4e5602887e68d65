"""Speed and memory of grouping from ten thousand texts to three hundred thousand, and BERTopic beside it.

usage: python benchmarks/group.py [--real FOLDER] [--most 300000] [--without-topics] > benchmarks/group.md

FOLDER, which is not part of the project, holds civic_labelled.csv, civic_messages.csv, river_complaints.csv (title,
text), reviews.csv (review) and, for the comparison of quality, civic_problems.csv. How to install BERTopic stands in
benchmarks/topics.py; where it is absent, the comparison is left out.
"""

import argparse
import multiprocessing
import os
import pickle
import platform
import random
import re
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import topics
from dumps import CUT, grouped, read, take
from mixtures import SHIPPED, complaints, drawn, masked, sources
from scoring import compare, read_problems, table, verdict

from pipeline.problems import attributes, concrete, grouping

SIZES = (10_000, 30_000, 100_000, 300_000)
PEER_SIZES, PEER_RUNS = (4_000, 10_000), 3
WARM_UP = topics.WARM_UP
STEPS = {
    "distinct texts": ((grouping, "distinct_texts"),),
    "terms, facets": ((concrete, "read_terms"), (concrete, "split_facets")),
    "links": ((concrete, "link"),),
    "linkage": ((concrete, "cluster"),),
    "causes": ((grouping, "judge_causes"), (grouping, "concentrations")),
    "naming": ((attributes, "name_problems"),),
}
HEADS = ("texts", "seconds", "CPU s", *STEPS, "rest", "MiB before", "MiB at the peak", "problems", "texts in them")


def in_own_process(function, *values):
    """Call a function in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values"
        path.write_bytes(pickle.dumps(values))
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            return process.submit(called, function, path).result()


def called(function, path):
    """Read the values in the new process, so that its memory holds them once."""
    with path.open("rb") as file:
        return function(*pickle.load(file))


@dataclass(frozen=True)
class Timed:
    """A grouping: labels (None: in no problem), seconds by the clock and of the processor, seconds by step, memory.

    ``before`` and ``peak`` are MiB; ``highest`` is the step in which the peak was reached.
    """

    labels: list[int | None]
    seconds: float
    processor: float
    steps: dict[str, float]
    before: float
    peak: float
    highest: str


def timed_grouping(held):
    """Group a dump, watching time and memory."""
    spent, rises = dict.fromkeys(STEPS, 0.0), []
    for step, functions in STEPS.items():
        for module, name in functions:
            setattr(module, name, watched(getattr(module, name), step, spent, rises))
    # so that all is loaded that is loaded late
    grouped(take(held, range(min(WARM_UP, len(held)))))
    spent.update(dict.fromkeys(spent, 0.0))
    before = peak_memory()
    begun, worked = time.perf_counter(), time.process_time()
    found = grouped(held)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    labels = [place if place >= 0 else None for place in found.problem.tolist()]
    peak = peak_memory()
    highest = next((step for step, rose_to in rises if rose_to == peak), "rest")
    return Timed(labels, seconds, worked, {**spent, "rest": seconds - sum(spent.values())}, before, peak, highest)


def watched(function, step, spent, rises):
    """The function; its seconds are added to those of its step, and a rise of the peak of memory is noted."""

    def measured(*values, **named):
        begun, low = time.perf_counter(), peak_memory()
        result = function(*values, **named)
        spent[step] += time.perf_counter() - begun
        if peak_memory() > low:
            rises.append((step, peak_memory()))
        return result

    return measured


def peak_memory():
    """The highest resident memory of this process so far in MiB, as Linux counts it."""
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 2**10


def timed_topics(rows):
    """BERTopic on the same rows: labels and seconds (cutting, vectors, topics)."""
    texts = [f"{title}\n{text}" if title else text for title, text in rows]
    CUT(["。"])
    begun = time.perf_counter()
    tokens = CUT(texts)
    cutting = time.perf_counter() - begun
    labels, vectors, rest = topics.topics(texts, tokens)
    return labels, cutting + vectors + rest


def growth(held, most):
    """Print seconds and memory by size, and the exponent."""
    sizes = [size for size in SIZES if size <= most]
    table(*HEADS)
    runs = [
        line(size, in_own_process(timed_grouping, complaints(drawn(held, size, random.Random(size))))) for size in sizes
    ]
    exponent = growth_of(sizes, [run.seconds for run in runs])
    print(f"\nGrowth: seconds ~ texts^{exponent:.2f} (least squares on logarithms;", end=" ")
    print(f"processor seconds: {growth_of(sizes, [run.processor for run in runs]):.2f}).")
    print(f"Wanted: exponent at most 1.3: {verdict(exponent <= 1.3)}", end="")
    for run in (run for size, run in zip(sizes, runs, strict=True) if size == 100_000):
        kept = verdict(run.seconds <= 60), verdict(run.peak <= 2048)
        print(f"; 100,000 texts in at most 60 s: {kept[0]}, in at most 2 GiB: {kept[1]}", end="")
    print(".\n", flush=True)


def growth_of(sizes, seconds):
    """The exponent of a power law through the measurements; unknown for a single one."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0]) if len(sizes) > 1 else float("nan")


def line(size, run):
    """Print a row of the table of growth; return the run."""
    cells = [f"{size:,}", *(f"{each:.1f}" for each in (run.seconds, run.processor, *run.steps.values()))]
    cells += [f"{run.before:.0f}", f"{run.peak:.0f} ({run.highest})", *counts(run.labels)]
    print(f"| {' | '.join(cells)} |", flush=True)
    return run


def counts(labels):
    """Number of problems and share of the texts in them."""
    return f"{len({*labels} - {None}):,}", f"{1 - labels.count(None) / len(labels):.0%}"


def beside_topics(held):
    """Print seconds beside BERTopic's."""
    print("## Beside BERTopic\n")
    shape = f"TF-IDF and SVD ({topics.DIMENSIONS})"
    print(f"Its defaults, min_topic_size={topics.LEAST}, the same words, vectors by {shape}; each in a process of its")
    print("own, one after the other; imports, and what numba compiles, are left out of both.\n")
    table("texts", "genyin s", "BERTopic s", "ratio", "genyin problems", "texts in them", "BERTopic topics", "texts")
    ratios = []
    for size in PEER_SIZES:
        rows = drawn(held, size, random.Random(size))
        ours = in_own_process(timed_grouping, complaints(rows))
        labels, seconds = in_own_process(timed_topics, rows)
        ratios.append(seconds / ours.seconds)
        cells = f"{size:,}", f"{ours.seconds:.2f}", f"{seconds:.2f}", f"**{ratios[-1]:.1f}**"
        print(f"| {' | '.join([*cells, *counts(ours.labels), *counts(labels)])} |", flush=True)
    print(f"\nWanted: at least 20 times faster: {verdict(min(ratios) >= 20)}.\n", flush=True)


def quality(folder):
    """Print the scores of both against problems that people read."""
    gold = read_problems(folder / "civic_problems.csv")
    rows = read(folder / "civic_messages.csv")
    both = masked(rows, "title", "text")
    ids = [row["id"] for row in rows]
    print(f"## Both against {len(gold.members)} problems read in {len(rows):,} real messages\n")
    print("BERTopic finds other topics in each run.\n")
    table("", "F1", "precision", "recall", "recovered", "over-merge", "contamination", "groups", "rows", "seconds")
    ours = in_own_process(timed_grouping, complaints(both))
    runs = [("genyin", ours.labels, ours.seconds)]
    runs += [(f"BERTopic, run {n}", *in_own_process(timed_topics, both)) for n in range(1, 1 + PEER_RUNS)]
    scores = []
    for name, labels, seconds in runs:
        scored = compare(dict(zip(ids, labels, strict=True)), gold)
        scores.append(scored.figures())
        cells = [f"{value:.3f}" for value in scores[-1]]
        cells[3] = f"{scores[-1][3]:.0f}"
        print(f"| {name} | {' | '.join(cells)} | {scored.groups} | {scored.grouped} | {seconds:.2f} |", flush=True)
    theirs = [statistics.median(each[place] for each in scores[1:]) for place in (0, 5)]
    better = scores[0][0] > theirs[0] and scores[0][5] < theirs[1]
    print(f"\nWanted: better (F1 higher, contamination lower than in its median run): {verdict(better)}.\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--without-topics", action="store_true")
    args = parser.parse_args()
    held = sources(args.real)
    texts = [text for own in held for text in own]
    length = statistics.mean(len(title) + len(text) for title, text in texts)
    print("# Speed of grouping\n")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} when begun; each size once,")
    print("in a process of its own, imports left out.\n")
    print(f"{len(texts):,} texts, {length:.0f} characters on average: the shipped ones", end="")
    print(" and real ones (complaints to authorities, reviews)." if args.real else ".")
    print("Every size takes each source by its share, at random; beyond the number of its texts they are recombined:")
    print("every clause from another text, the title from two. The shipped model gives the causes.\n")
    growth(held, args.most)
    familiar(held[: len(SHIPPED)], min(100_000, args.most))
    if args.without_topics or topics.MISSING:
        print(f"The comparison with BERTopic was left out ({', '.join(topics.MISSING) or 'not asked for'}).")
        return
    beside_topics(held)
    if args.real:
        quality(args.real)


def familiar(held, size):
    """Print the same for texts whose causes the model knows."""
    print("Causes count only where the model is sure of most texts. Shipped texts alone, recombined, causes")
    print("counting:\n")
    table(*HEADS)
    line(size, in_own_process(timed_grouping, complaints(drawn(held, size, random.Random(size)))))
    print(flush=True)


if __name__ == "__main__":
    main()
