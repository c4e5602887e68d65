"""The docs are true: every command and option is documented, every block that says it runs does run."""

import re
import shlex
import subprocess
import sys

import pytest

import pipeline
from pipeline.register.fields import FIELDS
from pipeline.register.lifecycle import CHINESE, STAGES, TRANSITIONS, State
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
        assert [name for name in genyin.list_commands(None) if f"genyin {name}" not in text] == []


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
    # as the command does: with the problems
    written = {one.name for one in (tmp_path / "out").iterdir()}
    assert written == {"classified.csv", "problems.csv", "rejected.csv", "run.json"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_python_is_run_by_a_test(page):
    marks = re.findall(r"(<!-- (?:run|cut|fill) -->\n)?```python", page.read_text(encoding="utf-8"))
    assert all(marks)


def test_the_library_page_names_functions_that_are_there():
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    told = {
        name for row in rows for name in re.findall(r"(?:`(?:pipeline\.)?|Register\.|[(, ])([A-Za-z_]+)[`(]", row[1])
    }
    assert {"classify", "find_insights", "make_review", "open_register", "merge", "export"} <= told
    assert told - {*dir(pipeline), *dir(pipeline.Register)} == set()


def test_the_life_of_a_problem_in_the_register_page_goes_as_written(tmp_path, run_genyin):
    page = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    (cut,) = re.findall(r"<!-- cut -->\n```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "data").symlink_to(ROOT / "data")
    subprocess.run([sys.executable, "-c", cut], cwd=tmp_path, check=True)
    surroundings = {}
    for block in re.findall(r"<!-- run -->\n```console\n(.*?)```", page, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = step.splitlines()
            program, *args = shlex.split(command)
            if program == "export":
                surroundings.update([args[0].split("=", 1)])
                continue
            done = run_genyin(*args, cwd=tmp_path, **surroundings)
            assert done.returncode == (1 if expected[0].startswith("Error") else 0), f"{command}: {done.stderr}"
            for line in expected:
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(f"^{pattern}", done.stdout + done.stderr, re.MULTILINE), f"{command}: {line}"


def test_the_states_of_the_register_page_are_those_of_the_register():
    page = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| ([\w, ]+) \|$", page, re.MULTILINE)
    ends = ("accepted_risk", "duplicate", "not_a_problem")
    for name, chinese, stage, following in rows:
        assert (CHINESE[State(name)], STAGES[State(name)]) == (chinese, stage)
        allowed = [one for one in TRANSITIONS[State(name)] if one not in ends]
        assert following.split(", ") == allowed
    assert [row[0] for row in rows] == list(State)
    assert all(set(ends) <= set(TRANSITIONS[one]) for one in list(State)[:7])


def test_the_fields_of_the_register_page_are_those_of_the_register():
    page = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (a .*|one of .*) \|$", page, re.MULTILINE)
    made = ("verification", "rate_facts")  # by checks, which no person fills in
    assert rows == [(name, one.chinese, one.expected) for name, one in FIELDS.items() if name not in made]


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
        for line in block.splitlines()[:-6]:
            assert line in printed, f"{page}: {line}"
