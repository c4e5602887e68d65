"""What is counted of texts and answers to see whether they are still what the model was trained on, and the verdict.

Every comparison is a population stability index, PSI = sum((now - then) * ln(now / then)) over the bins of a
distribution (Siddiqi 2006, Credit Risk Scorecards), with the limits usual there: up to 0.1 nothing changed, above 0.25
the model has to be looked at. Small samples differ by chance: below what chance alone gives in 19 of 20 cases (a scaled
chi-square, Yurdakul & Naranjo 2020) nothing is reported.

Without numpy: the process that reads and writes a run adds the counts of its workers up and has no other use for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from math import log, sqrt
from typing import Any

WATCH, ACT = 0.1, 0.25
STEADY, WATCHED, SHIFTED, UNKNOWN = "steady", "watch", "shifted", "no_reference"
CATEGORY, CONFIDENCE, REVIEW, LENGTH, UNKNOWN_WORDS = "category", "confidence", "review", "length", "unknown_words"
_ORDER = {STEADY: 0, WATCHED: 1, SHIFTED: 2}
_LEAST_SHARE = 1e-4
# a word of fewer texts is perhaps somebody's name
_LEAST_TEXTS = 5
_TERMS = 20
# a new word is worth a line when it stands in so many of the texts
_FREQUENT = 0.02
# more texts than this need not be looked at for words: the share of unknown ones is right to half a percent
_ENOUGH = 500
_MOST_PASSED_OVER = 64

# what calls for advice besides a changed mix of categories or length of texts
NEW_WORDS, LESS_SURE, SURER = "new_words", "less_sure", "surer"


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing compared with the training: ``name`` is category, confidence, length, review or unknown_words.

    ``bins``: per bin its name, its share in training and its share now; ``level``: steady, watch or shifted; ``noise``:
    the PSI that chance alone stays below in 19 of 20 cases.
    """

    name: str
    psi: float
    noise: float
    level: str
    bins: tuple[tuple[str, float, float], ...]

    @property
    def largest_change(self) -> tuple[str, float, float]:
        """The bin whose share changed most."""
        return max(self.bins, key=lambda one: abs(one[2] - one[1]))


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A word that the model does not know, and in how many of the texts looked at for words it stands."""

    word: str
    texts: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far ``rows`` texts are from the training: ``level`` is the worst of ``shifts``, or no_reference.

    Words were looked at in ``looked_at`` of the texts: ``unknown_words`` is the share of them that the model does not
    know, ``new_terms`` are the most frequent of those. ``concern``: what matters most (new_words, less_sure, category,
    length, surer, watch, steady or no_reference).
    """

    rows: int
    level: str
    shifts: tuple[Shift, ...]
    unknown_words: float
    new_terms: tuple[NewTerm, ...]
    looked_at: int
    concern: str

    @property
    def calls_for_action(self) -> bool:
        """Whether a shift is one that a person should do something about."""
        return self.concern in (NEW_WORDS, LESS_SURE, CATEGORY)

    @property
    def frequent_terms(self) -> tuple[NewTerm, ...]:
        """New words that stand in a fiftieth of the texts."""
        return tuple(one for one in self.new_terms if one.texts >= max(_FREQUENT * self.looked_at, _LEAST_TEXTS))


@dataclass(slots=True)
class Seen:
    """What is counted of texts and their answers; the counts of batches add up to those of all, in any order.

    ``confidence`` and ``length`` are counted by the place of their bin in the model's figures. Words are looked at in
    ``looked_at`` texts; ``terms``: of these, how many hold each word that the model does not know.
    """

    rows: int = 0
    review: int = 0
    looked_at: int = 0
    words: int = 0
    unknown: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    confidence: Counter[int] = field(default_factory=Counter)
    length: Counter[int] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Seen") -> None:
        """Add the counts of another batch."""
        for one in fields(self):
            mine, others = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                mine.update(others)
            else:
                setattr(self, one.name, mine + others)


def passed_over(rows: int) -> int:
    """Of how many texts one is looked at for words, in a dump of about so many rows: a power of two.

    >>> [passed_over(rows) for rows in (0, 999, 1_000, 60_000, 10_000_000)]
    [1, 1, 2, 64, 64]
    """
    return min(1 << max((rows // _ENOUGH).bit_length() - 1, 0), _MOST_PASSED_OVER)


def drift_of(reference: object, seen: Seen) -> Drift:
    """Compare counts with the figures that the training left in ``model.json`` (None: an older model has none)."""
    shifts = tuple(_shifts(reference, seen)) if isinstance(reference, Mapping) else ()
    level = max((shift.level for shift in shifts), key=_ORDER.__getitem__, default=UNKNOWN)
    found = [NewTerm(word, count) for word, count in seen.terms.items() if count >= _LEAST_TEXTS and len(word) > 1]
    found.sort(key=lambda term: (-term.texts, term.word))
    unknown = seen.unknown / max(seen.words, 1)
    terms = tuple(found[:_TERMS])
    return Drift(seen.rows, level, shifts, unknown, terms, seen.looked_at, _concern(shifts, level))


def stability_index(then: Iterable[float], now: Iterable[float]) -> float:
    """PSI of two distributions over the same bins; shares under 0.0001 count as that much.

    >>> round(stability_index([0.5, 0.5], [0.6, 0.4]), 4)
    0.0405
    """
    pairs = [(max(old, _LEAST_SHARE), max(new, _LEAST_SHARE)) for old, new in zip(then, now, strict=True)]
    return float(sum((new - old) * log(new / old) for old, new in pairs))


def chance_index(bins: int, then_rows: int, now_rows: int) -> float:
    """PSI that samples of one distribution stay below in 19 of 20 cases: (1/n + 1/m) times a chi-square quantile.

    The quantile is approximated by a normal one (mean ``bins`` - 1, twice that variance).
    """
    freedom = max(bins - 1, 1)
    return (freedom + 1.645 * sqrt(2 * freedom)) * (1 / max(then_rows, 1) + 1 / max(now_rows, 1))


def _shifts(reference: Mapping[str, Any], seen: Seen) -> Iterable[Shift]:
    mix, words = reference["categories"], reference["words"]
    yield _shift(CATEGORY, list(mix), list(mix.values()), [seen.categories[label] for label in mix])
    yield _binned_shift(CONFIDENCE, reference["confidence"], seen.confidence)
    yield _parted_shift(REVIEW, (reference["review"], reference["rows"]), (seen.review, seen.rows))
    yield _binned_shift(LENGTH, reference["length"], seen.length)
    yield _parted_shift(UNKNOWN_WORDS, (words["unknown"], words["all"]), (seen.unknown, seen.words))


def _shift(name: str, bins: Sequence[str], then: Sequence[int], now: Sequence[int]) -> Shift:
    old, new = ([count / max(sum(counts), 1) for count in counts] for counts in (then, now))
    psi, noise = stability_index(old, new), chance_index(len(bins), sum(then), sum(now))
    level = SHIFTED if psi > ACT else WATCHED if psi > WATCH else STEADY
    return Shift(name, psi, noise, STEADY if psi <= noise else level, tuple(zip(bins, old, new, strict=True)))


def _parted_shift(name: str, then: tuple[int, int], now: tuple[int, int]) -> Shift:
    """Compare two shares, each given as (some, of all)."""
    return _shift(name, ["yes", "no"], *([some, of_all - some] for some, of_all in (then, now)))


def _binned_shift(name: str, reference: Mapping[str, Sequence[float]], counts: Mapping[int, int]) -> Shift:
    edges = [f"{edge:g}" for edge in reference["edges"]]
    between = [f"{low}–{high}" for low, high in pairwise(edges)]
    names = [f"< {edges[0]}", *between, f">= {edges[-1]}"] if edges else ["all"]
    then = [int(count) for count in reference["counts"]]
    return _shift(name, names, then, [counts.get(place, 0) for place in range(len(then))])


def _concern(shifts: Sequence[Shift], level: str) -> str:
    """What matters most of all that has shifted."""
    if level != SHIFTED:
        return level
    found = {one.name: one for one in shifts if one.level == SHIFTED}
    if UNKNOWN_WORDS in found:
        return NEW_WORDS
    if any(_is_less_sure(found[name]) for name in (CONFIDENCE, REVIEW) if name in found):
        return LESS_SURE
    return CATEGORY if CATEGORY in found else LENGTH if LENGTH in found else SURER


def _is_less_sure(shift: Shift) -> bool:
    """Whether the confidence is lower, or more rows go to review, than in training."""
    if shift.name == REVIEW:
        (_, then, now), _ = shift.bins
        return now > then
    return sum(place * (now - then) for place, (_, then, now) in enumerate(shift.bins)) < 0
