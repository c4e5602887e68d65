"""What the problems of earlier runs were: told by the ``problems.csv`` that lies beside a table of complaints.

Two runs that know nothing of each other both begin with G001. Whoever hands in the tables of both does not mean that
their first problems are one: where ids of two tables stand for different problems, those of the later one are changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from pipeline.errors import GenyinError
from pipeline.problems.keeping import Kept
from pipeline.records import Role
from pipeline.text.reading import ReadOptions, open_dump
from pipeline.workflow.problem_words import kind_of

PROBLEMS_FILE = "problems.csv"
_COLUMNS = ("id", "parent", "kind", "name", "cause", "where")
# people save the table with Excel as well, so it is read as any table of theirs
_READ = ReadOptions(needs_text=False, columns={Role.COMPLAINT_ID: ("id",), Role.TEXT: ("name",)})

# per file, or per id, the names of problems by their ids
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EarlierProblems:
    """What is told of the problems that complaints name, under the ids that they have in this run.

    ``changed``: per file the ids of its problems that had to change, with the new ones; ``notes`` say so.
    """

    kept: Mapping[str, Kept]
    changed: Mapping[str, Names]
    notes: Sequence[str]

    def known(self, file: str, problem: str | None) -> str | None:
        """The id in this run of the problem that a complaint of a file names."""
        return self.changed[file].get(problem, problem) if problem else problem


@dataclass(slots=True)
class _Series:
    """Tables whose ids mean the same: of one run, or of runs that went on from each other."""

    first: str
    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def other_problems(self, named: Names) -> list[str]:
        """The ids that stand for other problems here, if they are more than half of those that both have."""
        both = [one for one, name in named.items() if name and self.names.get(one)]
        others = [one for one in both if not _have_words_in_common(named[one], self.names[one])]
        return others if 2 * len(others) > len(both) else []


def earlier_problems(named: Mapping[str, Names]) -> EarlierProblems:
    """Return what is told of the problems that complaints name; ``named``: per file their ids with their names there.

    A table that is not there, or that of another run, tells nothing: then it is guessed from the complaints. Ids of a
    file that stand for other problems in an earlier one are changed: of any two of the first four months of the shipped
    sample, run apart, at most a tenth of the names under one id have two characters in a row in common; of months that
    were run with ``--keep-problems``, all. Tables without names are taken at their word.
    """
    tables = {file: _of_this_run(file, names) for file, names in named.items()}
    taken = {one for file, names in named.items() for one in (*names, *tables[file])}
    fresh = (one for one in (f"G{number:03d}" for number in count(1)) if one not in taken)
    series: list[_Series] = []
    found: dict[str, Kept] = {}
    changed: dict[str, Names] = {}
    notes: list[str] = []
    for file, names in named.items():
        fitting = [one for one in series if not one.other_problems(names)]
        if series and not fitting:
            notes.append(_note(file, names, series[0]))
        mine = max(fitting, key=lambda one: len(one.names.keys() & names.keys()), default=None) or _Series(file)
        if mine not in series:
            series.append(mine)
        used = {new for one in series if one is not mine for new in one.ids.values()}
        for one in (*names, *tables[file]):
            mine.ids.setdefault(one, next(fresh) if one in used else one)
        mine.names = {**names, **mine.names}
        changed[file] = {old: new for old, new in mine.ids.items() if old != new}
        told = {mine.ids[one]: _renamed(kept, mine.ids) for one, (_, kept) in tables[file].items()}
        found = {**told, **found}
    return EarlierProblems(found, changed, notes)


def _note(file: str, names: Names, before: _Series) -> str:
    others = before.other_problems(names)
    one = others[0]
    return (
        f"{file} is of another run than {before.first}: {len(others)} ids stand for other problems there, such as "
        f"{one} ({names[one]}; {before.names[one]}). The problems of {file} have new ids where theirs were taken"
    )


def _have_words_in_common(one: str, other: str) -> bool:
    pairs = ({name[at : at + 2] for at in range(len(name) - 1)} for name in map(_letters, (one, other)))
    return one == other or bool(set.intersection(*pairs))


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _renamed(kept: Kept, ids: Names) -> Kept:
    return replace(kept, parent=ids.get(kept.parent, kept.parent))


def _of_this_run(file: str, names: Names) -> dict[str, tuple[str, Kept]]:
    """What the table beside a file tells, if it is that of the run which named the problems."""
    told = _told(Path(file).parent / PROBLEMS_FILE)
    same = [one for one, name in names.items() if one in told and name in ("", told[one][0])]
    return told if 2 * len(same) > len(names) else {}


def _told(path: Path) -> dict[str, tuple[str, Kept]]:
    """The name of every problem of a table, and what it was."""
    if not path.is_file():
        return {}
    try:
        return {problem: (name, kept) for problem, name, kept in _rows(path)}
    except GenyinError:
        # something else of that name
        return {}


def _rows(path: Path) -> Iterator[tuple[str, str, Kept]]:
    for chunk in open_dump([path], _READ).chunks():
        if not set(_COLUMNS) <= set(chunk.headers):
            continue
        for problem, parent, kind, name, cause, where in zip(*map(chunk.column, _COLUMNS), strict=True):
            known = kind_of(kind)
            if problem and known:
                yield problem, name, Kept(known, parent, cause, where)
