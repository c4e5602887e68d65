"""Complaints as the program sees them, and grouping them as the program does; for the benchmarks of problems."""

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

from pipeline.problems.grouping import GroupOptions, group
from pipeline.taxonomy import load_taxonomy
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.problems import FindOptions, find_problems

CUT = Tokeniser().cut_many


def read(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows, headers=None):
    """Write rows under some of their headers (None: all)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headers or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def understood(rows, headers=None, jobs=-1):
    """The complaints of a dump with these columns, read, cleaned, masked and classified, and their problems."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "dump.csv", rows, headers)
        return find_problems([Path(folder) / "dump.csv"], Path(folder) / "out", FindOptions(jobs=jobs))


def no_problem():
    """The causes that are none: praise, plain inquiries."""
    return frozenset(cause.id for cause in load_taxonomy().causes.values() if not cause.problem)


def grouped(complaints, granularity="normal", known=None, kept=None):
    """Group as the program does."""
    return group(complaints, CUT, GroupOptions(granularity=granularity, no_problem=no_problem()), known, kept=kept)


def roots(found):
    """The id of the topmost problem of every complaint, None where it has none."""
    own = [problem.parent or problem.id for problem in found.problems]
    return [own[place] if place >= 0 else None for place in found.problem.tolist()]


def take(complaints, places):
    """Some of the complaints."""

    def some(values):
        return [values[place] for place in places]

    return replace(
        complaints,
        **{name: some(getattr(complaints, name)) for name in ("ids", "texts", "titles", "customers", "categories")},
        times=complaints.times[places],
        cause_shares=complaints.cause_shares[places],
        columns={role: some(values) for role, values in complaints.columns.items()},
    )
