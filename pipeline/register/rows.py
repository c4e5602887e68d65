"""What the register keeps, one frozen dataclass per table; the tables are made from these (see ``tables``).

Times are texts: ``2026-03-01T08:30:00Z`` (UTC) for what people and runs did, the dump's own local time for complaints,
``2026-03-01`` for days. An empty text means "not known" or "not yet".
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

Json = Mapping[str, Any]
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """One loading of complaints: who, when, from what (``facts``), and what came of each row.

    ``new`` + ``known`` + ``changed`` + ``repeated`` = ``rows``; a repeated row names a complaint a second time in the
    same run.
    """

    id: int
    at: str
    who: str
    genyin: str
    facts: Json
    rows: int
    new: int
    known: int
    changed: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint without its customer: ``text`` and ``title`` are masked, id and customer are hashes.

    ``identity`` is what makes it the same complaint in another dump (see ``arriving.identity_of``); ``content`` is the
    hash of title and text; ``run`` the one that brought it. ``confidence`` of the category and ``needs_review`` are the
    model's, as the run said that last changed a label; None where the register was never told.
    """

    id: int
    identity: str
    customer: str
    content: str
    title: str
    text: str
    accepted: str
    category: str
    cause: str
    roles: Json
    run: int
    confidence: float | None = None
    needs_review: bool | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a permanent ``id``; when ``merged_into`` is set the problem lives on under that id.

    From the runs: ``kind`` to ``marks`` and the counts ``complaints`` to ``last``, which include its children's. All
    else is what people decided; ``fields.FIELDS`` tells what each means. ``rate_facts`` say by rate what it was made of
    (see ``measuring.figures``). ``version`` counts the changes.
    """

    id: str
    version: int = 1
    created: str = ""
    merged_into: str = ""
    kind: str = ""
    parent: str = ""
    category: str = ""
    cause: str = ""
    place: str = ""
    name: str = ""
    profile: Json = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    complaints: int = 0
    customers: int = 0
    texts: int = 0
    weight: float = 0.0
    first: str = ""
    last: str = ""
    state: str = "candidate"
    since: str = ""
    statement: str = ""
    priority: str = ""
    owner: str = ""
    front_department: str = ""
    back_department: str = ""
    root_cause: str = ""
    cause_class: str = ""
    whys: tuple[str, ...] = ()
    workaround: str = ""
    measure: str = ""
    due: str = ""
    lead_department: str = ""
    supporting_department: str = ""
    charged_unit: str = ""
    charged_department: str = ""
    charged_person: str = ""
    scope: str = ""
    not_done_reason: str = ""
    notes: tuple[Json, ...] = ()
    batch: str = ""
    known_error_article: str = ""
    related: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    trigger_count: int | None = None
    trigger_rate: float | None = None
    accept_count: int | None = None
    accept_rate: float | None = None
    rate_facts: Json = field(default_factory=dict)
    check_by: str = ""
    check_target: float | None = None
    fix_date: str = ""
    fix_regions: tuple[str, ...] = ()
    verification: Json = field(default_factory=dict)
    close_reason: str = ""
    look_back: str = ""
    watch_until: str = ""


# counted from the memberships after every change, so no part of any event
COUNTED = ("complaints", "customers", "texts", "weight", "first", "last")


@dataclass(frozen=True, slots=True)
class Membership:
    """Complaint ``complaint`` belongs to ``problem`` with ``weight``; no longer, where it is not ``active``.

    ``run`` put it there, None stands for a person.
    """

    problem: str
    complaint: int
    run: int | None
    weight: float
    active: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, never changed or removed: the rows it touched as they were ``before`` and ``after``.

    Both are images (see ``journal``). ``undoes`` is the event it takes back; ``undone_by`` the one that took it back.
    """

    id: int
    at: str
    who: str
    what: str
    problem: str
    note: str
    run: int | None
    before: Json
    after: Json
    undoes: int | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class Touch:
    """Event ``event`` touched problem ``problem``."""

    problem: str
    event: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about problems or complaints; replayed on every run while ``active``."""

    id: int
    kind: str
    payload: Json
    active: bool
    event: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """An uncertain match that waits for a person: ``state`` is open, accepted or refused."""

    id: int
    kind: str
    problem: str
    other: str
    score: float
    evidence: tuple[str, ...]
    payload: Json
    state: str


@dataclass(frozen=True, slots=True)
class Meta:
    """A fact about the register itself."""

    name: str
    value: str


def blank_problem(problem_id: str) -> Problem:
    """Return a problem of which nothing is known yet."""
    return Problem(problem_id)


def image_of(problem: Problem) -> dict[str, Any]:
    """Return what differs from a blank problem, counts and version left out, as plain JSON values."""
    blank = blank_problem(problem.id)
    kept = [one.name for one in fields(Problem) if one.name not in (*COUNTED, "version", "id")]
    return {name: plain(getattr(problem, name)) for name in kept if getattr(problem, name) != getattr(blank, name)}


def from_image(problem_id: str, image: Json) -> Problem:
    """Return the problem that ``image_of`` would turn into this image."""
    hardened: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in image.items()
    }
    return replace(blank_problem(problem_id), **hardened)


def differing(before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields in which two rows differ, as JSON values: as they were and as they are."""
    old, new = values_of(before), values_of(after)
    names = [name for name in old if old[name] != new[name] and plain(old[name]) != plain(new[name])]
    return {name: plain(old[name]) for name in names}, {name: plain(new[name]) for name in names}


def values_of(record: Any) -> dict[str, Any]:
    """Return the fields of a row with their values, without copying these."""
    return {name: getattr(record, name) for name in _names(record.__class__)}


@cache
def _names(record: Hashable) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))  # type: ignore[arg-type]


def storable(text: str) -> str:
    """Return ``text`` as every database takes it: without NUL, a broken half of a character spelt out.

    >>> storable("宽带" + chr(0) + chr(0xD800)) == "宽带" + chr(92) + "ud800"
    True
    """
    if _UNSTORABLE.search(text) is None:
        return text
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")


def plain(value: Any) -> Any:
    """Return ``value`` as it comes back from JSON.

    >>> plain(("a", ("b",)))
    ['a', ['b']]
    """
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (tuple, list)) else value
