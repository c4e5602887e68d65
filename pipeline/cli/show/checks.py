"""The check of a fix, and known cases like a new complaint, as lines that a person reads and as JSON."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.cli.fitting import paragraph, sheet
from pipeline.cli.session import Session
from pipeline.cli.show.register import ANSWERS, as_json, lines, problem_json
from pipeline.messages import translated
from pipeline.workflow.register.words import field_name, state_name

if TYPE_CHECKING:
    from pipeline.workflow import Checked, Similar


def checked(session: Session, found: "Checked") -> None:
    """Show what the numbers say of a fix, and where the problem went."""
    one, told = found.problem, found.verification
    if session.as_json:
        facts = {"saved": bool(found.moved) and not session.dry_run, "moved": found.moved}
        users = {"before": found.case.before.users, "after": found.case.after.users} if one.check_by == "rate" else None
        as_json({**facts, "verification": _finite(asdict(told)), "users": users, "problem": problem_json(one)})
        return
    lang = session.language(one.name)
    zh = lang == "zh"
    lines(session, paragraph(f"{one.id}  {one.name}  {state_name(one.state, lang)}"))
    per = {"rate": ("件/万用户·30天", "per 10,000 users in 30 days")}.get(one.check_by, ("件/30天", "in 30 days"))
    pairs = (
        ("结论" if zh else "answer", ANSWERS[told.answer][0 if zh else 1]),
        ("整改前" if zh else "before", _figure(told.before, per[0 if zh else 1])),
        ("整改后" if zh else "after", _figure(told.after, per[0 if zh else 1])),
        (field_name("fix_date", lang), one.fix_date),
        *_users(found, zh),
    )
    lines(session, (f"  {line}" for line in sheet(pairs, indent=2)))
    for reason in told.reasons:
        lines(session, paragraph(f"- {translated(reason, lang)}", 2))
    if not found.moved:
        session.say("状态不变。" if zh else "The state stays as it is.")
    elif session.dry_run:
        session.say("试运行：未保存任何内容。" if zh else "Dry run: nothing was saved.")
    else:
        moved = state_name(found.moved, lang)
        session.say(f"状态改为：{moved}" if zh else f"The state is now: {moved}")


def _users(found: "Checked", zh: bool) -> list[tuple[str, str]]:
    """How many users the rates were divided by, on average over the days of each window."""
    if found.problem.check_by != "rate":
        return []
    before, after = (f"{one.users:,.0f}" for one in (found.case.before, found.case.after))
    return [("平均用户数", f"整改前 {before}，整改后 {after}") if zh else ("users", f"before {before}, after {after}")]


def similar(session: Session, found: "Sequence[Similar]", lang: str) -> None:
    """Show known problems like a text: what was the cause, what helped."""
    zh = lang == "zh"
    for one in found:
        lines(session, paragraph(f"{one.id}  {one.name}  {state_name(one.state, lang)}  {one.score:.2f}"))
        result = "；" if zh else "; "
        pairs = (
            (field_name("root_cause", lang), one.root_cause),
            (field_name("workaround", lang), one.workaround),
            (field_name("measure", lang), one.measure),
            ("结果" if zh else "result", result.join(translated(part, lang) for part in one.result.split("; "))),
            ("共同的词" if zh else "words of both", " ".join(one.terms)),
        )
        held = [(name, value) for name, value in pairs if value]
        lines(session, (f"    {line}" for line in sheet(held, indent=4)))
    if not found:
        session.say("台账中没有相似的问题。" if zh else "No problem of the register is like it.")


def _figure(number: float, per: str) -> str:
    return f"{number:.3g} {per}" if math.isfinite(number) else "–"


def _finite(value: Any) -> Any:
    """The value with None for what JSON has no number for."""
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
