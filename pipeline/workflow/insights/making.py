"""Insights from dumps or from the register: build the table of complaints, make every section, write JSON and CSV."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import __version__
from pipeline.engine.crew import FORKS
from pipeline.engine.local import ordered_map
from pipeline.errors import InputError, SettingsError, UsageError
from pipeline.insights.calendar import reporting_day
from pipeline.insights.cases import Cases
from pipeline.insights.counting import counted, only
from pipeline.insights.regions import load_regions
from pipeline.insights.report import Beside, InsightOptions, Insights, Spread, make_insights, one_by_one
from pipeline.insights.trend import LabelBreak
from pipeline.option_tables import options_from
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.output.plain import FIGURES, PlainTable, plain, tables_of
from pipeline.output.tables import open_table
from pipeline.records import Reject
from pipeline.settings import FILE_NAME
from pipeline.workflow.classifying import model_facts
from pipeline.workflow.gathering import Progress
from pipeline.workflow.insights.cases import Built, CaseOptions, build_cases
from pipeline.workflow.insights.change_calendar import read_changes
from pipeline.workflow.insights.comparing_runs import between_runs, compare_runs
from pipeline.workflow.insights.subscribers import read_subscribers
from pipeline.workflow.insights.words import brief_text, cell, header, missing_rows
from pipeline.workflow.report import REJECT_COLUMNS, REJECT_HEADERS, reject_rows

# rows from which making sections side by side saves more than starting processes costs
_MANY = 100_000
_SHARED = ("calendar", "channels", "regions")


@dataclass(frozen=True, slots=True)
class InsightRun:
    """What to make insights of: how cases are read, the options of the sections, a period, and a register.

    ``since`` and ``until`` are reporting days, both included. ``register``: its states, marks and ids; its complaints
    where no input is given. ``subscribers`` and ``changes`` are tables beside the complaints; ``before`` is the result
    folder of the last run, for what changed since (the input must be a table that genyin classified). ``UsageError``
    where the period ends before it begins.
    """

    cases: CaseOptions = field(default_factory=CaseOptions)
    options: InsightOptions = field(default_factory=InsightOptions)
    since: date | None = None
    until: date | None = None
    register: str = ""
    subscribers: Path | None = None
    changes: Path | None = None
    before: Path | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise UsageError(
                f"The period ends on {self.until} before it begins on {self.since}. Exchange --since and --until."
            )


@dataclass(frozen=True, slots=True)
class InsightReport:
    """The insights, the complaints they were made from, and where those came from.

    ``notes``: what is to be said of the tables beside them.
    """

    insights: Insights
    built: Built
    run: InsightRun
    notes: tuple[str, ...] = ()

    @property
    def cases(self) -> Cases:
        """The complaints of the period that count: row numbers in the sections are those of this table."""
        options = self.run.options
        return counted(self.built.cases, options.counting, options.channels)


def insights(
    inputs: Sequence[str | Path],
    run: InsightRun | None = None,
    progress: Progress = lambda done, total: None,
    step: Callable[[str, float], None] = lambda name, share: None,
) -> InsightReport:
    """Make all insights; ``progress`` is told the rows read, ``step`` the section at work.

    Without inputs the complaints are those of the register. Raises ``InputError``, ``ModelError``, ``RegisterError`` or
    ``SettingsError``.
    """
    run = run or InsightRun()
    beside, notes = read_beside(inputs, run)
    built = gather_cases(inputs, run, progress, lambda share: step("problems", share))
    cases = in_period(built.cases, run)
    made = make_insights(cases, run.options, beside, step, _spread(len(cases), run.cases.jobs))
    return InsightReport(made, replace(built, cases=cases), run, notes)


def _spread(rows: int, jobs: int) -> Spread:
    """Several sections at once where that is worth it, and where processes share the table instead of copying it."""
    return partial(ordered_map, jobs=jobs) if rows >= _MANY and FORKS else one_by_one


def insight_options(tables: Mapping[str, Mapping[str, Any]], source: str = FILE_NAME) -> InsightOptions:
    """Return the options that the tables ``[insights.<section>]`` of the settings give; ``SettingsError`` otherwise.

    Calendar, channels and regions hold for every section that does not name its own.
    """
    kinds = {one.name: one.default_factory for one in fields(InsightOptions)}
    unknown = sorted(set(tables) - set(kinds))
    if unknown:
        raise SettingsError(f"{source}: there is no section [insights.{unknown[0]}]. Known are: {', '.join(kinds)}.")
    made: dict[str, Any] = {}
    for name, kind in kinds.items():
        given = tables.get(name, {})
        one: Any = options_from(kind, given, f"{source}, [insights.{name}]")  # type: ignore[arg-type]
        shared = {part: made[part] for part in _SHARED if part in made and hasattr(one, part) and part not in given}
        made[name] = replace(one, **shared) if shared else one
    return InsightOptions(**made)


def insights_json(report: InsightReport) -> str:
    """All sections as JSON, with the paragraph of the brief in both languages; docs/insights.md tells what is what."""
    facts = {"genyin": __version__, "files": list(report.built.files), "rejected": report.built.rejected}
    words = {"brief_zh": brief_text(report.insights.brief, "zh"), "brief_en": brief_text(report.insights.brief, "en")}
    return json.dumps({**facts, **words, **plain(report.insights)}, ensure_ascii=False, indent=1)


def write_insights(report: InsightReport, out: str | Path, lang: str) -> tuple[str, ...]:
    """Write ``insights.json``, ``brief.txt``, ``missing.csv`` and a CSV per table into ``out``; return their names."""
    names = ["insights.json", "brief.txt", "missing.csv"]
    with result_folder(Path(out)) as results:
        results.path(names[0]).write_text(insights_json(report), encoding="utf-8")
        # a mark at the beginning, so that any editor on Windows knows the encoding
        results.path(names[1]).write_text(brief_text(report.insights.brief, lang) + "\n", encoding="utf-8-sig")
        headers, rows = missing_rows(report.insights.missing, lang)
        with open_table(results.path(names[2]), headers, "csv") as table:
            table.write(rows)
        names += write_rejects(results, report.built.rejects, lang)
        for section in fields(Insights):
            value = getattr(report.insights, section.name)
            for one in tables_of(section.name, value, frozenset({"missing"})) if value is not None else ():
                names.append(f"{one.name}.csv")
                _write_table(results.path(names[-1]), one, section.name, lang)
    return tuple(names)


def write_rejects(results: ResultFolder, rejects: Sequence[Reject], lang: str) -> list[str]:
    """Write the rows that could not be used with their reasons, if there are any; return the name of the file."""
    if not rejects:
        return []
    # its neighbours have headers for people, unlike the tables of classify, which programs read
    headers = REJECT_HEADERS if lang == "zh" else REJECT_COLUMNS
    with open_table(results.path("rejected.csv"), headers, "csv") as table:
        table.write(reject_rows(rejects, lang))
    return ["rejected.csv"]


def _write_table(path: Path, made: PlainTable, section: str, lang: str) -> None:
    with open_table(path, [header(one, lang, made.name) for one in made.headers], "csv") as table:
        if made.headers == FIGURES:
            table.write((header(name, lang), cell(value, lang, section)) for name, value in made.rows)
        else:
            table.write([cell(value, lang, section) for value in row] for row in made.rows)


def gather_cases(
    inputs: Sequence[str | Path], run: InsightRun, progress: Progress, grouped: Callable[[float], None]
) -> Built:
    """Build the table from the inputs, from the register where there are none, or from both."""
    if not run.register:
        if not inputs:
            raise UsageError("There is nothing to look at: give an INPUT, or a register with --register.")
        return build_cases(inputs, run.cases, progress, grouped)
    # only a run with a register needs the database
    from pipeline.workflow.insights.register_cases import cases_of_register, with_register

    if not inputs:
        return cases_of_register(run.register, run.cases)
    return with_register(build_cases(inputs, run.cases, progress, grouped), run.register)


def read_beside(inputs: Sequence[str | Path], run: InsightRun) -> tuple[Beside, tuple[str, ...]]:
    """Read the tables beside the complaints first: what is wrong with them is told before the work."""
    regions = load_regions(run.options.regions)
    subscribers = read_subscribers(run.subscribers, regions.name) if run.subscribers else None
    changes = read_changes(run.changes, regions=run.options.regions) if run.changes else None
    notes = tuple(f"{one.file}:{one.row}: {one.reason}" for one in changes.rejects) if changes else ()
    since = None
    if run.before:
        folder = _folder_of(inputs)
        between = between_runs(run.before, folder, run.register) if run.register else None
        since = compare_runs(run.before, folder, between)
    return Beside(subscribers, changes.changes if changes else (), since, label_breaks(inputs, run.cases)), notes


def label_breaks(inputs: Sequence[str | Path], options: CaseOptions) -> tuple[LabelBreak, ...]:
    """When labels changed their meaning: by the run.json beside a table, else by the model that is used."""
    records = [Path(one).parent / "run.json" for one in inputs]
    written = [json.loads(one.read_text(encoding="utf-8")).get("model", {}) for one in records if one.is_file()]
    facts = written or ([model_facts(options.model_folder)] if inputs else [])
    found = {
        LabelBreak(date.fromisoformat(one["day"]), one["kind"], tuple(one["old"]), tuple(one["new"]))
        for model in facts
        for one in model.get("breaks", ())
    }
    return tuple(sorted(found, key=lambda one: (one.day, one.old)))


def _folder_of(inputs: Sequence[str | Path]) -> Path:
    """The result folder that the only input stands in."""
    if len(inputs) != 1 or not (Path(inputs[0]).parent / "run.json").is_file():
        raise UsageError("--before compares result folders: give one classified table in the folder where it was made.")
    return Path(inputs[0]).parent


def in_period(cases: Cases, run: InsightRun) -> Cases:
    """Return the complaints from ``since`` to ``until``; ``InputError`` where there are none."""
    if run.since is None and run.until is None:
        return cases
    days = reporting_day(cases.frame["accepted"], run.options.calendar)
    wanted = np.ones(len(cases), bool)
    if run.since is not None:
        wanted &= days >= np.datetime64(run.since)
    if run.until is not None:
        wanted &= days <= np.datetime64(run.until)
    if not wanted.any():
        raise _nothing_in_period(run.since, run.until)
    return only(cases, wanted)


def _nothing_in_period(since: date | None, until: date | None) -> InputError:
    if until is None:
        return InputError(f"There is no complaint since {since}. Check the period.")
    if since is None:
        return InputError(f"There is no complaint up to {until}. Check the period.")
    return InputError(f"There is no complaint from {since} to {until}. Check the period.")
