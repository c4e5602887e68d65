"""The same concrete trouble: complaints whose named thing and whose trouble both agree, in whatever number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.facets import split_facets
from pipeline.problems.linkage import cluster
from pipeline.problems.linking import Links, link
from pipeline.problems.terms import read_terms
from pipeline.text.near_duplicates import near_duplicates

COPY = 0.85
# how much more alike than to a mere neighbour in topic two complaints about one trouble are
_ABOVE_NOISE = {"coarse": 0.8, "normal": 1.14, "fine": 1.8}
_USUAL, _USUAL_COUNT = 0.045, 20
_LOWEST, _HIGHEST = 0.02, 0.05
GRANULARITIES = tuple(_ABOVE_NOISE)


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct texts of a dump in an order that does not depend on the order of its rows.

    ``row[d]`` is a row with text ``d``; ``text[i]`` is the text of row ``i`` (near-duplicates share one).
    """

    row: NDArray[np.int64]
    text: NDArray[np.int64]


def distinct_texts(titles: Sequence[str], texts: Sequence[str]) -> Distinct:
    """Collapse equal and nearly equal complaints (character trigrams alike to six sevenths)."""
    whole = [f"{title}\n{text}" if title else text for title, text in zip(titles, texts, strict=True)]
    order = np.array(sorted(range(len(whole)), key=whole.__getitem__), np.int64)
    groups = near_duplicates([whole[place] for place in order], COPY).group
    first, text_of_sorted = np.unique(groups, return_inverse=True)
    text = np.empty(len(whole), np.int64)
    text[order] = text_of_sorted
    return Distinct(order[first], text)


@dataclass(frozen=True, slots=True)
class ConcreteOptions:
    """How fine to split, and whether complaints of different categories may be one trouble."""

    granularity: str = "normal"
    categories: NDArray[np.int64] | None = None


def concrete_groups(
    distinct: Distinct,
    titles: Sequence[str],
    texts: Sequence[str],
    options: ConcreteOptions | None = None,
    known: NDArray[np.int64] | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> NDArray[np.int64]:
    """Label every distinct text with its group; ``known`` labels (>= 0) are kept together and apart."""
    options = options or ConcreteOptions()
    terms = read_terms([titles[row] for row in distinct.row], [texts[row] for row in distinct.row])
    links = link(split_facets(terms), progress)
    size = len(distinct.row)
    threshold = _threshold(links, size, options.granularity)
    if options.categories is not None:
        same = options.categories[links.left] == options.categories[links.right]
        links = Links(links.left[same], links.right[same], links.weight[same])
    return cluster(links, size, threshold, known)


def _threshold(links: Links, size: int, granularity: str) -> float:
    """The least mean similarity inside a group, from what is usual between neighbours in these texts.

    Most complaints of a dump have no fellow, so the median similarity to the nearest other one tells how much alike
    unrelated complaints are here: titled letters more than short notes. Few texts say little, and where most have
    fellows the median is no noise; so it is drawn to the usual value and kept within limits.
    """
    nearest = links.nearest(size)
    found = nearest[nearest > 0]
    noise = float(np.median(found)) if len(found) else 0.0
    here = _ABOVE_NOISE["normal"] * noise * len(found) + _USUAL * _USUAL_COUNT
    level = min(max(here / (len(found) + _USUAL_COUNT), _LOWEST), _HIGHEST)
    return level * _ABOVE_NOISE[granularity] / _ABOVE_NOISE["normal"]
