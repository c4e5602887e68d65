"""Where labels are kept, a file or the register, and what they add up to as a table for training."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.label_entries import LabelEntry
from pipeline.labels.label_store import CONTESTED, LabelFile, Settled, settle
from pipeline.model.manifest import read_manifest
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.resources import default_model
from pipeline.workflow.labels.names import LabelNames

LIST_COLUMNS = (
    "text",
    "label",
    "cause",
    "source",
    "at",
    "who",
    "how",
    "queue",
    "suggested",
    "is_control",
    "text_hash",
)


class LabelStore(Protocol):
    """A label store: a ``LabelFile``, or the register through ``RegisterLabels``."""

    def entries(self) -> list[LabelEntry]:
        """The whole history."""

    def add(self, given: Sequence[LabelEntry]) -> list[LabelEntry]:
        """Append what is new and return it."""


@dataclass(frozen=True, slots=True)
class RegisterLabels:
    """The label store in the register at ``address``; opened for each call, so that others are not kept waiting."""

    address: str
    who: str = ""

    def entries(self) -> list[LabelEntry]:
        """Return the whole history; an address without a register yet has none."""
        from pipeline.register.schema import is_set_up
        from pipeline.register.store import Options, open_register

        if not is_set_up(self.address):
            return []
        with open_register(self.address, Options(self.who, create=False)) as register:
            return register.labels()

    def add(self, given: Sequence[LabelEntry]) -> list[LabelEntry]:
        """Append what is new and return it."""
        from pipeline.register.store import Options, open_register

        with open_register(self.address, Options(self.who)) as register:
            return register.add_labels(given)


def label_store(register: str = "", path: Path = Path("labels.jsonl"), who: str = "") -> LabelStore:
    """Return the store to use: the register where an address is given, else the file."""
    return RegisterLabels(register, who) if register else LabelFile(path)


def known_names(model: Path | None, store: LabelStore, labels: Sequence[str] = ()) -> LabelNames:
    """The labels that may be given: those of the model, of the store and of ``labels``, with the model's causes."""
    manifest = read_manifest(model or default_model())
    given = {label for entry in store.entries() for label in entry.labels}
    causes: dict[str, tuple[str, ...]] = {}
    for cause, category in zip(manifest["leaves"]["causes"], manifest["leaves"]["categories"], strict=True):
        if cause:
            causes[category] = (*causes.get(category, ()), cause)
    return LabelNames(tuple(dict.fromkeys((*manifest["labels"], *labels, *sorted(given)))), causes)


@dataclass(frozen=True, slots=True)
class ListReport:
    """The labels there are: ``texts`` = ``listed`` + ``contested`` (which nobody settled, so they are left out)."""

    path: Path
    entries: int
    texts: int
    listed: int
    contested: int


def list_labels(store: LabelStore, path: Path) -> ListReport:
    """Write what counts for every text as a table that ``genyin train`` reads: text, label, cause, who said it.

    Of every person the last answer counts, of several people what most of them say, and a decision above all.
    """
    entries = store.entries()
    settled = settle(entries)
    listed = [one for one in settled.values() if one.how != CONTESTED]
    with (
        result_folder(path.absolute().parent) as results,
        open_table(results.path(path.name), LIST_COLUMNS, "csv") as table,
    ):
        table.write(_listed(one) for one in listed)
    return ListReport(path, len(entries), len(settled), len(listed), len(settled) - len(listed))


def _listed(settled: Settled) -> tuple[object, ...]:
    entry = settled.entry
    control = next((answer for answer in settled.answers if answer.is_control), None)
    return (
        entry.text,
        "|".join(entry.labels),
        entry.cause,
        entry.source,
        entry.at,
        "|".join(answer.who for answer in settled.answers),
        settled.how,
        entry.queue,
        control.suggested if control else entry.suggested,
        int(control is not None),
        entry.text_hash,
    )
