"""Which model is in use: a folder of models, a file that names the active one, and a journal that only grows.

``active.json`` is replaced in one step, so that it is always whole. ``journal.jsonl`` says who made which model active,
when, and on what grounds; how to get back follows from it. A model that is or was active is known by the hash of its
manifest, which holds the hashes of its parts: a model that was changed afterwards is not taken for the one that passed.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError
from pipeline.model.manifest import MANIFEST, read_manifest
from pipeline.resources import default_model

ACTIVE, JOURNAL = "active.json", "journal.jsonl"
# the shipped model, active until another one is
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Registry:
    """The models in ``folder``, which need not exist yet."""

    folder: Path

    @property
    def active(self) -> str:
        """Name of the active model."""
        return str(self._pointer().get("name", DEFAULT))

    @property
    def names(self) -> list[str]:
        """All models of the folder by name, and the shipped one first."""
        found = sorted(path.parent.name for path in self.folder.glob(f"*/{MANIFEST}"))
        return [DEFAULT, *(name for name in found if name != DEFAULT and not name.startswith("."))]

    def path(self, name: str) -> Path:
        """The folder of a model by name; ``ModelError`` for a name that is none."""
        if name == DEFAULT:
            return default_model()
        inside = self.folder / name
        if name in ("", ".", "..") or {"/", "\\"} & set(name) or not (inside / MANIFEST).is_file():
            raise ModelError(
                f"{self.folder} has no model {name!r}. It has {', '.join(self.names)}. Train one with "
                f"genyin train LABELS --model {self.folder}/NAME."
            )
        return inside

    def active_path(self) -> Path:
        """The folder of the active model; ``ModelError`` where it is not the one that was made active."""
        return self._unchanged(self._pointer() or {"name": DEFAULT})

    def journal(self) -> list[dict[str, Any]]:
        """All entries, oldest first; ``ModelError`` names the line that is damaged."""
        path = self.folder / JOURNAL
        if not path.is_file():
            return []
        entries = []
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            try:
                entries += [json.loads(line)] if line else []
            except json.JSONDecodeError:
                raise ModelError(f"{path}, line {number} is damaged. Take the file of your last backup.") from None
        return entries

    def history(self) -> list[dict[str, Any]]:
        """The models one can go back through: the shipped one, then every activation not yet rolled back."""
        stack: list[dict[str, Any]] = [{"name": DEFAULT}]
        for entry in self.journal():
            if entry["action"] == "activate":
                stack.append(entry)
            elif entry["action"] == "rollback" and len(stack) > 1:
                stack.pop()
        return stack

    def activate(self, name: str, facts: Mapping[str, Any]) -> None:
        """Make a model the active one; ``facts`` go into the journal."""
        self._switch("activate", {"name": name, **_fingerprint_of(name, self.path(name))}, facts)

    def rollback(self, facts: Mapping[str, Any]) -> str:
        """Go back to the model that was active before and return its name; ``ModelError`` where there is none."""
        stack = self.history()
        if len(stack) < 2:
            raise ModelError(f"There is no earlier model to go back to in {self.folder}.")
        before: dict[str, Any] = {key: stack[-2][key] for key in ("name", "fingerprint") if key in stack[-2]}
        self._unchanged(before)
        self._switch("rollback", before, facts)
        return str(before["name"])

    def _switch(self, action: str, target: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        entry = {"action": action, **target, "previous": self.active, **facts}
        self.folder.mkdir(parents=True, exist_ok=True)
        # the journal first: a model is never active without an entry that says why
        with (self.folder / JOURNAL).open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part = self.folder / f".{ACTIVE}.{os.getpid()}.part"
        part.write_text(json.dumps(dict(target), ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        os.replace(part, self.folder / ACTIVE)

    def _pointer(self) -> dict[str, Any]:
        path = self.folder / ACTIVE
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(found["name"], str):
                return found
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise ModelError(f"{path} is damaged. Name the model with --model, or activate one again.")

    def _unchanged(self, target: Mapping[str, Any]) -> Path:
        path = self.path(target["name"])
        if target.get("fingerprint", "") not in ("", fingerprint(path)):
            raise ModelError(
                f"{path} is not the model that was made active: it was trained again or changed since. "
                f"Put the old folder back, or activate it anew with genyin models activate {target['name']}."
            )
        return path


def active_model(folder: Path) -> Path | None:
    """The active model of a registry; None where the folder is no registry yet."""
    return Registry(Path(folder)).active_path() if (Path(folder) / ACTIVE).is_file() else None


def refuse_overwriting(folder: Path) -> None:
    """``ModelError`` where a training would replace a model that is active, or that one could go back to."""
    registry = Registry(Path(folder).absolute().parent)
    if any(entry["action"] == "activate" and entry["name"] == folder.name for entry in registry.journal()):
        raise ModelError(f"{folder} is or was the active model and must stay as it is. Train under another name.")


def find_model(name: str | Path, registry: Path) -> Path:
    """A model by its folder, or by its name in the registry; ``ModelError`` for neither."""
    return Path(name) if (Path(name) / MANIFEST).is_file() else Registry(registry).path(str(name))


def fingerprint(folder: Path) -> str:
    """SHA-256 of a model's manifest, which holds the hashes of all its parts."""
    read_manifest(folder)
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _fingerprint_of(name: str, folder: Path) -> dict[str, str]:
    # the shipped model changes with genyin itself
    return {} if name == DEFAULT else {"fingerprint": fingerprint(folder)}
