"""A changed label set: labels renamed, merged or split, and what that does to rows that were labelled before.

A label is written ``category`` or ``category/cause``. Renaming and merging say of every row what it is now. A split
says so only where its words decide; the rest has to be looked at again. All changes speak of the old labels and act at
once, so that their order means nothing; a change of a cause goes before a change of its category.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.model.examples import Example

_KEYS = {"rename": {"from", "to"}, "merge": {"from", "to"}, "split": {"from", "into"}}


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One change: labels ``old`` become ``new``; ``words`` per new label decide a split (empty: a person decides)."""

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LabelChanges:
    """The changes that count from ``day`` on."""

    day: date
    changes: tuple[LabelChange, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """Where counts by label stop being comparable: before ``day`` labels were ``old``, since then they are ``new``.

    ``relabelled`` and ``queued`` count the labelled rows that were changed and those a person has to look at.
    """

    day: str
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    relabelled: int
    queued: int


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Rows under the new labels, the rows that wait for a person (their labels still the old ones), and the breaks."""

    examples: tuple[Example, ...]
    queue: tuple[Example, ...]
    breaks: tuple[Break, ...]


def relabel(examples: Sequence[Example], changes: LabelChanges) -> Relabelled:
    """Carry labelled rows over to a changed label set; every row comes back, as an example or in the queue."""
    by_old = {old: change for change in changes.changes for old in change.old}
    done, waiting = Counter[str](), Counter[str]()
    kept: list[Example] = []
    queue: list[Example] = []
    day = changes.day.isoformat()
    for example in examples:
        is_new = example.labelled_at[:10] >= day
        touched = [] if is_new else _touched(example, by_old)
        made = _relabelled(example, by_old) if touched else example
        (waiting if made is None else done).update(touched)
        if made is None:
            queue.append(example)
        else:
            kept.append(made)
    breaks = tuple(
        Break(day, c.kind, c.old, c.new, sum(done[old] for old in c.old), sum(waiting[old] for old in c.old))
        for c in changes.changes
    )
    return Relabelled(tuple(kept), tuple(queue), breaks)


def _touched(example: Example, by_old: Mapping[str, LabelChange]) -> list[str]:
    names = [f"{example.labels[0]}/{example.cause}", *example.labels]
    return [name for name in names if name in by_old]


def _relabelled(example: Example, by_old: Mapping[str, LabelChange]) -> Example | None:
    """The row under its new labels; None where a split leaves it open."""
    main, cause = example.labels[0], example.cause
    whole = f"{main}/{cause}"
    key = whole if cause and whole in by_old else main
    if key in by_old:
        chosen = _decided(example.text, by_old[key])
        if not chosen:
            return None
        main, _, below = chosen.partition("/")
        cause = below if below or key == whole else cause
    others: list[str] = []
    for label in example.labels[1:]:
        chosen = _decided(example.text, by_old[label]) if label in by_old else label
        if not chosen:
            return None
        others.append(chosen.partition("/")[0])
    return replace(example, labels=tuple(dict.fromkeys((main, *others))), cause=cause)


def _decided(text: str, change: LabelChange) -> str:
    """The new label of a text; empty where not exactly one of them has a word in it."""
    if len(change.new) == 1:
        return change.new[0]
    named = [label for label in change.new if any(word in text for word in change.words[label])]
    return named[0] if len(named) == 1 else ""


def read_label_changes(path: Path) -> LabelChanges:
    """Read changes from a TOML file; ``UsageError`` names what is wrong in it."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"The file of label changes {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The file of label changes {path} is not valid TOML: {error}.") from None
    unknown = sorted(found.keys() - {"date", *_KEYS})
    if unknown:
        raise UsageError(f"{path}: unknown key {unknown[0]!r}. Known are: date, {', '.join(_KEYS)}.")
    day = found.get("date")
    if type(day) is not date:
        raise UsageError(f"{path}: give the day from which the new labels count, for example date = 2026-12-01.")
    changes = tuple(_change(path, kind, table) for kind in _KEYS for table in found.get(kind, ()))
    _refuse_twice(path, changes)
    return LabelChanges(day, changes)


def _change(path: Path, kind: str, table: Any) -> LabelChange:
    if not isinstance(table, dict) or table.keys() != _KEYS[kind]:
        raise UsageError(f"{path}: each [[{kind}]] needs exactly the keys {' and '.join(sorted(_KEYS[kind]))}.")
    old = (table["from"],) if isinstance(table["from"], str) else table["from"]
    new = table["into"] if kind == "split" else {table["to"]: []}
    if not _are_names(old) or not isinstance(new, dict) or not all(_are_names((k, *w)) for k, w in new.items()):
        raise UsageError(
            f"{path}: a [[{kind}]] cannot be used. Labels and words are texts; into names each new label with a list "
            "of words that decide for it."
        )
    if (kind == "split") != (len(new) > 1) or (kind == "merge") != (len(old) > 1):
        raise UsageError(
            f"{path}: a [[{kind}]] has the wrong number of labels: rename takes one to one, merge several to one, "
            "split one into several."
        )
    return LabelChange(kind, tuple(old), tuple(new), {label: tuple(words) for label, words in new.items()})


def _are_names(names: Any) -> bool:
    return isinstance(names, list | tuple) and all(isinstance(one, str) and one.strip() for one in names)


def _refuse_twice(path: Path, changes: Iterable[LabelChange]) -> None:
    counts = Counter(old for change in changes for old in change.old)
    twice = [label for label, count in counts.items() if count > 1]
    if twice:
        raise UsageError(f"{path}: the label {twice[0]!r} is changed twice. Say once what becomes of it.")


def breaks_as_dicts(breaks: Iterable[Break]) -> list[dict[str, Any]]:
    """Return plain values for JSON."""
    return [asdict(one) for one in breaks]
