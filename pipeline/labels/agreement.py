"""How far labellers agree beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha for sets of labels.

All are 1 for full agreement and 0 for what chance would give; None where nothing can be said, because nobody labelled
the same texts or everybody gave one and the same label throughout.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Answers = Mapping[str, Mapping[str, tuple[str, ...]]]
Distance = Callable[[frozenset[str], frozenset[str]], float]


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """One label: ``texts`` (by two or more people) somebody gave it to, and alpha of having it or not."""

    label: str
    texts: int
    alpha: float | None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two people: the ``texts`` both labelled, how often their main labels are the same, and Cohen's kappa of these."""

    first: str
    second: str
    texts: int
    same: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of all people on the ``texts`` that at least two of them labelled.

    ``alpha``: Krippendorff's, of the sets of labels with the MASI distance; ``fleiss``: of main labels, on the texts
    everybody labelled; ``pairs`` and ``labels`` tell where it breaks.
    """

    people: tuple[str, ...]
    texts: int
    alpha: float | None
    fleiss: float | None
    pairs: tuple[PairAgreement, ...]
    labels: tuple[LabelAgreement, ...]


def agreement(answers: Answers) -> Agreement:
    """Measure agreement; ``answers``: per text the labels (main one first) that each person gave it."""
    shared = {text: said for text, said in answers.items() if len(said) > 1}
    people = tuple(sorted({who for said in shared.values() for who in said}))
    sets = [[frozenset(labels) for labels in said.values()] for said in shared.values()]
    complete = [said for said in shared.values() if len(said) == len(people)]
    names = sorted({label for unit in sets for labels in unit for label in labels})
    return Agreement(
        people,
        len(shared),
        krippendorff_alpha(sets, masi_distance),
        fleiss_kappa([[labels[0] for labels in said.values()] for said in complete]),
        tuple(_pair(first, second, shared) for first, second in combinations(people, 2)),
        tuple(_label(name, sets) for name in names),
    )


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Kappa of two people's labels of the same texts: (po - pe) / (1 - pe) (Cohen 1960).

    >>> cohen_kappa("aabb", "aaab")
    0.5
    """
    count = len(first)
    if not count:
        return None
    mine, yours = Counter(first), Counter(second)
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / count
    chance = sum(mine[label] * yours[label] for label in mine) / count**2
    return None if chance == 1 else (seen - chance) / (1 - chance)


def fleiss_kappa(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Kappa of any number of people, as many for every text: ``units`` hold the labels of each text (Fleiss 1971)."""
    if not units or len(units[0]) < 2:
        return None
    raters = len(units[0])
    totals: Counter[Hashable] = Counter()
    agreeing = 0.0
    for unit in units:
        counts = Counter(unit)
        totals.update(counts)
        agreeing += sum(n * (n - 1) for n in counts.values()) / (raters * (raters - 1))
    seen = agreeing / len(units)
    chance = sum((n / (len(units) * raters)) ** 2 for n in totals.values())
    return None if chance == 1 else (seen - chance) / (1 - chance)


def krippendorff_alpha(units: Sequence[Sequence[frozenset[str]]], distance: Distance) -> float | None:
    """Alpha = 1 - Do / De over the values given to each unit; units with one value say nothing (Krippendorff 2004).

    Do: mean distance of the pairs of values within units, each unit's weighed by 1 / (values - 1); De: mean distance of
    all pairs of values whatever their unit.
    """
    paired = [Counter(unit) for unit in units if len(unit) > 1]
    totals: Counter[frozenset[str]] = sum(paired, Counter())
    count = sum(totals.values())
    seen = sum(_spread(values, distance) / (values.total() - 1) for values in paired)
    expected = _spread(totals, distance) / (count - 1) if count else 0.0
    return None if expected == 0 else 1 - seen / expected


def _spread(values: Counter[frozenset[str]], distance: Distance) -> float:
    """Sum of the distances of all ordered pairs of values."""
    return 2 * sum(values[a] * values[b] * distance(a, b) for a, b in combinations(values, 2))


def nominal_distance(first: frozenset[str], second: frozenset[str]) -> float:
    """0 for the same set of labels, otherwise 1."""
    return float(first != second)


def masi_distance(first: frozenset[str], second: frozenset[str]) -> float:
    """One minus Jaccard similarity times monotonicity (Passonneau 2006).

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they share some, 0 where none.

    >>> round(masi_distance(frozenset("ab"), frozenset("a")), 3)
    0.667
    """
    if first == second:
        return 0.0
    common = first & second
    if not common:
        return 1.0
    monotonicity = 2 / 3 if common in (first, second) else 1 / 3
    return 1 - len(common) / len(first | second) * monotonicity


def _pair(first: str, second: str, shared: Answers) -> PairAgreement:
    both = [(said[first][0], said[second][0]) for said in shared.values() if first in said and second in said]
    mine, yours = [a for a, _ in both], [b for _, b in both]
    return PairAgreement(first, second, len(both), sum(a == b for a, b in both), cohen_kappa(mine, yours))


def _label(name: str, sets: Sequence[Sequence[frozenset[str]]]) -> LabelAgreement:
    own = frozenset((name,))
    flags = [[labels & own for labels in unit] for unit in sets]
    return LabelAgreement(name, sum(any(unit) for unit in flags), krippendorff_alpha(flags, nominal_distance))
