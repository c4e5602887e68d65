import hashlib
import json
import shutil

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.model import store


@pytest.fixture
def copy(small_model, tmp_path):
    return shutil.copytree(small_model, tmp_path / "model")


def test_saved_and_loaded_models_answer_alike(small_model, few_examples, tmp_path):
    model = store.load(small_model)
    again = store.load(store.save(model, tmp_path / "again", "card"))
    texts = [example.text for example in few_examples[:50]]
    assert model.predict(texts) == again.predict(texts)
    assert (tmp_path / "again" / "weights.npz").read_bytes() == (small_model / "weights.npz").read_bytes()


def test_the_folder_explains_itself(small_model):
    assert {path.name for path in small_model.iterdir()} >= {
        "model.json",
        "vocabulary.txt",
        "weights.npz",
        "dictionary.txt",
        "MODEL_CARD.md",
    }
    manifest = json.loads((small_model / "model.json").read_text(encoding="utf-8"))
    assert manifest["format"] == 1
    assert manifest["labels"] == ["billing", "installation", "network"]
    assert manifest["trained"]["rows"] > 100
    assert manifest["metrics"]["macro_f1"]["value"] > 0.8
    assert "| billing |" in (small_model / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_no_file_holds_a_pickle(small_model):
    with np.load(small_model / "weights.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    assert not list(small_model.glob("*.pkl")) + list(small_model.glob("*.joblib"))


@pytest.mark.parametrize("part", ["vocabulary.txt", "weights.npz", "dictionary.txt"])
def test_a_missing_part_is_named(copy, part):
    (copy / part).unlink()
    with pytest.raises(ModelError, match=f"incomplete: {part} is missing"):
        store.load(copy)


@pytest.mark.parametrize("part", ["vocabulary.txt", "weights.npz"])
def test_a_changed_part_is_named(copy, part):
    (copy / part).write_bytes((copy / part).read_bytes()[:-20])
    with pytest.raises(ModelError, match=f"damaged: {part} is not the file that was written"):
        store.load(copy)


def test_a_newer_format_is_refused_with_its_version(copy):
    manifest = json.loads((copy / "model.json").read_text(encoding="utf-8"))
    (copy / "model.json").write_text(json.dumps({**manifest, "format": 99, "genyin": "9.9"}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"has model format 99, written by genyin 9\.9"):
        store.load(copy)


@pytest.mark.parametrize("text", ["{", "[]", '{"kind": "other"}', "\x00"])
def test_a_broken_or_foreign_manifest(copy, text):
    (copy / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"is damaged|is not the manifest"):
        store.load(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["billing"]},
        {"leaves": {"causes": [], "categories": [], "sharpness": 8}},
        {"blocks": [{"kind": "nothing"}]},
        {"calibration": {}},
        {"thresholds": {"answer": []}},
    ],
)
def test_a_manifest_that_does_not_fit_the_parts(copy, change):
    manifest = json.loads((copy / "model.json").read_text(encoding="utf-8"))
    (copy / "model.json").write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be used"):
        store.load(copy)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("words\t", "foreign\t", "line 1 of the vocabulary belongs to no block"),
        ("\nwords\t", "\nforeign\t", "the lines of words in the vocabulary do not stand together"),
        ("", "foreign\tx\n", "line 1 of the vocabulary belongs to no block"),
    ],
)
def test_a_vocabulary_of_another_order(copy, old, new, told):
    words = (copy / "vocabulary.txt").read_text(encoding="utf-8").replace(old, new, 1)
    (copy / "vocabulary.txt").write_text(words, encoding="utf-8", newline="\n")
    manifest = json.loads((copy / "model.json").read_text(encoding="utf-8"))
    manifest["sha256"]["vocabulary.txt"] = hashlib.sha256(words.encode()).hexdigest()
    (copy / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match=told):
        store.load(copy)


def test_no_folder_and_no_model(tmp_path):
    with pytest.raises(ModelError, match="the folder does not exist"):
        store.load(tmp_path / "none")
    with pytest.raises(ModelError, match=r"it has no model\.json"):
        store.load(tmp_path)


def test_saving_replaces_a_model_but_nothing_else(small_model, tmp_path):
    model = store.load(small_model)
    store.save(model, tmp_path / "m", "one")
    store.save(model, tmp_path / "m", "two")
    assert (tmp_path / "m" / "MODEL_CARD.md").read_text(encoding="utf-8") == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match="exists and is not a model"):
        store.save(model, tmp_path / "other", "card")
    assert (tmp_path / "other" / "thesis.txt").read_text(encoding="utf-8") == "mine"
