"""A run seen together with what the register remembers, so that nothing depends on where one dump ends.

Of a problem that brings one complaint a week no weekly dump holds enough; the register holds the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.records import Complaints, Role
from pipeline.register.arriving import NEVER_STORED, Arrival
from pipeline.register.overviews import latest_complaints
from pipeline.register.rows import Complaint
from pipeline.register.store import Register
from pipeline.workflow.classifying import load_model

# grouping takes a second for some thousand complaints
TOGETHER = 10_000
_NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Labels:
    """What the model says of texts: category of each, and the probability of each cause (rows x causes)."""

    categories: Sequence[str]
    cause_shares: NDArray[np.float32]


# title and text, joined as the model reads them
Reader = Callable[[Sequence[str]], Labels]


@dataclass(frozen=True, slots=True)
class Together:
    """The run's complaints, then the remembered ones; ``identities`` of all, in this order."""

    complaints: Complaints
    identities: Sequence[str]
    remembered: int


def remember(
    register: Register, run: Complaints, arrivals: Sequence[Arrival], reader: Reader | None = None, most: int = TOGETHER
) -> Together:
    """Put the register's latest complaints beside those of the run, ``most`` altogether.

    ``reader`` asks the model of this run about them; without one the labels stand that they were stored with.
    """
    own = {arrival.identity for arrival in arrivals}
    # some of the latest are the run's own
    latest = latest_complaints(register, max(most, len(own)) if most > len(run) else 0)
    others = [one for one in latest if one.identity not in own][: max(most - len(run), 0)][::-1]
    columns = [role for role in run.columns if role not in NEVER_STORED]
    columns += [role for role in _roles(others) if role not in columns]
    labels = reader([_joined(one) for one in others]) if reader and others else _stored_labels(others, run.causes)
    empty = [""] * len(run)
    complaints = Complaints(
        ids=[*run.ids, *("" for _ in others)],
        texts=[*run.texts, *(one.text for one in others)],
        titles=[*run.titles, *(one.title for one in others)],
        customers=[*run.customers, *(one.customer for one in others)],
        times=np.concatenate([run.times, _times(others)]),
        categories=[*run.categories, *labels.categories],
        causes=run.causes,
        cause_shares=np.concatenate([run.cause_shares, labels.cause_shares]),
        columns={
            role: [*run.columns.get(role, empty), *(one.roles.get(role.value, "") for one in others)]
            for role in columns
        },
    )
    identities = [*(one.identity for one in arrivals), *(one.identity for one in others)]
    return Together(complaints, identities, len(others))


def model_reader(folder: Path) -> Reader:
    """Return the function that asks the model in ``folder``; it is loaded at the first question."""

    def read(texts: Sequence[str]) -> Labels:
        model = load_model(folder)
        found = list(model.predict_columns(texts))
        return Labels([category for part in found for category in part.category], model.cause_shares(found))

    return read


def _joined(one: Complaint) -> str:
    return f"{one.title}\n{one.text}" if one.title else one.text


def _roles(complaints: Sequence[Complaint]) -> list[Role]:
    known = {role.value: role for role in Role}
    return [known[name] for name in dict.fromkeys(name for one in complaints for name in one.roles) if name in known]


def _times(complaints: Sequence[Complaint]) -> NDArray[np.datetime64]:
    return np.array([one.accepted or "NaT" for one in complaints], "datetime64[s]")


def _stored_labels(complaints: Sequence[Complaint], causes: Sequence[str]) -> Labels:
    """The labels a complaint was stored with; what else it could be shares the rest."""
    place = {cause: i for i, cause in enumerate(causes)}
    shares = np.full((len(complaints), len(causes)), (1 - _NEAR) / max(len(causes) - 1, 1), np.float32)
    for row, one in enumerate(complaints):
        if one.cause in place:
            shares[row, place[one.cause]] = _NEAR
    return Labels([one.category for one in complaints], shares)
