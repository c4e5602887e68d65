"""Names of problems: short, readable, each its own; with key phrases, quotes and the complaint most like the others.

A name is where it happens and the cause, where these are known; otherwise the stretch of a title or clause that says
best what the complaints have in common. More is added where the name alone would find another problem.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.finding import Search
from pipeline.problems.fragments import Fragment
from pipeline.problems.naming_arrays import native_problems
from pipeline.problems.offers import Offer, offer_words
from pipeline.problems.quoting import quote, typical_complaints
from pipeline.problems.vocabulary import Vocabulary, width
from pipeline.problems.wording import Text, Tokens, Wording, read_wording
from pipeline.text.masking.shapes import PLACEHOLDER
from pipeline.text.privacy import Masker

__all__ = ["Nameable", "Naming", "name_problems", "quote"]

_PHRASES = 5
# a name this short says only half: a second part tells the rest, if it is worth this share of the first
_HALF_NAME, _WHOLE_NAME = 10.0, 20.0
_SECOND_PART = 0.3
# what may be added to a name, and how often
_ADDITION, _ADDITIONS = 10.0, 2
# shorter phrases are too general to be added, unless nothing else tells two problems apart
_TELLING = 3.0
# an addition of which more characters stand in the name already says nothing new
_TOLD = 0.5
# searches weigh words in different ways; a lead like this holds in most
_CLEAR_LEAD = 1.3
# "10元" or "一台" at the end may tell problems apart, but tells people nothing
_QUANTITY = re.compile(r" (?:\d|[一两几]).?[^ ]*$")
_NAMELESS = "未命名问题"


@dataclass(frozen=True, slots=True)
class Nameable:
    """What is to be named: the places of its complaints, the title of its cause and what it heaps up at, or empty."""

    members: NDArray[np.int64]
    cause: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """A name and what goes with it.

    ``phrases`` are up to five, best first; ``quotes`` up to three complaints (their places) that are typical and differ
    from each other; ``medoid`` is the complaint most like the others and ``cohesion`` their mean similarity to it.
    """

    name: str
    phrases: tuple[str, ...]
    quotes: tuple[int, ...]
    medoid: int
    cohesion: float


def name_problems(
    groups: Sequence[Nameable], texts: Sequence[str], titles: Sequence[str], tokens: Tokens
) -> list[Naming]:
    """Name the problems of a run.

    ``texts`` and ``titles`` are cleaned and masked, one per complaint; ``tokens`` cuts texts into words. Names differ
    from each other and do not depend on the order of problems or complaints. ``ValueError`` for a problem without
    complaints.
    """
    if not groups:
        return []
    if not all(len(group.members) for group in groups):
        raise ValueError("A problem to be named has no complaints.")
    wording = read_wording([group.members for group in groups], texts, titles, tokens)
    problems = native_problems([group.where for group in groups], wording)
    drafts = _drafts(groups, wording, problems)
    search = Search(wording, tokens, [draft.pieces for draft in drafts], [draft.cause for draft in drafts], problems)
    names = [_findable(draft, place, search) for place, draft in enumerate(drafts)]
    told = _told_apart(names, drafts)
    return [
        Naming(name, draft.phrases, typical.quotes, typical.medoid, typical.cohesion)
        for name, draft, typical in zip(told, drafts, typical_complaints(wording, problems), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A problem on the way to its name: what the name says for sure, its key phrases, and what could be added.

    The largest problem keeps a name that several would have; the hashes of the texts in ``rank`` settle the rest.
    """

    given: tuple[str, ...]
    parts: tuple[str, ...]
    phrases: tuple[str, ...]
    spare: tuple[str, ...]
    cause: str
    rank: tuple[int, tuple[bytes, ...]]

    @property
    def name(self) -> str:
        return " ".join(self.parts)

    @property
    def own_words(self) -> set[str]:
        """Everything that comes from the texts."""
        return {*self.parts, *self.phrases, *self.spare} - {*self.given}

    @property
    def pieces(self) -> list[str]:
        """Everything that could come into the name."""
        return [piece for said in (*self.parts, *self.spare) for piece in said.split(" ")]

    def longer(self, name: str, least: float = 0.0) -> str | None:
        """The name with the next phrase of a certain length that says something new, if there is one."""
        return next(self.each_longer(name, least), None)

    def each_longer(self, name: str, least: float = 0.0) -> Iterator[str]:
        """The name with each phrase of a certain length that says something new, best first."""
        for said in self.spare:
            if width(said) >= least and sum(character in name for character in said) <= _TOLD * len(said):
                yield f"{name} {said}"


def _drafts(groups: Sequence[Nameable], wording: Wording, problems: Any) -> list[_Draft]:
    """Draft all names; what looks personal when it stands alone is left out, for masking can never be sure enough."""
    offers = offer_words([group.where for group in groups], wording, problems)
    masker = Masker()
    refused: set[str] = set()
    checked: set[str] = set()

    def draft(place: int) -> _Draft:
        speller = _Speller(offers[place], wording.vocabulary, refused)
        return _draft(groups[place], wording.groups[place], speller)

    # what the other drafts say has been checked before
    drafts = changed = {place: draft(place) for place in range(len(groups))}
    while fresh := sorted({said for held in changed.values() for said in held.own_words} - checked):
        checked.update(fresh)
        refused |= {said for said, masked in zip(fresh, masker.mask_many(fresh), strict=True) if said != masked}
        changed = {place: draft(place) for place, held in changed.items() if held.own_words & refused}
        drafts |= changed
    return list(drafts.values())


def _draft(group: Nameable, texts: Sequence[Text], offer: "_Speller") -> _Draft:
    where, cause = _bare(group.where), _bare(group.cause)
    given = tuple(filter(None, (where, cause)))
    parts = given if cause else (*given, *offer.own_words(texts, alone=not given))
    phrases = offer.phrases()
    spare = (*islice(offer.additions(), _ADDITIONS), *phrases)
    rank = (-len(group.members), tuple(text.key for text in texts))
    return _Draft(given, parts or offer.leftovers(texts), phrases[:_PHRASES], spare, cause, rank)


def _bare(given: str) -> str:
    return " ".join(PLACEHOLDER.sub(" ", given).split())


class _Speller:
    """Turns what the texts offer into words for a name, without those that are refused."""

    def __init__(self, offer: Offer, vocabulary: Vocabulary, refused: Container[str]) -> None:
        self._offer, self._words, self._refused = offer, vocabulary, refused

    def own_words(self, texts: Sequence[Text], *, alone: bool) -> tuple[str, ...]:
        """The name in the words of the complaints: the best fragment, and a second one where the first is short."""
        first = next(self._spelt(self._offer.fragments), None)
        if first is None:
            return ()
        fragment, name = first
        room = _WHOLE_NAME - self._words.width(fragment.tokens)
        if not alone or room < _WHOLE_NAME - _HALF_NAME:
            return (name,)
        fitting = (
            other
            for other in self._offer.fragments
            if other.score >= _SECOND_PART * fragment.score
            and not {*other.tokens} & {*fragment.tokens}
            and self._words.width(other.tokens) <= room
        )
        second = next(self._spelt(fitting), None)
        if second is None:
            return (name,)
        return (name, second[1]) if _comes_first(fragment, second[0], texts) else (second[1], name)

    def additions(self) -> Iterator[str]:
        """Short fragments that say different things, in words that several complaints use."""
        told: set[int] = set()
        short = (one for one in self._offer.sound if self._words.width(one.tokens) <= _ADDITION)
        for fragment, name in self._spelt(short):
            if not told & {*fragment.tokens}:
                told |= {*fragment.tokens}
                yield name

    def phrases(self) -> tuple[str, ...]:
        """The key phrases."""
        return tuple(phrase for phrase in map(self._words.text, self._offer.phrases) if phrase not in self._refused)

    def leftovers(self, texts: Sequence[Text]) -> tuple[str, ...]:
        """The beginning of the longest clause, for texts of nothing but function words."""
        clauses = [clause for text in texts for clause in text.clauses]
        longest = max(clauses, key=lambda clause: (len(clause), clause), default=())
        fitting = [end for end in range(len(longest) + 1) if self._words.width(longest[:end]) <= _WHOLE_NAME]
        name = self._words.text(longest[: fitting[-1]])
        return (_NAMELESS,) if not name or name in self._refused else (name,)

    def _spelt(self, found: Iterable[Fragment]) -> Iterator[tuple[Fragment, str]]:
        spelt = ((fragment, self._words.text(fragment.tokens)) for fragment in found)
        return ((fragment, name) for fragment, name in spelt if name not in self._refused)


def _comes_first(one: Fragment, other: Fragment, texts: Sequence[Text]) -> bool:
    """Whether one fragment stands before another in most texts that begin both."""
    votes = 0
    for text in texts:
        places = text.first(one.tokens[0]), text.first(other.tokens[0])
        if places[0] is not None and places[1] is not None:
            votes += 1 if places[0] < places[1] else -1
    return votes >= 0


def _findable(draft: _Draft, place: int, search: Search) -> str:
    """The name with as little added as it takes for a search to find the problem first.

    The title of a cause is not in the customers' words, so it should lead clearly, if anything helps.
    """
    names = [draft.name]
    while len(names) <= _ADDITIONS and (longer := draft.longer(names[-1], _TELLING)):
        names.append(longer)
    leads = [search.lead(place, name) for name in names]
    for enough in (_CLEAR_LEAD, 1.0) if draft.cause else (1.0,):
        for name, lead in zip(names, leads, strict=True):
            if lead > enough:
                return name
    return _leading(draft, place, search)


def _leading(draft: _Draft, place: int, search: Search) -> str:
    """The name with the addition that helps a search most, a short one too; a second where one does not do."""
    name, lead = draft.name, search.lead(place, draft.name)
    for _ in range(_ADDITIONS):
        longer = [(search.lead(place, said), said) for said in draft.each_longer(name) if not _QUANTITY.search(said)]
        if lead > _CLEAR_LEAD or not longer:
            break
        best = max(longer, key=lambda pair: pair[0])
        if best[0] <= lead:
            break
        lead, name = best
    return name


def _told_apart(names: Sequence[str], drafts: Sequence[_Draft]) -> list[str]:
    """Names that occur once: of problems with one name the first keeps it, the others add phrases, at last a number."""
    told = list(names)
    taken: set[str] = set()
    for place in sorted(range(len(told)), key=lambda place: drafts[place].rank):
        name: str | None = told[place]
        while name and name in taken:
            name = drafts[place].longer(name, _TELLING) or drafts[place].longer(name)
        if name is None:
            name = next(numbered for number in count(2) if (numbered := f"{names[place]} {number}") not in taken)
        told[place] = name
        taken.add(name)
    return told
