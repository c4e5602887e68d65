"""What a run hands to the register: complaints without their customers, and the problems it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from pipeline.records import Complaints, Grouping, Problem, Role

if TYPE_CHECKING:
    from pipeline.register.rows import Json

# roles that name a person, or that have a column of their own
NEVER_STORED = frozenset(
    {
        Role.COMPLAINT_ID,
        Role.ORDER_ID,
        Role.TITLE,
        Role.TEXT,
        Role.ACCEPT_TIME,
        Role.CUSTOMER_NUMBER,
        Role.CONTACT_NUMBER,
        Role.CUSTOMER_NAME,
        Role.STAFF,
        Role.ACCOUNT,
    }
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complaint of a run.

    ``text`` and ``title`` must be masked, ``customer`` a keyed hash; of ``id`` (empty when the dump has none) only a
    hash is kept. ``accepted`` is ISO 8601 in the dump's local time, or empty. ``confidence`` and ``needs_review`` go
    with the category; None where nobody knows.
    """

    id: str
    text: str
    title: str = ""
    customer: str = ""
    accepted: str = ""
    category: str = ""
    cause: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    confidence: float | None = None
    needs_review: bool | None = None

    @property
    def content(self) -> str:
        """Hash of title and text."""
        return _hash("content", self.title, self.text)

    @property
    def identity(self) -> str:
        """What makes it the same complaint in another dump: its id; without one content, customer and time."""
        return identity_of(self.id) if self.id else _hash("row", self.content, self.customer, self.accepted)


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """A problem of a run. ``key`` is its permanent id where it is known, else any name of the run's own.

    ``parent`` and ``related`` are keys, too; the latter count for a new problem only. ``profile`` holds what describes
    it and may change from run to run (phrases, quotes, quality, trend ...); any JSON values.
    """

    key: str
    name: str
    kind: str = ""
    parent: str = ""
    category: str = ""
    cause: str = ""
    place: str = ""
    profile: "Json" = field(default_factory=dict)
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """What a run does not do by itself; ``kind`` is same, merged, split or part, ``problem`` and ``other`` are keys.

    Accepting same or merged merges ``problem`` into ``other``, accepting split or part makes it a part of ``other``.
    Part is proposed of a problem that a person has opened, of which a run may not decide.
    """

    kind: str
    problem: str
    other: str = ""
    score: float = 0.0
    evidence: tuple[str, ...] = ()
    payload: "Json" = field(default_factory=dict)


# per complaint identity the problems it belongs to, by key, with weights that sum to one; empty = none
Places = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run says about problems. Complaints that ``places`` does not name stay where they are.

    ``seen`` is the event number of the snapshot the run was matched with: when another run was loaded since, this one
    is refused, because both may have found the same new problem. None asks for no such check.
    """

    problems: Sequence[FoundProblem] = ()
    places: Places = field(default_factory=dict)
    guesses: Sequence[Guess] = ()
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run changed; ``run`` is None when it changed nothing at all.

    ``new`` + ``known`` + ``changed`` + ``repeated`` = rows. ``relabelled`` known complaints got another category or
    cause; ``moved`` complaints changed their place. ``ids`` gives the permanent id of every key; ``created`` are the
    ids given now; ``returned`` are dismissed problems that outgrew their limit; ``conflicts`` says in words where
    decisions of people and the new data disagree.
    """

    run: int | None
    new: int
    known: int
    changed: int
    repeated: int
    relabelled: int = 0
    moved: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()


def identity_of(complaint_id: str) -> str:
    """Return the identity of the complaint with this id.

    >>> identity_of("TS20260301-17")
    'fc354d38e00390b5b79c60fd4c169bf8'
    """
    return _hash("id", complaint_id)


def _hash(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def arrivals_of(complaints: Complaints) -> list[Arrival]:
    """Turn a run's complaints into what the register keeps of them; the cause is the most probable one."""
    best = complaints.cause_shares.argmax(axis=1) if len(complaints.causes) else [-1] * len(complaints)
    kept = {role.value: cells for role, cells in complaints.columns.items() if role not in NEVER_STORED}
    times = ["" if time == "NaT" else time for time in complaints.times.astype("datetime64[s]").astype(str)]
    return [
        Arrival(
            complaints.ids[i],
            complaints.texts[i],
            complaints.titles[i],
            complaints.customers[i],
            times[i],
            complaints.categories[i],
            complaints.causes[best[i]] if best[i] >= 0 else "",
            {role: cells[i] for role, cells in kept.items() if cells[i]},
            *((complaints.confidences[i], complaints.needs_review[i]) if complaints.confidences else ()),
        )
        for i in range(len(complaints))
    ]


def findings_of(
    arrivals: Sequence[Arrival],
    grouping: Grouping,
    known: Mapping[str, str] | None = None,
    guesses: Sequence[Guess] = (),
    seen: int | None = None,
) -> Findings:
    """Turn a run's grouping into findings; ``known`` gives the permanent id for ids of the run that were matched.

    Problems of ``guesses`` are named by the run's ids or by permanent ones.
    """
    # a run's own id may look like a permanent one
    keys = {problem.id: (known or {}).get(problem.id, f"new {problem.id}") for problem in grouping.problems}
    ids = [problem.id for problem in grouping.problems]
    places: dict[str, dict[str, float]] = {}
    for i, arrival in enumerate(arrivals):
        first, second, share = int(grouping.problem[i]), int(grouping.second[i]), float(grouping.second_weight[i])
        here: dict[str, float] = {}
        if first >= 0:
            here[keys[ids[first]]] = 1.0 if second < 0 else 1.0 - share
        if first >= 0 and second >= 0:
            here[keys[ids[second]]] = here.get(keys[ids[second]], 0.0) + share
        places[arrival.identity] = here
    asked = [
        replace(one, problem=keys.get(one.problem, one.problem), other=keys.get(one.other, one.other))
        for one in guesses
    ]
    return Findings(tuple(_found(problem, keys) for problem in grouping.problems), places, asked, seen)


def _found(problem: Problem, keys: Mapping[str, str]) -> FoundProblem:
    profile: dict[str, Any] = {
        "phrases": list(problem.phrases),
        "quotes": list(problem.quotes),
        "quality": problem.quality,
        "cohesion": round(problem.cohesion, 4),
        "purity": round(problem.purity, 4),
        "trend": list(problem.trend),
        "categories": dict(problem.categories),
        "values": {role.value: [list(pair) for pair in pairs] for role, pairs in problem.values.items()},
    }
    return FoundProblem(
        keys[problem.id],
        problem.name,
        problem.kind.value,
        keys.get(problem.parent, ""),
        problem.category,
        problem.cause,
        problem.where,
        profile,
    )
