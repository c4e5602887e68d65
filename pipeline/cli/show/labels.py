"""What the commands about labels did, as lines that a person reads and as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.fitting import paragraph
from pipeline.cli.session import Session
from pipeline.messages import translated

if TYPE_CHECKING:
    from pipeline.workflow import Agreement, Answered, ErrorShare, ImportReport, ListReport, QueueReport, SuspectReport

_SHOWN = 20
_TEXT = 60
_WHYS = {
    "uncertain": ("没有把握", "uncertain"),
    "neighbours_disagree": ("与相近投诉不一致", "at odds with neighbours"),
    "rare_category": ("稀少类别", "rare category"),
    "new_words": ("有新词", "new words"),
    "large_group": ("代表一批", "stands for many"),
    "control": ("随机抽样", "random control sample"),
}
_HOWS = {
    "majority": ("取多数", "the majority counts"),
    "decided": ("已裁定", "decided"),
    "contested": ("有争议", "contested"),
}


def queue(session: Session, report: "QueueReport") -> None:
    """Say what is asked."""
    if session.as_json:
        _print_json({**asdict(report), "path": str(report.path)})
        return
    both = session.both
    known = report.known
    _say(
        session,
        both(
            f"共 {report.rows_read:,} 行 = 不同文本 {report.texts:,} + 重复 {report.copies:,} + "
            f"未采用 {report.rejected:,}；已有标签 {known:,}",
            f"{report.rows_read:,} rows = {report.texts:,} distinct texts + {report.copies:,} copies + "
            f"{report.rejected:,} rejected; {known:,} have a label",
        ),
    )
    _say(session, both(f"选出 {report.chosen:,} 行：", f"{report.chosen:,} rows chosen:"))
    for code, count in sorted(report.why.items(), key=lambda pair: -pair[1]):
        _say(session, f"  {both(*_WHYS[code])} {count:,}")
    _say(session, both(f"待标注: {report.path}", f"Queue: {report.path}"))


def suspects(session: Session, report: "SuspectReport") -> None:
    """Say what looks wrong."""
    if session.as_json:
        _print_json({**asdict(report), "path": str(report.path)})
        return
    zh, en = (
        (
            "行数太少（平均每个标签不到 50 行），估计不了错标多少，下面的建议也只是猜测，请逐行判断",
            "too few rows (under 50 a label) to say how many labels are wrong; the suggestions are guesses",
        )
        if report.few
        else (
            f"估计错标 {report.errors:,.0f}；明显属于别的标签 {report.confident:,}",
            f"about {report.errors:,.0f} wrong labels; {report.confident:,} confidently of another label",
        )
    )
    _say(
        session,
        session.both(
            f"共 {report.rows:,} 行（未采用 {report.rejected:,}）；{zh}；近似重复而标签不同 {report.twins:,}",
            f"{report.rows:,} rows ({report.rejected:,} rejected); {en}; "
            f"{report.twins:,} at odds with a near-duplicate",
        ),
    )
    _say(session, session.both(f"列出 {report.listed:,} 行: {report.path}", f"{report.listed:,} rows: {report.path}"))


def listed(session: Session, report: "ListReport") -> None:
    """Say what was listed."""
    if session.as_json:
        _print_json({**asdict(report), "path": str(report.path)})
        return
    _say(
        session,
        session.both(
            f"{report.entries:,} 条记录，{report.texts:,} 条文本 = 列出 {report.listed:,} + "
            f"有争议 {report.contested:,}",
            f"{report.entries:,} entries on {report.texts:,} texts = {report.listed:,} listed + "
            f"{report.contested:,} contested",
        ),
    )
    _say(session, session.both(f"标签: {report.path}", f"Labels: {report.path}"))


def imported(session: Session, report: "ImportReport") -> None:
    """Say what came back, cell by cell where something is wrong."""
    if session.as_json:
        from pipeline.workflow import import_json

        click.echo(import_json(report))
        return
    for line in _imported(session, report):
        _say(session, line)


def _imported(session: Session, report: "ImportReport") -> Iterator[str]:
    both = session.both
    for one in report.files:
        yield from _file(session, one)
    yield both(
        f"{report.answers:,} 个答案 = 新增 {report.added:,} + 已有 {report.known:,}；标签库 {report.texts:,} 条文本，"
        f"有争议 {report.contested:,}",
        f"{report.answers:,} answers = {report.added:,} new + {report.known:,} known; {report.texts:,} texts in the "
        f"store, {report.contested:,} contested",
    )
    for conflict in report.conflicts[:_SHOWN]:
        said = "; ".join(f"{who}: {labels}" for who, labels in conflict.answers)
        how = both(*_HOWS.get(conflict.how, ("", "")))
        yield both(f"分歧（{how}）{said}  {conflict.text[:_TEXT]}", f"conflict ({how}) {said}  {conflict.text[:_TEXT]}")
    yield from _more(session, len(report.conflicts))
    for change in report.changed[:_SHOWN]:
        told = f"{change.who}: {change.before} → {change.after}  {change.text[:_TEXT]}"
        yield both(f"改答 {told}", f"changed {told}")
    yield from _more(session, len(report.changed))
    yield from _agreement(session, report.agreement)
    yield from _control(session, report.control)
    if report.dry_run:
        yield both("试运行：未保存任何内容。", "Dry run: nothing was saved.")


def _file(session: Session, one: "Answered") -> Iterator[str]:
    both = session.both
    yield both(
        f"{one.file}: {one.rows:,} 行 = 已答 {len(one.answers):,} + 未答 {one.empty:,} + 有错 {one.mistaken:,}；"
        f"已删 {one.deleted:,}",
        f"{one.file}: {one.rows:,} rows = {len(one.answers):,} answered + {one.empty:,} empty + {one.mistaken:,} with "
        f"mistakes; {one.deleted:,} deleted",
    )
    for mistake in (*one.mistakes, *one.remarks):
        yield f"  {mistake.address}: {translated(mistake.what, session.lang)}"
    for new in one.unknown:
        yield both(
            f"  新标签？{new.written}（{len(new.addresses)} 处），最接近的是 {new.nearest}；"
            f"认可请加 --new-label {new.written}",
            f"  New label? {new.written} ({len(new.addresses)}), nearest: {new.nearest}; accept it with "
            f"--new-label {new.written}",
        )


def _more(session: Session, count: int) -> Iterator[str]:
    if count > _SHOWN:
        more = count - _SHOWN
        yield session.both(f"另有 {more:,} 条：--json", f"{more:,} more: --json")


def _agreement(session: Session, found: "Agreement") -> Iterator[str]:
    if found.texts:
        yield session.both(
            f"一致性：{len(found.people)} 人共同标注 {found.texts:,} 条，Krippendorff α {_number(found.alpha)}，"
            f"Fleiss κ {_number(found.fleiss)}",
            f"Agreement: {found.texts:,} texts by two or more of {len(found.people)} people, Krippendorff's alpha "
            f"{_number(found.alpha)}, Fleiss' kappa {_number(found.fleiss)}",
        )
        for pair in found.pairs:
            if pair.texts:
                yield (f"  {pair.first} / {pair.second}: {pair.same:,} / {pair.texts:,}, Cohen κ {_number(pair.kappa)}")
        for one in found.labels:
            yield f"  {one.label}: {one.texts:,}, α {_number(one.alpha)}"


def _control(session: Session, found: "ErrorShare") -> Iterator[str]:
    if found.asked:
        shares = f"{found.wrong}/{found.asked} = {found.wrong / found.asked:.1%} [{found.low:.1%}, {found.high:.1%}]"
        yield session.both(
            f"随机样本：建议的主标签错了 {shares}（其余投诉的错误率，95% 区间）",
            f"Control sample: the suggested main label was wrong in {shares} (errors among the rest, 95 % interval)",
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _say(session: Session, line: str) -> None:
    plain = line.lstrip()
    for part in paragraph(plain, len(line) - len(plain)):
        session.say(part)


def _print_json(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
