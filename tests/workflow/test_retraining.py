"""Learning on from a model, choosing between models, and going back: with real, small trainings."""

import gzip
from dataclasses import replace

import pytest

from pipeline.errors import ModelError, TrainingError, UsageError
from pipeline.model.drift import measure_drift
from pipeline.model.examples import Example
from pipeline.model.frozen import is_frozen, text_key
from pipeline.model.manifest import read_manifest
from pipeline.model.registry import ACTIVE, DEFAULT, JOURNAL, Registry, active_model
from pipeline.text.preparing import Preparer
from pipeline.workflow import (
    CompareOptions,
    Grounds,
    TrainOptions,
    activate,
    compare_models,
    list_models,
    load_model,
    model_history,
    rollback,
    train,
)
from pipeline.workflow.models.lineage import TABLE, replaced, table_of, weighed
from tests.workflow.labelled import write_labels

QUICK = TrainOptions(folds=2, jobs=1)


@pytest.fixture(scope="module")
def months(tmp_path_factory, few_examples):
    """A registry with a model of a few rows, one of many more, and one whose labels are mixed up."""
    folder = tmp_path_factory.mktemp("months")
    few, many = few_examples[::8], [one for place, one in enumerate(few_examples) if place % 8]
    write_labels(folder / "few.csv", few)
    write_labels(folder / "many.csv", many)
    swapped = {"billing": "network", "network": "installation", "installation": "billing"}
    # whoever labelled these was careless, but not with the texts that no training sees
    careless = [
        replace(one, labels=one.labels if is_frozen(text_key(one.text)) else (swapped[one.labels[0]],), cause="")
        for one in many
    ]
    write_labels(folder / "bad.csv", careless)
    models = folder / "genyin-models"
    train([folder / "few.csv"], models / "few", QUICK)
    train([folder / "many.csv"], models / "many", replace(QUICK, parent=models / "few"))
    train([folder / "bad.csv"], models / "bad", QUICK)
    activate("few", models, grounds=Grounds("李工", "first model"))
    return folder


@pytest.fixture
def registry(months, tmp_path):
    """A copy that a test may change."""
    import shutil

    return shutil.copytree(months / "genyin-models", tmp_path / "genyin-models")


def test_old_and_new_rows_are_learned_together_and_none_is_lost(months, few_examples):
    models = months / "genyin-models"
    few, many = table_of(models / "few"), table_of(models / "many")
    assert len(many.rows) == len(few_examples)
    assert {one.text for one in few.rows} <= {one.text for one in many.rows}
    manifest = read_manifest(models / "many")
    assert manifest["lineage"]["parent"]["name"] == "few"
    assert manifest["lineage"]["inherited"] == len(few.rows)
    assert manifest["learner"] == read_manifest(models / "few")["learner"]


def test_what_is_held_back_once_stays_held_back(months):
    few, many = (table_of(months / "genyin-models" / name) for name in ("few", "many"))
    assert {one.text for one in few.held} <= {one.text for one in many.held}


def test_rows_beside_a_model_are_masked(tmp_path, few_examples):
    rows = [replace(one, text=f"{one.text}，电话13912345678") for one in few_examples[::6]]
    write_labels(tmp_path / "rows.csv", rows)
    train([tmp_path / "rows.csv"], tmp_path / "model", QUICK)
    kept = gzip.decompress((tmp_path / "model" / TABLE).read_bytes()).decode()
    assert "13912345678" not in kept
    assert kept.count("\n") == len(rows)


def test_a_better_candidate_becomes_active(registry):
    found = activate("many", registry, grounds=Grounds("李工"))
    assert (found.name, found.previous) == ("many", "few")
    assert found.comparison.result.candidate_f1 > found.comparison.result.active_f1
    assert active_model(registry) == registry / "many"


def test_a_worse_candidate_is_refused_unless_somebody_says_why(registry):
    activate("many", registry)
    with pytest.raises(ModelError, match="bad was not activated: it is worse at billing"):
        activate("bad", registry)
    assert Registry(registry).active == "many"
    activate("bad", registry, grounds=Grounds("李工", "labels of the new hotline"))
    assert Registry(registry).active == "bad"
    last = model_history(registry)[-1]
    assert (last["who"], last["reason"], last["verdict"]) == ("李工", "labels of the new hotline", "worse")


def test_rolling_back_gives_the_same_answers_to_the_byte(registry, few_examples):
    texts = [one.text for one in few_examples[:60]]
    before = repr(load_model(active_model(registry)).predict(texts)).encode()
    activate("many", registry)
    assert repr(load_model(active_model(registry)).predict(texts)).encode() != before
    assert rollback(registry).name == "few"
    assert repr(load_model(active_model(registry)).predict(texts)).encode() == before
    assert rollback(registry).name == DEFAULT
    with pytest.raises(ModelError, match="no earlier model to go back to"):
        rollback(registry)
    assert [entry["action"] for entry in model_history(registry)] == ["activate", "activate", "rollback", "rollback"]


def test_an_active_model_cannot_be_trained_over(months, registry):
    with pytest.raises(ModelError, match="is or was the active model"):
        train([months / "few.csv"], registry / "few", QUICK)


def test_a_model_that_was_active_cannot_be_trained_over(months, registry):
    activate("many", registry)
    rollback(registry)
    with pytest.raises(ModelError, match="is or was the active model"):
        train([months / "few.csv"], registry / "many", QUICK)


def test_an_active_model_that_was_changed_is_not_used(registry):
    manifest = registry / "few" / "model.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("genyin", "genyin "), encoding="utf-8")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("genyin -model", "genyin-model"), encoding="utf-8")
    with pytest.raises(ModelError, match="is not the model that was made active"):
        active_model(registry)


def test_a_damaged_pointer_and_journal_are_named(registry):
    (registry / JOURNAL).write_text("{\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"journal.jsonl, line 1 is damaged"):
        rollback(registry)
    (registry / ACTIVE).write_text("[]", encoding="utf-8")
    with pytest.raises(ModelError, match=r"active.json is damaged"):
        active_model(registry)


@pytest.mark.parametrize("name", ["none", "..", "a/b", ""])
def test_a_model_that_is_not_there_is_named(registry, name):
    with pytest.raises(ModelError, match="has no model"):
        activate(name, registry)


def test_the_active_model_is_not_activated_again(registry):
    with pytest.raises(UsageError, match="few is the active model already"):
        activate("few", registry)


def test_the_list_shows_where_models_come_from(registry):
    found = {one.name: one for one in list_models(registry)}
    assert list(found) == [DEFAULT, "bad", "few", "many"]
    assert [name for name, one in found.items() if one.is_active] == ["few"]
    assert found["many"].parent == "few"
    assert found["many"].rows > found["few"].rows > 0


def test_rows_that_one_model_learned_from_do_not_count(months, registry):
    found = compare_models("many", None, registry, CompareOptions(labels=(str(months / "many.csv"),)))
    many = table_of(registry / "many")
    assert found.seen > 0
    assert found.result.rows <= len(many.held)


def test_an_edited_copy_of_a_learned_row_does_not_count(months, registry, tmp_path):
    learned = table_of(registry / "few").learned
    copies = [replace(one, text=f"{one.text}，请尽快") for one in learned if len(one.text) > 60]
    write_labels(tmp_path / "copies.csv", copies)
    plain = compare_models("many", None, registry)
    found = compare_models("many", None, registry, CompareOptions(labels=(str(tmp_path / "copies.csv"),)))
    assert len(copies) > 10
    assert (found.result.rows, found.seen) == (plain.result.rows, plain.seen + len(copies))


def test_rows_with_unlike_labels_in_both_models_do_not_count(months, registry, few_examples):
    swapped = [replace(one, labels=("network" if one.labels[0] == "billing" else "billing",)) for one in few_examples]
    write_labels(months / "swapped.csv", swapped)
    train([months / "swapped.csv"], registry / "swapped", QUICK)
    found = compare_models("swapped", "many", registry, CompareOptions(labels=(str(months / "few.csv"),)))
    assert any("test rows do not count" in note for note in found.notes)


def test_a_renamed_label_is_no_mistake_of_the_active_model(months, registry, tmp_path):
    changes = tmp_path / "changes.toml"
    changes.write_text('date = 2027-01-01\n[[rename]]\nfrom = "billing"\nto = "资费"\n', encoding="utf-8")
    train([months / "many.csv"], registry / "renamed", replace(QUICK, changes=changes))
    found = compare_models("renamed", "many", registry).result
    assert "资费" in {one.label for one in found.labels}
    assert next(one.active for one in found.labels if one.label == "资费") > 0.8


def test_what_would_change_on_a_dump_adds_up(months, registry):
    found = compare_models("many", None, registry, CompareOptions(dump=(str(months / "many.csv"),)))
    old, new = (load_model(registry / name) for name in ("few", "many"))
    texts = [one.text for one in table_of(registry / "many").rows]
    assert found.dump_rows > 0
    assert sum(flip.rows for flip in found.flips) > 0
    assert all(flip.old != flip.new and flip.examples for flip in found.flips)
    assert {flip.new for flip in found.flips} <= set(new.labels)
    assert old.predict(texts[:1])[0].category in old.labels


def test_a_model_without_its_rows_cannot_be_gone_on_from(months, registry):
    (registry / "few" / TABLE).unlink()
    with pytest.raises(ModelError, match=r"any more.*Put the file examples.jsonl.gz back into its folder"):
        train([months / "many.csv"], registry / "next", replace(QUICK, parent=registry / "few"))


def test_damaged_rows_are_named(months, registry):
    (registry / "few" / TABLE).write_bytes(b"nothing packed")
    with pytest.raises(ModelError, match=r"examples.jsonl.gz is damaged"):
        train([months / "many.csv"], registry / "next", replace(QUICK, parent=registry / "few"))


def test_the_rows_of_the_shipped_model_are_the_shipped_corpus(corpus):
    from pipeline.resources import default_model

    assert len(table_of(default_model()).rows) == len(corpus)


@pytest.fixture
def of_another_corpus(tmp_path):
    """The shipped model as if its corpus had been another one when it was trained."""
    import json
    import shutil

    from pipeline.resources import default_model

    folder = shutil.copytree(default_model(), tmp_path / "earlier")
    manifest = json.loads((folder / "model.json").read_text("utf-8"))
    manifest["trained"]["data_sha256"] = "0" * 64
    (folder / "model.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return folder


def test_a_model_of_an_earlier_corpus_goes_on_with_that_of_today(of_another_corpus, corpus, tmp_path, run_genyin):
    assert table_of(of_another_corpus) is None
    rows = [Example(f"宽带第{i}次断线没人修", ("network",)) for i in range(6)]
    labelled = write_labels(tmp_path / "new.csv", rows)
    done = run_genyin(
        "train", labelled, "--from", of_another_corpus, "--folds", 2, "--model", tmp_path / "next", OMP_NUM_THREADS="1"
    )
    assert done.returncode == 0, done.stderr
    assert "The shipped corpus is another one than the parent was trained on: today's was used" in done.stdout
    assert read_manifest(tmp_path / "next")["lineage"]["inherited"] == len(corpus)


def test_a_corpus_that_is_not_installed_is_named(months, of_another_corpus, monkeypatch, tmp_path):
    import pipeline.workflow.models.lineage as lineage

    monkeypatch.setattr(lineage, "data_file", lambda name: tmp_path / "nowhere" / name)
    with pytest.raises(
        ModelError, match=r"corpus that comes with genyin \(complaints.csv\), which is not installed here"
    ):
        train([months / "few.csv"], tmp_path / "next", replace(QUICK, parent=of_another_corpus))


def test_a_changed_label_set_runs_through_training(months, tmp_path, few_examples):
    changes = tmp_path / "changes.toml"
    changes.write_text(
        'date = 2027-01-01\n[[rename]]\nfrom = "billing"\nto = "资费"\n'
        '[[split]]\nfrom = "network/地下室电梯弱覆盖"\n[split.into]\n"network/电梯弱覆盖" = ["电梯"]\n'
        '"network/车库弱覆盖" = ["车库"]\n',
        encoding="utf-8",
    )
    report = train([months / "many.csv"], tmp_path / "model", replace(QUICK, changes=changes))
    assert report.rows == report.used + report.held_back + report.queued + report.rejected
    assert report.queued > 0
    model = load_model(report.model)
    assert "资费" in model.labels
    assert "billing" not in model.labels
    assert "电梯弱覆盖" in model.causes["network"]
    breaks = read_manifest(report.model)["lineage"]["breaks"]
    assert [(one["kind"], one["day"]) for one in breaks] == [("rename", "2027-01-01"), ("split", "2027-01-01")]
    assert breaks[1]["queued"] == report.queued
    assert (report.model / "queue.csv").read_text(encoding="utf-8-sig").count("地下室电梯弱覆盖") == report.queued


def test_new_labels_stand_for_old_ones_of_the_same_text():
    old = [Example("宽带断了！", ("network",)), Example("多扣费", ("billing",))]
    new = [Example("宽带 断了", ("installation",), where="new.csv:2")]
    stay, gone = replaced(old, new, Preparer())
    assert [one.text for one in stay] == ["多扣费"]
    assert [(one.text, other.where) for one, other in gone] == [("宽带断了！", "new.csv:2")]


def test_weights_follow_source_and_age():
    old = [Example("a", ("x",)), Example("b", ("x",), source="queue")]
    new = [Example("c", ("x",), labelled_at="2026-03-31"), Example("d", ("x",), labelled_at="2026-03-01T08:00:00")]
    found = weighed(old, new, {"parent": 0.5, "queue": 3.0}, 30)
    assert [one.weight for one in found] == [0.25, 1.5, 1.0, 0.5]
    with pytest.raises(TrainingError, match=r"dump\.csv, row 7: 'soon' is not a day"):
        weighed([], [Example("c", ("x",), labelled_at="soon", where="dump.csv:7"), *new], {}, 30)


def test_weights_change_what_is_learned(tmp_path, few_examples):
    rows = few_examples[::5]
    sourced = [replace(one, source="north" if place % 2 else "south") for place, one in enumerate(rows)]
    write_labels(tmp_path / "rows.csv", sourced)
    plain = train([tmp_path / "rows.csv"], tmp_path / "plain", QUICK)
    weighted = train([tmp_path / "rows.csv"], tmp_path / "weighted", replace(QUICK, weights={"north": 5.0}))
    assert read_manifest(weighted.model)["lineage"]["weights"] == {"north": 5.0}
    assert (plain.model / "weights.npz").read_bytes() != (weighted.model / "weights.npz").read_bytes()


def test_training_twice_gives_the_same_rows_and_weights(months, tmp_path):
    again = train([months / "few.csv"], tmp_path / "again", QUICK).model
    for name in ("weights.npz", "vocabulary.txt", TABLE):
        assert (again / name).read_bytes() == (months / "genyin-models" / "few" / name).read_bytes()


def test_own_stop_words_are_taken_over_and_are_no_new_words(months, tmp_path):
    words = tmp_path / "stop.txt"
    words.write_text("宽带\n师傅\n", encoding="utf-8")
    first = train([months / "few.csv"], tmp_path / "first", replace(QUICK, stopwords=words)).model
    child = train([months / "few.csv"], tmp_path / "child", replace(QUICK, parent=first)).model
    assert read_manifest(child)["settings"]["stop_words"] == ["宽带", "师傅"]
    assert "stop_words" not in read_manifest(months / "genyin-models" / "few")["settings"]
    model = load_model(child)
    assert not {"宽带", "师傅"} & set(model.vectoriser.features_[0])
    found, _ = measure_drift(model, ["宽带 师傅 宽带 师傅"] * 10)
    assert (found.unknown_words, found.new_terms) == (0.0, ())
