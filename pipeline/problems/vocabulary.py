"""Words as numbers, and what each may do in a name: open it, close it, stand in it at all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list

Clause = tuple[int, ...]

# what a token may not do in a name, and what it is, one bit each
NOT_FIRST, NOT_LAST, NUMBER = 1, 2, 4
FUNCTION_WORD = NOT_FIRST | NOT_LAST
BREAK = 0
# never the edge of anything: 魅力之城
BINDING = "之"
# what follows one of these may not be parted from it
_NEGATIONS = frozenset("不没未无非别勿")
# a masked value is a token of its own, wider than any name, so that none spans it
MASKED = "\ue000"
_WIDER_THAN_NAMES = 1000.0

# quotation marks are passed over
SKIPPED = -1
_QUOTE_MARKS = frozenset("“”\"'‘’「」『』《》〈〉")
# long numbers, 张某 and 张XX belong to somebody
_PERSONAL = re.compile(r"\d{6}|.某|[xX×*]{2}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens as numbers, in code point order. Letter case makes no difference; one spelling of several is shown.

    ``numbers`` has 0 for what is no word. ``of_sentences`` are function words that names do without.
    """

    numbers: dict[str, int]
    spellings: list[str]
    traits: list[int]
    widths: list[float]
    of_sentences: frozenset[int]

    def text(self, tokens: Iterable[int]) -> str:
        """Return tokens as they are written."""
        return "".join([self.spellings[token] for token in tokens])

    def turns_round(self, token: int) -> bool:
        """Whether a token is a negation, so that a cut behind it would say the opposite: 不 before 低于188元."""
        return self.spellings[token][0] in _NEGATIONS and bool(self.traits[token] & NOT_LAST)

    def width(self, tokens: Iterable[int]) -> float:
        """Return the length of tokens in Han characters; two letters or digits count as one."""
        return sum(map(self.widths.__getitem__, tokens))


def make_vocabulary(tokens: Iterable[str]) -> Vocabulary:
    """Number distinct tokens."""
    spellings: dict[str, str] = {}
    folded = {token: token.lower() for token in sorted(tokens)}
    for token, plain in folded.items():
        spellings.setdefault(plain, token)
    words = [plain for plain in sorted(spellings) if _is_word(plain)]
    number_of = {plain: number for number, plain in enumerate(words, start=BREAK + 1)}
    traits = [FUNCTION_WORD, *map(_traits, words)]
    return Vocabulary(
        {token: SKIPPED if token in _QUOTE_MARKS else number_of.get(plain, BREAK) for token, plain in folded.items()},
        ["", *(spellings[word] for word in words)],
        traits,
        [0.0, *map(width, words)],
        frozenset(
            number
            for word, number in number_of.items()
            if traits[number] & FUNCTION_WORD == FUNCTION_WORD and word != BINDING
        ),
    )


@cache
def edge_words() -> dict[str, int | None]:
    """Return what words may not do in a name, by ``data/edge_words.txt``; ``None`` for those that stand in none."""
    found: dict[str, int | None] = {}
    for line in read_list(data_file("edge_words.txt")):
        for entry in line.split():
            word = entry.strip("!-")
            if entry.startswith("!"):
                found[word] = None
            else:
                found[word] = (0 if entry.endswith("-") else NOT_FIRST) | (0 if entry.startswith("-") else NOT_LAST)
    # what the finer list does not know of the stop words is neither first nor last
    for word in read_list(data_file("stopwords.txt")):
        found.setdefault(word, FUNCTION_WORD)
    return found


def _is_word(token: str) -> bool:
    if token == MASKED:
        return True
    wordly = token.isalnum() or any(map(str.isalnum, token))
    return wordly and edge_words().get(token, 0) is not None and not _PERSONAL.search(token)


def _traits(word: str) -> int:
    if word == MASKED:
        return FUNCTION_WORD
    traits = edge_words().get(word) or 0
    if word.replace(".", "").isdecimal():
        # up to two digits rarely end anything: they count what follows
        traits |= NUMBER | (NOT_LAST if len(word) <= 2 else 0)
    return traits


def width(text: str) -> float:
    """Return the length of a text in Han characters; two letters or digits count as one."""
    return _WIDER_THAN_NAMES if text == MASKED else len(text) - 0.5 * sum(map(str.isascii, text))
