"""The workbook of a queue: what is asked, what is filled in, and the hidden columns that bring it home."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.messages import translated
from pipeline.output.folder import result_folder
from pipeline.output.workbook import Column, Sheet, Workbook
from pipeline.text.files.filled_in import Field
from pipeline.workflow.labels.names import LabelNames

ID, QUEUE, WHY, SUGGESTED, TEXT = "id", "queue", "why", "suggested", "text"
LABEL, SECOND, CAUSE, COMMENT, LABELLER = "label", "second", "cause", "comment", "labeller"

# name: (Chinese header, English header)
_HEADERS = {
    ID: ("编号", "id"),
    QUEUE: ("批次", "queue"),
    WHY: ("入选原因", "why"),
    SUGGESTED: ("建议代码", "suggested"),
    "number": ("序号", "no."),
    TEXT: ("投诉内容", "complaint_text"),
    "present": ("现有标签", "present_label"),
    "suggestion": ("建议标签", "suggestion"),
    "confidence": ("置信度", "confidence"),
    "suggested_cause": ("建议根因", "suggested_cause"),
    "reason": ("判断依据", "reason_words"),
    "remark": ("提示", "remark"),
    LABEL: ("标签", "label"),
    SECOND: ("第二标签", "second_label"),
    CAUSE: ("根因", "cause"),
    COMMENT: ("备注", "comment"),
    LABELLER: ("标注人", "labeller"),
}
_WIDTHS = {"number": 6, TEXT: 72, "confidence": 9, "reason": 26, "remark": 20, CAUSE: 18, COMMENT: 24, LABELLER: 10}
_HIDDEN = (ID, QUEUE, WHY, SUGGESTED)
_SHOWN = ("number", TEXT, "present", "suggestion", "confidence", "suggested_cause", "reason", "remark")
_TO_FILL = (LABEL, SECOND, CAUSE, COMMENT, LABELLER)
_OPTIONAL = ("present", "suggested_cause", "remark")
_WRAPPED = (TEXT, "reason", "remark", COMMENT)
_HINTS = {
    LABEL: "Choose from the list; part several labels with |.",
    SECOND: "May stay empty.",
    CAUSE: "May stay empty; it must belong to the label.",
    LABELLER: "Your name, in every row; one person alone may leave it empty.",
}
_REFUSAL = "This column is computed. Please write in the yellow columns."
_GUIDE = (
    "How to fill this in:",
    "Write in the yellow columns: choose a label from the list; for several labels use the second label as well, "
    "or part them with | in the label column. Where no label fits, write a new one.",
    "Rows you are not sure of may stay empty. You may sort, filter, delete rows and add columns; leave the texts, "
    "the headers and the hidden columns as they are.",
    "Read the text before the suggestion: suggestions can be wrong. Some rows were drawn at random, to estimate "
    "the errors among the rest.",
    "These are the labels:",
)

FIELDS = tuple(Field(name, _HEADERS[name], name in (ID, TEXT, LABEL)) for name in (*_HIDDEN, TEXT, *_TO_FILL))


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the queue: ``text`` is masked; ``why`` is a code of ``labels.queue`` or ``labels.suspects``.

    ``confidence``: that of the suggestion, or of the present label where there is one. ``present``: the labels to be
    doubted, in a queue of suspects; empty otherwise.
    """

    text_hash: str
    text: str
    suggested: str
    confidence: float | None
    cause: str
    reason: str
    why: str
    present: tuple[str, ...] = ()
    remark: str = ""


def queue_id(kind: str, rows: Sequence[Asked]) -> str:
    """Name of a queue: its kind (q, s), a hash of its texts, and how many they are, so that deleted rows are missed.

    >>> queue_id("q", [])
    'q-e3b0c442/0'
    """
    return f"{kind}-{sha256(''.join(row.text_hash for row in rows).encode()).hexdigest()[:8]}/{len(rows)}"


def write_label_sheet(path: Path, kind: str, rows: Sequence[Asked], names: LabelNames, lang: str) -> str:
    """Write the workbook and return the queue's name; a file at ``path`` is replaced in one step."""
    language = 0 if lang == "zh" else 1
    queue = queue_id(kind, rows)
    told = {name for row in rows for name, value in _optional(row).items() if value}
    shown = [name for name in _SHOWN if name in told or name not in _OPTIONAL]
    to_fill = [name for name in _TO_FILL if name != CAUSE or names.shown_causes(lang)]
    columns = tuple(_column(name, names, lang) for name in (*_HIDDEN, *shown, *to_fill))
    sheet = Sheet(("复核", "review")[language], columns, "typing", refusal=translated(_REFUSAL, lang))
    table = (
        [
            row.text_hash,
            queue,
            row.why,
            row.suggested,
            *_cells(number, row, shown, names, lang),
            *([None] * len(to_fill)),
        ]
        for number, row in enumerate(rows, start=1)
    )
    with result_folder(path.absolute().parent) as results, Workbook(results.path(path.name)) as book:
        book.sheet(sheet, table)
        book.lines(
            ("说明", "guide")[language], [*(translated(line, lang) for line in _GUIDE), *_definitions(names, lang)]
        )
    return queue


def _optional(row: Asked) -> dict[str, object]:
    """What has a column only where some row has it."""
    return dict(zip(_OPTIONAL, (row.present, row.cause, row.remark), strict=True))


def _column(name: str, names: LabelNames, lang: str) -> Column:
    language = 0 if lang == "zh" else 1
    choices = {LABEL: names.shown_labels, SECOND: names.shown_labels, CAUSE: names.shown_causes}.get(name)
    return Column(
        _HEADERS[name][language],
        _WIDTHS.get(name, 14),
        to_fill=name in _TO_FILL,
        hidden=name in _HIDDEN,
        choices=choices(lang) if choices else (),
        hint=translated(_HINTS[name], lang) if name in _HINTS else "",
        wrap=name in _WRAPPED,
        number_format="0%" if name == "confidence" else "",
    )


def _cells(number: int, row: Asked, shown: Sequence[str], names: LabelNames, lang: str) -> list[object]:
    cells: dict[str, object] = {
        "number": number,
        TEXT: row.text,
        "present": "|".join(names.title(label, lang) for label in row.present),
        "suggestion": names.title(row.suggested, lang) if row.suggested else "",
        "confidence": row.confidence,
        "suggested_cause": names.title(row.cause, lang) if row.cause else "",
        "reason": row.reason,
        "remark": row.remark,
    }
    return [cells[name] for name in shown]


def _definitions(names: LabelNames, lang: str) -> list[str]:
    known = {category.id: category.definition for category in names.taxonomy.categories}
    return [
        f"{names.title(label, lang)} ({label})" + (f": {known[label]}" if label in known else "")
        for label in names.labels
    ]
