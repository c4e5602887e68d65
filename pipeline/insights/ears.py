"""The C1, C2 and C3 limits of the Early Aberration Reporting System, for histories too short for a season.

Hutwagner, Thompson, Seeman & Treadwell 2003, J. Urban Health 80 (Suppl. 1):i89-i96; as written down by Fricker, Hegler
& Dunfee 2008, Statistics in Medicine 27:3407-3429, and done by ``earsC`` of R's ``surveillance`` (Salmon, Schumacher &
Hoehle 2016, J. Stat. Softw. 70(10)).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Method = Literal["C1", "C2", "C3"]
_LAG = {"C1": 0, "C2": 2, "C3": 2}
# C3 adds up what each day has above one deviation
_ALLOWED = 1.0


@dataclass(frozen=True, slots=True)
class EarsOptions:
    """``baseline`` days, the least standard deviation (0.5 or 1 for sparse counts: Burkom), the level of an alarm."""

    baseline: int = 7
    least_deviation: float = 0.5
    level: float = 0.001
    level_c3: float = 0.025


def ears_limits(
    counts: NDArray[np.int64], method: Method = "C2", options: EarsOptions = EarsOptions()
) -> NDArray[np.float64]:
    """Return the limit of every day, above which a count is an alarm; ``NaN`` where the history is too short.

    ``counts[..., day]``. C1: mean + z * deviation of the 7 days before; C2: the same, two days earlier, so that a
    beginning outbreak does not hide itself; C3: the C2 statistics less 1 (none below 0) of the day and the two before
    add up to more than z; its limit is 0 where the two days before do so by themselves.

    >>> import numpy as np
    >>> week = np.array([3, 5, 4, 6, 2, 5, 3, 4, 4, 30])  # mean 4, deviation 1.414
    >>> f"{ears_limits(week)[9]:.2f}"
    '8.37'
    """
    mean, deviation = _baselines(np.asarray(counts, float), _LAG[method], options)
    if method == "C3":
        return _c3(np.asarray(counts, float), mean, deviation, options)
    return mean + float(ndtri(1 - options.level)) * deviation


def _baselines(
    counts: NDArray[np.float64], lag: int, options: EarsOptions
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and deviation of the baseline of every day."""
    mean, deviation = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    first = options.baseline + lag
    if counts.shape[-1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(counts, options.baseline, axis=-1)
        used = windows[..., : counts.shape[-1] - first, :]
        mean[..., first:] = used.mean(axis=-1)
        deviation[..., first:] = np.maximum(used.std(axis=-1, ddof=1), options.least_deviation)
    return mean, deviation


def _c3(
    counts: NDArray[np.float64], mean: NDArray[np.float64], deviation: NDArray[np.float64], options: EarsOptions
) -> NDArray[np.float64]:
    above = np.maximum((counts - mean) / deviation - _ALLOWED, 0)
    limit = np.full(counts.shape, np.nan)
    before = above[..., 1:-1] + above[..., :-2]
    z = float(ndtri(1 - options.level_c3))
    # the limit of the sum of three days, turned into one for the last day's count
    own = mean[..., 2:] + deviation[..., 2:] * (_ALLOWED + z - before)
    limit[..., 2:] = np.where(before > z, np.where(np.isnan(own), np.nan, 0.0), own)
    return limit
