"""Labels that look wrong, as a workbook that comes back like any queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.label_entries import hash_of
from pipeline.labels.suspects import Suspect, find_suspects
from pipeline.messages import translated
from pipeline.model.examples import Example
from pipeline.model.reasons import Reason
from pipeline.output.handed_out import refuse_handed_out
from pipeline.text.cleaning import CleaningOptions
from pipeline.text.preparing import Preparer, read_word_list
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.labels.names import LabelNames
from pipeline.workflow.labels.sheet import Asked, write_label_sheet
from pipeline.workflow.models.labelled_rows import LabelledColumns, read_labelled
from pipeline.workflow.report import lang_of

_LEAST_A_LABEL = 50


@dataclass(frozen=True, slots=True)
class SuspectReport:
    """Labels that look wrong: of ``rows`` labelled rows ``listed`` stand in the workbook, the worst first.

    ``errors``: estimated number of wrong labels; ``confident``: rows that are confidently of another label; ``twins``:
    rows of which (nearly) the same text has another label. ``few``: there are fewer than 50 rows a label, too few to
    learn from, so that ``errors`` and ``confident`` count the mistakes of the models rather than those of the labels.
    """

    path: Path
    queue: str
    rows: int
    rejected: int
    listed: int
    errors: float
    confident: int
    twins: int
    few: bool = False


def export_suspects(
    inputs: Sequence[str | Path],
    path: Path,
    rows: int = 200,
    read: ReadOptions | None = None,
    lang: str = "",
    force: bool = False,
) -> SuspectReport:
    """Write the labelled rows whose labels look most wrong as a workbook; what comes back is imported as a queue is.

    Raises ``InputError`` for a dump without labels, ``TrainingError`` for too few of them, and, without ``force``,
    ``GenyinError`` for a ``path`` where a workbook was filled in.
    """
    refuse_handed_out(path, force)
    labelled = read_labelled(inputs, LabelledColumns(read or ReadOptions()))
    preparer = Preparer.from_settings(CleaningOptions(), read_word_list(None, "userdict.txt"))
    found = find_suspects(labelled.examples, preparer, explained=rows)
    shown = found.ranked[:rows]
    labels = tuple(sorted({label for example in labelled.examples for label in example.labels}))
    language = lang or lang_of([*open_dump(inputs, read).headers, *labels])
    names = LabelNames(labels)
    remarks = [_remark(labelled.examples, one, names, language) for one in shown]
    asked = _asked([labelled.examples[one.place] for one in shown], shown, found.reasons, preparer)
    told = [replace(one, remark=remark) for one, remark in zip(asked, remarks, strict=True)]
    queue = write_label_sheet(path, "s", told, names, language)
    return SuspectReport(
        path,
        queue,
        len(labelled.examples) + len(labelled.rejects),
        len(labelled.rejects),
        len(shown),
        round(found.errors, 1),
        sum(one.confident for one in found.ranked),
        sum(one.twin is not None for one in found.ranked),
        len(labelled.examples) < _LEAST_A_LABEL * len(found.categories),
    )


def _asked(
    examples: Sequence[Example], shown: Sequence[Suspect], reasons: Mapping[int, Reason], preparer: Preparer
) -> list[Asked]:
    texts = preparer.masker.mask_many(preparer.cleaner.clean_many([example.text for example in examples]))
    return [
        Asked(
            hash_of(text),
            text,
            one.suggested,
            round(1 - one.doubt, 4),
            "",
            " ".join(word for word, _ in reasons[one.place]),
            one.why,
            example.labels,
        )
        for text, example, one in zip(texts, examples, shown, strict=True)
    ]


def _remark(examples: Sequence[Example], suspect: Suspect, names: LabelNames, lang: str) -> str:
    if suspect.twin is None:
        return ""
    labels = "|".join(names.title(label, lang) for label in examples[suspect.twin].labels)
    return translated(f"nearly the same text is labelled {labels}", lang)
