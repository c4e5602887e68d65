"""Registers on SQLite and on PostgreSQL, each test with one of its own."""

import os
import uuid
from contextlib import nullcontext

import pytest

from pipeline.register.store import Options, open_register
from pipeline.register.tables import metadata
from tests.register.invented import complaint, findings, ticking

SERVER = os.environ.get("GENYIN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


def reached_server():
    """A connection to the server of the tests; without one they are skipped, or fail where it is required."""
    try:
        import psycopg

        return psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except Exception as error:
        message = f"PostgreSQL was not reached at {SERVER} ({error})"
        if os.environ.get("GENYIN_REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message + "; set GENYIN_TEST_POSTGRES to the address of a server to test there as well")


# registers that are set up and empty, to be used again: setting one up takes longer than most tests
READY = []


@pytest.fixture(scope="session", autouse=True)
def _no_schema_is_left():
    yield
    with reached_server() if READY else nullcontext() as server:
        for name in READY:
            server.execute(f"DROP SCHEMA {name} CASCADE")


class Places:
    """Hands out addresses of empty databases and clears them away at the end."""

    def __init__(self, kind, folder):
        self.kind, self.folder, self.made, self.lent = kind, folder, [], []

    def set_up(self):
        """The address of a register that is set up and empty."""
        if self.kind == "postgresql" and READY:
            self.lent.append(READY.pop())
        else:
            address = self.new()
            open_register(address).close()
            if self.kind == "sqlite":
                return address
            self.lent.append(self.made.pop())
        return self._in_schema(self.lent[-1])

    def _in_schema(self, name):
        return f"{SERVER}?options=-csearch_path%3D{name}"

    def new(self):
        name = f"genyin_{uuid.uuid4().hex[:12]}"
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        with reached_server() as server:
            server.execute(f"CREATE SCHEMA {name}")
        self.made.append(name)
        return self._in_schema(name)

    def clear(self):
        if not (self.made or self.lent):
            return
        with reached_server() as server:
            for name in self.made:
                server.execute(f"DROP SCHEMA {name} CASCADE")
            for name in self.lent:
                tables = ", ".join(f"{name}.{table}" for table in metadata.tables)
                server.execute(f"TRUNCATE {tables}; INSERT INTO {name}.meta VALUES ('next_problem', '1')")
        READY.extend(self.lent)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request, tmp_path):
    if request.param == "postgresql":
        reached_server().close()
    made = Places(request.param, tmp_path)
    yield made
    made.clear()


@pytest.fixture
def address(places):
    """The address of a register that is set up and empty."""
    return places.set_up()


@pytest.fixture
def register(address):
    with open_register(address, Options(who="王工", clock=ticking())) as opened:
        yield opened


@pytest.fixture
def two_problems(register):
    """A register with twelve complaints in two problems, P-0001 with the even ones and P-0002 with the odd ones."""
    complaints = [complaint(i, f"第{i}件投诉{'断网' if i % 4 == 0 else '变慢'}") for i in range(12)]
    register.add_run({"inputs": ["march.csv"]}, complaints, findings(complaints))
    return register
