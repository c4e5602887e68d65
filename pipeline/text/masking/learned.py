"""Names that are known by all that stands around them: a linear model whose weights were learned from invented texts.

A candidate is a family name with one or two characters, two characters of a given name alone, a calling (老周, 阿强)
or a family name before a title, at a place that ``masking.name_gate`` lets through. What is seen of it and beside it
are features; each has a weight in ``data/name_features.csv``; where their sum says that a name is likely enough it is
one. ``benchmarks/name_weights.py`` learns them.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import repeat
from typing import NamedTuple

from pipeline.resources import data_file
from pipeline.text.masking import weights as weigh
from pipeline.text.masking.beside import Words, left_of, right_of
from pipeline.text.masking.shapes import Kind
from pipeline.text.masking.sides import Places, Sides, ends_like_a_place, is_han

Features = list[tuple[str, str]]

_NOTHING = repeat(0)
_FOUND = f"[{Kind.NAME.value}]"
_LONGEST = 3
_BESIDE = 3
_LEAST_BESIDE, _MOST_BESIDE = -8, 14
_CLAMPED = [str(weight) for weight in range(_LEAST_BESIDE, _MOST_BESIDE + 1)]
_STRONG, _SOME = 12, 6
# hundredths of a natural logarithm: even odds for 老周 and 周经理, four and a half to one for a name alone. At even
# odds twice as many ordinary words of real complaints would be masked for hardly any more names
_EVEN, _LIKELY, _A_WORD = 0, 150, 150
_SHORTEST = 2
_COMMON_WORD, _TITLED_WORD = 1000, 100
# what family names must weigh behind 小, 老, 阿, 大, and to be known as such
_LEAST_CALLED = {"小": 3, "老": 3, "阿": 3, "大": 8}
# or the character of a given name behind the first two
_CLOSE = frozenset("小阿")
_LEAST_GIVEN = 6
# in a text that is nothing but the name
_SURE_FAMILY = 7
# before a title
_LEAST_TITLED = -8
_LEAST_FAMILY = 0
# family names that are little words too
_LITTLE_WORDS = frozenset("和都那连从向因后时同要才便更经由过")
_TITLES = frozenset(weigh.TITLES)
_SHORT_TITLES = frozenset(weigh.SHORT_TITLES + weigh.OTHER_TITLES)


class Candidate(NamedTuple):
    """What may be a name: the place behind it, what is seen of it and beside it, and what that must weigh.

    ``shared`` features belong to the place where it begins, so all candidates there have the same.
    """

    end: int
    shared: Features
    own: Features
    enough: int


@cache
def learned_weights() -> Mapping[tuple[str, str], int]:
    """Return the weight of each feature: hundredths of a natural logarithm."""
    with data_file("name_features.csv").open(encoding="utf-8", newline="") as file:
        return {(row["feature"], row["value"]): int(row["weight"]) for row in csv.DictReader(file)}


class LearnedNames:
    """Finds names by the sum of their features. ``not_names`` are words that hardly ever are one."""

    def __init__(self, weights: weigh.NameWeights, sides: Sides, not_names: frozenset[str]) -> None:
        self._weights = weights
        self._sides = sides
        self._not_names = not_names

    def find(self, text: str, starts: list[int], known: Places) -> Places:
        """Return the places of names that begin at one of ``starts`` and touch none of those that are known."""
        weight = learned_weights().get
        found: Places = []
        taken = bytearray(len(text) + _LONGEST + 1)
        for start, end in known:
            taken[start:end] = b"1" * (end - start)
        ends = {end: (start, end) for start, end in known}
        for start in starts:
            if taken[start]:
                continue
            beside = [ends[end] for end in (start, start - 1, start - 2) if end in ends][:1]
            best, best_end = 0, 0
            of_place: int | None = None
            for end, shared, own, enough in self.candidates(text, start, beside):
                if of_place is None:
                    of_place = sum(map(weight, shared, _NOTHING))
                score = of_place + sum(map(weight, own, _NOTHING)) - enough
                if score > best and not any(taken[start:end]):
                    best, best_end = score, end
            if best_end:
                found.append((start, best_end))
                ends[best_end] = (start, best_end)
                taken[start:best_end] = b"1" * (best_end - start)
        return found

    def candidates(self, text: str, start: int, beside: Places) -> Iterator[Candidate]:
        """Yield what may be a name that begins here; ``beside`` is the name right before, if there is one."""
        family, size = self._family(text, start)
        if not family or weigh.is_counted(text, start) or text.startswith(_FOUND, start - len(_FOUND)):
            return
        before = self._sides.before(text, start, beside)
        ends = [one for one in self._ends(text, start, size) if not self._is_doubtful(text, start, one, before)]
        if not ends:
            return
        words = Words(text, start)
        shared = [
            ("all", ""),
            ("family", family),
            ("before", _clamped(before)),
            *words.before(start),
            *[("left", part) for part in left_of(text, start)],
        ]
        for end, title in ends:
            own = self._of_end(text, start, (end, title), size, before, words)
            enough = _LIKELY if size and not title else _EVEN
            word = text[start : end + len(title)]
            if weigh.frequency(word) and not weigh.is_name_word(word):
                enough += _A_WORD
            yield Candidate(end, shared, own, enough)

    def _of_end(self, text: str, start: int, ending: tuple[int, str], size: int, before: int, words: Words) -> Features:
        end, title = ending
        behind = end + len(title)
        after = self._sides.words_after(text, start, behind)
        inner, grade = words.inside(start, end), _grade(before)
        first, weight = text[start], self._weights.given.get
        given = [str(weight(char, 0)) for char in text[start + max(size, 1) : end]]
        left, right = _clamped(before), _clamped(after)
        family = f"{self._weights.family.get(first, 'unknown')} {len(given)}"
        features = [
            *zip((f"only {size}",) if len(given) == 1 else ("first", "second"), given, strict=False),
            ("size", "title" if title else f"{size}+{len(given)}" if size else f"{first}+"),
            ("after", right),
            ("words", f"{size} {inner}"),
            ("word_after", words.after(behind)),
            ("beside", f"{grade} {_grade(after)}"),
            ("begins", f"{weight(first, 0)} {family}"),
            ("family_beside", f"{left} {family}"),
            ("sides", f"{left} {right} {len(given)}"),
            ("words_beside", f"{grade} {inner}"),
            *[("right", part) for part in right_of(text, behind)],
        ]
        if title:
            features.append(("title", title))
        else:
            features += [("last", text[end - 1]), ("frequency", f"{grade} {words.frequency(start, end)}")]
            if first == text[start + 1] and end == start + 2:
                features.append(("twice", grade))
        if self._is_listed(text, start, end):
            features.append(("listed", grade))
        return features

    def _is_doubtful(self, text: str, start: int, ending: tuple[int, str], before: int) -> bool:
        """Tell of a common word, and of what is named like a place."""
        end, title = ending
        if text.startswith(_FOUND, end):  # as it was read again, after names had been found
            return True
        if before >= weigh.LABEL:
            return False
        if text[start] in _LITTLE_WORDS:
            return True
        if title:  # 有先生在家, 纪律
            strange = self._weights.family.get(text[start], weigh.NO_FAMILY) < _LEAST_TITLED
            return (strange and before < _SOME) or weigh.frequency(text[start : end + len(title)]) >= _TITLED_WORD
        return (
            self._is_strange(text, start, end, before)
            or self._is_listed(text, start, end)
            or weigh.frequency(text[start:end]) >= _COMMON_WORD
        )

    def _is_strange(self, text: str, start: int, end: int, before: int) -> bool:
        """Tell of what hardly is a name unless the words before it announce one."""
        first = text[start]
        if first in weigh.CALLINGS:
            family, given = (table.get(text[start + 1], 0) for table in (self._weights.family, self._weights.given))
            return family < _LEAST_CALLED[first] and (first not in _CLOSE or given < _LEAST_GIVEN)
        if len(text) == end - start:  # 乐龄 as a cell of its own
            return self._weights.family.get(first, 0) < _SURE_FAMILY
        if before >= _STRONG:
            return False
        if ends_like_a_place(text[end - 1]):
            return True
        if self._weights.family.get(first, 0) >= _LEAST_FAMILY:
            return False
        # a given name alone is no word of the dictionary
        name = text[start:end]
        return len(name) > _SHORTEST or (weigh.frequency(name) > 0 and not weigh.is_name_word(name))

    def _ends(self, text: str, start: int, size: int) -> Iterator[tuple[int, str]]:
        """Yield where a candidate may end, and the title behind it."""
        if size == 1:
            for width in (3, 2, 1):
                title = text[start + 1 : start + 1 + width]
                if title in (_SHORT_TITLES if width == 1 else _TITLES) and not weigh.NO_TITLE.match(text, start + 3):
                    yield start + 1, title
                    break
        for end in (start + size + 1, start + size + 2) if size else (start + 2,):
            if end > len(text) or not is_han(text[end - 1]):
                return
            yield end, ""

    def _family(self, text: str, start: int) -> tuple[str, int]:
        pair = text[start : start + 2]
        if len(pair) < _BESIDE - 1 or not is_han(pair[0]) or not is_han(pair[1]):
            return "", 0
        if pair[0] in weigh.CALLINGS:
            called = max(self._weights.family.get(pair[1], weigh.NO_FAMILY), self._weights.given.get(pair[1], 0))
            return f"{pair[0]} {called}", 0
        if pair in self._weights.compound:
            return "two", 2
        if pair[0] in self._weights.wordy:
            return f"word {self._weights.family[pair[0]]}", 1
        return str(self._weights.family.get(pair[0], "unknown")), 1

    def _is_listed(self, text: str, start: int, end: int) -> bool:
        words = self._not_names
        return (
            text[start : start + 2] in words
            or text[max(0, start - 1) : start + 1] in words
            or text[start:end] in words
            or text[end - 1 : end + 1] in words
            or text[start : end + 1] in words
        )


def _clamped(weight: int) -> str:
    return _CLAMPED[min(max(weight, _LEAST_BESIDE), _MOST_BESIDE) - _LEAST_BESIDE]


def _grade(weight: int) -> str:
    return "+++" if weight >= _STRONG else "++" if weight >= _SOME else "+" if weight > 0 else "-"
