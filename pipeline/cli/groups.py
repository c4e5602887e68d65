"""A group of commands that does its main job when no command is named: ``genyin problems dump.xlsx``."""

from typing import Any

import click


class WithMainCommand(click.Group):
    """Takes what is no command of its own as the arguments of ``main_command``."""

    def __init__(self, *args: Any, main_command: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main_command = main_command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the main command in front where none is named; ``--help`` stays the group's."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.main_command, *args]
        return super().parse_args(ctx, args)
