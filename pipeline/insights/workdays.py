"""Chinese holidays and make-up workdays: what kind of day a date was.

The State Council announces each year's days off and the weekends worked for them (调休) in the November before. The
package ``chinesecalendar`` (MIT, no dependencies) holds them from 2004 on and refuses years it does not know, where
others would guess; such years count by weekday alone, and the result says which they are.
"""

from dataclasses import dataclass
from datetime import date

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

# kinds beside 0 (Monday) to 6 (Sunday)
HOLIDAY = 7
MAKE_UP = 8
KINDS = 9
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayKinds:
    """``kinds`` per day: 0 Monday to 6 Sunday, 7 public holiday, 8 weekend worked; ``unknown`` years had none known."""

    kinds: NDArray[np.int64]
    unknown: tuple[int, ...]


def day_kinds(days: NDArray[np.datetime64]) -> DayKinds:
    """Tell the kind of every day (``datetime64[D]``, without ``NaT``).

    >>> import numpy as np
    >>> found = day_kinds(np.array(["2026-02-14", "2026-02-16", "2026-02-25", "2090-05-01"], "datetime64[D]"))
    >>> found.kinds.tolist(), found.unknown
    ([8, 7, 2, 0], (2090,))
    """
    dates = [day.item() for day in days.astype("datetime64[D]")]
    unknown = {year for year in {one.year for one in dates} if not _is_known(year)}
    kinds = [one.weekday() if one.year in unknown else _kind(one) for one in dates]
    return DayKinds(np.array(kinds, np.int64), tuple(sorted(unknown)))


def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


def _kind(day: date) -> int:
    free, name = chinese_calendar.get_holiday_detail(day)
    if free and name:
        return HOLIDAY
    return MAKE_UP if not free and day.weekday() >= _SATURDAY else day.weekday()
