"""What the problems of an earlier run were: told by the ``problems.csv`` that lies beside its table of complaints."""

from collections.abc import Iterator, Mapping
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


def kept_problems(named: Mapping[str, Mapping[str, str]]) -> dict[str, Kept]:
    """Return what is told of the problems that complaints name; ``named``: per file their ids with their names there.

    A table that is not there, or that of another run, tells nothing: then it is guessed from the complaints.
    """
    found: dict[str, Kept] = {}
    for file, names in named.items():
        told = _told(Path(file).parent / PROBLEMS_FILE)
        same = [one for one, name in names.items() if one in told and name in ("", told[one][0])]
        if 2 * len(same) > len(names):
            found = {**{one: kept for one, (_, kept) in told.items()}, **found}
    return found


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
