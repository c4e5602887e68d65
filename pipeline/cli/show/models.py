"""Comparisons, activations, drift and learning curves, as lines that a person reads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli.fitting import fitted, harmless
from pipeline.cli.session import Session
from pipeline.cli.show import drift as show_drift
from pipeline.messages import translated

if TYPE_CHECKING:
    from pipeline.workflow import (
        Activation,
        DriftReport,
        LabellingWorth,
        ModelComparison,
        ModelEntry,
        RelabelReport,
        SeedReport,
    )

_MOST_FLIPS = 20
_NO_HISTORY = (
    "还没有启用或退回过模型；正在用的是自带模型。",
    "No model was activated or rolled back yet; the shipped one is in use.",
)
_VERDICTS = {
    "better": ("候选模型更好", "the candidate is better"),
    "worse": ("候选模型更差", "the candidate is worse"),
    "undecided": ("差异不足以下结论", "no difference that could not be chance"),
    "too_few_rows": ("检验行太少，无法判断", "too few rows to tell"),
    "not_compared": ("未作比较", "not compared"),
}
_HINTS = {
    "stop": (
        "可以停止标注：再标收益很小，对照样本已达标。",
        "Labelling may stop: more brings little, and the control sample is good.",
    ),
    "go_on": ("继续标注：还有提高的余地。", "Go on labelling: there is something to gain."),
    "more_labels_do_not_help": (
        "再标同样的行收益很小，但对照样本仍有错误：检查标签定义和可疑标签，或标注新出现的内容。",
        "More labels of this kind bring little, yet the control sample has errors: look at the definitions of the "
        "labels and at suspected label errors, or label what is new.",
    ),
    "no_control_sample": (
        "再标收益很小；有了对照样本（genyin label export 的队列中含有）才能判断是否可以停止。",
        "More brings little; only a control sample (every queue holds one) can say whether to stop.",
    ),
}


def comparison(session: Session, found: "ModelComparison") -> None:
    """Show both models side by side, what is certain, and what would change."""
    zh = session.language(*(one.label for one in found.result.labels)) == "zh"
    for line in _comparison(found, zh):
        session.say(line)


def _comparison(found: "ModelComparison", zh: bool) -> Iterator[str]:
    result = found.result
    yield (
        f"{found.candidate}（候选）与 {found.active}（在用），检验 {result.rows:,} 行（两者都没学过；"
        f"另有 {found.seen:,} 行学过，不计）"
        if zh
        else f"{found.candidate} (candidate) against {found.active} (active) on {result.rows:,} rows that neither has "
        f"learned from ({found.seen:,} others left out)"
    )
    for note in found.notes:
        yield f"  - {translated(note, 'zh' if zh else 'en')}"
    heads = (
        ("标签", "行数", "在用 F1", "候选 F1", "差异")
        if zh
        else ("label", "rows", "active F1", "candidate F1", "difference")
    )
    rows = [
        (
            one.label,
            f"{one.rows:,}",
            f"{one.active:.3f}",
            f"{one.candidate:.3f}",
            f"{one.difference.value:+.3f} [{one.difference.low:+.3f}, {one.difference.high:+.3f}]",
        )
        for one in result.labels
    ]
    yield from fitted([heads, *rows], 0, right=(1, 2, 3))
    yield ""
    macro = f"{result.macro_f1.value:+.3f} [{result.macro_f1.low:+.3f}, {result.macro_f1.high:+.3f}]"
    yield f"macro-F1 {result.active_f1:.3f} → {result.candidate_f1:.3f}, {macro}"
    yield (
        f"改对 {result.gained} 行，改错 {result.lost} 行（McNemar p = {result.p_value:.3g}）"
        if zh
        else f"{result.gained} rows put right, {result.lost} put wrong (McNemar p = {result.p_value:.3g})"
    )
    before, after = result.active_coverage, result.candidate_coverage
    yield (
        f"精确率 {before.target:.2f} 时可自动判定 {before.coverage:.1%} → {after.coverage:.1%}"
        if zh
        else f"answered at precision {before.target:.2f}: {before.coverage:.1%} → {after.coverage:.1%}"
    )
    yield f"{'结论' if zh else 'verdict'}: {_VERDICTS[result.verdict][0 if zh else 1]}"
    yield from _flips(found, zh)


def _flips(found: "ModelComparison", zh: bool) -> Iterator[str]:
    if not found.dump_rows:
        return
    changed = sum(flip.rows for flip in found.flips)
    share = f"{changed / found.dump_rows:.1%}"
    yield ""
    yield (
        f"投诉表 {found.dump_rows:,} 行中将有 {changed:,} 行（{share}）改变类别"
        if zh
        else f"on the dump {changed:,} of {found.dump_rows:,} rows ({share}) would change"
    )
    for flip in found.flips[:_MOST_FLIPS]:
        yield f"  {flip.old} → {flip.new}  {flip.rows:,}"
        yield from (f"      {harmless(text)[:60]}" for text in flip.examples)


def activation(session: Session, found: "Activation") -> None:
    """Show which model is in use now."""
    if found.comparison:
        comparison(session, found.comparison)
        session.say()
    zh = session.lang == "zh"
    session.say(f"{'在用模型' if zh else 'Active model'}: {found.previous} → {found.name}")


def listing(session: Session, found: "Sequence[ModelEntry]") -> None:
    """Show all models, the active one marked."""
    zh = session.lang == "zh"
    heads = (
        ("", "模型", "训练时间", "行数", "留检", "macro-F1", "来自")
        if zh
        else ("", "model", "trained", "rows", "held back", "macro-F1", "from")
    )
    rows = [
        (
            "*" if one.is_active else "",
            one.name,
            one.trained_at[:16],
            f"{one.rows:,}",
            f"{one.held_back:,}",
            f"{one.macro_f1:.3f}",
            one.parent,
        )
        for one in found
    ]
    for line in fitted([heads, *rows], 1, right=(3, 4, 5)):
        session.say(line)


def history(session: Session, found: Sequence[Mapping[str, Any]]) -> None:
    """Show the journal, one line an entry."""
    words = {"activate": ("启用", "activate"), "rollback": ("退回", "rollback")}
    place = 0 if session.lang == "zh" else 1
    if not found:
        session.say(_NO_HISTORY[place])
    for one in found:
        why = f"  {one['reason']}" if one.get("reason") else ""
        change = f"{one['previous']} → {one['name']}"
        verdict = one.get("verdict", "")
        told = words[one["action"]][place], change, _VERDICTS.get(verdict, (verdict, verdict))[place]
        session.say(harmless("  ".join((one["at"][:16], one["who"], *told)) + why))


def drift(session: Session, found: "DriftReport") -> None:
    """Show how far a dump is from the training, and what may be new."""
    zh = session.language(*(term.word for term in found.drift.new_terms)) == "zh"
    place = 0 if zh else 1
    told = found.drift
    session.say(
        f"{found.model}：共 {found.rows:,} 行，检查 {found.looked_at:,} 行"
        if zh
        else f"{found.model}: {found.rows:,} rows, {found.looked_at:,} looked at"
    )
    if told.shifts:
        heads = ("项目", "PSI", "偶然", "判断") if zh else ("what", "PSI", "chance", "")
        rows = [
            (
                show_drift.NAMES[one.name][place],
                f"{one.psi:.3f}",
                f"{one.noise:.3f}",
                show_drift.LEVELS[one.level][place],
            )
            for one in told.shifts
        ]
        for line in fitted([heads, *rows], 0, right=(1, 2)):
            session.say(line)
    session.say(f"{'生词比例' if zh else 'unknown words'} {told.unknown_words:.1%}")
    session.say(f"{show_drift.LEVELS[told.level][place]}{'：' if zh else ': '}{show_drift.ADVICE[told.concern][place]}")
    if told.new_terms:
        words = "  ".join(f"{term.word} {term.texts}" for term in told.new_terms)
        session.say(f"{'新词（条数）' if zh else 'New words (texts)'}: {harmless(words)}")
    for number, topic in enumerate(found.topics, start=1):
        head = f"可能的新类别 {number}" if zh else f"May be a new category {number}"
        session.say(harmless(f"{head}: {' '.join(topic.words)}  {topic.rows}"))
        for text in topic.examples:
            session.say(f"    {harmless(text)[:60]}")


def worth(session: Session, found: "LabellingWorth") -> None:
    """Show the learning curve, its forecasts and the hint."""
    zh = session.lang == "zh"
    heads = ("行数", "macro-F1") if zh else ("rows", "macro-F1")
    rows = [(f"{point.rows:,}", f"{point.score:.3f}") for point in found.curve.points]
    for line in fitted([heads, *rows], 0, right=(0, 1)):
        session.say(line)
    for one in found.curve.forecasts:
        gain = f"{one.gain.value:+.4f} [{one.gain.low:+.4f}, {one.gain.high:+.4f}]"
        session.say(f"再标 {one.more:,} 条：{gain}" if zh else f"{one.more:,} more labels: {gain}")
    if found.hint.error:
        session.say(
            f"对照样本 {found.control_rows} 行，错 {found.control_errors} 行：{found.hint.error}"
            if zh
            else f"control sample: {found.control_errors} of {found.control_rows} wrong: {found.hint.error}"
        )
    session.say(_HINTS[found.hint.code][0 if zh else 1])


def seeded(session: Session, found: "SeedReport") -> None:
    """Show what the words cover and where they disagree."""
    weak = found.weak
    zh = session.language(*(one.label for one in weak.table)) == "zh"
    session.say(
        f"共 {found.rows:,} 行：弱标签 {found.labelled:,}，冲突 {weak.conflicting:,}，覆盖率 {weak.coverage:.1%}"
        if zh
        else f"{found.rows:,} rows: {found.labelled:,} weak labels, {weak.conflicting:,} conflicts, "
        f"{weak.coverage:.1%} covered"
    )
    heads = ("标签", "命中", "无冲突", "各词") if zh else ("label", "hits", "alone", "by word")
    rows = [
        (one.label, f"{one.hits:,}", f"{one.alone:,}", "  ".join(f"{word} {count}" for word, count in one.by_word))
        for one in weak.table
    ]
    for line in fitted([heads, *rows], 3, right=(1, 2)):
        session.say(line)
    for one, two, count in weak.conflicts:
        session.say(harmless(f"  {one} × {two}: {count:,}"))
    session.say(f"{'结果' if zh else 'Results'}: {found.folder}")


def relabelled(session: Session, found: "RelabelReport") -> None:
    """Show what became of the rows under the changed label set."""
    zh = session.language(*(name for one in found.breaks for name in (*one.old, *one.new))) == "zh"
    session.say(
        f"共 {found.rows:,} 行 = 新标签下 {found.kept:,} + 待人工判断 {found.queued:,} + 未用 {found.rejected:,}"
        if zh
        else f"{found.rows:,} rows = {found.kept:,} kept + {found.queued:,} for a person + {found.rejected:,} set aside"
    )
    for one in found.breaks:
        change = (
            f"{'、'.join(one.old)} → {'、'.join(one.new)}" if zh else f"{', '.join(one.old)} → {', '.join(one.new)}"
        )
        session.say(harmless(f"  {one.day}  {change}  {one.relabelled:,} / {one.queued:,}"))
    session.say(f"{'结果' if zh else 'Results'}: {found.folder}")
