"""What hangs together by pairs, in however long a chain: the connected components of a graph."""

import numpy as np
from numpy.typing import NDArray

# so many pairs and ends are dealt with one by one before scipy's graphs would be loaded
_FEW = 50_000

Ints = NDArray[np.int64]


def chain_numbers(left: Ints, right: Ints, size: int) -> Ints:
    """Return the number of each one's chain, counted by the first of each; ``left[i]`` and ``right[i]`` hang together.

    >>> chain_numbers(np.array([3, 1]), np.array([1, 4]), 6).tolist()
    [0, 1, 2, 1, 1, 3]
    """
    if len(left) + size > _FEW:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
        found: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
        return found
    return np.unique(_firsts(left.tolist(), right.tolist(), size), return_inverse=True)[1].astype(np.int64)


def _firsts(left: list[int], right: list[int], size: int) -> list[int]:
    """The first of each one's chain (Galler and Fischer 1964, with path halving)."""
    above = list(range(size))

    def first(one: int) -> int:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for one, other in zip(left, right, strict=True):
        low, high = sorted((first(one), first(other)))
        above[high] = low
    return [first(one) for one in range(size)]
