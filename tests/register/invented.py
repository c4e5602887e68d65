"""Invented complaints and problems, and what processes of their own do with them."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.errors import RegisterError
from pipeline.register.arriving import Arrival, Findings, FoundProblem
from pipeline.register.store import Options, open_register

RUNS, ROWS = 4, 400


def ticking(start=datetime(2026, 3, 1, 8, 0, tzinfo=UTC)):
    """A clock that moves one minute whenever it is read."""
    minutes = iter(range(10**6))
    return lambda: start + timedelta(minutes=next(minutes))


NAMES = {"a": "晚高峰网速慢", "b": "流量包自动续订", "c": "上门爽约"}


def complaint(number, text="", **more):
    told = {"customer": f"customer {number % 7}", "accepted": f"2026-0{1 + number % 3}-05T10:00:00", **more}
    return Arrival(f"TS{number}", text or f"第{number}件投诉的内容", "标题", category="network", **told)


def findings(complaints, keys="ab", **names):
    """Complaints in turn to the problems ``keys``; ``names`` give permanent ids of known ones."""
    found = [FoundProblem(names.get(key, key), NAMES[key], kind="cause", category="network") for key in keys]
    places = {one.identity: {found[i % len(found)].key: 1.0} for i, one in enumerate(complaints)}
    return Findings(found, places)


def picture(register):
    """What a person sees of a register: problems (but for the count of changes), who belongs where, what counts."""
    problems = [replace(one, version=0) for one in register.problems()]
    members = {one.problem.id: one.members for one in register.snapshot().problems}
    return problems, members, register.decisions()


def load_runs(address):
    """Load four runs, one after the other, with a decision of a person in between; repeatable."""
    with open_register(address, Options(who="王工", clock=lambda: ticking()())) as register:
        number = 0
        while number < RUNS:
            complaints = [complaint(i, f"第{i}件投诉") for i in range(number * ROWS, (number + 1) * ROWS)]
            before = register.snapshot()
            known = {"a": "P-0001", "b": "P-0002"} if before.problems else {}
            found = replace(findings(complaints, **known), seen=before.event)
            try:
                register.add_run({"run": number}, complaints, found)
            except RegisterError as told:
                assert "loaded another run" in str(told)  # noqa: PT017, somebody else was quicker: match again
                continue
            if number == 1 and not register.decisions():
                register.set("P-0001", {"owner": "李工"})
            number += 1


def write_much(address, who):
    """Do what one of four people does in a busy hour."""
    with open_register(address, Options(who=who)) as register:
        for number in range(8):
            register.note("P-0001", f"{who} {number}")
            mine = [complaint(1000 + 100 * int(who) + 10 * number + i) for i in range(5)] if number % 4 == 0 else []
            register.add_run({}, mine, findings(mine, a="P-0001", b="P-0002"))


if __name__ == "__main__":
    {"load_runs": load_runs, "write_much": write_much}[sys.argv[1]](*sys.argv[2:])
