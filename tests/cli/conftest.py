"""A register on SQLite, and its commands as they are called."""

from dataclasses import replace

import pytest

from pipeline.register.arriving import Guess
from pipeline.register.store import Options, open_register
from tests.cli.kept import TEXTS
from tests.register.invented import complaint, findings, ticking


@pytest.fixture
def url(tmp_path):
    """A register with twelve complaints: P-0001 has the even ones, P-0002 the odd ones, and may be the same."""
    address = f"sqlite:///{tmp_path}/genyin.db"
    arrivals = [complaint(i, text) for i, text in enumerate(TEXTS)]
    guess = Guess("same", "b", "a", 0.61, ("the same cause: 宽带网速慢",))
    with open_register(address, Options(who="王工", clock=ticking())) as register:
        register.add_run({"inputs": ["march.csv"]}, arrivals, replace(findings(arrivals), guesses=(guess,)))
    return address


@pytest.fixture
def call(run_genyin, url):
    """Run a command on the register; it must end well unless told otherwise."""

    def run(*args, code=0, **env):
        done = run_genyin(*args, GENYIN_REGISTER=url, **env)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run
