"""Progress on stderr: nothing for quick work, a bar from two seconds on, plain lines where there is no terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

_QUIET_SECONDS = 2.0
_REDRAW_SECONDS = 0.1


class Show(Protocol):
    """What a workflow calls: how much of how much is done."""

    def __call__(self, done: int, total: int) -> None:
        """Report progress."""


class Bar:
    """A bar that appears when the work has lasted two seconds; redrawn by the caller, so no thread is started."""

    def __init__(self, title: str, quiet: bool) -> None:
        self._title = title
        self._quiet = quiet or not sys.stderr.isatty()
        self._begun = self._drawn = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show ``done`` of ``total`` rows (a guess: the bar grows with it)."""
        now = time.monotonic()
        if self._quiet or now - self._begun < _QUIET_SECONDS or now - self._drawn < _REDRAW_SECONDS:
            return
        if self._bar is None:
            self._start()
        self._drawn = now
        self._bar.update(self._task, completed=done, total=max(done, total))
        self._bar.refresh()

    def step(self, name: str, share: float) -> None:
        """Show a named step of longer work; ``share`` of 1 is done."""
        if self._bar is not None:
            self._bar.update(self._task, description=f"{self._title}: {name}")
        self(round(share * 100), 100)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
        self._task = self._bar.add_task(self._title, total=None)
        self._bar.start()


@contextmanager
def progress_bar(title: str, quiet: bool = False) -> Iterator[Bar]:
    """Open a bar and take it away whatever happens."""
    bar = Bar(title, quiet)
    try:
        yield bar
    finally:
        bar.close()
