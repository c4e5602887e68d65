"""The words of the problems of a run, read once: clauses of titles and texts, and how the run as a whole uses words.

A token is a number here. Copies of one text are read once and texts stand in the order of a hash of their content, so
that nothing depends on the order of complaints or problems.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.vocabulary import BREAK, MASKED, SKIPPED, Clause, Vocabulary, make_vocabulary
from pipeline.text.masking.shapes import PLACEHOLDER, Kind
from pipeline.text.segmentation import lengths_of

Tokens = Callable[[Sequence[str]], list[list[str]]]

# distinct texts of a problem that are read: fewer where there are many problems, so that a run reads 32,000
_MOST_TEXTS, _LEAST_TEXTS, _TEXTS_OF_RUN = 200, 16, 32_000
# further texts of the run that show how words are used elsewhere
_MOST_OTHERS = 3000
# of a long text the beginning says what it is about
_MOST_TITLE, _MOST_BODY = 80, 160
# nobody writes a title that is the text up to within a clause; where so many do, a machine cut all of them off
_CUT_OFF_TITLES = 0.05
_ASIDE = re.compile(r"[(（【][^()（）【】]{0,14}[)）】]")
_CLOCK = re.compile(r"(?<=\d)[:：](?=\d)")
# what leads to a masked house number is the address of one customer: 住幸福小区[地址], 临江市人民路[地址]
_ADDRESS = re.compile(
    rf"(?:(?:家住|住在|住|位于|地址)[^\W\d_]{{1,12}}|[^\W\d_]{{2,3}}[省市区县][^\W\d_]{{1,12}})(?=\[{Kind.ADDRESS}\])"
)
_LAST_CLAUSE_END = re.compile(r"(?s).*\W")
# as if every token had been seen so often without any habit
_PRIOR = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The distinct contents of a run as numbers end to end, each a title, a break, a body, a break.

    Content ``i`` is ``tokens[start[i]:end[i]]``, its body begins at ``body[i]``; ``tokens`` begins with a break.
    """

    tokens: NDArray[np.int32]
    start: NDArray[np.int64]
    body: NDArray[np.int64]
    end: NDArray[np.int64]

    @property
    def longest(self) -> int:
        """Tokens of the longest content."""
        return int((self.end - self.start).max(initial=0))


@dataclass(frozen=True, eq=False)
class Text:
    """A distinct text of a problem: the clauses of its title and body, the places of the complaints that have it.

    ``number`` is its place in the contents, ``key`` a hash of its content.
    """

    contents: Contents
    number: int
    places: tuple[int, ...]
    key: bytes

    @cached_property
    def title(self) -> tuple[Clause, ...]:
        """The clauses of the title."""
        return self._clauses(self.contents.start, self.contents.body)

    @cached_property
    def body(self) -> tuple[Clause, ...]:
        """The clauses of the body."""
        return self._clauses(self.contents.body, self.contents.end)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Those of the title, then those of the body."""
        return self.title + self.body

    @cached_property
    def words(self) -> frozenset[int]:
        """The distinct tokens."""
        return frozenset(chain.from_iterable(self.clauses))

    def first(self, token: int) -> int | None:
        """Where a token stands first; ``None`` if it does not."""
        tokens = self.contents.tokens[self.contents.start[self.number] : self.contents.end[self.number]].tolist()
        return tokens.index(token) if token in tokens else None

    def _clauses(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[Clause, ...]:
        return tuple(_clauses(self.contents.tokens[start[self.number] : end[self.number]].tolist()))


@dataclass(frozen=True, eq=False)
class Usage:
    """How the run as a whole uses words.

    ``tokens`` are occurrences. ``telling`` is ln(1 + A / f), f being the occurrences and A the mean number of words of
    a problem: the rarity of class-based TF-IDF (Grootendorst 2022, "BERTopic"). ``begins`` and ``ends`` tell how much
    more often than other words a word begins and ends clauses, as a logarithm to base 2 between -2 and 2.
    """

    contents: Contents
    tokens: list[int]
    telling: list[float]
    begins: list[float]
    ends: list[float]
    mean_words: float

    def pair(self, left: int, right: int) -> int:
        """How often two tokens that do stand side by side do so."""
        return self._pairs.get(left * len(self.tokens) + right, 1)

    @cached_property
    def _pairs(self) -> dict[int, int]:
        left, right = self.contents.tokens[:-1].astype(np.int64), self.contents.tokens[1:]
        inner = (left != BREAK) & (right != BREAK)
        pairs, counts = np.unique(left[inner] * len(self.tokens) + right[inner], return_counts=True)
        # most pairs occur once; those need not be kept
        return dict(zip(pairs[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Wording:
    """All that naming reads: the vocabulary, the texts of every problem and how the run uses words."""

    vocabulary: Vocabulary
    contents: Contents
    groups: list[list[Text]]
    usage: Usage


def read_wording(
    groups: Sequence[NDArray[np.int64]], texts: Sequence[str], titles: Sequence[str], tokens: Tokens
) -> Wording:
    """Read the texts of every problem, at most 200 of each, and some of the run's others for comparison."""
    if not _has_titles(groups, texts, titles):
        titles = [""] * len(texts)
    reader = _Reader(texts, titles)
    most = min(_MOST_TEXTS, max(_LEAST_TEXTS, _TEXTS_OF_RUN // max(1, len(groups))))
    chosen = [reader.choose(members.tolist(), most) for members in groups]
    inside = {place for members in groups for place in members.tolist()}
    reader.choose([place for place in range(len(texts)) if place not in inside], _MOST_OTHERS)
    return reader.wording(chosen, tokens)


def _has_titles(groups: Sequence[NDArray[np.int64]], texts: Sequence[str], titles: Sequence[str]) -> bool:
    """Tell titles that somebody wrote from ones that are the first characters of the text."""
    written = {(titles[place].strip(), texts[place]) for members in groups for place in members.tolist()}
    cut_off = [title for title, text in written if title and _is_cut_off(title, text)]
    return len(cut_off) <= _CUT_OFF_TITLES * len(written)


def _is_cut_off(title: str, text: str) -> bool:
    return text.startswith(title) and text[len(title) : len(title) + 1].isalnum()


class _Reader:
    """Collects distinct contents (title, text) and cuts them all at once."""

    def __init__(self, texts: Sequence[str], titles: Sequence[str]) -> None:
        self._texts, self._titles = texts, titles
        self._numbers: dict[tuple[str, str], int] = {}
        self._hash = cache(_content_hash)

    def choose(self, places: Sequence[int], most: int) -> dict[int, list[int]]:
        """Return the distinct contents among some complaints, at most so many, and the places of each."""
        found: dict[tuple[str, str], list[int]] = {}
        for place in places:
            found.setdefault((self._titles[place], self._texts[place]), []).append(place)
        kept = sorted(found, key=self._hash)[:most]
        return {self._numbers.setdefault(content, len(self._numbers)): found[content] for content in kept}

    def wording(self, groups: Sequence[dict[int, list[int]]], tokens: Tokens) -> Wording:
        """Cut what was chosen."""
        titles = tokens([_beginning(title, _MOST_TITLE) for title, _ in self._numbers])
        bodies = tokens([_beginning(text, _MOST_BODY) for _, text in self._numbers])
        vocabulary, contents = _laid_out(titles, bodies)
        keys = list(map(self._hash, self._numbers))
        texts = [
            [Text(contents, number, tuple(held), keys[number]) for number, held in group.items()] for group in groups
        ]
        # the run's other texts only show how words are used
        sizes = _words_within(contents)
        words = sum(int(sizes[list(group)].sum()) for group in groups)
        usage = _usage(contents, len(vocabulary.spellings), words / max(1, len(groups)))
        return Wording(vocabulary, contents, texts, usage)


def _laid_out(titles: Sequence[list[str]], bodies: Sequence[list[str]]) -> tuple[Vocabulary, Contents]:
    """Number the tokens and lay contents out end to end, without what is passed over."""
    ends = ("",)
    pieces = list(chain.from_iterable((title, ends, body, ends) for title, body in zip(titles, bodies, strict=True)))
    # tokens are looked up once, by their order of appearance: a run has millions
    places: defaultdict[str, int] = defaultdict()
    places.default_factory = places.__len__
    seen = np.fromiter(map(places.__getitem__, chain(ends, chain.from_iterable(pieces))), np.int32)
    # or it would hold itself, and stay
    places.default_factory = None
    vocabulary = make_vocabulary(places.keys() - {*ends})
    numbers = vocabulary.numbers | {"": BREAK}
    tokens = np.array([numbers[token] for token in places], np.int32)[seen]
    kept = tokens != SKIPPED
    # where each piece ends, counted in what is kept
    stops = np.cumsum(kept)[np.cumsum(lengths_of(pieces))]
    bounds = np.concatenate([[1], stops])
    return vocabulary, Contents(tokens[kept], *(bounds[place:-1:4].copy() for place in (0, 2, 3)))


def _words_within(contents: Contents) -> NDArray[np.int64]:
    """The number of words of each content."""
    before = np.concatenate([[0], np.cumsum(contents.tokens != BREAK)])
    words: NDArray[np.int64] = before[contents.end] - before[contents.start]
    return words


def _content_hash(content: tuple[str, str]) -> bytes:
    return blake2b("\0".join(content).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _beginning(text: str, most: int) -> str:
    """The beginning of a text with a mark for masked values, without asides in brackets, 9:30 as one stretch."""
    begin = PLACEHOLDER.sub(MASKED, _ADDRESS.sub("", text[: 8 * most]))
    begin = _CLOCK.sub("点", _ASIDE.sub("", begin))
    if len(begin) <= most:
        return begin
    whole_clauses = _LAST_CLAUSE_END.match(begin[:most])
    return whole_clauses[0] if whole_clauses else begin[:most]


def _clauses(tokens: Sequence[int]) -> Iterator[Clause]:
    start = 0
    for place, token in enumerate(tokens):
        if token == BREAK:
            if place > start:
                yield tuple(tokens[start:place])
            start = place + 1
    if len(tokens) > start:
        yield tuple(tokens[start:])


def _usage(contents: Contents, size: int, mean_words: float) -> Usage:
    left, right = contents.tokens[:-1], contents.tokens[1:]
    tokens = np.bincount(contents.tokens, minlength=size)
    return Usage(
        contents,
        tokens.tolist(),
        np.log1p(mean_words / np.maximum(1, tokens)).tolist(),
        _habit(np.bincount(right[left == BREAK], minlength=size), tokens),
        _habit(np.bincount(left[right == BREAK], minlength=size), tokens),
        mean_words,
    )


def _habit(times: NDArray[np.int64], tokens: NDArray[np.int64]) -> list[float]:
    """Share of a token's occurrences that are at the edge over the same share of all; rare tokens are drawn to 1."""
    mean = max(1, times[1:].sum()) / max(1, tokens[1:].sum())
    ratio: NDArray[np.float64] = np.log2((times / mean + _PRIOR) / (tokens + _PRIOR))
    return np.clip(ratio, -2.0, 2.0).tolist()
