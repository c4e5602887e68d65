"""A register on SQLite, and its commands as they are called."""

import io
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace

import pytest

from pipeline.register.arriving import Guess
from pipeline.register.store import Options, open_register
from tests.cli.kept import TEXTS
from tests.register.invented import complaint, findings, ticking


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A register with twelve complaints: P-0001 has the even ones, P-0002 the odd ones, and may be the same."""
    path = tmp_path_factory.mktemp("register") / "genyin.db"
    arrivals = [complaint(i, text) for i, text in enumerate(TEXTS)]
    guess = Guess("same", "b", "a", 0.61, ("the same cause: 宽带网速慢",))
    with open_register(f"sqlite:///{path}", Options(who="王工", clock=ticking())) as register:
        register.add_run({"inputs": ["march.csv"]}, arrivals, replace(findings(arrivals), guesses=(guess,)))
    return path


@pytest.fixture
def url(made_once, tmp_path):
    """The address of a copy of ``made_once``."""
    shutil.copy(made_once, tmp_path / "genyin.db")
    return f"sqlite:///{tmp_path}/genyin.db"


@pytest.fixture
def call(url):
    """Run a command on the register, in this process; it must end well unless told otherwise."""

    def run(*args, code=0, **env):
        done = genyin_here(*args, GENYIN_REGISTER=url, **env)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


def genyin_here(*args, **env):
    """What ``tests.conftest.genyin`` does, but without a process of its own, which takes half a second to start."""
    from pipeline.cli.app import run

    words = list(map(str, args))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        for name, value in {"GENYIN_LANG": "en", "COLUMNS": "200", **env}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["genyin", *words])
        with redirect_stderr(io.StringIO()) as err:
            code = run(words)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
