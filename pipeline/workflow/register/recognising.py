"""Which problems of the register the groups of a run are: what is certain is carried out, what is not is proposed.

A certain match gives a group the permanent id of a known problem; a part that split off becomes a new problem below
it. An uncertain match becomes a new problem and a proposal; complaints that already belong to a problem stay there
until a person has judged. The same holds where several known problems ended up in one group.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pipeline.problems import matching
from pipeline.problems.identity import Match, Verdict
from pipeline.problems.profiles import Background, merge_profiles
from pipeline.records import Grouping, Problem
from pipeline.register import rows
from pipeline.register.arriving import Findings, FoundProblem, Guess, findings_of
from pipeline.register.decisions import Kind
from pipeline.register.opened import decided_problems, is_opened
from pipeline.register.queries import ProblemMembers, Snapshot
from pipeline.workflow.register.belonging import main_members, shares_of
from pipeline.workflow.register.families import Families
from pipeline.workflow.register.remembering import Together
from pipeline.workflow.register.terms import KEPT, Words, packed, unpacked

# per complaint the problems it belongs to, with its parts
Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Memory:
    """What the register knows: its problems with their complaints, decisions, profiles of merged problems, proposals.

    ``merged`` gives the profiles by the problem that others were merged into; of the ``undecided`` problems it is
    proposed that they are others or parts of them, and no person has judged yet.
    """

    snapshot: Snapshot
    decisions: Sequence[rows.Decision] = ()
    merged: Mapping[str, Sequence[Mapping[str, float]]] = field(default_factory=dict)
    proposals: frozenset[int] = frozenset()
    undecided: frozenset[str] = frozenset()

    @cached_property
    def problems(self) -> dict[str, rows.Problem]:
        """The problems by id."""
        return {one.problem.id: one.problem for one in self.snapshot.problems}

    @cached_property
    def opened(self) -> frozenset[str]:
        """Problems that a person has opened: runs propose what becomes of them."""
        decided = decided_problems(self.decisions)
        return frozenset(one.id for one in self.problems.values() if is_opened(one, decided))

    @cached_property
    def parted(self) -> frozenset[str]:
        """Problems that a person parted from others: no run takes their complaints away."""
        return frozenset(one.payload["to"] for one in self.decisions if one.kind == Kind.SPLIT)

    @cached_property
    def apart(self) -> frozenset[tuple[str, str]]:
        """Pairs of problems that a person parted: no run proposes to join them again."""
        payloads = [one.payload for one in self.decisions if one.kind == Kind.SPLIT]
        pairs = {(one["problem"], one["to"]) for one in payloads}
        return frozenset(pairs | {(to, problem) for problem, to in pairs})

    @cached_property
    def kept_out(self) -> frozenset[str]:
        """Complaints that a person keeps out of a problem: they have no part in what describes one."""
        barring = [one.payload for one in self.decisions if one.kind == Kind.CANNOT_LINK]
        return frozenset(one for said in barring for one in said.get("complaints", (said.get("complaint"),)))


@dataclass(slots=True)
class _Recognised:
    """Per group of the run: its key (a permanent id, or one of its own), and how sure that is.

    ``doubtful``: complaints that have a place stay there. ``stay``: problems whose complaints stay. ``folded``: the
    group adds to a problem that goes on in another group. ``parent``: the known problem it split off.
    """

    key: str
    doubtful: bool = False
    folded: bool = False
    parent: str = ""
    stay: set[str] = field(default_factory=set)


def recognise(memory: Memory, together: Together, grouping: Grouping, words: Words) -> tuple[Findings, dict[str, str]]:
    """Say which known problem every group is, and where its complaints belong; return the groups' keys as well."""
    own: list[list[int]] = [[] for _ in grouping.problems]
    for i, place in enumerate(grouping.problem.tolist()):
        if place >= 0:
            own[place].append(i)
    named = words.of_names([(one.name, *one.phrases) for one in grouping.problems])
    found = [
        _as_found(one, members, together, merge_profiles(words.profile(members), name))
        for one, members, name in zip(grouping.problems, own, named, strict=True)
    ]
    mainly = main_members(memory.snapshot.problems)
    known = [
        _as_known(one.problem, mainly[one.problem.id], _terms(one, memory, together, words))
        for one in memory.snapshot.problems
    ]
    background = Background.of(words.texts())
    # only a problem whose complaints name it has a permanent id already
    named_ones = {one.id: one.id for one in grouping.problems if one.id in memory.problems}
    matches = matching.match(found, known, background=background, given=named_ones)
    places_now = shares_of(memory.snapshot.problems, together.identities)
    recognised, guesses = _by_parts(*_recognised(matches, memory), grouping, memory)
    keys = {run_id: one.key for run_id, one in recognised.items()}
    places = _places(together, grouping, recognised, places_now)
    told = findings_of((), grouping, keys).problems
    fresh = _fresh(memory, together, grouping, recognised, places_now)
    problems = [
        _described(one, recognised[group.id], words.profile(fresh[group.id]), name, memory)
        for one, group, name in zip(told, grouping.problems, named, strict=True)
        if not recognised[group.id].folded
    ]
    families = Families(memory.problems, memory.opened, _heirs(memory.decisions))
    told_of, parts = families.settle(problems, {one.key: one.parent for one in recognised.values()})
    return Findings(told_of, places, [*guesses, *parts], memory.snapshot.event), keys


def _as_found(
    problem: Problem, members: Sequence[int], together: Together, terms: Mapping[str, float]
) -> matching.RunGroup:
    return matching.RunGroup(
        problem.id,
        frozenset(together.identities[i] for i in members),
        terms,
        problem.name,
        problem.cause,
        problem.where,
        problem.kind.value,
        first=problem.first and problem.first.date(),
        last=problem.last and problem.last.date(),
    )


def _terms(one: ProblemMembers, memory: Memory, together: Together, words: Words) -> Mapping[str, float]:
    """What a problem's texts speak of, those of problems merged into it included."""
    kept, merged = unpacked(one.problem.profile), memory.merged.get(one.problem.id, ())
    if not kept and one.members:
        # a person made it, so that no run has described it yet
        kept = words.profile([i for i, identity in enumerate(together.identities) if identity in one.members])
    return merge_profiles(kept, *merged) if merged else kept


def _as_known(problem: rows.Problem, members: frozenset[str], terms: Mapping[str, float]) -> matching.KnownProblem:
    return matching.KnownProblem(
        problem.id,
        members,
        terms,
        problem.name,
        problem.cause,
        problem.place,
        problem.kind,
        problem.state,
        last=date.fromisoformat(problem.last[:10]) if problem.last else None,
    )


def _recognised(matches: Sequence[Match], memory: Memory) -> tuple[dict[str, _Recognised], list[Guess]]:
    apart, heirs = memory.apart, _heirs(memory.decisions)
    recognised: dict[str, _Recognised] = {}
    guesses = []
    for main, merged in _by_group(matches):
        mine, rest = _identity(main, merged, memory.problems, heirs)
        # what was uncertain stays so when the same complaints come again
        mine.doubtful |= mine.key in memory.undecided
        recognised[main.found] = mine
        mine.stay = {*(one.known for one in rest if one.verdict is Verdict.MERGED), *(memory.parted - {mine.key})}
        for one in rest:
            if (one.known, mine.key) not in apart:
                guesses.append(_guess(one, mine.key))
    return recognised, guesses


def _by_parts(
    recognised: dict[str, _Recognised], guesses: list[Guess], grouping: Grouping, memory: Memory
) -> tuple[dict[str, _Recognised], list[Guess]]:
    """Tell wholes without a complaint of their own by their parts: nothing else was there to tell them by."""
    parts: dict[str, Counter[str]] = {}
    for one in grouping.problems:
        part = memory.problems.get(recognised[one.id].key)
        if one.parent and part and part.parent:
            parts.setdefault(one.parent, Counter())[part.parent] += 1
    taken = {one.key for one in recognised.values()}
    own = set(grouping.problem.tolist())
    for place, one in enumerate(grouping.problems):
        mine = recognised[one.id]
        if place in own or mine.key in memory.problems or one.id not in parts:
            continue
        whole, _ = min(parts[one.id].items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))
        if whole in memory.problems and memory.problems[whole].cause == one.cause and whole not in taken:
            guesses = [guess for guess in guesses if mine.key not in (guess.problem, guess.other)]
            recognised[one.id] = _Recognised(whole)
            taken.add(whole)
    return recognised, guesses


def _by_group(matches: Sequence[Match]) -> Iterator[tuple[Match, list[Match]]]:
    """Each group's main match with those of the problems merged into it."""
    merged: dict[str, list[Match]] = {}
    for one in matches:
        if one.verdict is Verdict.MERGED:
            merged.setdefault(one.found, []).append(one)
    for one in matches:
        if one.verdict is not Verdict.MERGED:
            yield one, sorted(merged.get(one.found, ()), key=lambda other: (-other.score, other.known))


def _identity(
    main: Match, merged: list[Match], problems: Mapping[str, rows.Problem], heirs: frozenset[str]
) -> tuple[_Recognised, list[Match]]:
    """Return who the group is, and the matches that a person should judge."""
    new = f"new {main.found}"
    if not main.certain:
        # an earlier run was as uncertain about it, and made it a problem of its own
        before = next((one for one in merged if one.certain), None)
        rest = [main, *(one for one in merged if one is not before)]
        return _Recognised(before.known if before else new, doubtful=True), rest
    if main.verdict is Verdict.NEW:
        return _Recognised(new), merged
    if main.verdict is not Verdict.SPLIT:
        return _Recognised(main.known), merged
    if main.known in heirs:
        # a person joined what the texts would part
        return _Recognised(main.known, folded=True), merged
    return _Recognised(new, parent=problems[main.known].parent or main.known), merged


def _heirs(decisions: Sequence[rows.Decision]) -> frozenset[str]:
    return frozenset(one.payload["into"] for one in decisions if one.kind == Kind.MERGE)


def _guess(one: Match, key: str) -> Guess:
    if one.verdict is Verdict.MERGED:
        return Guess("merged", one.known, key, one.score, one.evidence)
    kind = "split" if one.verdict is Verdict.SPLIT else "same"
    return Guess(kind, key, one.known, one.score, one.evidence)


def _places(
    together: Together, grouping: Grouping, recognised: Mapping[str, _Recognised], now: Shares
) -> dict[str, dict[str, float]]:
    """Where complaints go; those that stay where they are, or that the run leaves alone, are not named."""
    of_place = [recognised[one.id] for one in grouping.problems]
    places: dict[str, dict[str, float]] = {}
    for i, identity in enumerate(together.identities):
        first, second, share = int(grouping.problem[i]), int(grouping.second[i]), float(grouping.second_weight[i])
        if first < 0 or _stays(now[identity], of_place[first]):
            continue
        shares = {of_place[first].key: 1.0}
        if second >= 0 and share and not _stays(now[identity], of_place[second]):
            shares[of_place[first].key] = 1.0 - share
            shares[of_place[second].key] = shares.get(of_place[second].key, 0.0) + share
        places[identity] = shares
    return places


def _stays(now: Mapping[str, float], group: _Recognised) -> bool:
    return bool(now) and ((group.doubtful and group.key not in now) or bool(now.keys() & group.stay))


def _fresh(
    memory: Memory,
    together: Together,
    grouping: Grouping,
    recognised: Mapping[str, _Recognised],
    now: Shares,
) -> dict[str, list[int]]:
    """Per group the complaints whose words the profile does not have yet: the same dump must not count twice."""
    barred, known = memory.kept_out, memory.problems
    fresh: dict[str, list[int]] = {one.id: [] for one in grouping.problems}
    for i, place in enumerate(grouping.problem):
        identity = together.identities[i]
        if place < 0 or identity in barred:
            continue
        group = recognised[grouping.problems[place].id]
        is_new = group.key not in known or not known[group.key].profile.get("terms")
        if (is_new and not _stays(now[identity], group)) or not now[identity]:
            fresh[grouping.problems[place].id].append(i)
    return fresh


def _described(
    told: FoundProblem, mine: _Recognised, fresh: Mapping[str, float], name: Mapping[str, float], memory: Memory
) -> FoundProblem:
    """What the register is told of a problem, its profile being that of all runs together."""
    known = memory.problems.get(mine.key)
    before = unpacked(known.profile) if known else {}
    terms = merge_profiles(before, fresh, {} if before else name, kept=KEPT) if fresh else before
    kept = {**told.profile, **packed(terms)}
    origin = mine.parent or (known.profile.get("split_from", "") if known else "")
    return replace(told, profile={**kept, "split_from": origin} if origin else kept)
