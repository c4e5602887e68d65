"""Two sides of every complaint, found from the data: what it names and what is wrong with it.

"Same estate, other trouble" and "same trouble, other estate" are the two ways a single similarity goes wrong. Titles
say first the place or product, then the trouble; a term's mean place in titles, smoothed along the titles it occurs
in, tells on which side it stands, without any list of names.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.sparse_rows import SparseRows
from pipeline.problems.terms import Terms

# a title counts for the name more than the body does, for the trouble both count alike
_TITLE_FOR_NAMES = 3.0
_TITLE_FOR_ISSUES = 1.0
_MOST_COMMON = 0.15
_FEW = 10
_NAME_SHARE = 0.3
_SHARPNESS = 40.0
_ROUNDS = 4
_REACH = 2
# a term seen once or twice is taken to stand a little before the middle
_PRIOR_PLACE, _PRIOR_COUNT = 0.45, 2.0


@dataclass(frozen=True, slots=True)
class Facets:
    """Unit rows over the same terms: ``names``, ``issues`` and ``whole`` (both); ``frequency`` in documents.

    ``nameness`` of a term is 1 on the name side, 0 on the issue side.
    """

    names: SparseRows
    issues: SparseRows
    whole: SparseRows
    frequency: NDArray[np.int64]
    nameness: NDArray[np.float64]


def split_facets(terms: Terms) -> Facets:
    """Weigh every complaint's terms (sublinear tf times idf) and split them into the two facets."""
    shape = (terms.documents, max(terms.size, 1))
    frequency = np.bincount(terms.term, minlength=shape[1])
    rare = (frequency >= 2) & (frequency <= max(_MOST_COMMON * terms.documents, min(_FEW, terms.documents)))
    weight = np.where(rare, np.log((terms.documents + 1) / np.maximum(frequency, 1)), 0.0)
    nameness = _nameness(terms, shape[1])
    told = np.flatnonzero(weight[terms.term])
    in_title, in_body, term = terms.in_title[told], terms.in_body[told], terms.term[told]
    starts = np.concatenate([[0], np.cumsum(np.bincount(terms.document[told], minlength=terms.documents))])
    # the narrower the numbers, the sooner they are read
    index: Any = np.int32 if len(told) <= np.iinfo(np.int32).max else np.int64
    columns, begins = term.astype(index), starts.astype(index)

    def side(times: NDArray[np.float32], share: NDArray[np.float64]) -> SparseRows:
        values = times * (weight * share)[term]
        return SparseRows(_of_length_one(values, starts), columns, begins, shape)

    for_names, for_issues = (
        1 + np.log(np.maximum(of_title * in_title + in_body, 1e-9))
        for of_title in (_TITLE_FOR_NAMES, _TITLE_FOR_ISSUES)
    )
    return Facets(
        names=side(for_names, np.sqrt(nameness)),
        issues=side(for_issues, np.sqrt(1 - nameness)),
        whole=side(for_names, np.ones(shape[1])),
        frequency=frequency,
        nameness=nameness,
    )


def _nameness(terms: Terms, size: int) -> NDArray[np.float64]:
    """How far to the front of titles a term stands, as a share between 0 (trouble) and 1 (name)."""
    if not len(terms.occurrence):
        return np.zeros(size)
    count = np.bincount(terms.occurrence, minlength=size)
    total = np.bincount(terms.occurrence, terms.place, size)
    place = (total + _PRIOR_PLACE * _PRIOR_COUNT) / (count + _PRIOR_COUNT)
    for _ in range(_ROUNDS):
        around = _mean_around(place[terms.occurrence], terms.run)
        place = 0.5 * place + 0.5 * np.bincount(terms.occurrence, around, size) / np.maximum(count, 1)
    cut = np.quantile(place[terms.occurrence], _NAME_SHARE)
    return 1 / (1 + np.exp(np.clip(-_SHARPNESS * (cut - place), -50, 50)))


def _mean_around(values: NDArray[np.float64], run: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean of each value and up to two neighbours on either side within its run."""
    total, count = values.copy(), np.ones(len(values))
    for step in range(1, min(_REACH, len(values) - 1) + 1):
        same = run[step:] == run[:-step]
        total[step:] += np.where(same, values[:-step], 0)
        total[:-step] += np.where(same, values[step:], 0)
        count[step:] += same
        count[:-step] += same
    return total / count


def _of_length_one(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The values of rows, which begin at ``starts``, over the length of their row."""
    size = np.diff(starts)
    filled = np.flatnonzero(size)
    length = np.sqrt(np.add.reduceat(values * values, starts[filled])) if len(filled) else np.zeros(0)
    return values * np.repeat(1 / np.where(length > 0, length, 1.0), size[filled])
