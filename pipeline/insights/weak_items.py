"""The weakest items (短板) of a survey: what goes with answers that are not satisfied, and how much it costs.

And the closed loop 调查 → 考核 → 短板提升 → 再调查: the same items and units in two surveys, with what became of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.answers import ORDER, Answer, read_answers
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.proportions import chance_of_no_difference, difference, false_discovery, wilson
from pipeline.insights.rates import Estimate
from pipeline.insights.survey_options import USUAL, SurveyOptions

# of its answers, for a cause and a problem of one name to be one item
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class WeakItem:
    """An item and what it costs.

    ``share`` is that of the answers with this item that are not satisfied (neutral ones included, as the official rate
    has them), ``rest`` that of all other answers, ``difference`` the former less the latter. ``excess`` are the
    unsatisfied answers that there would not be, were the item like the rest; ``points`` the percentage points of the
    whole satisfaction rate they make: its importance. Items of one column and those of another overlap. ``q``: share of
    false ones among all items that look as weak. ``weak``: enough answers, ``q`` small, and worse than the rest.
    """

    kind: str
    item: str
    place: int
    answered: int
    unsatisfied: int
    share: Estimate
    rest: Estimate
    difference: Estimate
    excess: float
    points: float
    q: float
    weak: bool


@dataclass(frozen=True, slots=True)
class LoopRow:
    """One item or unit in two surveys.

    ``first`` and ``second`` are the shares satisfied of ``answered`` and ``answered_again``; ``met`` and ``met_again``
    whether they reach the target (None without one or below the base). ``weak`` tells whether it was a weak item in the
    first survey, ``still_weak`` in the second; ``state`` is the life-cycle state of a problem's fix. ``change``: second
    less first. ``verdict``: improved, worse, no_clear_change, too_few, new (only in the second), gone (only in the
    first).
    """

    kind: str
    item: str
    answered: int
    first: Estimate
    met: bool | None
    weak: bool
    points: float
    state: str
    answered_again: int
    second: Estimate
    met_again: bool | None
    still_weak: bool
    change: Estimate
    verdict: str


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """Two surveys side by side: the whole first, then units and items, those that were weak first."""

    rows: tuple[LoopRow, ...]
    missing: tuple[Missing, ...] = ()


def weak_items(cases: Cases, options: SurveyOptions = USUAL) -> tuple[WeakItem, ...]:
    """Return every item with at least one answer, the costliest first.

    Importance is derived, not asked for: the difference of two shares with its interval (Newcombe 1998) times the
    answers concerned. That an item goes with bad answers does not prove that it brings them about. A cause and the
    problem that it is are one item, told as the problem.
    """
    return _weak_items(_told_once(_counts(cases, options, options.items), cases, options), options)


def closed_loop(before: Cases, after: Cases, options: SurveyOptions = USUAL) -> ClosedLoop:
    """Set two surveys, or two periods of one (see :func:`during`), side by side."""
    missing = (*before.lacking("closed loop", "satisfaction"), *after.lacking("closed loop", "satisfaction"))
    if missing:
        return ClosedLoop((), tuple(dict.fromkeys(missing)))
    columns = (*options.units, *options.items)
    first, second = (_with_whole(_counts(one, options, columns)) for one in (before, after))
    weak = {(one.kind, one.item): one for one in _weak_items(first, options)}
    again = {(one.kind, one.item): one for one in _weak_items(second, options)}
    both = pd.concat([first, second.add_suffix("_again")], axis=1, sort=True).fillna(0).astype(int)
    states = dict(zip(after.problems["id"], after.problems["state"], strict=True))
    rows = list(_loop_rows(both, weak, again, states, options))
    rank = {"whole": 0, **{column: place for place, column in enumerate(columns, start=1)}}
    rows.sort(key=lambda row: (row.kind != "whole", not row.weak, -row.points, rank[row.kind], row.item))
    return ClosedLoop(tuple(rows[: options.most + 1]))


def during(cases: Cases, days: NDArray[np.bool_]) -> Cases:
    """Return the complaints where ``days`` is true: those of one of two periods, for instance."""
    frame = cases.frame[days].reset_index(drop=True)
    # the first with the same text may be outside: the copies inside get a first of their own
    _, first, place = np.unique(frame["copy_of"], return_index=True, return_inverse=True)
    frame["copy_of"] = first[place]
    return Cases(frame, cases.problems, cases.given)


def _counts(cases: Cases, options: SurveyOptions, columns: tuple[str, ...]) -> pd.DataFrame:
    """Answers and satisfied answers, which answers they are, and those of the rest, per (column, value)."""
    answers = read_answers(cases.frame["satisfaction"], options.answer_map)
    answered = answers <= ORDER.index(Answer.DISSATISFIED)
    satisfied = answers == ORDER.index(Answer.SATISFIED)
    # the sum of random numbers tells which answers an item has: no two sets of them have the same
    marks = np.random.default_rng(20261122).integers(0, 1 << 64, len(answers), np.uint64)
    parts = []
    for column in columns:
        rows, codes, names = _values(cases, column)
        counts = [np.bincount(codes[held[rows]], minlength=len(names)) for held in (answered, satisfied)]
        which = np.zeros(len(names), np.uint64)
        np.add.at(which, codes[answered[rows]], marks[rows[answered[rows]]])
        kept = [at for at, name in enumerate(names) if name and counts[0][at]]
        index = pd.MultiIndex.from_arrays([[column] * len(kept), [names[at] for at in kept]], names=["kind", "item"])
        found = {"answered": counts[0][kept], "satisfied": counts[1][kept], "which": which[kept].view(np.int64)}
        parts.append(pd.DataFrame(found, index=index))
    grouped = pd.concat(parts).sort_index()
    return grouped.assign(all=int(answered.sum()), all_satisfied=int(satisfied.sum())).astype(int)


def _values(cases: Cases, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Rows with a value, the place of the value among the names, and the names; a part counts for its problem too."""
    if column == "problem":
        pairs = cases.with_ancestors()
        codes, found = pd.factorize(pairs["problem"])
        return pairs["row"].to_numpy(np.int64), codes.astype(np.int64), [str(name) for name in found]
    cells = cases.frame[column]
    held = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
    places = held.cat.codes.to_numpy().astype(np.int64)
    rows = np.flatnonzero(places >= 0)
    return rows, places[rows], [str(name) for name in held.cat.categories]


def _told_once(counts: pd.DataFrame, cases: Cases, options: SurveyOptions) -> pd.DataFrame:
    """Leave out items with the same answers as an item of a later column, or with its name and most of its answers.

    They would stand one below the other with the same figures, and count twice among the tests.
    """
    named = dict(zip(cases.problems["id"].astype(str), cases.problems["name"].astype(str), strict=True))
    places = {column: place for place, column in enumerate(options.items)}
    by_answers: dict[int, str] = {}
    by_name: dict[str, tuple[str, int]] = {}
    ordered = counts.sort_index(key=lambda index: index.map(places), level="kind")
    for at, (which, answered) in enumerate(zip(ordered["which"], ordered["answered"], strict=True)):
        kind, item = _name(ordered, at)
        by_answers[int(which)] = kind
        name = named.get(item, item) if kind == "problem" else item
        if name not in by_name or by_name[name][0] != kind or by_name[name][1] < answered:
            by_name[name] = (kind, int(answered))

    def is_told(kind: str, item: str, which: int, answered: int) -> bool:
        last, most = by_name[named.get(item, item) if kind == "problem" else item]
        return by_answers[which] != kind or (last != kind and most >= _MOSTLY * answered)

    told = [
        is_told(*_name(counts, at), int(which), int(answered))
        for at, (which, answered) in enumerate(zip(counts["which"], counts["answered"], strict=True))
    ]
    return counts[~np.array(told, bool)]


def _with_whole(counts: pd.DataFrame) -> pd.DataFrame:
    if counts.empty:
        return counts
    one = counts.iloc[:1].assign(answered=counts["all"].iloc[0], satisfied=counts["all_satisfied"].iloc[0])
    one.index = pd.MultiIndex.from_tuples([("whole", "")], names=["kind", "item"])
    return pd.concat([one, counts])


def _weak_items(counts: pd.DataFrame, options: SurveyOptions) -> tuple[WeakItem, ...]:
    counts = counts[counts.index.get_level_values("kind").isin(options.items)]
    answered = counts["answered"].to_numpy(float)
    bad = answered - counts["satisfied"].to_numpy(float)
    rest = counts["all"].to_numpy(float) - answered
    rest_bad = counts["all"].to_numpy(float) - counts["all_satisfied"].to_numpy(float) - bad
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.nan_to_num(bad - answered * (rest_bad / rest))
        points = np.nan_to_num(100 * excess / counts["all"].to_numpy(float))
    shares = wilson(bad, answered, options.confidence), wilson(rest_bad, rest, options.confidence)
    apart = difference((bad, answered), (rest_bad, rest), options.confidence)
    enough = answered >= options.small_base
    chances = np.where(enough, chance_of_no_difference((bad, answered), (rest_bad, rest)), 1.0)
    q = np.ones(len(counts))
    q[enough] = false_discovery(chances[enough])
    order = sorted(range(len(counts)), key=lambda at: (-excess[at], counts.index[at]))
    return tuple(
        WeakItem(
            *_name(counts, at),
            place,
            int(answered[at]),
            int(bad[at]),
            shares[0][at],
            shares[1][at],
            apart[at],
            float(excess[at]),
            float(points[at]),
            float(q[at]),
            bool(enough[at] and q[at] <= options.level and excess[at] > 0),
        )
        for place, at in enumerate(order[: options.most], start=1)
    )


def _name(counts: pd.DataFrame, at: int) -> tuple[str, str]:
    kind, item = counts.index[at]
    return str(kind), str(item)


def _loop_rows(
    both: pd.DataFrame,
    weak: dict[tuple[str, str], WeakItem],
    again: dict[tuple[str, str], WeakItem],
    states: dict[str, str],
    options: SurveyOptions,
) -> Iterator[LoopRow]:
    first = both["satisfied"], both["answered"]
    second = both["satisfied_again"], both["answered_again"]
    shares, later = wilson(*first, options.confidence), wilson(*second, options.confidence)
    changes = difference(second, first, options.confidence)
    for at, (kind, item) in enumerate(both.index):
        was, now = weak.get((kind, item)), again.get((kind, item))
        count, count_again = int(first[1].iloc[at]), int(second[1].iloc[at])
        yield LoopRow(
            kind,
            item,
            count,
            shares[at],
            _met(count, shares[at], options),
            was is not None and was.weak,
            was.points if was else 0.0,
            states.get(item, "") if kind == "problem" else "",
            count_again,
            later[at],
            _met(count_again, later[at], options),
            now is not None and now.weak,
            changes[at],
            _verdict(count, count_again, changes[at], options.small_base),
        )


def _met(answered: int, share: Estimate, options: SurveyOptions) -> bool | None:
    if not options.target or answered < options.small_base or share.value is None:
        return None
    return share.value >= options.target


def _verdict(answered: int, again: int, change: Estimate, small_base: int) -> str:
    if not answered or not again:
        return "gone" if answered else "new"
    if min(answered, again) < small_base:
        return "too_few"
    return "improved" if change.low > 0 else "worse" if change.high < 0 else "no_clear_change"
