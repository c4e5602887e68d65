"""Labels that look wrong: confident learning on predictions for rows that the model had not seen, and unequal twins.

The method of Northcutt, Jiang & Chuang (2021, "Confident Learning: Estimating Uncertainty in Dataset Labels"): a row
counts as confidently of a category when its probability reaches the mean probability of that category among the rows so
labelled; rows that are confidently of another category than their label are the suspects.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.model.calibrating import fit_labels
from pipeline.model.classifying import Head, sigmoid
from pipeline.model.examples import Example, Targets, check_examples, make_targets
from pipeline.model.fitting import Learner, fit_head
from pipeline.model.folding import grouped_folds, joined_groups
from pipeline.model.reasons import Reason, top_reasons
from pipeline.model.sparse_rows import row_numbers
from pipeline.model.vectorising import Documents, Vectoriser
from pipeline.text.near_duplicates import near_duplicates
from pipeline.text.preparing import Preparer

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

MODEL, TWIN = "other_label", "unequal_twins"
# texts with four of five trigrams in common say the same
_TWIN = 0.8
# least doubt of a row that its twins outvote, and of one whose twins are split evenly
_OUTVOTED, _SPLIT = 0.9, 0.5
_LEARNER = Learner("svm", 1)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row whose label looks wrong: its ``place``, its main ``label`` and the ``suggested`` one.

    ``doubt``: the probability that the label is wrong, 0 to 1; ``confident``: the row is an off-diagonal of the
    confident joint. ``why``: "other_label", or "unequal_twins" when (nearly) the same text
    stands at ``twin`` with another label.
    """

    place: int
    label: str
    suggested: str
    doubt: float
    confident: bool
    why: str
    twin: int | None


@dataclass(frozen=True, slots=True)
class Suspicions:
    """All rows by doubt, the worst first; ``joint[i, j]`` estimates how many rows labelled i are j (categories order).

    ``reasons``: of the first rows, by place, the words that spoke for the suggested label against the given one.
    """

    ranked: tuple[Suspect, ...]
    categories: tuple[str, ...]
    joint: Floats
    reasons: Mapping[int, Reason] = field(default_factory=dict)

    @property
    def errors(self) -> float:
        """Estimated number of wrong labels."""
        return float(self.joint.sum() - np.trace(self.joint))


@dataclass(frozen=True, slots=True)
class _Fold:
    """A model, and the rows it did not see."""

    held: Ints
    vectoriser: Vectoriser
    head: Head


def find_suspects(examples: Sequence[Example], preparer: Preparer, folds: int = 5, explained: int = 200) -> Suspicions:
    """Rank labelled rows by how wrong their main label looks, with reasons for the first ``explained`` of them.

    Near-duplicates are in one fold, so that a copy never vouches for a copy. ``TrainingError`` when no model can come
    of the rows.
    """
    check_examples(examples, folds)
    prepared = preparer.prepare([example.text for example in examples])
    documents = Documents(prepared.texts, prepared.tokens)
    targets = make_targets([_without_cause(example) for example in examples], 1)
    groups = joined_groups(near_duplicates(prepared.texts).group, [example.group for example in examples])
    folded = grouped_folds(targets.primary, groups, folds, 0)
    models = [_fit(documents, targets, folded, number) for number in range(int(folded.max()) + 1)]
    twins = near_duplicates(prepared.texts, _TWIN).group
    found = rank_suspects(_unseen(documents, targets, models), targets.primary, targets.leaves.categories, twins)
    return replace(found, reasons=_reasons(documents, targets, models, found.ranked[:explained]))


def _fit(documents: Documents, targets: Targets, folds: Ints, number: int) -> _Fold:
    seen = np.flatnonzero(folds != number)
    vectoriser = Vectoriser().fit(documents.take(seen))
    head = fit_head(vectoriser.transform(documents.take(seen)), targets.take(seen).signs(), _LEARNER)
    return _Fold(np.flatnonzero(folds == number), vectoriser, head)


def _unseen(documents: Documents, targets: Targets, models: Sequence[_Fold]) -> Floats:
    """Probabilities of the categories, shape (rows, categories), by models that did not see the row; rows sum to 1."""
    margins = np.zeros((len(documents), len(targets.leaves.causes)))
    for fold in models:
        margins[fold.held] = fold.head.margins(fold.vectoriser.transform(documents.take(fold.held)))
    pooled = targets.leaves.pooled(margins)
    slopes, intercepts = fit_labels(pooled, targets.members())
    odds = sigmoid(pooled * slopes + intercepts)
    return odds / odds.sum(axis=1, keepdims=True)


def _reasons(
    documents: Documents, targets: Targets, models: Sequence[_Fold], suspects: Sequence[Suspect]
) -> dict[int, Reason]:
    """The words that spoke for the suggested label and against the given one, by models that did not see the row."""
    spot = {name: i for i, name in enumerate(targets.leaves.categories)}
    asked = {one.place: (spot[one.suggested], spot[one.label]) for one in suspects}
    found: dict[int, Reason] = {}
    for fold in models:
        rows = [row for row in fold.held.tolist() if row in asked]
        if not rows:
            continue
        tfidf = fold.vectoriser.transform(documents.take(rows))
        wanted, given = np.array([asked[row] for row in rows]).T
        owner = row_numbers(tfidf)
        weights = fold.head.weights
        lead = weights[tfidf.indices, wanted[owner]] - weights[tfidf.indices, given[owner]]
        share = np.where(_readable(fold.vectoriser)[tfidf.indices], lead * tfidf.data, 0.0)
        words = top_reasons(owner, share, tfidf.indices, fold.vectoriser.names(), len(rows))
        found.update(zip(rows, words, strict=True))
    return found


def _readable(vectoriser: Vectoriser) -> NDArray[np.bool_]:
    kinds = [block.kind != "chars" for block in vectoriser.blocks]
    return np.repeat(kinds, np.diff(vectoriser.offsets))


def rank_suspects(shares: Floats, labels: Ints, categories: Sequence[str], twins: Ints) -> Suspicions:
    """Rank rows by doubt: one minus the probability of the label (the method's "self-confidence" ranking).

    Suggested is the other category that is furthest above its threshold.

    ``shares`` (rows, categories) sum to 1 in a row; ``labels``: places of the labels; ``twins``: group of near-equal
    texts. Of twins with unequal labels the fewer doubt themselves, all of them where none are fewer.
    """
    rows = np.arange(len(labels))
    thresholds = class_thresholds(shares, labels)
    above = shares - thresholds
    others = above.copy()
    others[rows, labels] = -np.inf
    best = others.argmax(axis=1)
    doubt = 1 - shares[rows, labels]
    confident = confident_category(shares, thresholds)
    unequal = _unequal_twins(labels, twins)
    off = (confident != -1) & (confident != labels)
    columns = zip(rows.tolist(), labels.tolist(), best.tolist(), doubt.tolist(), off.tolist(), strict=True)
    suspects = [
        _suspect(row, label, (other, ahead), sure, unequal.get(row), categories)
        for row, label, other, ahead, sure in columns
    ]
    ranked = sorted(suspects, key=lambda one: (-one.doubt, one.place))
    return Suspicions(tuple(ranked), tuple(categories), confident_joint(shares, labels))


def class_thresholds(shares: Floats, labels: Ints) -> Floats:
    """Mean probability of each category among the rows labelled so: t_j, the expected self-confidence."""
    counts = np.bincount(labels, minlength=shares.shape[1])
    own = np.bincount(labels, weights=shares[np.arange(len(labels)), labels], minlength=shares.shape[1])
    # a category without rows is reached by nobody
    return np.where(counts > 0, own / np.maximum(counts, 1), np.inf)


def confident_category(shares: Floats, thresholds: Floats) -> Ints:
    """Per row the likeliest of the categories whose threshold it reaches, or -1 where it reaches none."""
    reached = np.where(shares >= thresholds, shares, -np.inf)
    return np.where(np.isfinite(reached).any(axis=1), reached.argmax(axis=1), -1)


def confident_joint(shares: Floats, labels: Ints) -> Floats:
    """Estimated rows by label (given) and category (true), calibrated so that each row sums to the rows so labelled."""
    width = shares.shape[1]
    confident = confident_category(shares, class_thresholds(shares, labels))
    sure = confident >= 0
    counts = np.zeros((width, width))
    np.add.at(counts, (labels[sure], confident[sure]), 1)
    given = np.bincount(labels, minlength=width)
    total = counts.sum(axis=1)
    # a label none of whose rows is confidently anything is taken at its word
    counts[total == 0] = np.eye(width)[total == 0]
    return counts / counts.sum(axis=1, keepdims=True) * given[:, None]


def _unequal_twins(labels: Ints, twins: Ints) -> dict[int, tuple[int, int | None]]:
    """Rows to doubt among texts that are (nearly) the same: per row its twin, and the twins' label if most have it."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(twins.tolist()):
        groups[group].append(row)
    found: dict[int, tuple[int, int | None]] = {}
    for rows in groups.values():
        votes = Counter(int(labels[row]) for row in rows)
        if len(votes) == 1:
            continue
        (first, count), (_, second) = votes.most_common(2)
        winner = first if count > second else None
        for row in rows:
            if labels[row] != winner:
                twin = next(other for other in rows if labels[other] != labels[row])
                found[row] = (twin, winner)
    return found


def _suspect(
    row: int,
    label: int,
    best: tuple[int, float],
    confident: bool,
    unequal: tuple[int, int | None] | None,
    categories: Sequence[str],
) -> Suspect:
    suggested, doubt = best
    if unequal is None:
        return Suspect(row, categories[label], categories[suggested], doubt, confident, MODEL, None)
    twin, winner = unequal
    suggested = suggested if winner is None else winner
    doubt = max(doubt, _SPLIT if winner is None else _OUTVOTED)
    return Suspect(row, categories[label], categories[suggested], doubt, confident, TWIN, twin)


def _without_cause(example: Example) -> Example:
    """Causes are too narrow to say that a category is wrong."""
    return replace(example, cause="")
