"""A first label set without labels: words that speak for a label give weak labels to start a queue with.

A text that holds words of one label takes it; one that holds words of several is a conflict and takes none. How much
the words cover and where they disagree is what to look at before anything is trained (coverage, overlap and conflict
as in Ratner et al. 2017, "Snorkel").
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class SeedLabel:
    """What the words of one label found: ``hits`` texts, ``alone`` of them without a conflict, hits ``by_word``."""

    label: str
    hits: int
    alone: int
    by_word: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WeakLabels:
    """Weak labels of texts.

    ``labels``: one per text, empty where none or several fit; ``found``: per text every label with a word in it.
    ``conflicts``: pairs of labels and the texts that hold words of both, the most frequent first.
    """

    labels: tuple[str, ...]
    found: tuple[tuple[str, ...], ...]
    table: tuple[SeedLabel, ...]
    conflicts: tuple[tuple[str, str, int], ...]

    @property
    def coverage(self) -> float:
        """Share of texts that hold a word of any label."""
        return sum(bool(one) for one in self.found) / max(len(self.found), 1)

    @property
    def conflicting(self) -> int:
        """Number of texts that hold words of several labels."""
        return sum(len(one) > 1 for one in self.found)


def weak_labels(texts: Sequence[str], words: Mapping[str, Sequence[str]]) -> WeakLabels:
    """Label texts by the words of each label.

    >>> weak_labels(["多扣话费", "宽带断了", "扣费后断网"], {"billing": ["扣"], "network": ["断"]}).labels
    ('billing', 'network', '')
    """
    found = tuple(tuple(label for label in words if any(word in text for word in words[label])) for text in texts)
    pairs = Counter(pair for labels in found for pair in combinations(labels, 2))
    order = {label: place for place, label in enumerate(words)}
    table = tuple(
        SeedLabel(
            label,
            sum(label in one for one in found),
            sum(one == (label,) for one in found),
            tuple((word, sum(word in text for text in texts)) for word in words[label]),
        )
        for label in words
    )
    conflicts = sorted(
        ((*pair, count) for pair, count in pairs.items()), key=lambda c: (-c[2], order[c[0]], order[c[1]])
    )
    return WeakLabels(tuple(one[0] if len(one) == 1 else "" for one in found), found, table, tuple(conflicts))
