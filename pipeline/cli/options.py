"""Options that several commands share, and what they become."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.cli.help.texts import text
from pipeline.errors import UsageError
from pipeline.messages import role_called
from pipeline.records import Role

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("csv", "xlsx", "jsonl", "parquet")
GRANULARITIES = ("coarse", "normal", "fine")
# numbers that every database can hold
NUMBER = click.IntRange(0, 2**31 - 1)


def read_options(command: Command) -> Command:
    """Add the options of every command that reads a dump."""
    added = (
        click.option("--text", "text_columns", metavar="COLUMN[,COLUMN]", help=text("text")),
        click.option("--column", "columns", multiple=True, metavar="ROLE=HEADER", help=text("column")),
        click.option("--sheet", help=text("sheet")),
        click.option("--encoding", help=text("encoding")),
        click.option("--delimiter", help=text("delimiter")),
    )
    return _add(command, added)


def problem_options(command: Command) -> Command:
    """Add the options of every command that finds problems."""
    added = (
        click.option("--min-size", type=click.IntRange(2), metavar="N", help=text("min_size")),
        click.option("--granularity", type=click.Choice(GRANULARITIES), help=text("granularity")),
        click.option("--inside-category", is_flag=True, help=text("inside_category")),
        click.option("--keep-problems", is_flag=True, help=text("keep_problems")),
    )
    return _add(command, added)


def train_options(command: Command) -> Command:
    """Add the options of learning on from a model with new labels."""
    added = (
        click.option("--from", "parent", metavar="MODEL", help=text("from")),
        click.option("--changes", type=click.Path(path_type=Path, exists=True), metavar="FILE", help=text("changes")),
        click.option("--weigh", multiple=True, metavar="SOURCE=WEIGHT", help=text("weigh")),
        click.option("--half-life", type=click.FloatRange(0, min_open=True), metavar="DAYS", help=text("half_life")),
        click.option("--use-all", is_flag=True, help=text("use_all")),
        click.option("--models", type=click.Path(path_type=Path), metavar="DIR", help=text("models_dir")),
    )
    return _add(command, added)


def register_option(command: Command) -> Command:
    """Add ``--register`` to a command that keeps problems, or works with those that are kept."""
    return click.option("--register", "register", metavar="URL", help=text("register"))(command)


def keep_options(command: Command) -> Command:
    """Add the options of a command that loads complaints into a register."""
    return register_option(click.option("--who", metavar="NAME", help=text("who"))(users_option(command)))


def users_option(command: Command) -> Command:
    """Add ``--subscribers`` to a command that may fill in a rate per users."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--subscribers", type=kind, metavar="FILE", help=text("subscribers"))(command)


def change_options(command: Command) -> Command:
    """Add what every command has that changes a register: rehearsal, the person, the language and the rest."""
    added = (
        click.option("--dry-run", is_flag=True, help=text("rehearse")),
        click.option("--who", metavar="NAME", help=text("who")),
        click.option("--json", "as_json", is_flag=True, help=text("json")),
        register_option,
        common_options,
    )
    return _add(command, added)


def look_options(command: Command) -> Command:
    """Add what every command has that shows something of a register."""
    return _add(
        command, (click.option("--json", "as_json", is_flag=True, help=text("json")), register_option, common_options)
    )


def expect_option(command: Command) -> Command:
    """Add ``--expect`` to a command that changes one problem which another person may change as well."""
    return click.option("--expect", type=NUMBER, metavar="VERSION", help=text("expect"))(command)


def force_option(command: Command) -> Command:
    """Add ``--force`` to a command that writes a workbook which people fill in."""
    return click.option("--force", is_flag=True, help=text("force"))(command)


def day(value: str) -> str:
    """Check a day given as an option; ``UsageError`` for what is none."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise UsageError(f"{value!r} is not a day; write it like 2026-03-01.") from None


def month(value: str) -> str:
    """Check a month given as an option; ``UsageError`` for what is none."""
    try:
        return date.fromisoformat(f"{value}-01").isoformat()[:7]
    except ValueError:
        raise UsageError(f"{value!r} is not a month; write it like 2026-03.") from None


def common_options(command: Command) -> Command:
    """Add what every command has: language, settings file, silence."""
    added = (
        click.option("--lang", type=click.Choice(("zh", "en")), expose_value=False, help=text("lang")),
        click.option("--settings", "settings_file", type=click.Path(path_type=Path), help=text("settings")),
        click.option("-q", "--quiet", is_flag=True, help=text("quiet")),
    )
    return _add(command, added)


def _add(command: Command, added: Sequence[Callable[[Any], Any]]) -> Command:
    for option in reversed(added):
        command = option(command)
    return command


def column_roles(text_columns: str | None, columns: Sequence[str]) -> dict[Role, tuple[str, ...]]:
    """Turn ``--text`` and ``--column`` into overrides; ``UsageError`` for an unknown role or a missing ``=``."""
    chosen: dict[Role, tuple[str, ...]] = {}
    for entry in columns:
        name, sign, header = entry.partition("=")
        role = role_called(name.strip())
        if not sign or role not in set(Role) or not header.strip():
            raise UsageError(
                f"--column {entry!r} cannot be used: write ROLE=HEADER, for example --column text=投诉内容. "
                f"Roles are {', '.join(Role)}."
            )
        known = chosen.get(Role(role), ())
        chosen[Role(role)] = (*known, *_split(header))
    if text_columns:
        chosen[Role.TEXT] = _split(text_columns)
    return chosen


def row_weights(weigh: Sequence[str]) -> dict[str, float]:
    """Turn ``--weigh`` into weights by source; ``UsageError`` for what is no positive number."""
    weights = {}
    for entry in weigh:
        source, _, number = entry.rpartition("=")
        try:
            weights[source.strip()] = float(number)
        except ValueError:
            weights[source.strip()] = 0.0
        if not source.strip() or not 0 < weights[source.strip()] < float("inf"):
            raise UsageError(
                f"--weigh {entry!r} cannot be used: write SOURCE=WEIGHT with a number above 0, for example "
                "--weigh parent=0.5."
            )
    return weights


def seed_words(seeds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Turn ``--seed-words`` into words by label; ``UsageError`` for one without a label or without words."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in seeds:
        label, _, words = entry.partition("=")
        if not label.strip() or not _split(words):
            raise UsageError(
                f"--seed-words {entry!r} cannot be used: write LABEL=WORD,WORD, "
                "for example --seed-words 资费=扣费,话费."
            )
        found[label.strip()] = (*found.get(label.strip(), ()), *_split(words))
    return found


def _split(headers: str) -> tuple[str, ...]:
    return tuple(header.strip() for header in headers.replace("，", ",").split(",") if header.strip())
