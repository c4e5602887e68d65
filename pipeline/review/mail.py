"""``review.md``: the answer in a page of plain text, for the chat group and for a mail."""

import re
from collections.abc import Iterator

from pipeline.review.summary import Kind, RunSummary
from pipeline.review.writing import Writer

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def render_mail(summary: RunSummary, lang: str) -> str:
    """Return the answer as Markdown: figures, what is new or came back, what to talk about, a finding per section."""
    writer = Writer(summary, lang)
    blocks = [_head(summary, writer), _marked(summary, writer), _talks(summary, writer), _findings(summary, writer)]
    lines = [line for block in blocks for line in block]
    about = summary.about
    made = {"made": about.made, "genyin": about.genyin}
    return "\n".join([*lines, "", f"> {escaped(writer.words.filled('page.watermark_made', made))}"]) + "\n"


def _head(summary: RunSummary, writer: Writer) -> Iterator[str]:
    about, words = summary.about, writer.words
    yield f"# {words('page.title')} {writer.span(about.span)}"
    yield ""
    yield escaped(writer.watermark(about))
    yield ""
    for one in summary.headline.figures:
        before = ""
        if one.before is not None:
            told = words.filled("page.before_was", {"before": writer.cell(one.kind, one.before)})
            before = f" ({told})" if writer.lang == "en" else f"（{told}）"
        yield f"- {writer.figure_name(one.id)}{_colon(writer)}**{writer.cell(one.kind, one.value)}**{before}"


def _marked(summary: RunSummary, writer: Writer) -> Iterator[str]:
    yield ""
    comma = ", " if writer.lang == "en" else "、"
    for mark, problems in summary.headline.marked:
        names = [escaped(f"{writer.problem(one)} ({one})") for one in problems[:5]]
        if len(problems) > len(names):
            rest = writer.cell(Kind.COUNT, len(problems) - len(names))
            names.append(writer.words.filled("page.more", {"count": rest}))
        yield f"- {writer.words(f'mark.{mark}')}{_colon(writer)}{comma.join(names) or writer.words('page.none_marked')}"


def _talks(summary: RunSummary, writer: Writer) -> Iterator[str]:
    if not summary.headline.talk:
        return
    yield ""
    few = len(summary.headline.talk) != 5
    yield f"## {writer.words('page.talk_fewer' if few else 'page.talk')}"
    yield ""
    by_id = {line.id: line for line in summary.lines}
    common = writer.common_asks(summary)
    for number, one in enumerate(summary.headline.talk, start=1):
        line = by_id[one.problem]
        name = f"**{escaped(line.name or line.id)}** ({escaped(line.id)})"
        yield f"{number}. {name} {escaped(writer.talk(one, line, not common))}"
    if common:
        yield ""
        yield escaped(common)


def _findings(summary: RunSummary, writer: Writer) -> Iterator[str]:
    yield ""
    for section in summary.sections:
        if section.findings:
            title = writer.words(f"section.{section.id}.title")
            yield f"- {title}{_colon(writer)}{escaped(writer.sentence(section.findings[0]))}"


def _colon(writer: Writer) -> str:
    return ": " if writer.lang == "en" else "："


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> escaped("<b>*1\n2*")
    '\\<b\\>\\*1 2\\*'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
