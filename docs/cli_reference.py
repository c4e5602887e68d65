"""Write docs/cli.md from the commands themselves: python docs/cli_reference.py > docs/cli.md."""

import sys
from typing import Any

HEAD = """# Commands and options

`genyin COMMAND --help` shows the same in your language. Exit codes: 0 ok, 1 failure, 2 wrong usage, 130 stopped.
Results go to files and to stdout, progress and errors to stderr.
"""


def reference() -> str:
    """Return the whole page."""
    sys.argv = ["genyin", "--lang", "en"]
    from pipeline.cli.app import genyin

    parts = [HEAD]
    for name, command in loaded(genyin):
        for called, one in commands(name, command):
            parts.append(section(called, one))
    return "\n".join(parts)


def commands(name: str, command: Any) -> list[tuple[str, Any]]:
    """A command, or those of a group; the main command of a group goes by the group's name."""
    if not hasattr(command, "commands"):
        return [(name, command)]
    main = getattr(command, "main_command", None)
    ordered = sorted(loaded(command), key=lambda pair: (pair[0] != main, pair[0]))
    return [(name if part == main else f"{name} {part}", one) for part, one in ordered]


def loaded(group: Any) -> list[tuple[str, Any]]:
    """All commands of a group with their names, in order."""
    return [(name, group.get_command(None, name)) for name in group.list_commands(None)]


def section(name: str, command: Any) -> str:
    """What one command takes and does."""
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.collect_usage_pieces(context))
    rows = [option.get_help_record(context) for option in command.params if option.param_type_name == "option"]
    cells = [f"| `{flags.replace('|', chr(92) + '|')}` | {meaning} |" for flags, meaning in filter(None, rows)]
    table = "\n".join(["| option | meaning |", "|---|---|", *cells]) + "\n"
    return f"## genyin {name}\n\n```text\ngenyin {name} {usage}\n```\n\n{command.help}\n\n{table}"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(reference())
