"""Say how dumps are understood, before anything runs."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.text.files.describing import Description
from pipeline.text.files.describing import describe as describe_dump
from pipeline.text.reading import ReadOptions, open_dump


def describe(inputs: Sequence[str | Path], read: ReadOptions | None = None) -> Description:
    """Return encoding, header row and the role of every column of each source; no row is classified."""
    return describe_dump(open_dump(inputs, read))
