"""Whom a survey, or the complaints, reached at an account: the decision chain and its gaps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases, Missing


@dataclass(frozen=True, slots=True)
class RoleReach:
    """Accounts with at least one contact of a role; ``answered``: those where one of them answered."""

    role: str
    accounts: int
    answered: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the decision chain was reached, over ``accounts`` with at least one known role.

    ``by_roles``: (number of distinct roles, accounts). ``one_contact``: accounts that are known through one contact
    only (None where contacts cannot be told apart). ``complete``: accounts where every role of the chain is known.
    ``roles``: the chain first, then all others.
    """

    accounts: int
    by_roles: tuple[tuple[int, int], ...]
    one_contact: int | None
    complete: int
    roles: tuple[RoleReach, ...]


def coverage(
    cases: Cases, answered: NDArray[np.bool_] | None, chain: tuple[str, ...]
) -> tuple[Coverage | None, tuple[Missing, ...]]:
    """Count distinct contact roles and contacts per account; ``answered`` marks the rows with an answer."""
    if lacking := cases.lacking("coverage of the decision chain", "account", "contact_role"):
        return None, lacking
    account, role, contact = (_codes(cases.frame[column]) for column in ("account", "contact_role", "contact"))
    names = [str(name) for name in cases.frame["contact_role"].cat.categories]
    told = (account >= 0) & (role >= 0)
    pairs = np.unique(account[told] * len(names) + role[told])
    spoke = told & (np.zeros(len(cases), bool) if answered is None else answered)
    replied = np.unique(account[spoke] * len(names) + role[spoke])
    reached, heard = (np.bincount(one % len(names), minlength=len(names)) for one in (pairs, replied))
    sizes = np.bincount(pairs // len(names))
    links = [names.index(one) for one in chain if one in names]
    whole = np.bincount((pairs // len(names))[np.isin(pairs % len(names), links)])
    others = sorted((-reached[at], name) for at, name in enumerate(names) if reached[at] and name not in chain)
    place = {name: at for at, name in enumerate(names)}
    found = Coverage(
        int((sizes > 0).sum()),
        tuple((int(size), int((sizes == size).sum())) for size in np.unique(sizes[sizes > 0])),
        _one_contact(account[told], contact[told]) if "contact" in cases.given else None,
        int((whole == len(chain)).sum()) if chain else 0,
        tuple(
            RoleReach(name, int(reached[place[name]]), int(heard[place[name]]))
            if name in place
            else RoleReach(name, 0, 0)
            for name in (*chain, *(name for _, name in others))
        ),
    )
    return found, cases.lacking("accounts with one contact", "contact")


def _one_contact(account: NDArray[np.int64], contact: NDArray[np.int64]) -> int:
    known = contact >= 0
    pairs = np.unique(account[known] * (contact.max(initial=0) + 1) + contact[known])
    return int((np.bincount(pairs // (contact.max(initial=0) + 1)) == 1).sum())


def _codes(cells: pd.Series) -> NDArray[np.int64]:
    """A number per distinct cell, -1 for an empty one."""
    places = np.append(np.where(cells.cat.categories == "", -1, np.arange(len(cells.cat.categories))), -1)
    found: NDArray[np.int64] = places[cells.cat.codes.to_numpy()]
    return found
