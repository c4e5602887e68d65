"""Find the problems behind the complaints of a dump: on its own, or as the second half of classifying."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.output.tables import open_table
from pipeline.problems.grouping import GroupOptions, group
from pipeline.records import Chunk, Complaints, Grouping, Problem, Role
from pipeline.resources import default_model
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.text.privacy import load_or_create_key
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.classifying import ANSWER_COLUMNS, model_facts
from pipeline.workflow.gathering import PROBLEM_ID, Gathered, Progress, gather
from pipeline.workflow.masking import KEY_FILE
from pipeline.workflow.problem_words import kind_name, quality_name
from pipeline.workflow.report import REJECT_COLUMNS, Run, RunReport, Tally, lang_of, reject_rows
from pipeline.workflow.rows import output_headers, widened

if TYPE_CHECKING:
    from pipeline.register.store import Register
    from pipeline.workflow.registering import RegisterChange

PROBLEM_COLUMNS = (PROBLEM_ID, "problem_name")
TABLE_COLUMNS = (
    "id",
    "parent",
    "kind",
    "name",
    "category",
    "cause",
    "where",
    "rows",
    "customers",
    "texts",
    "weight",
    "purity",
    "first",
    "last",
    "trend",
    "regions",
    "channels",
    "products",
    "tiers",
    "front_department",
    "back_department",
    "cohesion",
    "quality",
    "key_phrases",
    "quote_1",
    "quote_2",
    "quote_3",
)
_REGION_ROLES = (Role.INCIDENT_REGION, Role.HOME_REGION)


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
    ``dry_run``: the register is told what would change, but keeps nothing of it.
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


@dataclass(frozen=True, slots=True)
class Found:
    """A run and the problems it found; ``change`` is what it changed in the register, if one was given."""

    report: RunReport
    grouping: Grouping
    complaints: Complaints
    change: "RegisterChange | None" = None


def find_problems(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: FindOptions | None = None,
    progress: Progress = lambda done, total: None,
    grouped: Callable[[float], None] = lambda share: None,
) -> Found:
    """Write ``problems.csv`` and every complaint with its problem into the folder ``out``.

    Raises ``InputError``, ``ModelError``, ``RegisterError`` or ``UsageError``; then nothing in ``out`` has changed. The
    dump is read twice: once to understand it, once to copy its rows.

    The register is updated when all tables are written but not yet in place. So a register that refuses the run leaves
    no result that claims to be in it; and should the result fail to get into place after that, the run can be
    repeated: the register takes the same complaints once.
    """
    options = options or FindOptions()
    run = _run(options)
    if options.register:
        # a wrong address is told now, not after the work
        _opened(options).close()
    dump = open_dump(inputs, options.read)
    tally = Tally(dump)
    with result_folder(Path(out)) as results:
        key = load_or_create_key(options.key_file) if options.register else None
        gathered = gather(dump, options.model or default_model(), options.jobs, tally, progress, key)
        if not tally.used and not tally.rejected:
            raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
        complaints = gathered.complaints()
        known = gathered.known if options.problems.keep and any(gathered.known) else None
        grouping = group_complaints(complaints, options.problems, known, grouped)
        lang = options.lang or lang_of(dump.headers)
        reading = _write_complaints(results, dump, gathered, grouping, options)
        with open_table(results.path("rejected.csv"), REJECT_COLUMNS, "csv") as rejected:
            rejected.write(reject_rows(gathered.rejects, lang))
        _write_problems(results.path("problems.csv"), grouping, lang)
        found = Found(run.report(dump, reading, tally, _counts(grouping)), grouping, complaints)
        if options.register:
            found = _registered(found, options)
        results.path("run.json").write_text(found.report.to_json(), encoding="utf-8")
    return found


def problems_json(grouping: Grouping) -> str:
    """The problems as JSON; counts, names and quotes, without the list of members."""
    rows = [{key: value for key, value in asdict(one).items() if key != "members"} for one in grouping.problems]
    return json.dumps({**_counts(grouping), "problems": rows}, ensure_ascii=False, indent=1, default=str)


def _run(options: FindOptions) -> Run:
    folder = options.model or default_model()
    table = f"{'classified' if options.answers else 'grouped'}.{options.format}"
    return Run(
        "classify" if options.answers else "problems",
        settings={"format": options.format, "jobs": options.jobs, **asdict(options.problems)},
        outputs={
            "classified" if options.answers else "grouped": table,
            "problems": "problems.csv",
            "rejected": "rejected.csv",
            "run": "run.json",
        },
        model=model_facts(folder),
    )


def group_complaints(
    complaints: Complaints,
    options: ProblemOptions | None = None,
    known: Sequence[str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Grouping:
    """Find the problems of complaints; ``known[i]`` is the problem that complaint ``i`` keeps, or empty."""
    options = options or ProblemOptions()
    taxonomy = load_taxonomy()
    how = GroupOptions(
        min_size=options.min_size,
        granularity=options.granularity,
        inside_category=options.inside_category,
        no_problem=frozenset(cause.id for cause in taxonomy.causes.values() if not cause.problem),
        cause_title=lambda cause: taxonomy.title(cause, "zh"),
    )
    return group(complaints, Tokeniser().cut_many, how, known, progress)


def _opened(options: FindOptions) -> "Register":
    from pipeline.register.store import Options, open_register

    return open_register(options.register, Options(who=options.who, rehearse=options.dry_run))


def _registered(found: Found, options: FindOptions) -> Found:
    """Load the run into the register; only then the database is needed at all."""
    from pipeline.workflow.registering import register_run, run_facts
    from pipeline.workflow.remembering import model_reader

    with _opened(options) as register:
        reader = model_reader(options.model or default_model())
        change = register_run(register, found, run_facts(found.report), options.problems, reader)
    return replace(found, change=change, report=replace(found.report, register=asdict(change)))


def _write_complaints(
    results: ResultFolder, dump: Dump, gathered: Gathered, grouping: Grouping, options: FindOptions
) -> Sequence[str]:
    """Copy the dump's rows with their answers and problems; return the notes of this reading."""
    added = (*ANSWER_COLUMNS, *PROBLEM_COLUMNS) if options.answers else PROBLEM_COLUMNS
    name = f"{'classified' if options.answers else 'grouped'}.{options.format}"
    place = {header: i for i, header in enumerate(dump.headers)}
    reading = dump.read()
    start = 0
    with open_table(results.path(name), output_headers(dump, added), options.format) as table:
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


def _write_problems(path: Path, grouping: Grouping, lang: str) -> None:
    taxonomy = load_taxonomy()
    with open_table(path, TABLE_COLUMNS, "csv") as table:
        table.write(_problem_row(problem, taxonomy, lang) for problem in grouping.problems)


def _problem_row(problem: Problem, taxonomy: Taxonomy, lang: str) -> tuple[Any, ...]:
    front, back = _departments(taxonomy, problem)
    quotes = (*problem.quotes, "", "", "")[:3]
    return (
        problem.id,
        problem.parent,
        kind_name(problem.kind, lang),
        problem.name,
        problem.category,
        problem.cause,
        problem.where,
        problem.rows,
        problem.customers,
        problem.texts,
        problem.weight,
        round(problem.purity, 3),
        _day(problem.first),
        _day(problem.last),
        "|".join(map(str, problem.trend)),
        _listed(problem, *_REGION_ROLES),
        _listed(problem, Role.CHANNEL),
        _listed(problem, Role.PRODUCT),
        _listed(problem, Role.TIER),
        front,
        back,
        problem.cohesion,
        quality_name(problem.quality, lang),
        "|".join(problem.phrases),
        *quotes,
    )


def _departments(taxonomy: Taxonomy, problem: Problem) -> tuple[str, str]:
    """Who answers the customer and who puts it right; empty for labels the taxonomy does not have."""
    known = [one for one in taxonomy.categories if one.id == problem.category]
    found = taxonomy.causes.get(problem.cause) or (known[0] if known else None)
    return (found.front_department, found.back_department) if found else ("", "")


def _day(moment: Any) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def _listed(problem: Problem, *roles: Role) -> str:
    """The frequent values of the first of these columns that has any, with their counts."""
    held = next((problem.values[role] for role in roles if problem.values.get(role)), ())
    return "|".join(f"{value} {count}" for value, count in held)


def _counts(grouping: Grouping) -> dict[str, int]:
    return {
        "problems": len(grouping.problems),
        "grouped": int((grouping.problem >= 0).sum()),
        "ungrouped": grouping.ungrouped,
    }
