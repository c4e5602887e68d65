"""The sample's pack, made once; a browser to look at it; and a small invented summary for everything else."""

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.review.invented import invented_summary

MADE = "2026-07-02T08:30:00Z"


@pytest.fixture(scope="session")
def sample_review(tmp_path_factory):
    """The finished review of the sample dump and the folder it was written to."""
    from pipeline.workflow.insights.cases import CaseOptions
    from pipeline.workflow.insights.making import InsightRun
    from pipeline.workflow.review.reviewing import ReviewRun, review

    out = tmp_path_factory.mktemp("pack")
    run = ReviewRun(InsightRun(CaseOptions(jobs=1)), made=MADE)
    return review([ROOT / "data" / "sample_complaints.csv"], out, run), out


@pytest.fixture(scope="session")
def sample_page(sample_review) -> Path:
    return sample_review[1] / "review.html"


@pytest.fixture(scope="session")
def summary():
    return invented_summary()


@pytest.fixture(scope="session")
def browser():
    """A browser without a window; skips where none is installed, fails where one is required."""
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if found is None:
        message = "no Chromium was found"
        if os.environ.get("GENYIN_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(f"{message}; install it to have the page looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
