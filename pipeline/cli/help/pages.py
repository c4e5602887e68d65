"""Help pages in the language of the run, also where click has words of its own; Chinese is measured in cells."""

from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

import click

from pipeline.cli.help.texts import short_text, text
from pipeline.cli.language import LANGUAGES

_HEADINGS = {"Options": "heading_options", "Commands": "heading_commands"}


# stands in no text; behind a character of two cells it makes click, which counts characters, count two
_FILLER = "\uffff"


class _Formatter(click.HelpFormatter):
    """Words click's headings, and wraps lines by the cells they take on the screen."""

    def write_text(self, text: str) -> None:
        super().write_text(_filled(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_filled(first), _filled(second)) for first, second in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_FILLER, "")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, text("usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        if heading in _HEADINGS:
            self.write(f"{'':>{self.current_indent}}{text(_HEADINGS[heading])}\n")
        else:
            super().write_heading(heading)


def _filled(text: str) -> str:
    return "".join(char + _FILLER if east_asian_width(char) in "WF" else char for char in text)


class _Context(click.Context):
    formatter_class = _Formatter


class WordedCommand(click.Command):
    """A command whose help page is all in one language."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a help text of ours."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("help")
        return option


class WordedGroup(WordedCommand, click.Group):
    """A group that lists its commands, each with a few words; ``--lang`` may stand before the command."""

    command_class = WordedCommand
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # read from the command line before any command is built: here so that it may stand before the command
        language = click.Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=text("lang"))
        self.params.append(language)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        group = "" if ctx.parent is None else f"{self.name} "
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_text(group + name)) for name in self.list_commands(ctx)])
