"""The complaints that insights are made from: of a raw dump, of a table that genyin classified, or of the register."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.errors import InputError
from pipeline.insights.cases import COLUMNS, Cases, typed_cases
from pipeline.insights.channels import ChannelOptions, escalated_by_channel, load_channels
from pipeline.insights.regions import RegionOptions, load_regions, normalised
from pipeline.records import Reject, Role
from pipeline.resources import default_model
from pipeline.text.privacy import load_or_create_key
from pipeline.text.reading import Dump, ReadOptions, open_dump
from pipeline.workflow.classifying import ANSWER_COLUMNS
from pipeline.workflow.gathering import Gathered, Progress, gather
from pipeline.workflow.insights.case_problems import Row, problem_rows, written_rows
from pipeline.workflow.insights.case_reading import CaseReading, TypedColumns, with_title
from pipeline.workflow.masking import KEY_FILE
from pipeline.workflow.problems import ProblemOptions, group_complaints
from pipeline.workflow.report import Tally


@dataclass(frozen=True, slots=True)
class CaseOptions:
    """How to build the table: ``model`` folder (None = the shipped one), reading, processes, how problems are found.

    ``key_file`` holds the key of the customers' pseudonyms; without such a file a key is made that nobody keeps.
    ``closing_notes``: whether the model reads the closing notes as well.
    """

    model: Path | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    jobs: int = -1
    problems: ProblemOptions = field(default_factory=ProblemOptions)
    key_file: Path = Path(KEY_FILE)
    regions: RegionOptions = field(default_factory=RegionOptions)
    channels: ChannelOptions = field(default_factory=ChannelOptions)
    closing_notes: bool = True

    @property
    def key(self) -> bytes:
        """The key of the pseudonyms."""
        return load_or_create_key(self.key_file) if self.key_file.is_file() else secrets.token_bytes(32)

    @property
    def model_folder(self) -> Path:
        """The model that is used."""
        return self.model or default_model()


@dataclass(frozen=True, slots=True)
class Built:
    """The complaints and where they are from: ``rejected`` rows are not among them; ``classified``: answers reused."""

    cases: Cases
    rejected: int = 0
    classified: bool = False
    files: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()


def build_cases(
    inputs: Sequence[str | Path],
    options: CaseOptions | None = None,
    progress: Progress = lambda done, total: None,
    grouped: Callable[[float], None] = lambda share: None,
) -> Built:
    """Read dumps into the table of the insights; a table that genyin classified is not classified or grouped again.

    A survey, which has answers but no text, is read as well: its rows have no category and no problem. Raises
    ``InputError`` or ``ModelError``; several inputs must be of one kind.
    """
    options = options or CaseOptions()
    dump = _opened(inputs, options.read)
    written = [set(ANSWER_COLUMNS) <= set(source.headers) for source in dump.sources]
    files = tuple(source.place for source in dump.sources)
    if all(written):
        return Built(_from_classified(dump, options, progress), classified=True, files=files)
    if any(written):
        raw = ", ".join(file for file, known in zip(files, written, strict=True) if not known)
        raise InputError(
            f"Some of the inputs are classified already, {raw} is not. Classify it first, or give it alone."
        )
    if not any(source.texts for source in dump.sources):
        return Built(_from_survey(dump, options, progress), files=files)
    cases, rejects = _from_dump(dump, options, progress, grouped)
    return Built(cases, len(rejects), files=files, rejects=rejects)


def _opened(inputs: Sequence[str | Path], read: ReadOptions) -> Dump:
    try:
        return open_dump(inputs, read)
    except InputError:
        dump = open_dump(inputs, replace(read, needs_text=False))
        if all(Role.SATISFACTION in source.roles and not source.texts for source in dump.sources):
            return dump
        raise


def _from_survey(dump: Dump, options: CaseOptions, progress: Progress) -> Cases:
    columns, _ = _columns(dump, options, options.key, classified=False, progress=progress)
    rows = len(columns["source"])
    if not rows:
        raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
    return finished(columns, [], rows, options)


def finished(columns: TypedColumns, problems: Sequence[Row], rows: int, options: CaseOptions) -> Cases:
    """Make regions one name each, tell escalations from channels where no column does, and make the table."""
    found = dict(columns)
    regions = load_regions(options.regions)
    for name in ("region", "home_region"):
        if name in found:
            found[name] = normalised(found[name], regions)
    if "home_region" in found:
        found["region"] = (
            _first_filled(found["region"], found["home_region"]) if "region" in found else found["home_region"]
        )
    if "channel" in found:
        risen = pd.Series(escalated_by_channel(found["channel"], load_channels(options.channels))).astype("boolean")
        found["escalated"] = found["escalated"].fillna(risen) if "escalated" in found else risen
    return typed_cases({name: found[name] for name in COLUMNS if name in found}, problems, rows)


def _from_dump(
    dump: Dump, options: CaseOptions, progress: Progress, grouped: Callable[[float], None]
) -> tuple[Cases, tuple[Reject, ...]]:
    tally, key = Tally(dump), options.key
    gathered = gather(dump, options.model_folder, options.jobs, tally, progress, key)
    if not tally.used:
        raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
    known = gathered.known if options.problems.keep and any(gathered.known) else None
    grouping = group_complaints(gathered.complaints(), options.problems, known, grouped)
    # the last one is for the place -1: no problem
    ids = np.array([*(one.id for one in grouping.problems), ""], object)
    columns = {
        **_columns(dump, options, key, classified=False)[0],
        **_answered(gathered),
        "problem": pd.Series(ids[grouping.problem]).astype("category"),
        "second_problem": pd.Series(ids[grouping.second]).astype("category"),
        "second_weight": pd.Series(grouping.second_weight.astype("float32")),
        "copy_of": pd.Series(grouping.copy_of.astype("int64")),
    }
    return finished(columns, problem_rows(grouping.problems), tally.used, options), tuple(gathered.rejects)


def _answered(gathered: Gathered) -> TypedColumns:
    cells = dict(zip(ANSWER_COLUMNS, zip(*gathered.answers, strict=True), strict=True))
    texts = [with_title(*pair) for pair in zip(gathered.titles, gathered.bodies, strict=True)]
    return {
        "text": pd.Series(texts, dtype=object),
        "category": pd.Series(cells["category"], dtype=object).fillna("").astype("category"),
        "cause": pd.Series(cells["cause"], dtype=object).fillna("").astype("category"),
        "confidence": pd.Series(cells["confidence"], dtype="float32"),
        "needs_review": pd.Series(cells["needs_review"]).astype(bool),
    }


def _from_classified(dump: Dump, options: CaseOptions, progress: Progress) -> Cases:
    columns, names = _columns(dump, options, options.key, classified=True, progress=progress)
    rows = len(columns["copy_of"])
    if not rows:
        raise InputError(f"There is no row in {', '.join(source.file for source in dump.sources)}.")
    columns["confidence"] = pd.to_numeric(columns["confidence"].astype(object), errors="coerce").astype("float32")
    columns["needs_review"] = columns["needs_review"].isin(["1", "True", "true"])
    problems: list[Row] = []
    folders = [Path(source.file).resolve().parent for source in dump.sources]
    several = len(set(folders)) > 1
    for folder in dict.fromkeys(folders):
        # an id is valid within its run: in tables of several runs it needs the run's number
        run = f"{list(dict.fromkeys(folders)).index(folder) + 1}/" if several else ""
        mine = {
            one: name for own, told in zip(folders, names, strict=True) if own == folder for one, name in told.items()
        }
        problems += written_rows(folder, {one: name for one, name in mine.items() if one}, run)
    if several and "problem" in columns:
        columns["problem"] = _numbered(columns["problem"], columns["source"], dump, folders)
    return finished(columns, problems, rows, options)


def _numbered(problem: pd.Series, source: pd.Series, dump: Dump, folders: Sequence[Path]) -> pd.Series:
    numbers = {folder: number for number, folder in enumerate(dict.fromkeys(folders), 1)}
    run = {one.place: f"{numbers[folder]}/" for one, folder in zip(dump.sources, folders, strict=True)}
    named = source.astype(object).map(run) + problem.astype(object)
    return named.where(problem != "", "").astype("category")


def _columns(
    dump: Dump, options: CaseOptions, key: bytes, classified: bool, progress: Progress = lambda done, total: None
) -> tuple[TypedColumns, list[dict[str, str]]]:
    noted = options.closing_notes and any(Role.CLOSING_NOTE in source.roles for source in dump.sources)
    reading = CaseReading(dump, key, classified)
    reading.read(options.model_folder if noted else None, options.jobs, progress)
    return reading.columns, reading.problem_names


def _first_filled(first: pd.Series, second: pd.Series) -> pd.Series:
    """Each cell of ``first``, or that of ``second`` where it is empty."""
    both = union_categoricals([first.array, second.array])  # type: ignore[list-item]
    codes, empty = both.codes, list(both.categories).index("") if "" in both.categories else -1
    mine, other = codes[: len(first)], codes[len(first) :]
    return pd.Series(pd.Categorical.from_codes(np.where(mine == empty, other, mine), dtype=both.dtype))
