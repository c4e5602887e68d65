"""Scores of a grouping: B-cubed against true groups, and what hand-read problems with look-alikes tell beside it.

B-cubed (Bagga and Baldwin 1998): a text's precision is the share of its group that truly belongs to it, its recall the
share of what truly belongs to it that is in its group; both are averaged over texts. A text in no group is alone.
"""

import csv
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_RESAMPLES = 2000


@dataclass(frozen=True)
class BCubed:
    """Precision and recall of every text, and the number of the stratum (true group, author ...) it is drawn with."""

    precision: np.ndarray
    recall: np.ndarray
    stratum: np.ndarray

    @property
    def f1(self):
        """F1 of the mean precision and the mean recall."""
        return harmonic(self.precision.mean(), self.recall.mean())

    def interval(self):
        """95 % bootstrap interval of F1, whole strata drawn."""
        sums = np.column_stack([np.bincount(self.stratum, each) for each in (self.precision, self.recall)])
        sizes = np.bincount(self.stratum)[:, None]
        return bootstrap(np.hstack([sums, sizes]), lambda s: harmonic(s[:, 0] / s[:, 2], s[:, 1] / s[:, 2]))

    def __str__(self):
        """Return F1 with its interval."""
        low, high = self.interval()
        return f"{self.f1:.3f} [{low:.3f}, {high:.3f}]"


def b_cubed(found: Sequence[Hashable | None], truth: Sequence[Hashable | None]) -> BCubed:
    """Score a grouping; ``None`` is alone, in what was found as in the truth. Strata are the true groups."""
    held, true = _numbered(found), _numbered(truth)
    both = _numbered([*zip(held.tolist(), true.tolist(), strict=True)])
    together, own, wanted = (np.bincount(labels)[labels] for labels in (both, held, true))
    return BCubed(together / own, together / wanted, true)


def harmonic(precision, recall):
    """F1; 0 where both are 0."""
    return 2 * precision * recall / np.maximum(precision + recall, 1e-12)


def bootstrap(parts: np.ndarray, figure, resamples=_RESAMPLES, seed=0) -> tuple[float, float]:
    """95 % percentile interval of ``figure(sums of rows)`` when the rows of ``parts`` are drawn with replacement."""
    rows = len(parts)
    weights = np.random.default_rng(seed).multinomial(rows, np.full(rows, 1 / rows), resamples)
    low, high = np.nanquantile(figure(weights @ parts), [0.025, 0.975])
    return float(low), float(high)


def _numbered(labels: Sequence[Hashable | None]) -> np.ndarray:
    """Numbers for labels; every ``None`` gets its own."""
    places: dict[Hashable, int] = {}
    return np.array(
        [places.setdefault(label if label is not None else (None, i), len(places)) for i, label in enumerate(labels)]
    )


@dataclass(frozen=True)
class HandRead:
    """Problems that people read out of a dump: ``members`` of each, and the ``lookalikes`` that belong elsewhere."""

    members: Mapping[str, Sequence[str]]
    lookalikes: Mapping[str, Sequence[str]]


def read_problems(path: Path) -> HandRead:
    """Read a file with the columns message_id, group_id, role (member or negative)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["group_id"], row["role"], row["message_id"]) for row in csv.DictReader(file)]
    names = list(dict.fromkeys(name for name, _, _ in rows))
    held = {role: {n: [m for g, r, m in rows if (g, r) == (n, role)] for n in names} for role in ("member", "negative")}
    return HandRead(held["member"], held["negative"])


@dataclass(frozen=True)
class Against:
    """A grouping against hand-read problems; one row of ``parts`` per problem, see ``compare``."""

    parts: np.ndarray
    groups: int
    grouped: int

    def figures(self, sums=None):
        """F1, precision, recall, problems recovered, over-merge, contamination; ``sums`` are summed rows of parts."""
        each = np.moveaxis(self.parts.sum(axis=0) if sums is None else sums, -1, 0)
        precision, recall, members, recovered, joined, lookalikes, foreign, inside = each
        over, foreign = joined / np.maximum(lookalikes, 1), foreign / np.maximum(inside, 1)
        return harmonic(precision, recall) / members, precision / members, recall / members, recovered, over, foreign

    def interval(self, place: int) -> tuple[float, float]:
        """95 % bootstrap interval of one figure, problems drawn."""
        return bootstrap(self.parts, lambda sums: self.figures(sums)[place])


def compare(found: Mapping[str, Hashable | None], gold: HandRead, least: int = 3) -> Against:
    """Score the groups of a dump against the problems read in it.

    *Recovered*: 60 % of the problem's members are in one group, of whose read members 80 % are its own. The *main
    group* of a problem is that with most of its members (two at least). *Over-merge*: share of look-alikes in the main
    group of the problem they resemble. *Contamination*: share of texts in main groups that their problem does not list.
    """
    problem = {text: name for name, texts in gold.members.items() for text in texts}
    scored = b_cubed([found.get(text) for text in problem], list(problem.values()))
    sizes = Counter(label for label in found.values() if label is not None)
    read = Counter(found[text] for text in problem if found.get(text) is not None)
    parts = []
    for number, (name, texts) in enumerate(gold.members.items()):
        own = scored.stratum == number
        here = Counter(found[text] for text in texts if found.get(text) is not None)
        most = max(here.values(), default=0)
        recovered = any(n >= 0.6 * len(texts) and n >= 0.8 * read[label] for label, n in here.items())
        main = {label for label, n in here.items() if n == most and most >= 2}
        joined = sum(found.get(text) in main for text in gold.lookalikes[name])
        inside = sizes[here.most_common(1)[0][0]] if main else 0
        sums = scored.precision[own].sum(), scored.recall[own].sum(), own.sum()
        parts.append([*sums, recovered, joined, len(gold.lookalikes[name]), inside - most if main else 0, inside])
    large = sum(size >= least for size in sizes.values())
    return Against(np.array(parts, float), large, sum(sizes.values()))


def verdict(*kept: bool) -> str:
    """Say whether all promises were kept."""
    return "reached" if all(kept) else "KNOWN SHORTFALL"


def table(*heads: str) -> None:
    """Print the head of a table."""
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
