"""Operators and products that the texts mention, counted by problem and category.

The names are those of ``data/gazetteer.toml``. Of operators, measured by hand: on 69 hotline texts and 62,774 product
reviews, which the lists were made on, 263 of 265 mentions were right; of texts that nobody had looked at before
(letters of citizens, stop words taken out), 127 of 130: 0.98, interval 0.93 to 0.99. In the hotline texts 123 of 129
mentions were found. Left out on purpose are 移动网络 and 移动通信, which mostly mean any mobile network.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.gazetteer import Entry, load_gazetteer
from pipeline.insights.wordlists import distinct_texts

_AROUND = 12


@dataclass(frozen=True, slots=True)
class MentionsOptions:
    """``own``: the own operator (移动, 联通, 电信, 广电 ...), so that the others are competitors; empty: not known.

    ``gazetteer``: an own file in the shipped one's form. ``most``: longest list of problems of a mention; ``quotes``:
    passages given as evidence.
    """

    own: str = ""
    gazetteer: str = ""
    most: int = 20
    quotes: int = 3


USUAL = MentionsOptions()


@dataclass(frozen=True, slots=True)
class Mention:
    """An operator or a product: complaints (``rows``), distinct customers and distinct texts that name it.

    ``role``: own, competitor, operator (where the own one is not known), or product. ``by_category`` and ``by_problem``
    are (label, complaints), most first; a problem counts its parts. ``lift``: of each of these problems, how often its
    complaints name it over how often all do. ``quotes``: masked passages. ``in_column``: complaints whose competitor
    column names it, and of them ``in_both`` with the name in the text as well.
    """

    id: str
    role: str
    rows: int
    customers: int
    texts: int
    by_category: tuple[tuple[str, int], ...]
    by_problem: tuple[tuple[str, int], ...]
    lift: tuple[float, ...]
    quotes: tuple[str, ...]
    in_column: int = 0
    in_both: int = 0


@dataclass(frozen=True, slots=True)
class Mentions:
    """All operators and products that are mentioned, most first; ``competitors``: complaints that name at least one."""

    operators: tuple[Mention, ...]
    products: tuple[Mention, ...]
    competitors: int | None
    missing: tuple[Missing, ...] = ()


def mentions(cases: Cases, options: MentionsOptions = USUAL) -> Mentions:
    """Find operators and products in the texts; ``ValueError`` for an own operator the gazetteer does not have."""
    entries = load_gazetteer(Path(options.gazetteer) if options.gazetteer else None)
    known = [entry.id for entry in entries if entry.kind == "operator"]
    if options.own and options.own not in known:
        raise ValueError(f"the gazetteer has no operator {options.own!r}; it has {', '.join(known)}")
    texts, places = distinct_texts(cases)
    work = _Work(cases, texts, places, options, *_counted_by(cases))
    table = _table(texts, entries)[places]
    found = [(entry, table[:, at]) for at, entry in enumerate(entries)]
    made = [(entry, work.mention(entry, named)) for entry, named in found if named.any() or work.column(entry).any()]
    made.sort(key=lambda pair: (-pair[1].rows, pair[1].id))
    rivals = [named for entry, named in found if entry.kind == "operator" and entry.id != options.own]
    return Mentions(
        tuple(mention for entry, mention in made if entry.kind == "operator"),
        tuple(mention for entry, mention in made if entry.kind == "product"),
        int(np.logical_or.reduce(rivals).sum()) if options.own and rivals else None,
        (
            *cases.lacking("mentions of operators and products", "text"),
            *(() if options.own else (Missing("mentions of competitors", ("mentions.own",)),)),
        ),
    )


def _table(texts: Sequence[str], entries: Sequence[Entry]) -> NDArray[np.bool_]:
    """Whether each text (row) names each entry (column); one pass over the texts finds the words of all entries."""
    words = sorted({word for entry in entries for word in entry.shortest_triggers}, key=lambda word: (-len(word), word))
    scan = re.compile("|".join(map(re.escape, words)))
    # a longer word of one entry may hide a shorter one of another inside it
    spoken = {word: [at for at, entry in enumerate(entries) if entry.speaks_in(word)] for word in words}
    found = np.zeros((len(texts), len(entries)), bool)
    for row, text in enumerate(texts):
        for word in set(scan.findall(text)):
            found[row, spoken[word]] = True
    # the words of an operator only say where to look closer
    for at, entry in enumerate(entries):
        if entry.kind == "operator":
            held = np.flatnonzero(found[:, at]).tolist()
            found[held, at] = [entry.find(texts[row]) is not None for row in held]
    return found


def _counted_by(
    cases: Cases,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Sequence[str], NDArray[np.int64]]:
    """A number per customer (unknown ones have one each), rows with their problems' places, and the problems' sizes."""
    cells = cases.frame["customer"]
    place = np.append(np.where(cells.cat.categories == "", -1, np.arange(len(cells.cat.categories))), -1)
    known = place[cells.cat.codes.to_numpy()]
    customers = np.where(known < 0, -1 - np.arange(len(known)), known)
    pairs = cases.with_ancestors()
    problems, names = pd.factorize(pairs["problem"])
    sizes = np.bincount(problems, minlength=len(names))
    return customers, pairs["row"].to_numpy(np.int64), problems, [str(name) for name in names], sizes


@dataclass(frozen=True, slots=True)
class _Work:
    cases: Cases
    texts: Sequence[str]
    places: NDArray[np.int64]
    options: MentionsOptions
    customers: NDArray[np.int64]
    rows: NDArray[np.int64]
    problems: NDArray[np.int64]
    names: Sequence[str]
    sizes: NDArray[np.int64]

    def column(self, entry: Entry) -> NDArray[np.bool_]:
        """Tell of every complaint whether its competitor column names the entry."""
        cells = self.cases.frame["competitor"]
        if entry.kind != "operator" or not len(cells.cat.categories):
            return np.zeros(len(cells), bool)
        named = [entry.id in str(cell) or bool(entry.find(str(cell))) for cell in cells.cat.categories]
        found: NDArray[np.bool_] = np.array([*named, False])[cells.cat.codes.to_numpy()]
        return found

    def mention(self, entry: Entry, named: NDArray[np.bool_]) -> Mention:
        frame, column = self.cases.frame, self.column(entry)
        problems = self._by_problem(named)
        return Mention(
            entry.id,
            self._role(entry),
            int(named.sum()),
            len(np.unique(self.customers[named])),
            int(frame["copy_of"][named].nunique()),
            _counted(frame["category"][named].astype(str))[: self.options.most],
            tuple((problem, count) for problem, count, _ in problems),
            tuple(lift for _, _, lift in problems),
            tuple(self._quotes(entry, named)),
            int(column.sum()),
            int((column & named).sum()),
        )

    def _role(self, entry: Entry) -> str:
        if entry.kind == "product" or not self.options.own:
            return entry.kind
        return "own" if entry.id == self.options.own else "competitor"

    def _by_problem(self, named: NDArray[np.bool_]) -> list[tuple[str, int, float]]:
        share = named.mean() if len(named) else 0.0
        counts = np.bincount(self.problems[named[self.rows]], minlength=len(self.names))
        rows = [
            (self.names[at], int(counts[at]), round(float(counts[at] / self.sizes[at] / share), 3))
            for at in np.flatnonzero(counts).tolist()
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0]))[: self.options.most]

    def _quotes(self, entry: Entry, named: NDArray[np.bool_]) -> list[str]:
        """Passages of the first texts, one per text."""
        found: list[str] = []
        for at in pd.unique(self.places[named]).tolist():
            match = entry.find(self.texts[at]) if len(found) < self.options.quotes else None
            if match is None:
                break
            found.append(self.texts[at][max(match.start() - _AROUND, 0) : match.end() + _AROUND].replace("\n", " "))
        return found


def _counted(labels: pd.Series) -> tuple[tuple[str, int], ...]:
    counts = labels[labels != ""].value_counts()
    rows = [(str(label), int(count)) for label, count in counts.items() if count]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))
