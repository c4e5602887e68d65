"""What a problem's count is made up of."""

from pipeline.register.arriving import Findings, FoundProblem
from pipeline.register.make_up import MakeUp, Part, make_up
from tests.register.invented import complaint


def test_own_complaints_and_those_of_the_parts_add_up(register):
    complaints = [complaint(i) for i in range(10)]
    found = [
        FoundProblem("whole", "网速慢"),
        FoundProblem("part", "晚高峰", parent="whole"),
        FoundProblem("other", "上门"),
    ]
    places = {one.identity: {"whole": 1.0} for one in complaints[:4]}
    places |= {one.identity: {"part": 1.0} for one in complaints[4:6]}
    # one belongs to the whole most, one to another problem
    places |= {
        complaints[6].identity: {"whole": 0.7, "other": 0.3},
        complaints[7].identity: {"whole": 0.3, "other": 0.7},
    }
    places |= {one.identity: {"other": 1.0} for one in complaints[8:]}
    ids = register.add_run({}, complaints, Findings(found, places)).ids
    assert register.problem(ids["whole"]).complaints == 7
    assert make_up(register, ids["whole"]) == MakeUp(5, (Part(ids["part"], "晚高峰", 2),), 1)
    assert make_up(register, ids["part"]) == MakeUp(2, (), 0)
    other = make_up(register, ids["other"])
    assert (other.own, other.elsewhere) == (register.problem(ids["other"]).complaints, 1) == (3, 1)
    assert other.listed == len(register.members(ids["other"])) == 4
