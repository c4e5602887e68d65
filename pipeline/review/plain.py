"""``problems.json``: the problems of a review for other systems, as ``docs/problems.schema.json`` says."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from pipeline.review.summary import Card, Figure, Line, RunSummary

FORMAT = 1


def problems_json(summary: RunSummary) -> str:
    """Return all problems with what the review knows of them, and where the figures come from."""
    cards = {one.line.id: one for one in summary.cards}
    told = {
        "format": FORMAT,
        "about": plain(summary.about),
        "steps": {"unit": summary.unit, "starts": plain(summary.starts)},
        "headline": {
            **{mark: list(problems) for mark, problems in summary.headline.marked},
            "talk": [one.problem for one in summary.headline.talk],
            "figures": {one.id: _figure(one) for one in summary.headline.figures},
        },
        "problems": [_problem(line, cards.get(line.id)) for line in summary.lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _problem(line: Line, card: Card | None) -> dict[str, Any]:
    told: dict[str, Any] = plain(line)
    if card is None:
        return told
    return {
        **told,
        "fields": dict(card.fields),
        "phrases": list(card.phrases),
        "quotes": list(card.quotes),
        "drivers": [{**plain(one), "values": [list(pair) for pair in one.values]} for one in card.drivers],
        "resembling": plain(card.resembling),
        "decided": plain(card.decided),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {name: plain(getattr(figure, name)) for name in ("value", "before", "change")}


def plain(value: Any) -> Any:
    """Return a value of the summary as JSON has it: dates as text, an open end of an interval as null.

    >>> plain((date(2026, 3, 1), float("inf")))
    ['2026-03-01', None]
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and value in (float("inf"), float("-inf")) else value
