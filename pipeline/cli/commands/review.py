"""The command that makes the review pack; what comes back from a review stands in ``handing_commands``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.commands import handing as handing_commands
from pipeline.cli.commands.insight import insight_input_options, insight_run
from pipeline.cli.groups import WithMainCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import common_options, force_option, problem_options, read_options
from pipeline.cli.session import Session

if TYPE_CHECKING:
    from pipeline.workflow.insights.making import InsightRun
    from pipeline.workflow.review.reviewing import Review

DEFAULT_OUT = Path("genyin-review")
DETAILS = 50


@click.group(help=text("review"), cls=WithMainCommand, main_command="make", subcommand_metavar="INPUT... | COMMAND ...")
def review() -> None:
    """Make the review pack, and take it back."""


@review.command(help=text("review_make"))
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help=text("review_out"))
@click.option("--details", type=click.IntRange(1, 500), default=DETAILS, metavar="N", help=text("review_details"))
@force_option
@insight_input_options
@problem_options
@click.option("--jobs", type=int, metavar="N", help=text("jobs"))
@read_options
@common_options
def make(inputs: Sequence[str], out: Path | None, details: int, **given: Any) -> None:
    """Make the pack."""
    session = Session(given)
    write_review(session, inputs, out or DEFAULT_OUT, insight_run(session, given, not inputs), details, given["force"])


def write_review(
    session: Session,
    inputs: Sequence[str | Path],
    out: Path,
    insight: "InsightRun",
    details: int = DETAILS,
    force: bool = False,
) -> None:
    """Make the pack and say where it is."""
    from pipeline.cli.show import insights as show_insights
    from pipeline.workflow.review.reviewing import ReviewRun, review

    with session.progress(session.both("评审包", "review")) as bar:
        made = review(
            inputs,
            out,
            ReviewRun(insight, session.lang or "zh", details, force=force),
            bar,
            lambda name, share: bar.step(_step(session, name) or show_insights.step(name, session.lang), share),
        )
    _show(session, made, out)


def pack_folder(folder: Path) -> Path:
    """Where a run with these results puts its pack."""
    return folder / "review"


def check_pack(folder: Path, force: bool) -> None:
    """Say before the run that the pack of these results holds a workbook that somebody filled in."""
    from pipeline.workflow.review.releasing import refuse_filled_in_pack

    refuse_filled_in_pack(pack_folder(folder), force)


def review_results(session: Session, given: Mapping[str, Any], folder: Path, kind: str) -> None:
    """Make the pack of a run that has just ended, from the table it wrote: nothing is classified a second time."""
    nothing = dict.fromkeys(("since", "until", "subscribers", "changes", "before"))
    asked = {**given, **nothing, "no_closing_notes": False, "register": session.register_url}
    insight = insight_run(session, asked, named_register=False)
    # the table is ours: what was said about sheet, encoding and delimiter was about the dump
    read = replace(insight.cases.read, sheet=None, encoding=None, delimiter=None)
    insight = replace(insight, cases=replace(insight.cases, read=read))
    write_review(session, [folder / f"classified.{kind}"], pack_folder(folder), insight, force=given["force"])


def _step(session: Session, name: str) -> str:
    return session.both("写出评审包", "writing the pack") if name == "writing" else ""


def _show(session: Session, made: "Review", out: Path) -> None:
    about = made.summary.about
    session.say(
        session.both(
            f"计入 {about.counted:,} {'件投诉' if about.from_register else '行'}，"
            f"{about.problems:,} 个问题；运行 {about.run}",
            f"{about.counted:,} {'complaints' if about.from_register else 'rows'} counted, "
            f"{about.problems:,} problems; run {about.run}",
        )
    )
    if made.rejects:
        session.say(
            session.both(
                f"读入 {about.rows:,} 行 = 已用 {about.used:,} + 未用 {about.rejected:,}（原因见 rejected.csv）",
                f"{about.rows:,} rows = {about.used:,} used + {about.rejected:,} rejected (see rejected.csv)",
            )
        )
    for name in made.files:
        session.say(f"  {out / name}")


for _command in handing_commands.COMMANDS:
    review.add_command(_command)
