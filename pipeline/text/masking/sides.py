"""What stands before and after a name: a label, a word for a person, a title, a verb, a number, a mark, or nothing."""

import re
from collections.abc import Mapping

from pipeline.text.masking import weights as weigh

Places = list[tuple[int, int]]

_IN_LIST = 13
_LONGEST_WORD = 5
_PLACE_ENDS = {
    **dict.fromkeys("苑园庄村镇县区路街巷城厦湾寨屯坊店院溪岛港岭冲坪坝埠垸畈", -8),
    **dict.fromkeys("河沟渠涌塘湖", -14),
    "江": -3,
}
_NEAR_NUMBER = re.compile(
    r"[\s,，:：;；/|(（、\-—.。]{0,3}(?:\+?[0-9]{5}|\+?[0-9]{3}[ \-]|\[(?!姓名|地址))"
    r"|[(（](?:[男女]|机主|户主|本人|联系|联络)"
)
_NUMBER_BEFORE = re.compile(r"[0-9\]][\s,，:：;；/|(（、\-—.。]{1,3}$")
MARKS = frozenset("：:=|")
_LINKS = frozenset(weigh.LINKS)
SEPARATORS = frozenset("：:=|?？\"“'(（【 \t\n\u3000")
_LIST_MARKS = frozenset("、,，和与及 /;；")


class Sides:
    """Weighs what stands beside a name."""

    def __init__(self, weights: weigh.NameWeights) -> None:
        self._before, self._field, self._after = weights.before, weights.field, weights.after
        # most places have no such word beside them: one look at one character tells
        self._lasts = frozenset(word[-1] for word in (*weights.before, *weights.field))
        self._firsts = frozenset(word[0] for word in weights.after)

    def before(self, text: str, start: int, found: Places) -> int:
        """Weigh what stands before a name; ``found`` are the names before it."""
        if found and 0 < start - found[-1][1] <= 2 and _LIST_MARKS.issuperset(text[found[-1][1] : start]):
            return _IN_LIST
        place = start
        while place and start - place < 4 and text[place - 1] in SEPARATORS:
            place -= 1
        weight = self._word_before(text, place)
        if place < start:
            weight = max(weight, self._field_before(text, place, start))
            if weight <= weigh.CONTACT:
                weight = weigh.EDGE_BEFORE
            elif weight == weigh.LABEL:
                weight += weigh.LABELLED
        elif not weight:
            if start and text[start - 1].isalnum():
                return weigh.NO_WORD_BEFORE
            weight = weigh.EDGE_BEFORE
        if not start or text[start - 1].isalpha():
            return weight
        return max(weight, weigh.CONTACT) if _NUMBER_BEFORE.search(text, max(0, start - 4), start) else weight

    def after(self, text: str, start: int, end: int) -> int:
        """Weigh what stands after a name, and a last character with which places end."""
        return _PLACE_ENDS.get(text[end - 1], 0) + self.words_after(text, start, end)

    def words_after(self, text: str, start: int, end: int) -> int:
        """Weigh what stands after a name, and whether it fills a field of its own."""
        if end < len(text) and is_han(text[end]):
            if text[end] not in self._firsts:
                return weigh.NO_WORD_AFTER
            words = (text[end : end + size] for size in (1, 2, 3))
            weights = [self._after[word] for word in words if word in self._after]
            return min(weights) if weights and min(weights) < 0 else max(weights, default=weigh.NO_WORD_AFTER)
        weight = weigh.EDGE_AFTER
        if not text[end : end + 1].isalnum() and not (start and is_han(text[start - 1])):
            weight += weigh.FIELD
        if _NEAR_NUMBER.match(text, end):
            return weight + weigh.CONTACT
        return weight + weigh.ENUMERATED if text[end : end + 1] == "、" else weight

    def _word_before(self, text: str, place: int) -> int:
        last = text[place - 1 : place]
        if last not in self._lasts and last not in _LINKS:
            return 0
        weight = _longest(self._before, text, place)
        if weight < weigh.LABEL and place and text[place - 1] in _LINKS:
            named = _longest(self._before, text, place - 1)
            return named if named == weigh.LABEL else weight
        return weight

    def _field_before(self, text: str, place: int, start: int) -> int:
        """Weigh the label of a field (派单:张伟, 联系人2:李明), which says nothing without the mark behind it."""
        if MARKS.isdisjoint(text[place:start]):
            return 0
        while place and start - place < 8 and text[place - 1] in "0123456789一二三":
            place -= 1
        return max(_longest(self._field, text, place), _longest(self._before, text, place))


def ends_like_a_place(char: str) -> bool:
    """Tell whether names of places often end with the character."""
    return char in _PLACE_ENDS


def is_han(char: str) -> bool:
    """Tell whether a character is one of the common Han characters."""
    return "\u4e00" <= char <= "\u9fff"


def _longest(weights: Mapping[str, int], text: str, end: int) -> int:
    longest = 0
    for start in range(max(0, end - _LONGEST_WORD), end):
        weight = weights.get(text[start:end], 0)
        if weight > longest:
            longest = weight
    return longest
