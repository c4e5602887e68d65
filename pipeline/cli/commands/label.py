"""Commands about labels: a queue out, answers in, suspected labels, the labels as a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.help.pages import WordedGroup
from pipeline.cli.help.texts import text
from pipeline.cli.options import common_options, force_option, read_options, register_option
from pipeline.cli.session import Session

if TYPE_CHECKING:
    from pipeline.workflow import LabelStore

_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_OUT = click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=text("label_out")
)
_MODEL = click.option("--model", type=click.Path(path_type=Path), metavar="DIR", help=text("model"))
_STORE = click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help=text("label_store"))
_JSON = click.option("--json", "as_json", is_flag=True, help=text("json"))
_ROWS = click.option("--rows", type=click.IntRange(1), default=200, show_default=True, help=text("label_rows"))


@click.group(cls=WordedGroup, help=text("label_group"))
def label() -> None:
    """Hold the commands together."""


@label.command(help=text("label_export"))
@_INPUTS
@_OUT
@_ROWS
@click.option("--control", type=click.FloatRange(0, 1), default=0.1, show_default=True, help=text("label_control"))
@click.option("--seed", default="", help=text("label_seed"))
@force_option
@_MODEL
@_STORE
@register_option
@_JSON
@read_options
@common_options
def export(inputs: Sequence[str], out: Path, rows: int, control: float, seed: str, **given: Any) -> None:
    """Write a queue."""
    from pipeline import workflow
    from pipeline.cli.show import labels as show_labels

    session = Session(given)
    request = workflow.QueueRequest(rows, control, session.model, session.read, seed, session.lang, given["force"])
    show_labels.queue(session, workflow.export_queue(inputs, out, _store(session, given), request))


@label.command("import", help=text("label_import"))
@_INPUTS
@click.option("--labeller", default="", metavar="NAME", help=text("labeller"))
@click.option("--new-label", "new_labels", multiple=True, metavar="NAME", help=text("new_label"))
@click.option("--settle", is_flag=True, help=text("label_settle"))
@click.option("--dry-run", is_flag=True, help=text("label_dry_run"))
@_MODEL
@_STORE
@register_option
@_JSON
@common_options
def import_(inputs: Sequence[str], labeller: str, new_labels: Sequence[str], settle: bool, **given: Any) -> None:
    """Read answers."""
    from pipeline import workflow
    from pipeline.cli.show import labels as show_labels

    session = Session(given)
    options = workflow.ImportOptions(
        labeller, tuple(new_labels), settle, session.model, session.dry_run, session.lang or "en"
    )
    report = workflow.import_labels(inputs, _store(session, given), options)
    show_labels.imported(session, report)
    if report.mistaken:
        raise click.exceptions.Exit(1)


@label.command(help=text("label_suspects"))
@_INPUTS
@_OUT
@_ROWS
@force_option
@_JSON
@read_options
@common_options
def suspects(inputs: Sequence[str], out: Path, rows: int, **given: Any) -> None:
    """Write a queue of labels that look wrong."""
    from pipeline import workflow
    from pipeline.cli.show import labels as show_labels

    session = Session(given)
    found = workflow.export_suspects(inputs, out, rows, session.read, session.lang, given["force"])
    show_labels.suspects(session, found)


@label.command("list", help=text("label_list"))
@_OUT
@_STORE
@register_option
@_JSON
@common_options
def list_(out: Path, **given: Any) -> None:
    """Write the labels that count."""
    from pipeline import workflow
    from pipeline.cli.show import labels as show_labels

    session = Session(given)
    show_labels.listed(session, workflow.list_labels(_store(session, given), out))


def _store(session: Session, given: dict[str, Any]) -> "LabelStore":
    """The store that was named; the register before the file of the same folder."""
    from pipeline import workflow

    path = given["store"]
    return workflow.label_store("" if path else session.register_url, path or Path("labels.jsonl"), session.who)
