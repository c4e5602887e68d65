"""genyin (根因): from dumps of Chinese customer complaints to classified rows and root-cause problems.

The public names load on first use, so that ``import pipeline`` costs nothing:

``classify``, ``train``, ``evaluate`` and ``load_model``; see ``docs/library.md``.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "classify": "pipeline.workflow",
    "train": "pipeline.workflow",
    "evaluate": "pipeline.workflow",
    "load_model": "pipeline.workflow",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
