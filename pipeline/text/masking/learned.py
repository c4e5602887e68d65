"""Names that are known by all that stands around them: a linear model whose weights were learned from invented texts.

A candidate is a family name with one or two characters, a calling (老周, 阿强) or a family name before a title, at a
place that ``masking.starts`` lets through. What is seen of it and beside it are features; each has a weight in
``data/name_features.csv``; where their sum says that a name is likely enough it is one. ``benchmarks/name_weights.py``
learns them.
"""

import csv
import string
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from pipeline.resources import data_file
from pipeline.text.masking import weights as weigh
from pipeline.text.masking.shapes import Kind
from pipeline.text.masking.sides import Places, Sides, ends_like_a_place, is_han

Features = list[tuple[str, str]]

_FOUND = f"[{Kind.NAME.value}]"
_EDGE = "^"
_WINDOW = 6
_LONGEST = 3
_BESIDE = 3
_LEAST_BESIDE, _MOST_BESIDE = -8, 14
_STRONG, _SOME = 12, 6
# hundredths of a natural logarithm: even odds for 老周 and 周经理, four and a half to one for a name alone. At even
# odds twice as many ordinary words of real complaints would be masked for hardly any more names
_EVEN, _LIKELY = 0, 150
_SHORTEST = 2
_COMMON_WORD, _TITLED_WORD = 1000, 100
# what family names must weigh behind 小, 老, 阿, 大, or the character of a given name behind the first of these
_LEAST_CALLED = {"小": 5, "老": 6, "阿": 5, "大": 10}
_CLOSE = frozenset("小阿")
_LEAST_CLOSE = {"小": 8, "阿": 4}
# before a title
_LEAST_TITLED = 3
# family names that are little words too
_LITTLE_WORDS = frozenset("和都那连从向因后时同要才便更经由过")
# without a word for a person before it: of two characters, of more
_LEAST_ALONE = {False: 7, True: 5}
_ANY = weigh.NO_FAMILY
_CLASSES = str.maketrans(
    dict.fromkeys(string.digits, "0")
    | dict.fromkeys(string.ascii_letters, "a")
    | dict.fromkeys("\t\n\r\u00a0\u3000", " ")
)
_TITLES = frozenset(weigh.TITLES)
_SHORT_TITLES = frozenset(weigh.SHORT_TITLES)


class Candidate(NamedTuple):
    """What may be a name: the place behind it, what is seen of it and beside it, and what that must weigh."""

    end: int
    features: Features
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
        table = learned_weights()
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
            for end, features, enough in self.candidates(text, start, beside):
                score = sum([table.get(feature, 0) for feature in features]) - enough
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
        words = _Words(text, start)
        shared = [
            ("all", ""),
            ("family", family),
            ("before", _clamped(before)),
            *words.before(start),
            *(("left", part) for part in _left(text, start)),
        ]
        for end, title in ends:
            features = shared + self._of_end(text, start, (end, title), size, before, words)
            yield Candidate(end, features, _LIKELY if size and not title else _EVEN)

    def _of_end(
        self, text: str, start: int, ending: tuple[int, str], size: int, before: int, words: "_Words"
    ) -> Features:
        end, title = ending
        behind = end + len(title)
        after = self._sides.words_after(text, start, behind)
        inner, grade = words.inside(start, end), _grade(before)
        given = [str(self._weights.given.get(char, 0)) for char in text[start + max(size, 1) : end]]
        features = [
            *zip((f"only {size}",) if len(given) == 1 else ("first", "second"), given, strict=False),
            ("size", "title" if title else f"{size}+{len(given)}" if size else f"{text[start]}+"),
            ("after", _clamped(after)),
            ("words", f"{size} {inner}"),
            ("word_after", words.after(behind)),
            ("beside", f"{grade} {_grade(after)}"),
            ("words_beside", f"{grade} {inner}"),
            *(("right", part) for part in _right(text, behind)),
        ]
        if title:
            features.append(("title", title))
        else:
            features += [("last", text[end - 1]), ("frequency", f"{grade} {words.frequency(start, end)}")]
        if self._is_listed(text, start, end):
            features.append(("listed", grade))
        return features

    def _is_doubtful(self, text: str, start: int, ending: tuple[int, str], before: int) -> bool:
        """Tell of a common word, of what is named like a place, and where the family name says too little."""
        end, title = ending
        if text.startswith(_FOUND, end):  # as it was read again, after names had been found
            return True
        if before >= weigh.LABEL:
            return False
        family = self._weights.family
        first, second = text[start], text[start + 1]
        if first in _LITTLE_WORDS:
            return True
        if title:  # 纪律
            is_word = weigh.frequency(text[start : end + len(title)]) >= _TITLED_WORD
            return is_word or (before < _STRONG and family.get(first, weigh.NO_FAMILY) < _LEAST_TITLED)
        if first in weigh.CALLINGS:
            given = self._weights.given.get(second, 0)
            if family.get(second, 0) < _LEAST_CALLED[first] and not (first in _CLOSE and given >= _LEAST_CLOSE[first]):
                return True
        elif ends_like_a_place(text[end - 1]):
            return True
        elif text[start : start + 2] not in self._weights.compound:
            alone = _LEAST_ALONE[end - start > _SHORTEST]
            if family.get(first, weigh.NO_FAMILY) < (alone if before < _SOME else 0 if before < _STRONG else _ANY):
                return True
        return self._is_listed(text, start, end) or weigh.frequency(text[start:end]) >= _COMMON_WORD

    def _ends(self, text: str, start: int, size: int) -> Iterator[tuple[int, str]]:
        """Yield where a candidate may end, and the title behind it."""
        if size == 1:
            for width in (3, 2, 1):
                title = text[start + 1 : start + 1 + width]
                if title in (_SHORT_TITLES if width == 1 else _TITLES):
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
        around = (
            *(text[start : start + 2], text[max(0, start - 1) : start + 1]),
            *(text[start:end], text[end - 1 : end + 1], text[start : end + 1]),
        )
        return any(word in self._not_names for word in around)


class _Words:
    """The words of the dictionary around a place."""

    def __init__(self, text: str, start: int) -> None:
        first = max(0, start - _WINDOW)
        self._size = len(text)
        self._begins: dict[int, str] = {}
        self._ends: dict[int, str] = {}
        for word in weigh.cut_words(text[first : start + _LONGEST + 1 + _WINDOW]):
            self._begins[first] = word
            first += len(word)
            self._ends[first] = word

    def before(self, start: int) -> Features:
        """Tell what kind of word ends here, and its last character."""
        word = self._ends.get(start, "") if start else _EDGE
        return [("word_before", _kind_of(word)), ("end_before", f"{len(word)}{word[-1:]}")]

    def after(self, end: int) -> str:
        """Tell what kind of word begins here."""
        return _kind_of(self._begins.get(end, "") if end < self._size else _EDGE)

    def frequency(self, start: int, end: int) -> str:
        """Tell how often the candidate is used as a word: the digits of its frequency, 0 if it is none."""
        word = self._begins.get(start, "")
        return str(len(str(weigh.frequency(word)))) if len(word) == end - start else "0"

    def inside(self, start: int, end: int) -> str:
        """Tell how the words part the candidate, as their lengths; ``<`` and ``>`` mark words across its edges."""
        parts, place = "" if start in self._begins else "<", start
        while place not in self._begins and place < end:
            place += 1
        while place < end:
            word = self._begins[place]
            place += len(word)
            parts += f"{len(word)}{_tag(word)}" if place <= end else ">"
        return parts


def _tag(word: str) -> str:
    if len(word) == 1:
        return ""
    return "p" if weigh.is_name_word(word) else "s" if weigh.is_place_word(word) else ""


def _kind_of(word: str) -> str:
    if not word:
        return "across"
    return f"{min(len(word), _BESIDE)}{_tag(word)}" if is_han(word[0]) else "mark"


def _clamped(weight: int) -> str:
    return str(min(max(weight, _LEAST_BESIDE), _MOST_BESIDE))


def _grade(weight: int) -> str:
    return "+++" if weight >= _STRONG else "++" if weight >= _SOME else "+" if weight > 0 else "-"


def _left(text: str, start: int) -> Iterator[str]:
    """Yield one to three characters before a name, those of one class as one: a figure, a letter, a blank, nothing."""
    beside = _EDGE * (start < _BESIDE) + text[max(0, start - _BESIDE) : start].translate(_CLASSES)
    return (beside[-width:] for width in range(1, min(_BESIDE, len(beside)) + 1))


def _right(text: str, end: int) -> Iterator[str]:
    """Yield one to three characters behind a name."""
    beside = text[end : end + _BESIDE].translate(_CLASSES) + _EDGE * (end + _BESIDE > len(text))
    return (beside[:width] for width in range(1, min(_BESIDE, len(beside)) + 1))
