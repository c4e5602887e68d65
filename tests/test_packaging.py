"""What is installed works from any folder: model, taxonomy and dictionaries travel in the wheel and in the sdist."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT

MADE = [
    "build",
    "dist",
    "out",
    "scratch",
    "*.egg-info",
    "*.so",
    "*.pyd",
    "*.c",
    "__pycache__",
    ".*cache",
    ".venv",
    ".hypothesis",
    ".git",
]
COMPILED = {f"pipeline/native/{source.stem}" for source in (ROOT / "pipeline" / "native").glob("*.pyx")}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the project without anything that was built in it."""
    copy = tmp_path_factory.mktemp("clean") / "genyin"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE))
    return copy


@pytest.fixture(scope="module")
def built(source, tmp_path_factory):
    """A wheel built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build(source, folder)
    return folder


def build(source, folder, *options, **env):
    command = [sys.executable, "-m", "build", *options, "--outdir", folder, source]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_wheel_and_sdist_hold_what_genyin_needs(built):
    (wheel,) = built.glob("*.whl")
    assert len(list(built.glob("*.tar.gz"))) == 1
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "pipeline/_models/default/model.json",
        "pipeline/_models/default/weights.npz",
        "pipeline/_data/taxonomy.toml",
        "pipeline/_data/headers.toml",
        "pipeline/_data/boilerplate.txt",
        "pipeline/_data/messages_zh.toml",
        "pipeline/_data/userdict.txt",
        "pipeline/py.typed",
    ):
        assert needed in names
    assert {name.split(".")[0] for name in names if name.endswith((".so", ".pyd"))} == COMPILED
    assert not any(name.startswith(("tests/", "benchmarks/", "train.py")) for name in names)


def test_the_installed_wheel_works_from_any_folder(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    (tmp_path / "d.csv").write_text("编号,投诉内容\n1,宽带装了一个月没人上门\n", encoding="gbk")
    code = "import pipeline, sys; assert pipeline.__file__.startswith(sys.argv.pop())"
    code += "; from pipeline.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "classify", "d.csv", "-o", "out", str(site)],
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(site), "GENYIN_LANG": "en"},
    )
    assert done.returncode == 0, done.stderr
    assert "installation" in (tmp_path / "out" / "classified.csv").read_text(encoding="utf-8-sig")
    assert (site / "bin" / "genyin").exists() or (site / "Scripts" / "genyin.exe").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the compiler is not chosen by the environment there")
def test_without_a_compiler_the_wheel_is_built_all_the_same(source, tmp_path):
    build(source, tmp_path, "--wheel", CC="no-such-compiler")
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "pipeline/native/__init__.py" in names
    assert not any(name.endswith((".so", ".c")) for name in names)
