"""Half the bytes for weights: the upper 16 bits of a single-precision number (bfloat16), which numpy widens at once."""

import numpy as np
from numpy.typing import NDArray


def halved(values: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Return the upper halves, rounded to the nearest (relative error under 0.4 %).

    >>> widened(halved(np.array([1.0, -0.30078125, 3.14159])))
    array([ 1.        , -0.30078125,  3.140625  ], dtype=float32)
    """
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)).astype(np.uint16)


def widened(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the single-precision numbers whose upper halves these are."""
    bits = halves.astype(np.uint32)
    bits <<= np.uint32(16)
    return bits.view(np.float32)
