"""A model is a folder that explains itself; loading it never executes code.

====================  =====================================================================================
``model.json``        format number, labels, thresholds, calibration, settings, training data, metrics, and
                      the sha256 of every other file
``vocabulary.txt``    one feature a line, ``block<TAB>feature``, in column order
``weights.npz``       numpy arrays (no pickle): idf, and weights (upper halves of single-precision numbers), bias
                      and scale of the linear layer
``dictionary.txt``    the user words the texts were cut with
``MODEL_CARD.md``     what it is good and bad at, for people
====================  =====================================================================================

**Rule for changes.** ``FORMAT`` counts up when a reader of the former number would misread or refuse the folder. A new
optional key in ``model.json`` with a default is no such change; a removed or renamed key, another array layout, or
another way to prepare texts is one. A reader takes its own number and those in ``READS``; it refuses larger ones and
names the version of genyin that wrote them.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import __version__
from pipeline.errors import ModelError
from pipeline.model.classifying import Calibration, Head, Leaves, Model, Thresholds
from pipeline.model.precision import halved, widened
from pipeline.model.vectorising import Block, Vectoriser
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer

FORMAT = 1
READS = (1,)

_MANIFEST = "model.json"
_PARTS = ("vocabulary.txt", "weights.npz", "dictionary.txt")


def save(model: Model, folder: Path, card: str) -> Path:
    """Write a model folder in one step: a half-written model never stands at ``folder``.

    An existing model there is replaced; any other existing folder that is not empty raises ``ModelError``.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / _MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError(f"{folder} exists and is not a model; choose another folder for the model.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_parts(model, fresh)
        (fresh / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
        manifest = {**_manifest(model), "sha256": {part: _sha256(fresh / part) for part in _PARTS}}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (fresh / _MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        fresh.chmod(0o755)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def load(folder: Path) -> Model:
    """Read a model folder; ``ModelError`` when it is missing, damaged, foreign, half written or too new."""
    folder = Path(folder)
    manifest = read_manifest(folder)
    _check_parts(folder, manifest)
    try:
        return _build(folder, manifest)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelError(
            f"The model in {folder} cannot be used ({type(error).__name__}: {error}). Train or copy it again."
        ) from error


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return ``model.json`` after checking that it is one and that this version of genyin can read it."""
    path = Path(folder) / _MANIFEST
    if not path.is_file():
        hint = "the folder does not exist" if not path.parent.is_dir() else f"it has no {_MANIFEST}"
        raise ModelError(
            f"{folder} is not a genyin model: {hint}. Give a folder that genyin train wrote (--model DIR)."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(
            f"{path} is damaged ({error}). Train the model again or copy the whole folder again."
        ) from None
    number = manifest.get("format") if isinstance(manifest, dict) else None
    if manifest.get("kind") != "genyin-model" if isinstance(manifest, dict) else True:
        raise ModelError(f"{path} is not the manifest of a genyin model.")
    if number not in READS:
        written = manifest.get("genyin", "an unknown version")
        raise ModelError(
            f"{folder} has model format {number}, written by genyin {written}; this is genyin {__version__}, "
            f"which reads format {', '.join(map(str, READS))}. Update genyin or train the model again."
        )
    return manifest


def _manifest(model: Model) -> dict[str, Any]:
    return {
        "kind": "genyin-model",
        "format": FORMAT,
        "genyin": __version__,
        "labels": list(model.labels),
        "leaves": {
            "causes": list(model.leaves.causes),
            "categories": [model.labels[owner] for owner in model.leaves.owners],
            "sharpness": model.leaves.sharpness,
        },
        "blocks": [asdict(block) for block in model.vectoriser.blocks],
        "cleaning": asdict(model.preparer.cleaner.options),
        "preparation": model.preparer.fingerprint,
        "thresholds": {
            "answer": _numbers(model.thresholds.answer),
            "assign": _numbers(model.thresholds.assign),
            "cause": float(model.thresholds.cause),
            "novel": float(model.thresholds.novel),
        },
        "calibration": {
            "slopes": _numbers(model.calibration.slopes),
            "intercepts": _numbers(model.calibration.intercepts),
            "top": _numbers(model.calibration.top),
            "cause": _numbers(model.calibration.cause),
        },
        **model.info,
    }


def _write_parts(model: Model, folder: Path) -> None:
    lines = [
        f"{block.kind}\t{name}\n"
        for block, names in zip(model.vectoriser.blocks, model.vectoriser.features_, strict=True)
        for name in names
    ]
    (folder / "vocabulary.txt").write_text("".join(lines), encoding="utf-8", newline="\n")
    words = "".join(f"{word}\n" for word in model.preparer.tokeniser.user_words)
    (folder / "dictionary.txt").write_text(words, encoding="utf-8", newline="\n")
    np.savez_compressed(
        folder / "weights.npz",
        idf=model.vectoriser.idf_.astype(np.float32),
        weights=halved(model.head.weights),
        bias=model.head.bias,
        scale=model.head.scale,
    )


def _build(folder: Path, manifest: Mapping[str, Any]) -> Model:
    blocks = tuple(Block(**block) for block in manifest["blocks"])
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    vectoriser = Vectoriser.restore(blocks, _features(folder, blocks), parts["idf"].astype(np.float64))
    words = (folder / "dictionary.txt").read_text(encoding="utf-8").splitlines()
    calibration, thresholds = manifest["calibration"], manifest["thresholds"]
    return Model(
        preparer=Preparer.from_settings(CleaningOptions(**manifest["cleaning"]), words),
        vectoriser=vectoriser,
        leaves=_leaves(manifest),
        head=_head(parts, len(manifest["leaves"]["causes"])),
        calibration=Calibration(*(np.array(calibration[key]) for key in ("slopes", "intercepts", "top", "cause"))),
        thresholds=Thresholds(
            np.array(thresholds["answer"]),
            np.array(thresholds["assign"]),
            float(thresholds["cause"]),
            float(thresholds["novel"]),
        ),
        info={key: value for key, value in manifest.items() if key in ("trained", "metrics", "learner", "settings")},
        name=str(folder),
    )


def _leaves(manifest: Mapping[str, Any]) -> Leaves:
    labels, leaves = tuple(manifest["labels"]), manifest["leaves"]
    owners = np.array([labels.index(label) for label in leaves["categories"]])
    if len(owners) != len(leaves["causes"]) or set(owners.tolist()) != set(range(len(labels))):
        raise ValueError("leaves and labels do not fit together")
    return Leaves(labels, tuple(leaves["causes"]), owners, float(leaves["sharpness"]))


def _features(folder: Path, blocks: tuple[Block, ...]) -> tuple[list[str], ...]:
    found: dict[str, list[str]] = {block.kind: [] for block in blocks}
    for line in (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]:
        kind, _, name = line.partition("\t")
        found[kind].append(name)
    return tuple(found[block.kind] for block in blocks)


def _head(parts: Mapping[str, Any], leaves: int) -> Head:
    weights, bias, scale = parts["weights"], parts["bias"], parts["scale"]
    if weights.shape != (len(parts["idf"]), leaves) or bias.shape != (leaves,) or scale.shape != (len(weights),):
        raise ValueError(f"weights of shape {weights.shape} for {leaves} leaves")
    return Head(widened(weights), bias.astype(np.float32), scale.astype(np.float32))


def _check_parts(folder: Path, manifest: Mapping[str, Any]) -> None:
    for part in _PARTS:
        path = folder / part
        if not path.is_file():
            raise ModelError(f"The model in {folder} is incomplete: {part} is missing. Copy the whole folder again.")
        if _sha256(path) != manifest.get("sha256", {}).get(part):
            raise ModelError(
                f"The model in {folder} is damaged: {part} is not the file that was written "
                "(its sha256 differs). Copy the whole folder again or train the model again."
            )


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        os.replace(fresh, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / "model"
    os.replace(folder, old)
    try:
        os.replace(fresh, folder)
    except OSError:
        os.replace(old, folder)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _numbers(values: Any) -> list[float]:
    return [float(value) for value in values]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
