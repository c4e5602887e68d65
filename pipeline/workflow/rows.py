"""A dump's own rows with something added on the right: headers first, then rows chunk by chunk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.records import Chunk
from pipeline.text.reading import Dump

SOURCE_COLUMN = "source_file"


def output_headers(dump: Dump, added: Sequence[str]) -> list[str]:
    """Input headers, the source column when there are several sources, then what is added.

    An input column with the name of an added one keeps its place and is called ``name (input)``.
    """
    several = [SOURCE_COLUMN] if len(dump.sources) > 1 else []
    taken = {*added, *several}
    return [f"{header} (input)" if header in taken else header for header in dump.headers] + several + [*added]


def widened(
    chunk: Chunk, added: Sequence[tuple[Any, ...]], place: Mapping[str, int], several: bool
) -> Iterator[list[Any]]:
    """Rows of a chunk under the headers of the whole dump (``place`` of each), with the added cells.

    ``several``: whether the dump has more than one source, so that each row says which it comes from.
    """
    source = [f"{chunk.source}#{chunk.sheet}" if chunk.sheet else chunk.source] if several else []
    if len(chunk.headers) == len(place) and all(place[h] == i for i, h in enumerate(chunk.headers)):
        return ([*row, *source, *more] for row, more in zip(chunk.rows, added, strict=True))
    spots = [place[header] for header in chunk.headers]

    def spread(row: list[str]) -> list[str]:
        wide = [""] * len(place)
        for spot, cell in zip(spots, row, strict=True):
            wide[spot] = cell
        return wide

    return ([*spread(row), *source, *more] for row, more in zip(chunk.rows, added, strict=True))
