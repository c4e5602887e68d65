"""Average linkage on a sparse graph: absent pairs count as similarity 0.

Average linkage is reducible, so all pairs of clusters that are each other's nearest may be merged at once and the
result is that of merging the best pair again and again (Murtagh 1983, "A survey of recent advances in hierarchical
clustering algorithms"). Weights are whole numbers: sums are exact, so the result does not depend on their order.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.linking import SCALE, Links
from pipeline.text.chains import chain_numbers


def cluster(links: Links, size: int, threshold: float, known: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Merge while the mean similarity of two clusters is at least ``threshold``; return a label per complaint.

    A label is the smallest member of the cluster. ``known[i] >= 0`` starts with the complaints of one known group
    together and never joins two known groups.
    """
    label = np.arange(size)
    if known is not None:
        label = _smallest_of(known, label)
    graph = _Graph.of(links, label, known)
    graph.part(threshold * SCALE)
    while graph.merge(threshold * SCALE):
        graph.part(threshold * SCALE)
    return graph.label


class _Graph:
    """Clusters, their sizes and the sums of similarities between them."""

    def __init__(self, label: NDArray[np.int64], group: NDArray[np.int64]) -> None:
        self.label = label
        self.count = np.bincount(label, minlength=len(label)).astype(np.float64)
        self.group = group
        self.left = self.right = self.total = np.zeros(0, np.int64)

    @classmethod
    def of(cls, links: Links, label: NDArray[np.int64], known: NDArray[np.int64] | None) -> "_Graph":
        graph = cls(label, np.full(len(label), -1) if known is None else known.copy())
        graph._connect(label[links.left], label[links.right], links.weight)
        return graph

    def merge(self, threshold: float) -> bool:
        """Merge all pairs that are each other's nearest; tell whether there was one."""
        if not len(self.left):
            return False
        mean = self._mean()
        kept, gone = self._mutual(mean, threshold)
        if not len(kept):
            return False
        target = np.arange(len(self.label))
        target[gone] = kept
        self.count[kept] += self.count[gone]
        self.group[kept] = np.maximum(self.group[kept], self.group[gone])
        self.label = target[self.label]
        self._connect(target[self.left], target[self.right], self.total)
        return True

    def part(self, threshold: float) -> None:
        """Forget the similarities between clusters that no chain of similar ones holds together: they never meet.

        What two merged clusters have in common with a third is at most what one of them had.
        """
        strong = self._mean() >= threshold
        chain = chain_numbers(self.left[strong], self.right[strong], len(self.label))
        kept = chain[self.left] == chain[self.right]
        self.left, self.right, self.total = self.left[kept], self.right[kept], self.total[kept]

    def _mean(self) -> NDArray[np.float64]:
        return self.total / (self.count[self.left] * self.count[self.right])

    def _mutual(self, mean: NDArray[np.float64], threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        size = len(self.label)
        best = np.full(size, -1.0)
        np.maximum.at(best, self.left, mean)
        np.maximum.at(best, self.right, mean)
        partner = np.full(size, size)
        for one, two in ((self.left, self.right), (self.right, self.left)):
            top = mean == best[one]
            np.minimum.at(partner, one[top], two[top])
        own = np.arange(size)
        wants = (partner < size) & (best >= threshold)
        other = np.where(wants, partner, own)
        mutual = wants & (other > own) & (other[other] == own)
        if mutual.any() or not wants.any():
            return own[mutual], other[mutual]
        # equal similarities can chase each other in a circle: then the first best pair is merged
        first = np.lexsort((self.right, self.left, -mean))[:1]
        return self.left[first], self.right[first]

    def _connect(self, one: NDArray[np.int64], two: NDArray[np.int64], total: NDArray[np.int64]) -> None:
        """Add up the similarities between clusters; two known groups are never connected."""
        apart = (self.group[one] >= 0) & (self.group[two] >= 0)
        open_ = (one != two) & ~apart
        low, high = np.minimum(one[open_], two[open_]), np.maximum(one[open_], two[open_])
        key = low * len(self.label) + high
        order = np.argsort(key, kind="stable")
        key, total = key[order], total[open_][order]
        start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
        self.total = np.add.reduceat(total, start) if len(start) else np.zeros(0, np.int64)
        self.left, self.right = np.divmod(key[start], max(len(self.label), 1))


def _smallest_of(known: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give every complaint of a known group the label of the group's smallest member."""
    inside = known >= 0
    first = np.full(int(known.max(initial=-1)) + 1, len(label))
    np.minimum.at(first, known[inside], label[inside])
    joined = label.copy()
    joined[inside] = first[known[inside]]
    return joined
