"""The command line: parse, call the workflow, show; the one place where errors become exit codes."""

import gc
from collections.abc import Sequence

_SELDOM = 20_000


def main(args: Sequence[str] | None = None) -> None:
    """Run genyin; ends the process with 0 (ok), 1 (failure) or 2 (wrong usage)."""
    # nearly all that a command makes stays until it ends: looking for garbage all the time takes a tenth of a short one
    gc.set_threshold(_SELDOM)
    from pipeline.cli.app import run

    raise SystemExit(run(args))
