"""How far a run's rows are from what the model was trained on, in one line, and the words for it."""

import re
from typing import TYPE_CHECKING

from pipeline.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from pipeline.workflow import Drift

LEVELS = {
    "steady": ("稳定", "steady"),
    "watch": ("留意", "watch"),
    "shifted": ("已变化", "shifted"),
    "no_reference": ("模型没有训练时的参照", "the model has no figures of its training"),
}
ADVICE = {
    "steady": ("与训练时相近，不需要做什么。", "Like the training; nothing needs to be done."),
    "watch": (
        "与训练时有些不同：抽查待复核的行，下次再看。",
        "Somewhat unlike the training: look at some of the rows for review, and measure again next time.",
    ),
    "new_words": (
        "很多词是模型没见过的：请标注一批新的行（genyin label export），再训练。",
        "Many words are new to the model: label some of these rows (genyin label export) and train again.",
    ),
    "less_sure": (
        "模型不如训练时有把握：请标注一批新的行（genyin label export），再训练。",
        "The model is less sure than in training: label some of these rows (genyin label export) and train again.",
    ),
    "category": (
        "类别构成变了：请抽查变化最大的类别，看是投诉变了还是判错了。",
        "The mix of categories has changed: look at rows of the one that changed most, whether the complaints are "
        "others or the answers are wrong.",
    ),
    "length": (
        "只有文本长度变了：请核对导出方式和文本列是否与以往相同。",
        "Only the length of texts has changed: check that the export and the text columns are the same as ever.",
    ),
    "surer": (
        "模型比训练时更有把握，不需要做什么；对已学过的行就是这样。",
        "The model is surer than in training: nothing needs to be done. It is so with rows that it has learned.",
    ),
    "no_reference": (
        "模型是较早的版本训练的；再训练一次即可比较。",
        "An older version trained this model; train it again to compare.",
    ),
}
NAMES = {
    "category": ("类别构成", "mix of categories"),
    "confidence": ("置信度", "confidence"),
    "review": ("转人工比例", "rows for review"),
    "length": ("文本长度", "length of texts"),
    "unknown_words": ("生词", "unknown words"),
}
_NEW_TOPIC = (
    "可能是新业务：请标注含有这些词的行（genyin label export）。",
    "They may stand for something new: label rows that hold them (genyin label export).",
)
_WORDS_IN_LINE = 5
_LEAST_ROWS = 100
# shares of all, told by the first of their two bins
_SHARES = ("review", "unknown_words")


def hint(found: "Drift | None", zh: bool) -> str:
    """Say in one line how a run's rows differ from the training and what to do; empty where nothing needs saying.

    Of fewer than 100 rows nothing is said: which complaints are among so few is chance.
    """
    if found is None or found.rows < _LEAST_ROWS or not (found.calls_for_action or found.frequent_terms):
        return ""
    place = 0 if zh else 1
    comma, stop = ("、", "。") if zh else (", ", ". ")
    parts = [comma.join(_moved(found, zh))] if found.calls_for_action else []
    if found.frequent_terms:
        words = comma.join(f"{one.word} {one.texts}/{found.looked_at}" for one in found.frequent_terms[:_WORDS_IN_LINE])
        parts.append(f"{'新词' if zh else 'new words'} {words}")
    advice = ADVICE[found.concern] if found.calls_for_action else _NEW_TOPIC
    head = "与训练时不同：" if zh else "Unlike the training: "
    return f"{head}{('；' if zh else '; ').join(parts)}{stop}{advice[place]}"


def _moved(found: "Drift", zh: bool) -> list[str]:
    """What has shifted, by the bin that tells most: ``Billing: 41% of the rows (23% in training)``."""
    told = []
    for one in found.shifts:
        # the length of texts is no news of its own, and stands in run.json
        if one.level != "shifted" or one.name == "length":
            continue
        what = NAMES[one.name][0 if zh else 1]
        name, then, now = one.bins[0] if one.name in _SHARES else one.largest_change
        if one.name == "category":
            what = load_taxonomy().title(name, "zh" if zh else "en")
        elif one.name == "confidence":
            what = f"{what} {_rounded(name)}"
        of = ("的词", "of the words") if one.name == "unknown_words" else ("的行", "of the rows")
        if zh:
            told.append(f"{what}：{now:.0%}{of[0]}（训练时 {then:.0%}）")
        else:
            told.append(f"{what}: {now:.0%} {of[1]} ({then:.0%} in training)")
    return told


def _rounded(limits: str) -> str:
    """Limits of a bin as a person reads them: ``< 0.9276`` is ``< 0.93``."""
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.2f}", limits)
