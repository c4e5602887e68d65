"""Errors to sentences and exit codes."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.language import asked_language, system_language
from pipeline.errors import GenyinError
from pipeline.messages import translated

_INTERRUPTED = 130


def report_failure(error: BaseException) -> int:
    """Say on stderr what went wrong and return the exit code."""
    lang = asked_language(sys.argv[1:], _configured(sys.argv[1:])) or system_language()
    match error:
        case BrokenPipeError():
            # the reader of our output is gone: that is no failure of ours, and nothing can be said to it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case KeyboardInterrupt() | click.exceptions.Abort():
            click.echo(
                "已停止，没有留下半个文件。" if lang == "zh" else "Stopped; no half-written file was left.", err=True
            )
            return _INTERRUPTED
        case click.ClickException():
            _show_usage_error(error, lang)
            return error.exit_code
        case GenyinError():
            word = "错误" if lang == "zh" else "Error"
            click.echo(f"{word}: {translated(str(error), lang)}", err=True)
            return error.exit_code
    raise error


def _configured(args: Sequence[str]) -> str:
    """The language of the settings file; empty where there is none, or where it is what went wrong."""
    from pipeline.settings import load_settings

    named = [args[place + 1] for place, arg in enumerate(args[:-1]) if arg == "--settings"]
    try:
        return load_settings(Path(named[-1]) if named else None).lang
    except GenyinError:
        return ""


def _show_usage_error(error: click.ClickException, lang: str) -> None:
    # genyin without a command raises its whole help page as an error, which is in the right language already
    if lang != "zh" or type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(translated(context.get_usage(), lang), err=True)
        click.echo(translated(f"Try '{context.command_path} --help' for help.", lang) + "\n", err=True)
    click.echo(f"错误: {translated(error.format_message(), lang)}", err=True)
