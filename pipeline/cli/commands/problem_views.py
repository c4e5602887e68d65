"""Commands that look at kept problems: list, show, history, similar."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.help.pages import WordedCommand
from pipeline.cli.help.texts import text
from pipeline.cli.options import day, look_options
from pipeline.cli.session import Session
from pipeline.errors import UsageError
from pipeline.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from pipeline.workflow import Register

ID = click.argument("problem_id", metavar="ID")


def some_names(register: "Register") -> list[str]:
    """A name from the register, to tell by it which language its people speak."""
    from pipeline.workflow import ProblemFilter

    return [one.name for one in register.problems(ProblemFilter(limit=1))]


@click.command("list", cls=WordedCommand, help=text("problems_list"))
@click.option("--state", "states", multiple=True, metavar="STATE", help=text("filter_state"))
@click.option("--category", default="", metavar="NAME", help=text("filter_category"))
@click.option("--department", default="", metavar="NAME", help=text("filter_department"))
@click.option("--owner", default="", metavar="NAME", help=text("filter_owner"))
@click.option("--text", "words", default="", metavar="TEXT", help=text("filter_text"))
@click.option("--since", type=day, metavar="YYYY-MM-DD", help=text("filter_since"))
@click.option("--until", type=day, metavar="YYYY-MM-DD", help=text("filter_until"))
@click.option("--mark", default="", metavar="MARK", help=text("filter_mark"))
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, metavar="N", help=text("limit"))
@look_options
def list_(states: tuple[str, ...], mark: str, category: str, words: str, limit: int, **given: Any) -> None:
    """List problems."""
    from pipeline.cli.show import register as show_register
    from pipeline.workflow import ProblemFilter, first_page
    from pipeline.workflow.register.words import mark_asked, states_asked

    session = Session(given)
    since, until = given["since"] or "", given["until"] or ""
    if until and until < since:
        raise UsageError(f"The period ends on {until} before it begins on {since}. Exchange --since and --until.")
    wanted = ProblemFilter(
        states=states_asked(states),
        category=_category(category),
        department=given["department"],
        owner=given["owner"],
        text=words,
        since=since,
        until=until,
        mark=mark_asked(mark),
    )
    with session.open_register() as register:
        if session.as_json:
            show_register.as_json([show_register.problem_json(one) for one in register.problems(wanted)])
            return
        found = first_page(register, wanted, limit or None)
        # in the language of the register where nothing of it fits
        names = [one.name for one, _ in found.shown[:1]] or some_names(register)
    show_register.listing(session, found, session.language(*names))


def _category(name: str) -> str:
    """The category with this id or name; a name that the taxonomy does not have may be the user's own."""
    named = (one.id for one in load_taxonomy().categories if name and name in (one.id, one.zh, one.en))
    return next(named, name)


@click.command(cls=WordedCommand, help=text("problems_show"))
@ID
@click.option("--complaints", type=click.IntRange(0), default=5, show_default=True, metavar="N", help=text("members"))
@look_options
def show(problem_id: str, complaints: int, **given: Any) -> None:
    """Show one problem."""
    from pipeline.cli.show import register as show_register
    from pipeline.workflow import make_up

    session = Session(given)
    with session.open_register() as register:
        one = register.problem(problem_id)
        members = register.members(one.id, complaints) if complaints else []
        made = make_up(register, one.id)
    if session.as_json:
        show_register.as_json({**show_register.problem_json(one, members), "made_up_of": asdict(made)})
    else:
        show_register.problem(session, one, members, made, problem_id)


@click.command(cls=WordedCommand, help=text("problems_history"))
@ID
@click.option("--limit", type=click.IntRange(1), metavar="N", help=text("history_limit"))
@look_options
def history(problem_id: str, limit: int | None, **given: Any) -> None:
    """Show what happened to a problem."""
    from pipeline.cli.show import register as show_register

    session = Session(given)
    with session.open_register() as register:
        events = register.history(problem_id, limit)
    if session.as_json:
        show_register.as_json([asdict(one) for one in events])
    else:
        show_register.history(session, events)


@click.command(cls=WordedCommand, help=text("problems_similar"))
@click.argument("complaint", metavar="TEXT")
@click.option("--limit", type=click.IntRange(1), default=5, show_default=True, metavar="N", help=text("similar_limit"))
@look_options
def similar(complaint: str, limit: int, **given: Any) -> None:
    """Find known problems like a new text."""
    if not complaint.strip():
        raise UsageError("There is nothing to look for: give the text of a complaint, or the id of a problem (P-0001).")
    from pipeline import workflow
    from pipeline.cli.show import checks as show_checks
    from pipeline.cli.show import register as show_register

    session = Session(given)
    with session.open_register() as register:
        found = workflow.similar(register, complaint, limit)
    if session.as_json:
        show_register.as_json([asdict(one) for one in found])
    else:
        show_checks.similar(session, found, session.language(complaint))
