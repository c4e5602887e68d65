"""A run with a register that is killed at any moment leaves the last whole state, and its repetition completes it."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.register.conftest import Places, reached_server

KILLS = int(os.environ.get("GENYIN_TEST_KILLS", "5"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_run_is_in_the_register_whole_or_not_at_all(kind, small_model, tmp_path):
    if kind == "postgresql":
        reached_server().close()
    places = Places(kind, tmp_path)
    addresses = [places.new(), places.new()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.workflow.killed_runs", tmp_path, small_model, str(KILLS), *addresses],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    places.clear()
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 0
