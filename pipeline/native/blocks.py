"""Compiled loops let go of the interpreter lock, so that stretches of work can run side by side in threads."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Result = TypeVar("Result")

# more threads than this wait for the memory, not for each other
_MOST_THREADS = 8


def in_blocks(work: Callable[[int, int], Result], count: int, size: int) -> Iterator[Result]:
    """Yield ``work(begin, end)`` for blocks of ``size`` of ``count`` things, in their order, however they run.

    >>> [*in_blocks(range, 5, 2)]
    [range(0, 2), range(2, 4), range(4, 5)]
    """
    blocks = list(pairwise([*range(0, count, size), count]))
    threads = min(_processors(), _MOST_THREADS, len(blocks))
    if threads < 2:
        yield from (work(*block) for block in blocks)
    else:
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(lambda block: work(*block), blocks)


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
