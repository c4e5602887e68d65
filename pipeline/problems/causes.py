"""Which cause every complaint has, as far as anyone knows: the model, the dump's columns, the operator.

A model of another trade is sure of few complaints; its guesses must not pull groups together. Then the operator's own
closing causes count, where the dump has them, or none at all.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.claims import NOBODY
from pipeline.problems.column_values import path_nodes, plain_value
from pipeline.problems.evidence import weigh
from pipeline.problems.thanks import are_thanks
from pipeline.records import Complaints, Role

# a cause counts where it is more likely than all others together
_SURE = 0.5
# of a dump like the training texts the model is sure of most causes; of a foreign one only of few
_FAMILIAR = 0.5
# the operator's causes count where most complaints have one; rarer ones than the most frequent so many are left out
_STATED, _MOST_CAUSES = 0.5, 300


def with_trusted_causes(complaints: Complaints) -> Complaints:
    """The complaints with the causes to go by: the model's, else the operator's, else none."""
    shares = complaints.cause_shares
    if shares.size and (shares.max(axis=1) >= _SURE).mean() >= _FAMILIAR:
        return complaints
    stated = [_last_node(cell) for cell in complaints.columns.get(Role.CAUSE, ())]
    if sum(map(bool, stated)) < _STATED * len(complaints) or not stated:
        return replace(complaints, causes=(), cause_shares=np.zeros((len(complaints), 0), np.float32))
    counts = Counter(filter(None, stated))
    causes = tuple(sorted(sorted(counts, key=lambda cause: (-counts[cause], cause))[:_MOST_CAUSES]))
    place = {cause: column for column, cause in enumerate(causes)}
    told = np.zeros((len(complaints), len(causes)), np.float32)
    for row, cause in enumerate(stated):
        if cause in place:
            told[row, place[cause]] = 1.0
    return replace(complaints, causes=causes, cause_shares=told)


def _last_node(cell: str) -> str:
    """The leaf of an operator's cause, which may be a path; empty where it says nothing."""
    nodes = path_nodes(cell) if plain_value(cell) else ()
    return nodes[-1] if nodes else ""


@dataclass(frozen=True, slots=True)
class Causes:
    """``sure[i]``: the cause of complaint ``i``, -1 where none outweighs all others together or it is no problem.

    ``none[i]``: whether it says nothing, thanks, or its likeliest cause is no problem (plain questions).
    """

    sure: NDArray[np.int64]
    none: NDArray[np.bool_]


def judge_causes(complaints: Complaints, concrete: NDArray[np.int64], no_problem: frozenset[str]) -> Causes:
    """What text and columns say; where they leave a doubt, what complaints about the same concrete trouble say.

    ``concrete[i]`` is the concrete group of complaint ``i``; ``no_problem`` are causes that are none.
    """
    says = [f"{title} {text}".strip() for title, text in zip(complaints.titles, complaints.texts, strict=True)]
    idle = np.array([not words for words in says], bool) | are_thanks(says)
    if not complaints.cause_shares.size:
        return Causes(np.full(len(complaints), NOBODY), idle)
    shares = weigh(complaints)
    none = idle | np.array([cause in no_problem for cause in complaints.causes])[shares.argmax(axis=1)]
    unsure = shares.max(axis=1) < _SURE
    shares = np.where(unsure[:, None], _levelled(shares, np.where(none, -1 - np.arange(len(none)), concrete)), shares)
    sure = (shares.max(axis=1) >= _SURE) & ~none
    return Causes(np.where(sure, shares.argmax(axis=1), NOBODY), none)


def _levelled(shares: NDArray[np.float32], group: NDArray[np.int64]) -> NDArray[np.float32]:
    """Every row's mean over the rows of its group."""
    _, place, size = np.unique(group, return_inverse=True, return_counts=True)
    total = np.zeros((len(size), shares.shape[1]), np.float32)
    np.add.at(total, place, shares)
    return (total / size[:, None]).astype(np.float32)[place]
