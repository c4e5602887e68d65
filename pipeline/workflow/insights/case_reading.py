"""One pass over the sources of a dump: their columns here, their texts to the workers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.engine.local import early_crew
from pipeline.insights.cases import blank_column
from pipeline.records import Role
from pipeline.text.files.frames import frames
from pipeline.text.reading import Dump, Source
from pipeline.workflow.classifying import ANSWER_COLUMNS
from pipeline.workflow.insights.case_columns import Columns, joined
from pipeline.workflow.insights.case_texts import DistinctCells, Fresh, Masked, first_copies, text_reader
from pipeline.workflow.problems import PROBLEM_COLUMNS
from pipeline.workflow.rows import PROBLEM_ID

TypedColumns = dict[str, pd.Series]
Progress = Callable[[int, int], None]

PROBLEM_NAME = PROBLEM_COLUMNS[1]
# columns that genyin itself wrote, whatever they are called like
OURS = frozenset((*ANSWER_COLUMNS, *PROBLEM_COLUMNS))
_WANTED = ("category", "cause", "confidence", "needs_review", *PROBLEM_COLUMNS)


class CaseReading:
    """Reads every column of a dump but those that the model and grouping give.

    ``classified``: the dump is a table that genyin wrote, so that answers, problems and texts are read from it as well.
    After ``read``: ``columns`` by name, and ``problem_names`` (name by id) per source.
    """

    def __init__(self, dump: Dump, key: bytes, classified: bool) -> None:
        self._dump, self._key, self._classified = dump, key, classified
        self._of_source: list[tuple[Columns, str]] = []
        self._texts, self._notes, self._places = DistinctCells(), DistinctCells(), DistinctCells()
        self._masked: dict[str, list[str]] = {name: [] for name in Masked.__dataclass_fields__}
        self.columns: TypedColumns = {}
        self.problem_names: list[dict[str, str]] = []

    def read(self, model: Path | None, jobs: int, progress: Progress) -> None:
        """Read everything; ``model`` reads the closing notes (None: nobody does)."""
        with early_crew(partial(text_reader, model), jobs) as crew:
            for _, masked in crew.map(self._parts(progress)):
                for name, held in self._masked.items():
                    held += getattr(masked, name)
        self.columns = {**_below_each_other(self._of_source), **self._text_columns()}

    def _parts(self, progress: Progress) -> Iterator[Fresh]:
        done, filled = 0, "needs_review" if self._classified else ""
        for source in self._dump.sources:
            roles = {
                role: names for role, names in source.roles.items() if not (self._classified and set(names) & OURS)
            }
            columns = Columns(roles, source.headers, self._key)
            self._of_source.append((columns, source.place))
            self.problem_names.append({})
            for part in frames(self._dump, source, self._headers(source, columns, roles), filled):
                columns.add(part)
                if self._classified:
                    self._add_answers(columns, part)
                done += len(part)
                progress(done, self._dump.rows_guess)
                yield self._fresh(part, source, roles)

    def _headers(self, source: Source, columns: Columns, roles: Mapping[Role, Sequence[str]]) -> list[str]:
        own = [name for name in _WANTED if name in source.headers] if self._classified else []
        texts = source.texts if self._classified else ()
        long = (*texts, *roles.get(Role.CLOSING_NOTE, ()), *roles.get(Role.PLACE, ()))
        return list(dict.fromkeys([*columns.headers, *long, *own]))

    def _add_answers(self, columns: Columns, part: pd.DataFrame) -> None:
        for name in ("category", "cause"):
            columns.hold(name, part[name])
        columns.hold("needs_review", part["needs_review"])
        columns.hold("confidence", part["confidence"])
        if PROBLEM_ID in part:
            columns.hold("problem", part[PROBLEM_ID])
            pairs = part[[PROBLEM_ID, PROBLEM_NAME]].drop_duplicates() if PROBLEM_NAME in part else part[:0]
            self.problem_names[-1].update(pairs.itertuples(index=False, name=None))

    def _fresh(self, part: pd.DataFrame, source: Source, roles: Mapping[Role, Sequence[str]]) -> Fresh:
        texts = self._texts.add(_whole_texts(part, source.texts)) if self._classified else ()
        notes, places = (
            cells.add(joined(part, role, roles[role]) if role in roles else _nothing(part))
            for role, cells in ((Role.CLOSING_NOTE, self._notes), (Role.PLACE, self._places))
        )
        return Fresh(texts, notes, places)

    def _text_columns(self) -> TypedColumns:
        notes, masked = self._notes.codes(), self._masked
        found = {
            "closing_note": _spread(masked["notes"], notes),
            "place": _spread(masked["places"], self._places.codes()),
            "closing_category": _spread_categories(masked["note_categories"], notes),
            "closing_cause": _spread_categories(masked["note_causes"], notes),
        }
        if self._classified:
            codes = self._texts.codes()
            found["text"] = _spread(masked["texts"], codes)
            found["copy_of"] = pd.Series(first_copies(masked["texts"], codes))
        return found


def with_title(title: str, text: str) -> str:
    """Title and text as one; a title that only repeats the text's beginning is left out."""
    return text if title in text else f"{title}\n{text}"


def _whole_texts(part: pd.DataFrame, headers: Sequence[str]) -> pd.Series:
    found = part[headers[0]]
    for header in headers[1:]:
        pairs = zip(found, part[header], strict=True)
        found = pd.Series([with_title(title.strip(), text.strip()) for title, text in pairs], dtype=object)
    return found


def _nothing(part: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=part.index, dtype=object)


def _spread(texts: Sequence[str], codes: np.ndarray) -> pd.Series:
    return pd.Series(np.array([*texts, ""], object)[codes], dtype=object)


def _spread_categories(labels: Sequence[str], codes: np.ndarray) -> pd.Series:
    names = list(dict.fromkeys(["", *labels]))
    place = {name: number for number, name in enumerate(names)}
    own = np.array([*(place[label] for label in labels), 0], np.int64)
    return pd.Series(pd.Categorical.from_codes(own[codes], categories=pd.Index(names, dtype=object)))


def _below_each_other(sources: Sequence[tuple[Columns, str]]) -> TypedColumns:
    """Put the columns of all sources below each other; one that a source does not have is empty there."""
    read = [(columns.finished(), columns.rows, place) for columns, place in sources]
    names = dict.fromkeys(name for found, _, _ in read for name in found)
    table = {
        name: _concatenated([found.get(name, blank_column(name, rows)) for found, rows, _ in read]) for name in names
    }
    table["source"] = _concatenated(
        [blank_column("source", rows).cat.rename_categories({"": place}) for _, rows, place in read]
    )
    return table


def _concatenated(parts: Sequence[pd.Series]) -> pd.Series:
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return pd.Series(union_categoricals([part.array for part in parts]))  # type: ignore[misc]
    return pd.concat(parts, ignore_index=True)
