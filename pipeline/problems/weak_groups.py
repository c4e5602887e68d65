"""Groups that may have come about by chance: as few pairs as alike as the least that is asked."""

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.linking import SCALE, Links


def without_weak(
    label: NDArray[np.int64], links: Links, threshold: float, known: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Part the groups whose mean similarity is less than its standard error above the threshold.

    The mean of n pairs is uncertain by about its n-th root: similarities spread as widely as they are high. So a group
    of n pairs needs ``threshold * (1 + 1 / sqrt(n))``: three complaints half as much again, thirty hardly more. Groups
    with a ``known`` complaint (>= 0) were believed before and stay.
    """
    size = len(label)
    inside = label[links.left] == label[links.right]
    # whole numbers, far below the limit up to which sums of floats are exact
    total = np.bincount(label[links.left[inside]], links.weight[inside], size)
    count = np.bincount(label, minlength=size)
    pairs = np.maximum(count * (count - 1) // 2, 1)
    weak = (count > 1) & (total / pairs < threshold * SCALE * (1 + 1 / np.sqrt(pairs)))
    if known is not None:
        weak[label[known >= 0]] = False
    return np.where(weak[label], np.arange(size), label)
