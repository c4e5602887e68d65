"""Processes that are killed or that write at once: nothing half done, nothing lost, nothing stuck."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from pipeline.register.store import open_register
from tests.conftest import ROOT
from tests.register.invented import ROWS, RUNS, load_runs, picture

KILLS = int(os.environ.get("GENYIN_TEST_KILLS", "6"))


def started(act, *arguments):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.register.invented", act, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


def all_well(processes):
    told = [process.communicate(timeout=240)[1].decode("utf-8") for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_run_leaves_the_last_whole_state_and_can_be_repeated(places, tmp_path):
    # the first process of all is slow: it compiles what it imports
    all_well([started("load_runs", places.new())])
    reference = places.new()
    begun = time.monotonic()
    all_well([started("load_runs", reference)])
    whole = time.monotonic() - begun
    with open_register(reference) as register:
        register.export(tmp_path / "reference.jsonl")
    moments = random.Random(5)
    address, interrupted = places.new(), 0
    for _ in range(KILLS):
        process = started("load_runs", address)
        time.sleep(moments.uniform(0.2, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        interrupted += process.returncode == -signal.SIGKILL
        with open_register(address) as register:
            assert register.check() == []
            assert sum(one.new for one in register.runs()) == len(list(register.complaints()))
            assert all(one.new == ROWS for one in register.runs())
    assert interrupted > 0
    load_runs(address)
    with open_register(address) as register:
        register.export(tmp_path / "repeated.jsonl")
    assert (tmp_path / "repeated.jsonl").read_bytes() == (tmp_path / "reference.jsonl").read_bytes()


def test_four_processes_at_once_lose_nothing(two_problems, address):
    before = len(list(two_problems.complaints()))
    all_well([started("write_much", address, number) for number in range(4)])
    notes = [one["text"] for one in two_problems.problem("P-0001").notes]
    assert sorted(notes) == sorted(f"{who} {number}" for who in range(4) for number in range(8))
    assert len(list(two_problems.complaints())) == before + 4 * 2 * 5
    assert two_problems.check() == []


def test_several_processes_may_make_the_register_at_once(places):
    address = places.new()
    all_well([started("load_runs", address) for _ in range(3)])
    with open_register(address) as register:
        assert (len(register.runs()), register.check()) == (RUNS, [])
        assert picture(register)[0][0].complaints == RUNS * ROWS / 2
