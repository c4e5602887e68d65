"""docs/review.md is true: its blocks run as written, and its map of fields is that of the files."""

import csv
import re
import shlex

from pipeline.review.itsm import jira_rows, servicenow_rows
from tests.conftest import ROOT, genyin

PAGE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")


def cut_dump(path):
    """The sample's January: enough to go through the month, quick to classify."""
    with (ROOT / "data" / "sample_complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    time = rows[0].index("受理时间")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([rows[0], *(row for row in rows[1:] if row[time].startswith("2026-01"))])


def test_the_month_goes_as_written(tmp_path):
    cut_dump(tmp_path / "complaints.csv")
    for block in re.findall(r"<!-- run -->\n```console\n(.*?)```", PAGE, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = step.splitlines()
            done = genyin(*shlex.split(command)[1:], cwd=tmp_path, OMP_NUM_THREADS="1")
            assert done.returncode == 0, f"{command}: {done.stderr}"
            for line in expected:
                pattern = ".*".join(map(re.escape, line.strip().split("…")))
                assert re.search(pattern, done.stdout + done.stderr), f"{command}: {line}"
    page = (tmp_path / "january" / "review.html").read_text(encoding="utf-8")
    assert "李工" in page
    assert 'id="P-0001"' in page


def test_the_map_of_fields_names_every_column(summary):
    mapped = set(re.findall(r"`([^`]+)`", PAGE.partition("## Import into ITSM tools")[2]))
    for made in (servicenow_rows(summary, "en"), jira_rows(summary, "en")):
        headers = next(csv.reader(made.splitlines()))
        assert set(headers) - mapped - {"Issue Type"} == set()
