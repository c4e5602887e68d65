"""Phenomenon and cause are two things: the complaint's text tells the first, the closing note the second.

Where the two disagree, a customer called one thing and the desk put another thing right, or the note says nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.shares import Share, share
from pipeline.insights.tallying import codes_of, lines, tally
from pipeline.insights.wordlists import distinct_texts
from pipeline.resources import data_file


@dataclass(frozen=True, slots=True)
class PhenomenonOptions:
    """How much to list.

    ``longest``: letters of a note that may still be boilerplate; ``listed``: complaints named one by one;
    ``largest``: rows of a table.
    """

    longest: int = 40
    listed: int = 200
    largest: int = 30


@dataclass(frozen=True, slots=True)
class Crossing:
    """Complaints whose text is about ``phenomenon`` and whose closing note about ``cause`` (labels of the taxonomy)."""

    phenomenon: str
    cause: str
    complaints: int
    customers: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One complaint whose text and closing note fall into different categories."""

    row: int
    id: str
    category: str
    cause: str
    closing_category: str
    closing_cause: str


@dataclass(frozen=True, slots=True)
class BoilerplateIn:
    """The closing notes of a category, department or group of handlers that say nothing."""

    name: str
    boilerplate: Share


@dataclass(frozen=True, slots=True)
class Phenomenon:
    """``boilerplate``: of all closing notes, those that say nothing of the cause; ``phrases``: the frequent ones.

    ``same_category`` and ``same_cause`` are of the notes that say something and were classified. ``categories`` has
    every pair of categories, agreeing ones included; ``causes`` the frequent pairs of different causes.
    ``disagreements`` are the first of those with different categories.
    """

    boilerplate: Share
    phrases: tuple[tuple[str, int], ...]
    boilerplate_by_category: tuple[BoilerplateIn, ...]
    boilerplate_by_department: tuple[BoilerplateIn, ...]
    same_category: Share
    same_cause: Share
    categories: tuple[Crossing, ...]
    causes: tuple[Crossing, ...]
    disagreements: tuple[Disagreement, ...]
    missing: tuple[Missing, ...] = ()


def phenomenon(cases: Cases, options: PhenomenonOptions = PhenomenonOptions()) -> Phenomenon:
    """Hold the label of the complaint's text against that of its closing note; count notes that say nothing."""
    notes, places = distinct_texts(cases, "closing_note")
    empty = says_nothing(notes, options.longest)[places]
    written = np.array([bool(note.strip()) for note in notes] or [False])[places]
    category, cause = _pair(cases, "category"), _pair(cases, "cause")
    compared = written & ~empty & category.known
    compared_causes = written & ~empty & cause.known
    return Phenomenon(
        boilerplate=share(int(empty.sum()), int(written.sum())),
        phrases=_phrases(notes, places, empty, options.largest),
        boilerplate_by_category=_boilerplate_in(cases, "category", empty, written, options),
        boilerplate_by_department=_boilerplate_in(cases, "department", empty, written, options),
        same_category=share(int((category.same & compared).sum()), int(compared.sum())),
        same_cause=share(int((cause.same & compared_causes).sum()), int(compared_causes.sum())),
        categories=_crossings(cases, category, compared, None),
        causes=_crossings(cases, cause, compared_causes & ~cause.same, options.largest),
        disagreements=_disagreements(cases, compared & ~category.same, options.listed),
        missing=cases.lacking("phenomenon and cause", "category", "closing_category")
        + cases.lacking("closing notes that say nothing", "closing_note"),
    )


def says_nothing(notes: Sequence[str], longest: int = 40) -> NDArray[np.bool_]:
    """Whether each note is made of nothing but the words of ``data/empty_closings.txt``, figures and marks.

    An empty note is none. Notes longer than ``longest`` letters always say something.

    >>> says_nothing(["已解释，用户认可。", "更换光猫后恢复", ""]).tolist()
    [True, False, False]
    """
    pattern = _empty_words()
    short = (note.strip() if len(note) <= longest + 20 else "" for note in notes)
    return np.array([0 < len(note) <= longest and pattern.fullmatch(note) is not None for note in short], bool)


@cache
def _empty_words() -> re.Pattern[str]:
    lines = data_file("empty_closings.txt").read_text(encoding="utf-8").splitlines()
    words = sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")}, key=len, reverse=True)
    # possessive: what was read as a word is never read again in another way, which keeps long notes quick; letters
    # are no marks, so that a note in a Latin alphabet says something
    return re.compile(f"(?:{'|'.join(map(re.escape, words))}|[^\\w]|[\\d_])++")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label of the text and the same kind of label of the closing note: both known, both the same."""

    text: pd.Series
    note: pd.Series
    known: NDArray[np.bool_]
    same: NDArray[np.bool_]


def _pair(cases: Cases, column: str) -> _Pair:
    text, note = cases.frame[column], cases.frame[f"closing_{column}"]
    known = (codes_of(text) >= 0) & (codes_of(note) >= 0)
    place = {label: code for code, label in enumerate(text.cat.categories)}
    as_text = np.array([*(place.get(label, -1) for label in note.cat.categories), -1])[note.cat.codes]
    return _Pair(text, note, known, known & (as_text == text.cat.codes.to_numpy()))


def _crossings(cases: Cases, pair: _Pair, rows: NDArray[np.bool_], largest: int | None) -> tuple[Crossing, ...]:
    found = tally(cases, {"phenomenon": pair.text, "cause": pair.note}, rows)
    return tuple(
        Crossing(str(one), str(other), int(complaints), int(customers))
        for one, other, complaints, customers in lines(found.head(largest or len(found)))
    )


def _phrases(
    notes: Sequence[str], places: NDArray[np.int64], empty: NDArray[np.bool_], largest: int
) -> tuple[tuple[str, int], ...]:
    counts = np.bincount(places[empty], minlength=len(notes))
    ranked = sorted(np.flatnonzero(counts).tolist(), key=lambda place: (-counts[place], notes[place]))
    return tuple((notes[place], int(counts[place])) for place in ranked[:largest])


def _boilerplate_in(
    cases: Cases, column: str, empty: NDArray[np.bool_], written: NDArray[np.bool_], options: PhenomenonOptions
) -> tuple[BoilerplateIn, ...]:
    named = codes_of(cases.frame[column]) >= 0
    table = pd.DataFrame({"name": cases.frame[column], "empty": empty})[written & named]
    found = table.groupby("name", observed=True)["empty"].agg(["sum", "size"]).reset_index().astype({"name": object})
    found = found.sort_values(["sum", "name"], ascending=[False, True]).head(options.largest)
    return tuple(BoilerplateIn(str(name), share(int(count), int(of))) for name, count, of in lines(found))


def _disagreements(cases: Cases, rows: NDArray[np.bool_], listed: int) -> tuple[Disagreement, ...]:
    chosen = np.flatnonzero(rows)[:listed]
    columns = ["id", "category", "cause", "closing_category", "closing_cause"]
    cells = cases.frame.iloc[chosen][columns].astype(str).itertuples(index=False)
    return tuple(Disagreement(int(row), *one) for row, one in zip(chosen, cells, strict=True))
