"""The same dump twice changes nothing, also where complaints belong to two problems and wholes only have parts."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.store import Options, open_register
from pipeline.workflow.register.registering import NewRun, keep_run
from tests.workflow.conftest import part

sys.path.insert(0, str(Path(__file__).parents[1] / "problems"))

from town import CHARACTERS, ESTATES, complaints, town

CAUSES = ("油烟扰民", "维修不及时")
WRONG = ("电梯困人没人管", "餐馆油烟直排", "车位只卖不租", "屋面漏水返修三次")


def halves(seed):
    """Concrete troubles, each of one cause or of two alike; nothing of a cause is told outside of them."""
    chance = random.Random(seed)
    rows = town(seed, cases=0, singles=20)
    shares = [(0.0, 0.0)] * len(rows)
    for place, (estate, wrong) in enumerate(zip(ESTATES, WRONG, strict=False)):
        for _ in range(8):
            other = "".join(chance.sample(CHARACTERS, 8))
            rows.append((f"{estate}小区{wrong}", f"本人住{estate}，{wrong}，{other}。", estate))
            shares.append((0.5, 0.5) if place % 2 else (0.05, 0.95))
    return complaints(rows, causes=CAUSES, cause_shares=np.array(shares, np.float32))


def picture(register):
    return register.problems(), register.proposals(), register.runs(), register.snapshot().problems


@pytest.mark.parametrize("seed", range(2))
def test_a_complaint_of_two_problems_is_mainly_in_one_when_it_comes_again(seed, tmp_path):
    run = NewRun(halves(seed), {"rows": 1})
    with open_register(f"sqlite:///{tmp_path / 'genyin.db'}", Options(who="王工")) as register:
        first = keep_run(register, run)
        before = picture(register)
        divided = [one for known in before[3] for one, weight in known.members.items() if weight < 1]
        assert divided
        assert len(divided) == 2 * len(set(divided))
        again = keep_run(register, run)
        assert (again.change.run, again.change.line()) == (None, "unchanged")
        assert picture(register) == before
    assert [(one.id, one.rows) for one in again.grouping.problems] == [
        (one.id, one.rows) for one in first.grouping.problems
    ]
    counted = {one.id: one.complaints for one in before[0]}
    assert {one.id: one.rows for one in first.grouping.problems} == counted


def test_a_whole_without_a_complaint_of_its_own_is_told_by_its_parts(tmp_path):
    run = NewRun(halves(0), {"rows": 1})
    with open_register(f"sqlite:///{tmp_path / 'genyin.db'}", Options(who="王工")) as register:
        keep_run(register, run)
        # by its cause alone it could be this one as well
        other = Arrival("T1", "师傅一直没有来修")
        twin = FoundProblem("twin", "另一处维修不及时", "cause", cause=CAUSES[1])
        register.add_run({"rows": 1}, [other], Findings([twin], {other.identity: {"twin": 1.0}}))
        before = picture(register)
        again = keep_run(register, run)
        assert (again.change.run, again.change.line()) == (None, "unchanged")
        assert picture(register) == before


def test_what_is_proposed_and_not_decided_moves_no_complaint_when_its_dump_comes_again(sample, tmp_path):
    months = sample.complaints.times.astype("datetime64[M]")
    with open_register(f"sqlite:///{tmp_path / 'genyin.db'}", Options(who="王工")) as register:
        for month in np.unique(months)[:2]:
            run = NewRun(part(sample.complaints, months == month), {"month": str(month)})
            keep_run(register, run)
            before = picture(register)
            change = keep_run(register, run).change
            assert (change.run, change.line()) == (None, "unchanged")
            assert picture(register) == before
        assert register.proposals()
