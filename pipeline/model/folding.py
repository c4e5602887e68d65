"""Folds for cross-validation in which whatever belongs together stays together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TrainingError

Ints = NDArray[np.integer]


def joined_groups(twins: Ints, names: Sequence[str]) -> Ints:
    """Join two groupings: rows are together that are near-duplicates or bear the same non-empty group name."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = np.arange(len(twins))
    first: dict[str, int] = {}
    named = [first.setdefault(name, row) if name else row for row, name in enumerate(names)]
    ends = np.concatenate([twins, np.array(named, np.int64)])
    graph = coo_array((np.ones(2 * len(rows)), (np.concatenate([rows, rows]), ends)), shape=(len(rows), len(rows)))
    return connected_components(graph, directed=False)[1]


def grouped_folds(labels: Ints, groups: Ints, folds: int, seed: int) -> Ints:
    """Give every row a fold: groups stay whole and every fold gets about the same mix of labels.

    Fewer folds are made when there are fewer groups; ``TrainingError`` with a single group.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    distinct = len(np.unique(groups))
    if distinct < 2:
        raise TrainingError(
            "All rows belong to one group (they are copies of each other, or share one value in the group column), "
            "so nothing can be held back to measure the model."
        )
    splitter = StratifiedGroupKFold(min(folds, distinct), shuffle=True, random_state=seed)
    fold = np.zeros(len(labels), np.int64)
    for number, (_, held) in enumerate(splitter.split(np.zeros(len(labels)), labels, groups)):
        fold[held] = number
    return fold
