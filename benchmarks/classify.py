"""Whole processes, CSV in, CSV out: genyin beside the script a good user would write (benchmarks/peer.py).

usage: python benchmarks/classify.py [--real FOLDER] [--runs 5] > benchmarks/classify.md

Both are trained on the shipped corpus and classify the same files: real texts in FOLDER (not part of the project), or
without it the shipped texts repeated to 60,000 rows. The two run in turn, so that a drift of
the machine's speed meets both. Memory is the peak over a run of the proportional set size (PSS) of the process and
its children: memory that processes share counts once. It is taken in runs of their own, because taking it needs
processor time that both cores are busy with. A first run compiles the modules of genyin, as an installed package has
them (those of the peer's libraries are).
"""

import argparse
import csv
import itertools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
ROWS = 60_000
WANTED = 7


def column(path, *headers):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return ["\n".join(row[header] for header in headers) for row in csv.DictReader(file)]


def corpora(real):
    """Name and texts of every corpus to measure on."""
    if real and (real / "reviews.csv").is_file():
        reviews = column(real / "reviews.csv", "review")
        yield "real product reviews", reviews
        letters = [
            column(real / f"{name}.csv", "title", "text")
            for name in ("civic_labelled", "civic_messages", "river_complaints")
        ]
        yield "real texts, complaints to authorities and reviews", [*itertools.chain(*letters), *reviews]
    else:
        shipped = column(ROOT / "data" / "complaints.csv", "text")
        yield "shipped complaints, repeated", list(itertools.islice(itertools.cycle(shipped), ROWS))


def peak_memory(process, found):
    """Sample the PSS of a process tree until it ends; the largest sum goes into ``found``."""
    while process.poll() is None:
        total = 0
        try:
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            total = sum(one.memory_full_info().pss for one in tree)
        except psutil.Error:
            pass
        found.append(total)
        time.sleep(0.25)


def run(command, watched=False):
    """Seconds of a whole process, and its peak memory in MiB where it is watched."""
    begun = time.perf_counter()
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env=surroundings)
    found = [0]
    watch = threading.Thread(target=peak_memory, args=(process, found))
    if watched:
        watch.start()
    if process.wait():
        raise SystemExit(f"{command} failed")
    seconds = time.perf_counter() - begun
    if watched:
        watch.join()
    return seconds, max(found) / 2**20


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    print("# Classifying a dump: genyin beside the usual script\n")
    print(f"CSV in, CSV out, whole processes, {args.runs} runs of each in turn; ", end="")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}.")
    print("genyin cleans, masks, gives a category, a root cause, calibrated confidence and reasons;")
    print("the peer gives a category.")
    for kind, rows in corpora(args.real):
        report(kind, rows, measure(rows, args.runs))


def measure(rows, runs):
    with tempfile.TemporaryDirectory() as folder:
        source, model = Path(folder) / "texts.csv", Path(folder) / "peer.joblib"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "text"])
            writer.writerows(enumerate(rows, start=1))
        peer = [sys.executable, "benchmarks/peer.py"]
        run([*peer, "train", "data/complaints.csv", str(model), "text", "label"])
        theirs = [*peer, "classify", str(source), str(Path(folder) / "peer.csv"), str(model), "text"]
        ours = [sys.executable, "classify.py", str(source), "-o", str(Path(folder) / "out"), "-q", "--no-problems"]
        run(ours)
        return [
            tuple((run(command)[0], run(command, watched=True)[1]) for command in (ours, theirs)) for _ in range(runs)
        ]


def report(kind, rows, pairs):
    characters = statistics.mean(map(len, rows))
    print(f"\n## {len(rows):,} {kind}, {characters:.0f} characters on average\n")
    print("| run | genyin s | peer s | ratio | genyin MiB | peer MiB |")
    print("|---|---|---|---|---|---|")
    for number, ((a, m), (b, n)) in enumerate(pairs, start=1):
        print(f"| {number} | {a:.2f} | {b:.2f} | {b / a:.1f} | {m:.0f} | {n:.0f} |")
    ours, theirs = statistics.median(a for (a, _), _ in pairs), statistics.median(b for _, (b, _) in pairs)
    ratio = statistics.median(b / a for (a, _), (b, _) in pairs)
    memory = [statistics.median(pair[i][1] for pair in pairs) for i in (0, 1)]
    print(f"| median | {ours:.2f} | {theirs:.2f} | **{ratio:.1f}** | {memory[0]:.0f} | {memory[1]:.0f} |\n")
    print(f"genyin {len(rows) / ours:,.0f} rows a second, peer {len(rows) / theirs:,.0f}.")
    speed = "reached" if ratio >= WANTED else "KNOWN SHORTFALL"
    room = "reached" if memory[0] < memory[1] else "KNOWN SHORTFALL"
    print(f"Wanted: at least {WANTED} times the rows a second: {speed}; less memory: {room}.", flush=True)


if __name__ == "__main__":
    main()
