"""Names of other tongues written by sound (斯琴高娃, 买买提·艾力): by their characters and what is beside them."""

import re

from pipeline.text.masking import weights as weigh
from pipeline.text.masking.sides import Places, Sides

DOTS = "·•・‧."
_DOTTED = 8
_LEAST_BEFORE = 3
# what the characters must weigh on average: less where the words beside speak for a person
_PLAIN, _WEAK_START, _POINTED, _SURE = 2.4, 2.8, 1.2, 10
_INSIDE_WORD = -14
_IS_WORD = -10
_HOLDS_WORD = -1
_NEVER = -100
_SHORTEST, _NONE = 2, 100.0


class ForeignNames:
    """Finds names written by sound."""

    def __init__(self, weights: weigh.NameWeights, sides: Sides, not_names: frozenset[str]) -> None:
        self._sounds = weights.foreign
        self._sides = sides
        self._not_names = not_names
        sounds = "".join(weights.foreign)
        self._run = re.compile(rf"[{sounds}]{{2,8}}(?:[{DOTS}][{sounds}]{{1,8}})?|[{sounds}][·•・‧][{sounds}]{{2,8}}")

    def find(self, text: str, starts: list[int]) -> Places:
        """Return the places of names that begin at one of ``starts`` or follow another in a list."""
        found: Places = []
        pending, done = starts[::-1], 0
        while pending:
            start = pending.pop()
            run = self._run.match(text, start) if start >= done else None
            end = self._end(text, start, run.end(), found) if run else 0
            if end:
                found.append((start, end))
                done = end
                pending += [end + 2, end + 1]
        return found

    def _end(self, text: str, start: int, end: int, found: Places) -> int:
        before = self._sides.before(text, start, found)
        dotted = not set(DOTS).isdisjoint(text[start:end])
        if before < _LEAST_BEFORE and not dotted:
            return 0
        for stop in [end] if dotted else range(end, start + 1, -1):
            if stop - start > _SHORTEST and len(set(text[start:stop])) == 1:  # 哈哈哈
                continue
            after = self._sides.after(text, start, stop)
            sounds = [self._sounds.get(char, 0) for char in text[start:stop] if char not in DOTS]
            least = _POINTED if dotted else self._least(sounds, before, after)
            score = before + sum(sounds) + after + _DOTTED * dotted
            if score < weigh.THRESHOLD or sum(sounds) < least * len(sounds) or min(sounds[0], sounds[-1]) + before < 3:
                continue
            if dotted or score + self._by_words(text, start, stop) >= weigh.THRESHOLD:
                return stop
        return 0

    def _least(self, sounds: list[int], before: int, after: int) -> float:
        """Return what the characters must weigh on average: more where the first of them is a common word."""
        if sounds[0] < weigh.LOUD and before < weigh.LABEL:
            return _WEAK_START if len(sounds) > _SHORTEST and before >= weigh.CUE else _NONE
        return weigh.SPOKEN_FOR if max(before, after + 2) >= _SURE else _PLAIN

    def _by_words(self, text: str, start: int, end: int) -> int:
        around = (
            text[start:end],
            text[start : start + 2],
            text[max(0, start - 1) : start + 1],
            text[end - 1 : end + 1],
            text[start : end + 1],
        )
        if any(len(word) > 1 and word in self._not_names for word in around):
            return _NEVER
        weight = 0
        for word, first, last in weigh.words_in(text, start, end):
            if not weigh.is_name_word(word):
                crosses = first < start or last > end
                weight += _INSIDE_WORD if crosses else _IS_WORD if (first, last) == (start, end) else _HOLDS_WORD
        return weight
