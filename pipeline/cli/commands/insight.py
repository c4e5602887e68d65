"""The command that makes the insights."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.help.pages import WordedCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import Command, common_options, day, problem_options, read_options
from pipeline.cli.session import Session
from pipeline.settings import FILE_NAME

if TYPE_CHECKING:
    from pipeline.workflow.insights.making import InsightRun

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, exists=True)


def insight_input_options(command: Command) -> Command:
    """Add what every command has that counts complaints for a review: the period, and what stands beside the input."""
    added = (
        click.option("--since", type=day, metavar="YYYY-MM-DD", help=text("insights_since")),
        click.option("--until", type=day, metavar="YYYY-MM-DD", help=text("insights_until")),
        click.option("--register", metavar="URL", help=text("insights_register")),
        click.option("--subscribers", type=_FILE, help=text("insights_subscribers")),
        click.option("--changes", type=_FILE, help=text("insights_changes")),
        click.option("--before", type=_FOLDER, metavar="DIR", help=text("insights_before")),
        click.option("--model", type=click.Path(path_type=Path), metavar="DIR", help=text("model")),
        click.option("--key-file", type=_FILE, help=text("insights_key")),
        click.option("--no-closing-notes", is_flag=True, help=text("insights_no_notes")),
    )
    for option in reversed(added):
        command = option(command)
    return command


@click.command(cls=WordedCommand, help=text("insights"))
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help=text("insights_out"))
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@insight_input_options
@problem_options
@click.option("--jobs", type=int, metavar="N", help=text("jobs"))
@read_options
@common_options
def insights(inputs: Sequence[str], out: Path | None, as_json: bool, **given: Any) -> None:
    """Make the figures of the review."""
    from pipeline.cli.show import insights as show_insights
    from pipeline.workflow.insights import making as made

    session = Session(given)
    run = insight_run(session, given, named_register=not inputs)
    with session.progress(session.both("分析", "insights")) as bar:
        report = made.insights(
            inputs, run, bar, lambda name, share: bar.step(show_insights.step(name, session.lang), share)
        )
    lang = show_insights.language(session, report)
    files = made.write_insights(report, out, lang) if out else ()
    if as_json:
        click.echo(made.insights_json(report))
        return
    show_insights.insights(session, report, lang)
    if out:
        show_insights.written(session, out, files, lang)


def insight_run(session: Session, given: dict[str, Any], named_register: bool) -> "InsightRun":
    """How to run: options over settings; the register of the settings is taken only where there is no input."""
    from pipeline.workflow.insights.cases import CaseOptions
    from pipeline.workflow.insights.making import InsightRun, insight_options

    source = str(given.get("settings_file") or FILE_NAME)
    options = insight_options(session.settings.insights, source)
    cases = CaseOptions(
        model=session.model,
        read=session.read,
        jobs=session.jobs,
        problems=session.find_options(None, answers=True).problems,
        key_file=given.get("key_file") or Path(session.settings.key_file or "genyin.key"),
        regions=options.regions,
        channels=options.channels,
        closing_notes=not given["no_closing_notes"],
    )
    register = session.register_url if named_register else given.get("register") or ""
    since, until = _date(given["since"]), _date(given["until"])
    return InsightRun(cases, options, since, until, register, session.subscribers, given["changes"], given["before"])


def _date(given: str | None) -> date | None:
    return date.fromisoformat(given) if given else None
