"""Files that ITSM tools import: problems for ServiceNow, issues for Jira; ``docs/review.md`` has the map of fields."""

import csv
import io
from collections.abc import Iterable, Sequence

from pipeline.review.summary import Card, Line, RunSummary
from pipeline.review.writing import Writer

# ServiceNow's choices: impact and urgency are 1 to 3, priority follows from them; states of the problem table
_SERVICENOW_STATES = {
    "": "101", "candidate": "101", "open": "101", "analysing": "103", "known_error": "103", "fixing": "104",
    "watching": "104", "rectifying": "104", "closed": "107", "accepted_risk": "107", "duplicate": "107",
    "not_a_problem": "107",
}  # fmt: skip
_LEVELS = {"1": ("1", "1"), "2": ("1", "2"), "3": ("2", "2"), "4": ("2", "3"), "5": ("3", "3")}
_JIRA_PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
_SERVICENOW = (
    "correlation_id", "short_description", "description", "problem_state", "impact", "urgency", "category",
    "assignment_group", "assigned_to", "due_date", "workaround", "cause_notes", "fix_notes", "known_error",
)  # fmt: skip
_JIRA = (
    "Issue Type",
    "External ID",
    "Summary",
    "Description",
    "Priority",
    "Labels",
    "Component",
    "Assignee",
    "Due Date",
)


def servicenow_rows(summary: RunSummary, lang: str) -> str:
    """Return a CSV for an import set on ServiceNow's table ``problem``; match on ``correlation_id`` to update."""
    writer = Writer(summary, lang)
    cards = {one.line.id: one for one in summary.cards}
    return _csv(_SERVICENOW, (_servicenow(one, cards.get(one.id), writer) for one in _wholes(summary)))


def jira_rows(summary: RunSummary, lang: str) -> str:
    """Return a CSV for Jira's importer; ``External ID`` makes a second import find the first one's issues."""
    writer = Writer(summary, lang)
    cards = {one.line.id: one for one in summary.cards}
    return _csv(_JIRA, (_jira(one, cards.get(one.id), writer) for one in _wholes(summary)))


def _wholes(summary: RunSummary) -> list[Line]:
    """Problems that are no part of another: a part is described with its whole."""
    return [one for one in summary.lines if not one.parent]


def _servicenow(line: Line, card: Card | None, writer: Writer) -> Sequence[str]:
    impact, urgency = _LEVELS.get(_level(line), ("3", "3"))
    return (
        line.id,
        line.name,
        _description(line, card, writer),
        _SERVICENOW_STATES.get(line.state, "101"),
        impact,
        urgency,
        writer.words.label(line.category),
        _field(card, "lead_department") or line.back_department,
        line.owner,
        line.due,
        _field(card, "workaround"),
        _field(card, "root_cause"),
        _field(card, "measure"),
        "true" if line.state == "known_error" else "false",
    )


def _jira(line: Line, card: Card | None, writer: Writer) -> Sequence[str]:
    labels = ["genyin", line.category, *line.marks]
    return (
        "Problem",
        line.id,
        line.name,
        _description(line, card, writer),
        _JIRA_PRIORITIES.get(_level(line), "Medium"),
        " ".join(one.replace(" ", "_") for one in labels if one),
        _field(card, "lead_department") or line.back_department,
        line.owner,
        line.due,
    )


def _level(line: Line) -> str:
    return line.level.removeprefix("priority_")


def _field(card: Card | None, name: str) -> str:
    return card.field(name) if card else ""


def _description(line: Line, card: Card | None, writer: Writer) -> str:
    figures = (("rows", line.rows), ("customers", line.customers), ("first", line.first), ("last", line.last))
    told = [f"{writer.words(f'column.{name}')}: {value}" for name, value in figures if value is not None]
    quotes = [f"- {one}" for one in card.quotes] if card else []
    return "\n".join([*filter(None, [_field(card, "statement")]), ", ".join(told), *quotes])


def _csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what could begin one.

    >>> harmless("=1+1"), harmless("宽带")
    ("'=1+1", '宽带')
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
