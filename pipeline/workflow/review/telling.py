"""What a problem's complaints say, and what people found out about it: the words of its card in the review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.insights.cases import Cases
from pipeline.insights.series import family
from pipeline.insights.verifying import Answer
from pipeline.problems.naming import Nameable, name_problems, quote
from pipeline.register.lifecycle import State
from pipeline.review.material import Kept, Story
from pipeline.review.summary import Decided, Line, Resembling
from pipeline.text.privacy import Masker
from pipeline.text.tokenising import Tokeniser
from pipeline.workflow.register.knowledge import similar

if TYPE_CHECKING:
    from pipeline.register.rows import Event, Problem
    from pipeline.register.store import Register

# distinct texts that are enough to choose phrases and quotes from
_TEXTS = 200
_FIELDS = (
    "statement", "owner", "due", "lead_department", "supporting_department", "root_cause", "cause_class", "workaround",
    "measure", "fix_date", "known_error_article", "not_done_reason", "close_reason", "look_back",
)  # fmt: skip
_BY_RUNS = frozenset({"load", "found", "run", "changed", "relabelled", "mark", "outgrown", "proposal"})
_EVENTS, _RESEMBLING, _ALIKE = 5, 3, 20


def stories(cases: Cases, lines: Sequence[Line]) -> dict[str, Story]:
    """Choose key phrases and quotes for problems from the complaints of the period; both are masked already."""
    chosen = _samples(cases, [line.id for line in lines])
    rows = np.unique(np.concatenate([np.zeros(0, np.int64), *chosen.values()]))
    texts = [str(text) for text in cases.frame["text"].to_numpy()[rows]]
    groups = {one: np.searchsorted(rows, members) for one, members in chosen.items()}
    named = name_problems(
        [Nameable(places) for places in groups.values()], texts, [""] * len(texts), Tokeniser().cut_many
    )
    masker = Masker()
    # once more: title and text were masked apart, and together they may tell what neither does alone
    texts = masker.mask_many(texts)
    return {
        one: Story(
            tuple(masker.mask_many(found.phrases)),
            tuple(masker.mask_many(quote(texts[place], found.phrases) for place in found.quotes)),
        )
        for one, found in zip(groups, named, strict=True)
    }


def _samples(cases: Cases, wanted: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Rows of each problem, its parts included: distinct texts first come, evenly over time where there are many."""
    relatives = family(cases)
    rows, places = relatives.pairs()
    place_of = {one: place for place, one in enumerate(relatives.ids)}
    first = cases.frame["copy_of"].to_numpy()
    found = {}
    for one in wanted:
        own = np.sort(rows[places == place_of[one]])
        distinct = own[np.unique(first[own], return_index=True)[1]]
        step = -(-len(distinct) // _TEXTS) or 1
        found[one] = np.sort(distinct)[::step]
    return {one: members for one, members in found.items() if len(members)}


def kept_of(register: "Register") -> dict[str, Kept]:
    """Return what the register has of every problem: what people wrote about it, how many complaints in all."""
    return {one.id: Kept(_fields(one), whole=one.complaints) for one in register.problems()}


def with_resembling(
    register: "Register", kept: Mapping[str, Kept], lines: Sequence[Line], told: Mapping[str, Story]
) -> dict[str, Kept]:
    """Add to the problems that are told in full: what was decided, and for the first of them known problems like it."""
    found = dict(kept)
    for number, line in enumerate(line for line in lines if line.id in kept):
        alike = _alike(register, line, told.get(line.id, Story())) if number < _ALIKE else ()
        found[line.id] = replace(kept[line.id], decided=_decided(register, line.id), resembling=alike)
    return found


def _fields(problem: "Problem") -> dict[str, str]:
    filled = {name: str(getattr(problem, name)) for name in _FIELDS if getattr(problem, name)}
    counts = ("trigger_count", "trigger_rate", "accept_count", "accept_rate")
    filled |= {name: f"{getattr(problem, name):g}" for name in counts if getattr(problem, name) is not None}
    answer = str(problem.verification.get("answer", ""))
    if problem.state == State.CLOSED:
        filled["ended"] = problem.since[:10]
    elif answer == Answer.VERIFIED:
        # opened again: that fix is past
        answer = ""
    return {**filled, **({"check": answer} if answer else {})}


def _decided(register: "Register", problem: str) -> tuple[Decided, ...]:
    """What people did, the latest last; what was taken back is left out."""
    events: list[Event] = [
        one for one in register.history(problem) if one.run is None and one.what not in _BY_RUNS and not one.undone_by
    ]
    return tuple(
        Decided(one.at[:10], one.who, one.what, one.note, tuple(_changes(one, problem))) for one in events[-_EVENTS:]
    )


def _changes(event: "Event", problem: str) -> Iterator[tuple[str, str]]:
    """The fields that a meeting reads, with the values they got; lists and the like are left out."""
    before, after = (side.get("problems", {}).get(problem) or {} for side in (event.before, event.after))
    for name in (*_FIELDS, "name", "state"):
        if name in after and after[name] != before.get(name) and isinstance(after[name], str):
            yield name, after[name]


def _alike(register: "Register", line: Line, story: Story) -> tuple[Resembling, ...]:
    text = " ".join((line.name, *story.phrases, *story.quotes))
    near = [one for one in similar(register, text, _RESEMBLING + 1) if one.id != line.id]
    return tuple(
        Resembling(one.id, one.name, one.state, one.score, one.root_cause, one.workaround, one.measure)
        for one in near[:_RESEMBLING]
    )
