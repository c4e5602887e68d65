"""How many users there were, by month, region and base: what rates per million or per ten thousand users divide by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BASES = ("total", "mobile", "lte", "broadband", "tv", "enterprise")
WHOLE = ""  # the region that stands for all of them


@dataclass(frozen=True, slots=True)
class Users:
    """The users of one base in a month (``2026-05``) and a region; ``month_used`` is the month they were counted in."""

    count: int
    month_used: str


@dataclass(frozen=True, slots=True)
class Subscribers:
    """A table of users: ``counts`` by (month, region, base); the region :data:`WHOLE` is that of a row for all.

    ``source`` names the file for people.
    """

    counts: Mapping[tuple[str, str, str], int]
    source: str = ""
    _months: Mapping[tuple[str, str], tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        negative = [key for key, users in self.counts.items() if users < 0]
        if negative:
            raise ValueError(f"the number of users of {' '.join(negative[0])} is negative")
        held: dict[tuple[str, str], list[str]] = {}
        for month, region, base in sorted(self.counts):
            held.setdefault((region, base), []).append(month)
        object.__setattr__(self, "_months", {key: tuple(months) for key, months in held.items()})

    @property
    def bases(self) -> tuple[str, ...]:
        """The bases of the table, the known ones in their usual order first."""
        held = {base for _, _, base in self.counts}
        return (*(base for base in BASES if base in held), *sorted(held - set(BASES)))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the table without the one for all, as they come."""
        return tuple(dict.fromkeys(region for _, region, _ in self.counts if region != WHOLE))

    def choose(self, expression: str) -> tuple[str, ...]:
        """Return the bases that ``a+b|c`` means here: a and b together, or c where the table lacks one of them.

        Empty where the table has none of the alternatives: bases are never taken in part.

        >>> Subscribers({("2026-05", "", "mobile"): 9}).choose("mobile+broadband|mobile")
        ('mobile',)
        """
        for alternative in expression.split("|"):
            bases = tuple(part.strip() for part in alternative.split("+"))
            if set(bases) <= set(self.bases):
                return bases
        return ()

    def users(self, month: str, region: str, bases: Iterable[str], latest: bool = False) -> Users | None:
        """Return the users of some bases together, or ``None`` where one of them is not in the table.

        Users of all regions are those of the row for all or, without it, of all regions added up. ``latest``: a month
        that is not in the table takes the nearest before it, else the nearest after it.
        """
        found = [self._of(month, region, base, latest) for base in bases]
        known = [one for one in found if one is not None]
        if not found or len(known) < len(found):
            return None
        return Users(sum(one.count for one in known), min(one.month_used for one in known))

    def _of(self, month: str, region: str, base: str, latest: bool) -> Users | None:
        if region == WHOLE and not any(self._candidates(month, WHOLE, base, latest)):
            parts = [self._of(month, one, base, latest) for one in self.regions if (one, base) in self._months]
            known = [one for one in parts if one is not None]
            if not parts or len(known) < len(parts):
                return None
            return Users(sum(one.count for one in known), min(one.month_used for one in known))
        used = next(self._candidates(month, region, base, latest), None)
        return None if used is None else Users(self.counts[used, region, base], used)

    def _candidates(self, month: str, region: str, base: str, latest: bool) -> Iterator[str]:
        months = self._months.get((region, base), ())
        if month in months:
            yield month
        elif latest:
            yield from reversed([one for one in months if one < month])
            yield from (one for one in months if one > month)
