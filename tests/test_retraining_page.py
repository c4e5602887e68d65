"""docs/retraining.md goes as written, from the shipped model to a better one."""

import csv
import re
import shlex
import subprocess
import sys

import openpyxl
import pytest

from pipeline.label_entries import hash_of
from pipeline.workflow import load_model
from pipeline.workflow.models.lineage import masked
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")
STEPS = re.findall(r"<!-- (run|run: before|run: after|answer) -->(?:\n```console\n(.*?)```)?", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def known():
    """The right answers of the sample by text."""
    with (ROOT / "data" / "sample_complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (ROOT / "data" / "sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        truth = list(csv.DictReader(file))
    texts = masked([f"{row['主题']}\n{row['业务内容']}" for row in rows], load_model().preparer)
    return {hash_of(text): (one["category"], one["cause"]) for text, one in zip(texts, truth, strict=True)}


def answer(path, known):
    """Fill the workbook in as a person would."""
    book = openpyxl.load_workbook(path)
    sheet = next(one for one in book if "complaint_text" in [cell.value for cell in one[1]])
    place = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        text = sheet.cell(row, place["complaint_text"]).value
        if text:
            category, cause = known[hash_of(text)]
            sheet.cell(row, place["label"]).value = category
            sheet.cell(row, place["cause"]).value = cause
    book.save(path)


def test_the_round_goes_as_written_and_the_next_run_is_better(tmp_path, run_genyin, known):
    (cut,) = re.findall(r"<!-- cut -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "data").symlink_to(ROOT / "data")
    subprocess.run([sys.executable, "-c", cut], cwd=tmp_path, check=True)
    accuracy = {}
    for kind, block in STEPS:
        if kind == "answer":
            answer(tmp_path / "queue.xlsx", known)
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = step.splitlines()
            _, *args = shlex.split(command)
            done = run_genyin(*args, cwd=tmp_path, OMP_NUM_THREADS="1")
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
            for line in expected:
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(pattern, done.stdout, re.MULTILINE), f"{command}: {line}\n{done.stdout}"
            if kind.startswith("run: "):
                accuracy[kind] = float(re.search(r"accuracy (\S+)", done.stdout)[1])
    assert accuracy["run: after"] > accuracy["run: before"]


def test_every_step_of_the_page_is_found():
    assert [kind for kind, _ in STEPS].count("answer") == 1
    assert sum(block.count("$ genyin") for _, block in STEPS) == PAGE.count("\n$ genyin")
