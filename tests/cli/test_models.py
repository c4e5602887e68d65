"""The commands about models, in real processes."""

import csv
import json
import shutil

import pytest

from pipeline.cli.options import row_weights
from pipeline.errors import UsageError
from tests.workflow.labelled import write_labels


@pytest.fixture
def folder(tmp_path, small_model, few_examples):
    """A folder with a registry that holds one model, and more labelled rows."""
    shutil.copytree(small_model, tmp_path / "genyin-models" / "may")
    write_labels(tmp_path / "more.csv", few_examples[::4])
    with (tmp_path / "dump.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("客服流水号", "投诉内容"), *enumerate(one.text for one in few_examples[:60])])
    return tmp_path


def test_a_model_becomes_the_one_in_use_and_runs_say_so(folder, run_genyin):
    assert "No model was activated or rolled back yet" in run_genyin("models", "history", cwd=folder).stdout
    done = run_genyin("models", "activate", "may", "--reason", "our own", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Active model: default → may" in done.stdout
    done = run_genyin("classify", "dump.csv", "-o", "out", "--no-problems", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Model: may" in done.stdout
    assert json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["model"]["name"] == "may"
    listed = run_genyin("models", "list", "--json", cwd=folder)
    assert [one["name"] for one in json.loads(listed.stdout) if one["is_active"]] == ["may"]
    back = run_genyin("models", "rollback", cwd=folder)
    assert "Active model: may → default" in back.stdout
    history = run_genyin("models", "history", cwd=folder).stdout.splitlines()
    assert len(history) == 2
    assert "our own" in history[0]


def test_a_model_that_cannot_be_compared_is_refused(folder, run_genyin):
    done = run_genyin("models", "activate", "none", cwd=folder)
    assert done.returncode == 1
    assert "genyin-models has no model 'none'. It has default, may." in done.stderr


def test_drift_is_told_for_people_and_for_programs(folder, run_genyin):
    chinese = run_genyin("models", "drift", "dump.csv", "--model", "genyin-models/may", "--lang", "zh", cwd=folder)
    assert chinese.returncode == 0, chinese.stderr
    assert "类别构成" in chinese.stdout
    plain = json.loads(
        run_genyin("models", "drift", "dump.csv", "--model", "genyin-models/may", "--json", cwd=folder).stdout
    )
    assert plain["rows"] == plain["looked_at"] == 60
    assert {one["name"] for one in plain["drift"]["shifts"]} >= {"category", "confidence"}


def drift_of_run(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["drift"]


def test_every_run_compares_with_the_training(folder, run_genyin):
    asked = ("classify", "dump.csv", "--model", "genyin-models/may", "--lang", "en")
    told = run_genyin("models", "drift", "dump.csv", "--model", "genyin-models/may", "--json", cwd=folder)
    whole = json.loads(told.stdout)["drift"]
    ways = {
        "csv": ("--no-problems",),
        "xlsx": ("--no-problems", "--format", "xlsx", "--jobs", "1"),
        "jsonl": ("--no-problems", "--format", "jsonl", "--jobs", "2"),
        "problems": ("--jobs", "2"),
        "turned": ("--no-problems",),
    }
    lines = (folder / "dump.csv").read_text(encoding="utf-8-sig").splitlines()
    (folder / "turned.csv").write_text("\n".join([lines[0], *lines[:0:-1]]), encoding="utf-8")
    for name, more in ways.items():
        dump = "turned.csv" if name == "turned" else "dump.csv"
        done = run_genyin("classify", dump, *asked[2:], "-o", name, *more, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert drift_of_run(folder / name) == whole, name
    assert whole["looked_at"] == 60


def test_a_run_on_something_else_says_so_in_one_line(folder, run_genyin):
    texts = [f"小区{n}号楼的垃圾桶没人清运，垃圾堆满了楼道，物业保洁不管" for n in range(120)]
    (folder / "odd.csv").write_text("\n".join(["投诉内容", *texts]), encoding="utf-8")
    asked = ("classify", "odd.csv", "--model", "genyin-models/may", "-o", "out", "--no-problems")
    (english,) = [one for one in run_genyin(*asked, cwd=folder).stdout.splitlines() if "Unlike the training" in one]
    assert "new words" in english
    assert "genyin label export" in english
    (chinese,) = [
        one for one in run_genyin(*asked, "--lang", "zh", cwd=folder).stdout.splitlines() if "与训练时" in one
    ]
    assert "垃圾桶 120/120" in chinese
    piped = run_genyin("classify", "-", "--model", "genyin-models/may", stdin="\n".join(texts).encode(), cwd=folder)
    assert len(piped.stdout.splitlines()) == 120
    assert piped.stderr.startswith("Unlike the training: ")
    quiet = run_genyin(
        "classify", "-", "--model", "genyin-models/may", "-q", stdin="\n".join(texts).encode(), cwd=folder
    )
    assert quiet.stderr == ""
    # below a hundred rows it is chance, and stands in run.json only
    (folder / "few.csv").write_text("\n".join(["投诉内容", *texts[:60]]), encoding="utf-8")
    few = run_genyin("classify", "few.csv", *asked[2:], cwd=folder)
    assert "Unlike" not in few.stdout
    assert drift_of_run(folder / "out")["level"] == "shifted"


def test_words_start_a_label_set(folder, run_genyin):
    done = run_genyin(
        "models",
        "seed",
        "dump.csv",
        "--seed-words",
        "资费=扣,费",
        "--seed-words",
        "网络=断网,慢",
        "-o",
        "start",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "start" / "weak_labels.csv").read_text(encoding="utf-8-sig").startswith("text,label,source")
    wrong = run_genyin("models", "seed", "dump.csv", "--seed-words", "资费", "-o", "start", cwd=folder)
    assert wrong.returncode == 2
    assert "write LABEL=WORD,WORD" in wrong.stderr


def test_labels_are_carried_over_to_a_changed_set(folder, run_genyin):
    (folder / "changes.toml").write_text(
        'date = 2027-01-01\n[[rename]]\nfrom = "billing"\nto = "资费"\n', encoding="utf-8"
    )
    done = run_genyin("models", "relabel", "more.csv", "--changes", "changes.toml", "-o", "new", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] == found["kept"] + found["queued"] + found["rejected"]
    assert "资费" in (folder / "new" / "relabelled.csv").read_text(encoding="utf-8-sig")


def test_the_curve_says_whether_to_go_on(folder, run_genyin):
    done = run_genyin("models", "curve", "--model", "genyin-models/may", "--folds", "2", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["more"] for one in found["curve"]["forecasts"]] == [200, 500, 1000]
    assert found["hint"]["code"] in ("go_on", "no_control_sample")


def test_a_weight_that_cannot_be_is_refused(folder, run_genyin):
    done = run_genyin("train", "more.csv", "--model", "m", "--weigh", "parent=0", cwd=folder)
    assert done.returncode == 2
    assert "write SOURCE=WEIGHT with a number above 0" in done.stderr


@pytest.mark.parametrize("weigh", ["parent", "=2", "parent=x", "parent=-1", "parent=inf"])
def test_only_positive_numbers_are_weights(weigh):
    with pytest.raises(UsageError, match="write SOURCE=WEIGHT"):
        row_weights([weigh])


def test_weights_are_read_by_source():
    assert row_weights(["parent=0.5", " queue = 2 "]) == {"parent": 0.5, "queue": 2.0}
