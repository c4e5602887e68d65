"""Commands that change kept problems; each is one change of the register, rehearsed with ``--dry-run``."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.commands.problem_views import ID, some_names
from pipeline.cli.help.pages import WordedCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import NUMBER, change_options, expect_option, month, users_option
from pipeline.cli.session import Session
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.workflow import Done, Register


def change(given: dict[str, Any], problem_id: str, make: "Callable[[Register], Done]", said: str = "") -> None:
    """Make a change of one problem and show it."""
    from pipeline.cli.show import changes as show_changes

    session = Session(given)
    with session.open_register() as register:
        before = register.problem(problem_id)
        done = make(register)
    show_changes.changed(session, done, before, problem_id, said)


@click.command("set", cls=WordedCommand, help=text("problems_set"))
@ID
@click.argument("entries", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--state", metavar="STATE", help=text("set_state"))
@users_option
@expect_option
@change_options
def set_(problem_id: str, entries: Sequence[str], state: str | None, expect: int | None, **given: Any) -> None:
    """Fill in fields, or change the state."""
    from pipeline.workflow.register.words import fields_given

    changes = fields_given(entries)
    if not changes and not state:
        raise UsageError("Nothing to set: give FIELD=VALUE, for example owner=李工, or --state STATE.")

    def make(register: "Register") -> "Done":
        if state:
            return register.move(problem_id, state, changes, expect)
        return register.set(problem_id, changes, expect)

    change(given, problem_id, make)


@click.command(cls=WordedCommand, help=text("problems_merge"))
@click.argument("problem_ids", nargs=-1, required=True, metavar="ID...")
@click.option("--into", required=True, metavar="ID", help=text("into"))
@expect_option
@change_options
def merge(problem_ids: Sequence[str], into: str, expect: int | None, **given: Any) -> None:
    """Let problems live on in another one."""
    said = f"{' + '.join(dict.fromkeys(problem_ids))} → {into}"
    change(given, into, lambda register: register.merge(problem_ids, into, expect), said)


@click.command(cls=WordedCommand, help=text("problems_split"))
@ID
@click.option("--complaint", "complaints", multiple=True, metavar="ID", help=text("split_complaint"))
@click.option("--phrase", default="", metavar="TEXT", help=text("split_phrase"))
@click.option("--name", default="", metavar="NAME", help=text("split_name"))
@expect_option
@change_options
def split(problem_id: str, complaints: Sequence[str], phrase: str, name: str, **given: Any) -> None:
    """Make a new problem of a part."""
    from pipeline.cli.show import changes as show_changes

    session = Session(given)
    with session.open_register() as register:
        done = register.split(problem_id, complaints, phrase, name, given["expect"])
    show_changes.changed(session, done, said=f"{problem_id} → {done.problem.id}")


@click.command(cls=WordedCommand, help=text("problems_rename"))
@ID
@click.argument("name")
@expect_option
@change_options
def rename(problem_id: str, name: str, expect: int | None, **given: Any) -> None:
    """Give a name that no run changes."""
    change(given, problem_id, lambda register: register.rename(problem_id, name, expect))


@click.command(cls=WordedCommand, help=text("problems_dismiss"))
@ID
@click.option("--reason", required=True, metavar="TEXT", help=text("reason"))
@click.option("--limit", type=NUMBER, metavar="N", help=text("dismiss_limit"))
@expect_option
@change_options
def dismiss(problem_id: str, reason: str, limit: int | None, expect: int | None, **given: Any) -> None:
    """Say that this is no problem."""
    change(given, problem_id, lambda register: register.dismiss(problem_id, reason, limit, expect))


@click.command(cls=WordedCommand, help=text("problems_link"))
@click.argument("complaints", nargs=-1, required=True, metavar="COMPLAINT...")
@click.option("--problem", "problem_id", default="", metavar="ID", help=text("link_problem"))
@click.option("--apart", is_flag=True, help=text("apart"))
@expect_option
@change_options
def link(complaints: Sequence[str], problem_id: str, apart: bool, expect: int | None, **given: Any) -> None:
    """Say that complaints belong together, or do not."""
    from pipeline.cli.show import changes as show_changes

    session = Session(given)
    if expect is not None and not problem_id:
        raise UsageError("--expect is the version of a problem: give --problem ID as well.")
    with session.open_register() as register:
        done = (register.separate if apart else register.link)(complaints, problem_id, expect)
    show_changes.changed(session, done, asked=problem_id)


@click.command(cls=WordedCommand, help=text("problems_assign"))
@ID
@click.option("--owner", metavar="NAME", help=text("owner"))
@click.option("--department", "lead_department", metavar="NAME", help=text("department"))
@expect_option
@change_options
def assign(problem_id: str, owner: str | None, lead_department: str | None, expect: int | None, **given: Any) -> None:
    """Give a problem its owner and its lead department."""
    wanted = {"owner": owner, "lead_department": lead_department}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if not changes:
        raise UsageError("Nothing to assign: give --owner NAME, --department NAME or both.")
    change(given, problem_id, lambda register: register.set(problem_id, changes, expect))


@click.command(cls=WordedCommand, help=text("problems_note"))
@ID
@click.argument("words", metavar="TEXT")
@click.option("--month", "in_month", type=month, metavar="YYYY-MM", help=text("month"))
@expect_option
@change_options
def note(problem_id: str, words: str, in_month: str | None, expect: int | None, **given: Any) -> None:
    """Add a progress note."""
    change(given, problem_id, lambda register: register.note(problem_id, words, in_month or "", expect))


@click.command(cls=WordedCommand, help=text("problems_undo"))
@click.argument("event", type=NUMBER, metavar="EVENT")
@change_options
def undo(event: int, **given: Any) -> None:
    """Take a change back."""
    from pipeline.cli.show import changes as show_changes

    session = Session(given)
    with session.open_register() as register:
        done = register.undo(event)
        lang = session.language(*some_names(register))
    show_changes.undone(session, done, lang)


@click.command(cls=WordedCommand, help=text("problems_proposals"))
@click.option("--accept", type=NUMBER, metavar="N", help=text("accept"))
@click.option("--refuse", type=NUMBER, metavar="N", help=text("refuse"))
@change_options
def proposals(accept: int | None, refuse: int | None, **given: Any) -> None:
    """List the uncertain matches, or answer one."""
    from pipeline.cli.show import changes as show_changes

    session = Session(given)
    if accept is not None and refuse is not None:
        raise UsageError("Give --accept N or --refuse N, not both at once.")
    with session.open_register() as register:
        if accept is not None:
            show_changes.changed(session, register.answer(accept, accept=True))
        elif refuse is not None:
            show_changes.changed(session, register.answer(refuse, accept=False))
        else:
            _waiting(session, register)


def _waiting(session: Session, register: "Register") -> None:
    from pipeline.cli.show import register as show_register

    found = register.proposals()
    if session.as_json:
        show_register.as_json([asdict(one) for one in found])
        return
    ids = {problem_id for one in found for problem_id in (one.problem, one.other) if problem_id}
    names = {problem_id: register.problem(problem_id).name for problem_id in ids}
    show_register.proposals(session, found, names, session.language(*some_names(register)))
