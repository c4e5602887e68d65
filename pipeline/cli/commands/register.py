"""Commands for the register as a whole: set up, copy, hand over, check."""

import tempfile
from pathlib import Path
from typing import Any

import click

from pipeline.cli.help.pages import WordedGroup
from pipeline.cli.help.texts import text
from pipeline.cli.options import common_options, register_option
from pipeline.cli.session import Session

_FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")


@click.group(cls=WordedGroup, help=text("register_group"))
def register() -> None:
    """Hold the commands together."""


@register.command(help=text("register_migrate"))
@click.option("--dry-run", is_flag=True, help=text("migrate_dry_run"))
@register_option
@common_options
def migrate(**given: Any) -> None:
    """Bring a register to this version's revision."""
    from pipeline import workflow

    session = Session(given)
    before, after = workflow.migrate(session.needed_register_url, session.dry_run)
    if before == after:
        session.say(session.both(f"已是最新版本 {after}。", f"It is of revision {after} already."))
    else:
        session.say(session.both(f"版本 {before or '（空）'} → {after}", f"revision {before or '(empty)'} → {after}"))
    if session.dry_run:
        session.say(session.both("试运行：未保存任何内容。", "Dry run: nothing was saved."))


@register.command(help=text("register_backup"))
@_FILE
@register_option
@common_options
def backup(file: Path, **given: Any) -> None:
    """Copy a register while it is in use."""
    from pipeline import workflow

    session = Session(given)
    workflow.backup_register(session.needed_register_url, file)
    session.say(session.both(f"备份: {file}", f"Backup: {file}"))


@register.command(help=text("register_export"))
@_FILE
@register_option
@common_options
def export(file: Path, **given: Any) -> None:
    """Write a register as JSON Lines."""
    session = Session(given)
    with session.open_register() as opened:
        rows = opened.export(file)
    session.say(session.both(f"已导出 {rows:,} 行: {file}", f"{rows:,} rows exported: {file}"))


@register.command("import", help=text("register_import"))
@_FILE
@click.option("--dry-run", is_flag=True, help=text("import_dry_run"))
@register_option
@common_options
def import_(file: Path, **given: Any) -> None:
    """Read an export into an empty register."""
    from pipeline import workflow

    session = Session(given)
    if session.dry_run:
        # a rehearsal in the register itself would have to set it up first
        with tempfile.TemporaryDirectory() as folder, workflow.open_register(f"sqlite:///{folder}/genyin.db") as opened:
            rows = opened.import_(file)
        session.say(session.both(f"导出文件完整，共 {rows:,} 行。", f"The export is whole: {rows:,} rows."))
        session.say(session.both("试运行：未保存任何内容。", "Dry run: nothing was saved."))
        return
    rows = workflow.import_register(session.needed_register_url, file)
    session.say(session.both(f"已导入 {rows:,} 行。", f"{rows:,} rows imported."))


@register.command(help=text("register_check"))
@register_option
@common_options
def check(**given: Any) -> None:
    """Hold the tables against the events."""
    from pipeline.messages import translated

    session = Session(given)
    with session.open_register() as opened:
        found = opened.check()
    for line in found:
        click.echo(translated(line, session.lang))
    if found:
        raise click.exceptions.Exit(1)
    session.say(
        session.both("问题台账一致：各表与事件记录相符。", "The register is sound: its tables say what its events say.")
    )
