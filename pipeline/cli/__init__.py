"""The command line: parse, call the workflow, show; the one place where errors become exit codes."""

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> None:
    """Run genyin; ends the process with 0 (ok), 1 (failure) or 2 (wrong usage)."""
    from pipeline.cli.app import run

    raise SystemExit(run(args))
