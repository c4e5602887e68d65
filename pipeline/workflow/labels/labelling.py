"""The rows of a dump that are worth a person's minute, as a workbook to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.label_entries import hash_of
from pipeline.labels.label_store import CONTESTED, settle
from pipeline.output.handed_out import refuse_handed_out
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.workflow.classifying import load_model
from pipeline.workflow.labels.sheet import Asked, write_label_sheet
from pipeline.workflow.labels.stores import LabelStore, known_names
from pipeline.workflow.report import lang_of

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

    from pipeline.labels.queue import Choice, Pool
    from pipeline.model.classifying import Model


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """What to ask about: ``rows`` texts, ``control`` of them (a share) at random; ``model`` None = the shipped one.

    ``seed`` names another random sample; ``lang`` is the language of the workbook, empty: Chinese where a header is.
    ``force`` writes over a workbook that somebody filled in.
    """

    rows: int = 200
    control: float = 0.1
    model: Path | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    seed: str = ""
    lang: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class QueueReport:
    """What was asked: ``rows_read`` = ``texts`` (distinct, near-duplicates counted once) + ``copies`` + ``rejected``.

    ``known``: distinct texts that bear a label already; ``why``: chosen rows by ground, the control sample among them.
    """

    path: Path
    queue: str
    rows_read: int
    rejected: int
    texts: int
    copies: int
    known: int
    chosen: int
    why: dict[str, int]


def export_queue(
    inputs: Sequence[str | Path], path: Path, store: LabelStore, request: QueueRequest | None = None
) -> QueueReport:
    """Choose the rows of dumps that are worth a person's minute and write them as a workbook.

    Texts with a label in ``store`` are left out and guide the choice. The same dump, model and labels give the same
    queue, whatever the order of the rows. Raises ``InputError``, ``ModelError``, ``UsageError``, and ``GenyinError``
    for a ``path`` where a workbook was filled in.
    """
    from collections import Counter

    from pipeline.labels.queue import QueueOptions, choose

    request = request or QueueRequest()
    refuse_handed_out(path, request.force)
    model = load_model(request.model)
    dump = open_dump(inputs, request.read)
    texts, groups, rejected = _masked_texts(dump, model)
    if not texts:
        raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
    pool = _pool(texts, groups, model, store)
    choices = choose(pool, QueueOptions(rows=request.rows, control=request.control, seed=request.seed))
    if not choices:
        raise InputError("Every text has a label already; there is nothing to ask.")
    names = known_names(request.model, store)
    queue = write_label_sheet(path, "q", _asked(pool, choices, model), names, request.lang or lang_of(dump.headers))
    firsts = {int(first) for first in pool.copy_of}
    labelled = {int(first) for first, label in zip(pool.copy_of, pool.labels, strict=True) if label}
    return QueueReport(
        path,
        queue,
        rows_read=len(texts) + rejected,
        rejected=rejected,
        texts=len(firsts),
        copies=len(texts) - len(firsts),
        known=len(labelled),
        chosen=len(choices),
        why=dict(Counter(choice.why for choice in choices)),
    )


def _masked_texts(dump: Dump, model: "Model") -> tuple[list[str], list[str], int]:
    """Every usable row's text as it may be shown, the id of its problem where a column has it, and the rejects."""
    texts: list[str] = []
    groups: list[str] = []
    rejected = 0
    cleaner, masker = model.preparer.cleaner, model.preparer.masker
    for chunk in dump.chunks():
        texts += masker.mask_many(cleaner.clean_many(chunk.texts))
        groups += chunk.column("problem_id") if "problem_id" in chunk.headers else [""] * len(chunk)
        rejected += len(chunk.rejects)
    return texts, groups, rejected


def _pool(texts: Sequence[str], groups: Sequence[str], model: "Model", store: LabelStore) -> "Pool":
    import numpy as np
    from scipy.sparse import vstack

    from pipeline.labels.queue import Pool
    from pipeline.text.near_duplicates import near_duplicates
    from pipeline.text.preparing import portions

    known = {text: one.entry.labels[0] for text, one in settle(store.entries()).items() if one.how != CONTESTED}
    rows = [model.vectorise(portion) for portion in portions(texts)]
    shares = [model.calibration.probabilities(model.leaves.pooled(model.head.margins(part))) for part in rows]
    return Pool(
        texts,
        model.labels,
        np.concatenate(shares),
        vstack([part.csr() for part in rows], format="csr"),
        [known.get(hash_of(text), "") for text in texts],
        near_duplicates(texts).group,
        groups,
        _unknown_words(texts, model),
    )


def _unknown_words(texts: Sequence[str], model: "Model") -> "NDArray[floating]":
    """Share of each text's distinct words that stand nowhere in the model's vocabulary."""
    import numpy as np

    from pipeline.model.vectorising import is_word

    known = {name for name in model.vectoriser.names() if len(name) > 1}
    shares = np.zeros(len(texts))
    for place, tokens in enumerate(model.preparer.prepare(texts).tokens):
        words = {token for token in tokens if len(token) > 1 and is_word(token)}
        shares[place] = len(words - known) / len(words) if words else 0.0
    return shares


def _asked(pool: "Pool", choices: "Sequence[Choice]", model: "Model") -> list[Asked]:
    texts = [pool.texts[choice.place] for choice in choices]
    return [
        Asked(
            hash_of(text),
            text,
            said.category,
            round(said.confidence, 4),
            said.cause,
            " ".join(word for word, _ in said.reason),
            choice.why,
        )
        for text, choice, said in zip(texts, choices, model.predict(texts), strict=True)
    ]
