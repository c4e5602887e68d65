"""What a review meeting looks at: every figure computed once, without words of any language; renderers only render.

A ``RunSummary`` is made of *sections*. A section answers one question: a *finding* in one sentence, tables with the
figures behind it, and what could not be told for want of a column. Sentences and headings are codes with values; the
words to them stand in ``words_zh.toml`` and ``words_en.toml``. The workbook, the page, the mail and the JSON file are
all made from the same summary, so that no two of them can disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pipeline.review.tables import Cell, Column, Finding, Interval, Kind, Lack, Said, Section, Table

__all__ = [
    "About",
    "Card",
    "Cell",
    "Column",
    "Decided",
    "Driver",
    "Figure",
    "Finding",
    "Headline",
    "Interval",
    "Kind",
    "Lack",
    "Line",
    "Resembling",
    "RunSummary",
    "Said",
    "Section",
    "Source",
    "Span",
    "Table",
    "Talk",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Source:
    """A file (and sheet) that was read, and the begin of its sha256."""

    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Where the figures come from: the watermark.

    ``run`` is the same for the same input, settings and model. ``rows`` = ``used`` + ``rejected``; ``used`` =
    ``counted`` + ``not_counted`` (inquiries, void orders, days outside ``span``). Where it says that something grew,
    ``period`` is held against ``before``; these are None where the data do not reach back. ``needs_review`` is None
    where nothing says how sure answers are: for complaints ``from_register``, which has each once.
    """

    run: str
    made: str
    genyin: str
    model: str
    sources: tuple[Source, ...]
    span: Span | None
    period: Span | None
    before: Span | None
    rows: int
    used: int
    rejected: int
    counted: int
    problems: int
    grouped: int
    needs_review: int | None
    register: bool
    options: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    from_register: bool = False

    @property
    def not_counted(self) -> int:
        """Rows that were read and are no complaints of this period."""
        return self.used - self.counted


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number, what it was in the period before, and the ratio of the two with its interval."""

    id: str
    kind: Kind
    value: Cell
    before: Cell = None
    change: Interval | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A problem to talk about, and why, the weightiest reason first."""

    problem: str
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer on top: ``marked`` are problems by what became of them (new, growing, regressed, verified)."""

    figures: tuple[Figure, ...]
    marked: tuple[tuple[str, tuple[str, ...]], ...]
    talk: tuple[Talk, ...]

    def problems(self, mark: str) -> tuple[str, ...]:
        """Return the problems with a mark."""
        return dict(self.marked).get(mark, ())


@dataclass(frozen=True, slots=True)
class Line:
    """A problem in a list. ``rank`` is its place by priority, then size; counts include its parts'.

    ``recent`` and ``before`` are the complaints of the compared periods, ``change`` the rate of the one over that of
    the other; ``share`` is that of all counted complaints. ``series`` has one number per step of the summary.
    ``level`` is the priority in words (a person's, else ours); ``asks`` what the meeting is asked for. ``rows`` are the
    complaints of what is reviewed, ``whole`` those of all times, where a register keeps them.
    """

    rank: int
    id: str
    parent: str
    name: str
    kind: str
    category: str
    cause: str
    state: str
    marks: tuple[str, ...]
    level: str
    owner: str
    due: str
    front_department: str
    back_department: str
    rows: int
    customers: int
    texts: int
    effect: float | None
    share: float
    recent: int | None
    before: int | None
    change: Interval | None
    first: date | None
    last: date | None
    series: tuple[int, ...]
    asks: tuple[str, ...] = ()
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Driver:
    """Values that stand out in a problem, with the counter-examples on both sides.

    ``shared`` complaints are of the problem and have the values; ``outside`` are of the problem and have others;
    ``without`` have the values and another problem, or none. ``lift``: so many times as many as chance would give.
    """

    values: tuple[tuple[str, str], ...]
    shared: int
    outside: int
    without: int
    lift: float


@dataclass(frozen=True, slots=True)
class Resembling:
    """A known problem like this one: what was found out and what helped."""

    id: str
    name: str
    state: str
    score: float
    root_cause: str
    workaround: str
    measure: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Something that was done or decided: the day, who, the code of what, the note, fields with their new values."""

    day: str
    who: str
    what: str
    note: str
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """All that the meeting needs of one problem. Texts are masked; fields are those of the register, by id."""

    line: Line
    fields: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    drivers: tuple[Driver, ...] = ()
    phrases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    resembling: tuple[Resembling, ...] = ()
    decided: tuple[Decided, ...] = ()

    def field(self, name: str) -> str:
        """Return a field of the register, empty where nobody filled it in."""
        return dict(self.fields).get(name, "")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Everything that the pack shows. ``lines`` are all problems by rank; ``cards`` tell the first of them in full.

    ``unit`` is how long one step of every series is (day, week, month), ``starts`` the day each step begins on.
    """

    about: About
    headline: Headline
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]
    cards: tuple[Card, ...]
    unit: str = ""
    starts: tuple[date, ...] = ()
    names: tuple[tuple[str, str], ...] = field(default=())

    def section(self, section: str) -> Section | None:
        """Return a section by its id, if there is one."""
        return next((one for one in self.sections if one.id == section), None)

    def lacks(self) -> Iterator[tuple[str, Lack]]:
        """Hand out all that could not be told, each with its section."""
        return ((one.id, lack) for one in self.sections for lack in one.lacks)
