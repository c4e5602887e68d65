"""Write docs/cli.md from the commands themselves: python docs/cli_reference.py > docs/cli.md."""

import sys

HEAD = """# Commands and options

`genyin COMMAND --help` shows the same in your language. Exit codes: 0 ok, 1 failure, 2 wrong usage, 130 stopped.
Results go to files and to stdout, progress and errors to stderr.
"""


def reference() -> str:
    """Return the whole page."""
    sys.argv = ["genyin", "--lang", "en"]
    from pipeline.cli.app import genyin

    parts = [HEAD]
    for name, command in sorted(genyin.commands.items()):
        context = command.make_context(name, [], resilient_parsing=True)
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"## genyin {name}\n\n```text\ngenyin {name} {usage}\n```\n\n{command.help}\n")
        rows = [option.get_help_record(context) for option in command.params if option.param_type_name == "option"]
        cells = [f"| `{flags.replace('|', chr(92) + '|')}` | {meaning} |" for flags, meaning in filter(None, rows)]
        parts.append("\n".join(["| option | meaning |", "|---|---|", *cells]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(reference())
