"""Words that speak against a bad score: praise in the text or passed on by the desk, remarks about the rating."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.insights.wordlists import words_of

Words = Sequence[tuple[str, ...]]
_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]+")
_LEXICON = "exemptions.toml"


def praise_of(texts: Sequence[str], notes: Sequence[str], by_label: Words) -> Words:
    """What praises, per complaint: words of the text, of the closing note, and what its labels say.

    A demand in the text (``demands`` of thanks.toml and exemptions.toml) outweighs all of it.

    >>> praise_of(["师傅太周到了", "太周到了,可是还没修好", "宽带断了"], ["", "", "已转班组表扬"], [(), (), ()])
    [('text:太周到',), (), ('closing_note:表扬',)]
    """
    text_words, demands = _not_denied(_praise()), _any_of(_demands())
    note_words = _any_of(words_of(_LEXICON)["praised"])
    return [
        ()
        if demands.search(text)
        else (*_seen("text", text_words, text), *_seen("closing_note", note_words, note), *more)
        for text, note, more in zip(texts, notes, by_label, strict=True)
    ]


def rating_remarks(columns: Mapping[str, Sequence[str]], key: str) -> Words:
    """What the cells say of the rating itself, per complaint: clauses with a word of ``key`` and one of a rating.

    Where a later answer was as bad (``still_bad``), a correction is none.

    >>> rating_remarks({"text": ["评价时点错了", "号码最后一位按错了"]}, "slip")
    [('text:评价时点错了',), ()]
    """
    wanted, rating = _any_of(words_of(_LEXICON)[key]), _any_of(words_of(_LEXICON)["rating"])
    bad = _any_of(words_of(_LEXICON)["still_bad"]) if key == "corrected" else None

    def remarks(column: str, cell: str) -> list[str]:
        if not wanted.search(cell):
            return []
        clauses = (clause.strip() for clause in _CLAUSE_END.split(cell))
        found = [clause for clause in clauses if wanted.search(clause) and rating.search(clause)]
        return [f"{column}:{clause}" for clause in found if not (bad and bad.search(cell))]

    rows = zip(*columns.values(), strict=True)
    return [tuple(one for name, cell in zip(columns, row, strict=True) for one in remarks(name, cell)) for row in rows]


def _seen(what: str, pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.search(text)
    return (f"{what}:{found[0]}",) if found else ()


def _praise() -> tuple[str, ...]:
    return (*words_of("thanks.toml")["thanks"], *words_of(_LEXICON)["praise"])


def _demands() -> tuple[str, ...]:
    return (*words_of("thanks.toml")["demands"], *words_of(_LEXICON)["demands"])


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@cache
def _not_denied(words: tuple[str, ...]) -> re.Pattern[str]:
    """The same, but for 不是很满意 and 态度好差."""
    return re.compile(f"(?<!不)(?<!不是)(?<!没)(?:{_any_of(words).pattern})(?!差)")
