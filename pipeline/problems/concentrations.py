"""Where a cause heaps up: at one product, campaign, place, crew or channel.

Every value of every such column is tested: are more complaints of the cause there than chance brings, given how many of
all complaints are there (binomial test)? And the same again among the complaints of the cause's own category, which
keeps out what belongs to the trade and not to the cause: all broadband complaints come from broadband packs. Over all
tests of a question the share of false finds is held down (Benjamini and Hochberg 1995).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.chances import chance_of, some_may_be_rare
from pipeline.problems.column_values import Ints, Spread, count_distinct, place_levels, plain_value, spread
from pipeline.records import Complaints, Role

_PLACES = (Role.PLACE, Role.INCIDENT_REGION, Role.HOME_REGION)
# what is sold, perhaps one thing under several names
_SOLD = (Role.PRODUCT, Role.CAMPAIGN)
_OF_A_KIND = (*_SOLD, Role.CHANNEL)
# who deals with a cause is laid down beforehand: that nearly all of it is theirs is no news
_ASSIGNED = (Role.HANDLER_GROUP, Role.DEPARTMENT)
_ROLES = (*_SOLD, *_PLACES, Role.CHANNEL, *_ASSIGNED)

# share of the finds that may be chance
_FALSE = 0.01
# a telling part: a fifth of the cause, or most of what is complained about there
_PART_OF_CAUSE = 0.2
_MOST = 0.5
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """Complaints of one cause that share a value of a column.

    ``cause`` is a place in ``Complaints.causes``; ``values`` are several where one thing goes by several names;
    ``members`` are places of complaints, ascending; ``lift`` is the values' share in the cause over their share in all
    complaints; ``p`` the probability of as many by chance, adjusted for all tests, the worse of the two questions.
    """

    cause: int
    role: Role
    values: tuple[str, ...]
    members: Ints
    lift: float
    p: float

    @property
    def where(self) -> str:
        """The values in one line."""
        return "、".join(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class _Heap:
    """A value under a cause: ``members`` of the cause's ``whole`` have it, and ``there`` complaints of all ``rows``.

    ``p`` and ``p_at_home`` are the probabilities of as many by chance, among all and in the cause's category.
    """

    role: Role
    values: tuple[str, ...]
    members: Ints
    whole: int
    there: int
    rows: int
    p: float
    p_at_home: float

    @property
    def lift(self) -> float:
        return len(self.members) * self.rows / (self.whole * self.there)

    @property
    def excess(self) -> float:
        """Members beyond what the cause's size lets expect."""
        return len(self.members) * (1 - 1 / self.lift)

    @property
    def strength(self) -> float:
        """Log likelihood ratio of a Poisson count against what is expected; unlike p it never runs out of digits."""
        return len(self.members) * (log(self.lift) - 1 + 1 / self.lift)

    @property
    def is_telling(self) -> bool:
        """Whether it is a fair part of the cause or of the value, and not what the cause is by nature.

        Nearly all broken lines are leased lines, which have other complaints as well: that is no news.
        """
        k = len(self.members)
        mostly = k >= _MOST * self.there
        by_nature = self.role in _ASSIGNED or (self.role in _OF_A_KIND and not mostly)
        if by_nature and k >= _NEARLY_ALL * self.whole:
            return False
        return mostly or k >= _PART_OF_CAUSE * self.whole

    @property
    def is_one_name(self) -> bool:
        """Whether it is a thing that is mostly complained about for this cause: perhaps one of its names."""
        return self.role in _SOLD and len(self.members) >= _MOST * self.there


def concentrations(complaints: Complaints, causes: Ints, min_size: int) -> list[Concentration]:
    """Find where each cause heaps up, strongest first; the concentrations of a cause share no complaint.

    ``causes[i]`` is the cause of complaint ``i`` (-1 none). A concentration has ``min_size`` or more distinct texts and
    distinct customers (unknown ones count one each).
    """
    kinds, cause = np.unique(causes, return_inverse=True)
    categories = np.unique(np.array(complaints.categories, dtype=str), return_inverse=True)[1]
    tests, heaps = 0, []
    for role in _ROLES:
        column = _spread(role, complaints.columns.get(role, ()))
        if column.values:
            counts = _Counts.of(column, cause, categories)
            places = np.flatnonzero(kinds >= 0).tolist()
            tests += len(column.values) * len(places)
            seen = [(int(kinds[at]), heap) for at in places for heap in _heaps(role, column, counts, cause == at, at)]
            heaps += _peculiar(seen) if role in _OF_A_KIND else seen
    # a name that the cause bears itself tells nothing new
    heaps = [(kind, heap) for kind, heap in heaps if heap.values[0] not in complaints.causes[kind]]
    found = [
        Concentration(kind, heap.role, heap.values, heap.members, heap.lift, max(heap.p, heap.p_at_home))
        for kind, real in _real(heaps, tests).items()
        for heap in _apart(_pooled(real), complaints, min_size)
    ]
    return sorted(found, key=lambda one: (one.p, -len(one.members), one.cause, one.role, one.values))


def _spread(role: Role, cells: Sequence[str]) -> Spread:
    column = spread(cells, place_levels if role in _PLACES else plain_value, 2)
    # a customer without a campaign is one without, not an unknown one
    return replace(column, filled=np.ones(len(cells), bool)) if role is Role.CAMPAIGN else column


@dataclass(frozen=True, slots=True)
class _Counts:
    """Complaints with every value: of each cause, among all, and among each cause's category with the cause itself.

    Rows are causes, columns values; ``whole``, ``rows`` and ``fellow_rows`` count all complaints that have any value.
    """

    here: Ints
    there: Ints
    fellows: Ints
    whole: Ints
    rows: int
    fellow_rows: Ints

    @staticmethod
    def of(column: Spread, cause: Ints, category: Ints) -> "_Counts":
        own = _table(cause, category).argmax(axis=1)
        at_home = category == own[cause]
        # the whole column as one more value, so that the totals come the same way
        filled = np.flatnonzero(column.filled)
        rows = np.concatenate([column.rows, filled])
        values = np.concatenate([column.codes, np.full(len(filled), len(column.values))])
        here = _table(cause[rows], values, cause.max() + 1)
        inside = at_home[rows]
        home = _table(cause[rows[inside]], values[inside], cause.max() + 1, len(column.values) + 1)
        by_category = _table(category[rows], values, category.max() + 1)
        fellows = by_category[own] + here - home
        return _Counts(
            here[:, :-1], by_category.sum(axis=0)[:-1], fellows[:, :-1], here[:, -1], len(filled), fellows[:, -1]
        )


def _table(one: Ints, other: Ints, height: int = 0, width: int = 0) -> Ints:
    """Count the pairs."""
    height = height or int(one.max()) + 1
    width = width or int(other.max()) + 1
    return np.bincount(one * width + other, minlength=height * width).reshape(height, width)


def _heaps(role: Role, column: Spread, counts: _Counts, own: NDArray[np.bool_], place: int) -> Iterator[_Heap]:
    """Values that are more frequent under the cause than elsewhere, with the probabilities of that."""
    here, whole = counts.here[place], int(counts.whole[place])
    if not some_may_be_rare(here, counts.there, whole, counts.rows, _FALSE):
        return
    chance = chance_of(here, counts.there, whole, counts.rows)
    # where the category has no other cause, there is nothing to ask in it
    at_home, among = np.zeros(len(chance)), int(counts.fellow_rows[place])
    if among > whole:
        at_home = chance_of(here, counts.fellows[place], whole, among)
    for value in np.flatnonzero(chance < _FALSE).tolist():
        members, there = column.members(value), int(counts.there[value])
        chances = float(chance[value]), float(at_home[value])
        yield _Heap(role, (column.values[value],), members[own[members]], whole, there, counts.rows, *chances)


def _peculiar(heaps: Sequence[tuple[int, _Heap]]) -> list[tuple[int, _Heap]]:
    """Heaps that hold most of what is too much at their value.

    A kind of product has its kinds of trouble by nature, and its customers their channel: leased lines break, or are
    built untidily, and the account manager hears of it. Only where one cause stands out it is this product.
    """
    too_much: dict[tuple[str, ...], float] = defaultdict(float)
    for _, heap in heaps:
        too_much[heap.values] += heap.excess
    return [(cause, heap) for cause, heap in heaps if heap.excess >= _MOST * too_much[heap.values]]


def _real(heaps: Sequence[tuple[int, _Heap]], tests: int) -> dict[int, list[_Heap]]:
    """Heaps that stand before the first question, by cause, both probabilities adjusted for all tests."""
    real: dict[int, list[_Heap]] = defaultdict(list)
    questions = [heap.p for _, heap in heaps], [heap.p_at_home for _, heap in heaps]
    adjusted = zip(*(_adjusted(chances, tests) for chances in questions), strict=True)
    for (cause, heap), (p, p_at_home) in zip(heaps, adjusted, strict=True):
        if p <= _FALSE:
            real[cause].append(replace(heap, p=p, p_at_home=p_at_home))
    return real


def _adjusted(chances: Sequence[float], tests: int) -> list[float]:
    """Each probability as the share of false finds that accepting it and all smaller ones would bring (step-up)."""
    order = np.argsort(chances, kind="stable")
    ranked = np.array(chances)[order] * tests / np.arange(1, len(order) + 1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum.accumulate(ranked[::-1])[::-1] if len(order) else ranked
    return np.minimum(adjusted, 1.0).tolist()


def _pooled(heaps: Sequence[_Heap]) -> list[_Heap]:
    """Heaps that stand before the second question too, those of one thing joined.

    A name that is mostly complained about for the cause joins one that stands, even if it is too rare to stand alone.
    """
    stand = [heap for heap in heaps if heap.p_at_home <= _FALSE]
    for role in _SOLD:
        names = sorted((heap for heap in heaps if heap.role is role and heap.is_one_name), key=lambda heap: heap.values)
        known = [heap for heap in names if heap in stand]
        if len(names) > 1 and known:
            joined = replace(
                known[0],
                values=tuple(name for heap in names for name in heap.values),
                members=np.sort(np.concatenate([heap.members for heap in names])),
                there=sum(heap.there for heap in names),
                p=min(heap.p for heap in known),
                p_at_home=min(heap.p_at_home for heap in known),
            )
            stand = [heap for heap in stand if heap not in known] + [joined]
    return stand


def _apart(heaps: Sequence[_Heap], complaints: Complaints, min_size: int) -> Iterator[_Heap]:
    """Telling heaps, strongest first, each with the complaints that are left to it."""
    taken = np.zeros(len(complaints), bool)
    for heap in sorted(heaps, key=_order):
        left = heap.members[~taken[heap.members]]
        # what was mostly taken is another view of a heap that is told already
        enough = 2 * len(left) >= len(heap.members) and all(
            count_distinct(keys, left) >= min_size for keys in (complaints.customers, complaints.texts)
        )
        if enough and heap.is_telling:
            taken[left] = True
            yield replace(heap, members=left)


def _order(heap: _Heap) -> tuple[float, int, int, tuple[str, ...]]:
    """The strongest first; of the same complaints at several levels of a place, the finest."""
    return -heap.strength, _ROLES.index(heap.role), -len(heap.values[0]), heap.values
