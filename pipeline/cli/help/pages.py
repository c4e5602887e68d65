"""Help pages in the language of the run, also where click has words of its own; Chinese is measured in cells."""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from unicodedata import east_asian_width

import click

from pipeline.cli.help.texts import short_text, text
from pipeline.cli.language import LANGUAGES

_HEADINGS = {"Options": "heading_options", "Commands": "heading_commands"}


_USAGE = {
    "[OPTIONS]": "usage_options",
    "COMMAND [ARGS]...": "usage_command",
    "INPUT... | COMMAND ...": "usage_main_command",
}
_KINDS = {
    "FLOAT RANGE": "kind_number",
    "INTEGER RANGE": "kind_whole_range",
    "INTEGER": "kind_whole",
    "TEXT": "kind_text",
    "PATH": "kind_path",
}
_KIND = re.compile(rf" ({'|'.join(_KINDS)})$")
# what click adds behind the help of an option: [default: 5; 2<=x<=50; required]
_ADDED = re.compile(r"(?<=  )\[[^\[\]]+\]$")
_DEFAULT = "default: "
# stands in no text; behind a character of two cells it makes click, which counts characters, count two
_FILLER = "\uffff"


class _Formatter(click.HelpFormatter):
    """Words click's headings, and wraps lines by the cells they take on the screen."""

    def write_text(self, text: str) -> None:
        super().write_text(_filled(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        worded = [(_filled(_with_kind(first)), _filled(_with_added(second))) for first, second in rows]
        super().write_dl(worded, col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_FILLER, "")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, text("usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        if heading in _HEADINGS:
            self.write(f"{'':>{self.current_indent}}{text(_HEADINGS[heading])}\n")
        else:
            super().write_heading(heading)


def _with_kind(option: str) -> str:
    """Name the kind of an option's value."""
    return _KIND.sub(lambda kind: f" {text(_KINDS[kind[1]])}", option)


def _with_added(help_text: str) -> str:
    """Word what click adds behind the help of an option."""

    def worded(part: str) -> str:
        if part.startswith(_DEFAULT):
            return text("default") + part.removeprefix(_DEFAULT)
        return text("required") if part == "required" else part

    return _ADDED.sub(lambda added: f"[{'; '.join(map(worded, added[0][1:-1].split('; ')))}]", help_text)


def _filled(text: str) -> str:
    return "".join(char + _FILLER if east_asian_width(char) in "WF" else char for char in text)


class _Context(click.Context):
    formatter_class = _Formatter


class WordedCommand(click.Command):
    """A command whose help page is all in one language."""

    context_class = _Context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line, click's own in the language of the run."""
        return [text(_USAGE[piece]) if piece in _USAGE else piece for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a help text of ours."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("help")
        return option


class WordedGroup(WordedCommand, click.Group):
    """A group that lists its commands, each with a few words; ``--lang`` may stand before the command.

    ``elsewhere``: where further commands are found (``module:name``); each is loaded when it is called.
    """

    command_class = WordedCommand
    group_class = type

    def __init__(self, *args: Any, elsewhere: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elsewhere = elsewhere or {}
        # read from the command line before any command is built: here so that it may stand before the command
        language = click.Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=text("lang"))
        self.params.append(language)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted({*self.commands, *self.elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading it first where it stands elsewhere."""
        if cmd_name in self.elsewhere and cmd_name not in self.commands:
            module, _, name = self.elsewhere[cmd_name].partition(":")
            self.add_command(getattr(import_module(f"pipeline.cli.commands.{module}"), name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        group = "" if ctx.parent is None else f"{self.name} "
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_text(group + name)) for name in self.list_commands(ctx)])
