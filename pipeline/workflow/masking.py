"""A copy of a dump that can be shared: personal data masked in every text, customers and rows kept countable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine.local import ordered_map
from pipeline.output.folder import result_folder
from pipeline.output.tables import open_table
from pipeline.records import Chunk
from pipeline.text.privacy import Masker, load_or_create_key, pseudonym
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.workflow.mask_plan import is_count, mask_plans
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import SOURCE_COLUMN

Progress = Callable[[int, int], None]

KEY_FILE = "genyin.key"


@dataclass(frozen=True, slots=True)
class MaskOptions:
    """How to mask: reading, output ``format``, ``key_file`` of the pseudonyms (made when absent), ``jobs``."""

    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "csv"
    key_file: Path = Path(KEY_FILE)
    jobs: int = -1
    lang: str = ""


def mask(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: MaskOptions | None = None,
    progress: Progress = lambda done, total: None,
) -> RunReport:
    """Write ``masked.*`` and ``rejected.csv`` into ``out``: texts masked, people and ids as keyed pseudonyms.

    The same customer, or id, has the same pseudonym in all runs with the same key file; nobody gets back without it.
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
        self._plans = mask_plans(dump)
        self._key = key

    def __call__(self) -> Callable[[Chunk], list[list[str]]]:
        masker = Masker()
        return lambda chunk: self._masked(chunk, masker)

    def _masked(self, chunk: Chunk, masker: Masker) -> list[list[str]]:
        plan = self._plans[chunk.source, chunk.sheet]
        columns = [list(column) for column in zip(*chunk.rows, strict=True)] or [[] for _ in chunk.headers]
        for place in plan.masked:
            cells = columns[place]
            told = masker.mask_many(_without_names(cells, [columns[name] for name in plan.names]))
            if place in plan.counting:
                told = [cell if is_count(cell) else safe for cell, safe in zip(cells, told, strict=True)]
            columns[place] = told
        for place in plan.hashed:
            columns[place] = [pseudonym(cell, self._key) if cell else "" for cell in columns[place]]
        held = dict(zip(chunk.headers, columns, strict=True))
        empty = [""] * len(chunk)
        wide = [held.get(header, empty) for header in self._headers]
        if self._several:
            wide.append([chunk.source] * len(chunk))
        return [list(row) for row in zip(*wide, strict=True)]


def _without_names(cells: list[str], names: Sequence[list[str]]) -> list[str]:
    """Replace in each cell the names that stand in the name columns of its own row."""
    for column in names:
        pairs = zip(cells, column, strict=True)
        cells = [cell.replace(name, "[姓名]") if len(name) > 1 and name in cell else cell for cell, name in pairs]
    return cells
