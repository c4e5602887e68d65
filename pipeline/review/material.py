"""What a summary is made from: the complaints, the insights into them, and what the register knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.weak_items import ClosedLoop
from pipeline.review.columns import cell
from pipeline.review.summary import About, Decided, Kind, Lack, Resembling, Said


@dataclass(frozen=True, slots=True)
class Story:
    """What a problem's complaints say: key phrases, and quotes as they were masked."""

    phrases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the register has of a problem: fields by id, decisions, known problems like it, its complaints in all."""

    fields: Mapping[str, str] = field(default_factory=dict)
    decided: tuple[Decided, ...] = ()
    resembling: tuple[Resembling, ...] = ()
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the figures are computed from.

    ``cases`` are the complaints that count; ``insights`` has one attribute per insight into them, ``trend`` and
    ``bursts`` reaching back to all the data. ``loop`` holds the satisfaction of the compared periods side by side.
    ``stories`` and ``kept`` go by the id of the problem. ``details``: so many problems are told in full.
    """

    about: About
    cases: Cases
    insights: Any
    stories: Mapping[str, Story] = field(default_factory=dict)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    details: int = 50
    loop: ClosedLoop | None = None


def counts(column: pd.Series) -> dict[str, int]:
    """Return how often every value of a column stands there, most frequent first; empty cells are left out."""
    found = column.astype(object).value_counts()
    pairs = [(str(name), int(count)) for name, count in found.items() if str(name) and count]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def said(**values: tuple[Kind, Any]) -> tuple[Said, ...]:
    """Return the values of a sentence."""
    return tuple(Said(name, kind, cell(value)) for name, (kind, value) in values.items())


def lacks(missing: Iterable[Missing]) -> tuple[Lack, ...]:
    """Return what an insight could not tell, each once."""
    return tuple(dict.fromkeys(Lack(one.figure, tuple(one.needs)) for one in missing))
