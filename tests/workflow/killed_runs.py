"""Whole runs with a register that are killed at random moments; a process of its own, because it forks."""

import csv
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from pipeline.register.store import open_register
from pipeline.workflow.problems import FindOptions, find_problems
from tests.register.invented import picture

STORIES = ("宽带晚上特别慢，看视频老是卡住", "流量包到期自动续订，多扣了十五元", "约好装机的师傅没有来")


def main(folder, model, kills, reference, address):
    """Load March, start watching a fix, then kill the run of the next two months again and again."""
    march = written(folder / "march.csv", [(f"A{i}", i % 3, f"2026-03-{1 + i % 24:02}") for i in range(60)])
    rest = [(f"B{i}", 1 + i % 2, f"2026-0{4 + i // 28}-{1 + i % 28:02}") for i in range(56)]
    rest += [(f"C{i}", 1, f"2026-05-{23 + i % 6}") for i in range(40)]
    later = written(folder / "later.csv", rest)
    options = FindOptions(model, jobs=1, key_file=folder / "customers.key", who="王工")
    for place in (reference, address):
        watched(march, folder / "march", replace(options, register=place))
    begun = time.monotonic()
    find_problems([later], folder / "reference", replace(options, register=reference))
    whole = time.monotonic() - begun
    states = told(address), told(reference)
    changed = [{one[place] for one in states[0][1]} ^ {one[place] for one in states[1][1]} for place in (1, 2)]
    assert all(changed), "both the checks and the marks of the run change something"
    moments, killed = random.Random(5), 0
    for _ in range(kills):
        killed += killed_once(later, folder / "out", replace(options, register=address), moments.random() * whole)
        whole_state(address, folder / "out", *states)
    find_problems([later], folder / "out", replace(options, register=address))
    assert kept(address) == kept(reference)
    for name in ("grouped.csv", "problems.csv"):
        assert (folder / "out" / name).read_bytes() == (folder / "reference" / name).read_bytes()
    print(f"{killed} killed")


def written(path, rows):
    """A dump of complaints, each an id, the place of a story and a day."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["工单流水号", "业务内容", "受理号码", "受理时间"])
        for i, (number, story, day) in enumerate(rows):
            text = f"{STORIES[story]}，用户来电{'催问' if i % 2 else '要求处理'}第{i % 4 + 1}回"
            writer.writerow([number, text, f"1990000{i:04}", f"{day} 09:00:00"])
    return path


def watched(dump, out, options):
    """Load a dump and watch the fix of the problem that its first complaint belongs to."""
    find_problems([dump], out, options)
    with open_register(options.register) as register:
        (problem,) = (one.id for one in register.problems() if "宽带" in one.profile["quotes"][0])
        register.move(problem, "analysing")
        register.move(problem, "fixing", {"check_by": "volume", "check_target": 2, "due": "2026-03-31"})
        register.move(problem, "watching", {"fix_date": "2026-03-24"})


def killed_once(dump, out, options, seconds):
    """Run in a child and kill it after so many seconds; tell whether it was still at work."""
    child = os.fork()
    if not child:
        find_problems([dump], out, options)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def whole_state(address, out, before, after):
    """The register is sound and holds all of the run or nothing: complaints, checks of fixes, marks; so no result
    speaks of a run that is not there.
    """
    now = told(address)
    assert now in (before, after)
    assert now == after or not (out / "problems.csv").exists()


def told(address):
    """The number of runs, and each problem's state and marks."""
    with open_register(address) as register:
        assert register.check() == []
        return len(register.runs()), [(one.id, one.state, one.marks) for one in register.problems()]


def kept(address):
    """What the register holds, but for the time of day."""
    with open_register(address) as register:
        problems, members, decisions = picture(register)
        return [replace(one, created="") for one in problems], members, decisions, len(register.runs())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
