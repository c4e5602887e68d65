"""The problems of a run, largest first, as lines that a person reads."""

from typing import TYPE_CHECKING

from pipeline.cli.session import Session
from pipeline.cli.show.results import aligned
from pipeline.messages import translated
from pipeline.workflow.problem_words import kind_name

if TYPE_CHECKING:
    from pipeline.records import Problem
    from pipeline.workflow import ProblemRun

_SHOWN = 15
_HEADS = {
    "zh": ("编号", "问题", "行数", "客户", "不同文本", "首次", "末次", "类型"),
    "en": ("id", "problem", "rows", "customers", "texts", "first", "last", "kind"),
}


def problems(session: Session, found: "ProblemRun") -> None:
    """Show the largest problems, their parts below them, and how many rows stayed alone."""
    lang = session.language(*(one.name for one in found.grouping.problems))
    zh = lang == "zh"
    grouping = found.grouping
    session.say()
    total, alone = len(grouping.problem), grouping.ungrouped
    session.say(
        f"{len(grouping.problems):,} 个问题，含投诉 {total - alone:,} 行；{alone:,} 行不属于任何问题"
        if zh
        else f"{len(grouping.problems):,} problems with {total - alone:,} rows; {alone:,} rows belong to none"
    )
    rows = [_HEADS[lang]] + [_row(one, lang) for one in _listed(grouping.problems)[:_SHOWN]]
    for line in aligned(rows, right=(2, 3, 4)) if len(rows) > 1 else []:
        session.say(line)
    if len(grouping.problems) > _SHOWN and found.report.outputs:
        session.say("……其余见 problems.csv" if zh else "... the others are in problems.csv")


def change(session: Session, found: "ProblemRun") -> None:
    """Show what the run changed in the register; what somebody has to look at is named."""
    if found.change is None:
        return
    lang, told = session.language(*(one.name for one in found.grouping.problems)), found.change
    zh = lang == "zh"
    session.say()
    session.say(f"{'台账' if zh else 'Register'}: {told.line(lang)}")
    named = (("复发", "regressed", told.regressed), ("验证未通过", "fix failed", told.failed))
    for chinese, english, ids in (*named, ("重新出现", "returned", told.returned)):
        if ids:
            session.say(f"  {chinese if zh else english}: {' '.join(ids)}")
    for line in (*told.unchecked, *told.conflicts):
        session.say(f"  ! {translated(line, lang)}")
    if told.proposals:
        session.say("  查看待确认的建议：genyin problems proposals" if zh else "  see genyin problems proposals")


def _listed(problems: "tuple[Problem, ...]") -> "list[Problem]":
    """Problems of the top level in order, each followed by its parts."""
    parts: dict[str, list[Problem]] = {}
    for one in problems:
        parts.setdefault(one.parent, []).append(one)
    return [listed for top in parts.get("", ()) for listed in (top, *parts.get(top.id, ()))]


def _row(one: "Problem", lang: str) -> tuple[str, ...]:
    first, last = (f"{moment:%Y-%m-%d}" if moment else "" for moment in (one.first, one.last))
    name = f"  └ {one.name}" if one.parent else one.name
    return one.id, name, f"{one.rows:,}", f"{one.customers:,}", f"{one.texts:,}", first, last, kind_name(one.kind, lang)
