"""The daily workbook of repeated complaints (重复投诉日报), as operators put it together by hand: five sheets.

Numbers appear as pseudonyms, texts masked. The running table goes on from day to day: the sheet of the day before is
read, and a day that is in it already is not added again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import InputError
from pipeline.insights.cases import Cases
from pipeline.insights.daily_repeats import DailyRepeats, DailyRepeatsOptions, RegionOfDay, daily_repeats
from pipeline.output.folder import result_folder
from pipeline.output.handed_out import refuse_handed_out
from pipeline.output.workbook import Column, Sheet, Workbook
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.text.files.filled_in import Field, read_filled_in
from pipeline.text.privacy import load_or_create_key
from pipeline.workflow.gathering import Progress
from pipeline.workflow.insights.cases import CaseOptions, build_cases
from pipeline.workflow.review.meeting_sheet import day_of

RUNNING = ("重复投诉号码", "日期", "月份")
_UNKNOWN = "未知区域"
# of a hash so many characters tell numbers apart in a sheet
_PSEUDONYM = 12
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
_LINE = 60


@dataclass(frozen=True, slots=True)
class DailyOptions:
    """The reporting ``day``, so many ``days`` together (3 on a Monday), and how the dump is read (``cases``).

    ``previous``: the workbook of the last time, whose running table goes on; ``order``: regions in the order of the
    report. The key file of ``cases`` is made where it is absent: a number keeps its pseudonym from day to day.
    ``force`` writes over a workbook that somebody filled in.
    """

    day: date
    days: int = 1
    previous: Path | None = None
    order: tuple[str, ...] = ()
    cases: CaseOptions = field(default_factory=CaseOptions)
    force: bool = False


def daily_of_dump(
    inputs: Sequence[str | Path],
    path: Path,
    options: DailyOptions,
    progress: Progress = lambda done, total: None,
) -> DailyRepeats:
    """Read a dump of 30 days or more and write the workbook of its reporting day; see :func:`write_daily`."""
    # told now, not after the work
    refuse_handed_out(path, options.force)
    if options.previous:
        _running(options.previous, options.day)
    load_or_create_key(options.cases.key_file)
    cases = build_cases(inputs, replace(options.cases, closing_notes=False), progress).cases
    return write_daily(path, cases, options)


def write_daily(path: Path, cases: Cases, options: DailyOptions) -> DailyRepeats:
    """Write the workbook of a reporting day and return its figures.

    Raises ``InputError`` when ``previous`` holds no running table or has this day already; then nothing is written.
    """
    day = options.day
    found = daily_repeats(cases, day, DailyRepeatsOptions(days=options.days, order=options.order))
    running = _running(options.previous, day) if options.previous else []
    taxonomy = load_taxonomy()
    with result_folder(path.parent) as results, Workbook(results.path(path.name)) as book:
        book.sheet(Sheet("原始数据", _RAW, "none"), _raw(cases, found, taxonomy))
        book.sheet(Sheet("重复投诉结果", _RESULT, "none"), _results(cases, found, taxonomy))
        book.lines("重复投诉文本", brief_lines(cases, found))
        book.sheet(Sheet("重复投诉统计", _STATISTIC, "none"), _statistic(found))
        added = [(_pseudonym(one.customer), day.isoformat(), f"{day:%Y-%m}") for one in found.repeaters]
        book.sheet(Sheet("重复投诉日报总表", tuple(Column(name, 16) for name in RUNNING), "none"), [*running, *added])
    return found


_RAW = (
    Column("受理时间", 19),
    Column("区域", 12),
    Column("受理号码（假名）", 16),
    Column("受理渠道", 14),
    Column("类别", 14),
    Column("根因", 20),
    Column("投诉内容（已脱敏）", 60, wrap=True),
)
_RESULT = (Column("区域", 12), Column("受理号码（假名）", 16), Column("重复次数", 10), *_RAW[0:1], *_RAW[3:])
_STATISTIC = (
    Column("区域", 12),
    Column("重复2次", 10),
    Column("重复3次", 10),
    Column("重复4次及以上", 14),
    Column("当日新增重复投诉总计", 20),
    Column("今天重复投诉解决情况", 24, to_fill=True),
    Column("累计重复投诉解决率", 20, to_fill=True),
)


def brief_lines(cases: Cases, found: DailyRepeats) -> Iterator[str]:
    """The text for the group: complaints by city in a sentence, then every number with its complaints, dated."""
    cities = "，".join(f"{one.region or _UNKNOWN}{one.complaints}件" for one in found.regions if one.complaints)
    window = f"{found.since:%m月%d日%H:%M}至{found.until:%m月%d日%H:%M}"
    yield f"{window}共受理投诉{found.complaints}件" + (f"，其中{cities}。" if cities else "。")
    if not found.repeaters:
        yield "当日没有重复投诉的号码。"
    for one in found.repeaters:
        yield f"{one.region or _UNKNOWN}-{_pseudonym(one.customer)}（{one.times}次）"
        for _, row in cases.frame.iloc[list(one.rows)].iterrows():
            yield f"　{row['accepted']:%m-%d %H:%M} 用户反映{_issue(str(row['text']))}"


def _issue(text: str) -> str:
    """The first sentence that says something, cut to a line."""
    sentences = [part.strip(" ，,、") for part in _SENTENCE_END.split(text)]
    first = next((part for part in sentences if len(part) > 3), text.strip())
    return first if len(first) <= _LINE else first[: _LINE - 1] + "…"


def _raw(cases: Cases, found: DailyRepeats, taxonomy: Taxonomy) -> Iterator[tuple[Any, ...]]:
    at = cases.frame["accepted"]
    today = cases.frame[(at >= found.since) & (at < found.until)].sort_values("accepted", kind="stable")
    for _, row in today.iterrows():
        yield (f"{row['accepted']}", row["region"], _pseudonym(row["customer"]), *_told(row, taxonomy))


def _results(cases: Cases, found: DailyRepeats, taxonomy: Taxonomy) -> Iterator[tuple[Any, ...]]:
    for one in found.repeaters:
        for _, row in cases.frame.iloc[list(one.rows)].iterrows():
            number = _pseudonym(one.customer)
            yield (one.region, number, one.times, f"{row['accepted']}", *_told(row, taxonomy))


def _told(row: "pd.Series[Any]", taxonomy: Taxonomy) -> tuple[Any, ...]:
    category, cause = (taxonomy.title(row[name], "zh") if row[name] else "" for name in ("category", "cause"))
    return (row["channel"], category, cause, row["text"])


def _statistic(found: DailyRepeats) -> Iterator[tuple[Any, ...]]:
    """A row per region and the total; zeros stay blank, as in the operators' sheet."""
    for one in found.regions:
        yield (one.region or _UNKNOWN, *_counts([one]), "", "")
    yield ("总计", *_counts(found.regions), "", "")


def _counts(regions: Sequence[RegionOfDay]) -> tuple[int | None, ...]:
    sums = (
        sum(one.twice for one in regions),
        sum(one.thrice for one in regions),
        sum(one.more for one in regions),
        sum(one.repeaters for one in regions),
    )
    return tuple(count or None for count in sums)


def _running(previous: Path, day: date) -> list[tuple[str, ...]]:
    sheet = read_filled_in(previous, [Field(name, (name,)) for name in RUNNING])
    rows = [tuple(row.text(name) for name in RUNNING) for row in sheet.rows]
    for row, cells in zip(sheet.rows, rows, strict=True):
        if day_of(cells[1]) == day:
            raise InputError(
                f"{row.cells[RUNNING[1]].address}: the running table has {day.isoformat()} already. "
                "Give the workbook of the day before, or another --day."
            )
    return rows


def _pseudonym(customer: str) -> str:
    return customer[:_PSEUDONYM]
