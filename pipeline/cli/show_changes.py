"""What a change did, or would do: each field before and after, the complaints that moved, and how to take it back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.cli.fitting import paragraph
from pipeline.cli.session import Session
from pipeline.cli.show_register import arrow, as_json, forwarded, lines, problem_json
from pipeline.messages import translated
from pipeline.workflow.register_words import changed_fields, state_name

if TYPE_CHECKING:
    from pipeline.workflow import Done, KeptProblem, Undone


def changed(
    session: Session, done: "Sequence[Done]", before: "KeptProblem | None" = None, asked: str = "", said: str = ""
) -> None:
    """Show changes of one problem, which was as ``before``; ``asked`` is the id the user typed, ``said`` the deed."""
    fields = [changed_fields(before, one.problem) if before else {} for one in done]
    # rehearsed changes do not see each other
    seen = {name: getattr(one.problem, name) for one, names in zip(done, fields, strict=True) for name in names}
    now = replace(done[-1].problem, **seen)
    events = [one.event for one in done if one.event is not None]
    moved, conflicts = sum(one.moved for one in done), [line for one in done for line in one.conflicts]
    changes = {name: pair for one in fields for name, pair in one.items()}
    if session.as_json:
        kept = [] if session.dry_run else events
        facts = {"saved": bool(kept), "events": kept, "moved": moved, "conflicts": conflicts}
        as_json({**facts, "changes": changes, "problem": problem_json(now)})
        return
    lang = session.language(now.name)
    zh = lang == "zh"
    forwarded(session, asked or now.id, now, lang)
    lines(session, paragraph(f"{now.id}  {now.name}  {state_name(now.state, lang)}"))
    lines(session, paragraph(said, 2) if said else ())
    for name, (was, became) in changes.items():
        lines(session, paragraph(arrow(name, was, became, lang), 2))
    if moved:
        lines(session, paragraph(f"移动投诉 {moved:,} 件" if zh else f"{moved:,} complaints moved", 2))
    for line in conflicts:
        lines(session, paragraph(f"! {translated(line, lang)}", 2))
    _saved(session, events, lang)


def _saved(session: Session, events: Sequence[int], lang: str) -> None:
    zh = lang == "zh"
    if not events:
        session.say("没有变化。" if zh else "Nothing changed.")
    elif session.dry_run:
        session.say("试运行：未保存任何内容。" if zh else "Dry run: nothing was saved.")
    else:
        numbers = ", ".join(map(str, events))
        # the latest first: nothing is taken back from under a later change
        undo = " && ".join(f"genyin problems undo {number}" for number in reversed(events))
        told = f"已保存（事件 {numbers}）。撤销：{undo}"
        lines(session, paragraph(told if zh else f"Saved as event {numbers}. Undo: {undo}"))


def undone(session: Session, one: "Undone", lang: str) -> None:
    """Show what was taken back."""
    if session.as_json:
        as_json({"saved": not session.dry_run, "event": one.event, "undoes": one.undoes, "left": one.left})
        return
    zh = lang == "zh"
    session.say(f"事件 {one.undoes} 已撤销。" if zh else f"Event {one.undoes} was taken back.")
    if one.left:
        told = f"{one.left:,} complaints have moved on since and stay where they are."
        lines(session, paragraph(f"其中 {one.left:,} 件投诉此后又移动过，保持现状。" if zh else told))
    _saved(session, [one.event], lang)
