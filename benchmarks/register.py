"""A register of a million complaints and 5,000 problems: how long looking takes, and loading 10,000 more.

usage: python benchmarks/register.py [--complaints 1000000] [--problems 5000] [--keep FOLDER] > benchmarks/register.md

The texts are clauses of the shipped sample put together anew, loaded in runs of 10,000 that say which problem each
complaint belongs to; every problem has terms of its own, so that ``similar`` compares as many as in earnest. ``list``,
``show`` and ``similar`` are whole commands, the median of five, with their modules compiled as after an installation.
Loading is timed without reading and classifying the dump: matching with the register, grouping together with what it
remembers, writing, checks and marks. CPU seconds are those of the process: on a machine that does other work as well
they tell more than the seconds on the clock.
"""

import argparse
import os
import platform
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dumps

from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.store import Options, open_register
from pipeline.workflow.register.registering import NewRun, keep_run
from pipeline.workflow.register.terms import KEPT, packed

ROOT = Path(__file__).resolve().parents[1]
GENYIN = [sys.executable, "-c", "from pipeline.cli import main; main()"]
RUN, LOOKS = 10_000, 5
WANTED_LOOK, WANTED_LOAD = 1.0, 30.0
FIRST_DAY = date(2024, 7, 1)
DAYS = 730
REGIONS = ("滨城", "临江", "东港", "安岭", "柳河", "平原", "双河", "北屯")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--problems", type=int, default=5_000)
    parser.add_argument("--keep", type=Path, help="folder for the register; one that is there is used again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (args.keep or Path(folder)) / "register.db"
        sample = dumps.understood(dumps.read(ROOT / "data" / "sample_complaints.csv")).complaints
        if not path.exists():
            fill(f"sqlite:///{path}", args.complaints, args.problems, sample)
        report(path, args, sample)


def report(path, args, sample):
    print("# A large register\n")
    print(
        f"SQLite, {args.complaints:,} complaints, {args.problems:,} problems, {path.stat().st_size / 2**20:,.0f} MiB; "
    )
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}.\n")
    print("| | seconds | CPU seconds | wanted |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as compiled:
        for name, words in looks(sample).items():
            _, *timed = [look(f"sqlite:///{path}", words, compiled) for _ in range(1 + LOOKS)]
            line(name, *(statistics.median(column) for column in zip(*timed, strict=True)), WANTED_LOOK)
    for name, busy in loads(path, sample):
        line(name, *busy, WANTED_LOAD)
    print(f"\nWanted: at most {WANTED_LOOK:g} s for a look and {WANTED_LOAD:g} s for a load of {RUN:,} rows.")


def line(name, seconds, busy, wanted):
    told = "reached" if seconds <= wanted else "KNOWN SHORTFALL"
    print(f"| {name} | {seconds:.2f} | {busy:.2f} | {told} |", flush=True)


def looks(sample):
    text = max(sample.texts, key=len)
    return {
        "`problems list`": ["list"],
        "`problems list --state 候选 --text 宽带`": ["list", "--state", "候选", "--text", "宽带"],
        "`problems show P-0001`": ["show", "P-0001"],
        "`problems similar TEXT`": ["similar", text],
        "`problems similar P-0002`": ["similar", "P-0002"],
        "`problems history P-0001`": ["history", "P-0001", "--limit", "20"],
    }


def look(address, words, compiled):
    """Seconds and CPU seconds of a command; its modules are kept in the folder ``compiled`` as an installer would."""
    surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [*GENYIN, "problems", *words, "--register", address]
    before, start = used(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=surroundings)
    assert done.returncode == 0, done.stderr.decode()
    return time.perf_counter() - start, used(resource.RUSAGE_CHILDREN) - before


def used(who):
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


def loads(path, sample):
    """Load a run of 10,000 rows that are new, and the same again, into a copy of the register."""
    chance, texts = random.Random(11), Texts(sample)
    places = [chance.randrange(len(sample)) for _ in range(RUN)]
    told, ids = [texts.one(chance) for _ in places], [f"N{number}" for number in range(RUN)]
    run = replace(dumps.take(sample, places), texts=told, ids=ids)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        shutil.copy(path, folder)
        with open_register(f"sqlite:///{folder}/{path.name}", Options("benchmark")) as register:
            for name in (f"load of {RUN:,} new rows", "load of the same rows again"):
                before, start = used(resource.RUSAGE_SELF), time.perf_counter()
                change = keep_run(register, NewRun(run, {"rows": RUN})).change
                yield name, (time.perf_counter() - start, used(resource.RUSAGE_SELF) - before)
            # the run was in there, so that nothing of it should come twice
            if change.run is not None:
                print(f"\nThe second load was not without effect ({change.line()}): KNOWN SHORTFALL.")


class Texts:
    """Texts put together anew from the clauses of those of the sample."""

    def __init__(self, sample):
        parts = (re.split(r"(?<=[，。！？；,])", text) for text in sample.texts)
        self.clauses = [clause for found in parts for clause in found if clause.strip()]

    def one(self, chance):
        """A text of three to eight clauses."""
        return "".join(chance.choice(self.clauses) for _ in range(chance.randrange(3, 9)))


def fill(address, complaints, problems, sample):
    """Load runs of 10,000 until the register is full."""
    chance, texts = random.Random(7), Texts(sample)
    ids = {}
    with open_register(address, Options("benchmark")) as register:
        for first in range(0, complaints, RUN):
            numbers = range(first, min(first + RUN, complaints))
            own = [arrival(number, complaints, sample, texts, chance) for number in numbers]
            homes = [home(number, problems / complaints, chance) for number in numbers]
            new = sorted({one for one in homes if one not in ids})
            described = [problem(one, sample, texts, chance) for one in new]
            places = {one.identity: {ids.get(at, f"K{at}"): 1.0} for one, at in zip(own, homes, strict=True)}
            loaded = register.add_run({"rows": len(own)}, own, Findings(described, places))
            ids |= {one: loaded.ids[f"K{one}"] for one in new}


def home(number, density, chance):
    """The problem of a complaint: every one has some complaints, a few have very many."""
    own = int(number * density)
    return min(int(chance.paretovariate(0.7)) - 1, own) if chance.random() < 0.3 else own


def arrival(number, complaints, sample, texts, chance):
    """A complaint as a run hands it to the register."""
    place = chance.randrange(len(sample))
    return Arrival(
        f"C{number}",
        texts.one(chance),
        customer=f"{chance.randrange(complaints // 2):032x}",
        accepted=f"{FIRST_DAY + timedelta(days=chance.randrange(DAYS))}T{chance.randrange(24):02d}:00:00",
        category=sample.categories[place],
        cause=sample.causes[int(sample.cause_shares[place].argmax())],
        roles={"incident_region": chance.choice(REGIONS), "channel": "10086"},
    )


def problem(number, sample, texts, chance):
    """A problem with a profile as large as those of real ones may become."""
    place = chance.randrange(len(sample))
    cause = sample.causes[int(sample.cause_shares[place].argmax())]
    told = [token for cut in dumps.CUT([texts.one(chance) for _ in range(60)]) for token in cut]
    terms = {term: 1 + chance.random() for term in sorted(set(told))[:KEPT]}
    name = f"{cause} {chance.choice(texts.clauses)[:8]}"
    return FoundProblem(f"K{number}", name, "concrete", "", sample.categories[place], cause, "", packed(terms))


if __name__ == "__main__":
    main()
