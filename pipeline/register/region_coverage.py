"""Which days the data cover in each region: a dump without one region looks like a calm there. Pure.

A region whose complaints are missing for two weeks is no region without trouble. Such stretches are found per region,
and a window of days then counts every region for the days that are known of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import exp, lgamma

from pipeline.register.coverage import Coverage, Stretch

# shorter stretches weigh little, and holidays make them
_SHORTEST = 7
# false gaps to expect in all regions and days of a register together, were every calm a true one
_FALSE_GAPS = 0.05
# what came in fewer weeks is no usual rate, but an incident or two
_FEWEST_WEEKS = 4
_DAY = timedelta(days=1)
ByDay = Mapping[date, int]


@dataclass(frozen=True)
class RegionCoverage(Coverage):
    """A :class:`Coverage` of several regions: ``days`` are those that each covers, weighted by its share.

    ``regions`` holds per region its share of the complaints to be expected on a day, and what its data cover; the
    shares add up to 1. ``gaps`` are of the whole register, ``region_gaps`` beyond these of single regions.
    """

    regions: Mapping[str, tuple[float, Coverage]] = field(default_factory=dict)
    region_gaps: Mapping[str, tuple[Stretch, ...]] = field(default_factory=dict)

    def days(self, start: date, end: date) -> float:
        """The days between two days, both included, as far as the regions cover them.

        The complaints of a window over these days are its complaints per fully covered day: with ``r`` a region, ``c``
        its usual complaints a day and ``d`` the days it covers, ``sum(c[r] * d[r]) / sum(c[r])``. Complaints over
        expected ones are indirect standardisation (Breslow & Day 1987, Statistical Methods in Cancer Research II,
        section 2.3), with the regions as strata.
        """
        found = sum(share * covered.days(start, end) for share, covered in self.regions.values())
        return round(found, 6)

    def region_gaps_within(self, start: date, end: date) -> list[tuple[str, date, date]]:
        """Region, first and last day of the gaps of single regions that touch the days, as far as they lie there."""
        return [
            (region, *cut)
            for region, gaps in sorted(self.region_gaps.items())
            for cut in Coverage(gaps=gaps).gaps_within(start, end)
        ]


def gaps_of_regions(
    known: Coverage, by_region: Mapping[str, ByDay], of_problem: Mapping[str, ByDay] | None = None
) -> dict[str, tuple[Stretch, ...]]:
    """Return, for the regions that have any, the stretches without data of theirs alone.

    ``by_region`` counts all complaints; what is usual in a region is judged by those that are not ``of_problem``, for
    that one may have gone. Complaints without a region (``""``) have no gaps.

    Only a region with complaints in four weeks or more has something usual. Its usual daily rate is ``k / n``, days
    with a complaint over covered days: an incident of a hundred complaints is one. A Poisson process at a steady rate
    of which ``k`` of ``n`` days are told leaves given ``r`` days empty with the probability ``C(n - r, k) / C(n, k)``,
    which is about ``exp(-r * k / n)``; a stretch may begin at the first day and behind each of the ``k``, in each of
    ``m`` regions, so ``(k + 1) * m`` times that many as long are expected in a register without a gap (Pyke 1965,
    Spacings, JRSS B 27). A week or more is a gap where that number is below 0.05: with complaints on 9 of 10 days a
    week of silence is enough, with one on every second day it takes two to three, and of one a month half a year.

    The longest stretch is looked at first; its days are then no longer counted. The register's own gaps count nowhere.
    """
    if known.first is None or known.last is None:
        return {}
    covered = [day for day in _days(known.first, known.last) if not known.gaps_within(day, day)]
    named = {region: days for region, days in by_region.items() if region}
    found = {}
    for region, days in named.items():
        own = (of_problem or {}).get(region, {})
        usual = {day for day, count in days.items() if count > own.get(day, 0)}
        gaps = tuple(sorted(_gaps(covered, days, usual, len(named))))
        if gaps:
            found[region] = gaps
    return found


def with_regions(
    known: Coverage,
    gaps: Mapping[str, tuple[Stretch, ...]],
    of_problem: Mapping[str, ByDay],
    fixed: date,
) -> Coverage:
    """Return the coverage for complaints of these regions; ``known`` itself where none of them has a gap.

    A region's share is that of its complaints per covered day up to the day of the fix; where its data begin later,
    of those after it.
    """
    mine = {region: gaps[region] for region in of_problem if region in gaps}
    if not mine or known.first is None or known.last is None:
        return known
    first, last = known.first, known.last
    covers = {region: Coverage(first, last, _joined(known, mine.get(region, ()))) for region in of_problem}
    rates = {}
    for region, covered in covers.items():
        begin, end = (first, fixed) if covered.days(first, fixed) else (fixed + _DAY, last)
        count = sum(number for day, number in of_problem[region].items() if begin <= day <= end)
        rates[region] = count / max(covered.days(begin, end), 1)
    whole = sum(rates.values())
    if not whole:
        return known
    shares = {region: (rate / whole, covers[region]) for region, rate in rates.items() if rate}
    mine = {region: own for region, own in mine.items() if region in shares}
    return RegionCoverage(first, last, known.gaps, shares, mine) if mine else known


def _gaps(covered: list[date], days: ByDay, usual: set[date], looks: int) -> Iterator[Stretch]:
    """Look at the empty stretches among the covered days, the longest first."""
    known = [day for day in covered if day in usual]
    if len({day - timedelta(days=day.weekday()) for day in known}) < _FEWEST_WEEKS:
        return
    held, total = len(known), len(covered)
    filled = [-1, *(place for place, day in enumerate(covered) if day in days), total]
    empty = [(after - before - 1, before + 1) for before, after in pairwise(filled)]
    for length, start in sorted(empty, key=lambda one: (-one[0], one[1])):
        expected = (held + 1) * looks * _chance_of_nothing(held, total, length)
        if length < _SHORTEST or expected >= _FALSE_GAPS:
            return
        yield covered[start], covered[start + length - 1]
        total -= length


def _chance_of_nothing(held: int, total: int, length: int) -> float:
    """Chance that none of ``held`` days, anywhere among ``total``, lies in a stretch of ``length`` days."""
    if total - length < held:
        return 0.0
    return exp(
        lgamma(total - length + 1) + lgamma(total - held + 1) - lgamma(total - length - held + 1) - lgamma(total + 1)
    )


def _joined(known: Coverage, gaps: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The gaps of the register and of a region, none overlapping another."""
    joined: list[Stretch] = []
    for first, last in sorted((*known.gaps, *gaps)):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
