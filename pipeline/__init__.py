"""genyin (根因): from dumps of Chinese customer complaints to classified rows and root-cause problems.

Every command is a function here (``pipeline.classify``, ``pipeline.train``, ``pipeline.open_register`` …), with the
options that it takes and what it returns; ``docs/library.md`` lists them. They load on first use, so that ``import
pipeline`` costs nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # names that begin like this are looked for by Python and its tools, never by people
    if not name.startswith("_") and name in _public():
        return getattr(import_module("pipeline.workflow"), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return ["__version__", *_public()]


def _public() -> list[str]:
    names: list[str] = import_module("pipeline.workflow").__all__
    return names
