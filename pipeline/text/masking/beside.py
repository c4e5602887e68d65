"""What stands around a name: the words of the dictionary there, and the characters on either side."""

import string

from pipeline.text.masking import weights as weigh
from pipeline.text.masking.sides import is_han

_BESIDE = 3
_LONGEST = 3
_EDGE = "^"
_WINDOW = 6
_CLASSES = str.maketrans(
    dict.fromkeys(string.digits, "0")
    | dict.fromkeys(string.ascii_letters, "a")
    | dict.fromkeys("\t\n\r\u00a0\u3000", " ")
)


class Words:
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

    def before(self, start: int) -> list[tuple[str, str]]:
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


def left_of(text: str, start: int) -> list[str]:
    """Return one to three characters before a name, those of one class as one: a figure, a letter, a blank, nothing."""
    beside = text[max(0, start - _BESIDE) : start].translate(_CLASSES)
    if start < _BESIDE:
        beside = _EDGE + beside
    return [beside[-1:], beside[-2:], beside[-3:]][: len(beside)]


def right_of(text: str, end: int) -> list[str]:
    """Return one to three characters behind a name."""
    beside = text[end : end + _BESIDE].translate(_CLASSES)
    if len(beside) < _BESIDE:
        beside += _EDGE
    return [beside[:1], beside[:2], beside[:3]][: len(beside)]
