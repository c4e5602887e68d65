"""Commands for putting a problem right: start a fix, end it, and check what it did."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.commands.problem import change
from pipeline.cli.commands.problem_views import ID
from pipeline.cli.help.pages import WordedCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import change_options, day, expect_option, look_options, users_option
from pipeline.cli.session import Session
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.workflow import Done, Register


@click.command(cls=WordedCommand, help=text("problems_fix"))
@ID
@click.option("--check", "check_by", type=click.Choice(("volume", "rate")), help=text("check_by"))
@click.option("--target", "check_target", type=click.FloatRange(0), metavar="N", help=text("check_target"))
@click.option("--due", type=day, metavar="DATE", help=text("due"))
@click.option("--measure", metavar="TEXT", help=text("measure"))
@click.option("--done", "fix_date", type=day, metavar="DATE", help=text("fix_date"))
@click.option("--region", "fix_regions", multiple=True, metavar="NAME", help=text("fix_regions"))
@users_option
@expect_option
@change_options
def fix(problem_id: str, fix_date: str | None, fix_regions: Sequence[str], expect: int | None, **given: Any) -> None:
    """Start a fix, or end it."""
    planned = {name: given[name] for name in ("check_by", "check_target", "due", "measure") if given[name] is not None}
    if fix_regions and fix_date is None:
        raise UsageError("--region belongs to the end of a fix: give --done DATE as well.")

    def make(register: "Register") -> "Done":
        if fix_date is None:
            return register.move(problem_id, "fixing", planned, expect)
        ended = {**planned, "fix_date": fix_date}
        if register.problem(problem_id).state == "watching":
            # said a second time: the day, and perhaps the regions, are put right
            return register.set(problem_id, {**ended, **({"fix_regions": fix_regions} if fix_regions else {})}, expect)
        ended["fix_regions"] = list(fix_regions)
        return register.move(problem_id, "watching", ended, expect)

    change(given, problem_id, make)


@click.command(cls=WordedCommand, help=text("problems_verify"))
@ID
@click.option("--as-of", type=day, metavar="DATE", help=text("as_of"))
@click.option("--users", multiple=True, metavar="N|REGION=N", help=text("users"))
@users_option
@click.option("--dry-run", is_flag=True, help=text("rehearse"))
@look_options
def verify(problem_id: str, as_of: str | None, users: Sequence[str], **given: Any) -> None:
    """Check what a fix did."""
    from pipeline.cli.show import checks as show_checks
    from pipeline.workflow import verify_problem

    session = Session(given)
    with session.open_register() as register:
        found = verify_problem(register, problem_id, date.fromisoformat(as_of) if as_of else None, _users(users))
    show_checks.checked(session, found)


def _users(entries: Sequence[str]) -> float | dict[str, float] | None:
    """How many users there are, or how many by region; ``UsageError`` for what is neither."""
    found: dict[str, float] = {}
    for entry in entries:
        region, _, number = entry.rpartition("=")
        try:
            found[region.strip()] = float(number.replace(",", ""))
        except ValueError:
            raise UsageError(
                f"--users {entry!r} cannot be used: give a number, or REGION=NUMBER for each region."
            ) from None
    if any(not 0 < number < float("inf") for number in found.values()) or ("" in found and len(found) > 1):
        raise UsageError("--users takes one number above 0, or REGION=NUMBER for each region.")
    return found.get("", found) if found else None
