"""A register whose problems were found with one model goes on with another one, and with a finer grouping."""

import csv
from collections import Counter

import numpy as np
import pytest

from pipeline.model.training import TrainingSettings
from pipeline.register.store import Options, open_register
from pipeline.workflow.models.learning import TrainOptions, train
from pipeline.workflow.problems import ProblemOptions
from tests.conftest import ROOT
from tests.workflow.conftest import DATA, Source, groups_by_id, pairs, read_dump

KEPT = 0.95


def trained_on(rows, folder, group=""):
    """A model trained on rows of a labelled table; of one learner and of words only, which is sooner done."""
    with (folder / "labelled.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    usual = TrainingSettings()
    quick = TrainingSettings(learners=usual.learners[:1], blocks=usual.blocks[:1])
    options = TrainOptions(group=group, folds=2, jobs=1, training=quick)
    return train([folder / "labelled.csv"], folder / "model", options).model


def labelled(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sample_read_anew(tmp_path_factory):
    """The sample as a model understands it that has learned from two of three rows of the shipped corpus."""
    rows = [row for place, row in enumerate(labelled(ROOT / "data" / "complaints.csv")) if place % 3]
    model = trained_on(rows, tmp_path_factory.mktemp("part"), "pen")
    return Source(read_dump(DATA / "sample_complaints.csv", model))


@pytest.fixture(scope="module")
def civic_read_anew(real_data, tmp_path_factory):
    """Real messages as a model of their own trade understands them, which shares no label with the shipped one."""
    rows = [row for row in labelled(real_data / "civic_labelled.csv") if row["form"] == "raw"]
    model = trained_on(rows, tmp_path_factory.mktemp("civic"))
    return Source(read_dump(real_data / "civic_messages.csv", model))


@pytest.fixture
def register(tmp_path):
    with open_register(f"sqlite:///{tmp_path / 'register.db'}", Options(who="王工")) as opened:
        yield opened


def in_two_dumps(source, register):
    """Load the first half of the months, then all; return the groups of the second run by permanent id."""
    months = source.complaints.times.astype("datetime64[M]")
    groups_by_id(source, register, months <= np.median(months.astype(int)).astype("datetime64[M]"))
    return groups_by_id(source, register, everything(source))


def everything(source):
    return np.ones(len(source.complaints), dtype=bool)


def held(register):
    """The complaints of each problem of the register."""
    return {one.problem.id: set(one.members) for one in register.snapshot().problems if one.members}


def kept(before, after):
    """Of the groups that are in both runs, by most of their complaints: the share with one id, and how many."""
    found = Counter(one == other for one, other in pairs(before, after))
    return found[True] / found.total(), found.total()


def same_answers(source, other):
    return np.mean([a == b for a, b in zip(source.complaints.categories, other.complaints.categories, strict=True)])


def test_problems_keep_their_id_when_the_model_is_trained_anew_and_when_told_finely(sample, sample_read_anew, register):
    assert same_answers(sample, sample_read_anew) < 0.9
    before = in_two_dumps(sample, register)
    of_old = held(register)
    after = groups_by_id(sample_read_anew, register, everything(sample))
    share, number = kept(before, after)
    assert share >= KEPT
    assert number >= 0.9 * len(before) > 100
    of_new = held(register)
    stays = [2 * len(members & of_new.get(one, set())) > len(members) for one, members in of_old.items()]
    assert np.mean(stays) >= KEPT
    assert_told_finely(sample_read_anew, register, after)


@pytest.mark.real_data
def test_real_problems_keep_their_id_when_the_model_is_trained_anew_and_when_told_finely(
    civic, civic_read_anew, register
):
    assert same_answers(civic, civic_read_anew) < 0.9
    before = in_two_dumps(civic, register)
    after = groups_by_id(civic_read_anew, register, everything(civic))
    share, number = kept(before, after)
    assert share >= KEPT
    assert number >= 0.9 * len(before) > 80
    assert assert_told_finely(civic_read_anew, register, after)


def assert_told_finely(source, register, before):
    """What goes on keeps its id, what comes out of a known problem names it; return the ids of the latter."""
    fine = groups_by_id(source, register, everything(source), ProblemOptions(granularity="fine"))
    share, number = kept(before, fine)
    assert share >= KEPT
    assert number > 50
    grouped = set().union(*before.values())
    split_off = {one for one in fine.keys() - before.keys() if fine[one] & grouped}
    assert all(register.problem(one).parent for one in split_off)
    return split_off
