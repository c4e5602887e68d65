"""Where the files that travel with genyin are: beside the package in a wheel, at the project's top in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(installed: str, checkout: str) -> Path:
    inside = _PACKAGE / installed
    return inside if inside.is_dir() else _PACKAGE.parent / checkout


def data_file(name: str) -> Path:
    """Return the path of a shipped data file, e.g. ``data_file("taxonomy.toml")``."""
    return _folder("_data", "data") / name


def default_model() -> Path:
    """Return the folder of the shipped model."""
    return _folder("_models", "models") / "default"
