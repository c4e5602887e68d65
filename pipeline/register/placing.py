"""Where complaints belong: what a run or a person proposes, with all decisions replayed on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline.register import rows
from pipeline.register.decisions import Kind, replay
from pipeline.register.journal import current_places
from pipeline.register.queries import active_decisions, by_identity

Places = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Placing:
    """Per complaint number its places before and after, the fields held fast by decisions, and conflicts in words."""

    before: Mapping[int, Mapping[str, float]]
    after: Mapping[int, Mapping[str, float]]
    fields: Mapping[str, Mapping[str, str]]
    conflicts: tuple[str, ...]

    @property
    def moves(self) -> dict[int, tuple[Mapping[str, float], Mapping[str, float]]]:
        """The complaints whose places change, with both."""
        pairs = {number: (self.before.get(number, {}), after) for number, after in self.after.items()}
        return {number: pair for number, pair in pairs.items() if pair[0] != pair[1]}


def place(
    connection: Connection,
    proposed: Places,
    known: Mapping[str, rows.Complaint],
    decisions: Sequence[rows.Decision] | None = None,
) -> Placing:
    """Replay decisions (None: those that count now) on proposed places of complaints, given by identity.

    ``known`` holds complaints that are already at hand, so that they need not be read.
    """
    decisions = active_decisions(connection) if decisions is None else decisions
    mentioned = {*proposed, *_linked(decisions)}
    missing = by_identity(connection, sorted(mentioned - known.keys()))
    complaints = {one: known.get(one) or missing[one] for one in sorted(mentioned) if one in known or one in missing}
    before = current_places(connection, [one.id for one in complaints.values()])
    places = {one: proposed.get(one, before[complaint.id]) for one, complaint in complaints.items()}
    texts = {one: f"{found.title}\n{found.text}" for one, found in complaints.items()} if _phrases(decisions) else {}
    replayed = replay(places, decisions, texts)
    after = {complaints[one].id: _rounded(shares) for one, shares in replayed.places.items()}
    return Placing(before, after, replayed.fields, replayed.conflicts)


def _linked(decisions: Iterable[rows.Decision]) -> set[str]:
    """Complaints that others are linked with or kept apart from: they are looked at in every run."""
    linking = [one.payload for one in decisions if one.active and one.kind in (Kind.MUST_LINK, Kind.CANNOT_LINK)]
    return {one for payload in linking for one in payload.get("complaints", (payload.get("complaint"),))}


def _phrases(decisions: Iterable[rows.Decision]) -> bool:
    return any(one.active and one.kind == Kind.SPLIT and one.payload.get("phrase") for one in decisions)


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {problem: round(weight, 6) for problem, weight in shares.items()}
