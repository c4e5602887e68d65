"""The sheet that a review fills in: one row per problem of the register, what is known protected, what is decided open.

Every row carries, hidden, the id of its problem, the version it was exported at, and a fingerprint of every cell. So a
filled-in sheet needs no order and no position: what differs from its fingerprint is what a person changed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from pipeline.output.workbook import Column, Placed, Sheet, Workbook
from pipeline.register.fields import CAUSE_CLASSES
from pipeline.register.lifecycle import CHINESE, State
from pipeline.register.rows import Problem
from pipeline.taxonomy import Category, Cause, Taxonomy
from pipeline.workflow.register.words import field_name, mark_name, state_name

ID, VERSION, PRINTS, EXPORTED = "genyin_id", "genyin_version", "genyin_prints", "genyin_exported"
DECISION, MERGE_INTO, PROGRESS, STATE = "decision", "merge_into", "progress", "state"
WATCH, WATCH_UNTIL = "watch", "watch_until"
SHEET = {"zh": "问题清单", "en": "Problems"}
# what a meeting can decide on in one word; how each is carried out stands in handing_back
DECISIONS = {
    "open": {"zh": "立项", "en": "open"},
    "merge": {"zh": "合并", "en": "merge"},
    "dismiss": {"zh": "不是问题", "en": "not a problem"},
    "accept_risk": {"zh": "接受风险", "en": "accept the risk"},
    "close": {"zh": "关闭", "en": "close"},
    WATCH: {"zh": "继续观察", "en": "keep watching"},
}
# the states that decisions end in
STATE_OF = {
    "open": State.OPEN.value,
    "dismiss": State.NOT_A_PROBLEM.value,
    "accept_risk": State.ACCEPTED_RISK.value,
    "close": State.CLOSED.value,
}
CHECK_WORDS = {"volume": {"zh": "投诉量", "en": "volume"}, "rate": {"zh": "投诉率", "en": "rate"}}
REVIEWED, REVIEWED_CUSTOMERS = "reviewed", "reviewed_customers"
_EXTRA_WORDS = {
    "id": {"zh": "问题编号", "en": "problem"},
    # of what is reviewed, and of all that the register holds: a reader of a month must not take one for the other
    REVIEWED: {"zh": "评审期投诉量", "en": "complaints in this review"},
    "complaints": {"zh": "累计投诉量", "en": "complaints in all"},
    REVIEWED_CUSTOMERS: {"zh": "评审期客户数", "en": "customers in this review"},
    "customers": {"zh": "累计客户数", "en": "customers in all"},
    DECISION: {"zh": "决定", "en": "decision"},
    MERGE_INTO: {"zh": "合并到", "en": "merge into"},
    PROGRESS: {"zh": "本月进展", "en": "progress this month"},
}
_HINTS = {
    DECISION: {
        "zh": "选“合并”时填“合并到”；“不是问题”“接受风险”“关闭”时填“关闭说明”；“继续观察”可填日期，不填为 30 天。",
        "en": "With merge fill in 'merge into'; with not a problem, accept the risk or close the 'close reason'; "
        "with keep watching a day, or it is 30 days.",
    },
    WATCH_UNTIL: {
        "zh": "日期，例如 2026-03-31；与“继续观察”同填",
        "en": "a day such as 2026-03-31, with keep watching",
    },
    "due": {"zh": "日期，例如 2026-03-31", "en": "a day such as 2026-03-31"},
    "fix_date": {"zh": "整改完成的日期，例如 2026-03-31", "en": "the day the fix was done, e.g. 2026-03-31"},
    "check_target": {"zh": "验证目标：投诉量或投诉率降到多少", "en": "what volume or rate is to come down to"},
    MERGE_INTO: {"zh": "另一个问题的编号，例如 P-0042", "en": "the id of another problem, e.g. P-0042"},
}

# what is shown and protected, and what is filled in, in the order of the sheet
SHOWN = (
    "id",
    "name",
    "category",
    "cause",
    REVIEWED,
    "complaints",
    REVIEWED_CUSTOMERS,
    "customers",
    "first",
    "last",
    "marks",
    "front_department",
    "back_department",
)
TO_FILL = (
    STATE,
    DECISION,
    MERGE_INTO,
    WATCH_UNTIL,
    "root_cause",
    "cause_class",
    "workaround",
    "measure",
    "lead_department",
    "supporting_department",
    "owner",
    "due",
    "check_by",
    "check_target",
    "fix_date",
    "scope",
    "not_done_reason",
    "close_reason",
    PROGRESS,
)
_WIDTHS = {"id": 10, "name": 32, "measure": 32, "root_cause": 28, "workaround": 24}
_WIDTHS |= dict.fromkeys((REVIEWED, "complaints", REVIEWED_CUSTOMERS, "customers"), 12)
_WRAPPED = {"name", "root_cause", "workaround", "measure", "scope", "not_done_reason", "close_reason", PROGRESS}
# a list of problems does not say more of a cell than this
_PRINT_BYTES = 5


def header(name: str, lang: str) -> str:
    """The header of a column of the sheet.

    >>> header("root_cause", "zh"), header("merge_into", "zh")
    ('问题原因', '合并到')
    """
    words = _EXTRA_WORDS.get(name)
    return words[lang] if words else field_name(name, lang)


def write_problems(
    book: Workbook,
    problems: Sequence[Problem],
    taxonomy: Taxonomy,
    lang: str,
    reviewed: Mapping[str, tuple[int, int]] | None = None,
) -> Placed:
    """Write the sheet of these problems into a workbook and return where it stands, for charts and data bars.

    ``reviewed``: by problem the complaints and customers of what is reviewed; problems it does not name have none.
    Without it these cells stay empty.
    """
    columns = (
        *(Column(header(name, lang), _WIDTHS.get(name, 12), wrap=name in _WRAPPED) for name in SHOWN),
        *(_column(name, problems, taxonomy, lang) for name in TO_FILL),
        *(Column(name, 4, hidden=True) for name in (ID, VERSION, PRINTS)),
    )
    placed = book.sheet(
        Sheet(SHEET[lang], columns), (_row(one, taxonomy, lang, _reviewed(one, reviewed)) for one in problems)
    )
    write_exported(book, problems)
    return placed


def write_exported(book: Workbook, problems: Sequence[Problem]) -> None:
    """Write the ids of the problems into a hidden sheet, so that a deleted row is noticed."""
    listed = book.sheet(Sheet("_genyin", (Column(EXPORTED),)), ((one.id,) for one in problems))
    listed.worksheet.hide()


def open_cells(problem: Problem, lang: str) -> dict[str, str]:
    """What stands in the open cells of a problem, as text."""
    return {name: _open_cell(problem, name, lang) for name in TO_FILL}


def shown_cells(problem: Problem, taxonomy: Taxonomy, lang: str, reviewed: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the protected cells of a problem; ``reviewed`` are those that the register does not know."""
    made: dict[str, Callable[[], Any]] = {
        "category": lambda: taxonomy.title(problem.category, lang),
        "cause": lambda: taxonomy.title(problem.cause, lang),
        "marks": lambda: "、".join(mark_name(mark, lang) for mark in problem.marks),
        "first": lambda: problem.first[:10],
        "last": lambda: problem.last[:10],
    }
    told = {**{name: getattr(problem, name) for name in SHOWN if name not in {*made, *reviewed}}, **reviewed}
    return {name: made[name]() if name in made else told[name] for name in SHOWN}


def _reviewed(problem: Problem, reviewed: Mapping[str, tuple[int, int]] | None) -> dict[str, Any]:
    counts = ("", "") if reviewed is None else reviewed.get(problem.id, (0, 0))
    return dict(zip((REVIEWED, REVIEWED_CUSTOMERS), counts, strict=True))


def fingerprint(text: str) -> str:
    """A short hash that tells whether a cell was changed; blanks at the ends mean nothing.

    >>> fingerprint(" 师傅乱拉线 ") == fingerprint("师傅乱拉线")
    True
    """
    return blake2b(text.strip().encode("utf-8", "surrogatepass"), digest_size=_PRINT_BYTES).hexdigest()


def fingerprints(cells: Mapping[str, str]) -> str:
    """The fingerprints of filled cells as JSON; an empty cell has none."""
    return json.dumps({name: fingerprint(text) for name, text in cells.items() if text.strip()}, separators=(",", ":"))


def _row(problem: Problem, taxonomy: Taxonomy, lang: str, reviewed: Mapping[str, Any]) -> tuple[Any, ...]:
    shown, cells = shown_cells(problem, taxonomy, lang, reviewed), open_cells(problem, lang)
    prints = fingerprints({name: str(cell) for name, cell in {**shown, **cells}.items()})
    return (*shown.values(), *(cells[name] for name in TO_FILL), problem.id, problem.version, prints)


def _open_cell(problem: Problem, name: str, lang: str) -> str:
    if name in (DECISION, MERGE_INTO, PROGRESS):
        return ""
    value = getattr(problem, name)
    if name == STATE:
        return state_name(value, lang)
    if name == "check_by":
        return CHECK_WORDS[value][lang] if value in CHECK_WORDS else ""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _column(name: str, problems: Sequence[Problem], taxonomy: Taxonomy, lang: str) -> Column:
    choices, strict = _choices(name, problems, taxonomy, lang)
    hint = _HINTS.get(name, {}).get(lang, "")
    return Column(header(name, lang), _WIDTHS.get(name, 14), True, False, choices, strict, hint, name in _WRAPPED)


def _choices(name: str, problems: Sequence[Problem], taxonomy: Taxonomy, lang: str) -> tuple[tuple[str, ...], bool]:
    """What a drop-down offers, and whether nothing else may be typed."""
    if name == STATE:
        return tuple(state_name(state, lang) for state in State if CHINESE[state]), True
    if name == DECISION:
        return tuple(words[lang] for words in DECISIONS.values()), True
    if name == "cause_class":
        return CAUSE_CLASSES, True
    if name == "check_by":
        return tuple(words[lang] for words in CHECK_WORDS.values()), True
    if name in ("lead_department", "supporting_department"):
        return _departments(problems, taxonomy), False
    if name == "owner":
        return tuple(sorted({one.owner for one in problems} - {""})), False
    if name == MERGE_INTO:
        return tuple(one.id for one in problems), False
    return (), False


def _departments(problems: Sequence[Problem], taxonomy: Taxonomy) -> tuple[str, ...]:
    labels: list[Category | Cause] = [*taxonomy.categories, *taxonomy.causes.values()]
    named = {department for one in labels for department in (one.front_department, one.back_department)}
    return tuple(sorted((named | {one.lead_department for one in problems}) - {""}))


def day_of(text: str) -> date | None:
    """The day that a cell names, however Excel shows days; ``None`` where it names none.

    >>> day_of("2026/3/31"), day_of("2026-03-31 00:00:00"), day_of("月底")
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), None)
    """
    from pipeline.text.files.values import parse_time

    found = parse_time(text)
    return found.date() if found else None
