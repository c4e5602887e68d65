"""A dump's own rows with something added on the right: headers first, then rows chunk by chunk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from pipeline.records import Chunk
from pipeline.text.reading import Dump

SOURCE_COLUMN = "source_file"
# the columns that tell the problem of a complaint, in our tables and in those that come back
PROBLEM_ID, PROBLEM_NAME = "problem_id", "problem_name"


def output_headers(dump: Dump, added: Sequence[str], replaced: Collection[str] = ()) -> list[str]:
    """Input headers, the source column when there are several sources, then what is added.

    An input column with the name of an added one keeps its place and is called ``name (input)``, or ``name (input 2)``
    where one is called so already; ``replaced`` ones are left out.
    """
    several = [SOURCE_COLUMN] if len(dump.sources) > 1 else []
    kept = [header for header in dump.headers if header not in replaced]
    taken = {*added, *several, *kept}
    return (
        [_free_name(header, taken) if header in (*several, *added) else header for header in kept] + several + [*added]
    )


def _free_name(header: str, taken: Collection[str]) -> str:
    names = (f"{header} (input{f' {number}' if number > 1 else ''})" for number in count(1))
    return next(name for name in names if name not in taken)


def widened(
    chunk: Chunk, added: Sequence[tuple[Any, ...]], place: Mapping[str, int], several: bool
) -> Iterator[list[Any]]:
    """Rows of a chunk under the headers of the whole dump (``place`` of each, if it is kept), with the added cells.

    ``several``: whether the dump has more than one source, so that each row says which it comes from.
    """
    source = [f"{chunk.source}#{chunk.sheet}" if chunk.sheet else chunk.source] if several else []
    if len(chunk.headers) == len(place) and all(place.get(h) == i for i, h in enumerate(chunk.headers)):
        return ([*row, *source, *more] for row, more in zip(chunk.rows, added, strict=True))
    spots = [(place[header], i) for i, header in enumerate(chunk.headers) if header in place]

    def spread(row: list[str]) -> list[str]:
        wide = [""] * len(place)
        for spot, i in spots:
            wide[spot] = row[i]
        return wide

    return ([*spread(row), *source, *more] for row, more in zip(chunk.rows, added, strict=True))
