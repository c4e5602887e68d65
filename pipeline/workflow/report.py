"""What a run did, in numbers and in ``run.json``: every row is accounted for."""

import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.messages import translated
from pipeline.model.shifts import Drift, Seen
from pipeline.records import Chunk, Reject, Role
from pipeline.text.reading import Dump, ReadOptions

REJECT_COLUMNS = ("file", "sheet", "row", "reason")
REJECT_HEADERS = ("文件", "工作表", "行", "原因")
_PACKAGES = ("jieba", "rjieba", "numpy", "scipy", "OpenCC", "python-calamine")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did; ``rows`` = ``used`` + ``rejected``.

    ``complaints``: distinct complaint ids (rows where there are no ids); ``customers``: distinct customer numbers, None
    without such a column; ``categories``: used rows by category; ``settings``: the options of the run;
    ``register``: what the run changed there; ``drift``: how far rows and answers are from those of the training.
    """

    command: str
    rows: int
    used: int
    rejected: int
    complaints: int
    customers: int | None
    needs_review: int
    categories: Mapping[str, int]
    reject_reasons: Mapping[str, int]
    sources: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    model: Mapping[str, Any]
    settings: Mapping[str, Any]
    outputs: Mapping[str, str]
    started: str
    seconds: float
    versions: Mapping[str, str]
    problems: Mapping[str, int] = field(default_factory=dict)
    register: Mapping[str, Any] = field(default_factory=dict)
    drift: Drift | None = None

    @property
    def review_share(self) -> float:
        """Share of the used rows that a person should look at."""
        return self.needs_review / max(self.used, 1)

    def to_json(self) -> str:
        """Return the text of ``run.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


@dataclass(slots=True)
class Tally:
    """Counts rows, complaints and customers while a dump streams by; ids are kept as 8-byte hashes only.

    ``seen``: what is counted of texts and answers. Of a pipe, ``empty``: its lines without any text, which are no rows,
    and ``first_text``: the first text, which tells the language.
    """

    dump: Dump | None
    used: int = 0
    rejected: int = 0
    without_id: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    complaints: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)
    seen: Seen = field(default_factory=Seen)
    empty: int = 0
    first_text: str = ""

    def add(self, chunk: Chunk) -> None:
        """Count the rows and rejects of one chunk."""
        self.used += len(chunk)
        self.rejected += len(chunk.rejects)
        self.reasons.update(plain_reason(reject) for reject in chunk.rejects)
        ids = self._cells(chunk, Role.COMPLAINT_ID)
        # files of different shape come from different systems: equal ids there are different complaints
        self.complaints.update(hash((chunk.headers, one)) for one in ids if one)
        self.without_id += sum(not one for one in ids) if ids else len(chunk)
        self.customers.update(hash(one) for one in self._cells(chunk, Role.CUSTOMER_NUMBER) if one)

    @property
    def has_customers(self) -> bool:
        """Whether any source has a customer number."""
        return self.dump is not None and any(Role.CUSTOMER_NUMBER in source.roles for source in self.dump.sources)

    def _cells(self, chunk: Chunk, role: Role) -> list[str]:
        for source in self.dump.sources if self.dump else ():
            if source.file == chunk.source and source.sheet == chunk.sheet:
                headers = source.roles.get(role, ())
                return chunk.column(headers[0]) if headers else []
        return []


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was asked for; ``began`` is the reading of a clock in seconds, ``started`` the time of day."""

    command: str
    settings: Mapping[str, Any]
    outputs: Mapping[str, str]
    model: Mapping[str, Any] = field(default_factory=dict)
    started: str = field(default_factory=lambda: now())
    began: float = field(default_factory=time.perf_counter)

    def report(
        self, dump: Dump, notes: Sequence[str], tally: Tally, problems: Mapping[str, int] | None = None
    ) -> RunReport:
        """Return what the run did, when all rows have been counted."""
        return RunReport(
            command=self.command,
            rows=tally.used + tally.rejected,
            used=tally.used,
            rejected=tally.rejected,
            complaints=len(tally.complaints) + tally.without_id,
            customers=len(tally.customers) if tally.has_customers else None,
            needs_review=tally.seen.review,
            categories=dict(tally.seen.categories.most_common()),
            reject_reasons=dict(tally.reasons.most_common()),
            sources=source_facts(dump),
            notes=list(notes),
            model=self.model,
            settings={**self.settings, **_reading_settings(dump.options)},
            outputs=self.outputs,
            started=self.started,
            seconds=round(time.perf_counter() - self.began, 3),
            versions=versions(),
            problems=problems or {},
        )


def _reading_settings(read: ReadOptions) -> dict[str, Any]:
    return {
        "columns": {str(role): list(headers) for role, headers in read.columns.items()},
        "sheet": read.sheet,
        "encoding": read.encoding,
        "delimiter": read.delimiter,
    }


def plain_reason(reject: Reject) -> str:
    """A reject's reason without what differs from row to row, so that reasons can be counted.

    >>> plain_reason(Reject("a.csv", 7, "the complaint id stands in row 3 already"))
    'the complaint id stands in row … already'
    """
    return "".join("…" if char.isdigit() else char for char in reject.reason).replace("……", "…")


def source_facts(dump: Dump) -> list[dict[str, Any]]:
    """Return per source what ``run.json`` keeps: file, sheet, format, encoding, columns, sha256 of the file."""
    hashes = {source.file: _sha256(source.file) for source in dump.sources}
    return [
        {
            "file": source.file,
            "sheet": source.sheet,
            "format": source.format,
            "encoding": source.encoding,
            "header_row": source.header_row,
            "text": list(source.texts),
            "roles": {str(role): list(headers) for role, headers in source.roles.items()},
            "sha256": hashes[source.file],
            "notes": list(source.notes),
        }
        for source in dump.sources
    ]


def reject_rows(rejects: Sequence[Reject], lang: str = "en") -> list[tuple[Any, ...]]:
    """Rejects as rows under ``REJECT_COLUMNS``, the reason in ``lang``."""
    return [(one.file, one.sheet, one.row, translated(one.reason, lang)) for one in rejects]


def lang_of(headers: Sequence[str]) -> str:
    """Return zh where a header is Chinese, else en."""
    return "zh" if any("\u4e00" <= char <= "\u9fff" for header in headers for char in header) else "en"


def versions() -> dict[str, str]:
    """Versions of genyin, Python and the packages that decide the result."""
    installed = _installed()
    found = {package: installed.get(_plain_name(package)) or _told_version(package) for package in _PACKAGES}
    return {"genyin": __version__, "python": sys.version.split()[0], **found}


def _installed() -> dict[str, str]:
    """Versions by name as the folders of installed packages tell them; the first of a name is the one that is used."""
    found: dict[str, str] = {}
    for place in map(Path, sys.path):
        names = (entry.name for entry in place.glob("*.dist-info")) if place.is_dir() else ()
        for name, _, version in (name.removesuffix(".dist-info").partition("-") for name in names):
            found.setdefault(_plain_name(name), version)
    return found


def _plain_name(package: str) -> str:
    return re.sub(r"[-_.]+", "_", package).lower()


def _told_version(package: str) -> str:
    # it takes longer to load than the rest of this module, and hardly any package needs it
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def now() -> str:
    """The time of day in UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _sha256(file: str) -> str:
    # a member of an archive is named archive!member: the archive's own hash is what can be checked again
    path = Path(file)
    while not path.is_file() and path.parent != path:
        path = path.parent
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
