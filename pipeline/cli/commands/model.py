"""Commands for the models: compare, activate, roll back, look for drift, see what more labels would bring."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pipeline.cli.help.pages import WordedGroup
from pipeline.cli.help.texts import text
from pipeline.cli.options import common_options, read_options, register_option, seed_words
from pipeline.cli.session import Session

_PATH = click.Path(path_type=Path)
_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_OUT = click.option("-o", "--out", type=_PATH, required=True, metavar="DIR", help=text("out"))
_JSON = click.option("--json", "as_json", is_flag=True, help=text("json"))
_MODELS = click.option("--models", type=_PATH, metavar="DIR", help=text("models_dir"))
_LABELS = click.option("--labels", multiple=True, metavar="FILE", help=text("compare_labels"))
_REASON = click.option("--reason", default="", metavar="WHY", help=text("why"))
_WHO = click.option("--who", metavar="NAME", help=text("who_models"))


@click.group(cls=WordedGroup, help=text("models_group"))
def models() -> None:
    """Hold the commands together."""


def _shown(session: Session, found: Any, show: Callable[[Session, Any], None]) -> None:
    if session.as_json:
        plain = found if isinstance(found, list) else asdict(found)
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
    else:
        show(session, found)


def _compare_options(session: Session, labels: Sequence[str], dump: Sequence[str] = ()) -> Any:
    from pipeline import workflow

    return workflow.CompareOptions(tuple(labels), tuple(dump), session.read, session.settings.target_precision)


@models.command(help=text("models_compare"))
@click.argument("candidate", metavar="CANDIDATE")
@click.option("--with", "active", metavar="MODEL", help=text("compare_with"))
@_LABELS
@click.option("--dump", multiple=True, metavar="INPUT", help=text("compare_dump"))
@_MODELS
@_JSON
@read_options
@common_options
def compare(candidate: str, active: str | None, labels: Sequence[str], dump: Sequence[str], **given: Any) -> None:
    """Compare two models."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    found = workflow.compare_models(candidate, active, session.models, _compare_options(session, labels, dump))
    _shown(session, found, show_models.comparison)


@models.command(help=text("models_activate"))
@click.argument("name", metavar="NAME")
@_REASON
@_LABELS
@_WHO
@_MODELS
@_JSON
@read_options
@common_options
def activate(name: str, reason: str, labels: Sequence[str], **given: Any) -> None:
    """Make a model the active one."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    options = _compare_options(session, labels)
    found = workflow.activate(name, session.models, options, workflow.Grounds(session.who, reason))
    _shown(session, found, show_models.activation)


@models.command(help=text("models_rollback"))
@_REASON
@_WHO
@_MODELS
@_JSON
@common_options
def rollback(reason: str, **given: Any) -> None:
    """Go back to the model before."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    found = workflow.rollback(session.models, workflow.Grounds(session.who, reason))
    _shown(session, found, show_models.activation)


@models.command("list", help=text("models_list"))
@_MODELS
@_JSON
@common_options
def list_(**given: Any) -> None:
    """List all models."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    found = workflow.list_models(session.models)
    if session.as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        show_models.listing(session, found)


@models.command(help=text("models_history"))
@_MODELS
@_JSON
@common_options
def history(**given: Any) -> None:
    """Show what became active when."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    _shown(session, workflow.model_history(session.models), show_models.history)


@models.command(help=text("models_drift"))
@_INPUTS
@click.option("--model", type=_PATH, metavar="DIR", help=text("model"))
@_JSON
@read_options
@common_options
def drift(inputs: Sequence[str], **given: Any) -> None:
    """Compare a dump with the training."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    _shown(session, workflow.drift(inputs, session.model, session.read), show_models.drift)


@models.command(help=text("models_curve"))
@click.option("--model", type=_PATH, metavar="DIR", help=text("curve_model"))
@click.option("--store", type=_PATH, metavar="FILE", help=text("curve_store"))
@click.option("--folds", type=click.IntRange(2, 20), default=3, show_default=True, help=text("folds"))
@_MODELS
@register_option
@_JSON
@common_options
def curve(store: Path | None, folds: int, **given: Any) -> None:
    """Say what more labels would bring."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    labels = workflow.label_store("" if store else session.register_url, store or Path("labels.jsonl"))
    options = workflow.WorthOptions(labels.entries(), folds, session.settings.target_precision)
    found = workflow.labelling_worth(session.model or workflow.default_model(), options)
    _shown(session, found, show_models.worth)


@models.command(help=text("models_seed"))
@_INPUTS
@click.option("--seed-words", "seeds", multiple=True, required=True, metavar="LABEL=WORDS", help=text("seed_words"))
@_OUT
@_JSON
@read_options
@common_options
def seed(inputs: Sequence[str], seeds: Sequence[str], out: Path, **given: Any) -> None:
    """Label by words."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    options = workflow.LabelSetOptions(session.read, session.lang or "en")
    _shown(session, workflow.seed(inputs, seed_words(seeds), out, options), show_models.seeded)


@models.command(help=text("models_relabel"))
@_INPUTS
@click.option("--changes", type=_PATH, required=True, metavar="FILE", help=text("changes"))
@_OUT
@_JSON
@read_options
@common_options
def relabel(inputs: Sequence[str], changes: Path, out: Path, **given: Any) -> None:
    """Carry labels over to a changed label set."""
    from pipeline import workflow
    from pipeline.cli.show import models as show_models

    session = Session(given)
    options = workflow.LabelSetOptions(session.read, session.lang or "en")
    _shown(session, workflow.relabel_files(inputs, changes, out, options), show_models.relabelled)
