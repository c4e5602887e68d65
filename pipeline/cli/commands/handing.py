"""What goes out to people and comes back filled in: the review's workbook, the operators' lists, the daily sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.cli.help.pages import WordedCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import (
    change_options,
    common_options,
    day,
    force_option,
    look_options,
    read_options,
    users_option,
)
from pipeline.cli.session import Session

_FILE = click.Path(path_type=Path, dir_okay=False)
_OUT = click.option("-o", "--out", type=_FILE, required=True, metavar="FILE", help=text("sheet_out"))
_STOPPED = 1


@click.command("import", cls=WordedCommand, help=text("review_import"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--prefer", type=click.Choice(("sheet", "register")), help=text("prefer"))
@users_option
@change_options
def import_(file: Path, prefer: str | None, **given: Any) -> int:
    """Read a filled-in review into the register; the exit code is 1 where nothing was applied that should be."""
    from pipeline.cli.show import handing as show_handing
    from pipeline.workflow.review.handing_back import hand_back

    session = Session(given)
    with session.open_register() as register:
        found = hand_back(file, register, prefer or "", session.lang)
    show_handing.handed_back(session, found)
    return _STOPPED if found.troubles or found.conflicts else 0


@click.command("list", cls=WordedCommand, help=text("review_list"))
@click.option("--shape", type=click.Choice(("tracing", "dispatch")), default="tracing", help=text("shape"))
@click.option("--state", "states", multiple=True, metavar="STATE", help=text("list_state"))
@_OUT
@force_option
@look_options
def list_(shape: str, states: Sequence[str], out: Path, **given: Any) -> None:
    """Write the problems of the register as the operators' own list."""
    from pipeline.workflow.review.operator_lists import list_problems

    session = Session(given)
    with session.open_register() as register:
        rows = list_problems(out, shape, register, tuple(states), given["force"])
    session.say(session.both(f"{out}：{rows} 个问题", f"{out}: {rows} problems"))


@click.command("daily", cls=WordedCommand, help=text("review_daily"))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--day", "of_day", type=day, required=True, metavar="YYYY-MM-DD", help=text("daily_day"))
@click.option("--days", type=click.IntRange(1, 31), default=1, show_default=True, help=text("daily_days"))
@click.option("--previous", type=click.Path(path_type=Path, exists=True), metavar="FILE", help=text("daily_previous"))
@click.option("--key-file", type=click.Path(path_type=Path), help=text("key_file"))
@_OUT
@force_option
@read_options
@common_options
def daily(inputs: Sequence[str], of_day: str, days: int, previous: Path | None, out: Path, **given: Any) -> None:
    """Write the daily workbook of repeated complaints."""
    from pipeline.cli.show import handing as show_handing
    from pipeline.workflow.insights.cases import CaseOptions
    from pipeline.workflow.insights.making import insight_options
    from pipeline.workflow.review.daily_workbook import DailyOptions, daily_of_dump

    session = Session(given)
    insight = insight_options(session.settings.insights)
    key_file = given.get("key_file") or Path(session.settings.key_file or "genyin.key")
    cases = CaseOptions(session.model, session.read, session.jobs, key_file=key_file, regions=insight.regions)
    options = DailyOptions(date.fromisoformat(of_day), days, previous, insight.regions.order, cases, given["force"])
    with session.progress(session.both("分类", "classifying")) as bar:
        found = daily_of_dump(inputs, out, options, bar)
    show_handing.daily(session, found, out)


COMMANDS = (import_, list_, daily)
