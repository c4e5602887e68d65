"""Processes that load what they work with while the calling process goes on.

Where processes can be forked, the first of the crew loads and then forks the others: all share what it has loaded, and
the calling process never holds it. Elsewhere each loads for itself, and only when there is work for more than one.

Every worker has a pipe and at most one item: an item is sent only to a worker that waits for one, so that neither side
can be stuck in sending. A worker says when it has loaded, as if that were the answer to a first item.
"""

import gc
import multiprocessing
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pipeline.errors import GenyinError

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Make = Callable[[], Callable[[Item], Answer]]

FORKS = sys.platform.startswith("linux")
# for each worker: answers that may wait for an earlier one, and items that may wait for a worker; while an early crew
# loads, there is nothing to do but to read
_ANSWERS_AHEAD, _ITEMS_AHEAD, _ITEMS_WHILE_LOADING = 2, 4, 8


@dataclass(slots=True)
class _Task(Generic[Item, Answer]):
    """An item and, when it is ``done``, its answer or the error that came instead."""

    item: Item | None = None
    done: bool = False
    answer: Answer | None = None
    error: Exception | None = None

    def result(self) -> Answer:
        if self.error is not None:
            raise self.error
        return self.answer  # type: ignore[return-value]  # done, so it is there


class Crew(AbstractContextManager["Crew[Item, Answer]"], Generic[Item, Answer]):
    """``jobs`` workers, each doing what ``make`` returns; one job is done in the calling process.

    ``early`` starts them at once where they are cheap (forked): they load while the calling process prepares the items.
    Otherwise they start in ``map``, when there is a second item.
    """

    def __init__(self, make: Make[Item, Answer], jobs: int, *, early: bool) -> None:
        self._make, self._jobs, self._early = make, jobs, early
        self._processes: list[Any] = []
        self._idle: deque[Connection] = deque()
        self._busy: dict[Connection, _Task[Item, Answer]] = {}
        self._collects = self._over = False
        if early and FORKS and jobs > 1:
            self._start()

    def __enter__(self) -> Self:
        # items and answers hold no cycles: looking for garbage among them takes a sixth of the calling process's time
        self._collects = gc.isenabled()
        gc.disable()
        return self

    def map(self, items: Iterable[Item]) -> Iterator[tuple[Item, Answer]]:
        """Yield each item with its answer, in order, holding only a few of them at a time; can be called once.

        An error in a worker is raised when its item's turn has come; ``GenyinError`` when a worker is gone.
        """
        stream = iter(items)
        if not self._processes:
            first = list(islice(stream, 2))
            stream = chain(first, stream)
            if self._jobs == 1 or len(first) < 2:
                work = self._make()
                yield from ((item, work(item)) for item in stream)
                return
            self._start()
        tasks: deque[_Task[Item, Answer]] = deque()
        for item in self._when_idle(stream):
            tasks.append(_Task(item))
            self._send(tasks[-1])
            while tasks and (tasks[0].done or len(tasks) > _ANSWERS_AHEAD * self._jobs):
                yield self._first(tasks)
        # a worker for whom nothing is left goes while the last answers are dealt with: its end takes a moment, too
        self._over = True
        while self._idle:
            self._idle.popleft().close()
        while tasks:
            yield self._first(tasks)

    def _when_idle(self, stream: Iterator[Item]) -> Iterator[Item]:
        """Yield an item whenever a worker is idle, and read some of the next ones until then."""
        ahead: deque[Item] = deque()
        most = (_ITEMS_WHILE_LOADING if self._early else _ITEMS_AHEAD) * self._jobs
        while True:
            while not self._idle:
                room = len(ahead) < most and not wait(list(self._busy), 0)
                if read := list(islice(stream, 1)) if room else []:
                    ahead += read
                else:
                    self._receive()
            most = _ITEMS_AHEAD * self._jobs
            ahead += islice(stream, 0 if ahead else 1)
            if not ahead:
                return
            yield ahead.popleft()

    def _first(self, tasks: "deque[_Task[Item, Answer]]") -> tuple[Item, Answer]:
        task = tasks.popleft()
        while not task.done:
            self._receive()
        return task.item, task.result()  # type: ignore[return-value]  # only a worker's loading has no item

    def _send(self, task: _Task[Item, Answer]) -> None:
        pipe = self._idle.popleft()
        self._busy[pipe] = task
        try:
            pipe.send(task.item)
        except OSError as error:
            raise _gone() from error

    def _receive(self) -> None:
        """Take the answers that are there; wait for one if there is none."""
        ready = wait(list(self._busy))
        for pipe in [pipe for pipe in self._busy if pipe in ready]:
            task = self._busy.pop(pipe)
            try:
                task.answer, task.error = pipe.recv()
            except (EOFError, OSError) as error:
                raise _gone() from error
            task.done = True
            if self._over:
                pipe.close()
            else:
                self._idle.append(pipe)

    def _start(self) -> None:
        context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
        pairs = [context.Pipe() for _ in range(self._jobs)]
        ours, theirs = [own for own, _ in pairs], [other for _, other in pairs]
        if FORKS:
            self._processes = [context.Process(target=_lead, args=(self._make, theirs, ours))]
        else:
            self._processes = [context.Process(target=_join, args=(self._make, pipe)) for pipe in theirs]
        _launch(self._processes)
        for pipe in theirs:
            pipe.close()
        self._busy = {pipe: _Task() for pipe in ours}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._collects:
            gc.enable()
        # a closed pipe sends its worker home
        for pipe in (*self._idle, *self._busy):
            pipe.close()
        for process in self._processes:
            if kind is not None:
                process.terminate()
            process.join()


def _gone() -> GenyinError:
    return GenyinError(
        "A worker process ended without an answer; most often the memory ran out. Try again with --jobs 1."
    )


def _launch(processes: Iterable[Any]) -> None:
    with warnings.catch_warnings():
        # Python 3.12 warns of fork beside the idle threads of a linear-algebra library, which are fork-safe
        warnings.simplefilter("ignore", DeprecationWarning)
        for process in processes:
            process.start()


def _lead(make: Make[Any, Any], pipes: list[Connection], foreign: list[Connection]) -> None:
    """Load, fork the other workers, and work as the first of them."""
    for pipe in foreign:
        pipe.close()
    work = _loaded(make)
    context = multiprocessing.get_context("fork")
    # each inherits all pipes, and a pipe ends only when nobody holds it
    others = [
        context.Process(target=_work, args=(work, own, [pipe for pipe in pipes if pipe is not own]))
        for own in pipes[1:]
    ]
    _launch(others)
    _work(work, pipes[0], pipes[1:])
    for process in others:
        process.join()


def _join(make: Make[Any, Any], pipe: Connection) -> None:
    _work(_loaded(make), pipe, [])


def _loaded(make: Make[Any, Any]) -> Callable[[Any], Any]:
    # Ctrl-C is the calling process's business: it stops the workers in order
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # items and answers hold no cycles: looking for garbage among them only costs time, and memory that is shared
    gc.disable()
    try:
        work = make()
    except Exception as error:
        return _failing(error)
    gc.freeze()
    return work


def _failing(error: Exception) -> Callable[[Any], Any]:
    def fail(_item: Any) -> Any:
        raise error

    return fail


def _work(work: Callable[[Any], Any], pipe: Connection, foreign: Iterable[Connection]) -> None:
    for other in foreign:
        other.close()
    # an error of the pipe: the calling process needs no more answers
    with pipe, suppress(EOFError, OSError):
        pipe.send((None, None))
        while True:
            item = pipe.recv()
            try:
                answer, problem = work(item), None
            except Exception as error:
                answer, problem = None, error
            pipe.send((answer, problem))
