"""What came back from a review: changes cell by cell, what cannot be used, and what two people changed at once."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.cli.fitting import harmless, paragraph
from pipeline.cli.session import Session
from pipeline.cli.show.register import arrow, as_json, lines
from pipeline.messages import translated
from pipeline.workflow.insights.words import missing_rows
from pipeline.workflow.review.meeting_sheet import header

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.workflow.review.daily_workbook import DailyRepeats
    from pipeline.workflow.review.handing_back import HandedBack

_NOTHING = "—"


def handed_back(session: Session, found: "HandedBack") -> None:
    """Show what a filled-in sheet changed, or why it changed nothing."""
    if session.as_json:
        as_json(asdict(found))
        return
    lang = session.lang or "zh"
    told = (_changes, _doubts, _masked, _conflicts, _troubles, _strays, _unread)
    for line in (line for of in told for line in of(found, lang)):
        lines(session, paragraph(harmless(line)))
    session.say(_counts(found, lang))
    for line in _end(session, found, lang).splitlines():
        lines(session, paragraph(line.strip(), 2 if line.startswith(" ") else 0))


def _changes(found: "HandedBack", lang: str) -> Iterator[str]:
    for problem in dict.fromkeys(one.problem for one in found.changes):
        yield problem
        for cell in (one for one in found.changes if one.problem == problem):
            yield f"  {header(cell.column, lang)}: {cell.was or _NOTHING} → {cell.becomes or _NOTHING}"
        # nobody filled these in
        for one in (one for one in found.consequences if one.problem == problem):
            yield f"  + {arrow(one.field, one.was, one.becomes, lang)}"


def _doubts(found: "HandedBack", lang: str) -> Iterator[str]:
    for one in found.doubts:
        yield f"! {translated(one, lang)}"


def _masked(found: "HandedBack", lang: str) -> Iterator[str]:
    for one in found.masked:
        name, kinds = header(one.column, lang), "、".join(one.kinds)
        where = f"! {one.address} {one.problem} {name}"
        if lang == "zh":
            yield f"{where}：含个人信息（{kinds}），已遮盖。"
        else:
            yield f"{where}: personal data ({kinds}) were masked."


def _conflicts(found: "HandedBack", lang: str) -> Iterator[str]:
    for one in found.conflicts:
        name, sheet, now = header(one.answer.name, lang), one.answer.text or _NOTHING, one.register or _NOTHING
        where = f"! {one.answer.address} {one.problem} {name}"
        if lang == "zh":
            yield f"{where}：表中填“{sheet}”，台账此后已改为“{now}”。"
        else:
            yield f"{where}: the sheet says {sheet!r}, the register meanwhile {now!r}."


def _troubles(found: "HandedBack", lang: str) -> Iterator[str]:
    for one in found.troubles:
        yield f"× {one.address} {one.header}: {translated(one.what, lang)}"


def _strays(found: "HandedBack", lang: str) -> Iterator[str]:
    zh = lang == "zh"
    for one in found.rejected:
        reason = translated(one.reason, lang)
        yield f"? {one.address}{'，此行未使用：' if zh else ', row not used: '}{reason}"
    if found.absent:
        listed = ", ".join(found.absent)
        yield f"? {listed}: " + (
            "导出后被删除的行，台账不变" if zh else "rows deleted since the export; left as they are"
        )


def _unread(found: "HandedBack", lang: str) -> Iterator[str]:
    """A line for every column that is shown only and was changed all the same, by its first cell."""
    zh = lang == "zh"
    for column in dict.fromkeys(one.column for one in found.unread):
        first, *more = (one for one in found.unread if one.column == column)
        where = f"? {first.address} {header(column, lang)}"
        cells = f"等 {len(more) + 1} 格" if zh and more else f" and {len(more)} more" if more else ""
        if column == "name":
            rename = f"genyin problems rename {first.problem} " + ('"新名称"' if zh else '"new name"')
            end = f"此列不读回，改动未使用；改名请用 {rename}" if zh else f"not read back; to rename it: {rename}"
        else:
            end = "此列由软件填写，不读回，改动未使用" if zh else "genyin fills this column in; the change is not used"
        yield f"{where}{cells}{'：' if zh else ': '}{end}"


def _counts(found: "HandedBack", lang: str) -> str:
    strays = len(found.rejected)
    if lang == "zh":
        return f"共 {found.rows} 行 = {found.changed} 行有改动 + {found.unchanged} 行无改动 + {strays} 行未使用"
    return f"{found.rows} rows = {found.changed} with answers + {found.unchanged} unchanged + {strays} not used"


def _end(session: Session, found: "HandedBack", lang: str) -> str:
    zh = lang == "zh"
    if found.troubles:
        return (
            "有不能使用的单元格，未作任何修改。改正后再导入一次。"
            if zh
            else ("Nothing was applied, because of the cells marked ×. Correct them and import again.")
        )
    if found.conflicts:
        return (
            "有冲突，未作任何修改。用 --prefer sheet 以表格为准，或 --prefer register 以台账为准。"
            if zh
            else "Nothing was applied, because of conflicts. Give --prefer sheet or --prefer register."
        )
    if not found.changes:
        return "没有变化。" if zh else "Nothing changed."
    if session.dry_run:
        return "试运行：未保存任何内容。" if zh else "Dry run: nothing was saved."
    # one below the other: not every shell can chain them, and one change may rest on another
    undo = [f"genyin problems undo {number}" for number in reversed(found.events)]
    if len(undo) == 1:
        return f"已保存。撤销：{undo[0]}" if zh else f"Saved. Undo: {undo[0]}"
    told = "已保存。如要撤销，按此顺序逐行运行：" if zh else "Saved. To undo it, run these lines in this order:"
    return "\n".join((told, *(f"  {one}" for one in undo)))


def daily(session: Session, found: "DailyRepeats", out: "Path") -> None:
    """Show the figures of the daily sheet."""
    zh = (session.lang or "zh") == "zh"
    several = sum(one.more for one in found.regions)
    since, until = (f"{one:%m-%d %H:%M}" for one in (found.since, found.until))
    if zh:
        session.say(
            f"{found.day}（{since} 至 {until}）投诉 {found.complaints} 件，其中重复投诉 {found.of_repeaters} 件；"
        )
        session.say(f"重复投诉号码 {len(found.repeaters)} 个，4 次及以上 {several} 个；无号码 {found.unusable} 件。")
    else:
        window = f"{found.day} ({since} to {until})"
        session.say(f"{window}: {found.complaints} complaints, {found.of_repeaters} of them repeated;")
        session.say(
            f"{len(found.repeaters)} numbers complained again, {several} four times or more; "
            f"{found.unusable} complaints without a number."
        )
    for line in _daily_doubts(found, zh):
        lines(session, paragraph(f"! {line}"))
    session.say(f"{out}")


def _daily_doubts(found: "DailyRepeats", zh: bool) -> Iterator[str]:
    """Why a daily sheet holds nothing, or less than it should."""
    if found.missing:
        _, rows = missing_rows([("daily_repeats", one) for one in found.missing], "zh" if zh else "en")
        for _, figure, needs in rows:
            yield (
                f"{figure}：数据中没有所需的列（{needs}）"
                if zh
                else f"{figure}: the dump lacks what it needs ({needs})"
            )
    elif found.first and found.last and not found.complaints:
        yield (
            f"{found.since:%Y-%m-%d %H:%M} 至 {found.until:%Y-%m-%d %H:%M} 没有投诉；"
            f"数据为 {found.first} 至 {found.last}，请核对 --day。"
            if zh
            else f"No complaint from {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M}; the data are of "
            f"{found.first} to {found.last}. Check --day."
        )
    elif found.first and found.first > found.window_start.date():
        yield (
            f"数据从 {found.first} 开始，不足 30 天：此前的投诉没有计入重复。"
            if zh
            else f"The data begin on {found.first}, less than 30 days before: earlier complaints are not counted."
        )
