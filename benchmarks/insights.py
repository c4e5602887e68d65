"""All insights of a million classified rows: seconds and memory of whole processes.

usage: python benchmarks/insights.py [--rows 1000000] [--texts 100000] [--runs 1] > benchmarks/insights.md

The rows are those of the shipped sample, classified once and then drawn again and again with other dates (two years),
other customers (two rows each on average) and other complaint ids. ``--texts`` is the number of distinct texts: clauses
of the sample's texts put together anew; every distinct text is cleaned, masked and searched once, so that their
number counts. CPU seconds are those of all its processes: on a machine that does other work as well they tell more
than the seconds on the clock. Memory is the peak over the run of the proportional set size (PSS) of the process and
its children.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
WANTED_SECONDS, WANTED_MEMORY = 60, 3072
TIMES = ("受理时间", "整体时限时间", "结单日期")
FORM = "%Y-%m-%d %H:%M:%S"
GENYIN = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--texts", type=int, nargs="*", default=[1_500, 100_000])
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    print("# All insights of a million classified rows\n")
    print(f"`genyin insights classified.csv -o FOLDER`, whole processes; {os.cpu_count()} cores, ", end="")
    print(f"Python {platform.python_version()}.\n")
    print("| rows | distinct texts | table MiB | seconds | CPU seconds | peak MiB | wanted |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        classified = classify(Path(folder))
        for texts in args.texts:
            table = classified.with_name("million.csv")
            recombine(classified, table, args.rows, texts)
            size = table.stat().st_size / 2**20
            for _ in range(args.runs):
                seconds, busy, memory = run([*GENYIN, "insights", str(table), "-o", str(Path(folder) / "out"), "-q"])
                reached = seconds <= WANTED_SECONDS and memory <= WANTED_MEMORY
                told = "reached" if reached else "KNOWN SHORTFALL"
                row = f"| {args.rows:,} | {texts:,} | {size:.0f} | {seconds:.1f} | {busy:.1f} | {memory:.0f} | {told} |"
                print(row, flush=True)
    print(f"\nWanted: at most {WANTED_SECONDS} s and {WANTED_MEMORY} MiB on two cores.")


def classify(folder):
    """The shipped sample with answers and problems."""
    run([*GENYIN, "classify", str(ROOT / "data" / "sample_complaints.csv"), "-o", str(folder), "-q"])
    return folder / "classified.csv"


def recombine(classified, table, rows, texts):
    """Write ``rows`` rows drawn from the classified sample."""
    chance = random.Random(7)
    with classified.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headers, sample = reader.fieldnames, list(reader)
    told = told_anew([row["业务内容"] for row in sample], texts, chance)
    numbers = [f"199{chance.randrange(10**8):08d}" for _ in range(rows // 2)]
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headers)
        writer.writeheader()
        for number in range(rows):
            row = dict(chance.choice(sample))
            shift = datetime.timedelta(days=chance.randrange(550), seconds=chance.randrange(86_400))
            for name in TIMES:
                row[name] = (datetime.datetime.fromisoformat(row[name]) + shift).strftime(FORM)
            own = chance.choice(numbers)
            row.update({"工单流水号": f"KF{number:012d}", "工单号": f"GD{number:012d}", "主题": ""})
            row.update({"受理号码": own, "主叫号码": own, "联系电话": own})
            if texts > len(sample):
                row["业务内容"] = told[number % len(told)]
            writer.writerow(row)


def told_anew(texts, wanted, chance):
    """Distinct texts, each made of clauses of three texts."""
    clauses = [clause for text in texts for clause in re.split(r"(?<=[，。！？；])", text) if clause.strip()]
    found = dict.fromkeys(texts)
    while len(found) < wanted:
        found["".join(chance.choice(clauses) for _ in range(chance.randrange(3, 9)))] = None
    return list(found)


def run(command):
    begun, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    found = [0]
    watch = threading.Thread(target=peak_memory, args=(process, found))
    watch.start()
    if process.wait():
        raise SystemExit(f"{json.dumps(command)} failed")
    seconds = time.perf_counter() - begun
    watch.join()
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, busy, max(found) / 2**20


def peak_memory(process, found):
    """Sample the PSS of a process tree until it ends."""
    while process.poll() is None:
        try:
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            found.append(sum(one.memory_full_info().pss for one in tree))
        except psutil.Error:
            pass
        time.sleep(0.25)


if __name__ == "__main__":
    main()
