"""The way back from a review: what was filled into the workbook goes into the register."""

from pathlib import Path
from typing import Any

import click

from pipeline.cli.help_texts import text
from pipeline.cli.options import change_options
from pipeline.cli.session import Session

_STOPPED = 1


@click.command("import", help=text("review_import"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--prefer", type=click.Choice(("sheet", "register")), help=text("prefer"))
@change_options
def import_(file: Path, prefer: str | None, **given: Any) -> int:
    """Read a filled-in review into the register; the exit code is 1 where nothing was applied that should be."""
    from pipeline.cli import show_handing
    from pipeline.workflow.handing_back import hand_back

    session = Session(given)
    with session.open_register() as register:
        found = hand_back(file, register, prefer or "", session.lang)
    show_handing.handed_back(session, found)
    return _STOPPED if found.troubles or found.conflicts else 0


COMMANDS = (import_,)
