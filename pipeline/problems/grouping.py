"""From complaints to problems: what belongs together, whatever words it comes in, and what stays alone.

Two kinds of sameness are joined: the same concrete trouble (a named thing and an issue that both agree, found from
the words) and the same root cause (learned by the model, sharpened by the dump's own columns). A cause is a problem
of its own; where it heaps up at one product, place or contractor, that part is a problem below it. Many complaints
from one region within hours or days are one incident, whatever their words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.problems.attributes import Run, describe
from pipeline.problems.causes import Causes, judge_causes, with_trusted_causes
from pipeline.problems.claims import NOBODY, Claim, Settled, groups_of, settle
from pipeline.problems.concentrations import concentrations
from pipeline.problems.concrete import ConcreteOptions, Distinct, Earlier, concrete_groups, distinct_texts
from pipeline.problems.incidents import incidents
from pipeline.problems.keeping import (
    Before,
    Kept,
    guessed,
    joining,
    known_labels,
    names_of,
    only_with_news,
    remembered,
    seen_texts,
)
from pipeline.records import Complaints, Grouping, ProblemKind

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
    known: Sequence[str | None] | None = None,
    progress: Callable[[float], None] = lambda done: None,
    kept: Mapping[str, Kept] | None = None,
) -> Grouping:
    """Find the problems of a dump.

    ``tokens`` cuts texts into words, for naming. ``known[i]`` is the id of the problem that complaint ``i`` had in an
    earlier run, empty where it was alone there, None where it is new. Complaints keep their problem, new ones try to
    join it first, the rest forms new problems; complaints that were alone stay so unless new ones say otherwise.
    ``kept`` says what the known problems were (``kept_of``); of one that is not told it is guessed from its complaints.
    The result does not depend on the order of the complaints.
    """
    options = options or GroupOptions()
    complaints = with_trusted_causes(complaints)
    distinct = distinct_texts(complaints.titles, complaints.texts)
    if known is None:
        settled, whole = _settled(complaints, distinct, options, None, progress), complaints
    else:
        kept = _told(complaints, options, known, kept or {})
        whole = _with_causes_of(complaints, kept)
        settled = _settled(complaints, distinct, options, remembered(known, kept, whole.causes), progress)
    return describe(Run(whole, distinct, options.cause_title, tokens), settled)


def _settled(
    complaints: Complaints,
    distinct: Distinct,
    options: GroupOptions,
    before: Before | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Settled:
    """Say which complaints are one problem."""
    if before and before.nothing_new:
        return before.settled
    concrete = _concrete(complaints, distinct, options, before, progress)
    causes = judge_causes(complaints, concrete, options.no_problem)
    claims = _claims(complaints, distinct.text, concrete, causes, options.min_size)
    if before is None:
        return settle(claims, causes.sure, distinct.text, options.min_size)
    joined = joining(list(claims), before.settled)
    return only_with_news(settle(joined, causes.sure, distinct.text, options.min_size, before.settled), before.known)


def _told(
    complaints: Complaints, options: GroupOptions, known: Sequence[str | None], kept: Mapping[str, Kept]
) -> Mapping[str, Kept]:
    """What the known problems were; of those of which nobody told it is guessed."""
    if set(names_of(known)) <= kept.keys():
        return kept
    seen = [row for row, one in enumerate(known) if one is not None]
    some = _some(complaints, seen)
    found = _settled(some, distinct_texts(some.titles, some.texts), options)
    return {**guessed([known[row] or "" for row in seen], found, kept, some.causes), **kept}


def _some(complaints: Complaints, rows: Sequence[int]) -> Complaints:
    def pick(column: Sequence[str]) -> list[str]:
        return [column[row] for row in rows]

    return replace(
        complaints,
        ids=pick(complaints.ids),
        texts=pick(complaints.texts),
        titles=pick(complaints.titles),
        customers=pick(complaints.customers),
        times=complaints.times[rows],
        categories=pick(complaints.categories),
        cause_shares=complaints.cause_shares[rows],
        columns={role: pick(column) for role, column in complaints.columns.items()},
    )


def _with_causes_of(complaints: Complaints, kept: Mapping[str, Kept]) -> Complaints:
    """The complaints with the causes of known problems beside those of this run, which no complaint has."""
    more = tuple(sorted({one.cause for one in kept.values()} - {"", *complaints.causes}))
    nothing = np.zeros((len(complaints), len(more)), np.float32)
    shares = np.concatenate([complaints.cause_shares, nothing], axis=1)
    return replace(complaints, causes=(*complaints.causes, *more), cause_shares=shares) if more else complaints


def _concrete(
    complaints: Complaints,
    distinct: Distinct,
    options: GroupOptions,
    before: Before | None,
    progress: Callable[[float], None],
) -> NDArray[np.int64]:
    """Number of the concrete group of every complaint."""
    earlier = Earlier(known_labels(before, distinct), seen_texts(before.known, distinct)) if before else None
    names, category = np.unique(np.array([*complaints.categories], str), return_inverse=True)
    inside = category[distinct.row] if options.inside_category else None
    how = ConcreteOptions(options.granularity, inside)
    found = concrete_groups(distinct, complaints.titles, complaints.texts, how, earlier, progress)[distinct.text]
    # copies of one text can be of two categories as well
    return found * len(names) + category if options.inside_category else found


def _claims(
    complaints: Complaints, text: NDArray[np.int64], concrete: NDArray[np.int64], causes: Causes, min_size: int
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
