"""What is installed works from any folder: model, taxonomy and dictionaries travel in the wheel and in the sdist."""

import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A wheel built from the sdist of a clean copy of the tracked files."""
    folder = tmp_path_factory.mktemp("dist")
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT)
    source = ROOT
    if tracked.returncode == 0 and tracked.stdout:
        source = tmp_path_factory.mktemp("clean")
        for name in tracked.stdout.decode("utf-8").split("\0")[:-1]:
            if (ROOT / name).is_file():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run([sys.executable, "-m", "build", "--outdir", folder, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


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
