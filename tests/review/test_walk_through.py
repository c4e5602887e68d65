"""docs/review.md is true: its blocks run as written, and its map of fields is that of the files."""

import csv
import re
import shlex
import subprocess
import sys

import pytest
from python_calamine import CalamineWorkbook

from pipeline.review.itsm import jira_rows, servicenow_rows
from tests.conftest import ROOT, genyin

PAGE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"<!-- (cut|fill|run) -->\n```(?:python|console)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The folder in which somebody followed the page, block by block, with what every command printed."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "data").symlink_to(ROOT / "data")
    for kind, block in BLOCKS.findall(PAGE):
        if kind == "run":
            for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                run_step(step, folder)
        else:
            subprocess.run([sys.executable, "-W", "ignore", "-c", block], cwd=folder, check=True)
    return folder


def run_step(step, folder):
    """Run one command of the page and find in what it printed, in this order, the lines that the page shows."""
    command, *expected = step.splitlines()
    done = genyin(*shlex.split(command)[1:], cwd=folder, OMP_NUM_THREADS="1")
    printed = done.stdout + done.stderr
    refused = any(line.startswith("×") for line in expected)
    assert done.returncode == int(refused), f"{command}: {printed}"
    position = 0
    for line in expected:
        pattern = re.compile("^" + ".*".join(map(re.escape, line.split("…"))), re.MULTILINE)
        found = pattern.search(printed, position)
        assert found, f"{command}: {line}\n{printed}"
        position = found.end()


def test_the_month_goes_as_written_and_the_next_pack_shows_what_was_decided(walked):
    page = (walked / "february" / "review" / "review.html").read_text(encoding="utf-8")
    cards = dict(re.findall(r'<article[^>]*id="(P-\d+)"(.*?)</article>', page, re.DOTALL))
    for shown in ("李工", "2026-02-28", "宣传页没有写明期满后的资费", "张主任", "settle the measure"):
        assert shown in cards["P-0003"]
    assert "settle the root cause" in cards["P-0004"]
    assert not {"P-0026", "P-0027"} & set(cards)


def test_the_next_sheet_begins_with_what_was_decided(walked):
    book = CalamineWorkbook.from_path(walked / "february" / "review" / "review.xlsx")
    header, *rows = book.get_sheet_by_name("Problems").to_python()
    problems = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert (problems["P-0003"]["state"], problems["P-0003"]["owner"]) == ("open", "李工")
    assert problems["P-0004"]["state"] == "analysing"
    assert problems["P-0003"]["decision"] == ""


def test_every_command_of_the_month_is_run():
    month = PAGE.partition("## A month")[2].partition("## What the page shows")[0]
    run = sum(block.count("$ genyin") for kind, block in BLOCKS.findall(PAGE) if kind == "run")
    assert run == month.count("$ genyin") == PAGE.count("$ genyin")


def test_the_chinese_page_has_the_same_blocks():
    chinese = (ROOT / "docs" / "review.zh-CN.md").read_text(encoding="utf-8")
    assert BLOCKS.findall(chinese) == BLOCKS.findall(PAGE)
    shell = re.compile(r"^```sh\n(.*?)```", re.DOTALL | re.MULTILINE)
    assert shell.findall(chinese) == shell.findall(PAGE)


def test_the_pictures_are_made_by_their_script(walked, browser):
    command = re.search(r"^python (docs/pictures.py .*)$", PAGE, re.MULTILINE)[1]
    script, *given = shlex.split(command)
    subprocess.run([sys.executable, ROOT / script, *given], cwd=walked, check=True)
    pictures = {path.name: path.read_bytes() for path in (walked / given[1]).iterdir()}
    wide = {name: int.from_bytes(data[16:20], "big") for name, data in pictures.items()}
    assert (wide["review-1440.png"], wide["review-390.png"]) == (1440, 390)
    assert {"review-whole-1440.png", "review-whole-390.png", "card-1440.png", "card-390.png"} < set(wide)


def test_the_map_of_fields_names_every_column(summary):
    mapped = set(re.findall(r"`([^`]+)`", PAGE.partition("## Import into ITSM tools")[2]))
    for made in (servicenow_rows(summary, "en"), jira_rows(summary, "en")):
        headers = next(csv.reader(made.splitlines()))
        assert set(headers) - mapped - {"Issue Type"} == set()
