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

**Rule for changes.** ``FORMAT`` (in ``manifest``) counts up when a reader of the former number would misread or refuse
the folder. A new optional key in ``model.json`` with a default is no such change; a removed or renamed key, another
array layout, or another way to prepare texts is one. A reader takes its own number and those in ``READS``; it refuses
larger ones and names the version of genyin that wrote them.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import __version__
from pipeline.errors import ModelError
from pipeline.model.classifying import Calibration, Head, Leaves, Model, Thresholds
from pipeline.model.manifest import FORMAT, MANIFEST, read_manifest
from pipeline.model.precision import halved, widened
from pipeline.model.vectorising import Block, Vectoriser
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer

_PARTS = ("vocabulary.txt", "weights.npz", "dictionary.txt")
# what a model says of itself and does not need for its answers
_INFO = ("trained", "metrics", "learner", "settings", "lineage", "reference")


def save(model: Model, folder: Path, card: str, beside: Mapping[str, bytes] | None = None) -> Path:
    """Write a model folder in one step: a half-written model never stands at ``folder``.

    ``beside``: further files by name, which the model does not need to answer; only their owner can read them.
    An existing model there is replaced; any other existing folder that is not empty raises ``ModelError``.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError(f"{folder} exists and is not a model; choose another folder for the model.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_parts(model, fresh)
        (fresh / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
        for name, content in (beside or {}).items():
            (fresh / name).write_bytes(content)
            (fresh / name).chmod(0o600)
        manifest = {**_manifest(model), "sha256": {part: _sha256(fresh / part) for part in _PARTS}}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        fresh.chmod(0o755)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def load(folder: Path) -> Model:
    """Read a model folder; ``ModelError`` when it is missing, damaged, foreign, half written or too new."""
    folder = Path(folder)
    manifest = read_manifest(folder)
    parts = _read_parts(folder, manifest)
    try:
        return _build(folder, manifest, parts)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelError(
            f"The model in {folder} cannot be used ({type(error).__name__}: {error}). Train or copy it again."
        ) from error


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


def _build(folder: Path, manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> Model:
    with ThreadPoolExecutor(1) as aside:
        # unpacking takes as long as the dictionary, and needs no interpreter meanwhile
        unpacked = aside.submit(_arrays, parts["weights.npz"], len(manifest["leaves"]["causes"]))
        blocks = tuple(Block(**block) for block in manifest["blocks"])
        features = _features(parts["vocabulary.txt"].decode(), blocks)
        words = parts["dictionary.txt"].decode().splitlines()
        preparer = Preparer.from_settings(CleaningOptions(**manifest["cleaning"]), words)
        preparer.tokeniser.load()
        idf, head = unpacked.result()
    calibration, thresholds = manifest["calibration"], manifest["thresholds"]
    return Model(
        preparer=preparer,
        vectoriser=Vectoriser.restore(blocks, features, idf),
        leaves=_leaves(manifest),
        head=head,
        calibration=Calibration(*(np.array(calibration[key]) for key in ("slopes", "intercepts", "top", "cause"))),
        thresholds=Thresholds(
            np.array(thresholds["answer"]),
            np.array(thresholds["assign"]),
            float(thresholds["cause"]),
            float(thresholds["novel"]),
        ),
        info={key: value for key, value in manifest.items() if key in _INFO},
        name=str(folder),
    )


def _leaves(manifest: Mapping[str, Any]) -> Leaves:
    labels, leaves = tuple(manifest["labels"]), manifest["leaves"]
    owners = np.array([labels.index(label) for label in leaves["categories"]])
    if len(owners) != len(leaves["causes"]) or set(owners.tolist()) != set(range(len(labels))):
        raise ValueError("leaves and labels do not fit together")
    return Leaves(labels, tuple(leaves["causes"]), owners, float(leaves["sharpness"]))


def _features(vocabulary: str, blocks: tuple[Block, ...]) -> tuple[list[str], ...]:
    found: list[list[str]] = []
    start = 0
    for block in blocks:
        mark = f"{block.kind}\t"
        names: list[str] = []
        if vocabulary.startswith(mark, start):
            # the lines of a block stand together: one cut for all of them, not one for each
            stop = vocabulary.index("\n", max(vocabulary.rfind(f"\n{mark}", start) + 1, start)) + 1
            names = vocabulary[start + len(mark) : stop - 1].split(f"\n{mark}")
            if len(names) != vocabulary.count("\n", start, stop):
                raise ValueError(f"the lines of {block.kind} in the vocabulary do not stand together")
            start = stop
        found.append(names)
    if start != len(vocabulary):
        line = vocabulary.count("\n", 0, start) + 1
        raise ValueError(f"line {line} of the vocabulary belongs to no block")
    return tuple(found)


def _arrays(packed: bytes, leaves: int) -> tuple[NDArray[np.float64], Head]:
    """Return idf and the linear layer of ``weights.npz``; each array is unpacked in one go, unlike ``numpy.load``."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            for name in archive.namelist()
        }
    weights, bias, scale = parts["weights"], parts["bias"], parts["scale"]
    if weights.shape != (len(parts["idf"]), leaves) or bias.shape != (leaves,) or scale.shape != (len(weights),):
        raise ValueError(f"weights of shape {weights.shape} for {leaves} leaves")
    head = Head(widened(weights), bias.astype(np.float32), scale.astype(np.float32))
    return parts["idf"].astype(np.float64), head


def _read_parts(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for part in _PARTS:
        path = folder / part
        if not path.is_file():
            raise ModelError(f"The model in {folder} is incomplete: {part} is missing. Copy the whole folder again.")
        parts[part] = path.read_bytes()
        if hashlib.sha256(parts[part]).hexdigest() != manifest.get("sha256", {}).get(part):
            raise ModelError(
                f"The model in {folder} is damaged: {part} is not the file that was written "
                "(its sha256 differs). Copy the whole folder again or train the model again."
            )
    return parts


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
