"""The users that a problem's rate is divided by: from the table of users that the insights read, or given by hand.

The mean number over a stretch of days is that of each month, weighted with its days. A month that is not in the table
has the users of the nearest month before it, else of the nearest after it; every rate tells which month stood in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import RegisterError
from pipeline.register import rows
from pipeline.register.measuring import RegionName, Served

if TYPE_CHECKING:
    from pipeline.insights.regions import Regions
    from pipeline.insights.subscribers import Subscribers
    from pipeline.insights.user_rates import UserRatesOptions


@dataclass(frozen=True)
class RegionNames:
    """The one name of each region (滨城市 = 滨城), after ``[insights.regions]`` of the settings."""

    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def name(self, region: str) -> str:
        """Return the name; the table of names is read at the first question, which may raise ``SettingsError``."""
        return self._regions.name(region)

    @cached_property
    def _regions(self) -> "Regions":
        from pipeline.insights.regions import RegionOptions, load_regions
        from pipeline.option_tables import options_from

        return load_regions(options_from(RegionOptions, self.tables.get("regions", {}), "[insights.regions]"))


@dataclass(frozen=True)
class UserTable:
    """A table of users as the base of rates; it is read at the first question.

    ``tables`` are those of ``[insights.…]`` of the settings: ``user_rates`` says which users a problem is divided by.
    Raises ``InputError`` or ``SettingsError`` where file or settings are wrong.
    """

    path: Path
    names: RegionNames = field(default_factory=RegionNames)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def served(self, problem: rows.Problem, regions: Sequence[str], first: date, last: date) -> Served:
        """Users of the base that fits the problem; ``RegisterError`` where the table lacks base or region."""
        bases = self._bases(problem)
        days = list(_days_by_month(first, last))
        found = {month: self._of_month(month, regions, bases) for month, _ in days}
        users = sum(found[month][0] * count for month, count in days) / sum(count for _, count in days)
        if not users:
            raise RegisterError(f"{self._table.source} has no users of {_named(regions, bases)}.")
        months = {month: used for month, (_, used) in found.items()}
        return Served(users, "+".join(bases), months, self._table.source)

    def others(self, regions: Sequence[str]) -> tuple[str, ...]:
        """The regions of the table beside these."""
        return tuple(one for one in self._table.regions if one not in regions)

    @cached_property
    def _table(self) -> "Subscribers":
        from pipeline.workflow.insights.subscribers import read_subscribers

        return read_subscribers(self.path, self.names.name)

    @cached_property
    def _options(self) -> "UserRatesOptions":
        from pipeline.insights.user_rates import UserRatesOptions
        from pipeline.option_tables import options_from

        return options_from(UserRatesOptions, self.tables.get("user_rates", {}), "[insights.user_rates]")

    def _bases(self, problem: rows.Problem) -> tuple[str, ...]:
        """Those of the business of the problem's cause, else those of its category: the first that the table has."""
        wanted = self._options.bases_of_problem(problem.category, problem.cause)
        found = next(filter(None, map(self._table.choose, wanted)), ())
        if not found:
            raise RegisterError(f"{self._table.source} has no users of the base {' or '.join(wanted[-1].split('|'))}.")
        return found

    def _of_month(self, month: str, regions: Sequence[str], bases: tuple[str, ...]) -> tuple[int, str]:
        found = [self._table.users(month, one, bases, latest=True) for one in regions or ("",)]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            missing = [one for one, users in zip(regions, found, strict=False) if users is None]
            raise RegisterError(f"{self._table.source} has no users of {_named(missing, bases)}.")
        return sum(one.count for one in known), min(one.month_used for one in known)


@dataclass(frozen=True, slots=True)
class GivenUsers:
    """A number of users that somebody gave, or one for each region."""

    users: float | Mapping[str, float]
    region_name: RegionName = str.strip

    def served(self, problem: rows.Problem, regions: Sequence[str], first: date, last: date) -> Served:
        """The number, or that of the regions; ``RegisterError`` names those that are missing."""
        if not isinstance(self.users, Mapping):
            return _above_zero(float(self.users))
        by_name = {self.region_name(region): users for region, users in self.users.items()}
        named = regions or tuple(by_name)
        missing = [region for region in named if region not in by_name]
        if missing:
            raise RegisterError(f"The number of users is missing for: {', '.join(missing)}.")
        return _above_zero(float(sum(by_name[region] for region in named)))

    def others(self, regions: Sequence[str]) -> tuple[str, ...]:
        """Nothing is known of other regions."""
        return ()


def _above_zero(users: float) -> Served:
    if not users > 0:
        raise RegisterError(f"The number of users must be above 0, not {users:g}.")
    return Served(users)


def _days_by_month(first: date, last: date) -> Iterator[tuple[str, int]]:
    """The months of a stretch of days, each with the number of its days in it."""
    start = first
    while start <= last:
        following = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
        end = min(last, following - timedelta(days=1))
        yield f"{start:%Y-%m}", (end - start).days + 1
        start = following


def _named(regions: Sequence[str], bases: Sequence[str]) -> str:
    return " ".join([*([", ".join(regions)] if regions else []), f"({'+'.join(bases)})"])
