"""Fixtures named by state; everything is made from the shipped corpus or invented on the spot."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.model.examples import Example

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("genyin", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("genyin")


# the files that take longest begin first, lest one of them is still at it when all others have ended
SLOWEST = (
    "test_retraining_page.py",
    "test_packaging.py",
    "test_walk_through.py",
    "test_retrained_register.py",
    "test_learning_curve.py",
    "test_surviving.py",
    "test_killed_runs.py",
    "test_summary.py",
    "test_register_work.py",
    "test_docs.py",
    "test_commands.py",
    "test_browser.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    items.sort(key=lambda item: SLOWEST.index(item.path.name) if item.path.name in SLOWEST else len(SLOWEST))


def real_data_folder() -> Path:
    """Where the real texts are on a developer's machine; it may not exist."""
    return Path(os.environ.get("GENYIN_REAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = real_data_folder()
    if not folder.is_dir():
        pytest.skip("the folder of real texts is absent; set GENYIN_REAL_DATA to use it")
    return folder


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, str]]:
    with (ROOT / "data" / "complaints.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def few_examples(corpus: list[dict[str, str]]) -> list[Example]:
    """Some 240 labelled complaints of three categories and eight causes: enough to learn from, quick to train on."""
    causes = (
        "流量包自动续订",
        "合约违约金",
        "充值未到账",
        "地下室电梯弱覆盖",
        "宽带晚高峰慢",
        "IPTV卡顿黑屏",
        "上门爽约",
        "布线凌乱不清理",
    )
    rows = [row for row in corpus if row["cause"] in causes]
    return [
        Example(row["text"], tuple(row["label"].split("|")[:1]), row["cause"], row["pen"], (), f"complaints.csv:{i}")
        for i, row in enumerate(rows, start=2)
    ]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory, few_examples: list[Example]) -> Path:
    """A model folder trained for real on ``few_examples`` through the command line."""
    folder = tmp_path_factory.mktemp("small")
    labelled = folder / "labelled.csv"
    with labelled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "cause", "pen"])
        writer.writerows([e.text, "|".join(e.labels), e.cause, e.group] for e in few_examples)
    done = genyin("train", labelled, "--model", folder / "model", "--group", "pen", "--folds", "3", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return folder / "model"


def genyin(
    *args: object, cwd: Path | None = None, stdin: bytes | None = None, **env: str
) -> subprocess.CompletedProcess:
    """Run the real command line in a process of its own; English unless told otherwise."""
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GENYIN_LANG": "en",
        "PYTHONWARNINGS": "error",
        "COLUMNS": "200",
        **env,
    }
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, args)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, input=stdin, env=surroundings, timeout=300)
    done.stdout, done.stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    return done


@pytest.fixture
def run_genyin():
    return genyin
