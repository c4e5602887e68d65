"""From complaints to problems: what belongs together, whatever words it comes in, and what stays alone.

Two kinds of sameness are joined: the same concrete trouble (a named thing and an issue that both agree, found from
the words) and the same root cause (learned by the model, sharpened by the dump's own columns). A cause is a problem
of its own; where it heaps up at one product, place or contractor, that part is a problem below it. Many complaints
from one region within hours or days are one incident, whatever their words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.attributes import Run, describe
from pipeline.problems.claims import NOBODY, Claim, groups_of, settle
from pipeline.problems.concentrations import concentrations
from pipeline.problems.concrete import ConcreteOptions, Distinct, concrete_groups, distinct_texts
from pipeline.problems.evidence import weigh
from pipeline.problems.incidents import incidents
from pipeline.problems.keeping import keep_known, known_labels
from pipeline.problems.thanks import are_thanks
from pipeline.records import Complaints, Grouping, ProblemKind

# a cause counts where it is more likely than all others together
_SURE = 0.5
# of a dump like the training texts the model is sure of most causes; of a foreign one only of few
_FAMILIAR = 0.5
# a part of a cause must be told by this many different texts
_PART_LEAST = 5
# copies of one text by this many customers are a campaign
_CAMPAIGN = 5


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """How to group: least complaints of a problem, how fine, and whether a problem may cross categories.

    ``no_problem`` are causes that are none (praise, plain inquiries). ``cause_title`` names a cause for people.
    """

    min_size: int = 3
    granularity: str = "normal"
    inside_category: bool = False
    no_problem: frozenset[str] = frozenset()
    cause_title: Callable[[str], str] = str


def group(
    complaints: Complaints,
    tokens: Callable[[Sequence[str]], list[list[str]]],
    options: GroupOptions | None = None,
    known: Sequence[str] | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Grouping:
    """Find the problems of a dump.

    ``tokens`` cuts texts into words, for naming. ``known[i]`` is the id of the problem that complaint ``i`` had in an
    earlier run, or empty: those complaints keep it, new ones try to join it first, the rest forms new problems.
    The result does not depend on the order of the complaints.
    """
    options = options or GroupOptions()
    distinct = distinct_texts(complaints.titles, complaints.texts)
    concrete = _concrete(complaints, distinct, options, known, progress)
    causes = _causes(complaints, concrete, options.no_problem)
    claims = _claims(complaints, distinct.text, concrete, causes, options.min_size)
    settled = settle(claims, causes.sure, distinct.text, options.min_size)
    if known is not None:
        settled = keep_known(settled, known)
    return describe(Run(complaints, distinct, options.cause_title, tokens), settled)


def _concrete(
    complaints: Complaints,
    distinct: Distinct,
    options: GroupOptions,
    known: Sequence[str] | None,
    progress: Callable[[float], None],
) -> NDArray[np.int64]:
    """Number of the concrete group of every complaint."""
    labels = None if known is None else known_labels(known, distinct)
    names, category = np.unique(np.array([*complaints.categories], str), return_inverse=True)
    inside = category[distinct.row] if options.inside_category else None
    how = ConcreteOptions(options.granularity, inside)
    found = concrete_groups(distinct, complaints.titles, complaints.texts, how, labels, progress)[distinct.text]
    # copies of one text can be of two categories as well
    return found * len(names) + category if options.inside_category else found


@dataclass(frozen=True, slots=True)
class _Causes:
    """``sure[i]``: the cause of complaint ``i``, -1 where none outweighs all others together or it is no problem.

    ``none[i]``: whether it says nothing, thanks, or its likeliest cause is no problem (plain questions).
    """

    sure: NDArray[np.int64]
    none: NDArray[np.bool_]


def _causes(complaints: Complaints, concrete: NDArray[np.int64], no_problem: frozenset[str]) -> _Causes:
    """What text and columns say; where they leave a doubt, what complaints about the same concrete trouble say.

    A model of another trade is sure of few complaints; its guesses must not pull groups together.
    """
    says = [f"{title} {text}".strip() for title, text in zip(complaints.titles, complaints.texts, strict=True)]
    idle = np.array([not words for words in says], bool) | are_thanks(says)
    shares = complaints.cause_shares
    if not shares.size or (shares.max(axis=1) >= _SURE).mean() < _FAMILIAR:
        return _Causes(np.full(len(complaints), NOBODY), idle)
    shares = weigh(complaints)
    none = idle | np.array([cause in no_problem for cause in complaints.causes])[shares.argmax(axis=1)]
    unsure = shares.max(axis=1) < _SURE
    shares = np.where(unsure[:, None], _levelled(shares, np.where(none, -1 - np.arange(len(none)), concrete)), shares)
    sure = (shares.max(axis=1) >= _SURE) & ~none
    return _Causes(np.where(sure, shares.argmax(axis=1), NOBODY), none)


def _levelled(shares: NDArray[np.float32], group: NDArray[np.int64]) -> NDArray[np.float32]:
    """Every row's mean over the rows of its group."""
    _, place, size = np.unique(group, return_inverse=True, return_counts=True)
    total = np.zeros((len(size), shares.shape[1]), np.float32)
    np.add.at(total, place, shares)
    return (total / size[:, None])[place]


def _claims(
    complaints: Complaints, text: NDArray[np.int64], concrete: NDArray[np.int64], causes: _Causes, min_size: int
) -> Iterator[Claim]:
    """Everything that may be a problem, the most telling first."""
    for found in incidents(complaints):
        yield Claim(ProblemKind.INCIDENT, found.members, NOBODY, found.where)
    for heap in concentrations(complaints, causes.sure, min_size):
        yield Claim(ProblemKind.CONCENTRATION, heap.members, heap.cause, heap.where)
    for members in groups_of(concrete, min_size):
        left = members[~causes.none[members]]
        cause = _common(causes.sure[left])
        if _is_campaign(left, text, complaints.customers):
            yield Claim(ProblemKind.CAMPAIGN, left, cause)
        elif (causes.sure[left] != NOBODY).sum() * 2 > len(left):
            yield Claim(ProblemKind.CONCRETE, left, cause, least=_PART_LEAST)
        else:
            yield Claim(ProblemKind.CONCRETE, left[causes.sure[left] == NOBODY])


def _common(causes: NDArray[np.int64]) -> int:
    """The cause of at least half of the complaints, -1 where there is none."""
    found, counts = np.unique(causes, return_counts=True)
    return int(found[counts.argmax()]) if len(found) and 2 * counts.max() >= len(causes) else NOBODY


def _is_campaign(members: NDArray[np.int64], text: NDArray[np.int64], customers: Sequence[str]) -> bool:
    """Whether most of the complaints are copies of one text by many customers."""
    if not len(members):
        return False
    common, counts = np.unique(text[members], return_counts=True)
    copies = members[text[members] == common[counts.argmax()]]
    return 2 * len(copies) >= len(members) and len({customers[row] for row in copies} - {""}) >= _CAMPAIGN
