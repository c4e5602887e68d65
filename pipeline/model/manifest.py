"""The manifest of a model folder, ``model.json``: read and checked without loading the model or numpy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import ModelError

FORMAT = 1
READS = (1,)
MANIFEST = "model.json"


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return ``model.json`` after checking that it is one and that this version of genyin can read it."""
    path = Path(folder) / MANIFEST
    if not path.is_file():
        hint = "the folder does not exist" if not path.parent.is_dir() else f"it has no {MANIFEST}"
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
