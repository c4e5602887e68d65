"""A copy of a dump that can be shared: personal data masked in every text, customers kept countable."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine.local import ordered_map
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.records import Chunk, Role
from pipeline.text.privacy import PERSONAL_ROLES, Masker, load_or_create_key, pseudonym
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import SOURCE_COLUMN

Progress = Callable[[int, int], None]

KEY_FILE = "genyin.key"
# columns that are neither text nor personal: masking them would only damage ids, dates and codes
_PLAIN = frozenset(
    {
        Role.COMPLAINT_ID,
        Role.ORDER_ID,
        Role.ACCEPT_TIME,
        Role.CLOSE_TIME,
        Role.DUE_TIME,
        Role.DISPATCH_TIME,
        Role.CONTACT_TIME,
        Role.REPLY_TIME,
        Role.RATING_TIME,
        Role.TIER,
        Role.HOME_REGION,
        Role.INCIDENT_REGION,
        Role.CHANNEL,
        Role.LABEL,
        Role.LABEL_PATH,
        Role.SATISFACTION,
        Role.SOLVED,
        Role.ESCALATED,
        Role.IS_COMPLAINT,
    }
)


@dataclass(frozen=True, slots=True)
class MaskOptions:
    """How to mask: reading, output ``format``, ``key_file`` of the pseudonyms (made when absent), ``jobs``."""

    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "csv"
    key_file: Path = Path(KEY_FILE)
    jobs: int = -1
    lang: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What happens to each column of a source: ``masked`` places by pattern, ``hashed`` places as a whole.

    ``names`` are the hashed places that hold people's names, which may stand in the texts of the same row as well.
    """

    masked: tuple[int, ...]
    hashed: tuple[int, ...]
    names: tuple[int, ...]


def mask(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: MaskOptions | None = None,
    progress: Progress = lambda done, total: None,
) -> RunReport:
    """Write ``masked.*`` and ``rejected.csv`` into ``out``: texts masked, personal columns as keyed pseudonyms.

    The same customer has the same pseudonym in all runs with the same key file; without the key nobody gets back.
    """
    options = options or MaskOptions()
    name = f"masked.{options.format}"
    run = Run(
        "mask",
        settings={"format": options.format, "jobs": options.jobs},
        outputs={"masked": name, "rejected": "rejected.csv", "run": "run.json"},
    )
    dump = open_dump(inputs, options.read)
    key = load_or_create_key(options.key_file)
    reading = dump.read()
    tally = Tally(dump)
    with result_folder(Path(out)) as results:
        headers = [*dump.headers, *([SOURCE_COLUMN] if len(dump.sources) > 1 else [])]
        with (
            open_table(results.path(name), headers, options.format) as table,
            open_table(results.path("rejected.csv"), REJECT_COLUMNS, "csv") as rejected,
        ):
            for chunk, rows in ordered_map(_Worker(dump, key), reading, options.jobs):
                tally.add(chunk)
                table.write(rows)
                rejected.write(reject_rows(chunk.rejects, options.lang or lang_of(dump.headers)))
                progress(tally.used + tally.rejected, dump.rows_guess)
        report = run.report(dump, reading.notes, tally)
        results.path("run.json").write_text(report.to_json(), encoding="utf-8")
    return report


class _Worker:
    """Makes the function that masks a chunk; small enough to travel to worker processes."""

    def __init__(self, dump: Dump, key: bytes) -> None:
        self._headers = dump.headers
        self._several = len(dump.sources) > 1
        self._plans = {(s.file, s.sheet): _plan(s.headers, s.roles) for s in dump.sources}
        self._key = key

    def __call__(self) -> Callable[[Chunk], list[list[str]]]:
        masker = Masker()
        return lambda chunk: self._masked(chunk, masker)

    def _masked(self, chunk: Chunk, masker: Masker) -> list[list[str]]:
        plan = self._plans[chunk.source, chunk.sheet]
        columns = [list(column) for column in zip(*chunk.rows, strict=True)] or [[] for _ in chunk.headers]
        for place in plan.masked:
            columns[place] = masker.mask_many(_without_names(columns[place], [columns[name] for name in plan.names]))
        for place in plan.hashed:
            columns[place] = [pseudonym(cell, self._key) if cell else "" for cell in columns[place]]
        held = dict(zip(chunk.headers, columns, strict=True))
        empty = [""] * len(chunk)
        wide = [held.get(header, empty) for header in self._headers]
        if self._several:
            wide.append([chunk.source] * len(chunk))
        return [list(row) for row in zip(*wide, strict=True)]


def _plan(headers: Sequence[str], roles: Mapping[Role, tuple[str, ...]]) -> _Plan:
    role_of = {header: role for role, names in roles.items() for header in names}
    hashed = [i for i, header in enumerate(headers) if role_of.get(header) in PERSONAL_ROLES]
    masked = [i for i, header in enumerate(headers) if role_of.get(header) not in _PLAIN | PERSONAL_ROLES]
    names = [i for i in hashed if role_of.get(headers[i]) in (Role.CUSTOMER_NAME, Role.STAFF)]
    return _Plan(tuple(masked), tuple(hashed), tuple(names))


def _without_names(cells: list[str], names: Sequence[list[str]]) -> list[str]:
    """Replace in each cell the names that stand in the name columns of its own row."""
    for column in names:
        pairs = zip(cells, column, strict=True)
        cells = [cell.replace(name, "[姓名]") if len(name) > 1 and name in cell else cell for cell, name in pairs]
    return cells
