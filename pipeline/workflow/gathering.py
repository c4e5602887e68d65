"""Everything grouping needs of a dump, gathered in one pass: masked texts, answers of the model, columns."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.local import early_crew
from pipeline.model.drift import Watch
from pipeline.model.manifest import read_manifest
from pipeline.model.shifts import Seen, passed_over
from pipeline.records import Chunk, Complaints, Predictions, Reject, Role
from pipeline.text.cleaning import Cleaner
from pipeline.text.files.canonical import typed_columns
from pipeline.text.privacy import Masker, pseudonym
from pipeline.text.reading import Dump
from pipeline.workflow.classifying import Answers, cell_rows, load_model
from pipeline.workflow.report import Tally
from pipeline.workflow.rows import PROBLEM_ID, PROBLEM_NAME

Progress = Callable[[int, int], None]

# columns whose cells can be personal data and are masked before anything is counted or shown
_MASKED_COLUMNS = (Role.PLACE,)
# the register keeps none of them, and with one the problems must be those that are found without
_LEFT_OUT = {
    Role.COMPLAINT_ID,
    Role.ORDER_ID,
    Role.TITLE,
    Role.TEXT,
    Role.CLOSING_NOTE,
    Role.ACCEPT_TIME,
    Role.CLOSE_TIME,
    Role.DUE_TIME,
    Role.DISPATCH_TIME,
    Role.CONTACT_TIME,
    Role.REPLY_TIME,
    Role.RATING_TIME,
    Role.CUSTOMER_NUMBER,
    Role.CONTACT_NUMBER,
    Role.CUSTOMER_NAME,
    Role.STAFF,
    Role.ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Texts:
    """What travels to a worker: joined texts for the model, titles and bodies for grouping.

    Of ``one_in`` texts one is looked at for words.
    """

    joined: Sequence[str]
    titles: Sequence[str]
    bodies: Sequence[str]
    one_in: int


@dataclass(frozen=True, slots=True)
class Understood:
    """What comes back: answer cells, cause shares (rows x causes), counts, masked titles and bodies."""

    answers: Answers
    shares: NDArray[np.float32]
    seen: Seen
    titles: list[str]
    bodies: list[str]


@dataclass(slots=True)
class Gathered:
    """A dump as grouping sees it, the answers of the model beside it, and what was rejected.

    ``named``: per file the problems that its rows name, by id, with the name they have there; ``portions``: the files
    that the rows come from, in order, and how many rows at a time.
    """

    causes: Sequence[str]
    answers: Answers = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    shares: list[NDArray[np.float32]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    times: list[NDArray[np.datetime64]] = field(default_factory=list)
    known: list[str | None] = field(default_factory=list)
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    portions: list[tuple[str, int]] = field(default_factory=list)
    columns: dict[Role, list[str]] = field(default_factory=dict)

    def complaints(self) -> Complaints:
        """The dump in the form that grouping takes."""
        count = len(self.answers)
        return Complaints(
            ids=self.ids,
            texts=self.bodies,
            titles=self.titles,
            customers=self.customers,
            times=np.concatenate(self.times) if self.times else np.zeros(0, "datetime64[s]"),
            categories=[answer[0] for answer in self.answers],
            causes=self.causes,
            cause_shares=np.concatenate(self.shares) if self.shares else np.zeros((count, 0), np.float32),
            columns=self.columns,
            confidences=[float(answer[1]) for answer in self.answers],
            needs_review=[bool(answer[5]) for answer in self.answers],
        )


def gather(dump: Dump, model: Path, jobs: int, tally: Tally, progress: Progress, key: bytes | None = None) -> Gathered:
    """Read and classify the whole dump; customers are told apart by a hash with ``key`` (None: one never stored)."""
    key = key or secrets.token_bytes(32)
    gathered = Gathered(cause_names(model))
    with early_crew(partial(understanding, model), jobs) as crew:
        # what comes after takes as long to load as the workers need to begin
        import_module("pipeline.problems.grouping")
        kept: list[tuple[Chunk, Mapping[Role, Sequence[str]]]] = []

        def texts() -> Iterator[Texts]:
            for chunk, roles in _chunks(dump):
                kept.append((chunk, roles))
                yield _texts(chunk, roles, passed_over(dump.rows_guess))

        for _, understood in crew.map(texts()):
            chunk, roles = kept.pop(0)
            tally.add(chunk)
            tally.seen.add(understood.seen)
            _add(gathered, chunk, roles, understood, key)
            progress(tally.used + tally.rejected, dump.rows_guess)
    return gathered


def understanding(folder: Path) -> Callable[[Texts], Understood]:
    """Load the model and return the function that a worker calls for each chunk."""
    model = load_model(folder)
    cleaner, masker, watch = Cleaner(), Masker(), Watch(model)
    model.predict(["。"])

    def understand(texts: Texts) -> Understood:
        answers: Answers = []
        answered: list[Predictions] = []
        total = Seen()
        for found, seen in watch.answers(texts.joined, texts.one_in):
            answers += cell_rows(found)
            answered.append(found)
            total.add(seen)
        return Understood(
            answers,
            model.cause_shares(answered),
            total,
            masker.mask_many(cleaner.clean_many(texts.titles)),
            masker.mask_many(cleaner.clean_many(texts.bodies)),
        )

    return understand


def cause_names(folder: Path) -> tuple[str, ...]:
    """The causes of a model, in the order of the columns of its cause shares."""
    return tuple(cause for cause in read_manifest(folder)["leaves"]["causes"] if cause)


def _chunks(dump: Dump) -> Iterator[tuple[Chunk, Mapping[Role, Sequence[str]]]]:
    roles = {(source.file, source.sheet): source.roles for source in dump.sources}
    for chunk in dump.chunks():
        yield chunk, roles[chunk.source, chunk.sheet]


def _texts(chunk: Chunk, roles: Mapping[Role, Sequence[str]], one_in: int) -> Texts:
    wanted = {role: roles[role] for role in (Role.TITLE, Role.TEXT) if role in roles}
    held = typed_columns(chunk, wanted).columns
    titles = held[Role.TITLE] if Role.TITLE in wanted and Role.TEXT in wanted else [""] * len(chunk)
    bodies = held[Role.TEXT] if Role.TEXT in wanted else list(chunk.texts)
    return Texts(chunk.texts, titles, bodies, one_in)


def _add(gathered: Gathered, chunk: Chunk, roles: Mapping[Role, Sequence[str]], found: Understood, key: bytes) -> None:
    before = len(gathered.answers)
    gathered.answers += found.answers
    gathered.rejects += chunk.rejects
    gathered.titles += found.titles
    gathered.bodies += found.bodies
    gathered.shares.append(found.shares)
    wanted: Mapping[Role, Sequence[str]] = {
        role: names for role, names in roles.items() if role not in (Role.TITLE, Role.TEXT)
    }
    columns = typed_columns(chunk, wanted).columns
    nothing = [""] * len(chunk)
    gathered.ids += columns.get(Role.COMPLAINT_ID, nothing)
    gathered.customers += [pseudonym(one, key) if one else "" for one in columns.get(Role.CUSTOMER_NUMBER, nothing)]
    gathered.times.append(np.array(columns.get(Role.ACCEPT_TIME, [None] * len(chunk)), "datetime64[s]"))
    _add_known(gathered, chunk)
    _add_columns(gathered.columns, columns, before, len(chunk))


def _add_known(gathered: Gathered, chunk: Chunk) -> None:
    """Append the problems that the rows of an earlier run name; rows without such a column are new."""
    gathered.portions.append((chunk.source, len(chunk)))
    if PROBLEM_ID not in chunk.headers:
        gathered.known += [None] * len(chunk)
        return
    known = [cell.strip() for cell in chunk.column(PROBLEM_ID)]
    names = chunk.column(PROBLEM_NAME) if PROBLEM_NAME in chunk.headers else [""] * len(chunk)
    gathered.known += known
    named = gathered.named.setdefault(chunk.source, {})
    named.update(
        (problem, name) for problem, name in zip(known, names, strict=True) if problem and problem not in named
    )


def _add_columns(columns: dict[Role, list[str]], found: Mapping[Role, Sequence[Any]], before: int, rows: int) -> None:
    """Append the cells of every role as text; a role that only some files have is empty in the others."""
    for role, values in found.items():
        if role not in _LEFT_OUT:
            held = columns.setdefault(role, [""] * before)
            made = ["" if value is None else str(value) for value in values]
            held += Masker().mask_many(made) if role in _MASKED_COLUMNS else made
    for held in columns.values():
        held += [""] * (before + rows - len(held))
