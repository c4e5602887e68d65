"""Which problem a complaint belongs to, where it belongs to several in parts: mainly to the one with the largest."""

from collections.abc import Collection, Mapping, Sequence

from pipeline.register.queries import ProblemMembers


def main_of(shares: Mapping[str, float]) -> str:
    """Return the problem a complaint belongs to most, of equals the older one; empty where it belongs to none."""
    return min(shares, key=lambda one: (-shares[one], len(one), one), default="")


def shares_of(problems: Sequence[ProblemMembers], identities: Collection[str]) -> dict[str, dict[str, float]]:
    """Return for each of these complaints the problems it belongs to, with its parts."""
    shares: dict[str, dict[str, float]] = {one: {} for one in identities}
    for known in problems:
        for identity in shares.keys() & known.members.keys():
            shares[identity][known.problem.id] = known.members[identity]
    return shares


def main_members(problems: Sequence[ProblemMembers]) -> dict[str, frozenset[str]]:
    """Return the complaints that mainly belong to each problem: a run tells its groups by those as well."""
    divided = {identity for one in problems for identity, weight in one.members.items() if weight < 1}
    away: dict[str, set[str]] = {}
    for identity, shares in shares_of(problems, divided).items():
        for other in shares.keys() - {main_of(shares)}:
            away.setdefault(other, set()).add(identity)
    return {one.problem.id: frozenset(one.members.keys() - away.get(one.problem.id, set())) for one in problems}
