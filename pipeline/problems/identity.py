"""The values of matching: problems the register knows, groups of this run, and what one is to the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# states in which a problem is over: complaints that come later are a relapse
ENDED = frozenset({"closed", "verified"})


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A problem of the register: who complained, what its texts speak of, and what defines it.

    ``members`` and ``texts`` are hashes of complaint ids and of clean texts; ``profile`` the accumulated weights of
    terms, name and phrases included (``profiles.profile``); ``kind`` a ``ProblemKind``; ``last`` the day of the latest
    complaint.
    """

    id: str
    members: frozenset[str]
    profile: Mapping[str, float]
    name: str = ""
    cause: str = ""
    where: str = ""
    kind: str = ""
    state: str = "open"
    texts: frozenset[str] = frozenset()
    last: date | None = None


@dataclass(frozen=True, slots=True)
class RunGroup:
    """A group of this run; fields as in :class:`KnownProblem`, ``first`` and ``last`` the days of its complaints."""

    key: str
    members: frozenset[str]
    profile: Mapping[str, float]
    name: str = ""
    cause: str = ""
    where: str = ""
    kind: str = ""
    texts: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None


class Verdict(StrEnum):
    """What a group is to a known problem."""

    NEW = "new"  # there is no known problem
    SAME = "same"  # the known problem goes on in this group
    SPLIT = "split"  # a part of the known problem, which itself goes on in another group
    MERGED = "merged"  # the known problem has gone into this group, in which another problem goes on
    REGRESSED = "regressed"  # the same, and it was over


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a group: one match that says what it is, and a further one per problem merged into it.

    ``known`` is empty for a new group; ``score`` lies between 0 and 1 and is comparable within one kind of evidence
    only. ``certain`` is false where a person should accept or refuse the match.
    """

    found: str
    known: str
    verdict: Verdict
    score: float
    certain: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on evidence counts (``least``) and needs no person (``certain``).

    ``shared_least``: share of the smaller side's complaints that the other side has as well; ``shared_certain``: share
    of the known problem, or of those complaints of the group that are known. ``text_least``, ``text_certain``: cosine
    of the profiles; ``margin``: the part of its score by which a match by text must lead the next candidate;
    ``gap``: days between two incidents of one kind, cause and place that are still one incident.

    The limits of text were set on 1,900 messages of citizens with 66 problems read by hand, taken month by month so
    that no complaint is shared and one or two messages must do. Of 107 returns of a problem, half are certain, a third
    more are proposed, and none is taken for another of the 66 with certainty. Let 233 single messages come between that
    were picked for looking like one of the problems: 7 or 8 of them are taken for it with certainty, 55 are proposed,
    and up to 3 returns are taken for another problem.
    """

    shared_least: float = 0.3
    shared_certain: float = 0.5
    text_least: float = 0.1
    text_certain: float = 0.22
    margin: float = 0.25
    gap: int = 7


LIMITS = Limits()
