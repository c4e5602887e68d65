"""From many integer keys to their places at once: a hash table that numpy looks up without a loop.

Open addressing with linear probing (Knuth, The Art of Computer Programming, vol. 3, 6.4): a binary search over the same
keys misses the cache at every step, this at the first only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = -1


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Slots with a key and its value (both -1 where empty); ``shift`` picks the upper bits of the hash."""

    keys: NDArray[np.int64]
    values: NDArray[np.int32]
    shift: np.uint64

    @classmethod
    def build(cls, keys: NDArray[np.int64], values: NDArray[np.int32] | int = 0) -> "KeyTable":
        """Make a table of distinct keys >= 0 with their values: an array, or the first of a row of numbers.

        It is at most half full, so that most look-ups hit or miss at once.
        """
        bits = max(int(len(keys) * 2).bit_length(), 4)
        table = cls(np.full(1 << bits, _EMPTY, np.int64), np.full(1 << bits, _EMPTY, np.int32), np.uint64(64 - bits))
        waiting = np.arange(len(keys))
        slots = table._slots(keys)
        while len(waiting):
            free = waiting[table.keys[slots[waiting]] == _EMPTY]
            # of several keys that want one slot, the one written last takes it and the rest try the next slot
            table.values[slots[free]] = free
            settled = free[table.values[slots[free]] == free]
            table.keys[slots[settled]] = keys[settled]
            waiting = waiting[table.keys[slots[waiting]] != keys[waiting]]
            slots[waiting] = (slots[waiting] + 1) & (len(table.keys) - 1)
        numbers = np.arange(values, values + len(keys)) if isinstance(values, int) else values
        table.values[:] = np.append(numbers, _EMPTY).take(table.values)
        return table

    def values_of(self, wanted: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the value of every wanted key, or -1.

        >>> KeyTable.build(np.array([70, 5, 9])).values_of(np.array([9, 8, 70])).tolist()
        [2, -1, 0]
        """
        slots = self._slots(wanted)
        found = self.keys.take(slots)
        # right where the key was found and where none stood: there the value is -1
        places = self.values.take(slots)
        open_ends = np.flatnonzero((found != wanted) & (found != _EMPTY))
        while len(open_ends):
            further = (slots[open_ends] + 1) & (len(self.keys) - 1)
            slots[open_ends] = further
            found = self.keys[further]
            places[open_ends] = self.values[further]
            open_ends = open_ends[(found != wanted[open_ends]) & (found != _EMPTY)]
        return places

    def _slots(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        return ((keys.view(np.uint64) * _MULTIPLIER) >> self.shift).view(np.int64)
