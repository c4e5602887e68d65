"""Classify dumps: read, classify chunk by chunk on all cores, write beside, rename."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from pipeline.engine.crew import Crew
from pipeline.engine.local import early_crew
from pipeline.errors import InputError
from pipeline.model.manifest import read_manifest
from pipeline.model.shifts import Drift, Seen, drift_of, passed_over
from pipeline.output.answer_cells import reason_cells, rounded
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.output.tables import json_line, open_table
from pipeline.records import Chunk, Predictions
from pipeline.resources import default_model
from pipeline.text.files.row_checks import Counts
from pipeline.text.reading import Dump, Reading, ReadOptions, open_dump, read_lines
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import output_headers, widened

if TYPE_CHECKING:
    from pipeline.model.classifying import Model

Answers = list[tuple[Any, ...]]
# texts, and of how many of them one is looked at for words; the answers to them, and what was counted
Asked = tuple[Sequence[str], int]
Answered = tuple[Answers, Seen]
Progress = Callable[[int, int], None]

# of a stream nobody knows how long it is
_PASSED_OVER_IN_STREAMS = 4

ANSWER_COLUMNS = ("category", "confidence", "categories", "cause", "cause_confidence", "needs_review", "reason")


@dataclass(frozen=True, slots=True)
class ClassifyOptions:
    """How to classify: ``model`` folder (None = the shipped one), how to read, output ``format``, number of ``jobs``.

    ``lang`` is the language of reasons in ``rejected.csv``; empty: Chinese where a header is Chinese. ``problems``:
    whether to find the problems behind the complaints as well (``find_problems`` has more options for that).
    """

    model: Path | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "csv"
    jobs: int = -1
    lang: str = ""
    problems: bool = True


def load_model(folder: str | Path | None = None) -> "Model":
    """Load a model folder; the shipped model when none is given. ``ModelError`` when it cannot be used."""
    # here and not above: the process that reads and writes needs neither the model nor numpy
    from pipeline.model import store

    return store.load(Path(folder) if folder else default_model())


def classify(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: ClassifyOptions | None = None,
    progress: Progress = lambda done, total: None,
) -> RunReport:
    """Classify dumps into the folder ``out``: ``classified.*``, ``problems.csv``, ``rejected.csv``, ``run.json``.

    Rows keep their order and their columns. Raises ``InputError``, ``ModelError`` or ``UsageError``; then nothing in
    ``out`` has changed.
    """
    options = options or ClassifyOptions()
    if options.problems:
        from pipeline.workflow.problems import FindOptions, find_problems

        how = FindOptions(options.model, options.read, options.format, options.jobs, options.lang, answers=True)
        return find_problems(inputs, out, how, progress).report
    folder = options.model or default_model()
    name = f"classified.{options.format}"
    run = Run(
        "classify",
        settings={"format": options.format, "jobs": options.jobs},
        outputs={"classified": name, "rejected": "rejected.csv", "run": "run.json"},
        model=model_facts(folder),
    )
    # the workers load the model while this process looks at the dump
    with early_crew(partial(answerer, folder), options.jobs) as crew:
        dump = open_dump(inputs, options.read)
        reading = dump.read()
        tally = Tally(dump)
        with result_folder(Path(out)) as results:
            _classify_rows(reading, dump, _Target(results, name, options, crew), tally, progress)
            if not tally.used and not tally.rejected:
                raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
            report = replace(run.report(dump, reading.notes, tally), drift=drift_from(folder, tally.seen))
            results.path("run.json").write_text(report.to_json(), encoding="utf-8")
    return report


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a run writes to and who works for it."""

    results: ResultFolder
    name: str
    options: ClassifyOptions
    crew: Crew[Asked, Answered]


def _classify_rows(reading: Reading, dump: Dump, target: _Target, tally: Tally, progress: Progress) -> None:
    headers = output_headers(dump, ANSWER_COLUMNS)
    place = {header: i for i, header in enumerate(dump.headers)}
    options = target.options
    with (
        open_table(target.results.path(target.name), headers, options.format) as table,
        open_table(target.results.path("rejected.csv"), REJECT_COLUMNS, "csv") as rejected,
    ):
        for chunk, (answers, seen) in _answered(reading, target.crew, passed_over(dump.rows_guess)):
            tally.add(chunk)
            tally.seen.add(seen)
            table.write(widened(chunk, answers, place, len(dump.sources) > 1))
            rejected.write(reject_rows(chunk.rejects, options.lang or lang_of(dump.headers)))
            progress(tally.used + tally.rejected, dump.rows_guess)


def _answered(chunks: Reading, crew: Crew[Asked, Answered], one_in: int) -> Iterator[tuple[Chunk, Answered]]:
    """Pair every chunk with its answers; only texts travel to the workers."""
    pairs = ((chunk, chunk.texts) for chunk in chunks)
    kept: list[Chunk] = []

    def texts() -> Iterator[Asked]:
        for chunk, sent in pairs:
            kept.append(chunk)
            yield sent, one_in

    for _, answers in crew.map(texts()):
        yield kept.pop(0), answers


def answerer(model: Path) -> Callable[[Asked], Answered]:
    """Load the model and return the function that turns texts into answer cells (``ANSWER_COLUMNS``) and counts."""
    loaded = load_model(model)
    # one prediction loads dictionaries and tables now, so that forked workers share them
    loaded.predict(["。"])
    return answering(loaded)


def answering(model: "Model") -> Callable[[Asked], Answered]:
    """Return what ``answerer`` does, for a model that is loaded."""
    from pipeline.model.drift import Watch

    watch = Watch(model)

    def answer(asked: Asked) -> Answered:
        answers: Answers = []
        total = Seen()
        for found, seen in watch.answers(*asked):
            answers += cell_rows(found)
            total.add(seen)
        return answers, total

    return answer


def drift_from(model: Path | None, seen: Seen) -> Drift | None:
    """How far a run's rows are from what its model (None: the shipped one) was trained on; None without a row."""
    return drift_of(read_manifest(model or default_model()).get("reference"), seen) if seen.rows else None


def cell_rows(found: Predictions) -> Iterator[tuple[Any, ...]]:
    """Yield the cells that are added to every row."""
    return zip(
        found.category,
        rounded(found.confidence),
        map("|".join, found.categories),
        found.cause,
        rounded(found.cause_confidence),
        map(int, found.needs_review),
        reason_cells(found.reason),
        strict=True,
    )


def model_facts(folder: Path) -> dict[str, Any]:
    """What ``run.json`` keeps of the model; ``ModelError`` when the folder holds none."""
    manifest = read_manifest(folder)
    trained = manifest.get("trained", {})
    return {
        "name": folder.name,
        "labels": manifest["labels"],
        "weights_sha256": manifest["sha256"]["weights.npz"],
        "trained": trained,
        # counts by label from before such a day do not compare with those after it
        "breaks": manifest.get("lineage", {}).get("breaks", []),
    }


def classify_stream(source: BinaryIO, target: TextIO, options: ClassifyOptions | None = None) -> Tally:
    """Classify JSON Lines or plain lines from a pipe into JSON Lines; rejects are named in the ``error`` key."""
    options = options or ClassifyOptions()
    answer = answerer(options.model or default_model())
    tally, counts = Tally(None), Counts()
    for chunk in read_lines(source, options.read, counts=counts):
        tally.add(chunk)
        tally.first_text = tally.first_text or next(iter(chunk.texts), "")
        answers, seen = answer((chunk.texts, _PASSED_OVER_IN_STREAMS))
        tally.seen.add(seen)
        lines = [
            (number, {**dict(zip(chunk.headers, row, strict=True)), **dict(zip(ANSWER_COLUMNS, one, strict=True))})
            for number, row, one in zip(chunk.numbers, chunk.rows, answers, strict=True)
        ]
        lines += [(reject.row, {"row": reject.row, "error": reject.reason}) for reject in chunk.rejects]
        for _, line in sorted(lines, key=lambda pair: pair[0]):
            target.write(json_line(line))
        target.flush()
    tally.empty = counts.empty
    return tally
