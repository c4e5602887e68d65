"""What a change did, or would do: each field before and after, the complaints that moved, and how to take it back."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.cli.fitting import paragraph
from pipeline.cli.session import Session
from pipeline.cli.show.register import UNSAID, arrow, as_json, forwarded, lines, problem_json
from pipeline.messages import translated
from pipeline.workflow.register.words import changed_fields, field_name, state_name

if TYPE_CHECKING:
    from pipeline.workflow import Done, KeptProblem, Masked, Undone


def changed(
    session: Session, done: "Done", before: "KeptProblem | None" = None, asked: str = "", said: str = ""
) -> None:
    """Show a change of a problem, which was as ``before``; ``asked`` is the id the user typed, ``said`` the deed."""
    now = done.problem
    changes = changed_fields(before, now) if before else {}
    if session.as_json:
        kept = [] if session.dry_run or done.event is None else [done.event]
        facts: dict[str, Any] = {"saved": bool(kept), "events": kept, "moved": done.moved}
        facts["conflicts"] = list(done.conflicts)
        facts["masked"] = [asdict(one) for one in done.masked]
        facts["doubts"] = list(done.doubts)
        as_json({**facts, "changes": changes, "problem": problem_json(now)})
        return
    lang = session.language(now.name)
    zh = lang == "zh"
    forwarded(session, asked or now.id, now, lang)
    lines(session, paragraph(f"{now.id}  {now.name}  {state_name(now.state, lang)}"))
    lines(session, paragraph(said, 2) if said else ())
    for name, (was, became) in changes.items():
        lines(session, paragraph(arrow(name, was, became, lang), 2))
    for note in now.notes[len(before.notes) :] if before else ():
        lines(session, paragraph(note["text"], 2))
    lines(session, _moved(done.moved, zh))
    for line in (*done.conflicts, *done.doubts):
        lines(session, paragraph(f"! {translated(line, lang)}", 2))
    for one in done.masked:
        lines(session, paragraph(f"! {masked_words(one, lang)}", 2))
    _saved(session, done.event, lang)


def masked_words(one: "Masked", lang: str) -> str:
    """Say what personal data were masked in a field before it was stored."""
    name, kinds = field_name(one.field, lang), "、".join(one.kinds)
    if lang == "zh":
        return f"{name}：含个人信息（{kinds}），已遮盖后保存。"
    return f"{name}: personal data ({kinds}) were masked before saving."


def _moved(count: int, zh: bool) -> list[str]:
    return paragraph(f"移动投诉 {count:,} 件" if zh else f"{count:,} complaints moved", 2) if count else []


def _saved(session: Session, event: int | None, lang: str) -> None:
    zh = lang == "zh"
    if event is None:
        session.say("没有变化。" if zh else "Nothing changed.")
    elif session.dry_run:
        session.say("试运行：未保存任何内容。" if zh else "Dry run: nothing was saved.")
    else:
        undo = f"genyin problems undo {event}"
        told = f"已保存（事件 {event}）。撤销：{undo}"
        lines(session, paragraph(told if zh else f"Saved as event {event}. Undo: {undo}"))


def undone(session: Session, one: "Undone", lang: str) -> None:
    """Show what was taken back."""
    if session.as_json:
        facts = {"saved": not session.dry_run, "event": one.event, "undoes": one.undoes}
        as_json({**facts, "moved": one.moved, "left": one.left, "changes": one.changes})
        return
    zh = lang == "zh"
    if session.dry_run:
        session.say(f"将撤销事件 {one.undoes}：" if zh else f"Event {one.undoes} would be taken back:")
    else:
        session.say(f"事件 {one.undoes} 已撤销。" if zh else f"Event {one.undoes} was taken back.")
    for problem, fields in one.changes.items():
        for name, (was, became) in fields.items():
            if name not in UNSAID:
                lines(session, paragraph(f"{problem} {arrow(name, was, became, lang)}", 2))
    lines(session, _moved(one.moved, zh))
    if one.left:
        told = f"{one.left:,} complaints have moved on since and stay where they are."
        lines(session, paragraph(f"其中 {one.left:,} 件投诉此后又移动过，保持现状。" if zh else told))
    _saved(session, one.event, lang)
