"""How decisions lead a complaint from problem to problem (see ``decisions``). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.register.rows import Decision


@dataclass(frozen=True, slots=True)
class Step:
    """Where a decision leads; ``decision`` is its number, so the larger one is the later."""

    problem: str
    decision: int


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a problem that is a problem of its own: listed complaints, or all that hold the phrase."""

    decision: int
    to: str
    complaints: frozenset[str]
    phrase: str

    def takes(self, complaint: str, texts: Mapping[str, str]) -> bool:
        """Tell whether the complaint belongs to the part."""
        return complaint in self.complaints or (bool(self.phrase) and self.phrase in texts.get(complaint, ""))


@dataclass(slots=True)
class Rules:
    """The active decisions by what they say.

    ``barred`` are (complaint, problem, decision), ``apart`` pairs of complaints with their decision.
    """

    merged: dict[str, Step] = field(default_factory=dict)
    splits: dict[str, list[Split]] = field(default_factory=dict)
    barred: list[tuple[str, str, int]] = field(default_factory=list)
    apart: list[tuple[str, str, int]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    _linked: dict[str, str] = field(default_factory=dict)
    _put: dict[str, Step] = field(default_factory=dict)
    _put_units: dict[str, Step] = field(default_factory=dict)

    def unit(self, complaint: str) -> str:
        """Return the representative of the complaints that are linked with this one."""
        while complaint in self._linked:
            complaint = self._linked[complaint]
        return complaint

    def link(self, complaints: Sequence[str]) -> None:
        """Let complaints go together; the smallest identity represents them, whatever the order of links."""
        units = sorted({self.unit(one) for one in complaints})
        self._linked.update(dict.fromkeys(units[1:], units[0]))

    def put_into(self, complaint: str, step: Step) -> None:
        """Note that a person put the complaint into a problem."""
        before = self._put.get(complaint)
        if before is not None and self.forward(before.problem) != self.forward(step.problem):
            self.conflicts.append(
                f"Complaint {complaint[:8]} was put into {before.problem} and into {step.problem}; "
                "the later decision counts."
            )
        self._put[complaint] = step

    def put(self, complaint: str) -> Step | None:
        """Return where a person put this complaint or one that is linked with it; the latest word counts."""
        if not self._put_units:
            for one, step in sorted(self._put.items(), key=lambda item: item[1].decision):
                self._put_units[self.unit(one)] = step
        return self._put_units.get(self.unit(complaint)) if self._put else None

    def forward(self, problem: str) -> str:
        """Follow merges to their end; in a circle the latest merge tells the end."""
        path: list[tuple[str, Step]] = []
        while problem in self.merged:
            if any(problem == passed for passed, _ in path):
                return _latest(path, problem)
            path.append((problem, self.merged[problem]))
            problem = self.merged[problem].problem
        return problem


@dataclass(frozen=True, slots=True)
class Walk:
    """Walks complaints along the rules; ``texts`` serve the phrases of splits."""

    rules: Rules
    texts: Mapping[str, str]

    def forward(self, problem: str) -> str:
        """Follow merges to their end."""
        return self.rules.forward(problem)

    def end(self, unit: Sequence[str], start: str, after: int, conflicts: list[str]) -> str:
        """Return where complaints that go together end; splits count when they are later than decision ``after``."""
        here = start
        path: list[tuple[str, Step]] = []
        while (step := self._split(unit, here, after, conflicts) or self.rules.merged.get(here)) is not None:
            if any(here == passed for passed, _ in path):
                return self.forward(_latest(path, here))
            path.append((here, step))
            here = step.problem
        return here

    def _split(self, unit: Sequence[str], here: str, after: int, conflicts: list[str]) -> Step | None:
        for split in self.rules.splits.get(here, ()):
            # a part that was merged back is no part any more
            to = self.forward(split.to)
            if split.decision <= after or to == self.forward(here):
                continue
            takes = [one for one in unit if split.takes(one, self.texts)]
            if takes and len(takes) < len(unit):
                conflicts.append(f"The split of {here} into {to} would part linked complaints; they go together.")
            if takes:
                return Step(to, split.decision)
        return None


def _latest(path: Sequence[tuple[str, Step]], again: str) -> str:
    """Return where the latest decision of a circle leads; ``again`` is where the circle closes."""
    start = next(i for i, (passed, _) in enumerate(path) if passed == again)
    return max((step for _, step in path[start:]), key=lambda step: step.decision).problem


def read_rules(decisions: Sequence[Decision]) -> Rules:
    """Sort active decisions, given in the order of their numbers, by what they say."""
    rules = Rules()
    for kind, reader in _READERS.items():
        for one in decisions:
            if one.kind == kind:
                reader(rules, one)
    return rules


def _merge(rules: Rules, one: Decision) -> None:
    problem, into = one.payload["problem"], one.payload["into"]
    before = rules.merged.get(problem)
    if before is not None and before.problem != into:
        rules.conflicts.append(
            f"{problem} was merged into {before.problem} and into {into}; the later decision counts."
        )
    if problem != into:
        rules.merged[problem] = Step(into, one.id)


def _split(rules: Rules, one: Decision) -> None:
    listed = frozenset(one.payload.get("complaints", ()))
    split = Split(one.id, one.payload["to"], listed, one.payload.get("phrase", ""))
    rules.splits.setdefault(one.payload["problem"], []).append(split)


def _must_link(rules: Rules, one: Decision) -> None:
    if "problem" not in one.payload:
        rules.link(one.payload["complaints"])
        return
    complaint, problem = one.payload["complaint"], one.payload["problem"]
    rules.put_into(complaint, Step(problem, one.id))


def _cannot_link(rules: Rules, one: Decision) -> None:
    if "problem" in one.payload:
        rules.barred.append((one.payload["complaint"], one.payload["problem"], one.id))
    else:
        first, second = one.payload["complaints"]
        rules.apart.append((first, second, one.id))


_READERS = {"merge": _merge, "split": _split, "must_link": _must_link, "cannot_link": _cannot_link}
