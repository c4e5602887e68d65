"""The innermost loops, compiled where a C compiler stood by at installation; every one has a Python twin.

``compiled("cutting")`` gives the module of that name, or ``None``: then the caller takes its own, slower way to the
same result. ``GENYIN_COMPILED=0`` in the environment turns all of them off, which is how the twins are tested.
"""

import os
from importlib import import_module
from types import ModuleType


def compiled(name: str) -> ModuleType | None:
    """Return the compiled module ``pipeline.native.<name>``, or ``None`` if it was not built or is turned off."""
    if os.environ.get("GENYIN_COMPILED") == "0":
        return None
    try:
        return import_module(f"pipeline.native.{name}")
    except ModuleNotFoundError:
        return None
