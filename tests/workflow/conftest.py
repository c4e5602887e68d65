"""The sample dump and real messages as the model understands them, read once; registers to load them into."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pipeline.records import Complaints
from pipeline.register.arriving import identity_of
from pipeline.register.store import Options, open_register
from pipeline.resources import default_model
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.gathering import gather
from pipeline.workflow.problems import ProblemRun, group_complaints
from pipeline.workflow.register.registering import register_run
from pipeline.workflow.register.remembering import Labels
from pipeline.workflow.report import Tally
from tests.register.conftest import Places, reached_server

DATA = Path(__file__).resolve().parents[2] / "data"


def read_dump(path, model=None):
    """A dump as a model (by default the shipped one) understands it."""
    dump = open_dump([path], ReadOptions())
    used = default_model() if model is None else model
    return gather(dump, used, 1, Tally(dump), lambda done, total: None, b"k" * 32).complaints()


def part(complaints, where):
    """The complaints at some places, as if they were a dump of their own."""
    places = np.flatnonzero(where)
    of = lambda values: [values[i] for i in places]  # noqa: E731
    return Complaints(
        of(complaints.ids),
        of(complaints.texts),
        of(complaints.titles),
        of(complaints.customers),
        complaints.times[places],
        of(complaints.categories),
        complaints.causes,
        complaints.cause_shares[places],
        {role: of(cells) for role, cells in complaints.columns.items()},
    )


@dataclass(frozen=True)
class Source:
    """A dump, and the model's answers to texts of it that the register remembers."""

    complaints: Complaints

    def reader(self, texts):
        of = self.complaints
        joined = [f"{title}\n{text}" if title else text for title, text in zip(of.titles, of.texts, strict=True)]
        place = {text: i for i, text in enumerate(joined)}
        found = [place[text] for text in texts]
        return Labels([of.categories[i] for i in found], of.cause_shares[found])

    def load(self, register, where, options=None, grouping=None):
        """Load the complaints of some places as a dump of their own."""
        dump = part(self.complaints, where)
        known = {identity_of(one) for one in dump.ids}
        # with what the register remembers beside it a dump is grouped anew
        alone = all(one.identity in known for one in register.complaints())
        grouping = grouping or (group_complaints(dump, options) if alone else None)
        return register_run(register, ProblemRun(None, grouping, dump), {"rows": len(dump)}, options, self.reader)


def groups_by_id(source, register, where, options=None):
    """Load a dump and return its groups' complaints by permanent id."""
    dump = part(source.complaints, where)
    grouping = group_complaints(dump, options)
    change = source.load(register, where, options, grouping)
    groups = {one.id: np.flatnonzero(grouping.problem == place) for place, one in enumerate(grouping.problems)}
    return {change.ids[one]: {dump.ids[i] for i in members} for one, members in groups.items() if len(members)}


def pairs(before, after):
    """Groups of two runs that are the same by most of their complaints, whatever their ids."""
    for one, members in before.items():
        other = max(after, key=lambda key: (len(after[key] & members), key), default=None)
        if other is not None and 2 * len(after[other] & members) > len(members):
            yield one, other


@pytest.fixture(scope="session")
def sample():
    return Source(read_dump(DATA / "sample_complaints.csv"))


@pytest.fixture(scope="session")
def story():
    """Which complaints of the sample belong to which planted problem."""
    with (DATA / "sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    planted = ("autorenew", "outage", "campaign", "construction")
    return {
        name: [row["工单流水号"] for row in rows if (row["problem"], row["role"]) == (name, "member")]
        for name in planted
    }


@pytest.fixture(scope="session")
def civic(real_data):
    return Source(read_dump(real_data / "civic_messages.csv"))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "postgresql":
        reached_server().close()
    made = Places(request.param, tmp_path)
    yield made.new()
    made.clear()


@pytest.fixture
def register(address):
    with open_register(address, Options(who="王工")) as opened:
        yield opened
