"""Labels that people gave, as entries of a history in which nothing is ever changed or removed.

What a person says of a text in one queue is a short history of its own: a new entry stands behind the former one only
where it says something else. So the same workbook imported twice adds nothing, and it does not matter in which order
the workbooks of different people come in.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

Thread = tuple[str, str, str, str]
DECISION = "decision"
# the ground on which a text drawn at random stands in a queue
CONTROL = "control"


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One answer: ``labels`` (main one first) and ``cause`` (may be empty) of a text, by ``who``, ``at`` (UTC).

    ``text_hash``: ``hash_of`` the masked ``text``; ``queue``: the one it was asked in; ``revision``: 1 = the person's
    first answer there; ``source``: "queue", "suspects", "decision" (settles a conflict) or "file"; ``suggested``: what
    the model had said; ``is_control``: the text was drawn at random. ``id`` follows from the rest, see ``entry_id``.
    """

    id: str
    text_hash: str
    text: str
    labels: tuple[str, ...]
    cause: str
    who: str
    at: str
    queue: str
    revision: int
    source: str
    suggested: str
    is_control: bool
    comment: str

    @property
    def thread(self) -> Thread:
        """What the entry is an answer to: text, person, queue, and whether it settles a conflict."""
        return self.text_hash, self.who, self.queue, DECISION if self.is_decision else ""

    @property
    def is_decision(self) -> bool:
        """Whether it was given to settle a conflict."""
        return self.source == DECISION


def answer(text: str, labels: Sequence[str], who: str, **more: object) -> LabelEntry:
    """Make an entry that has no place in a history yet; ``more`` are further fields."""
    blank = LabelEntry("", hash_of(text), text, tuple(labels), "", who, "", "", 0, "file", "", False, "")
    return replace(blank, **more)  # type: ignore[arg-type]


def hash_of(text: str) -> str:
    """What makes a (masked) text the same text: its letters and digits; 128 bits of SHA-256 in hexadecimal.

    >>> hash_of("宽带断了！") == hash_of("宽带 断了"), len(hash_of(""))
    (True, 32)
    """
    return _sha256("".join(filter(str.isalnum, text.casefold())))


def entry_id(entry: LabelEntry) -> str:
    """The id of an entry: its thread and revision, hashed."""
    return _sha256("\x1f".join((*entry.thread, str(entry.revision))))


def following(known: Iterable[LabelEntry], given: Iterable[LabelEntry]) -> list[LabelEntry]:
    """Return what ``given`` adds to a history: an answer that differs from the last one of its thread.

    A correction within ``given`` counts as well. The entries come back with their revision and id.
    """
    last: dict[Thread, LabelEntry] = {}
    for entry in known:
        if entry.thread not in last or last[entry.thread].revision < entry.revision:
            last[entry.thread] = entry
    added = []
    for entry in given:
        former = last.get(entry.thread)
        if former is not None and _says(former) == _says(entry):
            continue
        numbered = replace(entry, revision=former.revision + 1 if former else 1)
        last[entry.thread] = replace(numbered, id=entry_id(numbered))
        added.append(last[entry.thread])
    return added


def in_order(entries: Iterable[LabelEntry]) -> list[LabelEntry]:
    """Bring entries into the order of the history: by time, then by what tells them apart."""
    return sorted(entries, key=lambda one: (one.at, one.text_hash, one.who, one.queue, one.revision))


def _says(entry: LabelEntry) -> tuple[object, ...]:
    return entry.labels, entry.cause, entry.comment


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
