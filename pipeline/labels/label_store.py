"""The label store in a file: JSON Lines, only ever appended to; and what the history of all answers adds up to.

The register keeps the same entries in a table (``Register.labels``, ``Register.add_labels``).
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pipeline.errors import InputError
from pipeline.label_entries import LabelEntry, entry_id, following, in_order

# how a text came by its label
AGREED, MAJORITY, DECIDED, CONTESTED = "agreed", "majority", "decided", "contested"
_PATIENCE = 20.0
_STALE = 600.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of a text: the last answer of each person (decisions apart), and the entry that counts.

    ``how``: "agreed" (all say the same), "majority" (more than half do), "decided" (somebody settled it), "contested"
    (``entry`` is then the latest, and nothing to train on).
    """

    entry: LabelEntry
    answers: tuple[LabelEntry, ...]
    how: str


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The label store in the file ``path``, which need not exist yet."""

    path: Path

    def entries(self) -> list[LabelEntry]:
        """Return the whole history; ``InputError`` names the line that is damaged."""
        if not self.path.exists():
            return []
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"The label store {self.path} cannot be read ({error}).") from None
        return in_order(self._entry(number, line) for number, line in enumerate(lines, start=1) if line.strip())

    def add(self, given: Sequence[LabelEntry]) -> list[LabelEntry]:
        """Append what is new among ``given`` and return it; what stands in the file is never touched."""
        with self._alone():
            added = following(self.entries(), given)
            if added:
                self._append(added)
        return added

    def _append(self, added: Sequence[LabelEntry]) -> None:
        text = "".join(json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in added)
        data = text.encode("utf-8", "backslashreplace")
        try:
            number = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(number, "ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise InputError(f"The label store {self.path} cannot be written: {error.strerror}.") from None

    def _entry(self, number: int, line: str) -> LabelEntry:
        try:
            found = json.loads(line)
            entry = LabelEntry(**{**found, "labels": tuple(found["labels"])})
            sound = entry.id == entry_id(entry) and found.keys() == {one.name for one in fields(LabelEntry)}
        except (ValueError, TypeError, KeyError, AttributeError):
            sound = False
        if not sound:
            raise InputError(
                f"The label store {self.path}, line {number}: this is no entry, or it was changed by hand. "
                "Take the file of your last backup, or remove the line."
            )
        return entry

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others out while reading and appending, by a file that only one can make."""
        lock = self.path.with_name(f".{self.path.name}.lock")
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                _give_up_waiting(lock, until)
            except OSError as error:
                raise InputError(f"The label store {self.path} cannot be written: {error.strerror}.") from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _give_up_waiting(lock: Path, until: float) -> None:
    try:
        if time.time() - lock.stat().st_mtime > _STALE:
            # whoever made it was stopped half way; what he appended is whole or not there
            lock.unlink(missing_ok=True)
            return
    except OSError:
        return
    if time.monotonic() > until:
        raise InputError(f"Another import is writing to the same label store. Wait for it, or remove {lock}.")
    time.sleep(0.05)


def settle(entries: Iterable[LabelEntry]) -> dict[str, Settled]:
    """Return per text (by its hash) what counts; independent of the order of the entries.

    Of every person the latest answer counts. The latest decision outranks all of them, whenever they were given.
    """
    latest: dict[str, dict[str, LabelEntry]] = {}
    decided: dict[str, LabelEntry] = {}
    for entry in in_order(entries):
        people = latest.setdefault(entry.text_hash, {})
        if entry.is_decision:
            decided[entry.text_hash] = entry
        else:
            people[entry.who] = entry
    return {text: _settled(in_order(said.values()), decided.get(text)) for text, said in sorted(latest.items())}


def _settled(answers: list[LabelEntry], decision: LabelEntry | None) -> Settled:
    if decision is not None:
        return Settled(decision, tuple(answers), DECIDED)
    votes = Counter(_vote(one) for one in answers)
    said, count = votes.most_common(1)[0]
    if count * 2 <= len(answers):
        return Settled(answers[-1], tuple(answers), CONTESTED)
    backers = [one for one in answers if _vote(one) == said]
    # the cause may be named by one person only
    named = [one for one in backers if one.cause]
    return Settled((named or backers)[-1], tuple(answers), AGREED if count == len(answers) else MAJORITY)


def _vote(entry: LabelEntry) -> tuple[str, frozenset[str]]:
    return entry.labels[0], frozenset(entry.labels)
