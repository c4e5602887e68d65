"""Work spread over the cores of this machine: chunks in, answers out, in the order they came."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pipeline.engine.crew import Crew

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def cores() -> int:
    """Number of processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def early_crew(make: Callable[[], Callable[[Item], Answer]], jobs: int = -1) -> Crew[Item, Answer]:
    """Return workers that begin to load now, if that is cheap here; use it as a context manager, and its ``map``.

    ``make`` builds the working function (it loads the model). ``jobs`` = 1 stays in this process, -1 takes all cores.
    """
    return Crew(make, cores() if jobs < 1 else jobs, early=True)


def ordered_map(
    make: Callable[[], Callable[[Item], Answer]], items: Iterable[Item], jobs: int = -1
) -> Iterator[tuple[Item, Answer]]:
    """Yield each item with its answer, in order, holding only a few of them at a time.

    ``make`` builds the working function. A single item, or ``jobs`` = 1, stays in this process; ``jobs`` = -1 takes all
    cores.
    """
    with Crew(make, cores() if jobs < 1 else jobs, early=False) as crew:
        yield from crew.map(items)
