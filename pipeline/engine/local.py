"""Work spread over the cores of this machine: chunks in, answers out, in the order they came."""

import gc
import multiprocessing
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, TypeVar

from pipeline.errors import GenyinError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# what a worker process works with; set once by _start in each worker, never in the calling process
_work: Callable[[Any], Any] | None = None


def cores() -> int:
    """Number of processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered_map(
    make: Callable[[], Callable[[Item], Answer]], items: Iterable[Item], jobs: int = -1
) -> Iterator[tuple[Item, Answer]]:
    """Yield each item with its answer, in order, holding only a few of them at a time.

    ``make`` builds the working function (it loads the model) once per process. A single item, or ``jobs`` = 1, stays in
    this process; ``jobs`` = -1 takes all cores.
    """
    jobs = cores() if jobs < 1 else jobs
    stream = iter(items)
    first = list(islice(stream, 2))
    if jobs == 1 or len(first) < 2:
        work = make()
        yield from ((item, work(item)) for item in chain(first, stream))
        return
    yield from _spread(make, chain(first, stream), jobs)


def _spread(
    make: Callable[[], Callable[[Item], Answer]], items: Iterator[Item], jobs: int
) -> Iterator[tuple[Item, Answer]]:
    context = _context()
    if context.get_start_method() == "fork":
        # forked workers share what is loaded before they start; frozen, the garbage collector leaves it shared
        work = make()
        gc.collect()
        gc.freeze()
        make = lambda: work  # noqa: E731
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(make,))
    waiting: deque[tuple[Item, Future[Answer]]] = deque()
    try:
        for item in items:
            waiting.append((item, _submit(pool, item)))
            if len(waiting) > jobs + 1:
                yield _take(waiting)
        while waiting:
            yield _take(waiting)
    except BrokenProcessPool as error:
        raise GenyinError(
            "A worker process ended without an answer; most often the memory ran out. Try again with --jobs 1."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(waiting: "deque[tuple[Item, Future[Answer]]]") -> tuple[Item, Answer]:
    item, future = waiting.popleft()
    return item, future.result()


def _submit(pool: ProcessPoolExecutor, item: Any) -> Future[Any]:
    with warnings.catch_warnings():
        # Python 3.12 warns of fork beside the idle threads of a linear-algebra library, which are fork-safe
        warnings.simplefilter("ignore", DeprecationWarning)
        return pool.submit(_call, item)


def _context() -> multiprocessing.context.BaseContext:
    """Forked workers share the loaded model; where fork is not safe or not there, workers start anew."""
    return multiprocessing.get_context("fork" if sys.platform.startswith("linux") else "spawn")


def _start(make: Callable[[], Callable[[Any], Any]]) -> None:
    # Ctrl-C is the calling process's business: it stops the workers in order
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # answers are plain tuples without cycles: looking for garbage among them only costs time
    gc.freeze()
    gc.disable()
    global _work
    _work = make()


def _call(item: Any) -> Any:
    if _work is None:
        raise RuntimeError("worker was not started")
    return _work(item)
