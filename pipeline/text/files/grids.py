"""Grids of cells (Excel sheets, HTML tables) as tables: merged cells count for every row they cover."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.text.files.tables import TOP_ROWS, Merge, RawRow, Start, Table


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: ``cells`` gives all its rows from the top, again and again; merged blocks hold only their first cell."""

    name: str
    cells: Callable[[], Iterable[list[str]]]
    merges: tuple[Merge, ...] = ()
    height: int = 0


def grid_table(grid: Grid, file: str, kind: str, *, encoding: str = "", size: int = 0) -> Table:
    """Return the table of one sheet."""

    def rows(start: Start) -> Iterator[RawRow]:
        return _filled_down(grid, start.number + start.depth)

    top = [RawRow(number, cells) for number, cells in enumerate(islice(grid.cells(), TOP_ROWS), start=1)]
    return Table(
        file, kind, top, rows, grid.name, encoding, merges=grid.merges, rows_guess=max(grid.height - 1, 0), size=size
    )


def _filled_down(grid: Grid, first: int) -> Iterator[RawRow]:
    """Yield the rows from ``first`` on; a cell merged over several of them is repeated in each."""
    starts = _by_top(grid.merges)
    running: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(grid.cells(), start=1):
        if number < first:
            continue
        for place, (bottom, value) in list(running.items()):
            if number - 1 > bottom:
                del running[place]
            else:
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = value
        for merge in starts.get(number - 1, ()):
            if merge.left < len(cells):
                running[merge.left] = (merge.bottom, cells[merge.left])
        yield RawRow(number, cells)


def _by_top(merges: Sequence[Merge]) -> dict[int, list[Merge]]:
    starts: dict[int, list[Merge]] = {}
    for merge in merges:
        if merge.bottom > merge.top:
            starts.setdefault(merge.top, []).append(merge)
    return starts
