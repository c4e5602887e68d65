"""What one command run has in common: settings and options joined, language, progress."""

import getpass
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.language import asked_language, data_language, system_language
from pipeline.cli.options import column_roles, row_weights
from pipeline.cli.progress import Bar, progress_bar
from pipeline.errors import UsageError
from pipeline.records import Role
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from pipeline.workflow import FindOptions, ReadOptions, Register, TrainOptions


class Session:
    """Options of a command over the settings file over the defaults."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.settings = load_settings(given.get("settings_file"))
        self.quiet = bool(given.get("quiet"))
        # empty: nobody asked, so that the data may decide
        self.lang = asked_language(sys.argv[1:], self.settings.lang) or ("zh" if system_language() == "zh" else "")
        # the language of what was shown so far
        self._spoken = ""

    @property
    def as_json(self) -> bool:
        """Whether to print JSON."""
        return bool(self._given.get("as_json"))

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be kept."""
        return bool(self._given.get("dry_run"))

    @property
    def model(self) -> Path | None:
        """The model folder to use: the option, the settings, the active model; None for the shipped one."""
        from pipeline import workflow

        return self._given.get("model") or _path(self.settings.model) or workflow.active_model(self.models)

    @property
    def models(self) -> Path:
        """The folder of the models of which one is active."""
        return self._given.get("models") or Path(self.settings.models)

    @property
    def jobs(self) -> int:
        """Number of processes; ``UsageError`` for 0."""
        jobs = self._given.get("jobs")
        jobs = self.settings.jobs if jobs is None else jobs
        if jobs == 0 or jobs < -1:
            raise UsageError(f"--jobs {jobs} cannot be used; give 1 or more, or -1 for all cores.")
        return jobs

    @property
    def read(self) -> "ReadOptions":
        """How to read dumps."""
        from pipeline.workflow import ReadOptions

        configured: dict[Role, tuple[str, ...]] = {
            Role(role): (header,) for role, header in self.settings.columns.items()
        }
        if self.settings.text:
            configured[Role.TEXT] = self.settings.text
        chosen = column_roles(self._given.get("text_columns"), self._given.get("columns") or ())
        return ReadOptions(
            columns={**configured, **chosen},
            sheet=self._given.get("sheet") or self.settings.sheet or None,
            encoding=self._given.get("encoding") or self.settings.encoding or None,
            delimiter=_delimiter(self._given.get("delimiter")),
        )

    @property
    def who(self) -> str:
        """Who does it, for the history; ``UsageError`` for a name of spaces."""
        given = self._given.get("who") or ""
        if given and not given.strip():
            raise UsageError("--who was given nothing but spaces: give a name.")
        return given.strip() or _user()

    @property
    def register_url(self) -> str:
        """The address of the register: the option, the settings, the environment; empty where nobody gave one."""
        return self._given.get("register") or self.settings.register or os.environ.get("GENYIN_REGISTER", "")

    @property
    def needed_register_url(self) -> str:
        """The address of the register; ``UsageError`` says how to give one."""
        if not self.register_url:
            raise UsageError(
                "No register was named. Give --register sqlite:///genyin.db, or set register in genyin.toml, or the "
                "environment variable GENYIN_REGISTER."
            )
        return self.register_url

    def open_register(self, create: bool = False) -> "Register":
        """Open the register for the person who works with it; with ``--dry-run`` nothing is kept."""
        from pipeline.workflow import open_register
        from pipeline.workflow.register.options import Surroundings, check_users, register_options

        beside = Surroundings(self.subscribers, self.settings.insights)
        options = register_options(self.who, create, self.dry_run, beside)
        if self._given.get("subscribers"):
            # what was named for this command must be right even where no rate is needed in the end
            check_users(options)
        return open_register(self.needed_register_url, options)

    @property
    def subscribers(self) -> Path | None:
        """The table of users: the option, the settings; None where nobody gave one."""
        return self._given.get("subscribers") or _path(self.settings.subscribers)

    def find_options(self, kind: str | None, answers: bool, dry_run: bool = False) -> "FindOptions":
        """How to find problems; ``answers``: whether the model's answers are written as well."""
        from pipeline.workflow import FindOptions, ProblemOptions

        given, settings = self._given, self.settings
        problems = ProblemOptions(
            min_size=given.get("min_size") or settings.min_size,
            granularity=given.get("granularity") or settings.granularity,
            inside_category=bool(given.get("inside_category")),
            keep=bool(given.get("keep_problems")),
        )
        return FindOptions(
            self.model,
            self.read,
            kind or settings.format,
            self.jobs,
            self.lang,
            answers,
            problems,
            register=self.register_url,
            key_file=Path(settings.key_file or "genyin.key"),
            who=self.who,
            dry_run=dry_run,
            subscribers=self.subscribers,
            insights=settings.insights,
        )

    def train_options(self) -> "TrainOptions":
        """How to train or evaluate."""
        from pipeline.workflow import TrainOptions, find_model

        given, settings = self._given, self.settings
        dictionary = given.get("dictionary") or (Path(settings.dictionary) if settings.dictionary else None)
        stopwords = given.get("stopwords") or (Path(settings.stopwords) if settings.stopwords else None)
        return TrainOptions(
            read=self.read,
            group=given.get("group") or "",
            splits=tuple(given.get("splits") or ()),
            dictionary=dictionary,
            stopwords=stopwords,
            customer_side_only=bool(given.get("customer_side_only")) or settings.customer_side_only,
            target_precision=given.get("target_precision") or settings.target_precision,
            cause_precision=given.get("cause_precision") or 0.7,
            folds=given.get("folds") or 5,
            jobs=self.jobs,
            lang=self.lang or "en",
            parent=find_model(given["parent"], self.models) if given.get("parent") else None,
            changes=given.get("changes"),
            weights=row_weights(given.get("weigh") or ()),
            half_life=given.get("half_life"),
            hold_back=not given.get("use_all"),
        )

    def language(self, *words: str) -> str:
        """The language to answer in: what was asked for, else that of these words of the data or of earlier ones."""
        self._spoken = self.lang or data_language(words) or self._spoken
        return self._spoken or "en"

    def both(self, chinese: str, english: str) -> str:
        """Choose between two wordings: in the language asked for, else in that of what was shown before."""
        return chinese if (self.lang or self._spoken) == "zh" else english

    def progress(self, title: str) -> AbstractContextManager[Bar]:
        """Open a progress bar on stderr."""
        return progress_bar(title, self.quiet)

    def say(self, line: str = "") -> None:
        """Print a line unless the user wants silence."""
        if not self.quiet:
            click.echo(line)


def _user() -> str:
    """Name of the system's user; empty where the system has none for us."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _path(name: str) -> Path | None:
    return Path(name) if name else None


def _delimiter(given: str | None) -> str | None:
    return {"\\t": "\t", "tab": "\t", "TAB": "\t"}.get(given, given) if given else None
