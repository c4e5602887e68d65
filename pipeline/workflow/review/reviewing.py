"""The review pack: complaints in, one folder out that a meeting can work with; nothing in it that is personal."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import __version__
from pipeline.insights.calendar import Period, reporting_day
from pipeline.insights.cases import Cases
from pipeline.insights.counting import counted
from pipeline.insights.report import Beside, Insights, make_insights
from pipeline.insights.weak_items import ClosedLoop, closed_loop, during
from pipeline.output.folder import ResultFolder, result_folder
from pipeline.records import Reject
from pipeline.register.typed import COLLEAGUES
from pipeline.review.building import build_summary
from pipeline.review.lines import lines, told_in_full
from pipeline.review.material import Material
from pipeline.review.summary import About, RunSummary, Source, Span
from pipeline.workflow.classifying import model_facts
from pipeline.workflow.gathering import Progress
from pipeline.workflow.insights.cases import Built
from pipeline.workflow.insights.making import InsightRun, gather_cases, in_period, read_beside, write_rejects
from pipeline.workflow.report import now
from pipeline.workflow.review.releasing import WORKBOOK, check_release, colleagues, refuse_filled_in_pack
from pipeline.workflow.review.telling import kept_of, stories, with_resembling

Step = Callable[[str, float], None]
_MARKS = ("regressed", "growing", "new")


@dataclass(frozen=True, slots=True)
class ReviewRun:
    """What to review: ``insight`` says how complaints are read and counted, which period, and which register.

    ``lang`` of the files; so many problems get ``details``; ``made``: the time to print (empty: now); ``force``: write
    over a filled-in workbook.
    """

    insight: InsightRun = field(default_factory=InsightRun)
    lang: str = "zh"
    details: int = 50
    made: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review: its summary, the complaints that it counted, files written, and rows that were of no use."""

    summary: RunSummary
    cases: Cases
    files: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()


def review(
    inputs: Sequence[str | Path],
    out: str | Path,
    run: ReviewRun | None = None,
    progress: Progress = lambda done, total: None,
    step: Step = lambda name, share: None,
) -> Review:
    """Write the pack into ``out``: page, workbook, mail, JSON and import files.

    ``inputs`` are dumps, or tables that genyin classified; without any, the complaints are those of the register.
    Raises a ``GenyinError`` for what cannot be read or reviewed, for a filled-in workbook in ``out``, and ``LeakError``
    when a file would show personal data; then nothing in ``out`` has changed.
    """
    run = run or ReviewRun()
    refuse_filled_in_pack(Path(out), run.force)
    made = summarise(inputs, run, progress, step)
    step("writing", 0.0)
    with result_folder(Path(out)) as results:
        return replace(made, files=_write(results, made, run))


def summarise(
    inputs: Sequence[str | Path],
    run: ReviewRun,
    progress: Progress = lambda done, total: None,
    step: Step = lambda name, share: None,
) -> Review:
    """Read the complaints and compute all figures of the pack; write nothing."""
    beside, notes = read_beside(inputs, run.insight)
    built = gather_cases(inputs, run.insight, progress, lambda share: step("problems", share))
    return review_of(built, run, beside, notes, step)


def review_of(
    built: Built,
    run: ReviewRun,
    beside: Beside | None = None,
    notes: Sequence[str] = (),
    step: Step = lambda name, share: None,
) -> Review:
    """Compute all figures of the pack from complaints that were read already; ``notes`` are printed below them."""
    insight = run.insight
    history = in_period(built.cases, replace(insight, since=None))
    cases, found = _figures(history, insight, beside or Beside(), step)
    kept = counted(cases, insight.options.counting, insight.options.channels)
    about = _about(built, kept, found, run, notes)
    material = Material(about, kept, found, details=run.details, loop=_loop(history, found, insight))
    return Review(build_summary(_told(material, insight.register)), kept, rejects=built.rejects)


def _figures(history: Cases, insight: InsightRun, beside: Beside, step: Step) -> tuple[Cases, Insights]:
    """Make the insights of the period; what looks back (trend, bursts, growth) is made from all that came before."""
    if insight.since is None:
        return history, make_insights(history, insight.options, beside, step)
    # a period without a complaint is told at once
    in_period(history, insight)
    end = insight.until or _last_day(history, insight)
    options = replace(insight.options, trend=replace(insight.options.trend, period=Period(insight.since, end)))
    whole = make_insights(history, options, beside, lambda name, share: step(name, share / 2))
    cases = in_period(_marked(history, whole), insight)
    inside = make_insights(cases, options, beside, lambda name, share: step(name, 0.5 + share / 2))
    return cases, replace(
        inside,
        trend=whole.trend,
        bursts=whole.bursts,
        outages=whole.outages,
        change_calendar=whole.change_calendar,
    )


def _loop(history: Cases, found: Insights, insight: InsightRun) -> ClosedLoop | None:
    """Set the satisfaction of the compared periods side by side; None where there are not two."""
    periods = (found.trend.previous, found.trend.period)
    days = reporting_day(history.frame["accepted"], insight.options.calendar)
    both = [during(history, one.covers(days)) for one in periods if one is not None]
    return closed_loop(both[0], both[1], insight.options.survey) if len(both) == len(periods) else None


def _last_day(cases: Cases, insight: InsightRun) -> date:
    days = reporting_day(cases.frame["accepted"], insight.options.calendar)
    known = days[~np.isnat(days)]
    return known.max().item() if len(known) else insight.since or date.max


def _marked(cases: Cases, whole: Insights) -> Cases:
    """Let the problems of the period have the marks that the whole history gives them, where the register has none."""
    found = {
        one.problem: tuple(mark for mark in _MARKS if mark in {reason.code for reason in one.reasons})
        for one in whole.priority.problems
    }
    table = cases.problems
    marks = [tuple(own) or found.get(str(one), ()) for one, own in zip(table["id"], table["marks"], strict=True)]
    return Cases(cases.frame, table.assign(marks=pd.Series(marks, index=table.index, dtype=object)), cases.given)


def _told(material: Material, register: str) -> Material:
    """Add the words of the cards: what the register knows, then phrases and quotes of those told in full."""
    if not register:
        return _with_stories(material)
    from pipeline.register.store import Options, open_register

    with open_register(register, Options(create=False)) as opened:
        # what people wrote decides which problems are shown, and how
        told = _with_stories(replace(material, kept=kept_of(opened)))
        first = told_in_full(lines(told), told.details)
        return replace(told, kept=with_resembling(opened, told.kept, first, told.stories))


def _with_stories(material: Material) -> Material:
    return replace(material, stories=stories(material.cases, told_in_full(lines(material), material.details)))


def _about(built: Built, kept: Cases, found: Insights, run: ReviewRun, notes: Sequence[str]) -> About:
    insight = run.insight
    sources = tuple(Source(Path(one).name, _sha256(one)) for one in built.files)
    model, options = _model(built, insight), tuple(_options(insight))
    return About(
        run=_run_id(sources, model, options),
        made=run.made or now(),
        genyin=__version__,
        model=model,
        sources=sources,
        span=_span(found.period),
        period=_span(found.trend.period),
        before=_span(found.trend.previous),
        rows=len(built.cases) + built.rejected,
        used=len(built.cases),
        rejected=built.rejected,
        counted=len(kept),
        problems=int(kept.frame["problem"].astype(object).replace("", np.nan).nunique()),
        grouped=int((kept.frame["problem"] != "").sum()),
        needs_review=int(kept.frame["needs_review"].sum()) if "needs_review" in kept.given else None,
        register=bool(insight.register),
        options=options,
        notes=tuple(notes),
        from_register=built.files == (insight.register,),
    )


def _options(insight: InsightRun) -> list[tuple[str, str]]:
    """The settings that a reader must know to read the figures."""
    options, problems = insight.options, insight.cases.problems
    given: Mapping[str, Any] = {
        "counting.scope": options.counting.scope,
        "counting.excluded_channels": " ".join(options.counting.excluded_channels),
        "calendar.day_cut": options.calendar.day_cut,
        "min_size": problems.min_size,
        "granularity": problems.granularity,
        "since": insight.since or "",
        "until": insight.until or "",
    }
    return [(name, str(value)) for name, value in given.items() if value != ""]


def _model(built: Built, insight: InsightRun) -> str:
    """Name and begin of the hash of the model that answered: of this run, or of the one that made what was read."""
    if not built.classified:
        facts: Mapping[str, Any] = model_facts(insight.cases.model_folder)
    else:
        written = [one for one in (Path(file).parent / "run.json" for file in built.files[:1]) if one.is_file()]
        facts = json.loads(written[0].read_text(encoding="utf-8")).get("model", {}) if written else {}
    if not facts and insight.register:
        facts = _last_model(insight.register)
    return f"{facts.get('name', '?')} {str(facts.get('weights_sha256', ''))[:8]}".strip()


def _last_model(register: str) -> Mapping[str, Any]:
    """The model of the last run that the register took."""
    from pipeline.register.store import Options, open_register

    with open_register(register, Options(create=False)) as opened:
        runs = opened.runs()
    return runs[-1].facts.get("model", {}) if runs else {}


def _run_id(sources: Sequence[Source], model: str, options: Sequence[tuple[str, str]]) -> str:
    facts = json.dumps([__version__, [(one.name, one.sha256) for one in sources], model, list(options)])
    return hashlib.blake2b(facts.encode(), digest_size=5).hexdigest()


def _span(period: Period | None) -> Span | None:
    return Span(period.start, period.end) if period else None


def _sha256(file: str) -> str:
    if not Path(file).is_file():
        return ""
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]


def _write(results: ResultFolder, made: Review, run: ReviewRun) -> tuple[str, ...]:
    """Write every file beside its place, look through all of them, and only then let them be seen."""
    # only here: charts and templates take longer to load than all the rest of this module
    from pipeline.review.itsm import jira_rows, servicenow_rows
    from pipeline.review.mail import render_mail
    from pipeline.review.page import render_page
    from pipeline.review.plain import problems_json
    from pipeline.workflow.review.workbook import WorkbookOptions, write_review_workbook

    texts = {
        "review.html": render_page(made.summary, run.lang),
        "review.md": render_mail(made.summary, run.lang),
        "problems.json": problems_json(made.summary),
        "servicenow_problems.csv": servicenow_rows(made.summary, run.lang),
        "jira_issues.csv": jira_rows(made.summary, run.lang),
    }
    paths = {name: results.path(name) for name in (*texts, WORKBOOK)}
    for name, text in texts.items():
        # a mark at the beginning, so that Excel knows the encoding
        paths[name].write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="")
    problems = _registered(run)
    write_review_workbook(paths[WORKBOOK], made.summary, made.cases, problems, WorkbookOptions(run.lang))
    about = made.summary.about
    ours = (about.run, *(one.sha256 for one in about.sources), *about.model.split())
    check_release(paths, (*ours, *colleagues(_people(made.summary, problems))))
    return (*paths, *write_rejects(results, made.rejects, run.lang))


def _people(summary: RunSummary, problems: Sequence[Any]) -> Iterator[str]:
    """Colleagues whom the pack names: owners, those charged with a measure, those who decided something."""
    for one in problems:
        yield from (one.owner, one.charged_person, *(str(note.get("who", "")) for note in one.notes))
    for card in summary.cards:
        # who was in charge before is a colleague as well
        yield from (one.who for one in card.decided)
        yield from (value for one in card.decided for name, value in one.changes if name in COLLEAGUES)


def _registered(run: ReviewRun) -> Sequence[Any]:
    """The problems of the register, whose list the owners fill in."""
    if not run.insight.register:
        return ()
    from pipeline.register.store import Options, open_register

    with open_register(run.insight.register, Options(create=False)) as opened:
        return opened.problems()
