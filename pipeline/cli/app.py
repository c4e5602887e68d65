"""The commands: each parses, calls one function of the workflow, and shows what came back."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli.groups import WithMainCommand
from pipeline.cli.help.pages import WordedGroup
from pipeline.cli.help.texts import text
from pipeline.cli.options import (
    FORMATS,
    common_options,
    force_option,
    keep_options,
    problem_options,
    read_options,
    train_options,
)
from pipeline.cli.session import Session
from pipeline.errors import GenyinError, UsageError

if TYPE_CHECKING:
    from pipeline.workflow import FindOptions

_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_MODEL = click.option("--model", type=click.Path(path_type=Path), metavar="DIR", help=text("model"))
_JOBS = click.option("--jobs", type=int, metavar="N", help=text("jobs"))
# commands that load when they are called
_GROUPS = {
    "insights": "insight:insights",
    "label": "label:label",
    "models": "model:models",
    "register": "register:register",
    "review": "review:review",
}
_PROBLEM_COMMANDS = {
    **{name: f"problem_views:{name}" for name in ("show", "history", "similar")},
    **{name: f"problem:{name}" for name in ("merge", "split", "rename", "dismiss", "link", "assign", "note", "undo")},
    **{name: f"fix:{name}" for name in ("fix", "verify")},
    "list": "problem_views:list_",
    "set": "problem:set_",
    "proposals": "problem:proposals",
}


@click.group(
    cls=WordedGroup,
    elsewhere=_GROUPS,
    help=text("genyin"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="genyin", help=text("version"))
def genyin() -> None:
    """Hold the commands together."""


@genyin.command(help=text("classify"))
@_INPUTS
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help=text("out_default"))
@_MODEL
@click.option("--format", "kind", type=click.Choice(FORMATS), help=text("format"))
@click.option("--dry-run", is_flag=True, help=text("dry_run"))
@click.option("--no-problems", is_flag=True, help=text("no_problems"))
@click.option("--review", is_flag=True, help=text("review_also"))
@force_option
@problem_options
@keep_options
@_JOBS
@read_options
@common_options
def classify(inputs: Sequence[str], out: Path | None, kind: str | None, dry_run: bool, **given: Any) -> None:
    """Classify dumps, and find the problems behind them."""
    from pipeline import workflow
    from pipeline.cli.show import results as show

    session = Session(given)
    options = workflow.ClassifyOptions(
        session.model, session.read, kind or session.settings.format, session.jobs, session.lang, problems=False
    )
    if given["register"] and (list(inputs) == ["-"] or given["no_problems"]):
        raise UsageError("--register keeps problems, which are not looked for here: leave --no-problems and - out.")
    if given["review"] and (list(inputs) == ["-"] or given["no_problems"] or dry_run):
        raise UsageError("--review needs problems and files: leave --no-problems, --dry-run and - out.")
    if list(inputs) == ["-"]:
        tally = workflow.classify_stream(sys.stdin.buffer, sys.stdout, options)
        show.stream(session, tally, workflow.drift_from(session.model, tally.seen))
    elif dry_run and (given["no_problems"] or not session.register_url):
        show.columns(session, workflow.describe(inputs, session.read))
        workflow.load_model(session.model)
        session.say(session.both("未写任何文件。", "Nothing was written."))
    elif given["no_problems"]:
        folder = out or Path("genyin-out")
        before = show.standing(folder)
        with session.progress(session.both("分类", "classifying")) as bar:
            report = workflow.classify(inputs, folder, options, bar)
        show.run(session, report, folder, before)
    else:
        if given["review"]:
            from pipeline.cli.commands import review as review_commands

            review_commands.check_pack(out or Path("genyin-out"), given["force"])
        found = session.find_options(kind, answers=True, dry_run=dry_run)
        _find(session, inputs, out, found)
        if given["review"]:
            review_commands.review_results(session, given, out or Path("genyin-out"), found.format)


@genyin.group(
    help=text("problems"),
    cls=WithMainCommand,
    main_command="find",
    elsewhere=_PROBLEM_COMMANDS,
    subcommand_metavar="INPUT... | COMMAND ...",
)
def problems() -> None:
    """Find problems, and keep them."""


@problems.command(help=text("problems"))
@_INPUTS
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help=text("out_default"))
@_MODEL
@click.option("--format", "kind", type=click.Choice(FORMATS), help=text("format"))
@click.option("--dry-run", is_flag=True, help=text("run_dry_run"))
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@problem_options
@keep_options
@_JOBS
@read_options
@common_options
def find(inputs: Sequence[str], out: Path | None, kind: str | None, as_json: bool, **given: Any) -> None:
    """Find problems only."""
    session = Session(given)
    _find(session, inputs, out, session.find_options(kind, answers=False, dry_run=session.dry_run), as_json)


def _find(
    session: Session, inputs: Sequence[str], out: Path | None, options: "FindOptions", as_json: bool = False
) -> None:
    from pipeline import workflow
    from pipeline.cli.show import problems as show_problems
    from pipeline.cli.show import results as show

    folder = out or Path("genyin-out")
    before = () if options.dry_run else show.standing(folder)
    grouping = session.both("归并问题", "grouping")
    with session.progress(session.both("分类", "classifying")) as bar:
        found = workflow.find_problems(inputs, folder, options, bar, lambda share: bar.step(grouping, share))
    if as_json:
        click.echo(workflow.problems_json(found.grouping))
        if found.change and not session.quiet:
            click.echo(found.change.line(session.lang or "en"), err=True)
        return
    show.run(session, found.report, folder, before, lambda: show_problems.problems(session, found))
    show_problems.change(session, found)
    if options.dry_run:
        session.say(session.both("试运行：未保存任何内容。", "Dry run: nothing was saved."))


@genyin.command(help=text("train"))
@_INPUTS
@click.option(
    "--model", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help=text("model_out")
)
@click.option("--target-precision", type=click.FloatRange(0, 1, min_open=True, max_open=True), help=text("target"))
@click.option("--cause-precision", type=click.FloatRange(0, 1, min_open=True, max_open=True), help=text("cause_target"))
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True, help=text("folds"))
@click.option("--group", default="", metavar="COLUMN", help=text("group"))
@click.option("--split", "splits", multiple=True, metavar="COLUMN", help=text("split"))
@click.option("--dictionary", type=click.Path(path_type=Path, exists=True), help=text("dictionary"))
@click.option("--stopwords", type=click.Path(path_type=Path, exists=True), help=text("stopwords"))
@click.option("--customer-side-only", is_flag=True, help=text("customer_side"))
@train_options
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@_JOBS
@read_options
@common_options
def train(inputs: Sequence[str], folder: Path, as_json: bool, **given: Any) -> None:
    """Train a model."""
    from pipeline import workflow
    from pipeline.cli.show import results as show

    session = Session(given)
    steps = {"prepare": "准备文本", "cross-validate": "交叉验证", "fit": "拟合"} if session.lang == "zh" else {}
    with session.progress(session.both("训练", "training")) as bar:
        report = workflow.train(
            inputs, folder, session.train_options(), lambda step, share: bar.step(steps.get(step, step), share)
        )
    if as_json:
        click.echo(workflow.training_json(report))
    else:
        show.training(session, report)


@genyin.command(help=text("evaluate"))
@_INPUTS
@_MODEL
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@read_options
@common_options
def evaluate(inputs: Sequence[str], as_json: bool, **given: Any) -> None:
    """Measure a model."""
    from pipeline import workflow
    from pipeline.cli.show import results as show

    session = Session(given)
    evaluation = workflow.evaluate(inputs, session.model, session.train_options())
    if as_json:
        click.echo(workflow.evaluation_json(evaluation))
    else:
        show.evaluation(session, evaluation)


@genyin.command(help=text("explain"))
@click.argument("complaint", metavar="TEXT")
@_MODEL
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@common_options
def explain(complaint: str, as_json: bool, **given: Any) -> None:
    """Explain one text."""
    from pipeline import workflow
    from pipeline.cli.show import explaining as show

    session = Session(given)
    explanation = workflow.explain(complaint, session.model)
    if as_json:
        click.echo(json.dumps(workflow.explanation_dict(explanation), ensure_ascii=False, indent=1))
    else:
        show.explanation(session, explanation)


@genyin.command(help=text("columns"))
@_INPUTS
@click.option("--json", "as_json", is_flag=True, help=text("json"))
@read_options
@common_options
def columns(inputs: Sequence[str], as_json: bool, **given: Any) -> None:
    """Show how dumps are understood."""
    from dataclasses import asdict

    from pipeline import workflow
    from pipeline.cli.show import results as show

    session = Session(given)
    description = workflow.describe(inputs, session.read)
    if as_json:
        click.echo(json.dumps(asdict(description), ensure_ascii=False, indent=1))
    else:
        show.columns(session, description)


@genyin.command(help=text("mask"))
@_INPUTS
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help=text("out"))
@click.option("--format", "kind", type=click.Choice(FORMATS), help=text("format"))
@click.option("--key-file", type=click.Path(path_type=Path), help=text("key_file"))
@_JOBS
@read_options
@common_options
def mask(inputs: Sequence[str], out: Path, kind: str | None, key_file: Path | None, **given: Any) -> None:
    """Write a masked copy."""
    from pipeline import workflow
    from pipeline.cli.show import results as show

    session = Session(given)
    key = key_file or Path(session.settings.key_file or "genyin.key")
    options = workflow.MaskOptions(session.read, kind or session.settings.format, key, session.jobs, session.lang)
    before = show.standing(out)
    with session.progress(session.both("脱敏", "masking")) as bar:
        report = workflow.mask(inputs, out, options, bar)
    show.run(session, report, out, before)


def run(args: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 ok, 1 failure, 2 wrong usage, 130 stopped by the user."""
    from pipeline.cli.failures import report_failure

    try:
        code = genyin.main(args=None if args is None else list(args), prog_name="genyin", standalone_mode=False)
    except (click.ClickException, click.exceptions.Abort, GenyinError, KeyboardInterrupt, BrokenPipeError) as error:
        return report_failure(error)
    # what a command ends with on purpose; commands that just end give nothing
    return code if isinstance(code, int) else 0
