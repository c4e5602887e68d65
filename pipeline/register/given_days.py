"""Days that people give, held against the data and the calendar: which cannot be, and which deserve a word. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline.errors import FieldError
from pipeline.register.rows import Problem

# a fix may be older than the data, but one so old is a slip of the pen; so is a plan so far ahead
_FAR_BACK = timedelta(days=365)
_FAR_AHEAD = timedelta(days=3650)
_DAY = timedelta(days=1)
DAYS = ("fix_date", "due", "look_back", "watch_until")


@dataclass(frozen=True, slots=True)
class Times:
    """``today``, and the ``first`` and ``last`` day of all complaints of the register, if any has a time."""

    today: date
    first: date | None = None
    last: date | None = None

    @property
    def passed(self) -> date:
        """What lies before this day has passed by the calendar and by the data."""
        return min(self.today, self.last or self.today)

    @property
    def to_come(self) -> date:
        """What lies after this day is still to come; a day more, for somewhere it is tomorrow already."""
        return max(self.today + _DAY, self.last or self.today)


def doubts_about_days(problem: Problem, changes: Mapping[str, Any], times: Times) -> tuple[str, ...]:
    """Return in words what is odd about the days that change; ``FieldError`` for one that cannot be."""
    given = {name: date.fromisoformat(changes[name]) for name in DAYS if changes.get(name)}
    new = {name: day for name, day in given.items() if day.isoformat() != getattr(problem, name)}
    fixed = changes.get("fix_date", problem.fix_date)
    for name in ("look_back", "watch_until"):
        if name in new:
            _check_plan(problem, name, new[name], fixed, times)
    if "fix_date" in new and new["fix_date"] > times.to_come:
        raise FieldError(
            f"The fix of {problem.id} cannot be dated {new['fix_date']}, a day still to come: give the day on which it "
            "took effect. Until when it is planned is the field due.",
            "fix_date",
        )
    for name in ("fix_date", "due"):
        if name in new:
            _check_year(problem, name, new[name], times)
    return tuple(_doubts(problem, new, times))


def _check_plan(problem: Problem, name: str, day: date, fixed: str, times: Times) -> None:
    """A day on which somebody will look again lies ahead, and after the fix."""
    if fixed and day.isoformat() <= fixed:
        raise FieldError(f"The field {name} of {problem.id} cannot be {day}: that is not after the fix, {fixed}.", name)
    if day < times.passed:
        raise FieldError(f"The field {name} of {problem.id} cannot be {day}, a day that has passed.", name)
    _check_year(problem, name, day, times)


def _check_year(problem: Problem, name: str, day: date, times: Times) -> None:
    if times.first and day < times.first - _FAR_BACK:
        raise FieldError(
            f"The field {name} of {problem.id} cannot be {day}, more than a year before the first complaint of the "
            f"register ({times.first}). Check the year; if it is right, load the complaints of that time first.",
            name,
        )
    if day > times.to_come + _FAR_AHEAD:
        raise FieldError(
            f"The field {name} of {problem.id} cannot be {day}, more than ten years ahead. Check the year.", name
        )


def _doubts(problem: Problem, new: Mapping[str, date], times: Times) -> Iterator[str]:
    fixed, due = new.get("fix_date"), new.get("due")
    if fixed and times.first and fixed < times.first:
        yield (
            f"The data of the register begin on {times.first}, after the fix ({fixed}): without complaints of before, "
            "nothing will tell whether it helped. Load earlier dumps."
        )
    elif fixed and problem.first and fixed.isoformat() < problem.first[:10]:
        yield (
            f"The first complaint of {problem.id} is of {problem.first[:10]}, after the fix ({fixed}). "
            "Is the day right?"
        )
    if due and due < times.passed:
        yield f"The day by which {problem.id} is due ({due}) has passed."
