"""Which complaint carries on which: the same customer, with the same problem or with a word of the earlier one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.insights.cases import Cases
from pipeline.insights.tallying import codes_of, further_orders, mapped
from pipeline.insights.wordlists import distinct_texts, holding, words_of

_SECONDS_A_DAY = 86_400
_LEXICON = "follow_ups.toml"


@dataclass(frozen=True, slots=True)
class Matter:
    """What every complaint is about: its whole problem, else its cause, else its category; ``code`` -1 for none.

    ``names`` are those of the codes; the first ``problems`` of them are ids of problems, the others labels.
    """

    code: NDArray[np.int64]
    names: tuple[str, ...]
    problems: int

    def name(self, code: int) -> tuple[str, str]:
        """The problem and the cause of a code: one of them is empty, both where there is none."""
        if code < 0:
            return "", ""
        return (self.names[code], "") if code < self.problems else ("", self.names[code])


def matter_of(cases: Cases) -> Matter:
    """Name the matter of every complaint; parts of a problem are one with it."""
    root = roots(cases)
    names = sorted(set(root.values()) - {""})
    place = {name: code for code, name in enumerate(names)}
    problem = mapped(cases.frame["problem"], {name: place.get(top, -1) for name, top in root.items()}, -1)
    code, problems = problem.astype(np.int64), len(names)
    for column in ("cause", "category"):
        label = codes_of(cases.frame[column])
        code = np.where((code < 0) & (label >= 0), label + len(names), code)
        names += [str(one) for one in cases.frame[column].cat.categories]
    return Matter(code, tuple(names), problems)


def roots(cases: Cases) -> dict[str, str]:
    """The topmost problem above each problem; a problem that the table does not have is its own."""
    parent = dict(zip(cases.problems["id"], cases.problems["parent"], strict=True))
    found = {str(name): str(name) for name in cases.frame["problem"].cat.categories}
    for name in found:
        seen = {name}
        while parent.get(found[name]) and parent[found[name]] not in seen:
            found[name] = str(parent[found[name]])
            seen.add(found[name])
    return found


def follow_ups(cases: Cases) -> NDArray[np.bool_]:
    """Whether a complaint shows that an earlier one was made: by its cause or its words (``data/follow_ups.toml``)."""
    lexicon = words_of(_LEXICON)
    texts, places = distinct_texts(cases)
    by_cause = mapped(cases.frame["cause"], dict.fromkeys(lexicon["causes"], True), False)
    return by_cause.astype(bool) | np.append(holding(texts, lexicon["words"]), False)[places]


def linked(cases: Cases, matter: NDArray[np.int64], carries_on: NDArray[np.bool_], days: float) -> NDArray[np.int64]:
    """Return a chain number per complaint, -1 where customer or time is unknown and for further orders of a complaint.

    A complaint joins the chain of the customer's last complaint of the same matter, and, where it ``carries_on`` an
    earlier one, that of the customer's last complaint of any kind; each at most ``days`` ago.
    """
    customer = codes_of(cases.frame["customer"])
    times = cases.frame["accepted"].to_numpy("datetime64[s]")
    usable = (customer >= 0) & ~np.isnat(times) & ~further_orders(cases)
    seconds = times.astype(np.int64)
    again = _links(np.flatnonzero(usable & (matter >= 0)), (customer, matter), seconds, days)
    carried = _links(np.flatnonzero(usable), (customer,), seconds, days)
    pairs = np.concatenate([again, carried[:, carries_on[carried[1]]]], axis=1)
    graph = coo_array((np.ones(pairs.shape[1], np.int8), (pairs[0], pairs[1])), shape=(len(cases), len(cases)))
    _, chain = connected_components(graph, directed=False)
    return np.where(usable, chain, -1)


def _links(
    rows: NDArray[np.int64], keys: tuple[NDArray[np.int64], ...], seconds: NDArray[np.int64], days: float
) -> NDArray[np.int64]:
    """Pairs (earlier, later) of neighbouring rows with equal keys, at most ``days`` apart; equal moments by place."""
    order = rows[np.lexsort((seconds[rows], *(key[rows] for key in reversed(keys))))]
    earlier, later = order[:-1], order[1:]
    near = seconds[later] - seconds[earlier] <= days * _SECONDS_A_DAY
    for key in keys:
        near &= key[earlier] == key[later]
    return np.stack([earlier[near], later[near]])
