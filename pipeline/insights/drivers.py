"""What drives a problem: the regions, channels, products and tiers, alone and together, where it is over-represented.

Never without the counter-examples: complaints of the problem outside the combination, and complaints of the combination
that have nothing to do with the problem.
"""

from dataclasses import dataclass
from itertools import combinations, groupby, islice

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing
from pipeline.insights.combinations import Columns, Found, Table, columns_of, meet, tables, values_of
from pipeline.insights.overlap import adjusted, chance_of_overlap
from pipeline.insights.row_groups import RowGroups
from pipeline.insights.series import family

Part = tuple[tuple[str, str], ...]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pairs = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class DriversOptions:
    """What counts as standing out.

    ``columns`` to look at, up to ``size`` together; ``least``: complaints that problem and combination must share;
    ``lift`` at least; ``false_discoveries``: share of false ones among all that are shown (``any_dependence``: whatever
    the tests have to do with each other, which costs power); a combination must be ``more`` times its best part, and
    more than chance at ``part_level``. ``most`` per problem, ``examples`` complaint ids of each kind.
    """

    columns: tuple[str, ...] = ("region", "channel", "product", "tier")
    size: int = 3
    least: int = 5
    lift: float = 1.5
    false_discoveries: float = 0.05
    any_dependence: bool = False
    more: float = 1.2
    part_level: float = 0.01
    most: int = 5
    examples: int = 3


@dataclass(frozen=True, slots=True)
class Driver:
    """One combination that stands out in one problem.

    ``shared`` complaints are of both, ``problem_outside`` of the problem only, ``without_problem`` of the combination
    only; complaints with an empty cell in one of its columns are in none. ``lift`` = (shared / of the problem) /
    (of the combination / all); ``support`` = shared / all; ``chance`` of so many shared (exact hypergeometric tail),
    ``q`` the same with all tests in view. The examples are complaint ids of the two kinds of counter-examples.
    """

    problem: str
    parts: Part
    shared: int
    problem_outside: int
    without_problem: int
    support: float
    lift: float
    chance: float
    q: float
    examples_outside: tuple[str, ...]
    examples_without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drivers:
    """Drivers by problem, smallest ``q`` first; ``tests``; ``redundant`` ones say no more than others: left out."""

    drivers: tuple[Driver, ...]
    tests: int
    redundant: int
    missing: tuple[Missing, ...] = ()

    def of(self, problem: str) -> tuple[Driver, ...]:
        """The drivers of one problem."""
        return tuple(one for one in self.drivers if one.problem == problem)


def drivers(cases: Cases, options: DriversOptions = DriversOptions()) -> Drivers:
    """Find what stands out in every problem; the complaints of its parts are a problem's own.

    Tests are exact (``overlap.chance_of_overlap``) and share one false-discovery rate (Benjamini & Hochberg 1995):
    every problem with every combination that are both frequent enough to share ``least`` complaints is a test,
    whatever it finds. A pair is shown only if, among the complaints of each of its parts, the rest of it is
    over-represented too (``part_level``) and its lift is ``more`` times theirs; a part only if it still stands out
    (``lift``) outside the shown combinations it belongs to. Likewise for triples.
    """
    missing = cases.lacking("drivers", *options.columns)
    columns = columns_of(cases, options.columns)
    relatives = family(cases)
    if not columns.names or not len(relatives.ids):
        return Drivers((), 0, 0, missing)
    pairs = relatives.pairs()
    tested = [
        _Tested.of(one, pairs, len(relatives.ids), options) for one in tables(columns, options.size, options.least)
    ]
    tests = sum(one.tests for one in tested)
    q = _q_values(tested, tests, options)
    saying_more = [one for number in range(len(tested)) for one in _saying_more(number, tested, q[number], options)]
    shown = _not_covered(saying_more, tested, options)
    shown.sort(key=lambda one: (one.problem, one.q, one.chance, -one.lift, one.table, one.cell))
    listed = [one for _, group in groupby(shown, lambda one: one.problem) for one in islice(group, options.most)]
    made = _Maker.of(cases, columns, tested, pairs, listed, options.examples)
    left_out = sum(int((one <= options.false_discoveries).sum()) for one in q) - len(shown)
    return Drivers(tuple(made.driver(relatives.ids[one.problem], one) for one in listed), tests, left_out, missing)


@dataclass(frozen=True, slots=True)
class _Tested:
    """A table, what shares enough with a problem, its chance and lift, and how many tests the table stands for."""

    table: Table
    found: Found
    chance: Floats
    lift: Floats
    tests: int

    @classmethod
    def of(cls, table: Table, pairs: Pairs, problems: int, options: DriversOptions) -> "_Tested":
        found = meet(table, pairs, problems, options.least)
        totals = table.totals[found.cell]
        lift = found.shared * float(table.whole) / (found.of * totals)
        # what is no more frequent than usual cannot stand out; it stays a test, of chance 1
        chance, more = np.ones(len(lift)), lift >= options.lift
        chance[more] = chance_of_overlap(found.shared[more], found.of[more], totals[more], table.whole)
        sizes = np.bincount(pairs[1][table.known[pairs[0]]], minlength=problems)
        return cls(table, found, chance, lift, int((sizes >= options.least).sum()) * len(table.cells))


@dataclass(frozen=True, slots=True)
class _Standing:
    """A combination that stands out: where it is found, its codes by column, and its figures."""

    problem: int
    table: int
    cell: int
    codes: tuple[tuple[int, int], ...]
    shared: int
    of: int
    total: int
    lift: float
    chance: float
    q: float


def _q_values(tested: list[_Tested], tests: int, options: DriversOptions) -> list[Floats]:
    """The q-value of every chance, all tables together; 1 for what was not more frequent than usual."""
    chances = np.concatenate([one.chance for one in tested])
    q, small = np.ones(len(chances)), chances < 1
    q[small] = adjusted(chances[small], max(tests, 1), options.any_dependence)
    return np.split(q, np.cumsum([len(one.chance) for one in tested])[:-1])


def _saying_more(number: int, tested: list[_Tested], q: Floats, options: DriversOptions) -> list[_Standing]:
    """What stands out in a table, and is more than each of its parts of one column less."""
    one = tested[number]
    places = np.flatnonzero(q <= options.false_discoveries)
    codes = one.table.codes()
    for left_out in range(len(one.table.columns) if len(one.table.columns) > 1 else 0):
        places = places[_more_than_part(one, places, codes, left_out, tested, options)]
    return [
        _Standing(
            int(one.found.problem[place]),
            number,
            int(one.found.cell[place]),
            tuple(zip(one.table.columns, codes[:, one.found.cell[place]].tolist(), strict=True)),
            int(one.found.shared[place]),
            int(one.found.of[place]),
            int(one.table.totals[one.found.cell[place]]),
            float(one.lift[place]),
            float(one.chance[place]),
            float(q[place]),
        )
        for place in places
    ]


def _more_than_part(
    one: _Tested, places: Ints, codes: Ints, left_out: int, tested: list[_Tested], options: DriversOptions
) -> NDArray[np.bool_]:
    """Whether combinations are more than what is left of them without one column; that is always among the found."""
    columns = one.table.columns[:left_out] + one.table.columns[left_out + 1 :]
    part = next(each for each in tested if each.table.columns == columns)
    cells = part.table.place_of(np.delete(codes[:, one.found.cell[places]], left_out, axis=0))
    at = part.found.place_of(one.found.problem[places], cells, len(part.table.cells))
    more: NDArray[np.bool_] = one.lift[places] >= options.more * part.lift[at]
    kept = places[more]
    more[more] = (
        chance_of_overlap(
            one.found.shared[kept],
            part.found.shared[at[more]],
            one.table.totals[one.found.cell[kept]],
            part.table.totals[cells[more]],
        )
        <= options.part_level
    )
    return more


def _not_covered(standing: list[_Standing], tested: list[_Tested], options: DriversOptions) -> list[_Standing]:
    """Leave out what does not stand out any more without a larger combination that is shown."""
    larger: dict[tuple[int, tuple[tuple[int, int], ...]], list[_Standing]] = {}
    for one in standing:
        for width in range(1, len(one.codes)):
            for codes in combinations(one.codes, width):
                larger.setdefault((one.problem, codes), []).append(one)

    def is_covered(part: _Standing) -> bool:
        whole = tested[part.table].table.whole
        for one in larger.get((part.problem, part.codes), ()):
            shared, total = part.shared - one.shared, part.total - one.total
            if shared < options.least or shared * whole < options.lift * part.of * total:
                return True
        return False

    return [one for one in standing if not is_covered(one)]


@dataclass(frozen=True, slots=True)
class _Maker:
    """What is needed to write drivers down: ids, and the complaints of every problem and of every listed cell."""

    columns: Columns
    tested: list[_Tested]
    ids: NDArray[np.object_]
    by_problem: RowGroups
    by_cell: list[RowGroups]
    examples: int

    @classmethod
    def of(
        cls,
        cases: Cases,
        columns: Columns,
        tested: list[_Tested],
        pairs: Pairs,
        listed: list[_Standing],
        examples: int,
    ) -> "_Maker":
        by_cell = []
        for number, one in enumerate(tested):
            wanted = np.zeros(len(one.table.cells) + 1, bool)
            wanted[[each.cell for each in listed if each.table == number]] = True
            rows = np.flatnonzero(wanted[one.table.row_cells])
            by_cell.append(RowGroups.of(rows, one.table.row_cells[rows]))
        return cls(columns, tested, cases.frame["id"].to_numpy(object), RowGroups.of(*pairs), by_cell, examples)

    def driver(self, problem: str, one: _Standing) -> Driver:
        table = self.tested[one.table].table
        theirs = self.by_problem.of_key(one.problem)
        outside = theirs[(table.row_cells[theirs] != one.cell) & table.known[theirs]]
        without = np.setdiff1d(self.by_cell[one.table].of_key(one.cell), theirs, assume_unique=True)
        return Driver(
            problem,
            values_of(self.columns, table, one.cell),
            one.shared,
            one.of - one.shared,
            one.total - one.shared,
            one.shared / table.whole,
            one.lift,
            one.chance,
            one.q,
            tuple(str(self.ids[row]) for row in outside[: self.examples]),
            tuple(str(self.ids[row]) for row in without[: self.examples]),
        )
