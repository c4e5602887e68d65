"""Who may import whom: the table below is the design, and this test holds the code to it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pipeline"

VALUES = {"errors", "records", "settings", "option_tables", "resources", "label_entries", "taxonomy", "messages"}
MAY_IMPORT = {
    # values may look each other up, so that settings know roles and messages know where their table lies
    **{value: VALUES for value in VALUES},
    # compiled loops, which know nothing of anything
    "native": set(),
    "text": VALUES | {"native"},
    "model": VALUES | {"native", "text"},
    "problems": VALUES | {"native", "text", "model"},
    "labels": VALUES | {"text", "model"},
    "register": VALUES,
    "insights": VALUES,
    # a summary is computed from insights; output knows how a workbook is written
    "review": VALUES | {"insights", "output"},
    "engine": VALUES,
    "output": VALUES | {"native"},
    "workflow": VALUES | {"text", "model", "labels", "problems", "register", "insights", "review", "engine", "output"},
    "cli": VALUES | {"workflow"},
}
LONGEST_FILE = 300
LONGEST_FUNCTION = 50


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def room(path):
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def imported_rooms(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [name.name for name in node.names]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[1] for name in node.names if name.name.startswith("pipeline."))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_knows_only_those_before_it(path):
    own = room(path)
    if own == "__init__":
        return
    found = set(imported_rooms(ast.parse(path.read_text(encoding="utf-8")))) - {own, "__version__"}
    assert found <= MAY_IMPORT[own], f"{path} imports {sorted(found - MAY_IMPORT[own])}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not body or body[-1].end_lineno - body[0].lineno < LONGEST_FUNCTION, f"{path}: {node.name}"


def loaded_by(statement):
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()


def test_import_pipeline_is_light():
    assert not {"pandas", "sklearn", "scipy", "numpy", "click"} & set(loaded_by("import pipeline"))


def test_predicting_needs_neither_scikit_learn_nor_pandas_nor_jieba():
    found = set(loaded_by("import pipeline; pipeline.load_model().predict(['宽带断了'])"))
    assert "numpy" in found
    assert not {"sklearn", "pandas", "jieba", "joblib"} & found


@pytest.mark.parametrize("problems", [True, False], ids=["with problems", "without"])
def test_ten_rows_load_no_more_than_they_need(problems, tmp_path):
    dump = tmp_path / "ten.csv"
    lines = (ROOT / "data" / "sample_complaints.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)[:11]
    dump.write_text("".join(lines), encoding="utf-8")
    args = ["classify", str(dump), "-o", str(tmp_path / "out"), "--jobs", "1", "-q"]
    args += [] if problems else ["--no-problems"]
    found = loaded_by(f"from pipeline.cli.app import run; assert run({args!r}) == 0")
    # of scipy its loops over sparse rows alone: its packages take longer to load than ten rows to classify
    assert [name for name in found if name.partition(".")[0] == "scipy"] in ([], ["scipy.sparse._sparsetools"])
    assert not {"numpy.random", "numpy.testing", "importlib.metadata", "html.parser", "sqlalchemy"} & {*found}
    others = ("pipeline.cli.commands.", "pipeline.register", "pipeline.insights")
    assert not [name for name in found if name.startswith(others)]
    assert any(name.startswith("pipeline.problems") for name in found) == problems


def test_help_loads_only_what_it_shows():
    found = loaded_by("from pipeline.cli.app import run; assert run(['--help']) == 0")
    assert not {"numpy", "rich", "pipeline.workflow.problems"} & {*found}
    assert not [name for name in found if name.startswith("pipeline.cli.commands.")]
