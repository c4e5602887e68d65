"""The linear layer by scikit-learn: entropy feature weights, one binary problem per leaf, several learners."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix

from pipeline.model.classifying import Head
from pipeline.model.precision import halved, widened

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Learner:
    """One candidate of the model choice.

    ``kind``: ``svm`` (squared hinge) or ``logistic``; ``c``: its regularisation; ``entropy``: features weigh by how
    unevenly the leaves share them (it pays with few leaves, and costs with many).
    """

    kind: str
    c: float
    entropy: bool = True

    def __str__(self) -> str:
        return f"{self.kind}(C={self.c:g}{', entropy' if self.entropy else ''})"

    @classmethod
    def parse(cls, name: str) -> "Learner | None":
        """Return the learner that ``str`` wrote so, None for what it did not write.

        >>> Learner.parse(str(Learner("svm", 2, entropy=False)))
        Learner(kind='svm', c=2.0, entropy=False)
        """
        found = re.fullmatch(r"(svm|logistic)\(C=([\d.e+-]+)(, entropy)?\)", name)
        return cls(found[1], float(found[2]), found[3] is not None) if found else None


def fit_head(
    tfidf: csr_array, signs: Floats, learner: Learner, balanced: bool = True, weights: Floats | None = None
) -> Head:
    """Fit one binary problem per leaf.

    ``signs`` (rows, leaves): 1 where a row shows the leaf, -1 where it does not, 0 where it may (then it is left out).
    ``balanced`` leaves weigh more the rarer they are. ``weights`` (rows,) is what each row counts, None = all the same.
    """
    counts = np.ones(len(signs)) if weights is None else weights
    scale = entropy_weights(tfidf, (signs > 0).astype(float)) if learner.entropy else np.ones(tfidf.shape[1])
    rows = scaled_rows(tfidf, scale)
    solved = [_fit_one(rows, signs[:, leaf], learner, balanced, counts) for leaf in range(signs.shape[1])]
    solution = np.column_stack([w for w, _ in solved]) * scale[:, None]
    bias = np.array([b for _, b in solved])
    # rounded as they are stored, so that a saved and loaded model answers the same
    return Head(widened(halved(solution)), bias.astype(np.float32), scale.astype(np.float32))


def entropy_weights(tfidf: csr_array, weights: Floats, smoothing: float = 0.3) -> Floats:
    """Weight of each feature: 1.1 for one that a single leaf has, 0.1 for one that all leaves share alike.

    With D the share of a leaf's rows that hold the feature (plus ``smoothing`` rows) and q = D / sum(D) over leaves,
    the weight is 1.1 + sum(q ln q) / ln K: the log-entropy weighting of Dumais (1991), taken over leaves.
    """
    held = csr_matrix((np.ones_like(tfidf.data), tfidf.indices, tfidf.indptr), shape=tfidf.shape)
    rows = np.maximum(weights.sum(axis=0), 1e-9)
    density = (held.T @ weights) / rows + smoothing * weights.shape[1] / len(weights)
    q = density / density.sum(axis=1, keepdims=True)
    return 1.1 + (q * np.log(q)).sum(axis=1) / np.log(max(weights.shape[1], 2))


def scaled_rows(tfidf: csr_array, scale: Floats) -> csr_matrix:
    """Multiply features by their weight and bring every row to unit length."""
    data = tfidf.data * scale[tfidf.indices]
    rows = np.repeat(np.arange(tfidf.shape[0]), np.diff(tfidf.indptr))
    length = np.sqrt(np.bincount(rows, weights=data * data, minlength=tfidf.shape[0]))
    return csr_matrix((data / np.where(length > 0, length, 1)[rows], tfidf.indices, tfidf.indptr), shape=tfidf.shape)


def _fit_one(rows: csr_matrix, signs: Floats, learner: Learner, balanced: bool, counts: Floats) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    used = np.flatnonzero(signs)
    positive = signs[used] > 0
    if positive.all() or not positive.any():
        # a leaf whose rows all lie in another fold: there is nothing to tell apart
        return np.zeros(rows.shape[1]), 1.0 if len(used) and positive.all() else -1.0
    importance = np.ones(len(used))
    if balanced:
        # the square root of the ratio, half way to equal weight of both sides: full balance costs precision on rare
        # leaves
        importance[positive] = np.sqrt((~positive).sum() / max(positive.sum(), 1))
    importance *= counts[used]
    importance *= len(used) / importance.sum()
    solvers = {
        "svm": lambda: LinearSVC(C=learner.c, random_state=0, dual=True, max_iter=5000),
        "logistic": lambda: LogisticRegression(
            C=learner.c, solver="liblinear", random_state=0, tol=1e-2, max_iter=1000
        ),
    }
    solver = solvers[learner.kind]().fit(rows[used], positive, sample_weight=importance)
    return solver.coef_.ravel(), float(solver.intercept_[0])
