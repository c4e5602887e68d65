"""The same concrete trouble: complaints whose named thing and whose trouble both agree, in whatever number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.facets import split_facets
from pipeline.problems.linkage import cluster
from pipeline.problems.linking import Links, link
from pipeline.problems.terms import read_terms
from pipeline.problems.weak_groups import without_weak
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
class Earlier:
    """What an earlier run knew of every distinct text: the number of its problem (-1 none), and whether it had it."""

    label: NDArray[np.int64]
    seen: NDArray[np.bool_]


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
    earlier: Earlier | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> NDArray[np.int64]:
    """Label every distinct text with its group; what an earlier run grouped is kept together and apart.

    Where most texts were there ``earlier``, they are as much alike as they were then, and the threshold is theirs.
    """
    options = options or ConcreteOptions()
    links = _links(distinct.row, titles, texts, progress)
    size = len(distinct.row)
    seen = np.zeros(0, np.int64) if earlier is None else np.flatnonzero(earlier.seen)
    if size <= 2 * len(seen) < 2 * size:
        before = _links(distinct.row[seen], titles, texts)
        threshold = _threshold(before, len(seen), options.granularity)
        links = _as_before(links, before, seen, size)
    else:
        threshold = _threshold(links, size, options.granularity)
    if options.categories is not None:
        same = options.categories[links.left] == options.categories[links.right]
        links = Links(links.left[same], links.right[same], links.weight[same])
    known = None if earlier is None else earlier.label
    # what is chance is the same however fine the groups are to be
    least = min(threshold, threshold * _ABOVE_NOISE["normal"] / _ABOVE_NOISE[options.granularity])
    return without_weak(cluster(links, size, threshold, known), links, least, known)


def _links(
    rows: NDArray[np.int64],
    titles: Sequence[str],
    texts: Sequence[str],
    progress: Callable[[float], None] = lambda done: None,
) -> Links:
    terms = read_terms([titles[row] for row in rows], [texts[row] for row in rows])
    return link(split_facets(terms), progress)


def _as_before(links: Links, before: Links, seen: NDArray[np.int64], size: int) -> Links:
    """Links between texts that are both among the ``seen`` are those of ``before``.

    New texts make terms rarer or more common; two old complaints are not a bit more or less alike for that.
    """
    old = np.zeros(size, bool)
    old[seen] = True
    new = ~(old[links.left] & old[links.right])
    return Links(
        np.concatenate([links.left[new], seen[before.left]]),
        np.concatenate([links.right[new], seen[before.right]]),
        np.concatenate([links.weight[new], before.weight]),
    )


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
