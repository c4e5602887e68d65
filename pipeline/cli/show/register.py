"""What the register holds, as lines that a person reads and as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.fitting import fitted, harmless, paragraph, sheet
from pipeline.cli.session import Session
from pipeline.cli.show.make_up import make_up_facts
from pipeline.messages import translated
from pipeline.taxonomy import load_taxonomy
from pipeline.workflow.problem_words import kind_name
from pipeline.workflow.register.rate_words import rate_words
from pipeline.workflow.register.words import (
    field_name,
    filled_fields,
    following_states,
    mark_name,
    stage_name,
    state_name,
)

if TYPE_CHECKING:
    from pipeline.workflow import Event, KeptProblem, MakeUp, Member, Page, Proposal

_HEADS = {
    "zh": ("编号", "问题", "状态", "标记", "投诉", "客户", "末次", "责任人", "计划完成"),
    "en": ("id", "problem", "state", "marks", "complaints", "customers", "last", "owner", "due"),
}
_DROP = (8, 5, 7, 6, 3, 4)
EVENTS = {
    "load": ("载入", "loaded"),
    "found": ("发现", "found"),
    "run": ("运行更新", "run"),
    "changed": ("投诉有变", "complaints changed"),
    "relabelled": ("重新分类", "relabelled"),
    "outgrown": ("超出上限", "outgrew its limit"),
    "proposal": ("建议", "proposal"),
    "mark": ("标记", "marks"),
    "set": ("填写", "set"),
    "state": ("改状态", "state"),
    "note": ("进展", "note"),
    "watch": ("继续观察", "keep watching"),
    "merge": ("合并", "merge"),
    "split": ("拆分", "split"),
    "dismiss": ("不是问题", "dismissed"),
    "must_link": ("关联", "linked"),
    "cannot_link": ("分开", "kept apart"),
    "accepted": ("接受建议", "accepted"),
    "refused": ("拒绝建议", "refused"),
    "undo": ("撤销", "undo"),
}
ANSWERS = {
    "verified": ("整改见效", "the fix helped"),
    "missed": ("有下降，未达目标", "fewer, but more than the target"),
    "no_change": ("没有变化", "no change"),
    "worse": ("比整改前更差", "worse than before"),
    "relapsed": ("整改后复发", "it came back after the fix"),
    "too_early": ("为时尚早", "too early to tell"),
}
# stands in another line of the same event
UNSAID = ("created", "since", "profile", "notes")
_GUESSES = {
    "same": ("同一问题", "the same"),
    "merged": ("合并", "merged"),
    "split": ("拆分", "split"),
    "part": ("归入", "a part"),
}


def as_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def lines(session: Session, made: Iterable[str]) -> None:
    """Print lines unless the user wants silence."""
    for line in made:
        session.say(line)


def listing(session: Session, found: "Page", lang: str) -> None:
    """Show problems as a table, the parts of a problem below it."""
    zh = lang == "zh"
    rows = [_HEADS[lang], *(_row(one, is_part, lang) for one, is_part in found.shown)]
    lines(session, fitted(rows, elastic=1, right=(4, 5), drop=_DROP) if found.shown else ())
    parts = (f"{state_name(state, lang)} {count:,}" for state, count in found.states.items())
    some = "problem" if found.total == 1 else "problems"
    total = f"共 {found.total:,} 个问题" if zh else f"{found.total:,} {some}"
    lines(session, paragraph(" · ".join([total, *parts])))
    more = found.total - len(found.shown)
    if more:
        lines(
            session,
            paragraph(f"另有 {more:,} 个未列出：--limit 0" if zh else f"{more:,} more are not shown: --limit 0"),
        )


def _row(one: "KeptProblem", is_part: bool, lang: str) -> tuple[str, ...]:
    return (
        one.id,
        f"  └ {one.name}" if is_part else one.name,
        state_name(one.state, lang),
        " ".join(mark_name(mark, lang) for mark in one.marks),
        f"{one.complaints:,}",
        f"{one.customers:,}",
        one.last[:10],
        one.owner or one.lead_department,
        one.due,
    )


def problem(session: Session, one: "KeptProblem", members: "Sequence[Member]", made: "MakeUp", asked: str) -> None:
    """Show all that is known of a problem."""
    lang = session.language(one.name)
    zh = lang == "zh"
    forwarded(session, asked, one, lang)
    lines(session, paragraph(f"{one.id}  {one.name}"))
    lines(session, sheet([*_facts(one, made, lang), *_form(one, lang)]))
    for note in one.notes:
        lines(session, paragraph(f"{note['month']} {note['who']}: {note['text']}", 2))
    if members:
        session.say()
        head = "最近的投诉（{} / {}）" if zh else "latest complaints ({} of {})"
        if made.parts:
            head = "不在分问题中的最近投诉（{} / {}）" if zh else "latest complaints that are in no part ({} of {})"
        session.say(head.format(len(members), f"{made.listed:,}"))
        for member in members:
            told = member.complaint
            title = "" if told.text.startswith(told.title) else f"{told.title}  "
            lines(session, paragraph(f"{told.accepted[:16].replace('T', ' ')}  {title}{told.text}", 2))


def forwarded(session: Session, asked: str, one: "KeptProblem", lang: str) -> None:
    """Say so where a merged id led to another problem."""
    if asked.strip().upper() != one.id:
        told = f"{asked} 已并入 {one.id}" if lang == "zh" else f"{asked} was merged into {one.id}"
        lines(session, paragraph(told))


def _facts(one: "KeptProblem", made: "MakeUp", lang: str) -> list[tuple[str, str]]:
    zh, names = lang == "zh", load_taxonomy()
    stage = stage_name(one.state)
    state = state_name(one.state, lang) + (f"（{stage}）" if zh and stage != state_name(one.state, lang) else "")
    following = ("、" if zh else ", ").join(state_name(other, lang) for other in following_states(one.state))
    counts = (
        f"{one.complaints:,} 件，客户 {one.customers:,} 个，不同文本 {one.texts:,}"
        if zh
        else f"{one.complaints:,}, customers {one.customers:,}, distinct texts {one.texts:,}"
    )
    pairs = (
        (field_name("state", lang), f"{state}，自 {one.since}" if zh else f"{state}, since {one.since}"),
        ("可转为" if zh else "may become", following),
        (field_name("marks", lang), " ".join(mark_name(mark, lang) for mark in one.marks)),
        (field_name("kind", lang), kind_name(one.kind, lang) if one.kind else ""),
        (field_name("cause", lang), names.title(one.cause, lang) if one.cause else ""),
        (field_name("parent", lang), one.parent),
        (field_name("place", lang), one.place),
        (field_name("complaints", lang), counts),
        *make_up_facts(made, lang),
        ("起止" if zh else "first and last", f"{one.first[:10]} – {one.last[:10]}" if one.first else ""),
        ("关键词" if zh else "key phrases", " ".join(one.profile.get("phrases", ()))),
        *(("原话" if zh else "quote", quote) for quote in one.profile.get("quotes", ())),
        ("版本" if zh else "version", str(one.version)),
    )
    return [(name, value) for name, value in pairs if value]


def _form(one: "KeptProblem", lang: str) -> list[tuple[str, str]]:
    filled = filled_fields(one)
    return [(field_name(name, lang), value_text(name, value, lang)) for name, value in filled.items() if name != "name"]


def value_text(name: str, value: Any, lang: str) -> str:
    """A field's value for people."""
    if name == "state":
        return state_name(value, lang)
    if name == "category":
        return load_taxonomy().title(value, lang) if value else value
    if name == "kind":
        return kind_name(value, lang) if value else ""
    if name == "check_by":
        return {"volume": "投诉量", "rate": "万投比"}.get(value, value) if lang == "zh" else value
    if name == "marks":
        return " ".join(mark_name(mark, lang) for mark in value)
    if isinstance(value, Mapping):
        return _facts_text(name, value, lang)
    if isinstance(value, (list, tuple)):
        return ("；" if lang == "zh" else "; ").join(translated(str(one), lang) for one in value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else translated(str(value), lang)


def _facts_text(name: str, facts: Mapping[str, Any], lang: str) -> str:
    if name == "rate_facts":
        return rate_words(facts, lang)
    if facts.get("answer") in ANSWERS:
        return _checked(facts, lang)
    return " · ".join(f"{key}: {value_text('', inner, lang)}" for key, inner in facts.items())


def _checked(facts: Mapping[str, Any], lang: str) -> str:
    """The kept facts of a check of a fix; the figures stand in the reasons."""
    zh = lang == "zh"
    answer, day = ANSWERS[facts["answer"]][0 if zh else 1], facts.get("as_of", "")
    reasons = ("；" if zh else "; ").join(translated(one, lang) for one in facts.get("reasons", ()))
    return f"{answer}（截至 {day}）：{reasons}" if zh else f"{answer} (as of {day}): {reasons}"


def problem_json(one: "KeptProblem", members: "Sequence[Member] | None" = None) -> dict[str, Any]:
    """A problem for other programs, with what may follow its state."""
    found = {**asdict(one), "may_become": following_states(one.state)}
    if members is not None:
        found["members"] = [{**asdict(member.complaint), "weight": member.weight} for member in members]
    return found


def history(session: Session, events: "Sequence[Event]") -> None:
    """Show what happened, oldest first; fields with their values before and after."""
    lang = session.language(*(str(one.after) for one in events))
    zh = lang == "zh"
    for event in events:
        name = EVENTS.get(event.what, (event.what, event.what))[0 if zh else 1]
        taken = f"（已被事件 {event.undone_by} 撤销）" if zh else f" (taken back by event {event.undone_by})"
        number = f"（撤销事件 {event.undoes}）" if zh else f" (of event {event.undoes})"
        extra = (number if event.undoes else "") + (taken if event.undone_by else "")
        lines(session, paragraph(f"{event.id}  {moment(event.at)}  {event.who or '-'}  {name}{extra}"))
        for line in _event_lines(event, lang):
            lines(session, paragraph(line, 4))


def _event_lines(event: "Event", lang: str) -> Iterable[str]:
    zh = lang == "zh"
    for problem_id, became in event.after.get("problems", {}).items():
        was = event.before.get("problems", {}).get(problem_id, {})
        where = "" if problem_id == event.problem else f"{problem_id} "
        for name, value in became.items():
            if name not in UNSAID:
                yield where + arrow(name, was.get(name), value, lang)
        for note in became.get("notes", ())[len(was.get("notes", ())) :]:
            yield f"{note['month']}: {note['text']}"
    if event.note and event.what not in ("undo", "dismiss"):
        yield harmless(event.note)
    moved = len({**event.before.get("places", {}), **event.after.get("places", {})})
    if moved:
        yield f"涉及投诉 {moved:,} 件" if zh else f"{moved:,} complaints"


def arrow(name: str, was: Any, became: Any, lang: str) -> str:
    """A field's change in words."""
    if name == "rate_facts":
        # of the rates that stay nothing need be said
        same = {rate for rate, facts in (was or {}).items() if facts == became.get(rate)}
        was, became = ({rate: one[rate] for rate in one if rate not in same} for one in (was or {}, became))
    old, new = (value_text(name, value, lang) or "–" for value in (was, became))
    return f"{field_name(name, lang)}: {old} → {new}"


def moment(at: str) -> str:
    """A stored time (UTC) in local time."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return at


def proposals(session: Session, found: "Sequence[Proposal]", names: Mapping[str, str], lang: str) -> None:
    """Show the uncertain matches that wait for a person, with their grounds."""
    zh = lang == "zh"
    for one in found:
        kind = _GUESSES.get(one.kind, (one.kind, one.kind))[0 if zh else 1]
        score = f"把握 {one.score:.2f}" if zh else f"score {one.score:.2f}"
        # what the groups of a run say has no score
        lines(session, paragraph(f"{one.id}  {kind}? {score if one.score else ''}".rstrip()))
        pairs = [(problem_id, names.get(problem_id, "")) for problem_id in (one.problem, one.other) if problem_id]
        lines(session, ("    " + line for line in sheet(pairs, indent=4)))
        for reason in one.evidence:
            lines(session, paragraph(f"- {translated(reason, lang)}", 4))
    some = "proposal waits" if len(found) == 1 else "proposals wait"
    total = f"待处理的建议 {len(found)} 条" if zh else f"{len(found)} {some}"
    hint = "；用 --accept 编号 或 --refuse 编号 处理" if zh else "; answer with --accept N or --refuse N"
    lines(session, paragraph(total + (hint if found else "")))
