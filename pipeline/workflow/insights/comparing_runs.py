"""Two result folders side by side: what changed from one run to the next, and by what."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.errors import InputError
from pipeline.insights.changes import Between, Changes, changes
from pipeline.insights.run_tables import RUN_COLUMNS, RunFacts, RunTable, make_run
from pipeline.records import Chunk, Role
from pipeline.text.files.values import parse_time
from pipeline.text.reading import ReadOptions, open_dump

if TYPE_CHECKING:
    from pipeline.register.store import Register

# settings that decide how problems are cut, and those that decide nothing
_GROUPING = ("min_size", "granularity", "inside_category", "keep")
_NO_MATTER = ("jobs", "format")
_TRUE = {"1", "true", "True"}
# stands in no id
_AGAIN = "\x1f"


def compare_runs(previous: str | Path, current: str | Path | RunTable, between: Between | None = None) -> Changes:
    """Split every difference between two runs that ``genyin classify -o`` wrote; ``InputError`` for another folder.

    A complaint is the same in both by its complaint id; where there is none, by its text, customer and time. One that
    stands there several times (several orders) counts once. ``between`` is what is known of the time between the runs.
    """
    after = current if isinstance(current, RunTable) else read_run(current)
    return changes(read_run(previous), after, between)


def between_runs(previous: str | Path, current: str | Path, address: str) -> Between:
    """What the register at an address knows of the time from one run to the next: the problems decided about."""
    from pipeline.register.store import Options, open_register

    start, end = (_started(Path(folder)) for folder in (previous, current))
    with open_register(address, Options(create=False)) as register:
        return Between(decided_problems=decided_between(register, start, end))


def _started(folder: Path) -> str:
    """When a run began, written as the register writes it."""
    return str(_run_record(folder).get("started", "")).replace("+00:00", "Z")


def read_run(folder: str | Path) -> RunTable:
    """Read a result folder: ``run.json`` and the table of complaints it names, of whatever format."""
    folder = Path(folder)
    facts = _run_record(folder)
    table = _Columns.of(facts)
    name = facts["outputs"].get("classified") or facts["outputs"].get("grouped") or ""
    path = folder / name
    if not name or not path.is_file():
        raise InputError(
            f"{folder} holds no table of complaints ({name or 'classified.csv'}); run genyin classify -o again."
        )
    rows = [row for chunk in open_dump([path], ReadOptions(needs_text=False)).chunks() for row in table.read(chunk)]
    return make_run(_unique(rows), run_facts_of(facts))


def decided_between(register: "Register", start: str, end: str) -> frozenset[str]:
    """Return the problems that people decided about after ``start`` and up to ``end`` (UTC, ISO 8601).

    Decisions are those that move complaints from one problem to another: merge, split, link, separate, move, undo.
    """
    found: set[str] = set()
    for problem in register.problems():
        for event in register.history(problem.id):
            moved = {**event.before.get("places", {}), **event.after.get("places", {})}
            if event.run is None and start < event.at <= end and moved:
                places = [*event.before.get("places", {}).values(), *event.after.get("places", {}).values()]
                found.update({event.problem, *(one for place in places for one in place)} - {""})
    return frozenset(found)


def run_facts_of(record: Mapping[str, Any]) -> RunFacts:
    """Return what made a run, from its ``run.json``."""
    settings = {name: value for name, value in record.get("settings", {}).items() if name not in _NO_MATTER}
    grouping = {name: settings.pop(name) for name in _GROUPING if name in settings}
    software = {name: version for name, version in record.get("versions", {}).items() if name != "python"}
    return RunFacts(
        model=record.get("model", {}).get("weights_sha256", ""),
        reading=json.dumps(settings, sort_keys=True, ensure_ascii=False),
        grouping=json.dumps(grouping, sort_keys=True),
        software=json.dumps(software, sort_keys=True),
        permanent=bool(record.get("register", {}).get("ids")),
    )


def _run_record(folder: Path) -> Mapping[str, Any]:
    path = folder / "run.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{folder} is no result folder: there is no run.json. Give a folder that genyin classify -o wrote."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}). Run genyin classify -o again.") from None
    if not isinstance(found, dict) or not isinstance(found.get("outputs"), dict) or "sources" not in found:
        raise InputError(f"{path} is no run record of genyin. Give a folder that genyin classify -o wrote.")
    return found


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which headers of the table hold what; a run of several files may have several for the same."""

    ids: Sequence[str]
    times: Sequence[str]
    customers: Sequence[str]
    texts: Sequence[str]
    names: Mapping[str, str] = field(default_factory=dict)  # permanent problem ids

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "_Columns":
        def first(role: Role) -> list[str]:
            held = (source["roles"].get(role.value) for source in record["sources"])
            return list(dict.fromkeys(headers[0] for headers in held if headers))

        texts = list(dict.fromkeys(header for source in record["sources"] for header in source["text"]))
        names = record.get("register", {}).get("ids") or {}
        return cls(first(Role.COMPLAINT_ID), first(Role.ACCEPT_TIME), first(Role.CUSTOMER_NUMBER), texts, names)

    def read(self, chunk: Chunk) -> Iterator[tuple[Any, ...]]:
        place = {header: at for at, header in enumerate(chunk.headers)}

        def spots(headers: Iterable[str]) -> list[tuple[str, int]]:
            return [(header, place[header]) for header in headers if header in place]

        ids, times, customers, texts = (spots(one) for one in (self.ids, self.times, self.customers, self.texts))
        answers = {name: place.get(name) for name in ("category", "cause", "problem_id", "needs_review")}
        for row in chunk.rows:
            told = {name: "" if at is None else row[at] for name, at in answers.items()}
            customer = next((row[at] for _, at in customers if row[at]), "")
            time = next((row[at] for _, at in times if row[at]), "")
            content = _hash(*(row[at] for _, at in texts))
            # equal ids of different systems are different complaints: the header tells the system
            known = next((f"{header}={row[at]}" for header, at in ids if row[at]), "")
            yield (
                known or _hash(content, customer, time),
                parse_time(time),
                customer and _hash(customer),
                content,
                intern(told["category"]),
                intern(told["cause"]),
                self.names.get(told["problem_id"], intern(told["problem_id"])),
                told["needs_review"] in _TRUE,
            )


def _unique(rows: Sequence[tuple[Any, ...]]) -> Mapping[str, Sequence[Any]]:
    """Columns of the rows; the second order of a complaint has an id of its own and does not count."""
    frame = pd.DataFrame(rows, columns=list(RUN_COLUMNS[:-1]))
    again = frame.groupby("id", sort=False).cumcount()
    frame["id"] = frame["id"].where(again == 0, frame["id"] + _AGAIN + again.astype(str))
    frame["counted"] = again == 0
    return {name: frame[name].tolist() for name in RUN_COLUMNS}


def _hash(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
