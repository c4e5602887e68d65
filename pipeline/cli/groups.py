"""A group of commands that does its main job when no command is named: ``genyin problems dump.xlsx``."""

from typing import Any

import click

from pipeline.cli.help.pages import WordedGroup
from pipeline.errors import UsageError


class WithMainCommand(WordedGroup):
    """Takes what is no command of its own as the arguments of ``main_command``."""

    def __init__(self, *args: Any, main_command: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main_command = main_command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the main command in front where none is named; ``--help`` stays the group's."""
        language, args = _split_language(args)
        named = not args or args[0] in self.list_commands(ctx) or args[0] in ctx.help_option_names
        if not named or (language and not args):
            args = [self.main_command, *args]
        elif args and args[0] != self.main_command:
            _refuse_broken_text(args)
        return super().parse_args(ctx, language + args)


def _split_language(args: list[str]) -> tuple[list[str], list[str]]:
    """Part ``--lang`` and its value from the arguments where they stand in front."""
    taken = 2 if args[:1] == ["--lang"] else int(bool(args) and args[0].startswith("--lang="))
    return args[:taken], args[taken:]


def _refuse_broken_text(args: list[str]) -> None:
    """``UsageError`` for bytes of another encoding: unlike the name of a file they can be neither stored nor found."""
    for arg in args:
        if any("\ud800" <= character <= "\udfff" for character in arg):
            raise UsageError(
                f"{arg!r} is not written in the encoding of this system. Type it again, or paste it as text."
            )
