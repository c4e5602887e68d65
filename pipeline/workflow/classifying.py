"""Classify dumps: read, classify chunk by chunk on all cores, write beside, rename."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from pipeline.engine.crew import Crew
from pipeline.engine.local import early_crew
from pipeline.errors import InputError
from pipeline.model.manifest import read_manifest
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.output.tables import json_line, open_table
from pipeline.records import Chunk, Prediction, Predictions
from pipeline.resources import default_model
from pipeline.text.reading import Dump, Reading, ReadOptions, open_dump, read_lines
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import output_headers, widened

if TYPE_CHECKING:
    from pipeline.model.classifying import Model

Answers = list[tuple[Any, ...]]
Progress = Callable[[int, int], None]

ANSWER_COLUMNS = ("category", "confidence", "categories", "cause", "cause_confidence", "needs_review", "reason")


@dataclass(frozen=True, slots=True)
class ClassifyOptions:
    """How to classify: ``model`` folder (None = the shipped one), how to read, output ``format``, number of ``jobs``.

    ``lang`` is the language of reasons in ``rejected.csv``; empty: Chinese where a header is Chinese.
    """

    model: Path | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "csv"
    jobs: int = -1
    lang: str = ""


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
    """Classify dumps into the folder ``out``: ``classified.*``, ``rejected.csv``, ``run.json``.

    Rows keep their order and their columns. Raises ``InputError``, ``ModelError`` or ``UsageError``; then nothing in
    ``out`` has changed.
    """
    options = options or ClassifyOptions()
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
            report = run.report(dump, reading.notes, tally)
            results.path("run.json").write_text(report.to_json(), encoding="utf-8")
    return report


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a run writes to and who works for it."""

    results: ResultFolder
    name: str
    options: ClassifyOptions
    crew: Crew[Sequence[str], Answers]


def _classify_rows(reading: Reading, dump: Dump, target: _Target, tally: Tally, progress: Progress) -> None:
    headers = output_headers(dump, ANSWER_COLUMNS)
    place = {header: i for i, header in enumerate(dump.headers)}
    options = target.options
    with (
        open_table(target.results.path(target.name), headers, options.format) as table,
        open_table(target.results.path("rejected.csv"), REJECT_COLUMNS, "csv") as rejected,
    ):
        for chunk, answers in _answered(reading, target.crew):
            tally.add(chunk)
            tally.categories.update(answer[0] for answer in answers)
            tally.needs_review += sum(answer[5] for answer in answers)
            table.write(widened(chunk, answers, place, len(dump.sources) > 1))
            rejected.write(reject_rows(chunk.rejects, options.lang or lang_of(dump.headers)))
            progress(tally.used + tally.rejected, dump.rows_guess)


def _answered(chunks: Reading, crew: Crew[Sequence[str], Answers]) -> Iterator[tuple[Chunk, Answers]]:
    """Pair every chunk with its answers; only texts travel to the workers."""
    pairs = ((chunk, chunk.texts) for chunk in chunks)
    kept: list[Chunk] = []

    def texts() -> Iterator[Sequence[str]]:
        for chunk, sent in pairs:
            kept.append(chunk)
            yield sent

    for _, answers in crew.map(texts()):
        yield kept.pop(0), answers


def answerer(model: Path) -> Callable[[Sequence[str]], Answers]:
    """Load the model and return the function that turns texts into answer cells (``ANSWER_COLUMNS``)."""
    loaded = load_model(model)
    # one prediction loads dictionaries and tables now, so that forked workers share them
    loaded.predict(["。"])
    return lambda texts: [row for found in loaded.predict_columns(texts) for row in _cell_rows(found)]


def cells(prediction: Prediction) -> tuple[Any, ...]:
    """A prediction as cells under ``ANSWER_COLUMNS``."""
    columns = ([getattr(prediction, column)] for column in ANSWER_COLUMNS)
    return next(_cell_rows(Predictions(*columns)))


def _cell_rows(found: Predictions) -> Iterator[tuple[Any, ...]]:
    return zip(
        found.category,
        [round(sure, 4) for sure in found.confidence],
        map("|".join, found.categories),
        found.cause,
        [None if sure is None else round(sure, 4) for sure in found.cause_confidence],
        map(int, found.needs_review),
        # the quickest way to write so many words and numbers
        [_reason_form(len(words)) % tuple(chain.from_iterable(words)) for words in found.reason],
        strict=True,
    )


@cache
def _reason_form(words: int) -> str:
    return " ".join(["%s(%.2f)"] * words)


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
    model = load_model(options.model)
    tally = Tally(None)
    for chunk in read_lines(source, options.read):
        tally.add(chunk)
        answered = zip(chunk.numbers, chunk.rows, model.predict(chunk.texts), strict=True)
        lines = [
            (
                number,
                {**dict(zip(chunk.headers, row, strict=True)), **dict(zip(ANSWER_COLUMNS, cells(one), strict=True))},
            )
            for number, row, one in answered
        ]
        lines += [(reject.row, {"row": reject.row, "error": reject.reason}) for reject in chunk.rejects]
        for _, line in sorted(lines, key=lambda pair: pair[0]):
            target.write(json_line(line))
        target.flush()
    return tally
