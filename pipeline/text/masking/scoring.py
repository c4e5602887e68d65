"""Names that no fixed pattern gives away: all that speaks for and against a name adds up to one score.

A candidate is a family name with one or two characters (alone before a title), or 小, 老, 阿 with a family name. Its
characters, the words on either side and the dictionary each add a weight, twice the natural logarithm of how much
likelier they make a name; from ``THRESHOLD`` on it is one. ``masking.foreign`` does so for names written by sound, and
``masking.learned`` weighs once more what ``masking.name_gate`` lets through, with all that stands around it.
"""

from pipeline.text.masking import weights as weigh
from pipeline.text.masking.foreign import ForeignNames
from pipeline.text.masking.latin import LatinNames
from pipeline.text.masking.learned import LearnedNames
from pipeline.text.masking.sides import Places, Sides, is_han
from pipeline.text.masking.starts import NameStarts
from pipeline.text.scanning import Batch

_COMPOUND = 11
_COUNTED = frozenset("张孔项包片段路户台单堂层束席盘卷支关门房车成管")
_COUNTS = -12
_NEVER = -100
# what a character must weigh in a given name that counts at all
_LEAST_GIVEN = 3
_POLITE = frozenset({"先生", "女士", "小姐"})
_SHORT_TITLES = frozenset(weigh.SHORT_TITLES)
_LONG = 3
# what a family name must weigh to belong to Latin letters behind it: 张Amy
_SURE_FAMILY = 7


class NameScorer:
    """Finds names by their score. ``not_names`` are words that never are one."""

    def __init__(self, not_names: frozenset[str]) -> None:
        weights = weigh.read_name_weights()
        self._weights = weights
        self._not_names = not_names
        self._sides = Sides(weights)
        self._foreign = ForeignNames(weights, self._sides, not_names)
        self._learned = LearnedNames(weights, self._sides, not_names)
        surely = (name for name, weight in weights.family.items() if weight >= _SURE_FAMILY)
        self._latin = LatinNames(weights.latin, surely)
        self._starts = NameStarts(weights, not_names)

    def find_in(self, batch: Batch) -> dict[int, Places]:
        """Return the places of names, in order, in the texts that have any."""
        starts = self._starts.of(batch)
        found = {
            place: self.find_by_score(batch.texts[place], starts.told.get(place, []), place in starts.latin)
            for place in {*starts.told, *starts.latin}
        }
        for place, near in starts.near.items():
            known = found.get(place, [])
            found[place] = sorted([*known, *self._learned.find(batch.texts[place], near, known)])
        return {place: names for place, names in found.items() if names}

    def find_by_score(self, text: str, starts: list[int], has_latin: bool = False) -> Places:
        """Return the places of names that begin at one of ``starts`` and whose score reaches the threshold."""
        latin = list(self._latin.find(text)) if has_latin else []
        foreign = self._foreign.find(text, starts)
        covered = bytearray(len(text) + 1)
        for start, end in foreign:
            if end - start > _LONG:
                covered[start:end] = b"1" * (end - start)
        found = self._found(text, starts, covered)
        for start, end in found:
            covered[start:end] = b"1" * (end - start)
        short = [(start, end) for start, end in foreign if end - start > _LONG or not any(covered[start:end])]
        # a family name before Latin letters may have been told already
        latin = [(start + (covered[start] > 0), end) for start, end in latin]
        return sorted([*found, *short, *latin])

    def _found(self, text: str, starts: list[int], covered: bytearray) -> Places:
        found: Places = []
        pending, done = starts[::-1], 0
        while pending:
            start = pending.pop()
            if start < done or start >= len(text) or covered[start] or self._is_listed(text, start):
                continue
            end = self._end(text, start, found)
            if end:
                found.append((start, end))
                done = end
                # in a list the name before speaks for the next
                pending += [end + 2, end + 1]
        return found

    def _end(self, text: str, start: int, found: Places) -> int:
        """Return where the likeliest name that begins here ends, 0 without one."""
        if not is_han(text[start]):
            return 0
        if text[start] in weigh.NICKNAMES:
            return self._end_of_nickname(text, start, found)
        before = self._sides.before(text, start, found)
        compound = text[start : start + 2] in self._weights.compound
        compound = compound or (before >= weigh.CUE and text[start + 1 : start + 2] == weigh.CLAN)
        family = _COMPOUND if compound else self._weights.family.get(text[start], weigh.NO_FAMILY)
        strict = not compound and self._is_strict(text[start], before)
        if strict is None:
            return 0
        score = family + before
        if start and text[start] in _COUNTED and text[start - 1] in weigh.NUMERALS:
            score += _COUNTS
        best, best_end = self._titled(text, start, score, family)
        first = start + 2 + compound
        for end in range(first, min(first + 1, len(text)) + 1):
            char = text[end - 1]
            if not is_han(char) or char == text[start]:
                break
            given = self._weights.given.get(char, 0)
            if strict and given < _LEAST_GIVEN:
                break
            score += given
            reached = score + self._sides.after(text, start, end)
            if reached > best:
                reached += self._by_words(text, start, end)
                if reached > best:
                    best, best_end = reached, end
        return best_end

    def _is_strict(self, char: str, before: int) -> bool | None:
        """Tell whether only likely given names count behind a family name: one that is a word, or none we know.

        ``None`` where the words before speak too little for any name.
        """
        if char in self._weights.wordy:
            return True if before >= weigh.CUE else None
        if char in self._weights.family or self._weights.foreign.get(char, 0) >= weigh.LOUD:
            return False
        return True if before >= weigh.LABEL and self._weights.given.get(char, 0) > weigh.COMMON else None

    def _titled(self, text: str, start: int, score: int, family: int) -> tuple[float, int]:
        """Weigh a family name alone before a title."""
        end = start + 1
        spoken_for = score - family > weigh.EDGE_BEFORE or text[end : end + 2] in _POLITE
        if family >= weigh.LEAST_TITLED[spoken_for] and text.startswith(weigh.TITLES, end):
            score += weigh.TITLED + self._by_words(text, start, end)
            if score >= weigh.THRESHOLD and not weigh.NO_TITLE.match(text, end + 2):
                return score, end
        elif family >= weigh.LEAST_SHORT_TITLED and text[end : end + 1] in _SHORT_TITLES:
            score += weigh.SHORT_TITLED + min(self._sides.words_after(text, start, end + 1), weigh.FIELD)
            if score >= weigh.THRESHOLD and score + self._by_words(text, start, end + 1) >= weigh.THRESHOLD:
                return score, end
        return weigh.THRESHOLD - 0.5, 0

    def _end_of_nickname(self, text: str, start: int, found: Places) -> int:
        """Weigh 小 or 老 with a family name (物业小曹, 找老周)."""
        end = start + 2
        score = self._weights.family.get(text[start + 1 : end], weigh.NO_FAMILY) + self._sides.before(
            text, start, found
        )
        score += self._sides.words_after(text, start, end) + weigh.NICKNAME
        return end if score >= weigh.THRESHOLD and score + self._by_words(text, start, end) >= weigh.THRESHOLD else 0

    def _by_words(self, text: str, start: int, end: int) -> int:
        """Weigh the words of the dictionary in and around a candidate."""
        name = text[start:end]
        around = (name, name[:2], text[max(0, start - 1) : start + 1], text[end - 1 : end + 1], text[start : end + 1])
        if any(len(word) > 1 and word in self._not_names for word in around):
            return _NEVER
        return sum(
            self._by_word(word, first - start, last - end, end - start)
            for word, first, last in weigh.words_in(text, start, end)
        )

    def _by_word(self, word: str, before: int, behind: int, size: int) -> int:
        if before < 0 or behind > 0:
            return weigh.INSIDE_WORD
        if before == 0 and behind == 0:
            return weigh.NAME_WORD if size > 2 and weigh.is_name_word(word) else weigh.IS_WORD.get(size, 0)
        if before == 0 and word not in self._weights.compound:
            return weigh.BEGINS_WITH_WORD
        return weigh.PLACE_WORD if weigh.is_place_word(word) else weigh.GIVEN_WORD

    def _is_listed(self, text: str, start: int) -> bool:
        """Tell whether a word that is no name begins here, or goes across."""
        return text[start : start + 2] in self._not_names or text[max(0, start - 1) : start + 1] in self._not_names
