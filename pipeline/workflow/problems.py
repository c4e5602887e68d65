"""Find the problems behind the complaints of a dump: on its own, or as the second half of classifying."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.output.tables import open_table
from pipeline.records import Chunk, Complaints, Grouping
from pipeline.resources import default_model
from pipeline.taxonomy import load_taxonomy
from pipeline.text.privacy import load_or_create_key
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.classifying import ANSWER_COLUMNS, drift_from, model_facts
from pipeline.workflow.gathering import Gathered, Progress, gather
from pipeline.workflow.masking import KEY_FILE
from pipeline.workflow.problem_table import write_problems
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import PROBLEM_ID, PROBLEM_NAME, output_headers, widened

if TYPE_CHECKING:
    from pipeline.problems.keeping import Kept
    from pipeline.register.store import Register
    from pipeline.workflow.register.change import RegisterChange

PROBLEM_COLUMNS = (PROBLEM_ID, PROBLEM_NAME)


@dataclass(frozen=True, slots=True)
class ProblemOptions:
    """How to find problems.

    ``min_size``: least complaints of a problem. ``granularity``: coarse, normal or fine. ``inside_category``: never
    join complaints of different categories. ``keep``: complaints that have a ``problem_id`` in the input keep it.
    """

    min_size: int = 3
    granularity: str = "normal"
    inside_category: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class FindOptions:
    """How to run: ``model`` folder (None = the shipped one), reading, format of the table of complaints, processes.

    ``answers``: whether the model's answers stand in the table as well. ``lang`` is the language of messages in files;
    empty: Chinese where a header is Chinese. ``register``: address of the register that the run is loaded into, by
    ``who``; its customers are pseudonyms with the key of ``key_file`` (made when absent), the same in every run.
    ``dry_run``: everything is done and told, but nothing is written: no result, no key, nothing into the register.
    ``subscribers``: table of users by which rates are checked, after ``insights``, the tables of the settings.
    """

    model: Path | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "csv"
    jobs: int = -1
    lang: str = ""
    answers: bool = False
    problems: ProblemOptions = field(default_factory=ProblemOptions)
    register: str = ""
    key_file: Path = Path(KEY_FILE)
    who: str = ""
    dry_run: bool = False
    subscribers: Path | None = None
    insights: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemRun:
    """A run and the problems it found; ``change`` is what it changed in the register, if one was given.

    With a register the problems are those of the register, under their permanent ids and names.
    """

    report: RunReport
    grouping: Grouping
    complaints: Complaints
    change: "RegisterChange | None" = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a run keeps of earlier ones: the problem of every complaint, what these problems were, and remarks."""

    known: Sequence[str | None] | None = None
    problems: "Mapping[str, Kept]" = field(default_factory=dict)
    notes: Sequence[str] = ()


def find_problems(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: FindOptions | None = None,
    progress: Progress = lambda done, total: None,
    grouped: Callable[[float], None] = lambda share: None,
) -> ProblemRun:
    """Write ``problems.csv`` and every complaint with its problem into the folder ``out``.

    Raises ``InputError``, ``ModelError``, ``RegisterError`` or ``UsageError``; then nothing in ``out`` has changed. The
    dump is read twice: once to understand it, once to copy its rows.

    The register is updated before the tables are written, because they hold its ids and names. So a register that
    refuses the run leaves no result that claims to be in it; and should the result fail to get into place after that,
    the run can be repeated: the register takes the same complaints once.
    """
    options = options or FindOptions()
    run = _run(options)
    if options.register:
        # a wrong address or table is told now, not after the work
        with opened(options):
            pass
    dump = open_dump(inputs, options.read)
    tally = Tally(dump)
    with _results(Path(out), options) as results:
        gathered = gather(dump, options.model or default_model(), options.jobs, tally, progress, _key(options))
        if not tally.used and not tally.rejected:
            raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
        found = _found(gathered, run.report(dump, (), tally), options, grouped)
        lang = options.lang or lang_of(dump.headers)
        reading = _write_complaints(results, dump, gathered, found.grouping, options)
        with open_table(results.path("rejected.csv"), REJECT_COLUMNS, "csv") as rejected:
            rejected.write(reject_rows(gathered.rejects, lang))
        write_problems(results.path("problems.csv"), found.grouping, lang)
        drift = drift_from(options.model, tally.seen)
        notes = (*reading, *found.report.notes)
        report = replace(run.report(dump, notes, tally, _counts(found.grouping)), drift=drift)
        found = replace(found, report=_whole(report, found.change))
        results.path("run.json").write_text(found.report.to_json(), encoding="utf-8")
    return found


@contextmanager
def _results(out: Path, options: FindOptions) -> Iterator[ResultFolder]:
    """The folder for results; that of a dry run is thrown away."""
    if not options.dry_run:
        with result_folder(out) as results:
            yield results
        return
    with TemporaryDirectory() as folder, result_folder(Path(folder)) as results:
        yield results


def _key(options: FindOptions) -> bytes | None:
    """The key of pseudonyms; a run that stores nothing needs none that lasts."""
    if not options.register or (options.dry_run and not options.key_file.exists()):
        return None
    return load_or_create_key(options.key_file)


def _found(gathered: Gathered, report: RunReport, options: FindOptions, grouped: Callable[[float], None]) -> ProblemRun:
    """Find the problems; with a register they are loaded there first, and are its problems then."""
    complaints = gathered.complaints()
    kept = _kept(gathered, options)
    report = replace(report, notes=[*report.notes, *kept.notes])
    if not options.register:
        return ProblemRun(
            report, group_complaints(complaints, options.problems, kept.known, grouped, kept.problems), complaints
        )
    # only now the database is needed at all
    from pipeline.workflow.register.registering import NewRun, keep_run, run_facts
    from pipeline.workflow.register.remembering import model_reader

    new = NewRun(complaints, run_facts(report), kept.known or (), kept=kept.problems)
    with opened(options) as register:
        loaded = keep_run(register, new, options.problems, model_reader(options.model or default_model()), grouped)
    return ProblemRun(report, loaded.grouping, complaints, loaded.change)


def _kept(gathered: Gathered, options: FindOptions) -> _Kept:
    """The problem that every complaint keeps, and what these problems were; None where none is to be kept."""
    if not options.problems.keep or not any(gathered.known):
        return _Kept()
    from pipeline.workflow.kept_problems import earlier_problems

    earlier = earlier_problems(gathered.named)
    files = (file for file, rows in gathered.portions for _ in range(rows))
    known = [earlier.known(file, one) for file, one in zip(files, gathered.known, strict=True)]
    return _Kept(known, earlier.kept, earlier.notes)


def _whole(report: RunReport, change: "RegisterChange | None") -> RunReport:
    return replace(report, register=asdict(change)) if change else report


def problems_json(grouping: Grouping) -> str:
    """The problems as JSON; counts, names and quotes, without the list of members."""
    rows = [{key: value for key, value in asdict(one).items() if key != "members"} for one in grouping.problems]
    return json.dumps({**_counts(grouping), "problems": rows}, ensure_ascii=False, indent=1, default=str)


def _run(options: FindOptions) -> Run:
    folder = options.model or default_model()
    name = "classified" if options.answers else "grouped"
    others = {"problems": "problems.csv", "rejected": "rejected.csv", "run": "run.json"}
    outputs = {name: f"{name}.{options.format}", **others}
    return Run(
        "classify" if options.answers else "problems",
        settings={"format": options.format, "jobs": options.jobs, **asdict(options.problems)},
        outputs={} if options.dry_run else outputs,
        model=model_facts(folder),
    )


def group_complaints(
    complaints: Complaints,
    options: ProblemOptions | None = None,
    known: Sequence[str | None] | None = None,
    progress: Callable[[float], None] = lambda share: None,
    kept: "Mapping[str, Kept] | None" = None,
) -> Grouping:
    """Find the problems of complaints; ``known`` and ``kept`` are those of an earlier run (see ``group``)."""
    # here and not above: it takes its time to load, and the workers are to begin before
    from pipeline.problems.grouping import GroupOptions, group

    options = options or ProblemOptions()
    taxonomy = load_taxonomy()
    how = GroupOptions(
        min_size=options.min_size,
        granularity=options.granularity,
        inside_category=options.inside_category,
        no_problem=frozenset(cause.id for cause in taxonomy.causes.values() if not cause.problem),
        cause_title=lambda cause: taxonomy.title(cause, "zh"),
    )
    return group(complaints, Tokeniser().cut_many, how, known, progress, kept)


@contextmanager
def opened(options: FindOptions) -> "Iterator[Register]":
    """Open the register of a run; a dry run into one that does not exist is rehearsed in one that is thrown away."""
    from pipeline.register.schema import is_set_up
    from pipeline.register.store import open_register
    from pipeline.workflow.register.options import Surroundings, check_users, register_options

    rehearse = options.dry_run and is_set_up(options.register)
    how = register_options(options.who, True, rehearse, Surroundings(options.subscribers, options.insights))
    check_users(how)
    if options.dry_run and not rehearse:
        with TemporaryDirectory() as folder, open_register(f"sqlite:///{folder}/genyin.db", how) as register:
            yield register
        return
    with open_register(options.register, how) as register:
        yield register


def _write_complaints(
    results: ResultFolder, dump: Dump, gathered: Gathered, grouping: Grouping, options: FindOptions
) -> Sequence[str]:
    """Copy the dump's rows with their answers and problems; return the notes of this reading."""
    added = (*ANSWER_COLUMNS, *PROBLEM_COLUMNS) if options.answers else PROBLEM_COLUMNS
    name = f"{'classified' if options.answers else 'grouped'}.{options.format}"
    # the problems of an earlier run that are kept are told anew
    replaced = PROBLEM_COLUMNS if options.problems.keep else ()
    place = {header: i for i, header in enumerate(header for header in dump.headers if header not in replaced)}
    reading = dump.read()
    start = 0
    with open_table(results.path(name), output_headers(dump, added, replaced), options.format) as table:
        for chunk in reading:
            answers = list(_answers(chunk, start, gathered, grouping, options.answers))
            table.write(widened(chunk, answers, place, len(dump.sources) > 1))
            start += len(chunk)
    return reading.notes


def _answers(
    chunk: Chunk, start: int, gathered: Gathered, grouping: Grouping, with_answers: bool
) -> Iterator[tuple[Any, ...]]:
    for row in range(start, start + len(chunk)):
        place = grouping.problem[row]
        found = ("", "") if place < 0 else (grouping.problems[place].id, grouping.problems[place].name)
        yield (*gathered.answers[row], *found) if with_answers else found


def _counts(grouping: Grouping) -> dict[str, int]:
    return {
        "problems": len(grouping.problems),
        "grouped": int((grouping.problem >= 0).sum()),
        "ungrouped": grouping.ungrouped,
    }
