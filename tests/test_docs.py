"""The docs are true: every command and option is documented, every block that says it runs does run."""

import re
import subprocess
import sys

import pytest

from pipeline.settings import Settings, load_settings
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_command_reference_is_the_one_the_commands_give():
    made = subprocess.run(
        [sys.executable, "docs/cli_reference.py"],
        capture_output=True,
        cwd=ROOT,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    ).stdout.decode("utf-8")
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == made


def test_every_command_is_in_both_readmes():
    from pipeline.cli.app import genyin

    for page in ("README.md", "README.zh-CN.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [name for name in genyin.commands if f"genyin {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_library_page_runs(tmp_path):
    (block,) = re.findall(
        r"<!-- run -->\n```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text("utf-8"), re.DOTALL
    )
    code = block.replace("data/sample_complaints.csv", str(ROOT / "data" / "sample_complaints.csv"))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("installation ")
    assert done.stdout.splitlines()[1] == "True"


def test_settings_example_holds_every_kind_of_key(tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "input.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "genyin.toml").write_text(block, encoding="utf-8")
    found = load_settings(tmp_path / "genyin.toml")
    assert found.text == ("工单标题", "业务内容")
    assert found != Settings()


def test_output_block_of_the_readmes_is_what_the_main_job_prints(tmp_path):
    for page, lang in (("README.md", "en"), ("README.zh-CN.md", "zh")):
        (block,) = re.findall(
            r"<!-- output -->\n```text\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL
        )
        code = "from pipeline.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "classify", "data/sample_complaints.csv", "-o", str(tmp_path / lang)],
            capture_output=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "GENYIN_LANG": lang, "PYTHONUTF8": "1"},
        )
        assert done.returncode == 0, done.stderr
        printed = done.stdout.decode("utf-8")
        # all but the paths and the seconds, which differ from machine to machine
        for line in block.splitlines()[: -4 if lang else None]:
            assert line in printed, f"{page}: {line}"
