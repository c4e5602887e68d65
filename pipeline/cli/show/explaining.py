"""Why one text is what it is, as lines that a person reads."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.cli.session import Session
from pipeline.cli.show.results import aligned
from pipeline.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from pipeline.workflow import Explanation

_BAR = 24
_UNKNOWN = (
    "没有模型认识的中文词：类别只是占位，请人工判断。",
    "There is no word here that the model knows: the category only fills the place, and a person has to decide.",
)


def explanation(session: Session, found: "Explanation") -> None:
    """Show every label's probability and the words for and against."""
    lang = session.language(found.text)
    zh = lang == "zh"
    names = load_taxonomy()
    answer = found.prediction
    review = ("，需人工复核" if zh else ", needs review") if answer.needs_review else ""
    sure = "，置信度" if zh else ", confidence"
    known = answer.confidence > 0
    belief = f"{answer.confidence:.1%}" if known else "—"
    session.say(f"{names.title(answer.category, lang)} ({answer.category}){sure} {belief}{review}")
    others = [names.title(label, lang) for label in answer.categories if label != answer.category]
    if others:
        session.say(f"{'也属于' if zh else 'Belongs as well to'}: {', '.join(others)}")
    session.say()
    if not known:
        session.say(_UNKNOWN[0 if zh else 1])
        return
    rows = [
        (names.title(one.label, lang), one.label, f"{one.share:.1%}", "█" * round(_BAR * one.share))
        for one in found.labels
    ]
    for line in aligned(rows, right=(2,)):
        session.say(line)
    if found.causes:
        session.say()
        session.say("可能的根因（全部类别中）" if zh else "Likely root causes (of all categories)")
        told = [(names.title(c.cause, lang), names.title(c.category, lang), f"{c.share:.1%}") for c in found.causes]
        for line in aligned(told, right=(2,)):
            session.say(f"  {line}")
    session.say()
    for title, words in _for_and_against(found, names.title(found.explained, lang), zh):
        session.say(f"{title}: " + (" ".join(f"{word}({share:+.3f})" for word, share in words) or "-"))


def _for_and_against(found: "Explanation", about: str, zh: bool) -> Iterable[tuple[str, list[tuple[str, float]]]]:
    totals: dict[str, float] = {}
    for word in found.words:
        if word.word.strip():
            totals[word.word] = totals.get(word.word, 0.0) + word.share
    ranked = sorted(totals.items(), key=lambda pair: -pair[1])
    yield (f"支持“{about}”的词" if zh else f"Words for {about}"), [pair for pair in ranked if pair[1] > 0.005][:8]
    against = [pair for pair in reversed(ranked) if pair[1] < -0.005][:8]
    yield (f"反对“{about}”的词" if zh else f"Words against {about}"), against
