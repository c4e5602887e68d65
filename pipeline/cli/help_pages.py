"""Help pages in the language of the run, also where click has words of its own; Chinese is measured in cells."""

import re

import click

from pipeline.cli.help_texts import text

_FIRST_SENTENCE = re.compile(r"(.+?)(?:。|\.(?=\s|$)|\n\n|$)", re.DOTALL)
_HEADINGS = {"Options": "heading_options", "Commands": "heading_commands"}


class _Formatter(click.HelpFormatter):
    """Words click's headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, text("usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        if heading in _HEADINGS:
            self.write(f"{'':>{self.current_indent}}{text(_HEADINGS[heading])}\n")
        else:
            super().write_heading(heading)


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
    """A group that lists the first sentence of each command's help, cut to the line."""

    command_class = WordedCommand
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        listed = [(name, command) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        # the list is indented by two, its columns are two apart, and the last cell of a line stays free
        room = formatter.width - 6 - max(len(name) for name, _ in listed)
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_sentence(command.help or "", room)) for name, command in listed])


def first_sentence(help_text: str, cells: int) -> str:
    """Return the first sentence without its full stop; what is wider than ``cells`` ends in an ellipsis.

    >>> first_sentence("给出数字。缺少的列不会报错。", 20), first_sentence("给出数字。", 6)
    ('给出数字', '给出…')
    >>> first_sentence("Read 1.5 of it. Or all.", 20)
    'Read 1.5 of it'
    """
    from rich.cells import cell_len, set_cell_size

    found = _FIRST_SENTENCE.match(help_text.strip())
    sentence = " ".join(found[1].split()) if found else ""
    return sentence if cell_len(sentence) <= cells else set_cell_size(sentence, cells - 1).rstrip() + "…"
