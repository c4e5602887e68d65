"""Which problem is a part of which: what a run says of it, what the register holds, and what people have opened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.register import rows
from pipeline.register.arriving import FoundProblem, Guess

_REASON = "the groups of this run make it a part of the other, and a person has opened it"


@dataclass(frozen=True, slots=True)
class Families:
    """What decides on wholes: the ``known`` problems, those a person has ``opened``, and the ``heirs`` of merges.

    A problem that people merged others into stays where it is: the run still sees the parts that they joined.
    """

    known: Mapping[str, rows.Problem]
    opened: Collection[str]
    heirs: Collection[str]

    def settle(
        self, problems: Sequence[FoundProblem], split_off: Mapping[str, str]
    ) -> tuple[tuple[FoundProblem, ...], list[Guess]]:
        """Give problems the parent this run names, else the one they had; what has parts is no part itself.

        ``split_off``: by key the known problem that a group split off. What a person has opened stays where it is: that
        the run would make it a part is proposed, and a new problem names it as related.
        """
        parents = {one.id: one.parent for one in self.known.values()}
        guesses = []
        for one in problems:
            had = parents.get(one.key, "") or split_off[one.key]
            names_another = one.parent not in ("", one.key) and one.key not in self.heirs
            if names_another and one.key in self.opened:
                if one.parent != had:
                    guesses.append(Guess("part", one.key, one.parent, 0.0, (_REASON,)))
                names_another = False
            parents[one.key] = one.parent if names_another else had
        # what this run calls a parent is no part, whatever it was before
        told = [one for one in problems if one.key not in self.heirs and one.key not in self.opened]
        parents.update(dict.fromkeys({one.parent for one in told if one.parent} - set(self.opened), ""))
        # what is below an opened part comes below its whole
        above = {one: (parents.get(whole) if whole in self.opened else "") or whole for one, whole in parents.items()}
        heads = set(above.values())
        settled = [replace(one, parent="" if one.key in heads else above[one.key]) for one in problems]
        return tuple(self._relating(settled, guesses)), guesses

    def _relating(self, problems: Sequence[FoundProblem], guesses: Sequence[Guess]) -> list[FoundProblem]:
        parts: dict[str, list[str]] = {}
        for one in guesses:
            parts.setdefault(one.other, []).append(one.problem)
        return [replace(one, related=tuple(sorted(parts.get(one.key, ())))) for one in problems]
