"""What came back, as lines that a person reads; columns line up although a Chinese character is two cells wide."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.session import Session
from pipeline.cli.show.drift import hint
from pipeline.messages import role_name, translated
from pipeline.records import Role
from pipeline.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from pipeline.workflow import Description, Drift, Evaluation, RunReport, TrainReport
    from pipeline.workflow.report import Tally

_BAR = 24
# reasons why rows were not used that are worth a word each
_REASONS = 5
_REPEATED = "the complaint id stands already"
_SHIPPED = "default"


def standing(out: Path) -> frozenset[str]:
    """Names of what stands in a folder before a run writes there."""
    # a folder that cannot be looked into is told of by whoever writes there
    with suppress(OSError):
        return frozenset(one.name for one in out.iterdir())
    return frozenset()


def run(
    session: Session,
    report: "RunReport",
    out: Path,
    before: Collection[str] = (),
    found: Callable[[], None] = lambda: None,
) -> None:
    """Show the counts of a run, which add up, then what it ``found`` (shown by the caller), then where it stands.

    ``before``: what stood in ``out`` before, so that files which were written over are named.
    """
    lang = session.language(*(header for s in report.sources for names in s["roles"].values() for header in names))
    zh = lang == "zh"
    for source in report.sources:
        place = f"{source['file']}" + (f" ({source['sheet']})" if source["sheet"] else "")
        text = " + ".join(source["text"])
        session.say(f"{place}: {source['encoding'] or source['format']}, {'文本列' if zh else 'text'} {text}")
        for note in source["notes"]:
            session.say(f"  - {translated(note, lang)}")
    for note in report.notes:
        session.say(f"  - {translated(note, lang)}")
    if report.model.get("name", _SHIPPED) != _SHIPPED:
        session.say(f"{'模型' if zh else 'Model'}: {report.model['name']}")
    session.say(_counts(report, zh))
    if report.rejected:
        session.say(_why_rejected(report, lang))
    if report.categories:
        session.say()
        _categories(session, report, lang)
        if drift := hint(report.drift, zh):
            session.say(drift)
    found()
    session.say()
    for name, file in report.outputs.items():
        session.say(f"{_OUTPUT_NAMES[name][0 if zh else 1]}: {out / file}")
    if over := [file for file in report.outputs.values() if file in before]:
        session.say(f"已覆盖原有的 {'、'.join(over)}" if zh else f"Written over what stood there: {', '.join(over)}")
    speed = report.rows / max(report.seconds, 1e-9)
    session.say(
        f"用时 {report.seconds:.1f} 秒，每秒 {speed:,.0f} 行" if zh else f"{report.seconds:.1f} s, {speed:,.0f} rows/s"
    )


def stream(session: Session, tally: "Tally", found: "Drift | None") -> None:
    """Say beside the answers, which fill the standard output, what got none and what is unlike the training."""
    words = [term.word for term in found.new_terms] if found else []
    zh = session.language(tally.first_text, *words) == "zh"
    told = []
    if not tally.used and not tally.rejected:
        told.append("标准输入中没有任何文本。" if zh else "There was no text on the standard input.")
    elif tally.empty:
        told.append(f"跳过空行 {tally.empty:,} 行。" if zh else f"Empty lines passed over: {tally.empty:,}.")
    told.append(hint(found, zh))
    for line in filter(None, told if not session.quiet else ()):
        click.echo(line, err=True)


_OUTPUT_NAMES = {
    "classified": ("结果", "Results"),
    "grouped": ("投诉与问题", "Complaints with problems"),
    "problems": ("问题清单", "Problems"),
    "masked": ("脱敏副本", "Masked copy"),
    "rejected": ("未用的行", "Rejected rows"),
    "run": ("运行记录", "Run record"),
}


_DONE = {"classify": ("已分类", "classified"), "problems": ("已归并", "grouped"), "mask": ("已脱敏", "masked")}


def _counts(report: "RunReport", zh: bool) -> str:
    used = _DONE[report.command][0 if zh else 1]
    if zh:
        line = f"共 {report.rows:,} 行 = {used} {report.used:,} + 未用 {report.rejected:,}"
        line += f"；投诉 {report.complaints:,} 件" if report.complaints != report.used else ""
        return line + (f"，客户 {report.customers:,} 个" if report.customers is not None else "")
    line = f"{report.rows:,} rows = {report.used:,} {used} + {report.rejected:,} rejected"
    line += f"; {report.complaints:,} complaints" if report.complaints != report.used else ""
    return line + (f", {report.customers:,} customers" if report.customers is not None else "")


def _why_rejected(report: "RunReport", lang: str) -> str:
    """The reasons why rows were not used, each with its rows; which rows they are stands in rejected.csv."""
    merged: Counter[str] = Counter()
    for why, rows in report.reject_reasons.items():
        # which row it repeats stands in rejected.csv
        merged[_REPEATED if why.startswith(_REPEATED) else why] += rows
    repeated = "投诉编号重复" if lang == "zh" else "repeated complaint id"
    counts = [(repeated if why == _REPEATED else translated(why, lang), rows) for why, rows in merged.most_common()]
    told, rest = counts[:_REASONS], sum(rows for _, rows in counts[_REASONS:])
    if rest:
        told.append(("其他" if lang == "zh" else "other reasons", rest))
    if lang == "zh":
        return "未用的原因：" + "；".join(f"{why} {rows:,} 行" for why, rows in told)
    return "Rejected because: " + "; ".join(f"{why} ({rows:,})" for why, rows in told)


def _categories(session: Session, report: "RunReport", lang: str) -> None:
    names = load_taxonomy()
    most = max(report.categories.values())
    rows = [
        (names.title(label, lang), label, f"{rows:,}", f"{rows / report.used:.1%}", "█" * round(_BAR * rows / most))
        for label, rows in report.categories.items()
    ]
    for line in aligned(rows, right=(2, 3)):
        session.say(line)
    share = f"{report.review_share:.1%}"
    session.say()
    session.say(
        f"待人工复核 {report.needs_review:,} 行（{share}）"
        if lang == "zh"
        else f"{report.needs_review:,} rows need review ({share})"
    )


def training_counts(report: "TrainReport", zh: bool) -> str:
    """Say what became of every row."""
    parts = [
        (report.used, "用于训练", "learned from"),
        (report.held_back, "留作检验", "held back for comparing"),
        (report.queued, "待人工判断（queue.csv）", "for a person (queue.csv)"),
        (report.rejected, "未用", "set aside"),
    ]
    told = [
        (count, names[0 if zh else 1]) for count, *names in parts if count or names[1] != "for a person (queue.csv)"
    ]
    inherited = (f"（其中原模型 {report.inherited:,} 行）", f" ({report.inherited:,} of the parent)")[0 if zh else 1]
    head = (f"共 {report.rows:,} 行" if zh else f"{report.rows:,} rows") + (inherited if report.inherited else "")
    return f"{head} = " + " + ".join(f"{name} {count:,}" if zh else f"{count:,} {name}" for count, name in told)


def training(session: Session, report: "TrainReport") -> None:
    """Show how good the trained model is and where it stands."""
    zh = session.language(*(score.label for score in report.evaluation.labels)) == "zh"
    session.say(training_counts(report, zh))
    if report.other_edition:
        session.say(
            "  - 随软件的语料与原模型训练时的不同：已用现在的语料"
            if zh
            else "  - The shipped corpus is another one than the parent was trained on: today's was used"
        )
    if report.contradictions:
        session.say(
            f"  - 其中 {report.contradictions} 行同文不同标签，见 rejected.csv"
            if zh
            else f"  - {report.contradictions} of them are the same text with different labels, see rejected.csv"
        )
    if report.unmeasured:
        labels = (", ", "、")[zh].join(report.unmeasured)
        session.say(
            f"  - {labels} 的行全是近似的副本（或属于同一组）：检验时同组的行一起留出，模型没有别的行可学，所以下面的"
            "成绩是 0，不说明模型好坏。请为这些标签补充写法不同的投诉。"
            if zh
            else f"  - All rows of {labels} are near-copies of each other (or of one group). They are held back "
            "together to measure, so the model had nothing to learn these labels from, and their figures below are 0 "
            "whatever the model is worth. Add complaints in other words to these labels."
        )
    tried = ", ".join(f"{name} {score:.4f}" for name, score in report.tried.items())
    session.say(f"{'学习器' if zh else 'Learner'}: {report.learner} ({tried})")
    evaluation(session, report.evaluation)
    session.say(f"{'模型' if zh else 'Model'}: {report.model} ({report.seconds:.0f} s)")


def evaluation(session: Session, found: "Evaluation") -> None:
    """Show metrics with their intervals."""
    lang = session.language(*(score.label for score in found.labels))
    zh = lang == "zh"
    heads = ("类别", "行数", "精确率", "召回率", "F1") if zh else ("label", "rows", "precision", "recall", "F1")
    rows = [heads] + [
        (score.label, f"{score.support:,}", str(score.precision), str(score.recall), str(score.f1))
        for score in found.labels
    ]
    for line in aligned(rows, right=(1,)):
        session.say(line)
    session.say()
    session.say(f"macro-F1 {found.macro_f1}")
    session.say(f"{'准确率' if zh else 'accuracy'} {found.accuracy}")
    if found.either.value != found.accuracy.value:
        session.say(f"{'主或次标签命中' if zh else 'main or secondary label'} {found.either}")
    if found.causes:
        c = found.causes
        session.say(
            f"根因（{c.causes} 个，{c.rows:,} 行）：首选 {c.top1}，前三 {c.top3}"
            if zh
            else f"root causes ({c.causes}, {c.rows:,} rows): first {c.top1}, first three {c.top3}"
        )
    session.say(f"{'校准误差 ECE' if zh else 'calibration error (ECE)'} {found.ece:.4f}")
    for one in found.coverage:
        session.say(
            f"精确率 {one.target:.2f} 时可自动判定 {one.coverage:.1%}（置信度 ≥ {one.threshold:.3f}）"
            if zh
            else f"at precision {one.target:.2f}: {one.coverage:.1%} of rows answered (from {one.threshold:.3f} on)"
        )
    session.say()
    _confusion(session, found, zh)


def _confusion(session: Session, found: "Evaluation", zh: bool) -> None:
    labels = [score.label for score in found.labels]
    session.say("混淆矩阵（行：真实；列：判定）" if zh else "Confusion (rows: true; columns: called)")
    rows = [("", *labels)] + [
        (label, *(str(n) for n in row)) for label, row in zip(labels, found.confusion, strict=True)
    ]
    for line in aligned(rows, right=range(1, len(labels) + 1)):
        session.say(line)
    session.say()


def columns(session: Session, found: "Description") -> None:
    """Show how each source is understood."""
    lang = session.language(*(column.header for source in found.sources for column in source.columns))
    zh = lang == "zh"
    for source in found.sources:
        place = source.file + (f" ({source.sheet})" if source.sheet else "")
        facts = [source.format, source.encoding, f"{'表头行' if zh else 'header row'} {source.header_row}"]
        facts.append(f"{'约' if zh else 'about'} {source.rows_guess:,} {'行' if zh else 'rows'}")
        session.say(f"{place}: " + ", ".join(fact for fact in facts if fact))
        heads = ("列", "角色", "依据") if zh else ("column", "role", "why")
        rows = [heads] + [
            (column.header, _role(column.role, column.kind, column.in_text, lang), _WHY[column.why][0 if zh else 1])
            for column in source.columns
        ]
        for line in aligned(rows):
            session.say(f"  {line}")
        for note in source.notes:
            session.say(f"  - {translated(note, lang)}")
        session.say()


_WHY = {
    "synonym": ("表头词典", "known header"),
    "override": ("用户指定", "you said so"),
    "content": ("按内容判断", "by its content"),
    "alternate": ("备选", "alternate"),
    "unused": ("认识，暂不使用", "known, not used yet"),
    "unknown": ("未识别", "unknown"),
}


def _role(role: Role | None, kind: str, in_text: bool, lang: str) -> str:
    told = role_name(kind, lang)
    name = told if role else f"({told})" if kind else "-"
    return name + ((" [文本]" if lang == "zh" else " [text]") if in_text else "")


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Pad cells to columns, counting wide characters as two; columns in ``right`` are flush right.

    >>> aligned([("类别", "10"), ("ab", "5")], right=(1,))
    ['类别  10', 'ab     5']
    """
    from rich.cells import cell_len

    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            gap = " " * (widths[i] - cell_len(cell))
            cells.append(gap + cell if i in set(right) else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines
