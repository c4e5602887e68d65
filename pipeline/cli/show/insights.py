"""The insights as a summary that a person reads: headline figures, the problems first to look at, what is missing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.fitting import fitted, paragraph, sheet
from pipeline.cli.session import Session
from pipeline.messages import translated
from pipeline.taxonomy import load_taxonomy
from pipeline.workflow.insights.words import brief_text, missing_rows, word

if TYPE_CHECKING:
    from pipeline.workflow.insights.making import InsightReport

_SHOWN = 10


def language(session: Session, report: "InsightReport") -> str:
    """The language of what is shown: what was asked for, else what the problems and texts are in."""
    return session.language(*report.cases.problems["name"][:20], *report.cases.frame["text"][:20])


def step(name: str, lang: str) -> str:
    """A step of the work for the progress bar."""
    return ("归并问题" if lang == "zh" else "grouping") if name == "problems" else word("sections", name, lang or "en")


def insights(session: Session, report: "InsightReport", lang: str) -> None:
    """Show the summary."""
    for part in (_headline(report, lang), _problems(report, lang), _alarms(report, lang), _brief(report, lang)):
        shown = list(part)
        for line in shown:
            session.say(line)
        if shown:
            session.say()
    for line in _missing(report, lang):
        session.say(line)
    for note in report.notes:
        place, _, reason = note.partition(": ")
        session.say(f"! {place}: {translated(reason, lang)}")


def written(session: Session, out: Path, files: Sequence[str], lang: str) -> None:
    """Say where the results stand."""
    others = len(files) - 1
    said = (
        f"结果: {out / files[0]} 及另外 {others} 个文件"
        if lang == "zh"
        else f"Results: {out / files[0]} and {others} more files"
    )
    session.say(said)


def _headline(report: "InsightReport", lang: str) -> Iterator[str]:
    made, zh = report.insights, lang == "zh"
    refused, used = report.built.rejected, len(report.built.cases)
    if refused:
        counts = f"{refused + used:,} rows = {used:,} used + {refused:,} rejected (with -o see rejected.csv)"
        yield (
            f"读入 {refused + used:,} 行 = 已用 {used:,} + 未用 {refused:,}（加 -o 可看 rejected.csv）"
            if zh
            else counts
        )
    if made.period is not None:
        days = f"{made.period.start} – {made.period.end}"
        yield f"统计期 {days}（{made.period.days} 天）" if zh else f"{days} ({made.period.days} days)"
    figures = [
        (_RULES[one.rule][0 if zh else 1], f"{one.value:,}") for one in made.counting.figures if one.value is not None
    ]
    left = made.counting.rows - made.counting.counted
    if left:
        reasons = " · ".join(f"{_REASONS[one.reason][0 if zh else 1]} {one.rows:,}" for one in made.counting.left_out)
        figures.append(("不计入" if zh else "left out", f"{left:,} ({reasons})"))
    if made.counting.escalated is not None:
        figures.append(("升级投诉" if zh else "escalated", f"{made.counting.escalated:,}"))
    yield from sheet(figures)
    names = load_taxonomy()
    parts = [
        f"{names.title(one.name, lang) or '–'} {one.rows:,} ({one.share:.0%})" for one in made.counting.by_category
    ]
    yield from paragraph(" · ".join(parts))


def _problems(report: "InsightReport", lang: str) -> Iterator[str]:
    """The problems with most effect, and where they stand by rows."""
    made, zh = report.insights.pareto, lang == "zh"
    names = dict(zip(report.cases.problems["id"], report.cases.problems["name"], strict=True))
    by_rows = {one.problem: one for one in made.by_rows.problems}
    heads = (
        ("编号", "问题", "影响排名", "投诉", "按量排名") if zh else ("id", "problem", "by effect", "rows", "by rows")
    )
    rows = [
        (
            one.problem,
            str(names.get(one.problem, "")),
            str(one.rank),
            f"{by_rows[one.problem].value:,.0f}",
            str(by_rows[one.problem].rank),
        )
        for one in made.by_effect.problems[:_SHOWN]
        if one.problem in by_rows
    ]
    if rows:
        yield "影响最大的问题" if zh else "Problems with most effect"
        yield from fitted([heads, *rows], elastic=1, right=(2, 3, 4))


def _alarms(report: "InsightReport", lang: str) -> Iterator[str]:
    zh = lang == "zh"
    names = dict(zip(report.cases.problems["id"], report.cases.problems["name"], strict=True))
    outages, bursts = report.insights.outages.outages, report.insights.bursts.unexplained
    for outage in outages:
        when, many = f"{outage.start:%Y-%m-%d %H:%M}", _many(outage.complaints, outage.expected, zh)
        said = (
            f"疑似大面积故障 {outage.region} {when} 起 {many}"
            if zh
            else f"possible outage in {outage.region} from {when}: {many}"
        )
        yield from paragraph(said)
    for burst in bursts[-_SHOWN:]:
        name = names.get(burst.id) or load_taxonomy().title(burst.id, lang)
        many = _many(burst.complaints, burst.expected, zh)
        yield from paragraph(f"突增 {burst.start} {name}：{many}" if zh else f"burst {burst.start} {name}: {many}")


def _many(complaints: int, expected: float, zh: bool) -> str:
    """How many, and how many are usual."""
    return f"{complaints:,} 件，通常 {expected:.1f} 件" if zh else f"{complaints:,} complaints, usual {expected:.1f}"


def _brief(report: "InsightReport", lang: str) -> Iterator[str]:
    yield from paragraph(("简报：" if lang == "zh" else "Brief: ") + brief_text(report.insights.brief, lang))


def _missing(report: "InsightReport", lang: str) -> Iterator[str]:
    _, rows = missing_rows(report.insights.missing, lang)
    if rows:
        yield (
            "没有算出的指标，以及需要的列"
            if lang == "zh"
            else "Figures that could not be made, and what would give them"
        )
        yield from sheet([(f"{figure}", needs) for _, figure, needs in rows])


_RULES = {
    "official_narrow": ("狭义投诉量", "official, narrow"),
    "official_broad": ("广义投诉量", "official, broad"),
    "rows": ("行数（工单）", "rows (orders)"),
    "complaints": ("投诉件数", "complaints"),
    "customers": ("投诉客户数", "customers"),
    "texts": ("不同文本", "distinct texts"),
}
_REASONS = {
    "inquiry": ("非投诉", "no complaints"),
    "void": ("退单或作废", "returned or void"),
    "excluded_channel": ("不计渠道", "excluded channels"),
    "no_order": ("无工单", "no order"),
}
