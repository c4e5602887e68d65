"""What is known of the models of a registry: where they come from, and which was active when."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model.manifest import read_manifest
from pipeline.model.registry import Registry


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of a registry; ``macro_f1`` is that of its own cross-validation, ``rows`` what it learned from."""

    name: str
    is_active: bool
    trained_at: str
    rows: int
    held_back: int
    macro_f1: float
    learner: str
    parent: str
    breaks: int
    data_sha256: str


def list_models(registry: Path) -> tuple[ModelEntry, ...]:
    """All models of a registry with what they come from."""
    models = Registry(registry)
    return tuple(_entry(name, models) for name in models.names)


def _entry(name: str, models: Registry) -> ModelEntry:
    manifest = read_manifest(models.path(name))
    trained, lineage = manifest.get("trained", {}), manifest.get("lineage", {})
    return ModelEntry(
        name=name,
        is_active=name == models.active,
        trained_at=trained.get("at", ""),
        rows=trained.get("rows", 0),
        held_back=lineage.get("held_back", 0),
        macro_f1=manifest.get("metrics", {}).get("macro_f1", {}).get("value", 0.0),
        learner=manifest.get("learner", ""),
        parent=(lineage.get("parent") or {}).get("name", ""),
        breaks=len(lineage.get("breaks", ())),
        data_sha256=trained.get("data_sha256", ""),
    )


def model_history(registry: Path) -> list[dict[str, Any]]:
    """The journal of a registry: which model became active when, by whom, and on what grounds."""
    return Registry(registry).journal()
