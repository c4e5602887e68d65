"""Who says that he will leave: words of leaving, and what the clause around them makes of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from pipeline.insights.wordlists import holding, words_of

_LEXICON = "churn.toml"
# marks that end a clause; [SEP] parts the turns of a transcript
_CLAUSE_END = re.compile(r"\[SEP\]|[，。！？；：,!?;:\n\t ~～…]+")


class Leaving(StrEnum):
    """What a text says of leaving; the first one it fits counts."""

    THREAT = "threat"  # goes to another operator, or wants to
    ASKED = "asked"  # asked for it or about it, refused or not
    LEFT = "left"  # is gone already: the complaint is about the aftermath


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of leaving and the clause that says it."""

    leaving: Leaving
    clause: str


def said_of_leaving(texts: Sequence[str]) -> list[Said | None]:
    """Read every text for an intention to leave; ``None`` where there is none.

    A wish (要求, 想, 就 ...) before the word, or a request refused or asked about, counts; a negation right before it
    (不想转网, 没说要销户) does not, nor do other things that are cancelled (公司注销), customers ported in (转网过来)
    and bare mentions. A wish counts before the past does: 要求销户后退费 is a wish, 销户后仍收费 is not.

    >>> texts = ["再修不好就转网", "不想转网,只想修好", "销户后还扣费"]
    >>> [said and said.leaving.value for said in said_of_leaving(texts)]
    ['threat', None, 'left']
    """
    lexicon = words_of(_LEXICON)
    found: list[Said | None] = [None] * len(texts)
    for place in np.flatnonzero(holding(texts, (*lexicon["leave"], *lexicon["threat"]))).tolist():
        found[place] = _said(texts[place])
    return found


def _said(text: str) -> Said | None:
    read = [said for clause in _CLAUSE_END.split(text) for said in _of_clause(clause)]
    order = list(Leaving)
    return min(read, key=lambda said: order.index(said.leaving), default=None)


def _of_clause(clause: str) -> list[Said]:
    patterns = _patterns()
    kinds = (_of_word(patterns, clause, word) for word in patterns.word.finditer(clause))
    return [Said(kind, clause) for kind in kinds if kind is not None]


def _of_word(patterns: "_Patterns", clause: str, word: re.Match[str]) -> Leaving | None:
    before, behind = clause[: word.start()], clause[word.end() :]
    plain = patterns.affirmation.sub("要", before)
    if patterns.other.search(before[-6:]) or patterns.other.search(behind[:6]) or patterns.elsewhere.match(behind):
        return None
    if patterns.negation.search(plain):
        return None
    if word.lastgroup == "threat":
        return Leaving.LEFT if patterns.past_before.search(plain) else Leaving.THREAT
    wish, past = patterns.wish.search(plain), patterns.past_before.search(plain)
    # of 已要求销户 and 要求退还已销户号码的余额 the word nearer to the leaving decides
    if wish and not (past and past.start(1) >= wish.start(1)):
        return Leaving.ASKED if patterns.asked.search(clause) else Leaving.THREAT
    if past or patterns.past_behind.match(behind):
        return Leaving.LEFT
    return Leaving.ASKED if patterns.asked.search(clause) else None


@dataclass(frozen=True, slots=True)
class _Patterns:
    word: re.Pattern[str]
    wish: re.Pattern[str]
    asked: re.Pattern[str]
    negation: re.Pattern[str]
    affirmation: re.Pattern[str]
    past_before: re.Pattern[str]
    past_behind: re.Pattern[str]
    elsewhere: re.Pattern[str]
    other: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    def any_of(key: str) -> str:
        return "|".join(map(re.escape, sorted(words_of(_LEXICON)[key], key=len, reverse=True)))

    return _Patterns(
        word=re.compile(f"(?P<threat>{any_of('threat')})|(?P<leave>{any_of('leave')})"),
        wish=re.compile(f".*(?:{any_of('wish')})(.{{0,10}})$"),
        asked=re.compile(any_of("asked")),
        negation=re.compile(f"(?:{any_of('negation')})(?:再|要|过|我|来|去|给|办理|主动|申请|提出|现在|自己){{0,3}}$"),
        affirmation=re.compile(any_of("affirmation")),
        past_before=re.compile(f".*(?:{any_of('past_before')})(.{{0,4}})$"),
        past_behind=re.compile(any_of("past_behind")),
        elsewhere=re.compile(any_of("elsewhere")),
        other=re.compile(any_of("other_things")),
    )
