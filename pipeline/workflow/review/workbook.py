"""``review.xlsx``: the figures of a review, the list its owners fill in, the complaints behind it, what is unsure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.insights.cases import Cases
from pipeline.output.workbook import Column, Sheet, Workbook
from pipeline.register.rows import Problem
from pipeline.review.sheets import NAMES, write_lines, write_overview, write_sections
from pipeline.review.summary import RunSummary
from pipeline.review.writing import Writer
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.text.privacy import Masker
from pipeline.workflow.review.meeting_sheet import write_problems

_COLUMNS = {
    "problem": {"zh": "问题编号", "en": "problem"},
    "name": {"zh": "问题名称", "en": "name"},
    "id": {"zh": "投诉编号", "en": "complaint"},
    "accepted": {"zh": "受理时间", "en": "accepted"},
    "region": {"zh": "地区", "en": "region"},
    "channel": {"zh": "渠道", "en": "channel"},
    "product": {"zh": "产品", "en": "product"},
    "tier": {"zh": "星级", "en": "tier"},
    "category": {"zh": "类别", "en": "category"},
    "cause": {"zh": "根因", "en": "cause"},
    "confidence": {"zh": "置信度", "en": "confidence"},
    "text": {"zh": "投诉内容（已脱敏）", "en": "complaint (masked)"},
}
_MEMBERS = tuple(_COLUMNS)
_UNSURE = ("id", "accepted", "category", "cause", "confidence", "text")
_WIDTHS = {"name": 30, "text": 70, "accepted": 19, "id": 18}
_CAPPED = {
    "zh": "每个问题最多列出最近 {} 件投诉，全表最多 {:,} 件；省略了 {:,} 件，全部见 classified 表。",
    "en": "The latest {} complaints of a problem and {:,} in all are listed; {:,} are left out (see classified).",
}
_UNSURE_CAPPED = {
    "zh": "待复核只列出前 {:,} 行（共 {:,} 行），全部见 classified 表。",
    "en": "The first {:,} of {:,} rows that need review are listed (see classified).",
}


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """``lang`` of the sheets; ``each``: complaints listed of a problem, ``most`` of all; ``unsure``: to review."""

    lang: str = "zh"
    each: int = 200
    most: int = 50_000
    unsure: int = 5_000


def write_review_workbook(
    path: Path,
    summary: RunSummary,
    cases: Cases,
    problems: Sequence[Problem] = (),
    options: WorkbookOptions | None = None,
) -> None:
    """Write the workbook; ``problems`` are those of the register, whose list is then filled in and handed back."""
    options = options or WorkbookOptions()
    writer, lang = Writer(summary, options.lang), options.lang
    taxonomy = load_taxonomy()
    with Workbook(path) as book:
        write_overview(book, summary, writer)
        if problems:
            reviewed = {line.id: (line.rows, line.customers) for line in summary.lines}
            write_problems(book, problems, taxonomy, lang, reviewed)
        else:
            write_lines(book, summary, writer)
        rows, left_out = _listed(summary, cases, options)
        book.sheet(_sheet("members", _MEMBERS, lang), _members(cases, rows, writer, taxonomy))
        write_sections(book, summary, writer)
        if summary.about.needs_review is not None:
            unsure = np.flatnonzero(cases.frame["needs_review"].to_numpy(bool))[: options.unsure]
            book.sheet(_sheet("unsure", _UNSURE, lang), _cells(cases, unsure.tolist(), _UNSURE, taxonomy, lang))
        book.lines(NAMES["about"][lang], _about(summary, writer, left_out, options))


def _sheet(name: str, columns: Sequence[str], lang: str) -> Sheet:
    made = (Column(_COLUMNS[one][lang], _WIDTHS.get(one, 12), wrap=one == "text") for one in columns)
    return Sheet(NAMES[name][lang], tuple(made), protection="none")


def _listed(summary: RunSummary, cases: Cases, options: WorkbookOptions) -> tuple[list[int], int]:
    """Rows of complaints in problems, problems by rank, the latest complaint first, and how many are left out."""
    frame = cases.frame
    rank = {line.id: line.rank for line in summary.lines}
    ranks = np.array([rank.get(str(name), 0) for name in frame["problem"].cat.categories])
    of_row = ranks[frame["problem"].cat.codes.to_numpy()]
    inside = np.flatnonzero(of_row > 0)
    at = frame["accepted"].to_numpy("datetime64[s]").astype(np.int64)
    order = inside[np.lexsort((inside, -at[inside], of_row[inside]))]
    place = np.arange(len(order)) - np.searchsorted(of_row[order], of_row[order])
    kept = order[place < options.each][: options.most]
    return kept.tolist(), len(order) - len(kept)


def _members(cases: Cases, rows: Sequence[int], writer: Writer, taxonomy: Taxonomy) -> Iterator[tuple[Any, ...]]:
    told = _cells(cases, rows, _MEMBERS[2:], taxonomy, writer.lang)
    problems = cases.frame["problem"].astype(object).to_numpy()[list(rows)] if len(rows) else ()
    for problem, cells in zip(problems, told, strict=True):
        yield (problem, writer.problem(str(problem)), *cells)


def _cells(
    cases: Cases, rows: Sequence[int], columns: Sequence[str], taxonomy: Taxonomy, lang: str
) -> Iterator[tuple[Any, ...]]:
    part = cases.frame.iloc[list(rows)]
    # once more: title and text were masked apart, and together they may tell what neither does alone
    part = part.assign(text=Masker().mask_many(part["text"].astype(str)))
    readers: dict[str, Callable[[Any], Any]] = {
        "category": lambda value: taxonomy.title(str(value), lang) if value else "",
        "cause": lambda value: taxonomy.title(str(value), lang) if value else "",
        "accepted": lambda value: "" if value != value else f"{value:%Y-%m-%d %H:%M:%S}",
        "confidence": lambda value: round(float(value), 3),
    }
    return zip(*(map(readers.get(name, _plain), part[name]) for name in columns), strict=True)


def _plain(value: Any) -> Any:
    return "" if value is None or value is pd.NA or value != value else value


def _about(summary: RunSummary, writer: Writer, left_out: int, options: WorkbookOptions) -> Iterator[str]:
    about, words = summary.about, writer.words
    yield words("page.title") + ("：" if writer.lang == "zh" else ":")
    yield writer.watermark(about)
    yield writer.watermark_counts(about)
    yield words.filled("page.watermark_made", {"made": about.made, "genyin": about.genyin})
    for source in about.sources:
        yield f"{source.name} {source.sha256}".strip()
    if left_out:
        yield _CAPPED[writer.lang].format(options.each, options.most, left_out)
    if (about.needs_review or 0) > options.unsure:
        yield _UNSURE_CAPPED[writer.lang].format(options.unsure, about.needs_review)
    yield ""
    yield words("page.method") + ("：" if writer.lang == "zh" else ":")
    for section in summary.sections:
        yield f"{words(f'section.{section.id}.title')} — {words(f'section.{section.id}.how')}"
